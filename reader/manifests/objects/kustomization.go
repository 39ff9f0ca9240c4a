package objects

import "strings"

// Fields of a kustomization whose items are files, or objects that stand there as text.
var inlineLists = []string{"patches", "patchesStrategicMerge", "generators", "transformers", "validators"}

// Kustomization notes what the file of a kustomization names by itself; its kind may be left out.
func (n *Notes) Kustomization(object map[string]any) {
	// Kustomize decodes as encoding/json does, whatever the case of a key.
	for _, field := range []string{"images", "imageTags"} {
		for _, value := range folded(object, field) {
			n.KustomizeImages(value)
		}
	}
	n.patches(object["patches"])
	n.patches(object["patchesJson6902"])
	for _, field := range inlineLists {
		list, _ := object[field].([]any)
		for _, item := range list {
			if text, ok := item.(string); ok && strings.Contains(text, "\n") {
				n.Patch(text)
			}
		}
	}
	charts, _ := object["helmCharts"].([]any)
	for _, item := range charts {
		chart, _ := item.(map[string]any)
		walker{n, false, false, false}.walk("", chart["valuesInline"], 0)
	}
}

func (n *Notes) patches(value any) {
	list, _ := value.([]any)
	for _, item := range list {
		patch, _ := item.(map[string]any)
		if text, ok := patch["patch"].(string); ok {
			n.Patch(text)
		}
	}
}

// KustomizeImages notes the entries of a kustomization's `images` that name a whole image by themselves.
func (n *Notes) KustomizeImages(value any) {
	list, _ := value.([]any)
	for _, item := range list {
		entry, ok := item.(map[string]any)
		if !ok {
			continue
		}
		for _, newName := range textsOf(entry, "newName") {
			for _, tag := range textsOf(entry, "newTag") {
				for _, digest := range textsOf(entry, "digest") {
					n.kustomizeImage(entry, parts{repository: newName, tag: tag, digest: digest})
				}
			}
		}
	}
}

func (n *Notes) kustomizeImage(entry map[string]any, whole parts) {
	if whole.repository == "" && whole.tag == "" && whole.digest == "" {
		return
	}
	if whole.repository == "" {
		whole.repository = textOf(entry["name"])
	}
	if whole.repository == "" {
		return
	}
	if whole.tag != "" && whole.digest != "" {
		whole.tag = ""
	}
	n.ImageAt(whole.name(), "kustomization", n.Lines.Of(whole.repository))
}

// folded is the values of a key in any case.
func folded(object map[string]any, name string) []any {
	values := []any{}
	for _, key := range sorted(object) {
		if strings.EqualFold(key, name) {
			values = append(values, object[key])
		}
	}
	return values
}

// textsOf is the texts of a key in any case, and an empty one where there is none.
func textsOf(object map[string]any, name string) []string {
	texts := []string{}
	for _, value := range folded(object, name) {
		texts = append(texts, textOf(value))
	}
	if len(texts) == 0 {
		return []string{""}
	}
	return texts
}
