// What podman, CRI-O, skopeo and bootc do before they use an image: the library that they share, asked about images and
// policies. Questions come as a JSON list on the standard input, answers leave as one on the standard output.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"go.podman.io/image/v5/docker"
	"go.podman.io/image/v5/docker/reference"
	"go.podman.io/image/v5/image"
	"go.podman.io/image/v5/manifest"
	"go.podman.io/image/v5/signature"
	"go.podman.io/image/v5/types"
)

type question struct {
	// A policy.json as text.
	Policy string `json:"policy"`
	// A reference with tag or digest.
	Image string `json:"image"`
	// The registry is not to be asked: only whether a requirement that needs no signature lets it through.
	NameOnly bool `json:"nameOnly"`
	// Folder with the registries.d files.
	Registries string `json:"registries"`
}

type answer struct {
	Passed bool   `json:"passed"`
	Why    string `json:"why"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, len(questions))
	for i, q := range questions {
		if err := ask(context.Background(), q); err != nil {
			answers[i] = answer{Why: err.Error()}
		} else {
			answers[i] = answer{Passed: true}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func ask(ctx context.Context, q question) error {
	policy, err := signature.NewPolicyFromBytes([]byte(q.Policy))
	if err != nil {
		return err
	}
	judge, err := signature.NewPolicyContext(policy)
	if err != nil {
		return err
	}
	defer judge.Destroy()
	named, err := reference.ParseNormalizedNamed(q.Image)
	if err != nil {
		return err
	}
	ref, err := docker.NewReference(reference.TagNameOnly(named))
	if err != nil {
		return err
	}
	settings := &types.SystemContext{
		RegistriesDirPath:           q.Registries,
		DockerInsecureSkipTLSVerify: types.OptionalBoolTrue,
		ArchitectureChoice:          "amd64",
		OSChoice:                    "linux",
	}
	var source types.ImageSource = nameOnly{ref: ref}
	if !q.NameOnly {
		if source, err = ref.NewImageSource(ctx, settings); err != nil {
			return err
		}
	}
	defer source.Close()
	chosen := image.UnparsedInstance(source, nil)
	if !q.NameOnly {
		if chosen, err = instance(ctx, settings, source); err != nil {
			return err
		}
	}
	_, err = judge.IsRunningImageAllowed(ctx, chosen)
	return err
}

// Of an index that manifest which would run on this machine, as a pull chooses it.
func instance(ctx context.Context, settings *types.SystemContext, source types.ImageSource) (*image.UnparsedImage, error) {
	top := image.UnparsedInstance(source, nil)
	blob, mediaType, err := top.Manifest(ctx)
	if err != nil {
		return nil, err
	}
	if !manifest.MIMETypeIsMultiImage(mediaType) {
		return top, nil
	}
	list, err := manifest.ListFromBlob(blob, mediaType)
	if err != nil {
		return nil, err
	}
	digest, err := list.ChooseInstance(settings)
	if err != nil {
		return nil, err
	}
	return image.UnparsedInstance(source, &digest), nil
}

// A source that has a name and nothing else.
type nameOnly struct {
	types.ImageSource
	ref types.ImageReference
}

func (n nameOnly) Reference() types.ImageReference { return n.ref }
func (n nameOnly) Close() error                    { return nil }
