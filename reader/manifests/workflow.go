package main

import (
	"errors"
	"io"
	"path"
	"strings"

	"finch-signing/reader/host"
	"finch-signing/reader/manifests/objects"

	"go.yaml.in/yaml/v3"
)

type workflow struct {
	*objects.Notes
	work task
}

// readWorkflow reads a workflow or an action. The runners use another YAML parser than this one: what the two might read
// differently is refused.
func readWorkflow(work task, text string) *host.Found {
	kind := "workflow"
	if actionName.MatchString(work.File) && !workflowName.MatchString(work.File) {
		kind = "action"
	}
	w := workflow{objects.NewNotes(kind, work.File, text), work}
	if line := disputed(text); line > 0 {
		w.Invalid(w.File, line, "", "it holds a sign that only some parsers take for the end of a line")
		return w.Found
	}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for range 1000 {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			w.Invalid(w.File, 1, w.File, "it cannot be read: "+err.Error())
			break
		}
		if !w.refuse(&document, 0) {
			w.document(&document)
		}
	}
	return w.Found
}

// disputed is the line of a sign that ends a line for some parsers only; 0 where there is none.
func disputed(text string) int {
	clean := strings.ReplaceAll(text, "\r\n", "\n")
	at := strings.IndexAny(clean, "\r\u0085\u2028\u2029")
	if at < 0 {
		return 0
	}
	return strings.Count(clean[:at], "\n") + 1
}

// refuse notes what parsers read differently: tags, merge keys, the same key twice.
func (w workflow) refuse(node *yaml.Node, depth int) bool {
	if depth > 200 {
		w.Invalid(w.File, node.Line, "", "it is nested deeper than anybody writes")
		return true
	}
	refused := false
	if node.Style&yaml.TaggedStyle != 0 && node.Tag != "!!str" {
		w.Invalid(w.File, node.Line, node.Tag, "parsers disagree about tags")
		refused = true
	}
	seen := map[string]bool{}
	for index, item := range node.Content {
		if node.Kind == yaml.MappingNode && index%2 == 0 {
			if item.Value == "<<" && item.Style == 0 {
				w.Invalid(w.File, item.Line, "<<", "runners have no merge keys")
				refused = true
			}
			if key := strings.ToLower(item.Value); seen[key] {
				w.Invalid(w.File, item.Line, item.Value, "the key stands there twice")
				refused = true
			} else {
				seen[key] = true
			}
		}
		refused = w.refuse(item, depth+1) || refused
	}
	return refused
}

func resolve(node *yaml.Node) *yaml.Node {
	for range 10 {
		if node == nil || node.Kind != yaml.AliasNode {
			return node
		}
		node = node.Alias
	}
	return nil
}

// entries of a mapping by their names; an expression in place of a name, or of the mapping, is open.
func (w workflow) entries(node *yaml.Node) map[string]*yaml.Node {
	node = resolve(node)
	made := map[string]*yaml.Node{}
	if node == nil {
		return made
	}
	if node.Kind == yaml.ScalarNode && strings.Contains(node.Value, "${{") {
		w.Open(w.File, node.Line, node.Value, "an expression decides what it is when the workflow runs")
		w.literals(node.Value, "workflow-container", node.Line)
		return made
	}
	if node.Kind != yaml.MappingNode {
		return made
	}
	for index := 0; index+1 < len(node.Content); index += 2 {
		key := resolve(node.Content[index])
		if key == nil {
			continue
		}
		if strings.Contains(key.Value, "${{") {
			w.Open(w.File, key.Line, key.Value, "an expression decides what it is when the workflow runs")
			continue
		}
		made[strings.ToLower(key.Value)] = node.Content[index+1]
	}
	return made
}

func (w workflow) items(node *yaml.Node) []*yaml.Node {
	node = resolve(node)
	if node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}

func (w workflow) document(document *yaml.Node) {
	if len(document.Content) == 0 {
		return
	}
	top := w.entries(document.Content[0])
	for _, job := range w.entries(top["jobs"]) {
		keys := w.entries(job)
		matrix := matrixOf(w, keys["strategy"])
		w.container(keys["container"], "workflow-container", matrix)
		for _, service := range w.entries(keys["services"]) {
			w.container(service, "workflow-service", matrix)
		}
		w.steps(keys["steps"])
	}
	runs := w.entries(top["runs"])
	w.steps(runs["steps"])
	if image := resolve(runs["image"]); image != nil && image.Kind == yaml.ScalarNode {
		if name, ok := cutPrefixFold(image.Value, "docker://"); ok {
			w.ImageAt(name, "action-image", image.Line)
		} else if strings.Contains(image.Value, "${{") {
			w.Open(w.File, image.Line, image.Value, "an expression decides what it is when the action runs")
		} else if image.Value != "" {
			file := path.Join(path.Dir(w.File), image.Value)
			w.Follow = append(w.Follow, host.Follow{Program: "dockerfile", Path: file, Line: image.Line})
		}
	}
}

func (w workflow) container(node *yaml.Node, use string, matrix map[string][]string) {
	node = resolve(node)
	if node == nil {
		return
	}
	image := node
	if node.Kind == yaml.MappingNode {
		image = resolve(w.entries(node)["image"])
	}
	if image == nil || image.Kind != yaml.ScalarNode || image.Tag == "!!null" || strings.TrimSpace(image.Value) == "" {
		return
	}
	for _, text := range filledIn(image.Value, matrix) {
		name, _ := cutPrefixFold(strings.TrimSpace(text), "docker://")
		w.ImageAt(name, use, image.Line)
		if strings.Contains(name, "${{") {
			w.literals(name, use, image.Line)
		}
	}
}

// literals notes the names that stand in an expression as they are, whatever it makes of them.
func (w workflow) literals(text, use string, line int) {
	for _, word := range strings.FieldsFunc(text, func(char rune) bool { return strings.ContainsRune(" '\"(),[]{}|&!=<>", char) }) {
		if strings.Contains(word, "/") && strings.ContainsAny(word, ":@") && objects.IsReference(word) {
			w.ImageAt(word, use, line)
		}
	}
}

func (w workflow) steps(node *yaml.Node) {
	if one := resolve(node); one != nil && one.Kind == yaml.ScalarNode && strings.Contains(one.Value, "${{") {
		w.Open(w.File, one.Line, one.Value, "an expression decides what it is when the workflow runs")
	}
	for _, step := range w.items(node) {
		uses := resolve(w.entries(step)["uses"])
		if uses == nil || uses.Kind != yaml.ScalarNode {
			continue
		}
		if name, ok := cutPrefixFold(strings.TrimSpace(uses.Value), "docker://"); ok {
			w.ImageAt(name, "workflow-step", uses.Line)
		} else if strings.Contains(uses.Value, "${{") {
			w.Open(w.File, uses.Line, uses.Value, "an expression decides what it is when the workflow runs")
		}
	}
}

func cutPrefixFold(text, prefix string) (string, bool) {
	if len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		return text[len(prefix):], true
	}
	return text, false
}
