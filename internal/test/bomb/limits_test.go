package bomb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/wasm"
)

// TestModuleLimits checks limits of modules through the API, where they end up
// together with what the engine itself can take, at their value and one above.
// Those that take megabytes to reach have their tests in packages binary and
// valid.
func TestModuleLimits(t *testing.T) {
	for _, eager := range []bool{false, true} {
		rt := newRuntime(t, wamr.Config{Eager: eager})
		for _, tc := range []struct {
			name string
			max  int
			make func(n int) []byte
		}{
			{"parameters", wasm.MaxParams, func(n int) []byte { return function("", "\x60"+vec(n, "\x7b")+"\x00") }},
			{"parameters that are used", wasm.MaxParams, func(n int) []byte {
				return functions(1, []string{"\x60" + vec(n, "\x7b") + "\x00"}, "\x00", "\x20"+leb(n-1)+"\x1a")
			}},
			{"results", wasm.MaxResults, func(n int) []byte {
				return functions(1, []string{"\x60\x00" + vec(n, "\x7b")}, "\x00", strings.Repeat("\xfd\x0c0123456789abcdef", n))
			}},
			{"fields", wasm.MaxStructFields, func(n int) []byte {
				return function("\xfb\x01\x01\x1a", "\x5f"+vec(n, "\x7e\x00"))
			}},
			{"operands of array.new_fixed", wasm.MaxArrayNewFixed, func(n int) []byte {
				return function(strings.Repeat("\x41\x00", n)+"\xfb\x08\x01"+leb(n)+"\x1a", "\x5e\x7f\x00")
			}},
			{"locals", wasm.MaxLocals, func(n int) []byte {
				return functions(1, []string{noType}, "\x01"+leb(n)+"\x7e", "\x20"+leb(n-1)+"\x1a")
			}},
			{"subtype depth", wasm.MaxSubtypeDepth, func(n int) []byte {
				types := []string{"\x50\x00\x5f\x00"}
				for k := range n {
					types = append(types, "\x50\x01"+leb(k)+"\x5f\x00")
				}
				return module(typeSection(types...))
			}},
			{"bytes of a name", wasm.MaxNameSize, func(n int) []byte {
				return module(section(wasm.SectionMemory, "\x01\x00\x00"), section(wasm.SectionExport, "\x01"+sized(strings.Repeat("x", n))+"\x02\x00"))
			}},
			{"memories", wasm.MaxMemories, func(n int) []byte { return module(section(wasm.SectionMemory, vec(n, "\x00\x00"))) }},
			{"tables", wasm.MaxTables, func(n int) []byte { return module(section(wasm.SectionTable, vec(n, "\x70\x00\x00"))) }},
			{"data segments", wasm.MaxDataSegments, func(n int) []byte { return module(section(wasm.SectionData, vec(n, "\x01\x00"))) }},
		} {
			if _, err := checkLoad(t, rt, tc.name, tc.make(tc.max)); err != nil {
				t.Errorf("%d %s: %v", tc.max, tc.name, err)
			}
			var limit *wamr.LimitError
			_, err := checkLoad(t, rt, tc.name, tc.make(tc.max+1))
			if !errors.As(err, &limit) || limit.Max != uint64(tc.max) || limit.Have != uint64(tc.max)+1 {
				t.Errorf("%d %s: %v", tc.max+1, tc.name, err)
			}
		}
	}
}

// TestModuleSize checks Config.MaxModuleSize.
func TestModuleSize(t *testing.T) {
	src := module(custom("x", "0123456789"))
	rt := newRuntime(t, wamr.Config{MaxModuleSize: int64(len(src))})
	if err := load(rt, src); err != nil {
		t.Error(err)
	}
	var limit *wamr.LimitError
	if err := load(rt, append(src, 0, 1, 0)); !errors.As(err, &limit) {
		t.Errorf("three bytes more: %v", err)
	}
}

// TestBrTableLimit has a table with as many targets as fit into a body.
func TestBrTableLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 8 MB of module")
	}
	rt := newRuntime(t, wamr.Config{Eager: true})
	overhead := len("\x00\x41\x00\x0e\x00\x0b") + len(leb(wasm.MaxFuncSize))
	make := func(n int) []byte { return function("\x41\x00\x0e" + vec(n, "\x00") + "\x00") }
	n := wasm.MaxFuncSize - overhead
	if _, err := checkLoad(t, rt, "br_table", make(n)); err != nil {
		t.Error(err)
	}
	var limit *wamr.LimitError
	if _, err := checkLoad(t, rt, "br_table", make(n+1)); !errors.As(err, &limit) {
		t.Errorf("one more: %v", err)
	}
}

// TestStoreLimits checks the limits of stores at their value and one above, both
// at instantiation and at run time.
func TestStoreLimits(t *testing.T) {
	ctx := context.Background()
	refused := func(err error) bool {
		var limit *wamr.LimitError
		return errors.As(err, &limit)
	}
	for _, tc := range []struct {
		name    string
		limits  wamr.Limits
		text    string // %d is the size
		most    int
		grow    string // grows by one beyond most: an export that returns -1
		refused func(error) bool
	}{
		{"memory", wamr.Limits{Memory: 5 << 16}, `(memory %d) (func (export "grow") (result i32) (memory.grow (i32.const 1)))`, 5, "grow", refused},
		{"memories", wamr.Limits{Memory: 5 << 16}, `(memory 3) (memory %d) (func (export "grow") (result i32) (memory.grow (i32.const 1)))`, 2, "grow", refused},
		{"bytes of memory", wamr.Limits{Memory: 1000}, `(memory %d (pagesize 1)) (func (export "grow") (result i32) (memory.grow (i32.const 1)))`, 1000, "grow", refused},
		{"table", wamr.Limits{Tables: 50}, `(table %d funcref) (func (export "grow") (result i32) (table.grow (ref.null func) (i32.const 1)))`, 50, "grow", refused},
		{"tables", wamr.Limits{Tables: 50}, `(table 20 funcref) (table %d funcref) (func (export "grow") (result i32) (table.grow (ref.null func) (i32.const 1)))`, 30, "grow", refused},
	} {
		inst, err := instantiate(t, ctx, tc.limits, nil, fmt.Sprintf(tc.text, tc.most))
		if err != nil {
			t.Errorf("%s: %d: %v", tc.name, tc.most, err)
			continue
		}
		if res, err := inst.Call(ctx, tc.grow); err != nil || res[0].I32() != -1 {
			t.Errorf("%s: growing beyond the limit: %v, %v", tc.name, res, err)
		}
		if _, err := instantiate(t, ctx, tc.limits, nil, fmt.Sprintf(tc.text, tc.most+1)); !tc.refused(err) {
			t.Errorf("%s: %d: %v", tc.name, tc.most+1, err)
		}
		// From one less, growing to the limit works.
		inst, err = instantiate(t, ctx, tc.limits, nil, fmt.Sprintf(tc.text, tc.most-1))
		if err != nil {
			t.Errorf("%s: %d: %v", tc.name, tc.most-1, err)
			continue
		}
		if res, err := inst.Call(ctx, tc.grow); err != nil || res[0].I32() == -1 {
			t.Errorf("%s: growing to the limit: %v, %v", tc.name, res, err)
		}
	}
}

// TestInstanceLimit checks Limits.Instances at its value and one above.
func TestInstanceLimit(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	m, err := rt.Compile(context.Background(), []byte(`(module)`))
	if err != nil {
		t.Fatal(err)
	}
	st := rt.NewStore(wamr.Limits{Instances: 3})
	defer st.Close()
	for k := range 3 {
		if _, err := wamr.NewLinker().Instantiate(context.Background(), st, m); err != nil {
			t.Errorf("instance %d: %v", k+1, err)
		}
	}
	var limit *wamr.LimitError
	if _, err := wamr.NewLinker().Instantiate(context.Background(), st, m); !errors.As(err, &limit) {
		t.Errorf("instance 4: %v", err)
	}
}

// TestHeapLimit keeps objects until the heap is full, and then lets them go.
func TestHeapLimit(t *testing.T) {
	const text = `
	(type $node (struct (field (ref null $node)) (field i64 i64 i64 i64)))
	(global $list (mut (ref null $node)) (ref.null $node))
	(func (export "fill") (loop
		(global.set $list (struct.new $node (global.get $list) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))) (br 0)))
	(func (export "forget") (global.set $list (ref.null $node)))
	(func (export "some") (param i32) (loop
		(global.set $list (struct.new $node (global.get $list) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)))
		(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))`
	inst, err := instantiate(t, context.Background(), wamr.Limits{GCHeap: 1 << 20}, nil, text)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := inst.Call(context.Background(), "fill"); !errors.Is(err, wamr.ErrOutOfMemory) {
			t.Errorf("filling: %v", err)
		}
		if n := inst.Store().Stats().HeapBytes; n > 1<<20 {
			t.Errorf("%d bytes in a heap of %d", n, 1<<20)
		}
		if _, err := inst.Call(context.Background(), "forget"); err != nil {
			t.Error(err)
		}
		// Half of what fits, at 40 bytes or more each.
		if _, err := inst.Call(context.Background(), "some", wamr.I32(5_000)); err != nil {
			t.Errorf("after the rest was forgotten: %v", err)
		}
	}
}

// TestFuelLimit checks that fuel is exact: what a function takes suffices, and
// one less does not.
func TestFuelLimit(t *testing.T) {
	const text = `(func (export "run") (local i32) (loop (br_if 0 (i32.ne (i32.const 100) (local.tee 0 (i32.add (local.get 0) (i32.const 1)))))))`
	run := func(fuel uint64) (uint64, error) {
		inst, err := instantiate(t, context.Background(), wamr.Limits{Fuel: fuel}, nil, text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = inst.Call(context.Background(), "run")
		return fuel - inst.Store().Fuel(), err
	}
	took, err := run(1_000_000)
	if err != nil || took == 0 {
		t.Fatalf("took %d, %v", took, err)
	}
	if again, err := run(took); err != nil || again != took {
		t.Errorf("with %d: took %d, %v", took, again, err)
	}
	if _, err := run(took - 1); !errors.Is(err, wamr.ErrFuel) {
		t.Errorf("with %d: %v", took-1, err)
	}
}
