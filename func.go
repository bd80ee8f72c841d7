package wamr

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Func is a function of a store: one that a module defines or imports, or a
// host function that Wasm code has a reference to.
type Func struct {
	st  *Store
	f   *vm.Func
	ref vm.Ref
	// refParams says that a parameter is a reference.
	refParams bool
}

func newFunc(st *Store, f *vm.Func, ref vm.Ref) *Func {
	return &Func{st, f, ref, slices.ContainsFunc(f.Sig.Params, wasm.ValType.IsRef)}
}

// Type returns the function's type.
func (f *Func) Type() *FuncType { return f.f.Sig }

// Name returns the function's name from the module's name section or exports,
// or the one that a host function was defined under.
func (f *Func) Name() string {
	if f.f.Inst != nil {
		if inst, ok := f.f.Inst.Owner.(*Instance); ok {
			return inst.mod.FuncName(uint32(f.f.Index))
		}
	}
	return f.f.Name
}

// String describes the function for messages.
func (f *Func) String() string {
	name := f.Name()
	if name == "" {
		name = fmt.Sprintf("#%d", f.f.Index)
	}
	return "func " + name + " " + f.Type().String()
}

// Slots returns how many slots [Func.CallRaw] needs: the larger of what the
// arguments and the results take.
func (f *Func) Slots() int { return int(max(f.f.ParamSlots, f.f.ResultSlots)) }

// Call calls the function. The arguments must have the types of its
// parameters. A trap is returned as a *[Trap].
func (f *Func) Call(ctx context.Context, args ...Value) (res []Value, err error) {
	if err := f.st.enter(); err != nil {
		return nil, err
	}
	sig := f.Type()
	if len(args) != len(sig.Params) {
		return nil, fmt.Errorf("wamr: %d arguments for a function of type %v", len(args), sig)
	}
	slots := f.st.scratch[:]
	if n := f.Slots(); n > len(slots) {
		slots = make([]uint64, n)
	}
	if err := f.putArgs(slots, args); err != nil {
		return nil, err
	}
	if err := f.observed(ctx, slots); err != nil {
		return nil, err
	}
	res = make([]Value, len(sig.Results))
	at := 0
	for i, t := range sig.Results {
		res[i] = f.st.get(slots[at:], t)
		at += t.Slots()
	}
	return res, nil
}

// putArgs writes the arguments into slots.
func (f *Func) putArgs(slots []uint64, args []Value) error {
	// Making a reference may collect garbage, to which those made before must
	// not fall.
	var pins pins
	defer pins.drop(f.st)
	at := 0
	for i, t := range f.f.Sig.Params {
		if err := f.st.put(slots[at:], t, args[i]); err != nil {
			return fmt.Errorf("wamr: argument %d: %w", i, err)
		}
		if _, isNew := args[i].ref.(hostValue); isNew {
			pins.add(f.st, vm.Ref(slots[at]))
		}
		at += t.Slots()
	}
	return nil
}

// observed calls the function and the hooks.
func (f *Func) observed(ctx context.Context, slots []uint64) error {
	hook := f.st.rt.cfg.Hooks.Call
	var start time.Time
	if hook != nil { // asking for the time costs more than a short call
		start = time.Now()
	}
	err := f.st.call(ctx, f.f, slots)
	if hook != nil {
		hook(f, time.Since(start), err)
	}
	if err != nil {
		f.st.countTrap(err)
	}
	return err
}

// CallRaw calls the function without allocation. The first slots hold the
// arguments and are replaced by the results: i32 and f32 zero-extended, i64 and
// f64 as bits, a v128 in two slots, low half first. References can't be passed
// this way, except null as 0; a function that takes any is refused.
func (f *Func) CallRaw(ctx context.Context, slots []uint64) error {
	if err := f.st.enter(); err != nil {
		return err
	}
	if len(slots) < f.Slots() {
		return fmt.Errorf("wamr: %d slots for a call that needs %d", len(slots), f.Slots())
	}
	if f.refParams {
		if err := f.checkRawRefs(slots); err != nil {
			return err
		}
	}
	return f.st.call(ctx, f.f, slots)
}

// checkRawRefs refuses references in raw slots: a number that is none would let
// Wasm code reach what it must not.
func (f *Func) checkRawRefs(slots []uint64) error {
	at := 0
	for i, t := range f.f.Sig.Params {
		if t.IsRef() && (slots[at] != 0 || !t.Nullable()) {
			return fmt.Errorf("wamr: parameter %d is a reference, which can't be passed as a raw slot: use Call", i)
		}
		at += t.Slots()
	}
	return nil
}

// put writes a value of type t, whose concrete heap types are canonical, into
// the store's slots.
func (st *Store) put(slots []uint64, t ValueType, v Value) error {
	if !t.IsRef() {
		if v.typ != t {
			return fmt.Errorf("a value of type %v where %v is expected", v.typ, t)
		}
		slots[0] = v.lo
		if t == wasm.V128 {
			slots[1] = v.hi
		}
		return nil
	}
	r, err := st.ref(t, v)
	slots[0] = uint64(r)
	return err
}

// ref returns the reference that v stands for in the store, if it is of type t.
func (st *Store) ref(t ValueType, v Value) (vm.Ref, error) {
	mismatch := func(have any) error { return fmt.Errorf("%v where %v is expected", have, t) }
	if !v.typ.IsRef() {
		return vm.Null, mismatch("a value of type " + v.typ.String())
	}
	switch p := v.ref.(type) {
	case nil:
		// A null of one of a module's own types has that module's index in its
		// type, which says nothing here; all nulls are alike anyway.
		_, concrete := v.typ.Heap().Concrete()
		if !t.Nullable() || !concrete && !st.s.NullMatches(v.typ, t) {
			return vm.Null, mismatch("a null " + v.typ.String())
		}
		return vm.Null, nil
	case *Func:
		if p.st != st {
			return vm.Null, errors.New("a function of another store")
		}
		if !st.s.FuncRefMatches(p.ref, t.Heap()) {
			return vm.Null, mismatch(p)
		}
		return p.ref, nil
	case *Ref:
		if p.st != st {
			return vm.Null, errors.New("a reference into another store")
		}
		if !st.s.RefMatches(p.ref, p.typ, t) {
			return vm.Null, mismatch(p)
		}
		return p.ref, nil
	case hostValue:
		if t.Heap() != wasm.HeapExtern {
			return vm.Null, mismatch("a Go value")
		}
		return st.s.NewHostRef(p.v), nil
	}
	return vm.Null, mismatch(v)
}

// get reads a value of type t from slots.
func (st *Store) get(slots []uint64, t ValueType) Value {
	v := Value{typ: t, lo: slots[0]}
	switch {
	case t == wasm.V128:
		v.hi = slots[1]
	case t.IsRef():
		v.lo = 0
		if r := vm.Ref(slots[0]); r != vm.Null {
			v.ref = st.wrapRef(r, t)
		}
	}
	return v
}

// Index returns the function's position in the function index space of its
// module; 0 for host functions.
func (f *Func) Index() uint32 { return uint32(f.f.Index) }
