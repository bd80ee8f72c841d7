// Package wamr embeds a WebAssembly runtime in a Go program: it loads,
// validates and runs WebAssembly 3.0 modules in pure Go, without cgo.
//
// The life of a module:
//
//	rt, err := wamr.NewRuntime(wamr.Config{})       // once per program
//	mod, err := rt.Compile(ctx, bytes)              // .wasm or .wat; immutable, shared
//	ln := wamr.NewLinker()                          // what modules may import
//	inst, err := ln.Instantiate(ctx, nil, mod)      // in a store of its own
//	add, err := wamr.Func2[int32, int32, int32](inst, "add")
//	sum, err := add(ctx, 1, 2)
//
// A [Runtime], a [Module] and a [Linker] that is no longer added to may be used
// by several goroutines at once. A [Store] and all that lives in it
// ([Instance], [Func], [Memory], [Table], [Global]) serve one goroutine at a
// time; [Store.Interrupt] and [Store.Close] alone may be called from others.
//
// Contexts are for cancellation and values only. Cancelling one stops Wasm code
// wherever it is, with a [Trap] for which errors.Is(err, ErrInterrupted) and
// errors.Is(err, context.Canceled) hold.
//
// Nothing of the host is reachable by a module unless the embedder puts it into
// the linker. Package wasi adds WASI preview 1.
package wamr
