package main

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"finch-signing/reader/host"
	"finch-signing/reader/manifests/objects"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

var (
	// Lists of a kustomization whose items name files, folders or repositories.
	named = []string{"resources", "bases", "components", "generators", "transformers", "validators", "crds", "configurations", "patchesstrategicmerge"}
	// Lists of a kustomization whose items may have such a name under `path`.
	withPath = []string{"patches", "patchesjson6902", "replacements"}
	// Fields for which kustomize starts Helm.
	byHelm = []string{"helmcharts", "helmchartinflationgenerator"}

	remote = regexp.MustCompile(`(?i)^(?:[a-z+]+://|git::|[\w.-]+@[\w.-]+:)|^(?:github|gitlab|bitbucket)\.[\w.]+[:/]|\.git(?:[/?]|$)|[?&](?:ref|version|timeout|submodules)=`)
	// What kustomize says where it would need a program or a network.
	needsMore = regexp.MustCompile(`(?i)--enable-helm|plugins? disabled|unable to load (?:builtin|plugin)|no 'git' program|there is no network|\bcontainer\b.*(?:function|image)|exec(?:utable)? `)
)

// workspace is the file system that kustomize sees: what it would fetch from elsewhere is taken out and noted.
type workspace struct {
	filesys.FileSystem
	root  string
	found *host.Found
	texts map[string]string
	order []string
	isCut bool
}

func buildKustomization(work task) *host.Found {
	found := host.NewFound("kustomization")
	files := &workspace{FileSystem: filesys.MakeFsOnDisk(), root: work.Root, found: found, texts: map[string]string{}}
	options := krusty.MakeDefaultOptions()
	// With this option more can be built than without, and whatever can be built without it comes out the same.
	options.LoadRestrictions = types.LoadRestrictionsNone
	built, err := krusty.MakeKustomizer(options).Run(files, path.Join(work.Root, work.Folder))
	text := []byte{}
	if err == nil {
		text, err = built.AsYaml()
	}
	if err != nil {
		files.refused(work, err)
		return found
	}
	places := newPlaces(files.texts)
	readRendered(found, "kustomize", "kustomization", work.File, string(text), func(name string) (string, int) {
		if file, line, ok := files.place(places, name); ok {
			return file, line
		}
		return work.File, 1
	})
	return found
}

func (w *workspace) refused(work task, err error) {
	why := strings.ReplaceAll(err.Error(), w.root+"/", "")
	// What stands in the files is named all the same.
	for _, file := range w.order {
		documents, _ := objects.Decode(w.texts[file])
		notes := objects.NewNotes("kubernetes", file, w.texts[file])
		for _, document := range documents {
			notes.Document(document)
		}
		for _, image := range notes.Images {
			w.found.AddImage(image)
		}
	}
	switch {
	case isComponent(w.texts[work.File]):
		// It is built by what takes it in; alone it need not be complete.
	case w.isCut || needsMore.MatchString(why):
		w.found.Open(work.File, 1, work.Folder, "kustomize needs what is not in the workspace: "+why)
	default:
		w.found.Invalid(work.File, 1, work.Folder, "kustomize refuses it: "+why)
	}
}

// place is where a name stands as a whole, or else in a kustomization, or else in part.
func (w *workspace) place(places *places, name string) (string, int, bool) {
	if name == "" {
		return "", 0, false
	}
	kustomizations := []string{}
	for _, file := range w.order {
		if line, ok := places.index(file).Find(name); ok {
			return file, line, true
		}
		if isKustomizationName(file) {
			kustomizations = append(kustomizations, file)
		}
	}
	if file, line, ok := places.find(name, kustomizations...); ok {
		return file, line, true
	}
	return places.find(name, w.order...)
}

func isKustomizationName(file string) bool {
	return slices.Contains(konfig.RecognizedKustomizationFileNames(), path.Base(file))
}

func isComponent(text string) bool {
	var head struct {
		Kind string `json:"kind"`
	}
	return yaml.Unmarshal([]byte(text), &head) == nil && head.Kind == "Component"
}

// ReadFile gives kustomize a file, and a kustomization without what is elsewhere.
func (w *workspace) ReadFile(name string) ([]byte, error) {
	bytes, err := w.FileSystem.ReadFile(name)
	if err != nil {
		return bytes, err
	}
	shown := strings.TrimPrefix(name, w.root+"/")
	if _, ok := w.texts[shown]; !ok {
		w.texts[shown] = string(bytes)
		w.order = append(w.order, shown)
	}
	if !isKustomizationName(name) {
		return bytes, nil
	}
	return w.local(shown, path.Dir(name), bytes), nil
}

func (w *workspace) local(shown, folder string, bytes []byte) []byte {
	var fields map[string]any
	if yaml.Unmarshal(bytes, &fields) != nil {
		return bytes
	}
	isCut := false
	for key, value := range fields {
		items, ok := value.([]any)
		if !ok {
			continue
		}
		lower := strings.ToLower(key)
		kept := slices.DeleteFunc(slices.Clone(items), func(item any) bool { return w.isElsewhere(shown, folder, lower, item) })
		if len(kept) < len(items) {
			fields[key], isCut = kept, true
		}
	}
	if !isCut {
		return bytes
	}
	w.isCut = true
	made, err := yaml.Marshal(fields)
	if err != nil {
		return bytes
	}
	return made
}

// isElsewhere tells, and notes, that an item of a list needs Helm or a network.
func (w *workspace) isElsewhere(shown, folder, key string, item any) bool {
	object, _ := item.(map[string]any)
	if slices.Contains(byHelm, key) {
		w.open(shown, textOf(object["name"])+textOf(object["chartName"]), "kustomize has Helm render this chart")
		return true
	}
	name := ""
	if slices.Contains(named, key) {
		name, _ = item.(string)
	} else if slices.Contains(withPath, key) {
		name = textOf(object["path"])
	}
	if name == "" || strings.Contains(name, "\n") || !remote.MatchString(name) || w.Exists(path.Join(folder, name)) {
		return false
	}
	w.open(shown, name, "it is not in the workspace")
	return true
}

func (w *workspace) open(file, text, why string) {
	line := 1
	if _, at, ok := newPlaces(w.texts).find(text, file); ok {
		line = at
	}
	w.found.Open(file, line, text, why)
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}
