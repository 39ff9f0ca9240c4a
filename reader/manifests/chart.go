package main

import (
	"os"
	"path"
	"regexp"
	"strings"

	"finch-signing/reader/host"
	"finch-signing/reader/manifests/objects"
)

var (
	// The value of a key that ends in `image`, up to the end of its line.
	imageLine = regexp.MustCompile(`(?:^|[\s"'{,-])(\w*[iI]mage)["']?\s*:\s*(.+)`)
	// A scalar where it begins.
	plainStart  = regexp.MustCompile(`^["']?([^\s"',}\]#]+)`)
	quoted      = regexp.MustCompile("[\"'`]([^\"'`]+)[\"'`]")
	withVersion = regexp.MustCompile(`[:@][^/]+$`)
	emptyKey    = regexp.MustCompile(`(\bimage["']?\s*:)[ \t]*(?:[|>][-+0-9]*[ \t]*)?\n\s*`)
)

// chartOf is the folder of the chart that a file belongs to: as its Chart.yaml, its values or a template.
func chartOf(work task) string {
	directory, base := path.Split(work.File)
	directory = path.Clean(directory)
	if base == "Chart.yaml" {
		return topChart(work.Root, directory)
	}
	for at := directory; ; at = path.Dir(at) {
		if _, err := os.Stat(path.Join(work.Root, at, "Chart.yaml")); err == nil {
			inside := strings.TrimPrefix(work.File, at+"/")
			if at == "." {
				inside = work.File
			}
			isPart := strings.HasPrefix(inside, "templates/") || strings.HasPrefix(inside, "crds/") || inside == "Chart.lock" || inside == "values.schema.json"
			if isPart || (!strings.Contains(inside, "/") && strings.Contains(strings.ToLower(base), "values")) {
				return topChart(work.Root, at)
			}
			return ""
		}
		if at == "." || at == "/" {
			return ""
		}
	}
}

// topChart is the chart that is installed: one in the folder charts/ of another is a part of that.
func topChart(root, at string) string {
	for {
		above, last := path.Split(at)
		above = path.Clean(above)
		if last == "" || path.Base(above) != "charts" {
			return at
		}
		parent := path.Dir(above)
		if _, err := os.Stat(path.Join(root, parent, "Chart.yaml")); err != nil {
			return at
		}
		at = parent
	}
}

// readChartFile reads one file of a chart as it stands: what of it is a name already is one whatever the chart makes of the rest.
func readChartFile(work task, chart, text string) *host.Found {
	notes := objects.NewNotes("helm-chart", work.File, text)
	follow := host.Follow{Program: "chart", Path: chart}
	base := path.Base(work.File)
	isValues := path.Dir(work.File) == chart && strings.Contains(strings.ToLower(base), "values")
	if isValues && base != "values.yaml" && strings.HasSuffix(base, "ml") {
		follow.Values = []string{work.File}
	}
	notes.Follow = append(notes.Follow, follow)
	if base == "values.schema.json" || base == "NOTES.txt" {
		return notes.Found
	}
	documents, err := objects.Decode(text)
	if err == nil {
		for _, document := range documents {
			notes.Document(document)
		}
	}
	if err != nil || strings.Contains(text, "{{") || base == "Chart.yaml" {
		imageLines(notes, text)
	}
	return notes.Found
}

// imageLines notes the names that stand behind a key `image` of a template: as its value, or quoted inside of an action
// (`default "registry.example/app:1"`). What is no name by itself belongs to the rendered chart.
func imageLines(notes *objects.Notes, text string) {
	for _, line := range strings.Split(emptyKey.ReplaceAllString(text, "$1 "), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		match := imageLine.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		if start := plainStart.FindStringSubmatch(match[2]); start != nil {
			if value := start[1]; objects.IsImageText(match[1], value) {
				notes.Image(value, "helm-values")
			}
		}
		for _, word := range quoted.FindAllStringSubmatch(match[2], -1) {
			if value := word[1]; withVersion.MatchString(value) && objects.IsImageText(match[1], value) {
				notes.Image(value, "helm-values")
			}
		}
	}
}
