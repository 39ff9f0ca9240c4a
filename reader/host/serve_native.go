//go:build !js

package host

import (
	"bufio"
	"os"
)

// Serve takes tasks from standard input, one a line, and answers each with a line.
func Serve(handle func(task []byte) []byte) {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		task, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		os.Stdout.Write(append(handle(task), '\n'))
	}
}
