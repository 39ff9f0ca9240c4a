package main

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Names that one text may become; more are left to the run.
const mostFilled = 256

var matrixValue = regexp.MustCompile(`\$\{\{\s*matrix\.([A-Za-z0-9_.-]+)\s*\}\}`)

// matrixOf is the values of a job's matrix by their paths below `matrix`, as far as they stand in the file. A key whose values
// an expression decides is missing.
func matrixOf(w workflow, strategy *yaml.Node) map[string][]string {
	made := map[string][]string{}
	node := resolve(strategy)
	if node == nil || node.Kind != yaml.MappingNode {
		return made
	}
	matrix := mappingOf(mappingOf(node)["matrix"])
	open := []string{}
	for key, value := range matrix {
		if key == "include" || key == "exclude" {
			continue
		}
		if value = resolve(value); value != nil && value.Kind == yaml.ScalarNode {
			open = append(open, key)
		}
		for _, item := range w.items(value) {
			collect(made, key, item, 0)
		}
	}
	for _, item := range w.items(matrix["include"]) {
		for key, value := range mappingOf(item) {
			collect(made, key, value, 0)
		}
	}
	include := resolve(matrix["include"])
	if include != nil && include.Kind == yaml.ScalarNode {
		return map[string][]string{}
	}
	for _, key := range open {
		delete(made, key)
	}
	return made
}

func mappingOf(node *yaml.Node) map[string]*yaml.Node {
	made := map[string]*yaml.Node{}
	if node = resolve(node); node == nil || node.Kind != yaml.MappingNode {
		return made
	}
	for index := 0; index+1 < len(node.Content); index += 2 {
		made[strings.ToLower(node.Content[index].Value)] = node.Content[index+1]
	}
	return made
}

func collect(made map[string][]string, path string, node *yaml.Node, depth int) {
	if node = resolve(node); node == nil || depth > 10 {
		return
	}
	if node.Kind == yaml.ScalarNode {
		if !slices.Contains(made[path], node.Value) {
			made[path] = append(made[path], node.Value)
		}
		return
	}
	for key, value := range mappingOf(node) {
		collect(made, path+"."+key, value, depth+1)
	}
}

// filledIn is a text with every combination of the values of a matrix; the text itself where they are not known.
func filledIn(text string, matrix map[string][]string) []string {
	filled := []string{text}
	for _, match := range matrixValue.FindAllStringSubmatch(text, -1) {
		values, ok := matrix[strings.ToLower(match[1])]
		if !ok || len(values)*len(filled) > mostFilled {
			return []string{text}
		}
		next := []string{}
		for _, one := range filled {
			for _, value := range values {
				next = append(next, strings.ReplaceAll(one, match[0], value))
			}
		}
		filled = next
	}
	return filled
}
