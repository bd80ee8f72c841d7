package wamr_test

import (
	"context"
	"math"
	"testing"

	"github.com/wamr-go/wamr"
)

type ctx = context.Context

func TestInstanceExports(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, `(module (memory $a 1) (memory (export "m") 2) (func (export "f")) (table (export "t") 1 funcref) (global (export "g") i32 (i32.const 1)) (tag (export "x")))`)
	if inst.Func("f") == nil || inst.Memory("m") == nil || inst.Table("t") == nil || inst.Global("g") == nil || inst.Tag("x") == nil {
		t.Error("an export is missing")
	}
	for _, name := range []string{"nope", ""} {
		if inst.Func(name) != nil || inst.Memory(name) != nil || inst.Table(name) != nil || inst.Global(name) != nil || inst.Tag(name) != nil {
			t.Errorf("there is an export %q", name)
		}
	}
	if inst.Func("m") != nil || inst.Memory("f") != nil || inst.Table("f") != nil || inst.Global("f") != nil || inst.Tag("f") != nil {
		t.Error("an export of another kind")
	}
	equal(t, "default memory: the first", inst.DefaultMemory().Pages(), 1)
	named := instantiate(t, nil, wamr.Limits{}, `(module (memory $a 1) (memory (export "memory") 2))`)
	equal(t, "default memory: the one called memory", named.DefaultMemory().Pages(), 2)
	if instantiate(t, nil, wamr.Limits{}, `(module)`).DefaultMemory() != nil {
		t.Error("a memory of a module without")
	}
	if inst.Store().Runtime() != inst.Module().Runtime() {
		t.Error("runtimes differ")
	}
}

func TestGlobals(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, `(module
		(global (export "i") (mut i32) (i32.const 1)) (global (export "c") i64 (i64.const 2)) (global (export "v") (mut v128) (v128.const i64x2 3 4))
		(global (export "f") (mut funcref) (ref.null func)) (global (export "e") (mut externref) (ref.null extern))
		(func $get (export "get") (result i32) (global.get 0)))`)
	i, c, v := inst.Global("i"), inst.Global("c"), inst.Global("v")
	equal(t, "type", i.Type(), wamr.GlobalType{Type: wamr.TypeI32, Mutable: true})
	noError(t, i.Set(wamr.I32(-7)))
	equal(t, "seen by Wasm", call1(t, inst, "get").I32(), -7)
	equal(t, "seen by Go", i.Get(), wamr.I32(-7))
	wantError(t, i.Set(wamr.I64(1)), "a value of type i64 where i32 is expected")
	wantError(t, c.Set(wamr.I64(1)), "immutable")
	equal(t, "constant", c.Get(), wamr.I64(2))
	equal(t, "vector", v.Get(), wamr.V128(3, 4))
	noError(t, v.Set(wamr.V128(5, 6)))
	equal(t, "vector", v.Get(), wamr.V128(5, 6))
	f, e := inst.Global("f"), inst.Global("e")
	noError(t, f.Set(wamr.FuncRef(inst.Func("get"))))
	equal(t, "function", f.Get().Func().Name(), "get")
	noError(t, f.Set(wamr.FuncRef(nil)))
	other := instantiate(t, nil, wamr.Limits{}, `(module (func (export "f")))`)
	wantError(t, f.Set(wamr.FuncRef(other.Func("f"))), "another store")
	wantError(t, f.Set(wamr.ExternRef(1)), "funcref is expected")
	noError(t, e.Set(wamr.ExternRef("x")))
	if x, ok := e.Get().Extern(); x != any("x") || !ok {
		t.Errorf("extern: %v %v", x, ok)
	}
	_, err := inst.Store().NewGlobal(wamr.Value{}, true)
	wantError(t, err, "needs a value")
	g, err := inst.Store().NewGlobal(wamr.F64(0.5), false)
	noError(t, err)
	equal(t, "new", g.Get(), wamr.F64(0.5))
	_, err = inst.Store().NewGlobal(wamr.FuncRef(other.Func("f")), true)
	wantError(t, err, "another store")
}

func TestTables(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{Tables: 20}, `(module (type $t (func (result i32)))
		(table (export "t") 2 5 funcref) (table (export "typed") 1 (ref null $t)) (func $f (export "f") (result i32) (i32.const 7)) (func (export "g"))
		(func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))`)
	table := inst.Table("t")
	equal(t, "type", table.Type(), wamr.TableType{Elem: wamr.TypeFuncRef, Limits: wamr.SizeLimits{Min: 2, Max: 5, HasMax: true}})
	noError(t, table.Set(1, wamr.FuncRef(inst.Func("f"))))
	equal(t, "call", call1(t, inst, "call", wamr.I32(1)).I32(), 7)
	v, err := table.Get(1)
	noError(t, err)
	equal(t, "element", v.Func().Name(), "f")
	v, err = table.Get(0)
	noError(t, err)
	equal(t, "null", v.IsNull(), true)
	for _, i := range []uint64{2, math.MaxUint64} {
		_, err := table.Get(i)
		equal(t, "range", *wantAs[*wamr.RangeError](t, err), wamr.RangeError{Offset: i, Len: 1, Size: 2})
		wantAs[*wamr.RangeError](t, table.Set(i, wamr.FuncRef(nil)))
	}
	wantError(t, table.Set(0, wamr.ExternRef(1)), "element 0")
	wantError(t, table.Set(0, wamr.I32(1)), "element 0")
	other := instantiate(t, nil, wamr.Limits{}, `(module (func (export "f")))`)
	wantError(t, table.Set(0, wamr.FuncRef(other.Func("f"))), "another store")
	wantError(t, inst.Table("typed").Set(0, wamr.FuncRef(inst.Func("g"))), "element 0")
	noError(t, inst.Table("typed").Set(0, wamr.FuncRef(inst.Func("f"))))

	old, ok, err := table.Grow(2, wamr.FuncRef(inst.Func("f")))
	if old != 2 || !ok || err != nil {
		t.Errorf("grow: %d %v %v", old, ok, err)
	}
	equal(t, "call", call1(t, inst, "call", wamr.I32(3)).I32(), 7)
	for _, n := range []uint64{2, 1 << 40, math.MaxUint64} {
		if old, ok, err := table.Grow(n, wamr.FuncRef(nil)); old != 4 || ok || err != nil {
			t.Errorf("grow by %d: %d %v %v", n, old, ok, err)
		}
	}
	_, _, err = table.Grow(1, wamr.ExternRef(1))
	wantError(t, err, "growing a table")
	equal(t, "size", table.Size(), 4)
	_, err = inst.Store().NewTable(wamr.TableType{Elem: wamr.TypeFuncRef, Limits: wamr.SizeLimits{Min: 100}})
	wantAs[*wamr.LimitError](t, err)
}

func TestTags(t *testing.T) {
	st := newRuntime(t, wamr.Config{}).NewStore(wamr.Limits{})
	a, err := st.NewTag(wamr.TypeI32)
	noError(t, err)
	b, err := st.NewTag(wamr.TypeI32)
	noError(t, err)
	equal(t, "type", a.Type().String(), "[i32] -> []")
	ln := wamr.NewLinker()
	ln.Tag("env", "a", a)
	ln.Tag("env", "b", b)
	inst := instantiateIn(t, ln, st, `(module (import "env" "a" (tag $a (param i32))) (import "env" "b" (tag $b (param i32)))
		(func (export "f") (result i32)
			(block $b (result i32) (block $a (result i32)
				(try_table (catch $a $a) (catch $b $b) (throw $b (i32.const 3))) (unreachable))
				(drop) (i32.const -1))))`)
	equal(t, "caught by its own tag", call1(t, inst, "f").I32(), 3)
}
