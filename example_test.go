package wamr_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/wamr-go/wamr"
)

// addModule exports a function in the text format; binaries work the same way.
const addModule = `(module
	(func (export "add") (param i32 i32) (result i32)
		(i32.add (local.get 0) (local.get 1))))`

// The life of a module: compile it, instantiate it, call an export through a
// typed Go function.
func Example() {
	ctx := context.Background()
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	mod, err := rt.Compile(ctx, []byte(addModule))
	if err != nil {
		fmt.Println(err)
		return
	}
	inst, err := wamr.NewLinker().Instantiate(ctx, nil, mod)
	if err != nil {
		fmt.Println(err)
		return
	}
	add, err := wamr.Func2[int32, int32, int32](inst, "add")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(add(ctx, 40, 2))
	// Output: 42 <nil>
}

// start compiles and instantiates a module, for the examples below.
func start(ln *wamr.Linker, limits wamr.Limits, src string) (*wamr.Instance, error) {
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		return nil, err
	}
	mod, err := rt.Compile(context.Background(), []byte(src))
	if err != nil {
		return nil, err
	}
	return ln.Instantiate(context.Background(), rt.NewStore(limits), mod)
}

// Host functions are Go functions. Define2 and its like need no reflection;
// Linker.Func takes any function and checks pointers into the caller's memory.
func ExampleLinker_Func() {
	ln := wamr.NewLinker()
	ln.Func("env", "log", func(c *wamr.Caller, msg wamr.String) {
		fmt.Println("guest says:", msg)
	})
	wamr.Define2(ln, "env", "max", func(a, b int32) int32 { return max(a, b) })
	inst, err := start(ln, wamr.Limits{}, `(module
		(import "env" "log" (func $log (param i32 i32)))
		(import "env" "max" (func $max (param i32 i32) (result i32)))
		(memory (export "memory") 1)
		(data (i32.const 8) "hello")
		(func (export "run") (result i32)
			(call $log (i32.const 8) (i32.const 5))
			(call $max (i32.const 3) (i32.const 7))))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(inst.Call(context.Background(), "run"))
	// Output:
	// guest says: hello
	// [i32:7] <nil>
}

// Natives are host functions in WAMR's manner: a signature string says which
// arguments are addresses to check.
func ExampleLinker_Natives() {
	ln := wamr.NewLinker()
	ln.Natives("env", wamr.Native{
		Name: "print", Signature: "(*~)i", Attachment: "> ",
		Func: func(c *wamr.NativeCall, slots []uint64) error {
			b := c.Bytes(0, slots)
			fmt.Printf("%s%s\n", c.Attachment, b)
			slots[0] = uint64(len(b))
			return nil
		},
	})
	inst, err := start(ln, wamr.Limits{}, `(module
		(import "env" "print" (func $print (param i32 i32) (result i32)))
		(memory 1)
		(data (i32.const 0) "natives")
		(func (export "run") (param i32) (result i32) (call $print (i32.const 0) (local.get 0))))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	fmt.Println(inst.Call(ctx, "run", wamr.I32(7)))
	_, err = inst.Call(ctx, "run", wamr.I32(1<<20))
	fmt.Println(errors.Is(err, wamr.ErrOutOfBounds))
	// Output:
	// > natives
	// [i32:7] <nil>
	// true
}

// Cancelling the context stops Wasm code wherever it is.
func ExampleInstance_Call_cancel() {
	inst, err := start(wamr.NewLinker(), wamr.Limits{}, `(module (func (export "spin") (loop $l (br $l))))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err = inst.Call(ctx, "spin")
	fmt.Println(errors.Is(err, wamr.ErrInterrupted), errors.Is(err, context.DeadlineExceeded))
	// Output: true true
}

// A trap carries the Wasm stack.
func ExampleTrap() {
	inst, err := start(wamr.NewLinker(), wamr.Limits{}, `(module
		(func $inner unreachable)
		(func (export "outer") (call $inner)))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = inst.Call(context.Background(), "outer")
	fmt.Println(errors.Is(err, wamr.ErrUnreachable))
	for _, f := range wamr.Frames(err) {
		fmt.Println(f.Name)
	}
	// Output:
	// true
	// inner
	// outer
}

// Bind fills a struct of functions with exports.
func ExampleInstance_Bind() {
	inst, err := start(wamr.NewLinker(), wamr.Limits{}, addModule)
	if err != nil {
		fmt.Println(err)
		return
	}
	var api struct {
		Add func(context.Context, int32, int32) (int32, error) `wasm:"add"`
	}
	if err := inst.Bind(&api); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(api.Add(context.Background(), 1, 2))
	// Output: 3 <nil>
}

// Views of a memory are live and checked.
func ExampleMemory_View() {
	inst, err := start(wamr.NewLinker(), wamr.Limits{}, `(module
		(memory (export "memory") 1)
		(func (export "poke") (param i32 i32) (i32.store8 (local.get 0) (local.get 1))))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := inst.Memory("memory")
	b, err := m.View(16, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := inst.Call(context.Background(), "poke", wamr.I32(17), wamr.I32(7)); err != nil {
		fmt.Println(err)
		return
	}
	x, err := wamr.Load[uint16](m, 16)
	fmt.Println(b, x, err)
	_, err = m.View(65536, 1)
	fmt.Println(err)
	// Output:
	// [0 7 0 0] 1792 <nil>
	// wamr: out of bounds: 1 at offset 0x10000 of 65536
}

// A snapshot brings a store back to an earlier state.
func ExampleStore_Snapshot() {
	inst, err := start(wamr.NewLinker(), wamr.Limits{}, `(module
		(global $n (mut i32) (i32.const 0))
		(func (export "next") (result i32)
			(global.set $n (i32.add (global.get $n) (i32.const 1)))
			(global.get $n)))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	next, err := wamr.Func0[int32](inst, "next")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	_, _ = next(ctx)
	snap, err := inst.Store().Snapshot()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(next(ctx))
	fmt.Println(next(ctx))
	if err := inst.Store().Restore(snap); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(next(ctx))
	// Output:
	// 2 <nil>
	// 3 <nil>
	// 2 <nil>
}

// Fuel bounds how many instructions may run, the same on every machine.
func ExampleStore_AddFuel() {
	inst, err := start(wamr.NewLinker(), wamr.Limits{Fuel: 1000}, `(module
		(func (export "spin") (loop $l (br $l)))
		(func (export "one") (result i32) (i32.const 1)))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	_, err = inst.Call(ctx, "spin")
	fmt.Println(errors.Is(err, wamr.ErrFuel), inst.Store().Fuel())
	inst.Store().AddFuel(10)
	fmt.Println(inst.Call(ctx, "one"))
	// Output:
	// true 0
	// [i32:1] <nil>
}

// All imports that are missing are reported at once, with the nearest names.
func ExampleLinkError() {
	ln := wamr.NewLinker()
	wamr.Define1(ln, "env", "sqrt_approx", func(x float64) float64 { return x / 2 })
	_, err := start(ln, wamr.Limits{}, `(module
		(import "env" "sqrt_aprox" (func (param f64) (result f64)))
		(import "env" "table" (table 1 funcref)))`)
	fmt.Println(err)
	// Output:
	// link: unknown import: "env" "sqrt_aprox" (func [f64] -> [f64]); did you mean "sqrt_approx"?
	//       unknown import: "env" "table" (table 1 funcref)
}

// Key keeps a typed value of the host's in a store.
func ExampleKey() {
	visits := new(wamr.Key[*int])
	ln := wamr.NewLinker()
	ln.Func("env", "visit", func(c *wamr.Caller) {
		n, _ := visits.Get(c.Store())
		*n++
	})
	inst, err := start(ln, wamr.Limits{}, `(module
		(import "env" "visit" (func $visit))
		(func (export "run") (call $visit) (call $visit)))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	n := 0
	visits.Set(inst.Store(), &n)
	if _, err := inst.Call(context.Background(), "run"); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n)
	// Output: 2
}
