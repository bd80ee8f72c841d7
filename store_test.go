package wamr_test

import (
	"errors"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wamr-go/wamr"
)

const stateModule = `(module
	(memory (export "m") 1 4) (table (export "t") 2 8 funcref) (global (export "g") (mut i64) (i64.const 1)) (tag (export "x"))
	(func $f (export "f") (result i32) (i32.const 1))
	(func (export "loop") (loop $l (br $l)))
	(func (export "grow") (drop (memory.grow (i32.const 1))) (drop (table.grow (ref.func $f) (i32.const 1))))
	(func (export "set") (param i32) (i32.store (i32.const 0) (local.get 0)) (global.set 0 (i64.extend_i32_s (local.get 0))) (table.set (i32.const 0) (ref.func $f)))
	(func (export "struct") (result structref) (struct.new $s (i32.const 5)))
	(type $s (struct (field i32)))
	(elem declare func $f))`

// Everything of a closed store fails; nothing crashes.
func TestClosedStore(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{AppHeap: 100, Fuel: 1000}, stateModule)
	st := inst.Store()
	m, table, g, f, tag := inst.Memory("m"), inst.Table("t"), inst.Global("g"), inst.Func("f"), inst.Tag("x")
	typed, err := wamr.Func0[int32](inst, "f")
	noError(t, err)
	var api struct {
		F func(ctx ctx) (int32, error) `wasm:"f"`
	}
	noError(t, inst.Bind(&api))
	ref := call1(t, inst, "struct").Ref()
	value := call1(t, inst, "struct")
	snap, err := st.Snapshot()
	noError(t, err)
	noError(t, st.Close())
	noError(t, st.Close())
	mod := inst.Module()
	for name, use := range map[string]func() error{
		"View":        func() error { _, err := m.View(0, 1); return err },
		"Read":        func() error { _, err := m.Read(0, 1); return err },
		"Write":       func() error { return m.Write(0, []byte{1}) },
		"String":      func() error { _, err := m.String(0, 1); return err },
		"CString":     func() error { _, err := m.CString(0); return err },
		"ReadAt":      func() error { _, err := m.ReadAt(make([]byte, 1), 0); return err },
		"WriteAt":     func() error { _, err := m.WriteAt(make([]byte, 1), 0); return err },
		"Load":        func() error { _, err := wamr.Load[int32](m, 0); return err },
		"Put":         func() error { return wamr.Put[int32](m, 0, 1) },
		"Slice":       func() error { _, err := wamr.Slice[byte](m, 0, 1); return err },
		"Table.Get":   func() error { _, err := table.Get(0); return err },
		"Table.Set":   func() error { return table.Set(0, wamr.FuncRef(nil)) },
		"Table.Grow":  func() error { _, _, err := table.Grow(1, wamr.FuncRef(nil)); return err },
		"Global.Set":  func() error { return g.Set(wamr.I64(1)) },
		"Func.Call":   func() error { _, err := f.Call(bg); return err },
		"CallRaw":     func() error { return f.CallRaw(bg, make([]uint64, 1)) },
		"typed":       func() error { _, err := typed(bg); return err },
		"bound":       func() error { _, err := api.F(bg); return err },
		"Call":        func() error { _, err := inst.Call(bg, "f"); return err },
		"Call nope":   func() error { _, err := inst.Call(bg, "nope"); return err },
		"Func0":       func() error { _, err := wamr.Func0[int32](inst, "f"); return err },
		"Bind":        func() error { return inst.Bind(&api) },
		"Malloc":      func() error { _, err := inst.Malloc(bg, 1); return err },
		"Free":        func() error { return inst.Free(bg, 8) },
		"Snapshot":    func() error { _, err := st.Snapshot(); return err },
		"Restore":     func() error { return st.Restore(snap) },
		"NewGlobal":   func() error { _, err := st.NewGlobal(wamr.I32(1), true); return err },
		"NewMemory":   func() error { _, err := st.NewMemory(wamr.MemoryType{}); return err },
		"NewTable":    func() error { _, err := st.NewTable(wamr.TableType{Elem: wamr.TypeFuncRef}); return err },
		"NewTag":      func() error { _, err := st.NewTag(); return err },
		"Ref.Field":   func() error { _, err := ref.Field(0); return err },
		"Instantiate": func() error { _, err := wamr.NewLinker().Instantiate(bg, st, mod); return err },
	} {
		if err := use(); !errors.Is(err, wamr.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, ok := m.Grow(1); ok {
		t.Error("the memory grows")
	}
	if inst.Func("f") != nil {
		t.Error("there is still a function")
	}
	// What has no error must only not crash.
	_ = m.Size() + m.Pages() + table.Size() + st.Fuel()
	_, _, _, _ = m.Type(), table.Type(), g.Type(), tag.Type()
	_, _, _ = g.Get(), f.Type(), f.String()
	_, _, _, _ = ref.Kind(), ref.Len(), ref.String(), value.String()
	_, _ = ref.Extern()
	_, _ = ref.I31()
	_, _, _ = inst.Memory("m"), inst.DefaultMemory(), inst.Table("t")
	_ = st.Stats()
	st.AddFuel(1)
	st.Interrupt(nil)
}

// Close stops what runs, from another goroutine.
func TestCloseDuringCall(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, stateModule)
	time.AfterFunc(10*time.Millisecond, func() { inst.Store().Close() })
	_, err := inst.Call(bg, "loop")
	wantIs(t, err, wamr.ErrInterrupted, wamr.ErrClosed)
	_, err = inst.Call(bg, "f")
	wantIs(t, err, wamr.ErrClosed)
}

func TestSnapshot(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, stateModule)
	st := inst.Store()
	call(t, inst, "set", wamr.I32(5))
	snap, err := st.Snapshot()
	noError(t, err)
	call(t, inst, "grow")
	call(t, inst, "set", wamr.I32(6))
	noError(t, inst.Table("t").Set(0, wamr.FuncRef(nil)))
	for range 2 { // a snapshot serves any number of times
		noError(t, st.Restore(snap))
		x, err := wamr.Load[int32](inst.Memory("m"), 0)
		noError(t, err)
		equal(t, "memory", x, 5)
		equal(t, "pages", inst.Memory("m").Pages(), 1)
		equal(t, "table", inst.Table("t").Size(), 2)
		equal(t, "global", inst.Global("g").Get(), wamr.I64(5))
		v, err := inst.Table("t").Get(0)
		noError(t, err)
		equal(t, "element", v.Func().Name(), "f")
		_, err = inst.Memory("m").View(1<<16, 1)
		wantAs[*wamr.RangeError](t, err)
		call(t, inst, "grow")
		equal(t, "pages grown again", inst.Memory("m").Pages(), 2)
	}
	other := instantiate(t, nil, wamr.Limits{}, stateModule)
	wantError(t, other.Store().Restore(snap), "another store")
}

func TestSnapshotDuringCall(t *testing.T) {
	ln := wamr.NewLinker()
	ln.Func("env", "f", func(c *wamr.Caller) {
		if _, err := c.Store().Snapshot(); err == nil {
			t.Error("a snapshot during a call")
		}
	})
	call(t, instantiate(t, ln, wamr.Limits{}, `(module (import "env" "f" (func $f)) (func (export "f") (call $f)))`), "f")
}

func TestFuel(t *testing.T) {
	const src = `(module (func (export "loop") (param i32) (result i32)
		(loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
		(local.get 0))
		(func (export "spin") (loop $l (br $l))))`
	var used []uint64
	for range 3 {
		inst := instantiate(t, nil, wamr.Limits{Fuel: 10000}, src)
		equal(t, "at first", inst.Store().Fuel(), 10000)
		call(t, inst, "loop", wamr.I32(100))
		used = append(used, 10000-inst.Store().Fuel())
	}
	if used[0] < 500 || used[0] > 700 || used[1] != used[0] || used[2] != used[0] {
		t.Errorf("used: %v", used)
	}
	// Exactly so much suffices, and one less does not.
	for less := range uint64(2) {
		inst := instantiate(t, nil, wamr.Limits{Fuel: used[0] - less}, src)
		_, err := inst.Call(bg, "loop", wamr.I32(100))
		if less == 0 {
			noError(t, err)
		} else {
			wantIs(t, err, wamr.ErrFuel)
		}
		equal(t, "left", inst.Store().Fuel(), 0)
	}
	inst := instantiate(t, nil, wamr.Limits{Fuel: 1}, src)
	_, err := inst.Call(bg, "spin")
	wantIs(t, err, wamr.ErrFuel)
	inst.Store().AddFuel(math.MaxUint64)
	inst.Store().AddFuel(math.MaxUint64) // saturates
	call(t, inst, "loop", wamr.I32(1000))
	unlimited := instantiate(t, nil, wamr.Limits{}, src)
	unlimited.Store().AddFuel(5)
	equal(t, "unlimited", unlimited.Store().Fuel(), 0)
	call(t, unlimited, "loop", wamr.I32(1000))
}

func TestStackLimits(t *testing.T) {
	const src = `(module (func $f (export "f") (param i32) (result i32)
		(if (result i32) (local.get 0) (then (i32.add (call $f (i32.sub (local.get 0) (i32.const 1))) (i32.const 1))) (else (i32.const 0)))))`
	for _, limits := range []wamr.Limits{{}, {Stack: 64 << 10}, {CallDepth: 100}} {
		inst := instantiate(t, nil, limits, src)
		_, err := inst.Call(bg, "f", wamr.I32(math.MaxInt32))
		wantIs(t, err, wamr.ErrStackOverflow)
		equal(t, "afterwards", call1(t, inst, "f", wamr.I32(50)).I32(), 50)
	}
	inst := instantiate(t, nil, wamr.Limits{CallDepth: 100}, src)
	equal(t, "at the limit", call1(t, inst, "f", wamr.I32(99)).I32(), 99)
	_, err := inst.Call(bg, "f", wamr.I32(100))
	wantIs(t, err, wamr.ErrStackOverflow)
}

// usage is what instances may leak.
type usage struct{ mappings, files, goroutines, rss int }

func measure(t *testing.T) usage {
	runtime.GC()
	runtime.GC()
	u := usage{goroutines: runtime.NumGoroutine()}
	maps, err := os.ReadFile("/proc/self/maps")
	noError(t, err)
	u.mappings = strings.Count(string(maps), "\n")
	fds, err := os.ReadDir("/proc/self/fd")
	noError(t, err)
	u.files = len(fds)
	statm, err := os.ReadFile("/proc/self/statm")
	noError(t, err)
	u.rss, err = strconv.Atoi(strings.Fields(string(statm))[1])
	noError(t, err)
	return u
}

// TestNoLeaks makes and closes instances, and looks what of the process has
// grown.
func TestNoLeaks(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	cycles := 100_000
	if raceEnabled || testing.Short() {
		cycles = 2_000
	}
	rt := newRuntime(t, wamr.Config{})
	ln := wamr.NewLinker()
	wamr.DefineVoid0(ln, "env", "f", func() {})
	mod := compile(t, rt, `(module (import "env" "f" (func $f)) (memory 1) (table 2 funcref) (data (i32.const 0) "data")
		(func (export "run") (i32.store (i32.const 100) (i32.const 1)) (call $f)))`)
	run := func(n int) {
		for range n {
			inst, err := ln.Instantiate(bg, nil, mod)
			if err != nil {
				t.Fatal(err)
			}
			if err := inst.Func("run").CallRaw(bg, nil); err != nil {
				t.Fatal(err)
			}
			inst.Store().Close()
		}
	}
	run(1000)
	before := measure(t)
	run(cycles)
	after := measure(t)
	if after.mappings > before.mappings+20 || after.files > before.files || after.goroutines > before.goroutines ||
		after.rss > before.rss+(32<<20)/os.Getpagesize() {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

// A store that is forgotten is closed by the collector, even if Go keeps
// references in it.
func TestForgottenStore(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	rt := newRuntime(t, wamr.Config{})
	mod := compile(t, rt, stateModule)
	key := new(wamr.Key[*wamr.Ref])
	run := func(n int) {
		for i := range n {
			inst, err := wamr.NewLinker().Instantiate(bg, nil, mod)
			noError(t, err)
			call(t, inst, "set", wamr.I32(1))
			key.Set(inst.Store(), call1(t, inst, "struct").Ref())
			if i%50 == 0 {
				runtime.GC()
			}
		}
		for range 5 {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	}
	run(100)
	before := measure(t)
	run(400)
	if after := measure(t); after.mappings > before.mappings+100 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}
