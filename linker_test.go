package wamr_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wamr-go/wamr"
)

func TestLinkerRedefinition(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	mod := compile(t, rt, `(module (import "env" "f" (func $f (result i32))) (func (export "f") (result i32) (call $f)))`)
	ln := wamr.NewLinker()
	for want := range int32(3) { // the plan of the old meaning must not be used again
		wamr.Define0(ln, "env", "f", func() int32 { return want })
		inst, err := ln.Instantiate(bg, nil, mod)
		noError(t, err)
		equal(t, "f", call1(t, inst, "f").I32(), want)
		inst.Store().Close()
	}
	names := ln.Names("env")
	equal(t, "names", names, []string{"f"})
	equal(t, "names of nothing", len(ln.Names("nope")), 0)
}

// All imports that can't be satisfied are reported at once, in order, whatever
// the reason.
func TestLinkError(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	st := rt.NewStore(wamr.Limits{})
	defer st.Close()
	other := rt.NewStore(wamr.Limits{})
	defer other.Close()
	memory, err := st.NewMemory(wamr.MemoryType{Limits: wamr.SizeLimits{Min: 1}})
	noError(t, err)
	foreign, err := other.NewGlobal(wamr.I32(1), false)
	noError(t, err)
	global, err := st.NewGlobal(wamr.I32(1), true)
	noError(t, err)
	tag, err := st.NewTag(wamr.TypeI32)
	noError(t, err)
	table, err := st.NewTable(wamr.TableType{Elem: wamr.TypeFuncRef, Limits: wamr.SizeLimits{Min: 1}})
	noError(t, err)
	ln := wamr.NewLinker()
	wamr.Define1(ln, "env", "type", func(int32) int32 { return 0 })
	wamr.Define0(ln, "env", "good", func() int32 { return 0 })
	ln.Memory("env", "small", memory)
	ln.Memory("env", "open", memory)
	ln.Memory("env", "kind", memory)
	ln.Memory("env", "shared", memory)
	ln.Global("env", "foreign", foreign)
	ln.Global("env", "const", global)
	ln.Global("env", "gtype", global)
	ln.Tag("env", "tag", tag)
	ln.Table("env", "elem", table)
	mod := compile(t, rt, `(module
		(import "env" "type" (func (param i64)))
		(import "env" "good" (func (result i32)))
		(import "env" "gone" (func))
		(import "env" "goof" (func))
		(import "env" "zzzzzzzz" (func))
		(import "env" "small" (memory 2))
		(import "env" "open" (memory 1 5))
		(import "env" "kind" (func))
		(import "env" "shared" (memory 1 5 shared))
		(import "env" "foreign" (global i32))
		(import "env" "const" (global i32))
		(import "env" "gtype" (global (mut i64)))
		(import "env" "tag" (tag (param i64)))
		(import "env" "elem" (table 1 externref)))`)
	for range 2 { // the second time as the first
		_, err := ln.Instantiate(bg, st, mod)
		var have []string
		for _, m := range wantAs[*wamr.LinkError](t, err).Missing {
			have = append(have, fmt.Sprintf("%s|%s|%s|%s", m.Name, m.Reason, m.Detail, m.Near))
		}
		const bad = "incompatible import type"
		want := []string{
			"type|" + bad + "|have [i32] -> [i32], want [i64] -> []|",
			"gone|unknown import||",
			"goof|unknown import||good",
			"zzzzzzzz|unknown import||",
			"small|" + bad + "|size is 1, want at least 2|",
			"open|" + bad + "|maximum is missing, want at most 5|",
			"kind|" + bad + "|it is a memory|",
			"shared|" + bad + "|one is shared, one is not|",
			"foreign|" + bad + "|it belongs to another store|",
			"const|" + bad + "|one is mutable, one is not|",
			"gtype|" + bad + "|have i32, want i64|",
			"tag|" + bad + "|have [i32] -> [], want [i64] -> []|",
			"elem|" + bad + "|have elements funcref, want externref|",
		}
		if !slices.Equal(have, want) {
			t.Errorf("have\n%s\nwant\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
		}
		if n := strings.Count(err.Error(), "\n"); n != len(want)-1 {
			t.Errorf("%d lines:\n%v", n+1, err)
		}
	}
	equal(t, "instances", st.Stats().Instances, 0)
}

func TestLinkErrorIsBounded(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	_, err := wamr.NewLinker().Instantiate(bg, nil, compile(t, rt, "(module "+strings.Repeat(`(import "a" "b" (func))`, 5000)+")"))
	equal(t, "missing", len(wantAs[*wamr.LinkError](t, err).Missing), 5000)
	wantError(t, err, "and 4900 more")
}

func TestLinkerMistakes(t *testing.T) {
	ln := wamr.NewLinker()
	noError(t, ln.Err())
	ln.Func("env", "number", 7)
	ln.Func("env", "nil", nil)
	ln.Func("env", "nilfunc", (func())(nil))
	ln.Func("env", "variadic", func(...int32) {})
	ln.Func("env", "int", func(int) {})
	ln.Func("env", "string", func(string) {})
	ln.Func("env", "slice", func() []byte { return nil })
	ln.Func("env", "late", func(int32, context.Context) {})
	ln.Func("env", "errors", func() (error, int32) { return nil, 0 })
	ln.Raw("env", "raw", nil, func(*wamr.Caller, []uint64) error { return nil })
	ln.Raw("env", "rawfn", &wamr.FuncType{}, nil)
	ln.Memory("env", "memory", nil)
	ln.Table("env", "table", nil)
	ln.Global("env", "global", nil)
	ln.Tag("env", "tag", nil)
	ln.Instance("env", nil)
	err := ln.Err()
	for _, part := range []string{
		`"number": int is not a function`, `"nil": <nil> is not a function`, `"nilfunc": it is nil`, `"variadic": func(...int32) is variadic`,
		`"int": parameter 0 has type int`, `"string": parameter 0 has type string`, `"slice": result 0 has type []uint8`,
		`"late": parameter 1 has type context.Context`, `"errors": result 0 has type error`, `"raw": it is nil`,
		`"rawfn": it is nil`, `"memory": it is nil`, `"table": it is nil`, `"global": it is nil`, `"tag": it is nil`, `"*": it is nil`,
	} {
		wantError(t, err, part)
	}
	_, err = ln.Instantiate(bg, nil, compile(t, newRuntime(t, wamr.Config{}), "(module)"))
	wantError(t, err, `"number"`)
}

func TestLinkerInstance(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	st := rt.NewStore(wamr.Limits{})
	lib := instantiateIn(t, nil, st, `(module
		(memory (export "m") 1)
		(table (export "t") 1 funcref)
		(global (export "g") (mut i32) (i32.const 1))
		(tag (export "x") (param i32))
		(func (export "f") (result i32) (global.get 0)))`)
	ln := wamr.NewLinker()
	ln.Instance("lib", lib)
	const user = `(module
		(import "lib" "m" (memory 1)) (import "lib" "t" (table 1 funcref)) (import "lib" "g" (global $g (mut i32)))
		(import "lib" "x" (tag $x (param i32))) (import "lib" "f" (func $f (result i32)))
		(func (export "set") (param i32) (global.set $g (local.get 0)) (i32.store (i32.const 0) (local.get 0)))
		(func (export "get") (result i32) (call $f)))`
	a, b := instantiateIn(t, ln, st, user), instantiateIn(t, ln, st, user)
	call(t, a, "set", wamr.I32(5))
	equal(t, "get", call1(t, b, "get").I32(), 5)
	v, err := wamr.Load[int32](lib.Memory("m"), 0)
	noError(t, err)
	equal(t, "memory", v, 5)
	// Another store can't reach into this one.
	_, err = ln.Instantiate(bg, rt.NewStore(wamr.Limits{}), a.Module())
	equal(t, "missing", len(wantAs[*wamr.LinkError](t, err).Missing), 5)
}

func TestLinkerOtherRuntime(t *testing.T) {
	a, b := newRuntime(t, wamr.Config{}), newRuntime(t, wamr.Config{})
	_, err := wamr.NewLinker().Instantiate(bg, a.NewStore(wamr.Limits{}), compile(t, b, "(module)"))
	wantError(t, err, "another runtime")
	// Host functions serve all runtimes.
	ln := wamr.NewLinker()
	wamr.Define0(ln, "env", "f", func() int32 { return 9 })
	for _, rt := range []*wamr.Runtime{a, b, a} {
		inst, err := ln.Instantiate(bg, nil, compile(t, rt, `(module (import "env" "f" (func (result i32))) (export "f" (func 0)))`))
		noError(t, err)
		equal(t, "f", call1(t, inst, "f").I32(), 9)
		inst.Store().Close()
	}
}

func TestSharedMemoryAcrossStores(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	owner := rt.NewStore(wamr.Limits{})
	defer owner.Close()
	m, err := owner.NewMemory(wamr.MemoryType{Shared: true, Limits: wamr.SizeLimits{Min: 1, Max: 2, HasMax: true}})
	noError(t, err)
	_, err = owner.NewMemory(wamr.MemoryType{Shared: true, Limits: wamr.SizeLimits{Min: 1}})
	wantError(t, err, "maximum")
	ln := wamr.NewLinker()
	ln.Memory("env", "m", m)
	mod := compile(t, rt, `(module (import "env" "m" (memory 1 2 shared))
		(func (export "add") (param i32)
			(loop $l
				(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
				(br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			inst, err := ln.Instantiate(bg, nil, mod)
			if err != nil {
				t.Error(err)
				return
			}
			defer inst.Store().Close()
			if _, err := inst.Call(bg, "add", wamr.I32(1000)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	v, err := wamr.Load[int32](m, 0)
	noError(t, err)
	equal(t, "sum", v, 4000)
}

func TestResolver(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	ln := wamr.NewLinker()
	asked := map[string]int{}
	fail := errors.New("broken library")
	ln.Resolver = func(ctx context.Context, st *wamr.Store, module string) (*wamr.Instance, error) {
		asked[module]++
		switch module {
		case "outer":
			mod, err := rt.Compile(ctx, []byte(`(module (import "inner" "one" (func $one (result i32)))
				(func (export "two") (result i32) (i32.add (call $one) (call $one))) (export "one" (func $one)))`))
			if err != nil {
				return nil, err
			}
			return ln.Instantiate(ctx, st, mod)
		case "inner":
			mod, err := rt.Compile(ctx, []byte(`(module (func (export "one") (result i32) (i32.const 1)))`))
			if err != nil {
				return nil, err
			}
			return ln.Instantiate(ctx, st, mod)
		case "bad":
			return nil, fail
		}
		return nil, nil
	}
	mod := compile(t, rt, `(module (import "outer" "two" (func (result i32))) (import "outer" "one" (func (result i32)))
		(import "inner" "one" (func (result i32))) (export "two" (func 0)))`)
	for store := 1; store <= 2; store++ {
		st := rt.NewStore(wamr.Limits{})
		for range 3 {
			inst, err := ln.Instantiate(bg, st, mod)
			noError(t, err)
			equal(t, "two", call1(t, inst, "two").I32(), 2)
		}
		equal(t, "instances", st.Stats().Instances, 5)
		equal(t, "asked", asked, map[string]int{"outer": store, "inner": store})
		st.Close()
	}
	_, err := ln.Instantiate(bg, nil, compile(t, rt, `(module (import "bad" "x" (func)))`))
	wantIs(t, err, fail)
	wantError(t, err, `"bad"`)
	for _, src := range []string{`(module (import "none" "x" (func)))`, `(module (import "inner" "none" (func)))`} {
		_, err = ln.Instantiate(bg, nil, compile(t, rt, src))
		equal(t, "missing", len(wantAs[*wamr.LinkError](t, err).Missing), 1)
	}
}

// A Resolver must not smuggle in another store's instance.
func TestResolverOtherStore(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	foreign := instantiateIn(t, nil, rt.NewStore(wamr.Limits{}), `(module (func (export "f")))`)
	ln := wamr.NewLinker()
	ln.Resolver = func(context.Context, *wamr.Store, string) (*wamr.Instance, error) { return foreign, nil }
	_, err := ln.Instantiate(bg, nil, compile(t, rt, `(module (import "lib" "f" (func)))`))
	wantError(t, err, "another store")
}

// TestLinkerConcurrent instantiates more modules than a linker remembers from
// many goroutines.
func TestLinkerConcurrent(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	ln := wamr.NewLinker()
	wamr.Define1(ln, "env", "inc", func(x int32) int32 { return x + 1 })
	ln.Func("env", "dec", func(x int32) int32 { return x - 1 })
	var mods []*wamr.Module
	for i := range 100 {
		mods = append(mods, compile(t, rt, fmt.Sprintf(`(module
			(import "env" "inc" (func $inc (param i32) (result i32))) (import "env" "dec" (func $dec (param i32) (result i32)))
			(func (export "f") (result i32) (call $dec (call $inc (call $inc (i32.const %d))))))`, i)))
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range mods {
				i = (i*7 + g*13) % len(mods)
				inst, err := ln.Instantiate(bg, nil, mods[i])
				if err != nil {
					t.Error(err)
					return
				}
				if res, err := inst.Call(bg, "f"); err != nil || res[0].I32() != int32(i)+1 {
					t.Errorf("module %d: %v %v", i, res, err)
				}
				inst.Store().Close()
			}
		})
	}
	wg.Wait()
}

func TestInstantiateFails(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	st := rt.NewStore(wamr.Limits{Memory: 1 << 16, Tables: 10, Instances: 10})
	defer st.Close()
	ln := wamr.NewLinker()
	for _, c := range []struct{ src, want string }{
		{`(module (memory 2))`, "memory"},
		{`(module (table 11 funcref))`, "table"},
		{`(module (func $f unreachable) (start $f))`, "unreachable"},
		{`(module (memory 1) (data (i32.const 65536) "x"))`, "out of bounds memory access"},
		{`(module (table 1 funcref) (elem (i32.const 1) 0) (func))`, "out of bounds table access"},
	} {
		_, err := ln.Instantiate(bg, st, compile(t, rt, c.src))
		wantError(t, err, c.want)
	}
	// What failed must not count.
	_, err := ln.Instantiate(bg, st, compile(t, rt, `(module (func))`))
	noError(t, err)
	ctx, cancel := context.WithCancel(bg)
	cancel()
	_, err = ln.Instantiate(ctx, st, compile(t, rt, `(module (func $f (loop $l (br $l))) (start $f))`))
	wantIs(t, err, context.Canceled)
}
