package wamr

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/interp"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Engine names what executes Wasm code.
type Engine string

// The engines.
const (
	EngineAuto   Engine = ""       // the best one for this system
	EngineInterp Engine = "interp" // the portable interpreter
)

// Config configures a [Runtime]. The zero value is the safe and usual choice.
type Config struct {
	// Engine is what executes Wasm code.
	Engine Engine
	// Disable is the set of proposals that modules may not use, nor any that
	// extends one of them. All are on by default; see [FeaturesAll].
	Disable Feature
	// Parallelism is the number of goroutines that validate a module; 0 means
	// one per processor.
	Parallelism int
	// Eager makes [Runtime.Compile] compile all functions at once instead of
	// each at its first call.
	Eager bool
	// RecoverHostPanics turns a panic of a host function into an error of the
	// call, a [Trap] whose cause is a *[HostPanicError]; the instance stays
	// usable. Without it the panic goes on, with such an error as its value,
	// through the Wasm frames to whoever called them.
	RecoverHostPanics bool
	// MaxModuleSize is the largest module in bytes that Compile takes; 0 means
	// 1 GiB.
	MaxModuleSize int64
	// Hooks are called at events, for tracing and metrics.
	Hooks Hooks
	// Logger receives the rare messages that are no errors; nil means
	// slog.Default().
	Logger *slog.Logger
}

// Validate says what is wrong with the configuration, if anything.
func (c *Config) Validate() error {
	switch c.Engine {
	case EngineAuto, EngineInterp:
	default:
		return fmt.Errorf("wamr: unknown engine %q (known: %q)", c.Engine, EngineInterp)
	}
	if c.Parallelism < 0 {
		return fmt.Errorf("wamr: Config.Parallelism is %d, but must not be negative", c.Parallelism)
	}
	if c.MaxModuleSize < 0 || c.MaxModuleSize > wasm.MaxModuleSize {
		return fmt.Errorf("wamr: Config.MaxModuleSize is %d, but must lie between 0 and %d", c.MaxModuleSize, wasm.MaxModuleSize)
	}
	return nil
}

// Hooks are functions that the runtime calls at events; nil ones are not
// called. They run on the goroutine that causes the event, must be safe for
// concurrent use, and must not call back into the store concerned.
type Hooks struct {
	// Compile is called after each compilation.
	Compile func(m *Module, took time.Duration, err error)
	// Instantiate is called after each instantiation.
	Instantiate func(m *Module, took time.Duration, err error)
	// Call is called after each call from Go by way of [Instance.Call] or
	// [Func.Call]. Raw and typed calls skip it.
	Call func(f *Func, took time.Duration, err error)
	// Trap is called for every trap that reaches Go from those calls.
	Trap func(t *Trap)
	// Grow is called after [Memory.Grow] and memory.grow have enlarged a
	// memory, with its new size in bytes.
	Grow func(bytes uint64)
}

// Runtime holds what modules and stores share: the engine, canonical types,
// pools of memories and stacks. A program usually has one. It is safe for
// concurrent use.
type Runtime struct {
	cfg    Config
	types  *vm.Types
	engine *interp.Engine
	closed atomic.Bool
	stats  runtimeStats
}

type runtimeStats struct {
	modules, instances, traps atomic.Uint64
}

// RuntimeStats are counters of a runtime since its start.
type RuntimeStats struct {
	Modules   uint64 // compiled
	Instances uint64 // instantiated
	Traps     uint64 // that reached Go through Call
}

// NewRuntime makes a runtime.
func NewRuntime(cfg Config) (*Runtime, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.MaxModuleSize == 0 {
		cfg.MaxModuleSize = wasm.MaxModuleSize
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	return &Runtime{cfg: cfg, types: vm.NewTypes(), engine: interp.New()}, nil
}

// Engine returns the engine that executes the runtime's code, never
// [EngineAuto].
func (rt *Runtime) Engine() Engine { return EngineInterp }

// Features returns the proposals that modules may use: all but the disabled ones
// and those that extend them.
func (rt *Runtime) Features() Feature { return (FeaturesAll &^ rt.cfg.Disable).Consistent() }

// Stats returns the runtime's counters.
func (rt *Runtime) Stats() RuntimeStats {
	return RuntimeStats{rt.stats.modules.Load(), rt.stats.instances.Load(), rt.stats.traps.Load()}
}

// Close says that the runtime is no longer used for new modules and instances.
// Stores that are open stay usable; close them themselves. It always returns
// nil.
func (rt *Runtime) Close() error {
	rt.closed.Store(true)
	return nil
}

// Compile decodes (or parses, if src is in the text format), validates and
// prepares a module. The module may alias src, which must not be changed
// afterwards. The error is a *[DecodeError], a *[ValidationError], a
// *[LimitError], a *[TextError] or ctx's.
func (rt *Runtime) Compile(ctx context.Context, src []byte) (m *Module, err error) {
	if rt.closed.Load() {
		return nil, &ClosedError{"runtime"}
	}
	if hook := rt.cfg.Hooks.Compile; hook != nil {
		start := time.Now()
		defer func() { hook(m, time.Since(start), err) }()
	}
	if int64(len(src)) > rt.cfg.MaxModuleSize {
		return nil, &LimitError{Name: "module bytes", Have: uint64(len(src)), Max: uint64(rt.cfg.MaxModuleSize)}
	}
	wm, err := parse(src, rt.Features())
	if err != nil {
		return nil, err
	}
	return rt.compile(ctx, wm)
}

func (rt *Runtime) compile(ctx context.Context, wm *wasm.Module) (*Module, error) {
	info, err := valid.Module(ctx, wm, valid.Config{Features: rt.Features(), Parallelism: rt.cfg.Parallelism})
	if err != nil {
		return nil, err
	}
	m, err := rt.prepare(info, false)
	if err != nil {
		return nil, err
	}
	rt.stats.modules.Add(1)
	return newModule(rt, m, info), nil
}

// prepare makes code of a valid module, metered if it is for stores that limit
// fuel or the depth of calls.
func (rt *Runtime) prepare(info *valid.Info, metered bool) (*vm.Module, error) {
	m, err := vm.NewModule(rt.types, info.Module)
	if err != nil {
		return nil, err
	}
	_, err = interp.Compile(m, info, interp.Options{Metered: metered, Eager: rt.cfg.Eager, Parallelism: rt.cfg.Parallelism})
	return m, err
}

// parse reads a module in either format.
func parse(src []byte, features Feature) (*wasm.Module, error) {
	if isBinary(src) {
		return binary.Decode(src, features)
	}
	m, err := text.ParseModule(src, features)
	if err != nil {
		return nil, err
	}
	// By way of the binary format, so that offsets in errors and stack traces
	// are those of the module's binary.
	return binary.Decode(binary.Encode(m), features)
}

// isBinary says whether src is meant to be in the binary format: it begins
// with the magic number or can't be text.
func isBinary(src []byte) bool {
	if len(src) == 0 || src[0] == 0 {
		return true
	}
	for _, c := range src[:min(len(src), 64)] {
		switch c {
		case ' ', '\t', '\n', '\r':
			continue
		case '(', ';':
			return false
		}
		return true
	}
	return false
}

// TextError says why a text is no module, and where.
type TextError = text.Error
