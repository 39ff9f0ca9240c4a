package main

import (
	"regexp"
	"sort"

	"finch-signing/reader/host"
	"finch-signing/reader/manifests/objects"
)

var (
	afterName = regexp.MustCompile(`(?:@.*|:[^/:@]*(?:@.*)?)$`)
	imageKey  = regexp.MustCompile(`(?i)\bimage`)
)

// places finds the lines in which the names of rendered objects stand.
type places struct {
	texts map[string]string
	lines map[string]*objects.Lines
}

func newPlaces(texts map[string]string) *places { return &places{texts, map[string]*objects.Lines{}} }

// find looks for a name in files, the best form of it first: as a whole, without its version, and without its registry.
func (p *places) find(name string, files ...string) (string, int, bool) {
	bare := afterName.ReplaceAllString(name, "")
	forms := []string{name, bare}
	for at, char := range bare {
		if char == '/' {
			forms = append(forms, bare[at+1:])
			break
		}
	}
	for _, form := range forms {
		for _, file := range files {
			if line, ok := p.index(file).Find(form); ok {
				return file, line, true
			}
		}
	}
	return "", 0, false
}

func (p *places) index(file string) *objects.Lines {
	if p.lines[file] == nil {
		p.lines[file] = objects.NewLines(p.texts[file])
	}
	return p.lines[file]
}

// imageLine is the first line of a text that speaks of an image.
func imageLine(text string) int {
	at := imageKey.FindStringIndex(text)
	if at == nil {
		return 1
	}
	line := 1
	for _, char := range text[:at[0]] {
		if char == '\n' {
			line++
		}
	}
	return line
}

// readRendered notes the images of what was rendered, each in the place that `at` gives it.
func readRendered(found *host.Found, tool, use, file, text string, at func(name string) (string, int)) {
	documents, err := objects.Decode(text)
	notes := objects.NewNotes("kubernetes", file, text)
	for _, document := range documents {
		notes.Document(document)
	}
	for _, image := range notes.Images {
		image.File, image.Line = at(image.Name)
		image.Use = use
		found.AddImage(image)
	}
	for _, problem := range notes.Problems {
		place, line := at(problem.Text)
		if problem.Cause == "template" {
			found.Open(place, line, problem.Text, problem.Why)
		} else {
			found.Invalid(place, line, problem.Text, problem.Why)
		}
	}
	if err != nil {
		place, line := at("")
		found.Invalid(place, line, file, tool+" refuses what comes out of it: "+err.Error())
	}
}

func sorted[T any](values map[string]T) []string {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
