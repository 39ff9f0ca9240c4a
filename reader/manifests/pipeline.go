package main

import (
	"regexp"

	"finch-signing/reader/manifests/objects"
)

var (
	gitlabName     = regexp.MustCompile(`(?i)(^|/)[^/]*\.gitlab-ci[^/]*\.ya?ml$`)
	cloudBuildName = regexp.MustCompile(`(?i)(^|/)cloudbuild[^/]*\.(ya?ml|json)$`)
)

// readPipeline notes what pipelines of other forges name by other keys than `image`: the services of GitLab, and the steps of
// Google's Cloud Build.
func readPipeline(notes *objects.Notes, file string, documents []any) {
	for _, document := range documents {
		object, _ := document.(map[string]any)
		switch {
		case gitlabName.MatchString(file):
			readGitlabJob(notes, object)
			for _, job := range object {
				keys, _ := job.(map[string]any)
				readGitlabJob(notes, keys)
			}
		case cloudBuildName.MatchString(file):
			for _, step := range items(object["steps"]) {
				noteName(notes, step)
			}
		}
	}
}

func readGitlabJob(notes *objects.Notes, job map[string]any) {
	if image, ok := job["image"].(map[string]any); ok {
		noteName(notes, image)
	}
	for _, service := range items(job["services"]) {
		if text, ok := service.(string); ok {
			notes.Image(text, "workflow-service")
		}
		noteName(notes, service)
	}
}

func noteName(notes *objects.Notes, value any) {
	keys, _ := value.(map[string]any)
	if name, ok := keys["name"].(string); ok {
		notes.Image(name, "workflow-service")
	}
}

func items(value any) []any {
	found, _ := value.([]any)
	return found
}
