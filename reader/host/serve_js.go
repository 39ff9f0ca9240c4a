//go:build js

package host

import "syscall/js"

// Serve takes tasks from the worker, one at a time, until the worker is ended.
func Serve(handle func(task []byte) []byte) {
	tasks := make(chan string, 1)
	js.Global().Set("readerTask", js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		tasks <- arguments[0].String()
		return nil
	}))
	js.Global().Call("readerReady")
	for task := range tasks {
		js.Global().Call("readerAnswer", string(handle([]byte(task))))
	}
}
