package interp

import (
	"context"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// world is a registry of types with one store in it.
type world struct {
	t     testing.TB
	types *vm.Types
	store *vm.Store
	ctx   context.Context
	opts  Options
}

func newWorld(t testing.TB, lim vm.Limits, opts Options) *world {
	w := &world{t: t, types: vm.NewTypes(), ctx: context.Background(), opts: opts}
	w.store = vm.NewStore(w.types, New(), lim)
	t.Cleanup(w.store.Close)
	return w
}

// module compiles a module in text form.
func (w *world) module(src string) *vm.Module {
	w.t.Helper()
	m, err := text.ParseModule([]byte(src), op.FeaturesAll)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.compile(m)
}

func (w *world) compile(m *wasm.Module) *vm.Module {
	w.t.Helper()
	p, err := w.tryCompile(m)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) tryCompile(m *wasm.Module) (*vm.Module, error) {
	w.t.Helper()
	info, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll, Parallelism: 1})
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := vm.NewModule(w.types, m)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = Compile(p, info, w.opts)
	return p, err
}

// instance is an instance whose exports are called by name.
type instance struct {
	w *world
	*vm.Instance
}

// instantiate makes an instance of a module in text form.
func (w *world) instantiate(src string, imports ...vm.Extern) instance {
	w.t.Helper()
	return w.link(w.module(src), imports...)
}

func (w *world) link(m *vm.Module, imports ...vm.Extern) instance {
	w.t.Helper()
	i, err := vm.Instantiate(w.ctx, w.store, m, imports)
	if err != nil {
		w.t.Fatal(err)
	}
	return instance{w, i}
}

// fn returns an exported function.
func (i instance) fn(name string) *vm.Func {
	i.w.t.Helper()
	for _, e := range i.Module.Exports {
		if e.Name == name && e.Kind == wasm.ExternFunc {
			return i.Func(wasm.FuncIdx(e.Index))
		}
	}
	i.w.t.Fatalf("no export %q", name)
	return nil
}

// extern returns an exported function as an import.
func (i instance) extern(name string) vm.Extern {
	return vm.Extern{Kind: wasm.ExternFunc, Func: i.fn(name)}
}

// try calls an export and returns its first result slot.
func (i instance) try(name string, args ...uint64) (uint64, error) {
	i.w.t.Helper()
	f := i.fn(name)
	slots := make([]uint64, max(f.ParamSlots, f.ResultSlots, 1))
	copy(slots, args)
	err := i.w.store.Exec.Call(i.w.ctx, f, slots)
	return slots[0], err
}

// call is try for calls that must not fail.
func (i instance) call(name string, args ...uint64) uint64 {
	i.w.t.Helper()
	r, err := i.try(name, args...)
	if err != nil {
		i.w.t.Fatalf("%s(%v): %v", name, args, err)
	}
	return r
}

// host makes an imported host function; sig is "params:results" in the letters
// of package op.
func (w *world) host(sig string, f vm.HostFunc) vm.Extern {
	w.t.Helper()
	in, out, _ := strings.Cut(sig, ":")
	list := func(s string) (l []string) {
		for _, c := range s {
			l = append(l, map[rune]string{'i': "i32", 'I': "i64", 'f': "f32", 'F': "f64", 'v': "v128"}[c])
		}
		return l
	}
	m := w.module("(module (type (func (param " + strings.Join(list(in), " ") + ") (result " + strings.Join(list(out), " ") + "))))")
	return vm.Extern{Kind: wasm.ExternFunc, Func: vm.NewHostFunc(w.types, m.TypeIDs[0], "host", f)}
}
