package interp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/vm"
)

// endless are functions that run for ever, each in its own way.
const endless = `(module
	(type $v (func))
	(table funcref (elem $tail_indirect))
	(memory 1)
	(tag $t)
	(func (export "loop") (loop br 0))
	(func (export "loop if") (local i32) (loop (br_if 0 (i32.eqz (local.get 0)))))
	(func (export "loop compare") (param i32) (loop (br_if 0 (i32.lt_s (local.get 0) (i32.const 100)))))
	(func (export "loop wide compare") (param i64) (loop (br_if 0 (i64.lt_s (local.get 0) (i64.const 1000000000000)))))
	(func (export "loop table") (local i32) (loop (br_table 0 0 (local.get 0))))
	(func (export "loop float") (local f64) (loop (br_if 0 (f64.eq (local.get 0) (local.get 0)))))
	(func $fib (export "recursion") (param i32) (result i32)
		(if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (i32.const 1))
		(else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
	(func $tail (export "tail call") (return_call $tail))
	(func $tail_indirect (export "tail call_indirect") (return_call_indirect (type $v) (i32.const 0)))
	(func (export "tail call_ref") (return_call_ref $v (ref.func $tail_ref)))
	(func $tail_ref (return_call_ref $v (ref.func $tail_ref)))
	(elem declare func $tail_ref)
	(func (export "throw") (loop (block (try_table (catch $t 0) (throw $t))) (br 0)))
	(func (export "throw to loop") (loop (try_table (catch $t 0) (throw $t))))
	(func (export "fill") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0))))`

// endlessArgs are arguments that keep the recursion going.
var endlessArgs = map[string]uint64{"recursion": 60}

func TestInterrupt(t *testing.T) {
	for _, metered := range []bool{false, true} {
		w := newWorld(t, vm.Limits{}, Options{Metered: metered})
		if metered {
			w.store.Fuel = 1 << 62
		}
		i := w.instantiate(endless)
		for _, e := range i.Module.Exports {
			t.Run(fmt.Sprintf("%s/metered %v", e.Name, metered), func(t *testing.T) {
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
				defer cancel()
				w.ctx = ctx
				_, err := i.try(e.Name, endlessArgs[e.Name])
				if !errors.Is(err, vm.TrapInterrupted) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v, want an interruption by the deadline", err)
				}
			})
		}
	}
}

// TestInterruptedCause interrupts from another goroutine.
func TestInterruptedCause(t *testing.T) {
	w := newWorld(t, vm.Limits{}, Options{})
	i := w.instantiate(endless)
	cause := errors.New("enough")
	go func() {
		time.Sleep(5 * time.Millisecond)
		w.store.Interrupt(cause)
	}()
	if _, err := i.try("loop"); !errors.Is(err, cause) {
		t.Errorf("%v, want the cause", err)
	}
	if r := i.w.instantiate(`(module (func (export "f") (result i32) (i32.const 7)))`).call("f"); r != 7 {
		t.Errorf("the next call gives %d", r)
	}
}

func TestFuel(t *testing.T) {
	const src = `(module
		(func (export "straight") (result i32)
			(nop) (block) (i32.add (i32.const 1) (i32.const 2)))
		(func (export "count") (param $n i32) (result i32) (local $i i32)
			(loop $l
				(local.set $i (i32.add (local.get $i) (i32.const 1)))
				(br_if $l (i32.lt_u (local.get $i) (local.get $n))))
			(local.get $i))
		(func $leaf (result i32) (i32.const 1))
		(func (export "calls") (result i32) (i32.add (call $leaf) (call $leaf)))
		(func (export "if") (param i32) (result i32)
			(if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.add (i32.const 1) (i32.const 2))))))`
	for _, tc := range []struct {
		name string
		arg  uint64
		cost int64
	}{
		{"straight", 0, 3},
		// get, const, add, set, get, get, lt, br_if: 8 a turn; and get.
		{"count", 1, 9},
		{"count", 10, 81},
		{"calls", 0, 2 + 1 + 2*1},
		{"if", 1, 3},
		{"if", 0, 5},
	} {
		w := newWorld(t, vm.Limits{HasFuel: true, Fuel: 1000}, Options{Metered: true})
		i := w.instantiate(src)
		i.call(tc.name, tc.arg)
		if used := 1000 - w.store.Fuel; used != tc.cost {
			t.Errorf("%s(%d) costs %d, want %d", tc.name, tc.arg, used, tc.cost)
		}
		w.store.Fuel = tc.cost
		i.call(tc.name, tc.arg)
		w.store.Fuel = tc.cost - 1
		if _, err := i.try(tc.name, tc.arg); !errors.Is(err, vm.TrapFuel) {
			t.Errorf("%s(%d) with %d units: %v, want %v", tc.name, tc.arg, tc.cost-1, err, vm.TrapFuel)
		}
		if w.store.Fuel < 0 {
			t.Errorf("%s leaves %d units", tc.name, w.store.Fuel)
		}
	}
}

// TestStackOverflow recurses without end: the trap says so, soon, and leaves
// the store usable.
func TestStackOverflow(t *testing.T) {
	const src = `(module
		(type $v (func))
		(table funcref (elem $indirect))
		(func $f (export "direct") (call $f))
		(func $g (export "values") (param i64 v128 f32) (result i64 i64)
			(call $g (local.get 0) (local.get 1) (local.get 2)))
		(func $indirect (export "indirect") (call_indirect (type $v) (i32.const 0)))
		(func $r (export "ref") (call_ref $v (ref.func $r)))
		(func $big (export "big frame") (local %s) (call $big))
		(func $many (export "many results") (result %s) (call $many))
		(func (export "fine") (result i32) (i32.const 42)))`
	w := newWorld(t, vm.Limits{}, Options{})
	i := w.instantiate(fmt.Sprintf(src, strings.Repeat("i64 ", 5000), strings.Repeat("i64 ", 900)))
	for _, name := range []string{"direct", "values", "indirect", "ref", "big frame", "many results"} {
		_, err := i.try(name)
		var trap *vm.Trap
		if !errors.As(err, &trap) || trap.Kind != vm.TrapStackOverflow {
			t.Errorf("%s: %v, want %v", name, err, vm.TrapStackOverflow)
			continue
		}
		if n := len(trap.Frames); n == 0 || n > maxFrames {
			t.Errorf("%s: a trace of %d frames", name, n)
		}
		if r := i.call("fine"); r != 42 {
			t.Errorf("after %s: %d", name, r)
		}
	}
}

// TestHostRecursion recurses through a host function, which must run out of
// stack as well.
func TestHostRecursion(t *testing.T) {
	w := newWorld(t, vm.Limits{Stack: 64 << 10}, Options{})
	var i instance
	depth := 0
	again := w.host(":", func(x *vm.Exec, _ []uint64) error {
		depth++
		return x.Call(w.ctx, i.fn("f"), nil)
	})
	i = w.instantiate(`(module (import "" "again" (func $again)) (func (export "f") (call $again)))`, again)
	if _, err := i.try("f"); !errors.Is(err, vm.TrapStackOverflow) {
		t.Errorf("%v, want %v", err, vm.TrapStackOverflow)
	}
	if depth < 10 {
		t.Errorf("only %d calls", depth)
	}
}

// TestCallDepth holds a metered store to its limit on nested calls.
func TestCallDepth(t *testing.T) {
	const src = `(module
		(func $down (export "down") (param i32) (result i32)
			(if (result i32) (local.get 0)
				(then (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
				(else (i32.const 1))))
		(func $tail (export "tail") (param i32) (result i32)
			(if (result i32) (local.get 0)
				(then (return_call $tail (i32.sub (local.get 0) (i32.const 1))))
				(else (i32.const 1)))))`
	w := newWorld(t, vm.Limits{HasFuel: true, Fuel: 1 << 40, CallDepth: 100}, Options{Metered: true})
	i := w.instantiate(src)
	if r := i.call("down", 99); r != 100 {
		t.Errorf("100 nested calls return %d", r)
	}
	if _, err := i.try("down", 100); !errors.Is(err, vm.TrapStackOverflow) {
		t.Errorf("101 nested calls: %v", err)
	}
	if r := i.call("tail", 10_000); r != 1 {
		t.Errorf("tail calls return %d", r)
	}
	if r := i.call("down", 99); r != 100 {
		t.Errorf("after a trap, 100 nested calls return %d", r)
	}
}
