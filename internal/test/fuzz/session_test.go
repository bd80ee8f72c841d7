package fuzz

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"github.com/wamr-go/wamr"
)

// limits are small, so that modules reach them.
var limits = wamr.Limits{Memory: 1 << 20, Tables: 1000, GCHeap: 256 << 10, Stack: 256 << 10, Fuel: 100_000}

// A run must end by its fuel. These are for what fuel does not count, which is
// bounded otherwise: exceeding the first ends the run, the second is a hang.
const (
	deadline = 10 * time.Second
	hang     = 60 * time.Second
)

// outcome is all that can be seen of a run, in order. Runs of the same module
// must have the same.
type outcome struct {
	log []string
	// timedOut says that the deadline ended the run, which depends on the
	// machine.
	timedOut bool
}

func (o *outcome) note(format string, args ...any) {
	o.log = append(o.log, fmt.Sprintf(format, args...))
}

// fail notes an error. Traps are told by their kind and place.
func (o *outcome) fail(t *testing.T, what string, err error) {
	t.Helper()
	var trap *wamr.Trap
	var limit *wamr.LimitError
	switch {
	case errors.Is(err, wamr.ErrInterrupted):
		o.timedOut = true
	case errors.As(err, &trap):
		o.note("%s: %v", what, trap.Kind)
		for _, f := range wamr.Frames(err) {
			o.note("  function %d at %#x", f.Func, f.Offset)
		}
		if errors.Is(err, wamr.ErrHost) {
			t.Errorf("%s: %v, but there are no host functions", what, err)
		}
	case errors.As(err, &limit):
		o.note("%s: %v", what, err)
	default:
		t.Errorf("%s: error of type %T: %v", what, err, err)
	}
}

// run instantiates a module and calls all exported functions, with arguments
// made of entropy, as long as there is fuel.
func run(t *testing.T, rt *wamr.Runtime, m *wamr.Module, entropy []byte) *outcome {
	t.Helper()
	watchdog := time.AfterFunc(hang, func() { panic("a run hangs") })
	defer watchdog.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	o := new(outcome)
	st := rt.NewStore(limits)
	defer st.Close()
	inst, err := wamr.NewLinker().Instantiate(ctx, st, m)
	if err != nil {
		o.fail(t, "instantiate", err)
		o.note("fuel %d", st.Fuel())
		return o
	}
	for e := range m.Exports() {
		if e.Type.Kind != wamr.ExternFunc {
			continue
		}
		params := inst.Func(e.Name).Type().Params
		args := make([]wamr.Value, len(params))
		callable := true
		for k, p := range params {
			if args[k], entropy = argument(p, entropy); args[k].Type() == 0 {
				callable = false
			}
		}
		if !callable {
			continue
		}
		st.AddFuel(limits.Fuel / 4)
		res, err := inst.Call(ctx, e.Name, args...)
		if err != nil {
			o.fail(t, e.Name, err)
		} else {
			o.note("%s:%s", e.Name, values(res))
		}
		if o.timedOut {
			return o
		}
		o.note("fuel %d", st.Fuel())
	}
	o.state(inst)
	return o
}

// argument makes a value of type t; the zero Value if only Wasm code could.
func argument(t wamr.ValueType, entropy []byte) (wamr.Value, []byte) {
	var b [16]byte
	n := copy(b[:], entropy)
	rest := entropy[n:]
	lo, hi := binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:])
	switch {
	case t == wamr.TypeI32:
		return wamr.I32(int32(lo)), rest
	case t == wamr.TypeI64:
		return wamr.I64(int64(lo)), rest
	case t == wamr.TypeF32:
		return wamr.F32(float32(int32(lo)) / 16), rest
	case t == wamr.TypeF64:
		return wamr.F64(float64(int64(lo)) / 256), rest
	case t == wamr.TypeV128:
		return wamr.V128(lo, hi), rest
	case t == wamr.TypeExternRef && lo&1 == 0:
		return wamr.ExternRef("host"), rest
	case t.Nullable():
		return wamr.NullRef(t), rest
	}
	return wamr.Value{}, rest
}

// values writes results so that equal ones look equal. References are told by
// type and whether they are null.
func values(vs []wamr.Value) (s string) {
	for _, v := range vs {
		switch {
		case v.Type().IsRef():
			s += fmt.Sprintf(" %v null=%v", v.Type(), v.IsNull())
		case v.Type() == wamr.TypeV128:
			lo, hi := v.V128()
			s += fmt.Sprintf(" v128 %016x%016x", hi, lo)
		default:
			s += fmt.Sprintf(" %v %x", v.Type(), v.Bits())
		}
	}
	return s
}

// state notes the contents of what the module exports, which for generated
// modules is all it has.
func (o *outcome) state(inst *wamr.Instance) {
	for e := range inst.Module().Exports() {
		switch e.Type.Kind {
		case wamr.ExternMemory:
			m := inst.Memory(e.Name)
			h := fnv.New64a()
			if view, err := m.View(0, m.Size()); err == nil {
				h.Write(view)
			}
			o.note("memory %s: %d bytes, hash %x", e.Name, m.Size(), h.Sum64())
		case wamr.ExternGlobal:
			o.note("global %s:%s", e.Name, values([]wamr.Value{inst.Global(e.Name).Get()}))
		case wamr.ExternTable:
			o.note("table %s: %d elements", e.Name, inst.Table(e.Name).Size())
		}
	}
}

// same reports the first difference between two outcomes.
func same(t *testing.T, a, b *outcome) {
	t.Helper()
	if a.timedOut || b.timedOut {
		return
	}
	for k := range min(len(a.log), len(b.log)) {
		if a.log[k] != b.log[k] {
			t.Errorf("two runs differ:\n%s\n%s", a.log[k], b.log[k])
			return
		}
	}
	if len(a.log) != len(b.log) {
		t.Errorf("two runs differ in length: %d and %d", len(a.log), len(b.log))
	}
}
