package main

import "strings"

// sampleVersion stands for any version of Windows: one is never known, and its being there changes `${TARGETOSVERSION:+…}`.
const sampleVersion = "10.0.20348.9999"

type buildPlatform struct {
	name   string
	target [4]string
	build  [4]string
}

// Operating system, architecture, variant, version: as BuildKit normalises them (arm64/v8 has no variant, arm has v7 by default).
var known = [][4]string{
	{"linux", "amd64", "", ""},
	{"linux", "arm64", "", ""},
	{"linux", "arm", "v7", ""},
	{"linux", "arm", "v6", ""},
	{"linux", "arm", "v5", ""},
	{"linux", "386", "", ""},
	{"linux", "ppc64le", "", ""},
	{"linux", "s390x", "", ""},
	{"linux", "riscv64", "", ""},
	{"linux", "loong64", "", ""},
	{"linux", "mips64le", "", ""},
	{"linux", "mips64", "", ""},
	{"linux", "amd64", "v2", ""},
	{"linux", "amd64", "v3", ""},
	{"linux", "amd64", "v4", ""},
	{"linux", "arm64", "v9", ""},
	{"windows", "amd64", "", ""},
	{"windows", "amd64", "", sampleVersion},
	{"windows", "arm64", "", ""},
	{"darwin", "amd64", "", ""},
	{"darwin", "arm64", "", ""},
	{"freebsd", "amd64", "", ""},
	{"freebsd", "arm64", "", ""},
	{"wasi", "wasm", "", ""},
	{"wasip1", "wasm", "", ""},
	{"js", "wasm", "", ""},
}

// Images are built on Linux in most cases, and by Windows for Windows.
var buildPlatforms = func() []buildPlatform {
	made := []buildPlatform{}
	for _, target := range known {
		for _, build := range known {
			if build == target || build == known[0] || build == known[1] || (target == known[0] && build[0] != "wasi" && build[0] != "js") {
				made = append(made, buildPlatform{name: named(target), target: target, build: build})
			}
		}
	}
	return made
}()

func named(one [4]string) string {
	name := one[0] + "/" + one[1]
	if one[2] != "" {
		name += "/" + one[2]
	}
	return name
}

// withVersion is the form of TARGETPLATFORM, in which the version of the system stands in brackets.
func withVersion(one [4]string) string {
	if one[3] == "" {
		return named(one)
	}
	return strings.Replace(named(one), one[0], one[0]+"("+one[3]+")", 1)
}

func (p buildPlatform) arguments(stage string) variables {
	return variables{
		"BUILDPLATFORM":   named(p.build),
		"BUILDOS":         p.build[0],
		"BUILDARCH":       p.build[1],
		"BUILDVARIANT":    p.build[2],
		"BUILDOSVERSION":  p.build[3],
		"TARGETPLATFORM":  withVersion(p.target),
		"TARGETOS":        p.target[0],
		"TARGETARCH":      p.target[1],
		"TARGETVARIANT":   p.target[2],
		"TARGETOSVERSION": p.target[3],
		"TARGETSTAGE":     stage,
	}
}

// isUsual tells the platforms that nearly every image is built for.
func isUsual(platform string) bool { return platform == "linux/amd64" || platform == "linux/arm64" }
