package bomb

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wamr-go/wamr"
)

// instantiate compiles and instantiates a text in a store with the given
// limits.
func instantiate(t *testing.T, ctx context.Context, l wamr.Limits, ln *wamr.Linker, text string) (*wamr.Instance, error) {
	t.Helper()
	rt := newRuntime(t, wamr.Config{})
	m, err := rt.Compile(context.Background(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	st := rt.NewStore(l)
	t.Cleanup(func() { st.Close() })
	if ln == nil {
		ln = wamr.NewLinker()
	}
	return ln.Instantiate(ctx, st, m)
}

// endless are functions "run" that do not come to an end by themselves.
var endless = []struct{ name, text string }{
	{"loop", `(func (export "run") (loop (br 0)))`},
	{"loop with work", `(func (export "run") (local i64) (loop (local.set 0 (i64.add (local.get 0) (i64.const 1))) (br 0)))`},
	{"conditional loop", `(func (export "run") (local i32) (loop (br_if 0 (i32.eqz (local.get 0)))))`},
	{"loop over br_table", `(func (export "run") (local i32) (loop (br_table 0 0 0 (local.get 0))))`},
	{"loop over br_on_null", `(func (export "run") (loop (br_on_null 0 (ref.null func)) (drop)))`},
	{"loop over br_on_cast", `(func (export "run") (loop (drop (block (result anyref) (br_on_cast 0 anyref i31ref (ref.null any)))) (br 0)))`},
	{"calls in a loop", `(func $f) (func (export "run") (loop (call $f) (br 0)))`},
	{"tail calls", `(func $f (export "run") (return_call $g)) (func $g (return_call $f))`},
	{"tail calls by table", `(table funcref (elem $f)) (func $f (export "run") (return_call_indirect (i32.const 0)))`},
	{"tail calls by reference", `(type $t (func)) (elem declare func $f) (func $f (export "run") (return_call_ref $t (ref.func $f)))`},
	{"exceptions in a loop", `(tag $e) (func (export "run") (loop $l (block $h (try_table (catch $e $h) (throw $e))) (br $l)))`},
	{"exceptions that branch back", `(tag $e) (func (export "run") (loop $l (try_table (catch $e $l) (throw $e))))`},
	{"legacy exceptions in a loop", `(tag $e) (func (export "run") (loop $l (try (do (throw $e)) (catch $e (br $l)))))`},
	{"memory.fill in a loop", `(memory 256) (func (export "run") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x1000000)) (br 0)))`},
	{"memory.copy in a loop", `(memory 256) (func (export "run") (loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 0xffffff)) (br 0)))`},
	{"table.fill in a loop", `(table 100000 funcref) (func (export "run") (loop (table.fill (i32.const 0) (ref.null func) (i32.const 100000)) (br 0)))`},
	{"memory.grow in a loop", `(memory 0) (func (export "run") (loop (drop (memory.grow (i32.const 1))) (br 0)))`},
	{"memory.grow by much in a loop", `(memory 0) (func (export "run") (loop (drop (memory.grow (i32.const 65535))) (br 0)))`},
	{"table.grow in a loop", `(table 0 externref) (func (export "run") (loop (drop (table.grow (ref.null extern) (i32.const 100))) (br 0)))`},
	{"table.grow by much in a loop", `(table 0 externref) (func (export "run") (loop (drop (table.grow (ref.null extern) (i32.const -1))) (br 0)))`},
	{"garbage in a loop", `(type $a (array i64)) (func (export "run") (loop (drop (array.new_default $a (i32.const 1000))) (br 0)))`},
	{"large garbage in a loop", `(type $a (array i64)) (func (export "run") (loop (drop (array.new_default $a (i32.const 200000))) (br 0)))`},
	{"array.fill in a loop", `(type $a (array (mut i64))) (func (export "run") (local (ref null $a)) (local.set 0 (array.new_default $a (i32.const 200000)))
		(loop (array.fill $a (local.get 0) (i32.const 0) (i64.const 1) (i32.const 200000)) (br 0)))`},
	{"wait", `(memory 1 1 shared) (func (export "run") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))`},
	{"waits in a loop", `(memory 1 1 shared) (func (export "run") (loop (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000))) (br 0)))`},
}

// TestEndless checks that a deadline stops endless functions, that they take no
// more than the limits while they run, and that the instance can be called
// again.
func TestEndless(t *testing.T) {
	l := limits
	l.Fuel = 0
	for _, tc := range endless {
		t.Run(tc.name, func(t *testing.T) {
			inst, err := instantiate(t, context.Background(), l, nil, tc.text+`(func (export "after") (result i32) (i32.const 7))`)
			if err != nil {
				t.Fatal(err)
			}
			const deadline = 30 * time.Millisecond
			ctx, cancel := context.WithTimeout(context.Background(), deadline)
			defer cancel()
			c := measure(t, tc.name, func() { _, err = inst.Call(ctx, "run") })
			if !errors.Is(err, wamr.ErrInterrupted) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
			if late := c.took - deadline; late > 10*time.Millisecond {
				t.Logf("LATE by %v", late)
			}
			if c.alloc > maxAlloc {
				t.Errorf("%d bytes allocated", c.alloc)
			}
			if res, err := inst.Call(context.Background(), "after"); err != nil || res[0].I32() != 7 {
				t.Errorf("afterwards: %v, %v", res, err)
			}
		})
	}
}

// TestEndlessWithFuel checks that fuel alone stops endless functions, always at
// the same place.
func TestEndlessWithFuel(t *testing.T) {
	l := limits
	l.Fuel = 2_000
	for _, tc := range endless {
		if tc.name == "wait" || strings.Contains(tc.text, "0xffffff") || strings.Contains(tc.text, "0x1000000") {
			continue // fuel counts instructions, and these have few of them
		}
		inst, err := instantiate(t, context.Background(), l, nil, tc.text)
		if err != nil {
			t.Fatal(err)
		}
		measure(t, tc.name, func() { _, err = inst.Call(context.Background(), "run") })
		if !errors.Is(err, wamr.ErrFuel) {
			t.Errorf("%s: error %v", tc.name, err)
		}
	}
}

// TestEndlessStart checks that instantiation ends with its context.
func TestEndlessStart(t *testing.T) {
	for _, text := range []string{
		`(start 0) (func (loop (br 0)))`,
		`(start 0) (func (return_call 0))`,
		`(memory 1 1 shared) (start 0) (func (drop (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const -1))))`,
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		var err error
		measure(t, text, func() { _, err = instantiate(t, ctx, wamr.Limits{}, nil, text) })
		cancel()
		if !errors.Is(err, wamr.ErrInterrupted) {
			t.Errorf("%s: error %v", text, err)
		}
	}
}

// recursions are functions "run" that call themselves without end.
var recursions = []struct{ name, text string }{
	{"direct", `(func (export "run") (call 0))`},
	{"mutual", `(func $f (export "run") (call $g)) (func $g (call $f))`},
	{"with results", `(func $f (export "run") (result i32) (i32.add (call $f) (i32.const 1)))`},
	{"with many locals", `(func $f (export "run") (local ` + strings.Repeat("v128 ", 1000) + `) (call $f))`},
	{"with fifty thousand locals", `(func $f (export "run") (local ` + strings.Repeat("i64 ", 50_000) + `) (call $f))`},
	{"by table", `(table funcref (elem $f)) (func $f (export "run") (call_indirect (i32.const 0)))`},
	{"by reference", `(type $t (func)) (elem declare func $f) (func $f (export "run") (call_ref $t (ref.func $f)))`},
	{"with handlers", `(func $f (export "run") (block $h (try_table (catch_all $h) (call $f))))`},
	{"in a handler", `(tag $e) (func $f (export "run") (block $h (try_table (catch_all $h) (throw $e))) (call $f))`},
}

// TestRecursion checks that endless recursion traps, within 2 MiB of memory.
func TestRecursion(t *testing.T) {
	for _, tc := range recursions {
		t.Run(tc.name, func(t *testing.T) {
			inst, err := instantiate(t, context.Background(), wamr.Limits{}, nil, tc.text)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				c := measure(t, tc.name, func() { _, err = inst.Call(context.Background(), "run") })
				if !errors.Is(err, wamr.ErrStackOverflow) {
					t.Errorf("error %v", err)
				}
				if c.alloc > 2<<20 {
					t.Errorf("%d bytes allocated", c.alloc)
				}
				if c.took > 10*time.Millisecond {
					t.Logf("SLOW: %v", c.took)
				}
				if n := len(wamr.Frames(err)); n > 1000 {
					t.Errorf("a trace of %d frames", n)
				}
			}
		})
	}
}

// TestCallDepth checks the limit of nested calls at its value and one above.
func TestCallDepth(t *testing.T) {
	const text = `(func $f (export "run") (param i32) (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))`
	inst, err := instantiate(t, context.Background(), wamr.Limits{CallDepth: 100}, nil, text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inst.Call(context.Background(), "run", wamr.I32(99)); err != nil {
		t.Errorf("100 calls: %v", err)
	}
	if _, err := inst.Call(context.Background(), "run", wamr.I32(100)); !errors.Is(err, wamr.ErrStackOverflow) {
		t.Errorf("101 calls: %v", err)
	}
}

// TestHostRecursion checks that recursion by way of host functions, which uses
// Go's stack, ends too.
func TestHostRecursion(t *testing.T) {
	ln := wamr.NewLinker()
	deepest := 0
	depth := 0
	ln.Func("env", "again", func(ctx context.Context, c *wamr.Caller) error {
		depth++
		defer func() { depth-- }()
		deepest = max(deepest, depth)
		_, err := c.Instance().Call(ctx, "run")
		return err
	})
	inst, err := instantiate(t, context.Background(), wamr.Limits{}, ln, `(import "env" "again" (func $again)) (func (export "run") (call $again))`)
	if err != nil {
		t.Fatal(err)
	}
	var stack runtime.MemStats
	measure(t, "host recursion", func() { _, err = inst.Call(context.Background(), "run") })
	runtime.ReadMemStats(&stack)
	if !errors.Is(err, wamr.ErrStackOverflow) {
		t.Errorf("error %v", err)
	}
	t.Logf("%d calls deep, %d KiB of Go stacks in use", deepest, stack.StackInuse>>10)
	if stack.StackInuse > 256<<20 {
		t.Errorf("%d bytes of Go stack", stack.StackInuse)
	}
}

// TestHostRecursionByException does the same with a guest that catches
// everything that the host passes on.
func TestHostRecursionByException(t *testing.T) {
	ln := wamr.NewLinker()
	ln.Func("env", "again", func(ctx context.Context, c *wamr.Caller) error {
		_, err := c.Instance().Call(ctx, "run")
		return err
	})
	ctx, cancel := context.WithTimeout(context.Background(), tooLong/2)
	defer cancel()
	inst, err := instantiate(t, ctx, wamr.Limits{}, ln,
		`(import "env" "again" (func $again)) (func (export "run") (block $h (try_table (catch_all $h) (call $again))))`)
	if err != nil {
		t.Fatal(err)
	}
	measure(t, "host recursion with handlers", func() { _, err = inst.Call(ctx, "run") })
	if !errors.Is(err, wamr.ErrStackOverflow) {
		t.Errorf("a trap was caught: %v", err)
	}
}

// TestBigDispatch runs a br_table with a hundred thousand targets.
func TestBigDispatch(t *testing.T) {
	const n = 100_000
	text := `(func (export "run") (param i32) (result i32) (block (block (br_table ` + strings.Repeat("0 1 ", n/2) +
		`1 (local.get 0))) (return (i32.const 10))) (i32.const 11))`
	inst, err := instantiate(t, context.Background(), wamr.Limits{}, nil, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ arg, want int32 }{{0, 10}, {1, 11}, {n - 2, 10}, {n - 1, 11}, {n, 11}, {-1, 11}} {
		res, err := inst.Call(context.Background(), "run", wamr.I32(tc.arg))
		if err != nil || res[0].I32() != tc.want {
			t.Errorf("%d: %v, %v", tc.arg, res, err)
		}
	}
}
