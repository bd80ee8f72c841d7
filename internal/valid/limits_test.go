package valid_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// function is a module with one function, [] -> [], of the given body without
// its final end.
func function(body []byte, types ...wasm.SubType) *wasm.Module {
	m := &wasm.Module{
		Types: append([]wasm.SubType{{Final: true, Kind: wasm.KindFunc}}, types...),
		Funcs: []wasm.TypeIdx{0},
		Code:  []wasm.Code{{Body: append(body, byte(op.End))}},
	}
	m.RecGroups = singles(len(m.Types))
	return m
}

func singles(n int) []wasm.RecGroup {
	g := make([]wasm.RecGroup, n)
	for k := range g {
		g[k] = wasm.RecGroup{Start: uint32(k), Len: 1}
	}
	return g
}

func repeat(t wasm.ValType, n int) []wasm.ValType {
	ts := make([]wasm.ValType, n)
	for k := range ts {
		ts[k] = t
	}
	return ts
}

// TestLimits checks limits at their value and one above it.
func TestLimits(t *testing.T) {
	fn := func(params, results int) wasm.SubType {
		return wasm.SubType{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{
			Params: repeat(wasm.I32, params), Results: repeat(wasm.I32, results),
		}}
	}
	for _, c := range []struct {
		name string
		max  int
		make func(n int) *wasm.Module
	}{
		{"types", wasm.MaxTypes, func(n int) *wasm.Module { return function(nil, make([]wasm.SubType, n-1)...) }},
		{"parameters", wasm.MaxParams, func(n int) *wasm.Module { return function(nil, fn(n, 0)) }},
		{"results", wasm.MaxResults, func(n int) *wasm.Module { return function(nil, fn(0, n)) }},
		{"struct fields", wasm.MaxStructFields, func(n int) *wasm.Module {
			fields := make([]wasm.FieldType, n)
			for k := range fields {
				fields[k].Type = wasm.I8
			}
			return function(nil, wasm.SubType{Final: true, Kind: wasm.KindStruct, Fields: fields})
		}},
		{"subtype depth", wasm.MaxSubtypeDepth, func(n int) *wasm.Module {
			types := []wasm.SubType{{Kind: wasm.KindStruct}}
			for k := range n {
				types = append(types, wasm.SubType{Kind: wasm.KindStruct, Supers: []wasm.TypeIdx{wasm.TypeIdx(k + 1)}})
			}
			return function(nil, types...)
		}},
		{"locals", wasm.MaxLocals, func(n int) *wasm.Module {
			m := function(nil)
			m.Code[0].Locals = []wasm.Locals{{Count: uint32(n) - 1, Type: wasm.I32}, {Count: 1, Type: wasm.I64}}
			return m
		}},
		{"bytes of a function's body", wasm.MaxFuncSize, func(n int) *wasm.Module {
			return function(bytes.Repeat([]byte{byte(op.Nop)}, n-1))
		}},
		{"operands of array.new_fixed", wasm.MaxArrayNewFixed, func(n int) *wasm.Module {
			body := bytes.Repeat([]byte{byte(op.I32Const), 0}, n)
			body = instr.Append(body, &instr.Instr{Op: op.ArrayNewFixed, X: 1, Y: uint32(n)})
			return function(append(body, byte(op.Drop)), wasm.SubType{
				Final: true, Kind: wasm.KindArray, Fields: []wasm.FieldType{{Type: wasm.I32}},
			})
		}},
		{"operands", wasm.MaxOperands, func(n int) *wasm.Module {
			return function(append(bytes.Repeat([]byte{byte(op.I32Const), 0}, n), byte(op.Unreachable)))
		}},
		{"functions", wasm.MaxFuncs, func(n int) *wasm.Module {
			m := function(nil)
			m.Funcs = make([]wasm.TypeIdx, n)
			code := make([]wasm.Code, n)
			for k := range code {
				code[k] = m.Code[0]
			}
			m.Code = code
			return m
		}},
		{"exports", wasm.MaxExports, func(n int) *wasm.Module {
			m := function(nil)
			for k := range n {
				m.Exports = append(m.Exports, wasm.Export{Name: fmt.Sprint(k), Kind: wasm.ExternFunc})
			}
			return m
		}},
		{"memories", wasm.MaxMemories, func(n int) *wasm.Module {
			m := function(nil)
			for range n {
				m.Memories = append(m.Memories, wasm.MemType{PageSizeLog2: wasm.PageSizeLog2})
			}
			return m
		}},
		{"tables", wasm.MaxTables, func(n int) *wasm.Module {
			m := function(nil)
			m.Tables = make([]wasm.Table, n)
			for k := range m.Tables {
				m.Tables[k].Type.Elem = wasm.FuncRef
			}
			return m
		}},
		{"data segments", wasm.MaxDataSegments, func(n int) *wasm.Module {
			m := function(nil)
			m.Data = make([]wasm.Data, n)
			return m
		}},
		{"bytes of a name", wasm.MaxNameSize, func(n int) *wasm.Module {
			m := function(nil)
			m.Exports = []wasm.Export{{Name: strings.Repeat("x", n)}}
			return m
		}},
	} {
		m := c.make(c.max)
		for k := range m.Types { // those made as empty structs
			if m.Types[k].Kind == 0 {
				m.Types[k].Kind = wasm.KindFunc
				m.Types[k].Final = true
			}
		}
		wantError(t, c.name, checkAll(m), "")
		wantLimit(t, c.name, checkAll(c.make(c.max+1)), c.name)
	}
}

// TestBombs has small inputs that ask for much work or memory. The test is that
// they come to an end soon, within the time and memory of any test.
func TestBombs(t *testing.T) {
	body := func(ins ...instr.Instr) []byte {
		var b []byte
		for k := range ins {
			b = instr.Append(b, &ins[k])
		}
		return b
	}
	wide := wasm.SubType{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Results: repeat(wasm.I64, wasm.MaxResults)}}
	const million = 1_000_000
	for _, c := range []struct {
		name, limit string
		module      func() *wasm.Module
	}{
		{"calls with many results", "operands", func() *wasm.Module {
			m := function(bytes.Repeat(body(instr.Instr{Op: op.Call, X: 1}), million), wide)
			m.Funcs = append(m.Funcs, 1)
			m.Code = append(m.Code, wasm.Code{Body: []byte{byte(op.Unreachable), byte(op.End)}})
			return m
		}},
		{"br_table with a million targets", "", func() *wasm.Module {
			labels := make([]uint32, million)
			b := body(instr.Instr{Op: op.Block, Block: instr.BlockType{Kind: instr.BlockIndex, X: 1}}, instr.Instr{Op: op.Unreachable},
				instr.Instr{Op: op.BrTable, Labels: labels}, instr.Instr{Op: op.End}, instr.Instr{Op: op.Unreachable})
			return function(b, wide)
		}},
		{"br_table with many labels of many operands", "", func() *wasm.Module {
			const depth = 100_000
			b := bytes.Repeat(body(instr.Instr{Op: op.Block, Block: instr.BlockType{Kind: instr.BlockIndex, X: 1}}), depth)
			labels := make([]uint32, million)
			for k := range labels {
				labels[k] = uint32(k % depth)
			}
			b = append(b, body(instr.Instr{Op: op.Unreachable}, instr.Instr{Op: op.BrTable, Labels: labels})...)
			b = append(b, bytes.Repeat([]byte{byte(op.Unreachable), byte(op.End)}, depth)...)
			return function(append(b, byte(op.Unreachable)), wide)
		}},
		{"a million nested blocks", "", func() *wasm.Module {
			b := bytes.Repeat([]byte{byte(op.Block), 0x40}, million)
			return function(append(b, bytes.Repeat([]byte{byte(op.End)}, million)...))
		}},
		{"many functions with many locals", "", func() *wasm.Module {
			m := function(body(instr.Instr{Op: op.LocalGet, X: wasm.MaxLocals - 1}, instr.Instr{Op: op.Drop}))
			m.Code[0].Locals = []wasm.Locals{{Count: wasm.MaxLocals, Type: wasm.Ref(true, wasm.HeapAny)}}
			for range million / 2 {
				m.Funcs, m.Code = append(m.Funcs, 0), append(m.Code, m.Code[0])
			}
			return m
		}},
		{"many functions with many locals without default", "", func() *wasm.Module {
			any := wasm.Ref(false, wasm.HeapI31)
			m := function(body(instr.Instr{Op: op.I32Const}, instr.Instr{Op: op.RefI31}, instr.Instr{Op: op.LocalSet, X: wasm.MaxLocals - 1}))
			m.Code[0].Locals = []wasm.Locals{{Count: wasm.MaxLocals, Type: any}}
			for range million / 2 {
				m.Funcs, m.Code = append(m.Funcs, 0), append(m.Code, m.Code[0])
			}
			return m
		}},
		{"long chains of types that refer to each other", "", func() *wasm.Module {
			types := []wasm.SubType{{Final: true, Kind: wasm.KindStruct}}
			for k := range 100_000 {
				types = append(types, wasm.SubType{Final: true, Kind: wasm.KindStruct, Fields: []wasm.FieldType{
					{Type: wasm.Ref(true, wasm.HeapType(k+1))}, {Type: wasm.Ref(true, wasm.HeapType(k+1))},
				}})
			}
			return function(nil, types...)
		}},
		{"a recursion group of many types", "", func() *wasm.Module {
			const n = 200_000
			m := function(nil)
			m.Types = make([]wasm.SubType, n)
			for k := range m.Types {
				m.Types[k] = wasm.SubType{Kind: wasm.KindFunc, Func: wasm.FuncType{Params: []wasm.ValType{wasm.Ref(true, wasm.HeapType(n-1-k))}}}
			}
			m.Types[0].Func.Params = nil
			m.RecGroups = []wasm.RecGroup{{Len: n, Explicit: true}}
			return m
		}},
	} {
		err := checkAll(c.module())
		if c.limit == "" {
			wantError(t, c.name, err, "")
		} else {
			wantLimit(t, c.name, err, c.limit)
		}
	}
}

// TestLocalsFarOut checks the types of locals beyond those that are spread out.
func TestLocalsFarOut(t *testing.T) {
	kinds := []wasm.ValType{wasm.I32, wasm.I64, wasm.F32, wasm.F64, wasm.V128, wasm.AnyRef}
	m := function(nil)
	m.Types[0].Func.Params = repeat(wasm.F32, wasm.MaxParams)
	for k := range 3000 {
		m.Code[0].Locals = append(m.Code[0].Locals, wasm.Locals{Count: uint32(k % 7), Type: kinds[k%len(kinds)]})
	}
	types := append([]wasm.ValType(nil), m.Types[0].Func.Params...)
	for _, l := range m.Code[0].Locals {
		types = append(types, repeat(l.Type, int(l.Count))...)
	}
	for _, x := range []int{0, 20, 999, 1000, 1001, 1002, 1003, 4321, len(types) - 2, len(types) - 1} {
		for _, want := range kinds {
			m.Types[0].Func.Results = []wasm.ValType{want}
			m.Code[0].Body = append(instr.Append(nil, &instr.Instr{Op: op.LocalGet, X: uint32(x)}), byte(op.End))
			if err := checkAll(m); (err == nil) != (types[x] == want) {
				t.Errorf("local %d of type %v as %v: %v", x, types[x], want, err)
			}
		}
	}
	m.Code[0].Body = append(instr.Append(nil, &instr.Instr{Op: op.LocalGet, X: uint32(len(types))}), byte(op.End))
	wantError(t, "beyond", checkAll(m), fmt.Sprintf("unknown local %d", len(types)))
}

// TestParallel checks that the outcome does not depend on the number of
// goroutines: the error is about the first of several invalid functions.
func TestParallel(t *testing.T) {
	var src strings.Builder
	src.WriteString("(module")
	const n, size = 400, 2000
	for k := range n {
		src.WriteString("(func ")
		src.WriteString(strings.Repeat("nop ", size))
		if k%50 == 37 {
			src.WriteString(" i32.add")
		}
		if k == 120 {
			src.WriteString(" i32.const 0 i32.extend8_s drop")
		}
		src.WriteString(")")
	}
	m := parse(t, src.String()+")")
	for _, parallelism := range []int{0, 1, 2, 3, 16, 1000} {
		for range 10 {
			_, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll, Parallelism: parallelism})
			var e *wasm.ValidationError
			if !errors.As(err, &e) || e.Func != 37 {
				t.Fatalf("with %d goroutines: %v", parallelism, err)
			}
		}
	}
	for k := range m.Code {
		if k%50 == 37 {
			m.Code[k].Body = []byte{byte(op.End)}
		}
	}
	for _, parallelism := range []int{1, 8} {
		info, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll, Parallelism: parallelism})
		if err != nil || info.Needed != op.FeatureSignExt {
			t.Errorf("%v, needed %v", err, info.Needed)
		}
	}
}

// TestCancel checks that a context that is done ends validation, between
// functions and within one whose few bytes ask for much work.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	reason := errors.New("enough")
	cancel(reason)
	if _, err := valid.Module(ctx, parse(t, `(module (func))`), valid.Config{}); err != reason {
		t.Errorf("got %v", err)
	}
}

// lateContext is done from the second look at it on.
type lateContext struct {
	context.Context
	looks int
}

func (c *lateContext) Err() error {
	if c.looks++; c.looks > 1 {
		return context.Canceled
	}
	return nil
}

// TestCancelWithin cancels while one function is being checked, whose few bytes
// ask for much work.
func TestCancelWithin(t *testing.T) {
	ts := repeat(wasm.I64, wasm.MaxParams)
	m := function(nil,
		wasm.SubType{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Params: ts, Results: ts}},
		wasm.SubType{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Results: ts}})
	b := []byte{byte(op.Call), 2}
	b = append(b, bytes.Repeat([]byte{byte(op.Call), 1}, 10_000)...)
	m.Code[0].Body = append(b, byte(op.Unreachable), byte(op.End))
	unreachable := wasm.Code{Body: []byte{byte(op.Unreachable), byte(op.End)}}
	m.Funcs = append(m.Funcs, 1, 2)
	m.Code = append(m.Code, unreachable, unreachable)
	ctx := &lateContext{Context: context.Background()}
	_, err := valid.Module(ctx, m, valid.Config{Features: op.FeaturesAll, Parallelism: 1})
	if !errors.Is(err, context.Canceled) || ctx.looks != 2 {
		t.Errorf("after %d looks at the context: %v", ctx.looks, err)
	}
	wantError(t, "without cancellation", checkAll(m), "")
}
