// Command hello is what runnable test images run: it prints the image's marker and its own arguments.
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	marker, err := os.ReadFile("/marker")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(strings.Join(append([]string{string(marker)}, os.Args[1:]...), " "))
}
