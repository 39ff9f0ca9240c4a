package objects

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"finch-signing/reader/host"

	"github.com/distribution/reference"
)

// Notes collects what a file names.
type Notes struct {
	*host.Found
	File  string
	Lines *Lines
}

// NewNotes begins the answer for a file.
func NewNotes(kind, file, text string) *Notes {
	return &Notes{Found: host.NewFound(kind), File: file, Lines: NewLines(text)}
}

var template = regexp.MustCompile(`\{\{|\{%|<%|\$\{|\$\(|\$\[|\$[A-Za-z_]|^<.*>$|__[A-Za-z_]+__|@[A-Za-z_]+@|%[A-Z_]+%`)

// IsTemplate tells whether something is meant to replace a part of the text before it is used.
func IsTemplate(text string) bool { return template.MatchString(host.Shorten(text, 4096)) }

// IsReference tells whether a tool could pull a text as it stands.
func IsReference(text string) bool {
	_, err := reference.ParseNormalizedNamed(text)
	return err == nil
}

// Image notes a text that a tool takes for the name of an image. What parses as a name is one, whatever marks it holds.
func (n *Notes) Image(text, use string) { n.ImageAt(text, use, n.Lines.Of(text)) }

// ImageAt is Image, with the line.
func (n *Notes) ImageAt(text, use string, line int) {
	switch {
	case IsReference(text):
		n.AddImage(host.Image{Name: text, File: n.File, Line: line, Use: use})
	case strings.TrimSpace(text) == "":
		// An empty name is filled in by somebody else, or refused.
		n.Open(n.File, line, text, "the name of the image is empty")
	case IsTemplate(text):
		n.Open(n.File, line, text, "it is a template that some tool fills in later")
	default:
		n.Invalid(n.File, line, text, "it is no name of an image")
	}
}

// IsImageText tells whether the value of a key that ends in `image` names one as it stands.
func IsImageText(key, text string) bool {
	switch {
	case text == "null" || text == "true" || text == "false" || isPicture(text):
		return false
	case key != "image" && !strings.ContainsAny(text, "/:"):
		return false
	}
	return IsReference(text)
}

var picture = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".svg": true, ".gif": true, ".webp": true, ".ico": true}

// isPicture tells what a page would show, which is another meaning of the word.
func isPicture(text string) bool {
	return picture[strings.ToLower(path.Ext(text))] || strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// parts of an image in the form that charts use.
type parts struct{ registry, repository, tag, digest string }

func textOf(value any) string {
	switch one := value.(type) {
	case string:
		return one
	case nil, map[string]any, []any:
		return ""
	default:
		return fmt.Sprint(one)
	}
}

func (p parts) name() string {
	name := p.repository
	if p.registry != "" {
		name = strings.TrimSuffix(p.registry, "/") + "/" + name
	}
	if p.tag != "" {
		if strings.HasPrefix(p.tag, "@") {
			name += p.tag
		} else {
			name += ":" + p.tag
		}
	}
	if p.digest != "" {
		if strings.Contains(p.digest, ":") {
			name += "@" + strings.TrimPrefix(p.digest, "@")
		} else {
			name += "@sha256:" + p.digest
		}
	}
	return name
}
