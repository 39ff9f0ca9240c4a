package objects

import "strings"

// Fields of a kustomization whose items are files, or objects that stand there as text.
var inlineLists = []string{"patches", "patchesStrategicMerge", "generators", "transformers", "validators"}

// Kustomization notes what the file of a kustomization names by itself; its kind may be left out.
func (n *Notes) Kustomization(object map[string]any) {
	n.KustomizeImages(object["images"])
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
		name := textOf(entry["newName"])
		if name == "" {
			name = textOf(entry["name"])
		}
		if name == "" || (textOf(entry["newName"]) == "" && textOf(entry["newTag"]) == "" && textOf(entry["digest"]) == "") {
			continue
		}
		whole := parts{repository: name, tag: textOf(entry["newTag"]), digest: textOf(entry["digest"])}
		if whole.tag != "" && whole.digest != "" {
			whole.tag = ""
		}
		n.ImageAt(whole.name(), "kustomization", n.Lines.Of(name))
	}
}
