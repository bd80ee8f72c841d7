package interp

import (
	"errors"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// body makes a module of one exported function, without text, for bodies that
// are too long for it.
func body(t wasm.FuncType, locals []wasm.Locals, code []byte) *wasm.Module {
	m := &wasm.Module{
		Types:     []wasm.SubType{{Final: true, Kind: wasm.KindFunc, Func: t}},
		RecGroups: []wasm.RecGroup{{Len: 1}},
		Funcs:     []wasm.TypeIdx{0},
		Exports:   []wasm.Export{{Name: "f", Kind: wasm.ExternFunc}},
		Code:      []wasm.Code{{Locals: locals, Body: append(code, 0x0B)}},
	}
	m.Index()
	return m
}

// asm appends instructions; operands as package instr has them.
func asm(b []byte, ins ...instr.Instr) []byte {
	for i := range ins {
		b = instr.Append(b, &ins[i])
	}
	return b
}

var i32to32 = wasm.FuncType{Params: []wasm.ValType{wasm.I32}, Results: []wasm.ValType{wasm.I32}}

func TestDeepNesting(t *testing.T) {
	const depth = 100_000
	for _, kind := range []op.Opcode{op.Block, op.Loop, op.If} {
		var code []byte
		for range depth {
			if kind == op.If {
				code = asm(code, instr.Instr{Op: op.LocalGet})
			}
			code = asm(code, instr.Instr{Op: kind})
		}
		code = asm(code, instr.Instr{Op: op.LocalGet}, instr.Instr{Op: op.BrIf, X: depth - 1})
		for range depth {
			code = asm(code, instr.Instr{Op: op.End})
		}
		code = asm(code, instr.Instr{Op: op.LocalGet})
		w := newWorld(t, vm.Limits{}, Options{})
		i := w.link(w.compile(body(i32to32, nil, code)))
		if kind == op.Loop {
			if r := i.call("f", 0); r != 0 {
				t.Errorf("%v: %d", kind, r)
			}
			continue
		}
		if r := i.call("f", 7); r != 7 {
			t.Errorf("%v: %d", kind, r)
		}
	}
}

// TestBigTable branches through a table of a million targets, of which every
// third passes a value that has to be moved.
func TestBigTable(t *testing.T) {
	const n = 1_000_000
	labels := make([]uint32, n+1)
	for k := range labels {
		labels[k] = uint32(k % 3)
	}
	one := instr.BlockType{Kind: instr.BlockValue, Type: wasm.I32}
	code := asm(nil,
		instr.Instr{Op: op.Block, Block: one}, // label 2
		instr.Instr{Op: op.I32Const, Val: 5},
		instr.Instr{Op: op.Block, Block: one}, // label 1
		instr.Instr{Op: op.Block, Block: one}, // label 0
		instr.Instr{Op: op.I32Const, Val: 10},
		instr.Instr{Op: op.LocalGet},
		instr.Instr{Op: op.BrTable, Labels: labels},
		instr.Instr{Op: op.End}, instr.Instr{Op: op.I32Const, Val: 100}, instr.Instr{Op: op.I32Add},
		instr.Instr{Op: op.End}, instr.Instr{Op: op.I32Add},
		instr.Instr{Op: op.End})
	w := newWorld(t, vm.Limits{}, Options{})
	i := w.link(w.compile(body(i32to32, nil, code)))
	for _, k := range []uint64{0, 1, 2, 3, 4, 5, n - 1, n, n + 1, 1<<32 - 1} {
		want := []uint64{115, 15, 10}[min(k, n)%3]
		if r := i.call("f", k); r != want {
			t.Errorf("f(%d) = %d, want %d", k, r, want)
		}
	}
}

// TestLongBranches has branches that 16 bits do not span, in both directions.
func TestLongBranches(t *testing.T) {
	var code []byte
	code = asm(code,
		instr.Instr{Op: op.Block}, instr.Instr{Op: op.Loop},
		instr.Instr{Op: op.LocalGet}, instr.Instr{Op: op.I32Const, Val: 10}, instr.Instr{Op: op.I32GtS}, instr.Instr{Op: op.BrIf, X: 1},
		instr.Instr{Op: op.LocalGet}, instr.Instr{Op: op.If})
	for range 40_000 {
		code = asm(code, instr.Instr{Op: op.LocalGet}, instr.Instr{Op: op.I32Const, Val: 3}, instr.Instr{Op: op.I32Mul},
			instr.Instr{Op: op.I32Const, Val: 1}, instr.Instr{Op: op.I32Or}, instr.Instr{Op: op.LocalSet})
	}
	code = asm(code,
		instr.Instr{Op: op.End},
		instr.Instr{Op: op.LocalGet}, instr.Instr{Op: op.I32Const, Val: 1}, instr.Instr{Op: op.I32Add}, instr.Instr{Op: op.LocalTee},
		instr.Instr{Op: op.I32Const, Val: 5}, instr.Instr{Op: op.I32LtS}, instr.Instr{Op: op.BrIf},
		instr.Instr{Op: op.End}, instr.Instr{Op: op.End}, instr.Instr{Op: op.LocalGet})
	want := func(x int32) uint32 {
		for x <= 10 {
			if x != 0 {
				for range 40_000 {
					x = x*3 | 1
				}
			}
			if x++; x >= 5 {
				break
			}
		}
		return uint32(x)
	}
	w := newWorld(t, vm.Limits{}, Options{})
	i := w.link(w.compile(body(i32to32, nil, code)))
	for _, x := range []int32{0, 1, -1, 3, 11, 1 << 30} {
		if r := uint32(i.call("f", uint64(uint32(x)))); r != want(x) {
			t.Errorf("f(%d) = %d, want %d", x, r, want(x))
		}
	}
}

// TestFrameLimit has frames as large as they may be, and one slot larger.
func TestFrameLimit(t *testing.T) {
	params := make([]wasm.ValType, wasm.MaxParams)
	for k := range params {
		params[k] = wasm.I32
	}
	ft := wasm.FuncType{Params: params, Results: []wasm.ValType{wasm.I64}}
	locals := []wasm.Locals{{Count: wasm.MaxLocals, Type: wasm.I64}}
	last := uint32(wasm.MaxParams + wasm.MaxLocals - 1)
	code := asm(nil,
		instr.Instr{Op: op.I64Const, Val: 5}, instr.Instr{Op: op.LocalSet, X: last},
		instr.Instr{Op: op.LocalGet, X: last}, instr.Instr{Op: op.LocalGet, X: last - 1}, instr.Instr{Op: op.I64Add},
		instr.Instr{Op: op.LocalGet, X: wasm.MaxParams - 1}, instr.Instr{Op: op.I64ExtendI32U}, instr.Instr{Op: op.I64Add})
	w := newWorld(t, vm.Limits{}, Options{})
	i := w.link(w.compile(body(ft, locals, code)))
	args := make([]uint64, wasm.MaxParams)
	args[wasm.MaxParams-1] = 37
	if r := i.call("f", args...); r != 42 {
		t.Errorf("with most locals: %d", r)
	}

	// Operands: one slot each above parameter, record and result.
	stack := func(n int) []byte {
		var code []byte
		for range n {
			code = asm(code, instr.Instr{Op: op.LocalGet})
		}
		for range n - 1 {
			code = asm(code, instr.Instr{Op: op.I32Add})
		}
		return code
	}
	const most = maxSlot - 1 - recordSlots
	i = w.link(w.compile(body(i32to32, nil, stack(most))))
	if r := i.call("f", 2); r != 2*most {
		t.Errorf("with most operands: %d", r)
	}
	var limit *wasm.LimitError
	if _, err := w.tryCompile(body(i32to32, nil, stack(most+1))); !errors.As(err, &limit) {
		t.Errorf("too many operands: %v", err)
	}
	if _, err := w.tryCompile(body(i32to32, []wasm.Locals{{Count: wasm.MaxLocals, Type: wasm.V128}}, stack(1))); !errors.As(err, &limit) {
		t.Errorf("too many vectors: %v", err)
	}
}

// TestCodeSize holds the code to twice the size of the module it is made of,
// for code as compilers write it.
func TestCodeSize(t *testing.T) {
	src := "(module (memory 1) (global $sp (mut i32) (i32.const 65536))"
	for range 50 {
		src += `(func (param $p i32) (param $n i32) (result i32) (local $i i32) (local $s i32)
			(global.set $sp (local.tee $i (i32.sub (global.get $sp) (i32.const 32))))
			(i32.store offset=12 (local.get $i) (local.get $p))
			(block $out (loop $next
				(br_if $out (i32.ge_s (local.get $i) (local.get $n)))
				(local.set $s (i32.add (local.get $s) (i32.load (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 2))))))
				(i32.store8 (i32.add (local.get $p) (local.get $s)) (i32.const 0))
				(local.set $i (i32.add (local.get $i) (i32.const 1)))
				(br $next)))
			(global.set $sp (i32.add (global.get $sp) (i32.const 32)))
			(local.get $s))`
	}
	w := newWorld(t, vm.Limits{}, Options{Eager: true})
	m := w.module(src + ")")
	wasmBytes := 0
	for k := range m.Module.Code {
		wasmBytes += len(m.Module.Code[k].Body)
	}
	if n := m.Code.(*ModuleCode).Stats().CodeBytes; n > 2*wasmBytes {
		t.Errorf("%d bytes of code for %d", n, wasmBytes)
	}
	if !compact && !strings.Contains(must(m.Code.(*ModuleCode).Listing(0)), "load32U.index") {
		t.Error("the scaled access is not one instruction")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
