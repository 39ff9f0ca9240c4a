package main

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"finch-signing/reader/host"
	"finch-signing/reader/manifests/objects"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

type hclReader struct {
	*objects.Notes
	context *hcl.EvalContext
}

// parseHCL reads HCL and the defaults of its variables; nil where the parser refuses it.
func parseHCL(notes *objects.Notes, work task, text string) (*hclsyntax.Body, *hclReader) {
	file, problems := hclsyntax.ParseConfig([]byte(text), work.File, hcl.InitialPos)
	if problems.HasErrors() {
		line := 1
		if subject := problems[0].Subject; subject != nil {
			line = subject.Start.Line
		}
		notes.Invalid(work.File, line, work.File, "it cannot be read: "+problems[0].Summary)
		return nil, nil
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return nil, nil
	}
	return body, &hclReader{notes, &hcl.EvalContext{Variables: variables(body, work.Environment)}}
}

func variables(body *hclsyntax.Body, environment map[string]string) map[string]cty.Value {
	plain, nested := map[string]cty.Value{}, map[string]cty.Value{}
	for _, block := range body.Blocks {
		if block.Type != "variable" || len(block.Labels) != 1 {
			continue
		}
		value := cty.NullVal(cty.String)
		if given, ok := block.Body.Attributes["default"]; ok {
			if found, problems := given.Expr.Value(&hcl.EvalContext{Variables: plain}); !problems.HasErrors() {
				value = found
			}
		}
		nested[block.Labels[0]] = value
		if set, ok := environment[block.Labels[0]]; ok {
			value = cty.StringVal(set)
		}
		plain[block.Labels[0]] = value
	}
	plain["var"] = cty.ObjectVal(nested)
	return plain
}

// readHCL looks for `image = …` in all blocks.
func readHCL(work task, text string) *host.Found {
	notes := objects.NewNotes("hcl", work.File, text)
	body, r := parseHCL(notes, work, text)
	if body == nil {
		return notes.Found
	}
	for _, block := range body.Blocks {
		if block.Type == "target" && len(block.Labels) == 1 {
			return readBake(work, text)
		}
	}
	r.body(body)
	return notes.Found
}

func (r *hclReader) body(body *hclsyntax.Body) {
	for name, attribute := range body.Attributes {
		if name == "image" {
			r.name(attribute.Expr)
			continue
		}
		r.expression(attribute.Expr)
	}
	for _, block := range body.Blocks {
		r.body(block.Body)
	}
}

func (r *hclReader) expression(expression hclsyntax.Expression) {
	switch one := expression.(type) {
	case *hclsyntax.ObjectConsExpr:
		for _, item := range one.Items {
			key, problems := item.KeyExpr.Value(r.context)
			if !problems.HasErrors() && key.IsKnown() && !key.IsNull() && key.Type() == cty.String && key.AsString() == "image" {
				r.name(item.ValueExpr)
			} else {
				r.expression(item.ValueExpr)
			}
		}
	case *hclsyntax.TupleConsExpr:
		for _, item := range one.Exprs {
			r.expression(item)
		}
	case *hclsyntax.FunctionCallExpr:
		for _, item := range one.Args {
			r.expression(item)
		}
	}
}

func (r *hclReader) name(expression hclsyntax.Expression) {
	line := expression.Range().Start.Line
	if text, ok := r.text(expression); ok {
		r.ImageAt(text, "hcl-image", line)
	} else if _, isObject := expression.(*hclsyntax.ObjectConsExpr); isObject {
		r.expression(expression)
	} else {
		r.Open(r.File, line, "image", "its value is known to the tool only")
	}
}

func (r *hclReader) text(expression hclsyntax.Expression) (string, bool) {
	value, problems := expression.Value(r.context)
	if problems.HasErrors() || !value.IsWhollyKnown() || value.IsNull() || value.Type() != cty.String {
		return "", false
	}
	return value.AsString(), true
}

// readBake reads a file for `docker buildx bake`: the contexts, caches and Dockerfiles of its targets.
func readBake(work task, text string) *host.Found {
	notes := objects.NewNotes("bake", work.File, text)
	targets := map[string]map[string]any{}
	lines := map[string]int{}
	if strings.HasSuffix(strings.ToLower(work.File), ".json") {
		var file struct {
			Target map[string]map[string]any `json:"target"`
		}
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			notes.Invalid(work.File, 1, work.File, "it cannot be read: "+err.Error())
			return notes.Found
		}
		targets = file.Target
	} else if body, r := parseHCL(notes, work, text); body != nil {
		for _, block := range body.Blocks {
			if block.Type != "target" || len(block.Labels) != 1 {
				continue
			}
			for number, one := range r.matrix(block) {
				name := block.Labels[0]
				if number > 0 {
					name = fmt.Sprintf("%s, %d", name, number)
				}
				targets[name] = one.target(block)
				lines[name] = block.Range().Start.Line
			}
		}
	}
	for name, target := range targets {
		b := bake{notes, targets, path.Dir(work.File), max(lines[name], 1)}
		b.read(b.inherited(target, 0))
	}
	return notes.Found
}

// isBake tells a file of JSON for `docker buildx bake` by its content.
func isBake(documents []any) bool {
	for _, document := range documents {
		object, _ := document.(map[string]any)
		targets, _ := object["target"].(map[string]any)
		if objects.IsKubernetes(document) {
			continue
		}
		for _, target := range targets {
			keys, _ := target.(map[string]any)
			for _, key := range []string{"context", "contexts", "dockerfile", "dockerfile-inline", "inherits", "cache-from"} {
				if _, ok := keys[key]; ok {
					return true
				}
			}
		}
	}
	return false
}

// matrix gives a reader for each combination of a target's matrix, or itself.
func (r *hclReader) matrix(block *hclsyntax.Block) []*hclReader {
	made := []*hclReader{r}
	attribute, ok := block.Body.Attributes["matrix"]
	if !ok {
		return made
	}
	value, problems := attribute.Expr.Value(r.context)
	if problems.HasErrors() || !value.IsWhollyKnown() || value.IsNull() || !value.CanIterateElements() {
		r.Open(r.File, attribute.Range().Start.Line, "matrix", "its value is known to the tool only")
		return made
	}
	for key, items := range value.AsValueMap() {
		next := []*hclReader{}
		if items.IsNull() || !items.CanIterateElements() || len(made)*items.LengthInt() > mostFilled {
			r.Open(r.File, attribute.Range().Start.Line, "matrix", "its value is known to the tool only")
			return made
		}
		for _, one := range made {
			for _, item := range items.AsValueSlice() {
				context := one.context.NewChild()
				context.Variables = map[string]cty.Value{key: item}
				next = append(next, &hclReader{r.Notes, context})
			}
		}
		made = next
	}
	return made
}

// target evaluates the attributes of a block; what cannot be known is open.
func (r *hclReader) target(block *hclsyntax.Block) map[string]any {
	made := map[string]any{}
	for name, attribute := range block.Body.Attributes {
		switch name {
		case "context", "dockerfile", "dockerfile-inline", "args", "contexts", "cache-from", "target", "inherits":
			value, problems := attribute.Expr.Value(r.context)
			if problems.HasErrors() || !value.IsWhollyKnown() {
				r.Open(r.File, attribute.Range().Start.Line, name, "its value is known to the tool only")
				continue
			}
			made[name] = goValue(value)
		}
	}
	return made
}

func goValue(value cty.Value) any {
	switch {
	case value.IsNull():
		return nil
	case value.Type() == cty.String:
		return value.AsString()
	case value.Type().IsObjectType() || value.Type().IsMapType():
		made := map[string]any{}
		for key, item := range value.AsValueMap() {
			made[key] = goValue(item)
		}
		return made
	case value.CanIterateElements():
		made := []any{}
		for _, item := range value.AsValueSlice() {
			made = append(made, goValue(item))
		}
		return made
	}
	return nil
}

type bake struct {
	*objects.Notes
	targets map[string]map[string]any
	folder  string
	line    int
}

// inherited is a target with what it takes from others: mappings are joined, everything else is replaced.
func (b bake) inherited(target map[string]any, depth int) map[string]any {
	made := map[string]any{}
	layers := []map[string]any{}
	for _, name := range list(target["inherits"]) {
		if parent, ok := b.targets[name]; ok && depth < 50 {
			layers = append(layers, b.inherited(parent, depth+1))
		}
	}
	for _, layer := range append(layers, target) {
		for key, value := range layer {
			old, isMap := made[key].(map[string]any)
			added, isMapToo := value.(map[string]any)
			if !isMap || !isMapToo {
				made[key] = value
				continue
			}
			joined := map[string]any{}
			for _, part := range []map[string]any{old, added} {
				for name, one := range part {
					joined[name] = one
				}
			}
			made[key] = joined
		}
	}
	return made
}

func (b bake) read(target map[string]any) {
	contexts := []string{}
	for name, value := range texts(target["contexts"]) {
		contexts = append(contexts, name)
		if image, ok := strings.CutPrefix(value, "docker-image://"); ok && image != "scratch" {
			b.ImageAt(image, "bake-context", b.line)
		}
	}
	for _, cache := range list(target["cache-from"]) {
		if name := host.CacheReference(cache); name != "" {
			b.ImageAt(name, "bake-cache", b.line)
		}
	}
	follow := host.Follow{Program: "dockerfile", Args: texts(target["args"]), Contexts: contexts, Target: textOf(target["target"]), Line: b.line}
	if text, ok := target["dockerfile-inline"].(string); ok {
		follow.Path, follow.Text, follow.Inline = b.File, text, true
	} else {
		folder, name := textOf(target["context"]), textOf(target["dockerfile"])
		if strings.Contains(folder, "://") || strings.HasPrefix(folder, "git@") || strings.HasPrefix(folder, "github.com/") {
			b.Open(b.File, b.line, folder, "the context of the build is not in the workspace")
			return
		}
		if name == "" {
			name = "Dockerfile"
		}
		follow.Path = path.Join(b.folder, folder, name)
	}
	b.Follow = append(b.Follow, follow)
}
