package wamr_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/wamr-go/wamr"
)

const funcsModule = `(module
	(func (export "f0") (result f64) (f64.const 0.5))
	(func (export "f1") (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
	(func (export "f2") (param f32 f64) (result f64) (f64.add (f64.promote_f32 (local.get 0)) (local.get 1)))
	(func (export "f3") (param i32 i32 i32) (result i32) (i32.add (i32.mul (i32.add (i32.mul (local.get 0) (i32.const 10)) (local.get 1)) (i32.const 10)) (local.get 2)))
	(func (export "f4") (param i32 i32 i32 i32) (result i32) (i32.sub (local.get 0) (local.get 3)))
	(func (export "f5") (param i32 i32 i32 i32 i32) (result i32) (i32.sub (local.get 0) (local.get 4)))
	(func (export "f6") (param i32 i32 i32 i32 i32 i64) (result i64) (i64.sub (i64.extend_i32_s (local.get 0)) (local.get 5)))
	(func (export "void") (param i32))
	(func (export "trap") (param i32) (result i32) unreachable)
	(func $multi (export "multi") (param v128 i32) (result i32 v128 f32) (local.get 1) (local.get 0) (f32.const 1))
	(func (export "ref") (param externref (ref func)) (result externref) (local.get 0))
	(func (export "null") (param externref i32) (result i32) (i32.add (ref.is_null (local.get 0)) (local.get 1)))
	(memory (export "m") 1))`

func TestTypedFuncs(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, funcsModule)
	f0, err := wamr.Func0[float64](inst, "f0")
	noError(t, err)
	f1, err := wamr.Func1[uint64, uint64](inst, "f1")
	noError(t, err)
	f2, err := wamr.Func2[float32, float64, float64](inst, "f2")
	noError(t, err)
	f3, err := wamr.Func3[myInt, int32, uint32, myInt](inst, "f3")
	noError(t, err)
	f4, err := wamr.Func4[int32, int32, int32, int32, int32](inst, "f4")
	noError(t, err)
	f5, err := wamr.Func5[int32, int32, int32, int32, int32, int32](inst, "f5")
	noError(t, err)
	f6, err := wamr.Func6[int32, int32, int32, int32, int32, int64, int64](inst, "f6")
	noError(t, err)
	void, err := wamr.Func1[int32, wamr.Void](inst, "void")
	noError(t, err)
	trap, err := wamr.Func1[int32, int32](inst, "trap")
	noError(t, err)
	v0, err := f0(bg)
	noError(t, err)
	equal(t, "f0", v0, 0.5)
	v1, err := f1(bg, math.MaxUint64-1)
	noError(t, err)
	equal(t, "f1", v1, math.MaxUint64)
	v2, err := f2(bg, 0.5, -2)
	noError(t, err)
	equal(t, "f2", v2, -1.5)
	v3, err := f3(bg, 1, 2, 3)
	noError(t, err)
	equal(t, "f3", v3, 123)
	v4, err := f4(bg, 1, 0, 0, 5)
	noError(t, err)
	equal(t, "f4", v4, -4)
	v5, err := f5(bg, 1, 0, 0, 0, 6)
	noError(t, err)
	equal(t, "f5", v5, -5)
	v6, err := f6(bg, -1, 0, 0, 0, 0, math.MaxInt64)
	noError(t, err)
	equal(t, "f6", v6, math.MinInt64)
	_, err = void(bg, 1)
	noError(t, err)
	x, err := trap(bg, 9)
	wantIs(t, err, wamr.ErrUnreachable)
	equal(t, "result of a trap", x, 0)

	_, err = wamr.Func0[int32](inst, "nope")
	equal(t, "look-up", *wantAs[*wamr.LookupError](t, err), wamr.LookupError{Kind: wamr.ExternFunc, Name: "nope"})
	wantError(t, err, `no func named "nope"`)
	_, err = wamr.Func0[int32](inst, "m")
	wantAs[*wamr.LookupError](t, err)
	for _, bad := range []func() error{
		func() error { _, err := wamr.Func0[int32](inst, "f0"); return err },
		func() error { _, err := wamr.Func0[wamr.Void](inst, "f0"); return err },
		func() error { _, err := wamr.Func1[int32, float64](inst, "f0"); return err },
		func() error { _, err := wamr.Func1[float64, uint64](inst, "f1"); return err },
		func() error { _, err := wamr.Func0[int32](inst, "multi"); return err },
	} {
		wantError(t, bad(), "has type")
	}
}

func TestFuncCall(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, funcsModule)
	res := call(t, inst, "multi", wamr.V128(1, 2), wamr.I32(-3))
	equal(t, "results", res, []wamr.Value{wamr.I32(-3), wamr.V128(1, 2), wamr.F32(1)})
	for _, c := range []struct {
		name string
		args []wamr.Value
		want string
	}{
		{"f1", nil, "0 arguments for a function of type [i64] -> [i64]"},
		{"f1", []wamr.Value{wamr.I64(1), wamr.I64(1)}, "2 arguments"},
		{"f1", []wamr.Value{wamr.I32(1)}, "argument 0: a value of type i32 where i64 is expected"},
		{"f1", []wamr.Value{{}}, "where i64 is expected"},
		{"f2", []wamr.Value{wamr.F32(1), wamr.F32(1)}, "argument 1"},
		{"ref", []wamr.Value{wamr.I32(0), wamr.FuncRef(inst.Func("f0"))}, "where externref is expected"},
		{"ref", []wamr.Value{wamr.ExternRef(1), wamr.FuncRef(nil)}, "argument 1: a null funcref where (ref func) is expected"},
		{"ref", []wamr.Value{wamr.ExternRef(1), wamr.ExternRef(1)}, "argument 1"},
		{"ref", []wamr.Value{wamr.FuncRef(inst.Func("f0")), wamr.FuncRef(inst.Func("f0"))}, "argument 0"},
		{"ref", []wamr.Value{wamr.NullRef(wamr.TypeFuncRef), wamr.FuncRef(inst.Func("f0"))}, "argument 0"},
		{"ref", []wamr.Value{wamr.ExternRef(1), wamr.FuncRef(instantiate(t, nil, wamr.Limits{}, funcsModule).Func("f0"))}, "of another store"},
	} {
		_, err := inst.Call(bg, c.name, c.args...)
		wantError(t, err, c.want)
		wantError(t, err, `"`+c.name+`"`)
	}
	_, err := inst.Call(bg, "nope")
	wantAs[*wamr.LookupError](t, err)
	call(t, inst, "ref", wamr.ExternRef(1), wamr.FuncRef(inst.Func("f0")))
	var none context.Context // is as good as any
	_, err = inst.Call(none, "f0")
	noError(t, err)
}

func TestFuncDescription(t *testing.T) {
	ln := wamr.NewLinker()
	wamr.DefineVoid0(ln, "env", "host", func() {})
	inst := instantiate(t, ln, wamr.Limits{}, `(module (import "env" "host" (func))
		(func $inner (export "outer") (param i32)) (export "host" (func 0)) (func (export "t") (result funcref) (ref.func 3)) (func) (elem declare func 3))`)
	f := inst.Func("outer")
	equal(t, "name", f.Name(), "inner")
	equal(t, "string", f.String(), "func inner [i32] -> []")
	equal(t, "index", f.Index(), 1)
	equal(t, "slots", f.Slots(), 1)
	equal(t, "host", inst.Func("host").Name(), "env.host")
	equal(t, "unnamed", call1(t, inst, "t").Func().String(), "func #3 [] -> []")
	if inst.Func("nope") != nil {
		t.Error("there is a function nope")
	}
}

func TestCallRaw(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, funcsModule)
	f := inst.Func("multi")
	equal(t, "slots", f.Slots(), 4)
	slots := []uint64{1, 2, math.MaxUint32, 99, 7}
	noError(t, f.CallRaw(bg, slots))
	equal(t, "results", slots, []uint64{math.MaxUint32, 1, 2, uint64(math.Float32bits(1)), 7})
	wantError(t, f.CallRaw(bg, slots[:3]), "3 slots for a call that needs 4")
	wantIs(t, inst.Func("trap").CallRaw(bg, slots), wamr.ErrUnreachable)
	null := inst.Func("null")
	noError(t, null.CallRaw(bg, []uint64{0, 5}))
	wantError(t, null.CallRaw(bg, []uint64{2, 5}), "parameter 0 is a reference")
	wantError(t, inst.Func("ref").CallRaw(bg, []uint64{0, 0}), "parameter 1 is a reference")
}

// A host function that Go calls through a typed function may itself make typed
// calls.
func TestTypedCallsNest(t *testing.T) {
	ln := wamr.NewLinker()
	ln.Raw("env", "f", &wamr.FuncType{Params: []wamr.ValueType{wamr.TypeI32, wamr.TypeI32}, Results: []wamr.ValueType{wamr.TypeI32}},
		func(c *wamr.Caller, slots []uint64) error {
			if slots[0] != 0 {
				inst := c.Instance()
				if inst == nil {
					inst, _ = instKey.Get(c.Store())
				}
				g, err := wamr.Func2[int32, int32, int32](inst, "f")
				if err != nil {
					return err
				}
				if x, err := g(c.Context(), 0, 77); x != 77 || err != nil {
					return errors.New("the inner call is wrong")
				}
			}
			slots[0] = slots[1]
			return nil
		})
	inst := instantiate(t, ln, wamr.Limits{}, `(module (import "env" "f" (func (param i32 i32) (result i32))) (export "f" (func 0)))`)
	instKey.Set(inst.Store(), inst)
	f, err := wamr.Func2[int32, int32, int32](inst, "f")
	noError(t, err)
	x, err := f(bg, 1, 5)
	noError(t, err)
	equal(t, "outer", x, 5)
}

var instKey = new(wamr.Key[*wamr.Instance])

func TestKey(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	a, b := rt.NewStore(wamr.Limits{}), rt.NewStore(wamr.Limits{})
	k1, k2 := new(wamr.Key[int]), new(wamr.Key[int])
	k1.Set(a, 1)
	k2.Set(a, 2)
	k1.Set(a, 3)
	for _, c := range []struct {
		k    *wamr.Key[int]
		st   *wamr.Store
		want int
		ok   bool
	}{{k1, a, 3, true}, {k2, a, 2, true}, {k1, b, 0, false}} {
		v, ok := c.k.Get(c.st)
		if v != c.want || ok != c.ok {
			t.Errorf("have %v %v, want %v %v", v, ok, c.want, c.ok)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	ln := wamr.NewLinker()
	wamr.Define2(ln, "env", "typed", func(a, b int32) int32 { return a + b })
	wamr.DefineVoid1(ln, "env", "void", func(int64) {})
	ln.Raw("env", "raw", &wamr.FuncType{Params: []wamr.ValueType{wamr.TypeI32}, Results: []wamr.ValueType{wamr.TypeI32}},
		func(c *wamr.Caller, slots []uint64) error {
			b, err := c.View(slots[0], 4)
			if err != nil {
				return err
			}
			slots[0] = uint64(b[0])
			return nil
		})
	ln.Natives("env", wamr.Native{Name: "native", Signature: "(*~)i", Func: func(c *wamr.NativeCall, slots []uint64) error {
		slots[0] = uint64(len(c.Bytes(0, slots)))
		return nil
	}})
	inst := instantiate(t, ln, wamr.Limits{}, `(module
		(import "env" "typed" (func $typed (param i32 i32) (result i32)))
		(import "env" "void" (func $void (param i64)))
		(import "env" "raw" (func $raw (param i32) (result i32)))
		(import "env" "native" (func $native (param i32 i32) (result i32)))
		(memory (export "memory") 1)
		(func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
		(func (export "typed") (param i32) (loop $l (drop (call $typed (i32.const 1) (i32.const 2))) (call $void (i64.const 1)) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
		(func (export "raw") (param i32) (loop $l (drop (call $raw (i32.const 1))) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
		(func (export "native") (param i32) (loop $l (drop (call $native (i32.const 1) (i32.const 2))) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`)
	slots := make([]uint64, 2)
	raw := inst.Func("add")
	add, err := wamr.Func2[int32, int32, int32](inst, "add")
	noError(t, err)
	loop := func(name string) func() error {
		f, err := wamr.Func1[int32, wamr.Void](inst, name)
		noError(t, err)
		return func() error { _, err := f(bg, 100); return err }
	}
	m := inst.Memory("memory")
	ctx, cancel := context.WithCancel(bg)
	defer cancel()
	for _, c := range []struct {
		name string
		most float64
		run  func() error
	}{
		{"CallRaw", 0, func() error { return raw.CallRaw(bg, slots) }},
		{"Func2", 0, func() error { _, err := add(bg, 1, 2); return err }},
		{"Func2 with a context", 0, func() error { _, err := add(ctx, 1, 2); return err }},
		{"typed host functions", 0, loop("typed")},
		{"raw host function", 0, loop("raw")},
		{"native", 100, loop("native")},
		{"View", 0, func() error { _, err := m.View(0, 10); return err }},
		{"Load", 0, func() error { _, err := wamr.Load[uint32](m, 0); return err }},
		{"Put", 0, func() error { return wamr.Put[uint32](m, 0, 1) }},
	} {
		n := testing.AllocsPerRun(100, func() {
			if err := c.run(); err != nil {
				t.Fatal(err)
			}
		})
		if n > c.most {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

func TestValues(t *testing.T) {
	who := new(int)
	for _, c := range []struct {
		v    wamr.Value
		typ  wamr.ValueType
		bits uint64
		text string
		null bool
	}{
		{wamr.Value{}, 0, 0, "none", false},
		{wamr.I32(-1), wamr.TypeI32, math.MaxUint32, "i32:-1", false},
		{wamr.I64(math.MinInt64), wamr.TypeI64, 1 << 63, "i64:-9223372036854775808", false},
		{wamr.F32(1.5), wamr.TypeF32, 0x3FC00000, "f32:1.5", false},
		{wamr.F64(-0.25), wamr.TypeF64, 0xBFD0000000000000, "f64:-0.25", false},
		{wamr.V128(1, 2), wamr.TypeV128, 1, "v128:0x00000000000000020000000000000001", false},
		{wamr.NullRef(wamr.TypeAnyRef), wamr.TypeAnyRef, 0, "anyref:null", true},
		{wamr.FuncRef(nil), wamr.TypeFuncRef, 0, "funcref:null", true},
		{wamr.ExternRef(7), wamr.TypeExternRef, 0, "externref:7", false},
		{wamr.ExternRef(nil), wamr.TypeExternRef, 0, "externref:<nil>", false},
	} {
		equal(t, "type", c.v.Type(), c.typ)
		equal(t, "bits", c.v.Bits(), c.bits)
		equal(t, "string", c.v.String(), c.text)
		equal(t, "null", c.v.IsNull(), c.null)
		if c.v.Func() != nil || c.v.Ref() != nil {
			t.Errorf("%v refers to a function or an object", c.v)
		}
	}
	equal(t, "i32", wamr.I32(-5).I32(), -5)
	equal(t, "i64", wamr.I64(-5).I64(), -5)
	equal(t, "f32", wamr.F32(-5).F32(), -5)
	equal(t, "f64", wamr.F64(-5).F64(), -5)
	if nan := wamr.F32(math.Float32frombits(0x7FA00001)); nan.Bits() != 0x7FA00001 {
		t.Errorf("a NaN's bits change: %#x", nan.Bits())
	}
	if x, ok := wamr.ExternRef(who).Extern(); x != any(who) || !ok {
		t.Errorf("extern: %v %v", x, ok)
	}
	if x, ok := wamr.I32(1).Extern(); x != nil || ok {
		t.Errorf("extern of an i32: %v %v", x, ok)
	}
}
