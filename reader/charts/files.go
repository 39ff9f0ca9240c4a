package main

import (
	"bytes"
	"os"
	"path"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/ignore"
)

const (
	mostFiles  = 20_000
	mostBytes  = 64 << 20
	mostNested = 60
)

var byteOrderMark = []byte{0xEF, 0xBB, 0xBF}

// Folders that are no part of a chart even where its .helmignore forgets them.
var noPart = map[string]bool{".git": true, "node_modules": true}

type collected struct {
	files []*loader.BufferedFile
	rules *ignore.Rules
	bytes int
}

// chartFiles are the files of a chart's folder as Helm loads them. A file that may not be read is left out: the host says so.
func chartFiles(folder string) ([]*loader.BufferedFile, error) {
	rules := ignore.Empty()
	if text, err := os.ReadFile(path.Join(folder, ignore.HelmIgnore)); err == nil {
		if rules, err = ignore.Parse(bytes.NewReader(text)); err != nil {
			return nil, err
		}
	}
	rules.AddDefaults()
	all := &collected{rules: rules}
	err := all.add(folder, "", 0)
	return all.files, err
}

func (c *collected) add(folder, below string, depth int) error {
	entries, err := os.ReadDir(path.Join(folder, below))
	if err != nil || depth > mostNested {
		return err
	}
	for _, entry := range entries {
		name := path.Join(below, entry.Name())
		// Not of the entry: a link counts as what it leads to.
		info, err := os.Stat(path.Join(folder, name))
		if err != nil || noPart[entry.Name()] || c.rules.Ignore(name, info) {
			continue
		}
		if info.IsDir() {
			if err := c.add(folder, name, depth+1); err != nil {
				return err
			}
			continue
		}
		data, err := os.ReadFile(path.Join(folder, name))
		if err != nil {
			continue
		}
		c.bytes += len(data)
		if len(c.files) == mostFiles || c.bytes > mostBytes {
			return errTooMany
		}
		c.files = append(c.files, &loader.BufferedFile{Name: name, Data: bytes.TrimPrefix(data, byteOrderMark)})
	}
	return nil
}
