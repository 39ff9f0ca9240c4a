// Reads files that hold objects: YAML and JSON as kubectl decodes them, workflows, dev containers, HCL. It tells apart by content
// what a file is, and which other program has to read it too.
package main

import (
	"encoding/json"
	"os"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"finch-signing/reader/host"
	"finch-signing/reader/manifests/objects"
)

type task struct {
	File string `json:"file"`
	Path string `json:"path"`
	// Root of the workspace, as Path has it.
	Root        string            `json:"root"`
	As          string            `json:"as"`
	Environment map[string]string `json:"environment"`
}

func main() {
	host.Serve(func(input []byte) []byte {
		var work task
		if err := json.Unmarshal(input, &work); err != nil {
			panic(err)
		}
		return host.Answer(input, work.File, func() *host.Found { return read(work) })
	})
}

var (
	workflowName = regexp.MustCompile(`(?i)(^|/)\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml$`)
	actionName   = regexp.MustCompile(`(?i)(^|/)action\.ya?ml$`)
	composeName  = regexp.MustCompile(`(?i)(^|/)(docker-|podman-)?compose[^/]*\.(ya?ml|json)$`)
	devName      = regexp.MustCompile(`(?i)(^|/)\.?devcontainer\.json$`)
	bakeName     = regexp.MustCompile(`(?i)(^|/)(docker-bake[^/]*\.(hcl|json)|[^/]*\.bake\.hcl)$`)
	hclName      = regexp.MustCompile(`(?i)\.(hcl|nomad|tf)$`)
	objectName   = regexp.MustCompile(`(?i)\.(ya?ml|json|jsonc)$`)
	templateName = regexp.MustCompile(`(?i)\.(tpl|tmpl|j2|jinja2?|gotmpl|erb|template|in)$`)
	suspicious   = regexp.MustCompile(`(?im)\b(image|containers|services|uses|container)["']?\s*[:=]`)
	// The line of a Dockerfile as people write it; `from a import b` is none.
	dockerfileLine = regexp.MustCompile(`(?m)^FROM[ \t]+(?:--platform=\S+[ \t]+)?\S+(?:[ \t]+(?:AS|as)[ \t]+\S+)?[ \t]*\r?$`)
	// A line of YAML that names an image by one word.
	plainImage   = regexp.MustCompile(`(?m)^[ \t]*(?:- )?["']?(?:image|container)["']?:[ \t]+["']?[a-z0-9][a-z0-9._-]*["']?[ \t]*\r?$`)
	literalImage = regexp.MustCompile(`(?m)(?:^|[\s"'{,-])(?:image|container)["']?\s*[:=]\s*["']?([^\s"',}\]#]+)`)
)

func read(work task) *host.Found {
	bytes, err := os.ReadFile(work.Path)
	if err != nil {
		found := host.NewFound("other")
		found.Invalid(work.File, 1, work.File, "the file cannot be read")
		return found
	}
	text := string(bytes)
	found := readAs(work, text)
	if work.As == "auto" && len(found.Images)+len(found.Problems)+len(found.Follow) == 0 && beginsLikeDockerfile(text) {
		found.Follow = append(found.Follow, host.Follow{Program: "dockerfile", Path: work.File, Optional: !dockerfileLine.MatchString(text)})
	}
	return found
}

// beginsLikeDockerfile tells a file that BuildKit might build, whatever its name.
func beginsLikeDockerfile(text string) bool {
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.ToUpper(strings.TrimSpace(line))
		if line != "" && !strings.HasPrefix(line, "#") {
			return strings.HasPrefix(line, "FROM") || strings.HasPrefix(line, "ARG") || line == "\\"
		}
	}
	return false
}

func readAs(work task, text string) *host.Found {
	switch {
	case work.As == "literals":
		return readLiterals(work, text)
	case workflowName.MatchString(work.File) || work.As == "workflow":
		return withObjects(readWorkflow(work, text), work, text)
	case devName.MatchString(work.File):
		return readDevContainer(work, text)
	case bakeName.MatchString(work.File) || work.As == "bake":
		return readBake(work, text)
	case hclName.MatchString(work.File):
		return readHCL(work, text)
	case objectName.MatchString(work.File) || templateName.MatchString(work.File) || !strings.Contains(path.Base(work.File), "."):
		return readObjects(work, text)
	default:
		return readUnknown(work, text)
	}
}

func readObjects(work task, text string) *host.Found {
	if chart := chartOf(work); chart != "" {
		return readChartFile(work, chart, text)
	}
	notes := objects.NewNotes("other", work.File, text)
	documents, err := objects.Decode(text)
	if isCompose(work, documents) {
		notes.Kind = "compose"
		notes.Follow = append(notes.Follow, host.Follow{Program: "compose", Path: work.File})
	}
	name := strings.ToLower(path.Base(work.File))
	if name == "kustomization.yaml" || name == "kustomization.yml" || name == "kustomization" {
		notes.Kind = "kustomization"
		if isBuilt(path.Base(work.File), documents) {
			notes.Follow = append(notes.Follow, host.Follow{Program: "kustomization", Path: path.Dir(work.File)})
		}
	}
	if err != nil && notes.Kind != "compose" {
		return unreadable(notes, text, err)
	}
	if actionName.MatchString(work.File) && !anyKubernetes(documents) {
		return readWorkflow(work, text)
	}
	if isBake(documents) {
		return readBake(work, text)
	}
	readPipeline(notes, work.File, documents)
	for _, document := range documents {
		if object, ok := document.(map[string]any); ok && notes.Kind == "kustomization" {
			notes.Kustomization(object)
		}
		if objects.IsKubernetes(document) {
			if notes.Kind == "other" {
				notes.Kind = "kubernetes"
			}
			notes.Document(document)
		} else if notes.Kind != "compose" {
			notes.Document(document)
		}
	}
	if notes.Kind == "other" && len(notes.Images)+len(notes.Problems) > 0 {
		notes.Kind = "helm-values"
	}
	return notes.Found
}

// withObjects adds what kubectl would send of a file that stands where workflows do.
func withObjects(found *host.Found, work task, text string) *host.Found {
	documents, _ := objects.Decode(text)
	notes := objects.NewNotes(found.Kind, work.File, text)
	notes.Found = found
	for _, document := range documents {
		if objects.IsKubernetes(document) {
			notes.Document(document)
		}
	}
	return notes.Found
}

// isBuilt tells a file that kustomize takes, by its exact name; other tools have a kind Kustomization of their own.
func isBuilt(name string, documents []any) bool {
	if name != "kustomization.yaml" && name != "kustomization.yml" && name != "Kustomization" {
		return false
	}
	for _, document := range documents {
		object, _ := document.(map[string]any)
		version, _ := object["apiVersion"].(string)
		if version != "" && !strings.HasPrefix(version, "kustomize.config.k8s.io/") {
			return false
		}
	}
	return true
}

func anyKubernetes(documents []any) bool {
	for _, document := range documents {
		if objects.IsKubernetes(document) {
			return true
		}
	}
	return false
}

// isCompose tells a mapping `services` whose values are mappings; an overlay under compose's own name may have less.
func isCompose(work task, documents []any) bool {
	if work.As == "compose" {
		return true
	}
	if composeName.MatchString(work.File) && !anyKubernetes(documents) {
		return true
	}
	for _, document := range documents {
		object, _ := document.(map[string]any)
		services, ok := object["services"].(map[string]any)
		if !ok || objects.IsKubernetes(document) {
			continue
		}
		for _, service := range services {
			if keys, ok := service.(map[string]any); ok && looksLikeService(keys) {
				return true
			}
		}
	}
	return false
}

func looksLikeService(keys map[string]any) bool {
	for _, key := range []string{"image", "build", "extends", "volumes", "ports", "command", "provider", "environment"} {
		if _, ok := keys[key]; ok {
			return true
		}
	}
	return false
}

// unreadable is what a parser refuses: a template, or a mistake. What stands in it as a name is one all the same.
func unreadable(notes *objects.Notes, text string, err error) *host.Found {
	isTemplate := objects.IsTemplate(text) || strings.Contains(text, "{{")
	if isTemplate && !suspicious.MatchString(text) {
		return notes.Found
	}
	notes.Kind = "template"
	literals(notes, text)
	if isTemplate {
		if len(notes.Images)+len(notes.Problems) == 0 {
			notes.Open(notes.File, 1, notes.File, "it is a template that some tool fills in later")
		}
		return notes.Found
	}
	notes.Invalid(notes.File, 1, notes.File, "it cannot be read: "+err.Error())
	return notes.Found
}

func literals(notes *objects.Notes, text string) {
	for _, match := range literalImage.FindAllStringSubmatch(text, host.MostImages) {
		if value := match[1]; value != "|" && value != ">" && value != "null" && value != "{" && value != "&" {
			notes.Image(value, "helm-values")
		}
	}
}

// readLiterals gives the names that stand in a file as they are, and nothing else: its own parser could not finish.
func readLiterals(work task, text string) *host.Found {
	notes := objects.NewNotes("other", work.File, text)
	documents, err := objects.Decode(text)
	for _, document := range documents {
		notes.Document(document)
	}
	if err != nil {
		imageLines(notes, text)
	}
	notes.Problems = notes.Problems[:0]
	return notes.Found
}

// namesImage tells a text with a name behind a key `image`, such as code of YAML in a document; `image = load(x)` is none.
func namesImage(text string) bool {
	for _, match := range literalImage.FindAllStringSubmatch(text, host.MostImages) {
		if strings.ContainsAny(match[1], "/:@") && objects.IsImageText("image", match[1]) {
			return true
		}
	}
	return plainImage.MatchString(text)
}

// readUnknown looks at a file of no known kind: what could name an image must not be passed over.
func readUnknown(work task, text string) *host.Found {
	notes := objects.NewNotes("other", work.File, "")
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return notes.Found
	}
	if namesImage(text) {
		notes.Invalid(work.File, 1, work.File, "it may name images, and is of no kind that is known")
	}
	return notes.Found
}
