// Reads Dockerfiles by BuildKit's own parser. It is built twice: with the BuildKit that the default Finch ships (go.mod), and
// with the newest one (newest.mod); what either sees counts.
package main

import (
	"encoding/json"
	"os"

	"finch-signing/reader/host"
)

type task struct {
	// File to be shown, relative to the workspace.
	File string `json:"file"`
	// Path of the file; empty where Text is meant.
	Path string `json:"path"`
	Text string `json:"text"`
	// Line of File before the first line of Text.
	Line     int               `json:"line"`
	Args     map[string]string `json:"args"`
	Contexts []string          `json:"contexts"`
	Target   string            `json:"target"`
}

func main() {
	host.Serve(func(input []byte) []byte {
		var work task
		if err := json.Unmarshal(input, &work); err != nil {
			panic(err)
		}
		return host.Answer(input, work.File, func() *host.Found { return readTask(work) })
	})
}

func readTask(work task) *host.Found {
	text := []byte(work.Text)
	if work.Path != "" {
		var err error
		if text, err = os.ReadFile(work.Path); err != nil {
			found := host.NewFound("dockerfile")
			found.Invalid(work.File, work.Line, work.File, "the Dockerfile cannot be read")
			return found
		}
	}
	return read(work, text)
}
