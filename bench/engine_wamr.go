package main

import (
	"context"
	"fmt"
	"io"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/wasi"
)

// wamrEngine is this repository's runtime.
type wamrEngine struct {
	engine wamr.Engine
}

var wamrInterp = wamrEngine{wamr.EngineInterp}

func (e wamrEngine) name() string { return "wamr-" + string(e.engine) }

func (e wamrEngine) command() []string {
	return []string{"github.com/wamr-go/wamr/cmd/iwasm", "--engine", string(e.engine)}
}

func (e wamrEngine) open(o options) (runtime, error) {
	rt, err := wamr.NewRuntime(wamr.Config{Engine: e.engine, Eager: o.eager})
	if err != nil {
		return nil, err
	}
	ln := wamr.NewLinker()
	wamr.DefineVoid0(ln, "bench", "nop", func() {})
	wamr.Define2(ln, "bench", "add", func(a, b int32) int32 { return a + b })
	ln.Func("bench", "any", func(a, b int32) int32 { return a + b })
	return &wamrRuntime{rt, ln}, ln.Err()
}

type wamrRuntime struct {
	rt *wamr.Runtime
	ln *wamr.Linker
}

func (r *wamrRuntime) compile(wasm []byte) (module, error) {
	m, err := r.rt.Compile(context.Background(), wasm)
	if err != nil {
		return nil, err
	}
	return &wamrModule{r, m}, nil
}

func (r *wamrRuntime) close() error { return r.rt.Close() }

type wamrModule struct {
	rt *wamrRuntime
	m  *wamr.Module
}

func (m *wamrModule) instantiate() (instance, error) {
	inst, err := m.rt.ln.Instantiate(context.Background(), nil, m.m)
	if err != nil {
		return nil, err
	}
	return &wamrInstance{inst}, nil
}

func (m *wamrModule) run(args []string, stdout io.Writer) error {
	ctx := context.Background()
	ln := wamr.NewLinker()
	if err := wasi.Add(ln, wasi.Config{Args: args, Stdout: stdout}); err != nil {
		return err
	}
	inst, err := ln.Instantiate(ctx, nil, m.m)
	if err != nil {
		return err
	}
	code, err := wasi.Run(ctx, inst)
	if err == nil && code != 0 {
		err = fmt.Errorf("exit code %d", code)
	}
	if closeErr := inst.Store().Close(); err == nil {
		err = closeErr
	}
	return err
}

// close has nothing to do: the collector frees modules.
func (m *wamrModule) close() error { return nil }

// codeBytes is the size of the translated code, and that of the functions'
// bodies it was translated from.
func (m *wamrModule) codeBytes() (code, wasm int) {
	s := m.m.Stats()
	return s.CodeBytes, s.WasmCodeBytes
}

type wamrInstance struct{ inst *wamr.Instance }

func (i *wamrInstance) raw(export string) (func([]uint64) error, error) {
	f := i.inst.Func(export)
	if f == nil {
		return nil, fmt.Errorf("no export %q", export)
	}
	ctx := context.Background()
	return func(slots []uint64) error { return f.CallRaw(ctx, slots) }, nil
}

func (i *wamrInstance) typed(export string) (func(a, b int32) (int32, error), error) {
	f, err := wamr.Func2[int32, int32, int32](i.inst, export)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	return func(a, b int32) (int32, error) { return f(ctx, a, b) }, nil
}

func (i *wamrInstance) dynamic(export string) (func(a, b int32) (int32, error), error) {
	f := i.inst.Func(export)
	if f == nil {
		return nil, fmt.Errorf("no export %q", export)
	}
	ctx := context.Background()
	return func(a, b int32) (int32, error) {
		res, err := f.Call(ctx, wamr.I32(a), wamr.I32(b))
		if err != nil {
			return 0, err
		}
		return res[0].I32(), nil
	}, nil
}

func (i *wamrInstance) close() error { return i.inst.Store().Close() }
