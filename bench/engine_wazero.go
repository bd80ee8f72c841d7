package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

// wazeroEngine is github.com/tetratelabs/wazero, whose interpreter and compiler
// count as two engines. It always translates whole modules.
type wazeroEngine struct {
	tier   string
	config func() wazero.RuntimeConfig
	flags  []string // of its command
}

var (
	wazeroInterp   = wazeroEngine{"interp", wazero.NewRuntimeConfigInterpreter, []string{"run", "-interpreter"}}
	wazeroCompiler = wazeroEngine{"compiler", wazero.NewRuntimeConfigCompiler, []string{"run"}}
)

func (e wazeroEngine) name() string { return "wazero-" + e.tier }

func (e wazeroEngine) command() []string {
	return append([]string{"github.com/tetratelabs/wazero/cmd/wazero"}, e.flags...)
}

func (e wazeroEngine) open(options) (runtime, error) {
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, e.config().WithCoreFeatures(api.CoreFeaturesV2))
	i32 := api.ValueTypeI32
	_, err := rt.NewHostModuleBuilder("bench").
		NewFunctionBuilder().WithGoFunction(api.GoFunc(func(context.Context, []uint64) {}), nil, nil).Export("nop").
		NewFunctionBuilder().WithGoFunction(api.GoFunc(func(_ context.Context, stack []uint64) {
		stack[0] = uint64(uint32(stack[0]) + uint32(stack[1]))
	}), []api.ValueType{i32, i32}, []api.ValueType{i32}).Export("add").
		NewFunctionBuilder().WithFunc(func(a, b int32) int32 { return a + b }).Export("any").
		Instantiate(ctx)
	if err == nil {
		_, err = wasi_snapshot_preview1.Instantiate(ctx, rt)
	}
	if err != nil {
		return nil, errors.Join(err, rt.Close(ctx))
	}
	return &wazeroRuntime{rt}, nil
}

type wazeroRuntime struct{ rt wazero.Runtime }

func (r *wazeroRuntime) compile(wasm []byte) (module, error) {
	m, err := r.rt.CompileModule(context.Background(), wasm)
	if err != nil {
		return nil, err
	}
	return &wazeroModule{r.rt, m}, nil
}

func (r *wazeroRuntime) close() error { return r.rt.Close(context.Background()) }

type wazeroModule struct {
	rt wazero.Runtime
	m  wazero.CompiledModule
}

func (m *wazeroModule) instantiate() (instance, error) {
	inst, err := m.rt.InstantiateModule(context.Background(), m.m, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, err
	}
	return &wazeroInstance{inst}, nil
}

func (m *wazeroModule) run(args []string, stdout io.Writer) error {
	ctx := context.Background()
	config := wazero.NewModuleConfig().WithName("").WithArgs(args...).WithStdout(stdout).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep()
	inst, err := m.rt.InstantiateModule(ctx, m.m, config)
	var exit *sys.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 0 {
		err = nil
	}
	if inst != nil {
		if closeErr := inst.Close(ctx); err == nil {
			err = closeErr
		}
	}
	return err
}

func (m *wazeroModule) close() error { return m.m.Close(context.Background()) }

type wazeroInstance struct{ inst api.Module }

func (i *wazeroInstance) function(export string) (api.Function, error) {
	f := i.inst.ExportedFunction(export)
	if f == nil {
		return nil, fmt.Errorf("no export %q", export)
	}
	return f, nil
}

func (i *wazeroInstance) raw(export string) (func([]uint64) error, error) {
	f, err := i.function(export)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	return func(slots []uint64) error { return f.CallWithStack(ctx, slots) }, nil
}

// typed is nil: wazero has slots only.
func (i *wazeroInstance) typed(string) (func(a, b int32) (int32, error), error) { return nil, nil }

func (i *wazeroInstance) dynamic(export string) (func(a, b int32) (int32, error), error) {
	f, err := i.function(export)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	return func(a, b int32) (int32, error) {
		res, err := f.Call(ctx, api.EncodeI32(a), api.EncodeI32(b))
		if err != nil {
			return 0, err
		}
		return api.DecodeI32(res[0]), nil
	}, nil
}

func (i *wazeroInstance) close() error { return i.inst.Close(context.Background()) }
