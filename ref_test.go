package wamr_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/wamr-go/wamr"
)

const heapModule = `(module
	(type $p (struct (field i8) (field i16) (field (mut i64)) (field v128) (field f32) (field (ref null $p))))
	(type $a (array (mut i16)))
	(type $s (struct (field i32)))
	(tag $x (export "x") (param i32))
	(global $keep (export "keep") (mut externref) (ref.null extern))
	(func (export "struct") (param i64) (result (ref $p))
		(struct.new $p (i32.const -1) (i32.const -2) (local.get 0) (v128.const i64x2 1 2) (f32.const 0.5) (ref.null $p)))
	(func (export "array") (param i32) (result arrayref) (array.new $a (i32.const -1) (local.get 0)))
	(func (export "i31") (param i32) (result i31ref) (ref.i31 (local.get 0)))
	(func (export "value") (param (ref null $p)) (result i64) (struct.get $p 2 (local.get 0)))
	(func (export "any") (param anyref) (result anyref) (local.get 0))
	(func (export "garbage") (param i32) (loop $l
		(drop (array.new $a (i32.const 0) (i32.const 1000)))
		(br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
	(func (export "two") (param externref externref) (result externref externref) (local.get 1) (local.get 0))
	(func (export "store") (param externref) (global.set $keep (local.get 0)))
	(func (export "throw") (param i32) (throw $x (local.get 0)))
	(func (export "exn") (result exnref) (block $b (result exnref) (try_table (catch_all_ref $b) (throw $x (i32.const 7))) (unreachable))))`

func TestRefs(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, heapModule)
	r := call1(t, inst, "struct", wamr.I64(42)).Ref()
	equal(t, "kind", r.Kind(), "struct")
	equal(t, "fields", r.Len(), 6)
	for i, want := range []wamr.Value{wamr.I32(0xFF), wamr.I32(0xFFFE), wamr.I64(42), wamr.V128(1, 2), wamr.F32(0.5)} {
		v, err := r.Field(i)
		noError(t, err)
		equal(t, fmt.Sprint("field ", i), v, want)
	}
	v, err := r.Field(5)
	noError(t, err)
	if !v.IsNull() {
		t.Errorf("field 5: %v", v)
	}
	for _, i := range []int{-1, 6} {
		_, err := r.Field(i)
		wantError(t, err, "has no element")
	}
	if _, ok := r.Extern(); ok {
		t.Error("a structure is taken for a Go value")
	}
	if _, ok := r.I31(); ok {
		t.Error("a structure is taken for an i31")
	}
	a := call1(t, inst, "array", wamr.I32(3)).Ref()
	equal(t, "kind", a.Kind(), "array")
	equal(t, "length", a.Len(), 3)
	v, err = a.Field(2)
	noError(t, err)
	equal(t, "element", v, wamr.I32(0xFFFF))
	for _, n := range []int32{0, 1, -1, 1<<30 - 1, -1 << 30} {
		r := call1(t, inst, "i31", wamr.I32(n)).Ref()
		x, ok := r.I31()
		if !ok || x != n || r.Kind() != "i31" || r.Len() != 0 {
			t.Errorf("i31 %d: %d %v %s", n, x, ok, r.Kind())
		}
	}
	e := call1(t, inst, "exn").Ref()
	equal(t, "kind", e.Kind(), "exn")
	// References go back in where their type allows.
	val := call1(t, inst, "any", call1(t, inst, "struct", wamr.I64(7)))
	equal(t, "value", call1(t, inst, "value", val).I64(), 7)
	_, err = inst.Call(bg, "value", call1(t, inst, "array", wamr.I32(1)))
	wantError(t, err, "argument 0")
	other := instantiate(t, nil, wamr.Limits{}, heapModule)
	_, err = other.Call(bg, "any", val)
	wantError(t, err, "another store")
}

// Objects that Go holds survive collections; those that it forgets do not.
func TestRefsSurviveCollections(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{GCHeap: 1 << 20}, heapModule)
	var held []wamr.Value
	for i := range 100 {
		held = append(held, call1(t, inst, "struct", wamr.I64(int64(i))))
	}
	call(t, inst, "garbage", wamr.I32(5000)) // 10 MB in a heap of 1 MiB
	if n := inst.Store().Stats().Collections; n < 5 {
		t.Errorf("only %d collections", n)
	}
	for i, v := range held {
		equal(t, "held", call1(t, inst, "value", v).I64(), int64(i))
	}
	runtime.KeepAlive(held)
}

func TestRefsAreReleased(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{GCHeap: 1 << 20}, heapModule)
	for range 200 { // 20 MB
		call1(t, inst, "array", wamr.I32(50_000))
		runtime.GC()
		runtime.Gosched()
	}
	// The last of them are forgotten some time.
	for range 100 {
		if _, err := inst.Call(bg, "garbage", wamr.I32(400)); err == nil {
			return
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	t.Error("the heap stays full")
}

func TestHeapExhaustion(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{GCHeap: 1 << 20}, heapModule)
	_, err := inst.Call(bg, "array", wamr.I32(1<<20))
	wantIs(t, err, wamr.ErrOutOfMemory)
	call(t, inst, "array", wamr.I32(1000))
}

// Go values behind externref stay what they are, whatever else is made.
func TestExternRefs(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, heapModule)
	kept := &struct{ int }{1}
	call(t, inst, "store", wamr.ExternRef(kept))
	for i := range 5000 {
		a, b := new(int), fmt.Sprint(i)
		res := call(t, inst, "two", wamr.ExternRef(a), wamr.ExternRef(b))
		x, _ := res[0].Extern()
		y, _ := res[1].Extern()
		if x != any(b) || y != any(a) {
			t.Fatalf("pass %d: %v %v", i, x, y)
		}
	}
	if x, ok := inst.Global("keep").Get().Extern(); !ok || x != any(kept) {
		t.Errorf("kept: %v %v", x, ok)
	}
	res := call(t, inst, "two", wamr.ExternRef(nil), wamr.NullRef(wamr.TypeExternRef))
	if x, ok := res[1].Extern(); x != nil || !ok || res[1].IsNull() {
		t.Errorf("a reference to nil: %v %v", x, ok)
	}
	if !res[0].IsNull() {
		t.Error("null is no longer null")
	}
}

func TestExternRefsAreReleased(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, heapModule)
	freed := make(chan bool, 100_000)
	const n = 20_000
	for range n {
		p := new([16]byte)
		runtime.AddCleanup(p, func(bool) { freed <- true }, true)
		call(t, inst, "store", wamr.ExternRef(p))
	}
	for range 200 {
		runtime.GC()
		if len(freed) > n/2 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d of %d values are released", len(freed), n)
}

func TestUncaughtException(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, heapModule)
	_, err := inst.Call(bg, "throw", wamr.I32(42))
	wantIs(t, err, wamr.ErrUncaughtException)
	x := wantAs[*wamr.Exception](t, err)
	equal(t, "arguments", x.Args, []uint64{42})
}
