package main

import (
	"errors"
	"strings"

	"finch-signing/reader/host"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

func asLocation(err error, target **parser.LocationError) bool { return errors.As(err, target) }

// variables of a build; BuildKit's lexer asks for them.
type variables map[string]string

func (v variables) Get(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

func (v variables) Keys() []string {
	keys := make([]string, 0, len(v))
	for key := range v {
		keys = append(keys, key)
	}
	return keys
}

// outcome of one FROM on one platform.
type outcome struct {
	platform string
	name     string
	// Neither of the two: it names an image.
	isStage bool
	err     error
}

// bases notes what every FROM takes, for each platform that the build may be for.
func (r *reader) bases(stages []instructions.Stage, arguments []instructions.ArgCommand) {
	outcomes := make([][]outcome, len(stages))
	platforms := buildPlatforms
	if !speaksOf(stages, arguments, "TARGET") && !speaksOf(stages, arguments, "BUILD") {
		platforms = platforms[:1]
	}
	for _, target := range r.targets(stages, arguments) {
		for _, one := range platforms {
			values, err := r.globals(one, target, arguments)
			named := map[string]bool{}
			for index, stage := range stages {
				outcomes[index] = append(outcomes[index], r.base(stage, values, err, named, one))
				if stage.Name != "" {
					named[strings.ToLower(stage.Name)] = true
				}
			}
		}
	}
	for index, stage := range stages {
		r.conclude(stage, outcomes[index])
	}
}

// targets are the values that TARGETSTAGE may have; only a file that speaks of it is read for each.
func (r *reader) targets(stages []instructions.Stage, arguments []instructions.ArgCommand) []string {
	if r.Target != "" {
		return []string{r.Target}
	}
	last := stages[len(stages)-1].Name
	if last == "" {
		last = "default"
	}
	targets := []string{last}
	if !speaksOf(stages, arguments, "TARGETSTAGE") {
		return targets
	}
	for index, stage := range stages {
		if stage.Name != "" && stage.Name != last && index < 100 {
			targets = append(targets, stage.Name)
		}
	}
	return targets
}

// speaksOf tells whether any word that names a base holds a text; names of variables stand in one piece.
func speaksOf(stages []instructions.Stage, arguments []instructions.ArgCommand, text string) bool {
	for _, stage := range stages {
		if strings.Contains(stage.BaseName, text) {
			return true
		}
	}
	for _, command := range arguments {
		for _, pair := range command.Args {
			if pair.Value != nil && strings.Contains(*pair.Value, text) {
				return true
			}
		}
	}
	return false
}

// globals are the arguments before the first FROM, as BuildKit has them: what is given from outside wins over the default,
// and one without either is not set.
func (r *reader) globals(one buildPlatform, target string, arguments []instructions.ArgCommand) (variables, error) {
	values := one.arguments(target)
	for name := range values {
		if given, ok := r.Args[name]; ok {
			values[name] = given
		}
	}
	for _, command := range arguments {
		for _, pair := range command.Args {
			if given, ok := r.Args[pair.Key]; ok {
				values[pair.Key] = given
				continue
			}
			if pair.Value == nil {
				continue
			}
			word, err := r.shlex.ProcessWordWithMatches(*pair.Value, values)
			if err != nil {
				return nil, err
			}
			if len(word.Result) > longestValue {
				return nil, errors.New("the value of " + pair.Key + " is longer than any name")
			}
			values[pair.Key] = word.Result
		}
	}
	return values, nil
}

func (r *reader) base(stage instructions.Stage, values variables, err error, named map[string]bool, one buildPlatform) outcome {
	result := outcome{platform: one.name, err: err}
	if err != nil {
		return result
	}
	word, err := r.shlex.ProcessWordWithMatches(stage.BaseName, values)
	result.name = word.Result
	switch {
	case err != nil:
		result.err = err
	case word.Result == "":
		result.err = errors.New("the name of the base is empty")
	case named[word.Result] || word.Result == noImage || r.isContext(word.Result):
		result.isStage = true
	case stage.Name != "" && r.isContext(stage.Name):
		result.isStage = true
	default:
		if _, err := reference.ParseNormalizedNamed(word.Result); err != nil {
			result.err = err
		}
	}
	return result
}

// conclude notes each image that comes out on any platform. A platform that the file is not made for (it has a stage for
// others, and nothing but a bare name for this one) counts where it is a usual one.
func (r *reader) conclude(stage instructions.Stage, outcomes []outcome) {
	line := startOf(stage.Location)
	hasStage, hasImage := false, false
	platforms := map[string][]string{}
	order := []string{}
	var failed error
	shown := ""
	for _, one := range outcomes {
		hasStage = hasStage || one.isStage
	}
	for _, one := range outcomes {
		switch {
		case one.err != nil:
			failed, shown = one.err, one.name
		case one.isStage:
		case hasStage && isBare(one.name) && !isUsual(one.platform):
		case strings.Contains(one.name, sampleVersion):
			r.Open(r.File, line+r.Line, stage.BaseName, "the version of Windows is part of the name")
			hasImage = true
		default:
			hasImage = true
			if platforms[one.name] == nil {
				order = append(order, one.name)
			}
			platforms[one.name] = append(platforms[one.name], one.platform)
		}
	}
	for _, name := range order {
		on := distinct(platforms[name])
		if len(platforms[name]) == len(outcomes) {
			on = nil
		}
		r.AddImage(host.Image{Name: name, File: r.File, Line: line + r.Line, Use: "dockerfile-from", Platforms: on})
	}
	if failed != nil && !hasImage && !hasStage {
		if shown == "" {
			shown = stage.BaseName
		}
		r.Invalid(r.File, line+r.Line, shown, "BuildKit refuses it: "+failed.Error())
	}
}

func isBare(name string) bool { return !strings.ContainsAny(name, "/:@") }

func distinct(names []string) []string {
	seen := map[string]bool{}
	kept := []string{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			kept = append(kept, name)
		}
	}
	return kept
}
