package wasi

import (
	"errors"
	"fmt"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/wasip1"
)

// Add defines the functions of WASI 0.1 in a linker, for programs that are given what cfg says. It fails if cfg makes no sense or a
// directory can't be opened. Each store gets descriptors of its own when one of its modules first calls a function; see [Close].
func Add(ln *wamr.Linker, cfg Config) error {
	h := &host{cfg: cfg.system(), key: new(wamr.Key[*wasip1.System])}
	trial, err := wasip1.New(h.cfg)
	if err != nil {
		return fmt.Errorf("wasi: %w", err)
	}
	if err := trial.Close(); err != nil {
		return fmt.Errorf("wasi: %w", err)
	}
	h.define(ln, wasip1.Module, wasip1.Functions)
	h.define(ln, wasip1.ModuleUnstable, wasip1.FunctionsUnstable)
	return nil
}

// host is one Add: a configuration, and the key under which stores keep what was made of it.
type host struct {
	cfg wasip1.Config
	key *wamr.Key[*wasip1.System]
}

// define puts a table of functions into a linker.
func (h *host) define(ln *wamr.Linker, module string, functions []wasip1.Function) {
	for i := range functions {
		f := &functions[i]
		sig := &wamr.FuncType{}
		for _, p := range f.Params {
			sig.Params = append(sig.Params, valueType(p))
		}
		for _, r := range f.Result {
			sig.Results = append(sig.Results, valueType(r))
		}
		ln.Raw(module, f.Name, sig, func(c *wamr.Caller, slots []uint64) error { return h.call(f, c, slots) })
	}
}

// valueType is a letter of a signature as a type.
func valueType(letter rune) wamr.ValueType {
	if letter == 'I' {
		return wamr.TypeI64
	}
	return wamr.TypeI32
}

// call calls a function for a module.
func (h *host) call(f *wasip1.Function, c *wamr.Caller, slots []uint64) error {
	s, err := h.system(c.Store())
	if err != nil {
		return err
	}
	errno, err := f.Call(c.Context(), s, (*callerMemory)(c), slots)
	if err != nil {
		var exit *wasip1.ExitError
		if errors.As(err, &exit) {
			return &wamr.ExitError{Code: exit.Code}
		}
		return &wamr.Trap{Kind: wamr.ErrInterrupted, Cause: err}
	}
	if f.Result != "" {
		slots[0] = uint64(errno)
	}
	return nil
}

// system is what a store has of WASI, made at the first use.
func (h *host) system(st *wamr.Store) (*wasip1.System, error) {
	if s, ok := h.key.Get(st); ok {
		return s, nil
	}
	s, err := wasip1.New(h.cfg)
	if err != nil {
		return nil, fmt.Errorf("wasi: %w", err)
	}
	h.key.Set(st, s)
	all, _ := systems.Get(st)
	systems.Set(st, append(all, s))
	// What closing says can't be told to anybody; Close reports it.
	st.OnClose(func() { _ = s.Close() })
	return s, nil
}

// systems are all that a store has of WASI, of whichever Add.
var systems = new(wamr.Key[[]*wasip1.System])

// Close closes all descriptors that the programs in a store have open; they find none afterwards. [Run] does it when its program has ended,
// and closing the store does it too, without saying what went wrong. Close must not run at the same time as a call into the store.
func Close(st *wamr.Store) error {
	all, _ := systems.Get(st)
	var errs []error
	for _, s := range all {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// callerMemory is the memory of a host function's caller.
type callerMemory wamr.Caller

// View implements wasip1.Memory.
func (m *callerMemory) View(offset, n uint32) ([]byte, bool) {
	b, err := (*wamr.Caller)(m).View(uint64(offset), uint64(n))
	return b, err == nil
}
