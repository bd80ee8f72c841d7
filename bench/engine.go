package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// An engine is one WebAssembly runtime in one configuration. Adding one takes a
// file that implements these interfaces, and its name in engines.
type engine interface {
	// name identifies the engine on the command line and in the tables.
	name() string
	// open makes a runtime whose modules may import WASI preview 1 and, from
	// module "bench", nop () -> (), and add and any (i32 i32) -> i32, which
	// both add. nop and add are defined the fastest way that the engine has
	// for typed host functions, any the most convenient one.
	open(o options) (runtime, error)
	// command is the arguments of the engine's own command that runs a
	// module as a whole process, the first being a package to build; nil if
	// there is none.
	command() []string
}

// options configure a runtime.
type options struct {
	// eager makes compile translate every function, where the engine would do
	// so at a function's first call. It is for measurements of whole modules.
	eager bool
}

type runtime interface {
	compile(wasm []byte) (module, error)
	close() error
}

type module interface {
	// instantiate makes an anonymous instance and calls no _start.
	instantiate() (instance, error)
	// run instantiates a command, with its arguments, calls _start, and
	// closes it. The outcome is an error unless its exit code is 0.
	run(args []string, stdout io.Writer) error
	close() error
}

type instance interface {
	// raw returns the fastest way from Go to an export: arguments and results
	// in the same slots, as bits.
	raw(export string) (func(slots []uint64) error, error)
	// typed returns a call of an export (i32 i32) -> i32 with Go types checked
	// by the compiler, as in the engine's documentation for such calls; nil if
	// it has none.
	typed(export string) (func(a, b int32) (int32, error), error)
	// dynamic is the same call the way that fits every type.
	dynamic(export string) (func(a, b int32) (int32, error), error)
	close() error
}

// engines is in the order of the tables' columns. The first one is the
// reference that others are given as ratios to.
var engines = []engine{wamrInterp, wazeroInterp, wazeroCompiler}

// chosen returns the engines with the given names, comma-separated, in the
// order of engines; all for "".
func chosen(names string) ([]engine, error) {
	if names == "" {
		return engines, nil
	}
	want := strings.Split(names, ",")
	var list []engine
	for _, e := range engines {
		if i := slices.Index(want, e.name()); i >= 0 {
			list = append(list, e)
			want = slices.Delete(want, i, i+1)
		}
	}
	if len(want) > 0 {
		return nil, fmt.Errorf("no engine %q", want[0])
	}
	return list, nil
}
