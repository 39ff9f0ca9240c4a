// Package host is what every program of the reader shares: the form of its answers, and the loop that serves tasks.
package host

import (
	// Names with digests parse only where the hashes are linked in.
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Image is one name that a tool would use; see src/reader/protocol.ts for the meaning of the fields.
type Image struct {
	Name string `json:"name"`
	File string `json:"file"`
	Line int    `json:"line"`
	Use  string `json:"use"`
	// Platforms of the build for which the name comes out; empty: every one.
	Platforms []string `json:"platforms"`
}

// Problem is something that names no image yet (Cause "template") or that no tool would take (Cause "invalid").
type Problem struct {
	Text  string `json:"text"`
	File  string `json:"file"`
	Line  int    `json:"line"`
	Why   string `json:"why"`
	Cause string `json:"cause"`
}

// Found collects what one task yields.
type Found struct {
	Kind     string    `json:"kind"`
	Images   []Image   `json:"images"`
	Problems []Problem `json:"problems"`
	// Follow says what has to be read by another program too.
	Follow []Follow `json:"follow"`
	// Services of a compose project.
	Services []Service `json:"services"`
	known    map[any]bool
}

// MostImages of one file; more than that nobody writes.
const MostImages = 20_000

// Follow is a task for another program of the reader.
type Follow struct {
	// Program that has to read it: "dockerfile", "compose", "kustomization", "chart".
	Program string `json:"program"`
	Path    string `json:"path"`
	// Text of a Dockerfile that stands inside of another file; Path is then that file.
	Text string `json:"text"`
	// Inline says that Text is meant, even where it is empty.
	Inline bool `json:"inline"`
	// Args of a build.
	Args map[string]string `json:"args"`
	// Contexts are names that a build context stands for; FROM and COPY --from by these names pull nothing.
	Contexts []string `json:"contexts"`
	// Target stage.
	Target string `json:"target"`
	// Values are files that a chart is rendered with, apart from its own.
	Values []string `json:"values"`
	// Optional: a path that may not be there.
	Optional bool `json:"optional"`
	Line     int  `json:"line"`
}

// Service of a compose project.
type Service struct {
	Name        string        `json:"name"`
	Image       string        `json:"image"`
	HasBuild    bool          `json:"hasBuild"`
	HasProvider bool          `json:"hasProvider"`
	Profiles    []string      `json:"profiles"`
	File        string        `json:"file"`
	Line        int           `json:"line"`
	Nerdctl     []NerdctlWord `json:"nerdctl"`
}

// NerdctlWord is a key `x-nerdctl-…` of a service.
type NerdctlWord struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	IsText bool   `json:"isText"`
	File   string `json:"file"`
	Line   int    `json:"line"`
}

// NewFound makes an empty answer of a kind; no list in it is nil, so that JSON has lists.
func NewFound(kind string) *Found {
	return &Found{Kind: kind, Images: []Image{}, Problems: []Problem{}, Follow: []Follow{}, Services: []Service{}}
}

// AddImage notes a name, each once a line and use.
func (f *Found) AddImage(image Image) {
	if image.Platforms == nil {
		image.Platforms = []string{}
	}
	if image.Line < 1 {
		image.Line = 1
	}
	if f.isKnown([4]any{image.Name, image.File, image.Line, image.Use}) {
		return
	}
	if len(f.Images) == MostImages {
		f.Invalid(image.File, image.Line, "", "it names more images than anybody writes")
		return
	}
	f.Images = append(f.Images, image)
}

// Open notes something that names no image yet.
func (f *Found) Open(file string, line int, text, why string) {
	f.add(Problem{Text: text, File: file, Line: line, Why: why, Cause: "template"})
}

// Invalid notes something that no tool would take, or that tools disagree about.
func (f *Found) Invalid(file string, line int, text, why string) {
	f.add(Problem{Text: text, File: file, Line: line, Why: why, Cause: "invalid"})
}

func (f *Found) add(problem Problem) {
	if problem.Line < 1 {
		problem.Line = 1
	}
	problem.Text = Shorten(problem.Text, 120)
	problem.Why = Shorten(strings.ReplaceAll(problem.Why, "\n", " "), 400)
	if !f.isKnown(problem) && len(f.Problems) < MostImages {
		f.Problems = append(f.Problems, problem)
	}
}

func (f *Found) isKnown(thing any) bool {
	if f.known == nil {
		f.known = map[any]bool{}
	}
	was := f.known[thing]
	f.known[thing] = true
	return was
}

// Shorten cuts a text at a number of bytes, between characters.
func Shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// Answer runs one task. A parser that panics makes its file invalid, and is not the end of the others.
func Answer(task []byte, file string, read func() *Found) (answer []byte) {
	defer func() {
		if fault := recover(); fault != nil {
			found := NewFound("other")
			found.Invalid(file, 1, file, fmt.Sprintf("the parser of the tool died of it: %v", fault))
			answer, _ = json.Marshal(found)
		}
	}()
	answer, err := json.Marshal(read())
	if err != nil {
		panic(err)
	}
	return answer
}
