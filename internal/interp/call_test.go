package interp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// TestTailCallsAcrossInstances bounces between two instances by tail calls of
// each kind, far more often than there is stack for.
func TestTailCallsAcrossInstances(t *testing.T) {
	w := newWorld(t, vm.Limits{Stack: 64 << 10}, Options{})
	// The table is the meeting point: 0 is ping, 1 is pong.
	a := w.instantiate(`(module
		(type $f (func (param i32 i64) (result i64)))
		(table (export "t") 2 funcref)
		(func $ping (export "ping") (type $f)
			(if (i32.eqz (local.get 0)) (then (return (local.get 1))))
			(return_call_indirect (type $f)
				(i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1)) (i32.const 1)))
		(func (export "run") (param i32) (result i64)
			(i64.add (i64.const 1000000) (call $ping (local.get 0) (i64.const 0))))
		(elem (i32.const 0) $ping))`)
	b := w.instantiate(`(module
		(type $f (func (param i32 i64) (result i64)))
		(import "" "t" (table 2 funcref))
		(import "" "ping" (func $ping (type $f)))
		(func $pong (type $f)
			(if (i32.eqz (local.get 0)) (then (return (local.get 1))))
			(if (i32.and (local.get 0) (i32.const 2))
				(then (return_call $ping (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1)))))
			(return_call_ref $f (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 1)) (ref.cast (ref $f) (table.get (i32.const 0)))))
		(elem (i32.const 1) $pong))`,
		vm.Extern{Kind: wasm.ExternTable, Table: a.Tables[0]}, a.extern("ping"))
	_ = b
	for _, n := range []uint64{0, 1, 2, 3, 100_000, 100_001} {
		if r := a.call("run", n); r != 1_000_000+n {
			t.Errorf("run(%d) = %d", n, r)
		}
	}
}

// TestCallsAcrossInstances checks that memories and globals are the callee's
// while it runs, and the caller's again afterwards, also after it failed.
func TestCallsAcrossInstances(t *testing.T) {
	w := newWorld(t, vm.Limits{}, Options{})
	lib := w.instantiate(`(module
		(memory 1) (global $g (mut i32) (i32.const 5))
		(data (i32.const 0) "\11\00\00\00")
		(tag (export "e") (param i32))
		(func (export "get") (param i32 i32) (result i32 i32)
			(global.set $g (i32.add (global.get $g) (i32.const 1)))
			(i32.load (local.get 0)) (i32.add (global.get $g) (local.get 1)))
		(func (export "trap") (unreachable))
		(func (export "grow") (result i32) (memory.grow (i32.const 1))))`)
	app := w.instantiate(`(module
		(import "" "get" (func $get (param i32 i32) (result i32 i32)))
		(import "" "trap" (func $trap))
		(import "" "grow" (func $grow (result i32)))
		(memory 1) (global $g (mut i32) (i32.const 100))
		(data (i32.const 0) "\22\00\00\00")
		(func (export "run") (result i32) (local i32 i32)
			(call $get (i32.const 0) (i32.const 1000)) (local.set 1) (local.set 0)
			(drop (call $grow))
			;; 0x11 from there, 0x22 from here, 1006 from there, 100 from here
			(i32.add (i32.add (local.get 0) (local.get 1)) (i32.add (i32.load (i32.const 0)) (global.get $g))))
		(func (export "size") (result i32) (memory.size))
		(func (export "trap") (call $trap)))`, lib.extern("get"), lib.extern("trap"), lib.extern("grow"))
	for k := range uint64(3) {
		if r := app.call("run"); r != 0x11+0x22+1006+k+100 {
			t.Errorf("run = %d", r)
		}
		if _, err := app.try("trap"); !errors.Is(err, vm.TrapUnreachable) {
			t.Errorf("trap: %v", err)
		}
	}
	if r := app.call("size"); r != 1 {
		t.Errorf("the caller's memory has %d pages", r)
	}
}

// TestTrace checks the frames of a trap: instances, functions and offsets.
func TestTrace(t *testing.T) {
	w := newWorld(t, vm.Limits{}, Options{})
	lib := w.instantiate(`(module (memory 1)
		(func $inner (param i32) (result i32) (i32.load offset=1 (i32.add (local.get 0) (i32.const 4))))
		(func (export "f") (param i32) (result i32) (call $inner (local.get 0))))`)
	app := w.instantiate(`(module (import "" "f" (func $f (param i32) (result i32)))
		(func $g (param i32) (result i32) (i32.add (i32.const 1) (call $f (local.get 0))))
		(func (export "run") (param i32) (result i32) (i32.mul (call $g (local.get 0)) (i32.const 3))))`, lib.extern("f"))
	_, err := app.try("run", 0xfffffff0)
	var trap *vm.Trap
	if !errors.As(err, &trap) || trap.Kind != vm.TrapOutOfBoundsMemory {
		t.Fatal(err)
	}
	want := []struct {
		inst *vm.Instance
		f    wasm.FuncIdx
		op   byte
	}{{lib.Instance, 0, 0x28}, {lib.Instance, 1, 0x10}, {app.Instance, 1, 0x10}, {app.Instance, 2, 0x10}}
	if len(trap.Frames) != len(want) {
		t.Fatalf("%d frames: %+v", len(trap.Frames), trap.Frames)
	}
	for k, f := range trap.Frames {
		code := &f.Inst.Module.Module.Code[int(f.Func)-f.Inst.Module.ImportCount(wasm.ExternFunc)]
		if f.Inst != want[k].inst || f.Func != want[k].f || code.Body[f.Offset-code.Offset] != want[k].op {
			t.Errorf("frame %d is function %d at %#x", k, f.Func, f.Offset)
		}
	}
}

// TestHostCalls checks what a host function sees and that calls nest.
func TestHostCalls(t *testing.T) {
	w := newWorld(t, vm.Limits{}, Options{})
	var i instance
	failure := errors.New("no")
	host := w.host("iI:I", func(x *vm.Exec, s []uint64) error {
		if x.Caller != i.Instance {
			t.Error("the caller is another instance")
		}
		switch s[0] {
		case 0:
			s[0] = s[1] + 1
		case 1: // back into Wasm, which calls the host again
			in := []uint64{0, s[1]}
			if err := x.Call(w.ctx, i.fn("run"), in); err != nil {
				return err
			}
			if x.Caller != i.Instance {
				t.Error("the caller is another instance after a nested call")
			}
			s[0] = in[0] * 2
		case 2:
			return failure
		case 3: // a trap in the nested call is dropped
			if err := x.Call(w.ctx, i.fn("trap"), nil); !errors.Is(err, vm.TrapUnreachable) {
				t.Errorf("nested trap: %v", err)
			}
			s[0] = 77
		case 4:
			panic(failure)
		}
		return nil
	})
	i = w.instantiate(`(module (import "" "h" (func $h (param i32 i64) (result i64)))
		(memory 1)
		(func (export "run") (param i32 i64) (result i64) (local i64)
			(local.set 2 (i64.const 10))
			(i64.add (call $h (local.get 0) (local.get 1)) (local.get 2)))
		(func (export "tail") (param i32 i64) (result i64) (return_call $h (local.get 0) (local.get 1)))
		(func (export "trap") (unreachable)))`, host)
	for _, tc := range []struct{ what, arg, want uint64 }{{0, 5, 16}, {1, 5, 42}, {3, 0, 87}} {
		if r := i.call("run", tc.what, tc.arg); r != tc.want {
			t.Errorf("run(%d, %d) = %d, want %d", tc.what, tc.arg, r, tc.want)
		}
		if r := i.call("tail", tc.what, tc.arg); r != tc.want-10 {
			t.Errorf("tail(%d, %d) = %d, want %d", tc.what, tc.arg, r, tc.want-10)
		}
	}
	_, err := i.try("run", 2)
	var trap *vm.Trap
	if !errors.Is(err, failure) || !errors.As(err, &trap) || trap.Kind != vm.TrapHost || len(trap.Frames) != 1 {
		t.Errorf("a failing host function gives %v", err)
	}
	func() {
		defer func() {
			if p := recover(); p != failure {
				t.Errorf("the panic becomes %v", p)
			}
		}()
		i.try("run", 4)
	}()
	if r := i.call("run", 0, 1); r != 12 {
		t.Errorf("after a panic run gives %d", r)
	}
}

// TestExceptionsAcross throws through instances and host functions.
func TestExceptionsAcross(t *testing.T) {
	w := newWorld(t, vm.Limits{}, Options{})
	var lib instance
	relay := w.host("i:", func(x *vm.Exec, s []uint64) error {
		return x.Call(w.ctx, lib.fn("throw"), []uint64{s[0]})
	})
	lib = w.instantiate(`(module
		(tag $e (export "e") (param i32 i64 v128))
		(func (export "throw") (param i32)
			(throw $e (local.get 0) (i64.const 20) (v128.const i64x2 300 4000))))`)
	app := w.instantiate(`(module
		(import "" "throw" (func $throw (param i32)))
		(import "" "relay" (func $relay (param i32)))
		(import "" "e" (tag $e (param i32 i64 v128)))
		(tag $other)
		(func $sum (param i32 i64 v128) (result i64)
			(i64.add (i64.add (i64.extend_i32_u (local.get 0)) (local.get 1))
				(i64.add (i64x2.extract_lane 0 (local.get 2)) (i64x2.extract_lane 1 (local.get 2)))))
		(func $inner (param i32 i32)
			(block $h (try_table (catch $other $h)
				(if (local.get 1) (then (call $relay (local.get 0))) (else (call $throw (local.get 0)))))))
		(func (export "catch") (param i32 i32) (result i64)
			(block $h (result i32 i64 v128)
				(try_table (catch $e $h) (call $inner (local.get 0) (local.get 1)))
				(return (i64.const -1)))
			(call $sum))
		(func (export "rethrow") (param i32 i32) (result i64) (local $keep i64)
			(local.set $keep (i64.const 50000))
			(block $h (result i32 i64 v128)
				(try_table (catch $e $h)
					(block $all (result exnref)
						(try_table (catch_all_ref $all) (call $inner (local.get 0) (local.get 1)))
						(return (i64.const -1)))
					(local.set $keep (i64.add (local.get $keep) (i64.const 1)))
					(throw_ref))
				(return (i64.const -2)))
			(call $sum) (i64.add (local.get $keep)))
		(func (export "return") (param i32 i32) (result i32 i64 v128)
			(try_table (catch $e 0) (call $inner (local.get 0) (local.get 1)))
			(unreachable))
		(func (export "legacy") (param i32 i32) (result i64)
			(try (result i64)
				(do (try (do (call $inner (local.get 0) (local.get 1))) (delegate 0)) (i64.const -1))
				(catch $e (call $sum))))
		(func (export "uncaught") (param i32 i32) (call $inner (local.get 0) (local.get 1))))`,
		lib.extern("throw"), relay, vm.Extern{Kind: wasm.ExternTag, Tag: lib.Tags[0]})
	for way := range uint64(2) {
		for name, want := range map[string]uint64{"catch": 4321, "rethrow": 54322, "return": 1, "legacy": 4321} {
			if r := app.call(name, 1, way); r != want {
				t.Errorf("%s(1, %d) = %d, want %d", name, way, int64(r), want)
			}
		}
		_, err := app.try("uncaught", 9, way)
		var e *vm.Exception
		if !errors.Is(err, vm.TrapUncaughtException) || !errors.As(err, &e) || e.Tag != lib.Tags[0] || e.Args[0] != 9 {
			t.Errorf("uncaught: %v", err)
		}
	}
}

// TestConcurrency runs one module's code in many stores at once, so that all
// compile it together.
func TestConcurrency(t *testing.T) {
	w := newWorld(t, vm.Limits{}, Options{})
	src := "(module (memory 1)"
	for k := range 50 {
		src += fmt.Sprintf(`(func $f%d (param i32) (result i32) (i32.add (local.get 0) (i32.const %d)))`, k, k)
	}
	src += `(func (export "all") (result i32) (i32.const 0)`
	for k := range 50 {
		src += fmt.Sprintf("(call $f%d)", k)
	}
	m := w.module(src + "))")
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			s := vm.NewStore(w.types, New(), vm.Limits{})
			defer s.Close()
			i, err := vm.Instantiate(context.Background(), s, m, nil)
			if err != nil {
				t.Error(err)
				return
			}
			slots := make([]uint64, 1)
			for range 20 {
				if err := s.Exec.Call(context.Background(), i.Func(50), slots); err != nil || slots[0] != 49*50/2 {
					t.Error(slots[0], err)
				}
			}
		})
	}
	wg.Wait()
}

// TestNoAllocation calls into Wasm and from there into a host function.
func TestNoAllocation(t *testing.T) {
	w := newWorld(t, vm.Limits{}, Options{})
	h := w.host("i:i", func(_ *vm.Exec, s []uint64) error { s[0]++; return nil })
	i := w.instantiate(`(module (import "" "h" (func $h (param i32) (result i32)))
		(func (export "f") (param i32) (result i32) (call $h (call $h (local.get 0)))))`, h)
	f, slots := i.fn("f"), []uint64{1}
	if n := testing.AllocsPerRun(100, func() {
		if err := w.store.Exec.Call(w.ctx, f, slots); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
