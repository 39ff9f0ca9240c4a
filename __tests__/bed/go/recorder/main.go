// Command recorder is the interpreter of small wrapper files: it writes down how the wrapper was called,
// then becomes the wrapped program. A wrapper reads
//
//	#!/path/of/recorder
//	tool=cosign
//	target=/path/of/the/real/cosign
//	record=/path/of/record.jsonl
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

type call struct {
	Tool string            `json:"tool"`
	Argv []string          `json:"argv"`
	Env  map[string]string `json:"env"`
	Pid  int               `json:"pid"`
	UID  int               `json:"uid"`
	Time int64             `json:"time"`
}

func main() {
	if len(os.Args) < 2 {
		fail("used without a wrapper")
	}
	settings, err := read(os.Args[1])
	if err != nil {
		fail(err.Error())
	}
	if err := note(settings, os.Args[2:]); err != nil {
		fail(err.Error())
	}
	argv := append([]string{settings["tool"]}, os.Args[2:]...)
	err = syscall.Exec(settings["target"], argv, os.Environ())
	fail(settings["target"] + ": " + err.Error())
}

func read(wrapper string) (map[string]string, error) {
	text, err := os.ReadFile(wrapper)
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	for _, line := range strings.Split(string(text), "\n")[1:] {
		if name, value, found := strings.Cut(line, "="); found {
			settings[name] = value
		}
	}
	return settings, nil
}

func note(settings map[string]string, args []string) error {
	env := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	line, err := json.Marshal(call{settings["tool"], args, env, os.Getpid(), os.Getuid(), time.Now().UnixMilli()})
	if err != nil {
		return err
	}
	file, err := os.OpenFile(settings["record"], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(append(line, '\n'))
	return err
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "recorder:", message)
	os.Exit(126)
}
