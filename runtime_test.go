package wamr_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wamr-go/wamr"
)

func TestConfigValidate(t *testing.T) {
	for _, c := range []struct {
		cfg  wamr.Config
		want string // "": valid
	}{
		{wamr.Config{}, ""},
		{wamr.Config{Engine: wamr.EngineInterp, Parallelism: 3, MaxModuleSize: 1 << 30}, ""},
		{wamr.Config{Engine: "jit"}, `unknown engine "jit"`},
		{wamr.Config{Parallelism: -1}, "Parallelism"},
		{wamr.Config{MaxModuleSize: -1}, "MaxModuleSize"},
		{wamr.Config{MaxModuleSize: 1<<30 + 1}, "MaxModuleSize"},
	} {
		err := c.cfg.Validate()
		_, newErr := wamr.NewRuntime(c.cfg)
		if c.want == "" {
			noError(t, err)
			noError(t, newErr)
			continue
		}
		wantError(t, err, c.want)
		wantError(t, newErr, c.want)
	}
}

func TestRuntimeEngine(t *testing.T) {
	for _, e := range []wamr.Engine{wamr.EngineAuto, wamr.EngineInterp} {
		equal(t, "engine", newRuntime(t, wamr.Config{Engine: e}).Engine(), wamr.EngineInterp)
	}
}

func TestCompileErrors(t *testing.T) {
	rt := newRuntime(t, wamr.Config{MaxModuleSize: 1000})
	for _, c := range []struct{ name, src, want string }{
		{"empty", "", "unexpected end"},
		{"magic", "\x00wasm\x01\x00\x00\x00", "magic header not detected"},
		{"version", "\x00asm\x02\x00\x00\x00", "unknown binary version"},
		{"truncated", "\x00asm\x01\x00\x00\x00\x01\x05", "length out of bounds"},
		{"elf", "\x7fELF", "magic header not detected"},
		{"text", "(module (func (i32.bogus)))", "unknown operator"},
		{"open text", "(module", ""},
		{"invalid", "(module (func (result i32)))", "type mismatch"},
		{"size", "(module " + strings.Repeat(" ", 1000) + ")", "module bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			mod, err := rt.Compile(bg, []byte(c.src))
			if mod != nil {
				t.Error("there is a module")
			}
			wantError(t, err, c.want)
			var (
				decode  *wamr.DecodeError
				text    *wamr.TextError
				invalid *wamr.ValidationError
				limit   *wamr.LimitError
			)
			if !errors.As(err, &decode) && !errors.As(err, &text) && !errors.As(err, &invalid) && !errors.As(err, &limit) {
				t.Errorf("undocumented type %T", err)
			}
		})
	}
	equal(t, "modules", rt.Stats().Modules, 0)
}

func TestCompileFormats(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	for _, src := range []string{
		"(module $m (func (export \"f\") (result i32) (i32.const 7)))",
		" \t\r\n(module (func (export \"f\") (result i32) (i32.const 7)))",
		";; comment\n(func (export \"f\") (result i32) (i32.const 7))",
		"(; block ;) (module (func (export \"f\") (result i32) (i32.const 7)))",
		string(compile(t, rt, "(module (func (export \"f\") (result i32) (i32.const 7)))").Binary()),
	} {
		inst, err := wamr.NewLinker().Instantiate(bg, nil, compile(t, rt, src))
		noError(t, err)
		equal(t, "f", call1(t, inst, "f"), wamr.I32(7))
		inst.Store().Close()
	}
}

func TestCompileCancelled(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	ctx, cancel := context.WithCancel(bg)
	cancel()
	_, err := rt.Compile(ctx, []byte(addModule))
	wantIs(t, err, context.Canceled)
}

func TestRuntimeClosed(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	mod := compile(t, rt, addModule)
	inst, err := wamr.NewLinker().Instantiate(bg, nil, mod)
	noError(t, err)
	noError(t, rt.Close())
	noError(t, rt.Close())
	_, err = rt.Compile(bg, []byte(addModule))
	equal(t, "what", wantAs[*wamr.ClosedError](t, err).What, "runtime")
	if errors.Is(err, wamr.ErrClosed) {
		t.Error("a closed runtime is taken for a closed store")
	}
	_, err = wamr.NewLinker().Instantiate(bg, nil, mod)
	wantAs[*wamr.ClosedError](t, err)
	// Open stores stay usable.
	equal(t, "add", call1(t, inst, "add", wamr.I32(1), wamr.I32(2)), wamr.I32(3))
	inst.Store().Close()
}

// featureModules need one proposal each.
var featureModules = map[wamr.Feature]string{
	wamr.FeatureMutableGlobal:      `(module (global (export "g") (mut i32) (i32.const 0)))`,
	wamr.FeatureSignExt:            `(module (func (param i32) (drop (i32.extend8_s (local.get 0)))))`,
	wamr.FeatureSatFloatToInt:      `(module (func (param f32) (drop (i32.trunc_sat_f32_s (local.get 0)))))`,
	wamr.FeatureMultiValue:         `(module (func (result i32 i32) (i32.const 0) (i32.const 0)))`,
	wamr.FeatureReferenceTypes:     `(module (func (param externref)))`,
	wamr.FeatureBulkMemory:         `(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))`,
	wamr.FeatureSIMD:               `(module (func (param v128)))`,
	wamr.FeatureRelaxedSIMD:        `(module (func (param v128) (drop (i8x16.relaxed_swizzle (local.get 0) (local.get 0)))))`,
	wamr.FeatureTailCall:           `(module (func (return_call 0)))`,
	wamr.FeatureExtendedConst:      `(module (global i32 (i32.add (i32.const 1) (i32.const 2))))`,
	wamr.FeatureFunctionReferences: `(module (type $t (func)) (func (param (ref $t)) (call_ref $t (local.get 0))))`,
	wamr.FeatureGC:                 `(module (type (struct (field i32))))`,
	wamr.FeatureExceptions:         `(module (tag) (func (throw 0)))`,
	wamr.FeatureMemory64:           `(module (memory i64 1))`,
	wamr.FeatureMultiMemory:        `(module (memory 1) (memory 1))`,
	wamr.FeatureThreads:            `(module (memory 1 1 shared))`,
	wamr.FeatureLegacyExceptions:   `(module (tag) (func try nop catch 0 end))`,
	wamr.FeatureCustomPageSizes:    `(module (memory 1 (pagesize 1)))`,
	wamr.FeatureWideArithmetic:     `(module (func (param i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 0))))`,
}

func TestDisable(t *testing.T) {
	all := newRuntime(t, wamr.Config{})
	equal(t, "all features", all.Features(), wamr.FeaturesAll)
	for f, src := range featureModules {
		t.Run(f.String(), func(t *testing.T) {
			mod := compile(t, all, src)
			if mod.Needed()&f == 0 {
				t.Errorf("the module needs %v only", mod.Needed())
			}
			if parsed, ok := wamr.ParseFeature(f.String()); !ok || parsed != f {
				t.Errorf("parsing its name gives %v, %v", parsed, ok)
			}
			rt := newRuntime(t, wamr.Config{Disable: f})
			if rt.Features()&f != 0 {
				t.Error("it is not disabled")
			}
			if _, err := rt.Compile(bg, []byte(src)); err == nil {
				t.Error("the text is accepted without the proposal")
			}
			if _, err := rt.Compile(bg, mod.Binary()); err == nil {
				t.Error("the binary is accepted without the proposal")
			}
			if _, err := rt.Compile(bg, []byte(addModule)); err != nil {
				t.Errorf("a module that does not need it is refused: %v", err)
			}
		})
	}
	// A proposal takes those with it that extend it.
	if f := newRuntime(t, wamr.Config{Disable: wamr.FeatureReferenceTypes}).Features(); f&wamr.FeatureGC != 0 {
		t.Errorf("GC without reference types: %v", f)
	}
	if _, ok := wamr.ParseFeature("bogus"); ok {
		t.Error("there is a proposal named bogus")
	}
}

func TestHooksAndStats(t *testing.T) {
	var mu sync.Mutex
	count := map[string]int{}
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		count[what]++
	}
	var grown []uint64
	rt := newRuntime(t, wamr.Config{Hooks: wamr.Hooks{
		Compile: func(m *wamr.Module, took time.Duration, err error) {
			if (m == nil) != (err != nil) || took < 0 {
				t.Errorf("compile hook: %v %v %v", m, took, err)
			}
			note("compile")
		},
		Instantiate: func(m *wamr.Module, _ time.Duration, err error) { note("instantiate") },
		Call:        func(f *wamr.Func, _ time.Duration, err error) { note("call " + f.Name()) },
		Trap:        func(trap *wamr.Trap) { note("trap " + trap.Kind.String()) },
		Grow:        func(n uint64) { grown = append(grown, n) },
	}})
	inst := instantiateIn(t, nil, rt.NewStore(wamr.Limits{}), `(module
		(memory (export "memory") 1 4)
		(func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
		(func (export "trap") unreachable))`)
	_, err := rt.Compile(bg, []byte("(module"))
	wantError(t, err, "")
	call(t, inst, "grow", wamr.I32(1))
	call(t, inst, "grow", wamr.I32(100)) // refused
	call(t, inst, "grow", wamr.I32(0))   // nothing
	if old, ok := inst.Memory("memory").Grow(1); old != 2 || !ok {
		t.Errorf("grow: %d %v", old, ok)
	}
	_, err = inst.Call(bg, "trap")
	wantIs(t, err, wamr.ErrUnreachable)
	equal(t, "events", count, map[string]int{"compile": 2, "instantiate": 1, "call grow": 3, "call trap": 1, "trap unreachable": 1})
	equal(t, "sizes", grown, []uint64{2 << 16, 3 << 16})
	equal(t, "stats", rt.Stats(), wamr.RuntimeStats{Modules: 1, Instances: 1, Traps: 1})
	s := inst.Store().Stats()
	equal(t, "instances", s.Instances, 1)
	equal(t, "memory", s.MemoryBytes, 3<<16)
}

// TestRuntimeConcurrent compiles and runs from many goroutines at once.
func TestRuntimeConcurrent(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	binary := bytes.Clone(compile(t, rt, addModule).Binary())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 20 {
				mod, err := rt.Compile(bg, binary)
				if err != nil {
					t.Error(err)
					return
				}
				inst, err := wamr.NewLinker().Instantiate(bg, nil, mod)
				if err != nil {
					t.Error(err)
					return
				}
				res, err := inst.Call(bg, "add", wamr.I32(int32(i)), wamr.I32(1))
				if err != nil || res[0].I32() != int32(i)+1 {
					t.Errorf("add: %v %v", res, err)
				}
				inst.Store().Close()
			}
		})
	}
	wg.Wait()
}

func TestEagerCompiles(t *testing.T) {
	lazy := compile(t, newRuntime(t, wamr.Config{}), addModule)
	eager := compile(t, newRuntime(t, wamr.Config{Eager: true}), addModule)
	equal(t, "lazy", lazy.Stats().Compiled, 0)
	equal(t, "eager", eager.Stats().Compiled, 1)
	inst, err := wamr.NewLinker().Instantiate(bg, nil, lazy)
	noError(t, err)
	defer inst.Store().Close()
	call(t, inst, "add", wamr.I32(1), wamr.I32(2))
	equal(t, "after a call", lazy.Stats().Compiled, 1)
	equal(t, "code", lazy.Stats().CodeBytes, eager.Stats().CodeBytes)
}
