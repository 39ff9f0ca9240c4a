// Tells which images BuildKit itself asks for when it builds a Dockerfile, by its conversion to LLB with a resolver that knows every
// name. It is the judge of the reader in tests, and no part of the bundle. Reads tasks from standard input, one a line.
package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"finch-signing/reader/host"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/appcontext"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

type task struct {
	Text string            `json:"text"`
	Args map[string]string `json:"args"`
	// Names that the reader found.
	Names []string `json:"names"`
}

type answer struct {
	// Missing are images that a build takes and the reader does not name.
	Missing []string `json:"missing"`
	// Builds tells that BuildKit takes the file for any platform.
	Builds bool `json:"builds"`
}

var platforms = []ocispecs.Platform{
	{OS: "linux", Architecture: "amd64"},
	{OS: "linux", Architecture: "arm64"},
	{OS: "linux", Architecture: "arm", Variant: "v7"},
	{OS: "windows", Architecture: "amd64"},
}

func main() {
	host.Serve(func(input []byte) []byte {
		var work task
		if err := json.Unmarshal(input, &work); err != nil {
			panic(err)
		}
		made, err := json.Marshal(judge(work))
		if err != nil {
			panic(err)
		}
		return made
	})
}

func judge(work task) answer {
	known := map[string]bool{}
	for _, name := range work.Names {
		known[normalised(name)] = true
	}
	result := answer{Missing: []string{}}
	for _, platform := range platforms {
		taken, err := build(work, platform)
		result.Builds = result.Builds || err == nil
		for _, name := range taken {
			if !known[name] && !slices.Contains(result.Missing, name) {
				result.Missing = append(result.Missing, name)
			}
		}
	}
	return result
}

// recorder answers for every image and notes its name.
type recorder struct{ names []string }

// ResolveImageConfig gives every image an empty configuration.
func (r *recorder) ResolveImageConfig(_ context.Context, name string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	r.names = append(r.names, normalised(name))
	config := []byte(`{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers"}}`)
	return name, digest.FromBytes(config), config, nil
}

// build gives the images of one build, also where BuildKit ends it half way; none where it refuses the file.
func build(work task, platform ocispecs.Platform) (names []string, err error) {
	resolver := &recorder{}
	options := dockerfile2llb.ConvertOpt{
		Config:         dockerui.Config{BuildArgs: work.Args, BuildPlatforms: platforms[:1]},
		TargetPlatform: &platform,
		MetaResolver:   resolver,
	}
	made, err := dockerfile2llb.Dockerfile2LLB(appcontext.Context(), []byte(work.Text), options)
	if err != nil {
		return nil, err
	}
	definition, err := made.State.Marshal(context.Background(), llb.Platform(platform))
	if err != nil {
		return nil, err
	}
	names = resolver.names
	for _, bytes := range definition.Def {
		var one pb.Op
		if err := one.Unmarshal(bytes); err != nil {
			return nil, err
		}
		if source := one.GetSource(); source != nil {
			if name, ok := strings.CutPrefix(source.Identifier, "docker-image://"); ok {
				names = append(names, normalised(name))
			}
		}
	}
	return names, nil
}

// normalised is a name without the digest that the resolver made up.
func normalised(name string) string {
	named, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return name
	}
	return reference.TagNameOnly(named).String()
}
