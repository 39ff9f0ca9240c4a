package objects

import (
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Deeper than any file that is meant.
const deepest = 500

// Kinds whose `image` is another thing than what is run: disks, what a scanner looks at, data, schemas.
var otherMeaning = []string{
	"ConfigMap", "Secret", "SealedSecret", "CustomResourceDefinition", "ImageRepository", "ImagePolicy", "ImageUpdateAutomation",
	"ClusterImagePolicy", "OpenStackMachineTemplate", "OpenStackMachine", "AzureMachineTemplate", "AWSMachineTemplate",
	"HCloudMachineTemplate", "HetznerBareMetalMachine", "NodeClass", "VirtualMachineImage", "ConsolePlugin", "Dashboard", "GrafanaDashboard",
}

var version = regexp.MustCompile(`^[~^]?v?[0-9]+(\.[0-9]+)+[0-9A-Za-z.-]*$`)

// Keys of Kubernetes whose items are containers.
var containerLists = []string{"containers", "initContainers", "ephemeralContainers"}

// Document notes what a decoded document of any kind names.
func (n *Notes) Document(document any) {
	object, ok := document.(map[string]any)
	if !ok {
		if list, ok := document.([]any); ok {
			n.list(list, 0)
		}
		return
	}
	n.object(object, 0)
}

// IsKubernetes tells a document that kubectl would send.
func IsKubernetes(document any) bool {
	object, ok := document.(map[string]any)
	return ok && textOf(object["apiVersion"]) != "" && textOf(object["kind"]) != ""
}

func (n *Notes) object(object map[string]any, depth int) {
	kind, version := textOf(object["kind"]), textOf(object["apiVersion"])
	if slices.Contains(otherMeaning, kind) && version != "" {
		return
	}
	isInjected := kind != "" && isInjected(object)
	w := walker{n, isInjected, version != "" && kind != "", isPolicy(version)}
	switch {
	case kind == "Kustomization" || kind == "Component":
		n.Kustomization(object)
		if spec, ok := object["spec"].(map[string]any); ok {
			n.KustomizeImages(spec["images"])
			n.patches(spec["patches"])
		}
	case kind == "ImageTagTransformer":
		n.KustomizeImages([]any{object["imageTag"]})
	case kind == "Application" || kind == "ApplicationSet" || kind == "HelmRelease" || kind == "HelmChart" || kind == "HelmChartConfig":
		n.charts(object, depth)
	}
	for _, key := range sorted(object) {
		w.entry("", key, object[key], depth)
	}
}

// list notes the items of a list at the top: objects, or the operations of a JSON patch.
func (n *Notes) list(items []any, depth int) {
	for _, item := range items {
		object, ok := item.(map[string]any)
		if !ok {
			continue
		}
		_, hasOperation := object["op"].(string)
		if target, ok := object["path"].(string); hasOperation && ok {
			n.operation(target, object["value"])
			continue
		}
		n.object(object, depth+1)
	}
}

// operation notes what an operation of a JSON patch sets.
func (n *Notes) operation(target string, value any) {
	key := target[strings.LastIndex(target, "/")+1:]
	w := walker{n, false, true, false}
	if text, ok := value.(string); ok && key == "image" {
		n.Image(text, "kubernetes-patch")
		return
	}
	w.walk(key, value, 0)
}

// Patch notes what the text of a patch sets, be it an object or a list of operations.
func (n *Notes) Patch(text string) {
	documents, err := Decode(text)
	if err != nil {
		n.unread(text, err)
	}
	for _, document := range documents {
		n.Document(document)
	}
}

func (n *Notes) unread(text string, err error) {
	line := n.Lines.Of(strings.Split(text, "\n")[0])
	if IsTemplate(text) {
		n.Open(n.File, line, text, "it is a template that some tool fills in later")
	} else {
		n.Invalid(n.File, line, text, "it cannot be read: "+err.Error())
	}
}

// charts notes the values that an object hands to a chart.
func (n *Notes) charts(value any, depth int) {
	if depth > deepest {
		return
	}
	switch one := value.(type) {
	case []any:
		for _, item := range one {
			n.charts(item, depth+1)
		}
	case map[string]any:
		for _, key := range sorted(one) {
			switch text, isText := one[key].(string); {
			case isText && (key == "values" || key == "valuesContent"):
				n.Patch(text)
			case key == "parameters":
				n.parameters(one[key])
			case key == "kustomize":
				n.replacements(one[key])
			default:
				n.charts(one[key], depth+1)
			}
		}
	}
}

// parameters of a chart in an Argo CD application: names with dots, as `helm --set` takes them.
func (n *Notes) parameters(value any) {
	list, _ := value.([]any)
	values := map[string]any{}
	for _, item := range list {
		parameter, _ := item.(map[string]any)
		name, text := textOf(parameter["name"]), textOf(parameter["value"])
		keys := strings.Split(name, ".")
		at := values
		for _, key := range keys[:len(keys)-1] {
			next, ok := at[key].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[key] = next
			}
			at = next
		}
		at[keys[len(keys)-1]] = text
	}
	walker{n, false, false, false}.walk("", values, 0)
}

// replacements of an Argo CD application: `old=new:tag`, or a name with a new tag.
func (n *Notes) replacements(value any) {
	kustomize, _ := value.(map[string]any)
	list, _ := kustomize["images"].([]any)
	for _, item := range list {
		if _, isObject := item.(map[string]any); isObject {
			// Flux writes them as kustomize does.
			n.KustomizeImages([]any{item})
			continue
		}
		text := textOf(item)
		if _, replaced, ok := strings.Cut(text, "="); ok {
			text = replaced
		}
		n.Image(text, "kustomization")
	}
	n.patches(kustomize["patches"])
}

// isInjected tells that an admission webhook of Istio writes the image into the object.
func isInjected(object map[string]any) bool {
	found := false
	visit(object, 0, func(key string, _ any) {
		found = found || strings.HasPrefix(key, "inject.istio.io/") || key == "sidecar.istio.io/inject"
	})
	return found
}

func visit(value any, depth int, see func(key string, value any)) {
	if depth > deepest {
		return
	}
	switch one := value.(type) {
	case []any:
		for _, item := range one {
			visit(item, depth+1, see)
		}
	case map[string]any:
		for key, item := range one {
			see(key, item)
			visit(item, depth+1, see)
		}
	}
}

func sorted(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

type walker struct {
	*Notes
	isInjected   bool
	isKubernetes bool
	// An image's name may be a pattern.
	hasPatterns bool
}

// isPolicy tells the objects of those who judge others.
func isPolicy(version string) bool {
	group, _, _ := strings.Cut(version, "/")
	return strings.HasSuffix(group, "kyverno.io") || strings.HasSuffix(group, "gatekeeper.sh")
}

// walk looks for the key `image` with whatever can name one below it.
func (w walker) walk(within string, value any, depth int) {
	if depth > deepest {
		w.Invalid(w.File, 1, w.File, "it is nested deeper than anybody writes")
		return
	}
	switch one := value.(type) {
	case []any:
		for _, item := range one {
			w.walk(within, item, depth+1)
		}
	case map[string]any:
		if kind := textOf(one["kind"]); depth > 0 && kind != "" && textOf(one["apiVersion"]) != "" {
			w.object(one, depth)
			return
		}
		for _, key := range sorted(one) {
			w.entry(within, key, one[key], depth)
		}
	}
}

func (w walker) entry(within, key string, value any, depth int) {
	if w.isKubernetes && within == "metadata" && (key == "annotations" || key == "labels") {
		return
	}
	isImage := key == "image" || (!w.isKubernetes && strings.HasSuffix(strings.ToLower(key), "image"))
	if text, ok := value.(string); ok {
		if isImage {
			w.text(within, key, text)
		}
		return
	}
	if object, ok := value.(map[string]any); ok && (isImage || hasParts(object)) {
		w.parts(object)
	}
	next := key
	if _, ok := value.(map[string]any); ok && slices.Contains(containerLists, within) {
		next = within
	}
	w.walk(next, value, depth+1)
}

// text notes a text under a key that names images.
func (w walker) text(within, key, text string) {
	use := "helm-values"
	switch {
	case slices.Contains(containerLists, within):
		use = "kubernetes-container"
	case w.isKubernetes:
		use = "kubernetes-other"
	}
	switch {
	case w.hasPatterns && strings.ContainsAny(text, "*?!|&<>"):
		// What names have to be like.
	case !w.isKubernetes && version.MatchString(text):
		// The version of a package that is called image.
	case w.isInjected && text == "auto":
		w.Open(w.File, w.Lines.Of("auto"), text, "Istio's webhook fills it in when the pod is made")
	case text == "" && use != "kubernetes-container":
		// No image is named: the chart, the operator or nobody takes it from elsewhere.
	case use == "kubernetes-container":
		w.Image(text, use)
	case isPicture(text):
	case key != "image" && !strings.ContainsAny(text, "/:"):
		// `pullImage: always`: a word among others.
	case IsReference(text) || IsTemplate(text):
		w.Image(text, use)
	case use == "helm-values":
		// A sentence, a path, a list of words: no chart could pull it.
	default:
		w.Invalid(w.File, w.Lines.Of(text), text, "it is no name of an image")
	}
}

// hasParts tells a mapping in the form that charts use, whatever key it stands under.
func hasParts(object map[string]any) bool {
	_, isNamed := object["repository"].(string)
	_, hasTag := object["tag"]
	_, hasDigest := object["digest"]
	return isNamed && (hasTag || hasDigest)
}

func (w walker) parts(object map[string]any) {
	if name := textOf(object["reference"]); name != "" {
		w.Image(name, "kubernetes-volume")
	}
	whole := parts{textOf(object["registry"]), textOf(object["repository"]), textOf(object["tag"]), textOf(object["digest"])}
	if whole.repository == "" {
		whole.repository = textOf(object["name"])
		if !strings.ContainsAny(whole.repository, "/:") && whole.tag == "" && whole.digest == "" {
			return
		}
	}
	if whole.repository == "" || strings.Contains(whole.repository, "://") {
		return
	}
	if whole.digest != "" && whole.tag != "" && !IsReference(whole.name()) {
		whole.tag = ""
	}
	name := whole.name()
	if IsReference(name) || IsTemplate(name) {
		w.ImageAt(name, "helm-values", w.Lines.Of(textOf(object["repository"]), textOf(object["name"])))
	}
}
