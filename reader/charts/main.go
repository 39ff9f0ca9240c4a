// Renders charts by Helm's engine and builds kustomizations by kustomize, so that what comes out of them is read as objects are.
// Neither is given a cluster, a network or a program: what needs one is said to be open.
package main

import (
	"encoding/json"

	"finch-signing/reader/host"
)

type task struct {
	// Program is "chart" or "kustomization".
	Program string `json:"program"`
	// File that led here, relative to the workspace.
	File string `json:"file"`
	// Folder of the chart or the kustomization, relative to the workspace.
	Folder string `json:"folder"`
	// Root of the workspace.
	Root string `json:"root"`
	// Values are files that the chart is rendered with in addition to those next to its Chart.yaml.
	Values []string `json:"values"`
}

func main() {
	host.Serve(func(input []byte) []byte {
		var work task
		if err := json.Unmarshal(input, &work); err != nil {
			panic(err)
		}
		return host.Answer(input, work.File, func() *host.Found {
			if work.Program == "chart" {
				return renderChart(work)
			}
			return buildKustomization(work)
		})
	})
}
