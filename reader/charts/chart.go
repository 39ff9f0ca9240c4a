package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"finch-signing/reader/host"
	"finch-signing/reader/manifests/objects"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

// The name that a release gets here; only who installs the chart knows its real one.
const releaseName = "release-name"

// Files of values next to a chart that it is rendered with; more than that nobody writes.
const mostValues = 40

// Templates of one chart that may fail before the rest of it is given up.
const mostFailing = 50

var (
	valuesName = regexp.MustCompile(`(?i)^values[^/]*\.ya?ml$|^[^/]*values\.ya?ml$`)
	// What Helm does to the text of a template before anything parses it.
	separator = regexp.MustCompile(`(?:^|\s*\n)---\s*`)
	lookup    = regexp.MustCompile(`\blookup\s+[^}]*`)
	apiName   = regexp.MustCompile(`[a-z0-9][a-z0-9.-]*/v[0-9][a-z0-9]*(?:/[A-Z]\w*)?`)
	// The template that an error of the engine begins with.
	failing = regexp.MustCompile(`(?:error at \(|template: )([^:()]+):`)
	// Errors that values or a cluster make go away.
	wantsValues = regexp.MustCompile(`(?i)execution error|error calling|nil pointer|wrong type|can't evaluate|incompatible types|invalid value; expected|range can't iterate`)
)

// cluster is what a chart may ask about where it is installed.
type cluster struct {
	isUpgrade bool
	versions  chartutil.VersionSet
	version   chartutil.KubeVersion
}

type rendering struct {
	task
	*host.Found
	files    []*loader.BufferedFile
	texts    map[string]string
	places   *places
	name     string
	isLooked bool
}

func renderChart(work task) *host.Found {
	found := host.NewFound("helm-chart")
	r := &rendering{task: work, Found: found, texts: map[string]string{}}
	r.places = newPlaces(r.texts)
	var err error
	if r.files, err = chartFiles(path.Join(work.Root, work.Folder)); err != nil {
		found.Invalid(r.path("Chart.yaml"), 1, work.Folder, "the chart cannot be read: "+err.Error())
		return found
	}
	for _, file := range r.files {
		r.texts[r.path(file.Name)] = string(file.Data)
	}
	first, err := r.load()
	if err != nil {
		r.refused(r.path("Chart.yaml"), err)
		return found
	}
	r.name = first.Name()
	r.dependencies(first)
	for _, crd := range first.CRDObjects() {
		file := r.shown(crd.Filename)
		r.read(file, "", string(crd.File.Data))
	}
	clusters := r.clusters()
	r.render("", nil, clusters)
	for _, file := range r.valueFiles() {
		values, err := chartutil.ReadValues([]byte(r.texts[file]))
		if err != nil {
			r.Invalid(file, 1, file, "Helm refuses these values: "+err.Error())
			continue
		}
		r.render(file, values, clusters)
	}
	if r.isLooked {
		r.openLookups()
	}
	return found
}

// path of a file of the chart, relative to the workspace.
func (r *rendering) path(name string) string { return path.Join(r.Folder, name) }

// load reads the chart anew: rendering changes it.
func (r *rendering) load() (*chart.Chart, error) {
	loaded, err := loader.LoadFiles(r.files)
	if err != nil {
		return nil, err
	}
	r.addLocal(loaded, path.Join(r.Root, r.Folder), 0)
	return loaded, loaded.Validate()
}

// addLocal adds the dependencies that stand elsewhere in the workspace, as `helm dependency build` does.
func (r *rendering) addLocal(parent *chart.Chart, folder string, depth int) {
	for _, wanted := range missing(parent) {
		place, ok := strings.CutPrefix(wanted.Repository, "file://")
		if !ok || depth > 20 {
			continue
		}
		local := path.Join(folder, place)
		files, err := chartFiles(local)
		if err != nil {
			continue
		}
		if child, err := loader.LoadFiles(files); err == nil {
			r.addLocal(child, local, depth+1)
			parent.AddDependency(child)
		}
	}
}

func missing(of *chart.Chart) []*chart.Dependency {
	made := []*chart.Dependency{}
	if of.Metadata == nil {
		return made
	}
	for _, wanted := range of.Metadata.Dependencies {
		isThere := slices.ContainsFunc(of.Dependencies(), func(one *chart.Chart) bool { return one.Name() == wanted.Name })
		if wanted != nil && !isThere {
			made = append(made, wanted)
		}
	}
	return made
}

func (r *rendering) dependencies(of *chart.Chart) {
	for _, wanted := range missing(of) {
		file := r.path("Chart.yaml")
		if _, line, ok := r.places.find(wanted.Name, file, r.path("requirements.yaml")); ok {
			r.Open(file, line, wanted.Name, "this dependency of the chart is not in its folder charts/")
		} else {
			r.Open(file, 1, wanted.Name, "this dependency of a chart in charts/ is not there")
		}
	}
	for _, child := range of.Dependencies() {
		r.dependencies(child)
	}
}

// valueFiles are those next to the chart, but for its own, and those that were asked for.
func (r *rendering) valueFiles() []string {
	made := []string{}
	for _, file := range r.files {
		if file.Name != "values.yaml" && valuesName.MatchString(file.Name) && len(made) < mostValues {
			made = append(made, r.path(file.Name))
		}
	}
	for _, file := range r.Values {
		if _, ok := r.texts[file]; !ok {
			text, err := os.ReadFile(path.Join(r.Root, file))
			if err != nil {
				r.Invalid(file, 1, file, "it cannot be read")
				continue
			}
			r.texts[file] = string(text)
		}
		if !slices.Contains(made, file) && file != r.path("values.yaml") {
			made = append(made, file)
		}
	}
	return made
}

// clusters are those for which a chart may come out differently: only a chart that asks is rendered more than once.
func (r *rendering) clusters() []cluster {
	made := []cluster{{false, chartutil.DefaultVersionSet, version(37)}}
	all, asksUpgrade, asksCluster := chartutil.VersionSet{}, false, false
	for _, text := range r.texts {
		asksUpgrade = asksUpgrade || strings.Contains(text, "IsUpgrade") || strings.Contains(text, "IsInstall") || strings.Contains(text, "Revision")
		if strings.Contains(text, "Capabilities") {
			asksCluster = true
		}
		all = append(all, apiName.FindAllString(text, 2000)...)
	}
	if asksUpgrade {
		made = append(made, cluster{true, chartutil.DefaultVersionSet, version(37)})
	}
	if asksCluster {
		made = append(made, cluster{false, append(all, chartutil.DefaultVersionSet...), version(37)}, cluster{true, chartutil.VersionSet{"v1"}, version(18)})
	}
	return made
}

func version(minor int) chartutil.KubeVersion {
	return chartutil.KubeVersion{Version: fmt.Sprintf("v1.%d.0", minor), Major: "1", Minor: fmt.Sprint(minor)}
}

func (r *rendering) render(valuesFile string, values chartutil.Values, clusters []cluster) {
	for index, one := range clusters {
		rendered, err := r.renderFor(one, values, nil, false)
		if err != nil && index == 0 {
			file := valuesFile
			if file == "" {
				file = r.path("Chart.yaml")
			}
			r.refused(file, err)
			rendered = r.rest(one, values, err)
		}
		for _, name := range sorted(rendered) {
			if !strings.HasSuffix(name, "NOTES.txt") {
				r.read(r.shown(name), valuesFile, rendered[name])
			}
		}
	}
}

// rest renders what can be rendered of a chart that is refused as a whole: without the errors that its authors raise, and
// without the templates that fail.
func (r *rendering) rest(one cluster, values chartutil.Values, err error) map[string]string {
	without := map[string]bool{}
	for range mostFailing {
		if match := failing.FindStringSubmatch(err.Error()); match != nil && !without[match[1]] {
			without[match[1]] = true
		} else if len(without) > 0 {
			return nil
		}
		var rendered map[string]string
		if rendered, err = r.renderFor(one, values, without, true); err == nil {
			return rendered
		}
	}
	return nil
}

// renderFor follows `helm install`, without the schema of the values: those that it refuses name no other images.
func (r *rendering) renderFor(one cluster, values chartutil.Values, without map[string]bool, isLenient bool) (map[string]string, error) {
	loaded, err := r.load()
	if err != nil {
		return nil, err
	}
	if values == nil {
		values = chartutil.Values{}
	}
	values = chartutil.Values(copied(values).(map[string]any))
	if err := chartutil.ProcessDependenciesWithMerge(loaded, values); err != nil {
		return nil, err
	}
	release := chartutil.ReleaseOptions{Name: releaseName, Namespace: "default", Revision: 1, IsInstall: !one.isUpgrade, IsUpgrade: one.isUpgrade}
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.APIVersions, capabilities.KubeVersion = one.versions, one.version
	all, err := chartutil.ToRenderValuesWithSchemaValidation(loaded, values, release, capabilities, true)
	if err != nil {
		return nil, err
	}
	drop(loaded, without)
	if isLenient {
		return engine.Engine{LintMode: true}.Render(loaded, all)
	}
	return engine.RenderWithClientProvider(loaded, all, r)
}

// drop takes templates out of a chart, by the names that the engine has for them.
func drop(from *chart.Chart, names map[string]bool) {
	from.Templates = slices.DeleteFunc(from.Templates, func(one *chart.File) bool {
		return names[path.Join(from.ChartFullPath(), one.Name)] && !strings.HasPrefix(path.Base(one.Name), "_")
	})
	for _, child := range from.Dependencies() {
		drop(child, names)
	}
}

// Lookup is `lookup` of templates: there is no cluster.
func (r *rendering) Lookup(string, string, string, string) (map[string]any, error) {
	r.isLooked = true
	return map[string]any{}, nil
}

func copied(value any) any {
	switch one := value.(type) {
	case chartutil.Values:
		return copied(map[string]any(one))
	case map[string]any:
		made := map[string]any{}
		for key, item := range one {
			made[key] = copied(item)
		}
		return made
	case []any:
		made := make([]any, len(one))
		for index, item := range one {
			made[index] = copied(item)
		}
		return made
	}
	return value
}

func (r *rendering) refused(file string, err error) {
	why := strings.ReplaceAll(err.Error(), r.Root+"/", "")
	isTemplate := objects.IsTemplate(r.texts[r.path("Chart.yaml")])
	if isTemplate || wantsValues.MatchString(why) {
		r.Open(file, 1, r.Folder, "Helm needs other values or a cluster to render it: "+why)
	} else {
		r.Invalid(file, 1, r.Folder, "Helm refuses it: "+why)
	}
}

// read notes the images of one rendered template. Helm splits it in its own way before kubectl's decoder does: what
// either makes of it counts.
func (r *rendering) read(file, valuesFile, text string) {
	searched := []string{file, r.path("values.yaml"), r.path("Chart.yaml")}
	if valuesFile != "" {
		searched = append([]string{valuesFile}, searched...)
	}
	at := func(name string) (string, int) {
		if place, line, ok := r.places.find(name, searched...); ok && name != "" {
			return place, line
		}
		return file, imageLine(r.texts[file])
	}
	part := host.NewFound("helm-chart")
	for _, document := range separator.Split(strings.TrimSpace(text), -1) {
		if document = strings.TrimSpace(document); document != "" {
			readRendered(part, "Helm", "helm-chart", file, document+"\n", at)
		}
	}
	for _, image := range part.Images {
		if strings.Contains(image.Name, releaseName) {
			r.Open(image.File, image.Line, image.Name, "it holds the name of the release, which is known when it is installed")
		} else {
			r.AddImage(image)
		}
	}
	for _, problem := range part.Problems {
		if problem.Cause == "template" {
			r.Open(problem.File, problem.Line, problem.Text, problem.Why)
		} else {
			r.Invalid(problem.File, problem.Line, problem.Text, problem.Why)
		}
	}
}

// shown is the file of the workspace for the name of a template: `chart/charts/sub/templates/web.yaml`, or the archive that it is in.
func (r *rendering) shown(template string) string {
	_, inside, _ := strings.Cut(template, "/")
	if _, ok := r.texts[r.path(inside)]; ok {
		return r.path(inside)
	}
	if rest, ok := strings.CutPrefix(inside, "charts/"); ok {
		name, _, _ := strings.Cut(rest, "/")
		for _, file := range r.files {
			if strings.HasPrefix(file.Name, "charts/"+name+"-") && strings.HasSuffix(file.Name, "gz") {
				return r.path(file.Name)
			}
		}
	}
	return r.path("Chart.yaml")
}

func (r *rendering) openLookups() {
	const why = "Helm looks it up in the cluster"
	isSaid := false
	for _, file := range sorted(r.texts) {
		if !strings.Contains(file, "templates/") {
			continue
		}
		number := 0
		for line := range strings.Lines(r.texts[file]) {
			number++
			if call := lookup.FindString(line); call != "" {
				r.Open(file, number, strings.TrimSpace(call), why)
				isSaid = true
			}
		}
	}
	if !isSaid {
		r.Open(r.path("Chart.yaml"), 1, "lookup", why)
	}
}

var errTooMany = errors.New("it holds more files than any chart")
