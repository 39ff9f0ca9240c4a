package main

import (
	"bytes"
	"strconv"
	"strings"

	"finch-signing/reader/host"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// Words of a Dockerfile that name something in place of an image.
const noImage = "scratch"

// Expansion of all variables may double with each of them; no name is that long.
const longestValue = 100_000

type reader struct {
	task
	*host.Found
	shlex *shell.Lex
	// Stage names in lower case, as `COPY --from` and mounts look for them; number of the stages.
	stages map[string]bool
	count  int
}

func read(work task, text []byte) *host.Found {
	found := host.NewFound("dockerfile")
	at := func(line int) int { return line + work.Line }
	hasFrontend := false
	if ref, ok := work.Args["BUILDKIT_SYNTAX"]; ok {
		ref, _, _ = strings.Cut(strings.TrimSpace(ref), " ")
		found.AddImage(host.Image{Name: ref, File: work.File, Line: at(1), Use: "dockerfile-syntax"})
		hasFrontend = true
	}
	if ref, _, place, ok := parser.DetectSyntax(text); ok {
		found.AddImage(host.Image{Name: ref, File: work.File, Line: at(startOf(place)), Use: "dockerfile-syntax"})
		hasFrontend = true
	}
	refuse := func(line int, shown string, err error) *host.Found {
		if hasFrontend {
			found.Open(work.File, at(line), shown, "only the frontend that the file names can read it: "+err.Error())
		} else {
			found.Invalid(work.File, at(line), shown, "BuildKit refuses it: "+err.Error())
		}
		return found
	}
	tree, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return refuse(lineOf(err), firstLine(text), err)
	}
	stages, arguments, err := instructions.Parse(tree.AST, nil)
	if err != nil {
		return refuse(lineOf(err), lineAt(text, lineOf(err)), err)
	}
	if len(stages) == 0 {
		found.Invalid(work.File, at(1), firstLine(text), "BuildKit refuses it: it has no FROM")
		return found
	}
	r := &reader{task: work, Found: found, shlex: shell.NewLex(tree.EscapeToken), count: len(stages)}
	r.stages = map[string]bool{}
	for _, stage := range stages {
		if stage.Name != "" {
			r.stages[strings.ToLower(stage.Name)] = true
		}
	}
	r.bases(stages, arguments)
	for _, stage := range stages {
		for _, command := range stage.Commands {
			r.command(command, startOf(command.Location()))
		}
	}
	return found
}

// command notes what a COPY, a RUN or the trigger of an ONBUILD takes from elsewhere.
func (r *reader) command(command instructions.Command, line int) {
	switch one := command.(type) {
	case *instructions.CopyCommand:
		if one.From != "" {
			r.copyFrom(one.From, line)
		}
	case *instructions.RunCommand:
		for _, mount := range instructions.GetMounts(one) {
			if mount.From != "" && !r.stages[strings.ToLower(mount.From)] {
				r.source(mount.From, line, "dockerfile-mount")
			}
		}
	case *instructions.OnbuildCommand:
		tree, err := parser.Parse(strings.NewReader(one.Expression))
		if err != nil || len(tree.AST.Children) != 1 {
			r.Invalid(r.File, line+r.Line, one.Expression, "BuildKit refuses this trigger when an image is built on this one")
			return
		}
		trigger, err := instructions.ParseCommand(tree.AST.Children[0])
		if err != nil {
			r.Invalid(r.File, line+r.Line, one.Expression, "BuildKit refuses this trigger when an image is built on this one: "+err.Error())
			return
		}
		r.command(trigger, line)
	}
}

// copyFrom follows BuildKit: a variable is refused, a number is a stage of this file, a name is a stage or else an image.
func (r *reader) copyFrom(from string, line int) {
	expanded, err := r.shlex.ProcessWordWithMatches(from, shell.EnvsFromSlice(nil))
	if err != nil || expanded.Result != from {
		r.Invalid(r.File, line+r.Line, "--from="+from, "BuildKit fills in no variables in COPY --from")
		return
	}
	if index, err := strconv.Atoi(from); err == nil {
		if index < 0 || index >= r.count {
			r.Invalid(r.File, line+r.Line, "--from="+from, "there is no stage of this number")
		}
		return
	}
	if !r.stages[strings.ToLower(from)] {
		r.source(from, line, "dockerfile-copy")
	}
}

func (r *reader) source(name string, line int, use string) {
	if name == noImage || r.isContext(name) {
		return
	}
	r.AddImage(host.Image{Name: name, File: r.File, Line: line + r.Line, Use: use})
}

// isContext tells whether a context of the build stands for this name; BuildKit compares the normalised forms.
func (r *reader) isContext(name string) bool {
	for _, context := range r.Contexts {
		if context == name || normalised(context) == normalised(name) {
			return true
		}
	}
	return false
}

func normalised(name string) string {
	named, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return name
	}
	return reference.TagNameOnly(named).String()
}

func startOf(ranges []parser.Range) int {
	if len(ranges) == 0 {
		return 1
	}
	return ranges[0].Start.Line
}

func lineOf(err error) int {
	var located *parser.LocationError
	if ok := asLocation(err, &located); ok && len(located.Locations) > 0 {
		return startOf(located.Locations[0])
	}
	return 1
}

func firstLine(text []byte) string { return lineAt(text, 1) }

func lineAt(text []byte, line int) string {
	lines := strings.SplitN(string(text), "\n", line+1)
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[line-1])
}
