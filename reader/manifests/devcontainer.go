package main

import (
	"encoding/json"
	"path"

	"finch-signing/reader/host"
	"finch-signing/reader/manifests/objects"

	"github.com/tailscale/hujson"
)

// readDevContainer reads JSON with comments: an image, a Dockerfile, or compose files.
func readDevContainer(work task, text string) *host.Found {
	notes := objects.NewNotes("devcontainer", work.File, text)
	var keys map[string]any
	plain, err := hujson.Standardize([]byte(text))
	if err == nil {
		err = json.Unmarshal(plain, &keys)
	}
	if err != nil {
		notes.Invalid(work.File, 1, work.File, "it cannot be read: "+err.Error())
		return notes.Found
	}
	folder := path.Dir(work.File)
	if image, ok := keys["image"].(string); ok {
		notes.Image(image, "devcontainer-image")
	}
	build, _ := keys["build"].(map[string]any)
	for _, name := range []any{keys["dockerFile"], build["dockerfile"], build["dockerFile"]} {
		if file, ok := name.(string); ok {
			notes.Follow = append(notes.Follow, host.Follow{
				Program: "dockerfile", Path: path.Join(folder, file), Args: texts(build["args"]), Target: textOf(build["target"]), Line: notes.Lines.Of(file),
			})
		}
	}
	for _, name := range list(keys["dockerComposeFile"]) {
		notes.Follow = append(notes.Follow, host.Follow{Program: "compose", Path: path.Join(folder, name)})
	}
	return notes.Found
}

func texts(value any) map[string]string {
	made := map[string]string{}
	object, _ := value.(map[string]any)
	for key, one := range object {
		if text, ok := one.(string); ok {
			made[key] = text
		}
	}
	return made
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

func list(value any) []string {
	if text, ok := value.(string); ok {
		return []string{text}
	}
	made := []string{}
	items, _ := value.([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			made = append(made, text)
		}
	}
	return made
}
