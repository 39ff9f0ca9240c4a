// Package objects finds the names of images in what the parsers of Kubernetes' tools made of a file.
package objects

import "strings"

// Lines tells where a word stands in a text: the parsers forget it.
type Lines struct {
	first map[string]int
	image map[string]int
}

// NewLines indexes a text by its words.
func NewLines(text string) *Lines {
	lines := &Lines{first: map[string]int{}, image: map[string]int{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		hasImage := strings.Contains(strings.ToLower(line), "image")
		for _, word := range strings.FieldsFunc(line, isBetween) {
			if _, ok := lines.first[word]; !ok {
				lines.first[word] = number
			}
			if _, ok := lines.image[word]; !ok && hasImage {
				lines.image[word] = number
			}
		}
	}
	return lines
}

func isBetween(char rune) bool { return strings.ContainsRune(" \t\r\n\"',[]{}=", char) }

// Of is the first line that holds the first word of a value, one that speaks of images before others; 1 where there is none.
func (l *Lines) Of(values ...string) int {
	for _, value := range values {
		if line, ok := l.Find(value); ok {
			return line
		}
	}
	return 1
}

// Find is the line of Of for one value, and whether there is one.
func (l *Lines) Find(value string) (int, bool) {
	words := strings.FieldsFunc(value, isBetween)
	if len(words) == 0 {
		return 0, false
	}
	for _, word := range []string{words[0], words[0] + ":"} {
		if line, ok := l.image[word]; ok {
			return line, true
		}
		if line, ok := l.first[word]; ok {
			return line, true
		}
	}
	return 0, false
}
