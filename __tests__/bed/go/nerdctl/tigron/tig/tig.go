// Package tig stands in for nerdctl's nested test module, which no module proxy serves.
// nerdctl's own commands pull in one helper that names this interface; nothing calls it.
package tig

// T is the part of testing.T that nerdctl's helper uses.
type T interface {
	Helper()
	FailNow()
	Fail()
	Log(args ...any)
	Name() string
	TempDir() string
}
