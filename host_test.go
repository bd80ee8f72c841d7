package wamr_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"testing"
	"time"

	"github.com/wamr-go/wamr"
)

type myInt int32

// TestLinkerFuncKinds passes every kind of parameter and result through Wasm.
func TestLinkerFuncKinds(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(bg, key{}, "value")
	var inst *wamr.Instance
	ln := wamr.NewLinker()
	ln.Func("env", "numbers", func(c context.Context, caller *wamr.Caller, a int32, b uint32, d int64, e uint64, f float32, g float64, h bool, i myInt) (int32, uint32, int64, uint64, float32, float64, bool, myInt, error) {
		if c.Value(key{}) != "value" || caller.Context() != c || caller.Instance() != inst || caller.Store() != inst.Store() {
			t.Error("context or caller is wrong")
		}
		if f := caller.Frames(); len(f) != 1 || f[0].Name != "numbersE" {
			t.Errorf("frames: %v", f)
		}
		return a, b, d, e, f, g, h, i, nil
	})
	ln.Func("env", "v128", func(v wamr.V128Bits) wamr.V128Bits { return wamr.V128Bits{v[1], v[0]} })
	ln.Func("env", "refs", func(x any, f *wamr.Func) (*wamr.Func, any) { return f, x })
	ln.Func("env", "text", func(s wamr.String, b wamr.Bytes, z wamr.CString) length {
		if s != "hello" || z != "lo" {
			t.Errorf("text: %q %q", s, z)
		}
		copy(b, "J")
		return length(len(b))
	})
	const types = "i32 i32 i64 i64 f32 f64 i32 i32"
	const text = `(module (type $n (func (param ` + types + `) (result ` + types + `)))
		(import "env" "numbers" (func $numbers (type $n)))
		(import "env" "v128" (func $v128 (param v128) (result v128)))
		(import "env" "refs" (func $refs (param externref funcref) (result funcref externref)))
		(import "env" "text" (func $text (param i32 i32 i32 i32 i32) (result i32)))
		(memory (export "memory") 1) (data (i32.const 3) "hello\00")
		(func $numbersE (export "numbers") (type $n)
			(call $numbers (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7)))
		(func (export "v128") (param v128) (result v128) (call $v128 (local.get 0)))
		(func (export "refs") (param externref funcref) (result funcref externref) (call $refs (local.get 0) (local.get 1)))
		(func (export "text") (result i32) (call $text (i32.const 3) (i32.const 5) (i32.const 3) (i32.const 4) (i32.const 6))))`
	inst = instantiate(t, ln, wamr.Limits{}, text)
	for _, args := range [][]wamr.Value{
		{wamr.I32(-1), wamr.I32(-2), wamr.I64(-3), wamr.I64(-4), wamr.F32(1.5), wamr.F64(-2.5), wamr.I32(1), wamr.I32(9)},
		{wamr.I32(math.MinInt32), wamr.I32(0), wamr.I64(math.MinInt64), wamr.I64(math.MaxInt64), wamr.F32(float32(math.Inf(1))), wamr.F64(math.Copysign(0, -1)), wamr.I32(0), wamr.I32(-9)},
	} {
		res, err := inst.Call(ctx, "numbers", args...)
		noError(t, err)
		equal(t, "numbers", res, args)
	}
	lo, hi := call1(t, inst, "v128", wamr.V128(1, 2)).V128()
	equal(t, "v128", [2]uint64{lo, hi}, [2]uint64{2, 1})
	who := &struct{ int }{7}
	res := call(t, inst, "refs", wamr.ExternRef(who), wamr.FuncRef(inst.Func("text")))
	equal(t, "function", res[0].Func().Name(), "text")
	if x, ok := res[1].Extern(); !ok || x != any(who) {
		t.Errorf("extern: %v %v", x, ok)
	}
	res = call(t, inst, "refs", wamr.NullRef(wamr.TypeExternRef), wamr.FuncRef(nil))
	if !res[0].IsNull() || !res[1].IsNull() {
		t.Errorf("nulls: %v", res)
	}
	equal(t, "text", call1(t, inst, "text").I32(), 4)
	b, err := inst.Memory("memory").Read(3, 5)
	noError(t, err)
	equal(t, "written through Bytes", string(b), "Jello")
}

type length int32

// What a bool is to Wasm: not 0 is true, true is 1.
func TestLinkerFuncBool(t *testing.T) {
	ln := wamr.NewLinker()
	ln.Func("env", "not", func(b bool) bool { return !b })
	inst := instantiate(t, ln, wamr.Limits{}, `(module (import "env" "not" (func (param i32) (result i32))) (export "not" (func 0)))`)
	for arg, want := range map[int32]int32{0: 1, 1: 0, 2: 0, -1: 0} {
		equal(t, "not", call1(t, inst, "not", wamr.I32(arg)).I32(), want)
	}
}

// Wasm's own references that come as externref are no nil.
func TestLinkerFuncWasmReference(t *testing.T) {
	ln := wamr.NewLinker()
	ln.Func("env", "same", func(x any) any {
		if r, ok := x.(*wamr.Ref); !ok || r.Kind() != "struct" {
			t.Errorf("have %v", x)
		}
		return x
	})
	inst := instantiate(t, ln, wamr.Limits{}, `(module (type $s (struct (field i32)))
		(import "env" "same" (func $same (param externref) (result externref)))
		(func (export "f") (result i32)
			(struct.get $s 0 (ref.cast (ref $s) (any.convert_extern
				(call $same (extern.convert_any (struct.new $s (i32.const 42)))))))))`)
	equal(t, "field", call1(t, inst, "f").I32(), 42)
}

// Pointers are checked before the host function runs.
func TestLinkerFuncPointers(t *testing.T) {
	called := 0
	ln := wamr.NewLinker()
	ln.Func("env", "s", func(wamr.String) { called++ })
	ln.Func("env", "z", func(wamr.CString) { called++ })
	const body = `(import "env" "s" (func $s (param i32 i32))) (import "env" "z" (func $z (param i32)))
		(func (export "s") (param i32 i32) (call $s (local.get 0) (local.get 1)))
		(func (export "z") (param i32) (call $z (local.get 0)))`
	inst := instantiate(t, ln, wamr.Limits{}, `(module `+body+`(memory 1) (data (i32.const 65534) "ab"))`)
	for _, good := range [][2]int32{{0, 65536}, {65536, 0}, {65535, 1}} {
		call(t, inst, "s", wamr.I32(good[0]), wamr.I32(good[1]))
	}
	call(t, inst, "z", wamr.I32(0))
	equal(t, "calls", called, 4)
	for _, bad := range [][2]int32{{0, 65537}, {65536, 1}, {1, 65536}, {-1, 1}, {-1, -1}, {1, -1}} {
		_, err := inst.Call(bg, "s", wamr.I32(bad[0]), wamr.I32(bad[1]))
		wantIs(t, err, wamr.ErrHost)
		wantAs[*wamr.RangeError](t, err)
		wantError(t, err, "argument 0")
	}
	for _, bad := range []int32{65534, 65535, 65536, -1} {
		_, err := inst.Call(bg, "z", wamr.I32(bad))
		wantAs[*wamr.RangeError](t, err)
	}
	none := instantiate(t, ln, wamr.Limits{}, `(module `+body+`)`)
	_, err := none.Call(bg, "s", wamr.I32(0), wamr.I32(0))
	wantAs[*wamr.RangeError](t, err)
	_, err = none.Call(bg, "z", wamr.I32(0))
	wantAs[*wamr.RangeError](t, err)
	// Called from Go there is no memory that they could point into.
	_, err = instantiate(t, ln, wamr.Limits{}, `(module (import "env" "z" (func (param i32))) (export "z" (func 0)) (memory 1))`).Call(bg, "z", wamr.I32(0))
	wantAs[*wamr.RangeError](t, err)
	equal(t, "calls", called, 4)
}

// The typed host functions, with every number type and every count.
func TestDefine(t *testing.T) {
	ln := wamr.NewLinker()
	var void []string
	wamr.Define0(ln, "env", "d0", func() uint32 { return math.MaxUint32 })
	wamr.Define1(ln, "env", "d1", func(a uint64) uint64 { return ^a })
	wamr.Define2(ln, "env", "d2", func(a float32, b float64) float64 { return float64(a) + b })
	wamr.Define3(ln, "env", "d3", func(a, b, c int64) int64 { return a*100 + b*10 + c })
	wamr.Define4(ln, "env", "d4", func(a, b, c, d myInt) myInt { return a*1000 + b*100 + c*10 + d })
	wamr.Define5(ln, "env", "d5", func(a, b, c, d int32, e float32) float32 { return float32(a*1000+b*100+c*10+d) + e })
	wamr.Define6(ln, "env", "d6", func(a, b, c, d, e, f int32) int32 {
		return a*100000 + b*10000 + c*1000 + d*100 + e*10 + f
	})
	wamr.DefineVoid0(ln, "env", "v0", func() { void = append(void, "v0") })
	wamr.DefineVoid6(ln, "env", "v6", func(a, b, c, d, e int32, f float64) {
		void = append(void, fmt.Sprint("v6 ", a, b, c, d, e, f))
	})
	wamr.DefineVoid1(ln, "env", "v1", func(a float32) { void = append(void, fmt.Sprint("v1 ", a)) })
	wamr.DefineVoid2(ln, "env", "v2", func(a, b int32) { void = append(void, fmt.Sprint("v2 ", a, b)) })
	wamr.DefineVoid3(ln, "env", "v3", func(a, b, c int32) { void = append(void, fmt.Sprint("v3 ", a, b, c)) })
	wamr.DefineVoid4(ln, "env", "v4", func(a, b, c, d int32) { void = append(void, fmt.Sprint("v4 ", a, b, c, d)) })
	wamr.DefineVoid5(ln, "env", "v5", func(a, b, c, d, e int64) { void = append(void, fmt.Sprint("v5 ", a, b, c, d, e)) })
	inst := instantiate(t, ln, wamr.Limits{}, `(module
		(import "env" "d0" (func $d0 (result i32)))
		(import "env" "d1" (func $d1 (param i64) (result i64)))
		(import "env" "d2" (func $d2 (param f32 f64) (result f64)))
		(import "env" "d3" (func $d3 (param i64 i64 i64) (result i64)))
		(import "env" "d4" (func $d4 (param i32 i32 i32 i32) (result i32)))
		(import "env" "d5" (func $d5 (param i32 i32 i32 i32 f32) (result f32)))
		(import "env" "d6" (func $d6 (param i32 i32 i32 i32 i32 i32) (result i32)))
		(import "env" "v0" (func $v0))
		(import "env" "v1" (func $v1 (param f32)))
		(import "env" "v2" (func $v2 (param i32 i32)))
		(import "env" "v3" (func $v3 (param i32 i32 i32)))
		(import "env" "v4" (func $v4 (param i32 i32 i32 i32)))
		(import "env" "v5" (func $v5 (param i64 i64 i64 i64 i64)))
		(import "env" "v6" (func $v6 (param i32 i32 i32 i32 i32 f64)))
		(func (export "run") (result i32 i64 f64 i64 i32 f32 i32)
			(call $v0) (call $v1 (f32.const 1.5)) (call $v2 (i32.const 1) (i32.const 2))
			(call $v3 (i32.const 1) (i32.const 2) (i32.const 3))
			(call $v4 (i32.const 1) (i32.const 2) (i32.const 3) (i32.const -4))
			(call $v5 (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const -5))
			(call $v6 (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (f64.const 6.5))
			(call $d0) (call $d1 (i64.const 5)) (call $d2 (f32.const 0.5) (f64.const 2))
			(call $d3 (i64.const 1) (i64.const 2) (i64.const 3))
			(call $d4 (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4))
			(call $d5 (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (f32.const 0.5))
			(call $d6 (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6))))`)
	equal(t, "results", call(t, inst, "run"), []wamr.Value{
		wamr.I32(-1), wamr.I64(-6), wamr.F64(2.5), wamr.I64(123), wamr.I32(1234), wamr.F32(1234.5), wamr.I32(123456),
	})
	equal(t, "void", void, []string{"v0", "v1 1.5", "v2 1 2", "v3 1 2 3", "v4 1 2 3 -4", "v5 1 2 3 4 -5", "v6 1 2 3 4 5 6.5"})
}

// failing returns an instance whose export run calls a host function that
// returns what *result says.
func failing(t *testing.T, result *error) *wamr.Instance {
	ln := wamr.NewLinker()
	ln.Raw("env", "f", &wamr.FuncType{}, func(*wamr.Caller, []uint64) error { return *result })
	return instantiate(t, ln, wamr.Limits{}, `(module (import "env" "f" (func $f)) (export "direct" (func $f)) (func $run (export "run") (call $f)))`)
}

func TestHostErrors(t *testing.T) {
	var result error
	inst := failing(t, &result)
	for _, name := range []string{"run", "direct"} {
		result = fmt.Errorf("wrapped: %w", io.ErrUnexpectedEOF)
		_, err := inst.Call(bg, name)
		wantIs(t, err, wamr.ErrHost, io.ErrUnexpectedEOF)
		trap := wantAs[*wamr.Trap](t, err)
		equal(t, "kind", trap.Kind, wamr.ErrHost)
		equal(t, "cause", trap.Cause, result)
		wantError(t, err, "unexpected EOF")

		result = wamr.ErrUnreachable // a host function may trap
		_, err = inst.Call(bg, name)
		wantIs(t, err, wamr.ErrUnreachable)

		result = fmt.Errorf("why: %w", wamr.ErrOutOfBounds)
		_, err = inst.Call(bg, name)
		wantIs(t, err, wamr.ErrOutOfBounds)

		result = &wamr.ExitError{Code: 3}
		_, err = inst.Call(bg, name)
		equal(t, "exit", wantAs[*wamr.ExitError](t, err).Code, 3)
		wantError(t, err, "exit status 3")

		result = nil
		call(t, inst, name) // the instance is none the worse
	}
	result = wamr.ErrUnreachable
	_, err := inst.Call(bg, "run")
	equal(t, "kind", wantAs[*wamr.Trap](t, err).Kind, wamr.ErrUnreachable)
	if f := wamr.Frames(err); len(f) != 1 || f[0].Name != "run" {
		t.Errorf("frames: %v", f)
	}
}

func TestHostPanics(t *testing.T) {
	const src = `(module (import "env" "f" (func $f (param i32) (result i32)))
		(func (export "run") (param i32) (result i32) (call $f (local.get 0))))`
	cause := errors.New("cause")
	ln := wamr.NewLinker()
	ln.Func("env", "f", func(x int32) int32 {
		switch x {
		case 0:
			panic("text")
		case 1:
			panic(cause)
		}
		return x
	})
	t.Run("recovered", func(t *testing.T) {
		inst := instantiateIn(t, ln, newRuntime(t, wamr.Config{RecoverHostPanics: true}).NewStore(wamr.Limits{}), src)
		for range 3 {
			_, err := inst.Call(bg, "run", wamr.I32(0))
			wantIs(t, err, wamr.ErrHost)
			p := wantAs[*wamr.HostPanicError](t, err)
			if p.Value != "text" || !bytes.Contains(p.Stack, []byte("TestHostPanics")) {
				t.Errorf("panic: %v\n%s", p.Value, p.Stack)
			}
			_, err = inst.Call(bg, "run", wamr.I32(1))
			wantIs(t, err, cause)
			equal(t, "afterwards", call1(t, inst, "run", wamr.I32(5)).I32(), 5)
		}
	})
	t.Run("passed on", func(t *testing.T) {
		inst := instantiateIn(t, ln, newRuntime(t, wamr.Config{}).NewStore(wamr.Limits{}), src)
		for range 3 {
			func() {
				defer func() { wantPanic(t, recover(), "text", 1) }()
				_, _ = inst.Call(bg, "run", wamr.I32(0))
				t.Error("no panic")
			}()
			equal(t, "afterwards", call1(t, inst, "run", wamr.I32(5)).I32(), 5)
		}
	})
}

// wantPanic checks what a panic of a host function was recovered as.
func wantPanic(t *testing.T, p, value any, frames int) {
	t.Helper()
	e, ok := p.(*wamr.HostPanicError)
	if !ok || e.Value != value || len(e.Frames) != frames || e.Frames[0].Name != "run" || !bytes.Contains(e.Stack, []byte("Test")) {
		t.Errorf("panic %v, want %v with %d frames of run", p, value, frames)
	}
}

// nest is a tower of calls from Go to Wasm to Go; at the bottom is what the
// caller puts there.
func nest(t *testing.T, cfg wamr.Config, bottom func() error) *wamr.Instance {
	ln := wamr.NewLinker()
	ln.Func("env", "down", func(c *wamr.Caller, n int32) (int32, error) {
		if n == 0 {
			return 0, bottom()
		}
		res, err := c.Instance().Call(c.Context(), "run", wamr.I32(n-1))
		if err != nil {
			return 0, err
		}
		return res[0].I32() + 1, nil
	})
	return instantiateIn(t, ln, newRuntime(t, cfg).NewStore(wamr.Limits{}), `(module
		(import "env" "down" (func $down (param i32) (result i32)))
		(func $run (export "run") (param i32) (result i32) (local i32)
			(local.set 1 (i32.mul (local.get 0) (i32.const 7)))
			(i32.add (call $down (local.get 0)) (i32.sub (local.get 1) (i32.mul (local.get 0) (i32.const 7))))))`)
}

func TestNestedCalls(t *testing.T) {
	cause := errors.New("bottom")
	var err error
	var thrown any
	inst := nest(t, wamr.Config{}, func() error {
		if thrown != nil {
			panic(thrown)
		}
		return err
	})
	equal(t, "depth", call1(t, inst, "run", wamr.I32(100)).I32(), 100)
	err = cause
	_, got := inst.Call(bg, "run", wamr.I32(100))
	wantIs(t, got, cause, wamr.ErrHost)
	err = nil
	thrown = "bang"
	func() {
		defer func() { wantPanic(t, recover(), "bang", 1) }()
		_, _ = inst.Call(bg, "run", wamr.I32(100))
		t.Error("no panic")
	}()
	thrown = nil
	equal(t, "depth afterwards", call1(t, inst, "run", wamr.I32(100)).I32(), 100)
	// Endless nesting ends with a trap, not with the process.
	_, got = inst.Call(bg, "run", wamr.I32(math.MaxInt32))
	wantIs(t, got, wamr.ErrStackOverflow)
	equal(t, "depth after an overflow", call1(t, inst, "run", wamr.I32(100)).I32(), 100)
}

// spinners are ways of Wasm code to be busy for ever.
const spinners = `(module
	(import "env" "sleep" (func $sleep))
	(memory (export "memory") 1 1 shared)
	(memory $big 2048)
	(func (export "loop") (loop $l (br $l)))
	(func $r (export "recursion") (loop $l (call $deep (i32.const 1000)) (br $l)))
	(func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))
	(func $tail (export "tail") (return_call $tail))
	(func (export "fill") (loop $l (memory.fill $big (i32.const 0) (i32.const 1) (i32.const 134217728)) (br $l)))
	(func (export "wait") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
	(func (export "host") (call $sleep) (loop $l (br $l)))
	(func (export "one") (result i32) (i32.const 1)))`

func spinner(t *testing.T) *wamr.Instance {
	ln := wamr.NewLinker()
	ln.Func("env", "sleep", func(ctx context.Context) {
		select {
		case <-ctx.Done():
		case <-time.After(30 * time.Millisecond):
		}
	})
	return instantiate(t, ln, wamr.Limits{}, spinners)
}

func TestInterrupt(t *testing.T) {
	inst := spinner(t)
	cause := errors.New("enough")
	for _, name := range []string{"loop", "recursion", "tail", "fill", "wait", "host"} {
		t.Run(name, func(t *testing.T) {
			timer := time.AfterFunc(10*time.Millisecond, func() { inst.Store().Interrupt(cause) })
			defer timer.Stop()
			_, err := inst.Call(bg, name)
			wantIs(t, err, wamr.ErrInterrupted, cause)
			if name != "tail" && len(wamr.Frames(err)) == 0 {
				t.Error("no frames")
			}
			equal(t, "afterwards", call1(t, inst, "one").I32(), 1)
		})
	}
	// Without a call it is the next that stops.
	inst.Store().Interrupt(cause)
	_, err := inst.Call(bg, "loop")
	wantIs(t, err, wamr.ErrInterrupted, cause)
	call(t, inst, "one")
}

func TestContexts(t *testing.T) {
	inst := spinner(t)
	for _, name := range []string{"loop", "recursion", "tail", "fill", "wait", "host"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(bg, 10*time.Millisecond)
			defer cancel()
			_, err := inst.Call(ctx, name)
			wantIs(t, err, wamr.ErrInterrupted, context.DeadlineExceeded)
			cause := errors.New("cause")
			ctx, stop := context.WithCancelCause(bg)
			defer stop(nil)
			time.AfterFunc(10*time.Millisecond, func() { stop(cause) })
			_, err = inst.Call(ctx, name)
			wantIs(t, err, wamr.ErrInterrupted, cause)
			equal(t, "afterwards", call1(t, inst, "one").I32(), 1)
		})
	}
	done, cancel := context.WithCancel(bg)
	cancel()
	_, err := inst.Call(done, "one")
	wantIs(t, err, wamr.ErrInterrupted, context.Canceled)
	wantIs(t, inst.Func("one").CallRaw(done, make([]uint64, 1)), wamr.ErrInterrupted)
	one, err := wamr.Func0[int32](inst, "one")
	noError(t, err)
	_, err = one(done)
	wantIs(t, err, wamr.ErrInterrupted)
	_, err = one(bg)
	noError(t, err)
}

// An inner call's context ends it alone; that of an outer call ends both.
func TestNestedContexts(t *testing.T) {
	var inner func(c *wamr.Caller) error
	ln := wamr.NewLinker()
	ln.Func("env", "f", func(c *wamr.Caller) error { return inner(c) })
	inst := instantiate(t, ln, wamr.Limits{}, `(module (import "env" "f" (func $f))
		(func (export "loop") (loop $l (br $l)))
		(func (export "run") (result i32) (call $f) (i32.const 1))
		(func (export "on") (call $f) (loop $l (br $l))))`)
	inner = func(c *wamr.Caller) error {
		ctx, cancel := context.WithTimeout(c.Context(), 10*time.Millisecond)
		defer cancel()
		_, err := c.Instance().Call(ctx, "loop")
		wantIs(t, err, wamr.ErrInterrupted)
		return nil
	}
	equal(t, "run", call1(t, inst, "run").I32(), 1)
	inner = func(c *wamr.Caller) error {
		_, err := c.Instance().Call(bg, "loop")
		wantIs(t, err, wamr.ErrInterrupted, context.DeadlineExceeded)
		return nil // drops it: the outer call must stop all the same
	}
	ctx, cancel := context.WithTimeout(bg, 10*time.Millisecond)
	defer cancel()
	_, err := inst.Call(ctx, "on")
	wantIs(t, err, wamr.ErrInterrupted, context.DeadlineExceeded)
}
