// Package wasi lets modules that package wamr runs use WASI 0.1, the system interface that most compilers target: arguments, environment,
// clocks, random numbers, standard input and outputs, files and accepted connections.
//
// Nothing is granted by default. The zero [Config] gives a program no arguments, no environment, no files, an empty input and outputs that
// go nowhere; only clocks, of a microsecond's grain, and random numbers are always there.
//
// [Add] defines the functions in a linker, [Run] runs a program:
//
//	ln := wamr.NewLinker()
//	err := wasi.Add(ln, wasi.Config{
//		Args:   []string{"prog", "-v"},
//		Stdout: os.Stdout,
//		FS:     wasi.Dir("/srv/data", wasi.ReadOnly),
//	})
//	inst, err := ln.Instantiate(ctx, nil, mod)
//	code, err := wasi.Run(ctx, inst)
//
// A directory that is granted is a capability: no name that a program uses reaches anything but what is below it. Absolute paths, "..",
// symbolic links, whoever made them, and directories moved or swapped meanwhile don't lead out.
//
// Each store has its own descriptors; modules in one store that import WASI from one linker share them. Both wasi_snapshot_preview1 and its
// predecessor wasi_unstable are served, each with its own layouts.
package wasi
