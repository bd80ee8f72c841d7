package smith

import (
	"strings"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Bounds of what is made on demand: how deep operands nest, and by how many
// instructions they may exceed the function's share before references become
// null.
const (
	maxProduceDepth = 4
	maxOverrun      = 200
)

// produce makes an operand of type t, or of a subtype, and pushes its type.
// Operands already on the stack are left alone.
func (f *body) produce(t wasm.ValType, depth int) {
	choice := f.intn(8)
	if choice >= 3 && choice <= 5 && f.produceVariable(t) {
		return
	}
	if t.IsRef() {
		f.produceRef(t, depth)
		return
	}
	if choice >= 6 && depth < maxProduceDepth && f.left > 0 && f.produceOperator(t, depth) {
		return
	}
	f.emit(f.constInstr(t))
	f.push(t)
}

// produceVariable reads a local or global of type t.
func (f *body) produceVariable(t wasm.ValType) bool {
	skip := f.intn(4) // so that it is not always the first
	for k, l := range f.locals {
		if f.isInit[k] && f.info.Subtype(l, t) {
			if skip--; skip < 0 || k == len(f.locals)-1 {
				f.emit(instr.Instr{Op: op.LocalGet, X: uint32(k)})
				f.push(l)
				return true
			}
		}
	}
	for k := range f.m.Globals {
		if g := f.m.Globals[k].Type; f.info.Subtype(g.Type, t) {
			f.emit(instr.Instr{Op: op.GlobalGet, X: uint32(k)})
			f.push(g.Type)
			return true
		}
	}
	return false
}

// produceOperator makes an operator without immediates that gives just a t.
func (f *body) produceOperator(t wasm.ValType, depth int) bool {
	rows := f.ops[op.ClassNumeric]
	if t == wasm.V128 {
		rows = f.ops[op.ClassVec]
	}
	if len(rows) == 0 {
		return false
	}
	first := f.intn(len(rows))
	for k := range rows {
		r := rows[(first+k)%len(rows)]
		params, results, _ := strings.Cut(r.Sig, ":")
		if len(results) != 1 || sigTypes[results[0]] != t {
			continue
		}
		for i := range params {
			f.produce(sigTypes[params[i]], depth+1)
		}
		f.pop(len(params))
		f.emit(instr.Instr{Op: r.Code})
		f.push(t)
		return true
	}
	return false
}

// produceRef makes a reference: null, something new, or, for types without
// values that could be made, null with a check that traps.
func (f *body) produceRef(t wasm.ValType, depth int) {
	if t.Nullable() && (f.oneIn(10) || depth >= maxProduceDepth || f.left <= 0) {
		f.refNull(t.Heap())
		return
	}
	if f.produceNonNull(wasm.Ref(false, t.Heap()), depth) {
		return
	}
	f.refNull(t.Heap())
	if !t.Nullable() {
		f.pop(1)
		f.emit(instr.Instr{Op: op.RefAsNonNull})
		f.push(t)
	}
}

func (f *body) refNull(h wasm.HeapType) {
	f.emit(instr.Instr{Op: op.RefNull, Heap: h})
	f.push(wasm.Ref(true, h))
}

// produceNonNull makes a reference of a type that is not nullable.
func (f *body) produceNonNull(t wasm.ValType, depth int) bool {
	if f.has(op.FeatureBulkMemory) { // functions have been declared
		for k := range f.m.Funcs {
			x := (f.index + 1 + k) % len(f.m.Funcs)
			if ft := f.funcRefType(x); f.info.Subtype(ft, wasm.Ref(true, t.Heap())) {
				f.emit(instr.Instr{Op: op.RefFunc, X: uint32(x)})
				f.push(ft)
				return true
			}
		}
	}
	if t.Heap() == wasm.HeapExn {
		return f.produceExn()
	}
	if depth >= maxProduceDepth || f.left < -maxOverrun || !f.has(op.FeatureGC) {
		return false
	}
	if t.Heap() == wasm.HeapExtern {
		f.produce(wasm.Ref(false, wasm.HeapAny), depth+1)
		f.pop(1)
		f.emit(instr.Instr{Op: op.ExternConvertAny})
		f.push(t)
		return true
	}
	i31 := wasm.Ref(false, wasm.HeapI31)
	if f.info.Subtype(i31, t) && f.intn(3) == 0 {
		f.produce(wasm.I32, depth+1)
		f.pop(1)
		f.emit(instr.Instr{Op: op.RefI31})
		f.push(i31)
		return true
	}
	n := len(f.m.Types)
	for k, first := 0, f.intn(n); k < n; k++ {
		x := (first + k) % n
		if s := &f.m.Types[x]; s.Kind != wasm.KindFunc && f.info.Subtype(wasm.Ref(false, wasm.HeapType(x)), t) {
			f.produceObject(uint32(x), depth)
			return true
		}
	}
	return false
}

// produceObject makes an object of structure or array type x.
func (f *body) produceObject(x uint32, depth int) {
	s := &f.m.Types[x]
	in := instr.Instr{X: x}
	n := len(s.Fields)
	switch {
	case s.Kind == wasm.KindStruct && (f.intn(2) == 0 || depth >= maxProduceDepth-1) && defaultable(s):
		in.Op, n = op.StructNewDefault, 0
	case s.Kind == wasm.KindStruct:
		in.Op = op.StructNew
		for _, fl := range s.Fields {
			f.produce(fl.Type.Unpacked(), depth+1)
		}
	case f.intn(2) == 0 && defaultable(s):
		in.Op, n = op.ArrayNewDefault, 1
		f.small(wasm.I32, 40, 0)
	default:
		in.Op, n = op.ArrayNewFixed, f.intn(4)
		in.Y = uint32(n)
		for range n {
			f.produce(s.Fields[0].Type.Unpacked(), depth+1)
		}
	}
	f.pop(n)
	f.emit(in)
	f.push(wasm.Ref(false, wasm.HeapType(x)))
}

// produceExn makes an exception reference by catching what it throws.
func (f *body) produceExn() bool {
	if len(f.m.Tags) == 0 || f.left <= 0 || len(f.frames) > maxNesting {
		return false
	}
	exn := wasm.Ref(false, wasm.HeapExn)
	f.emit(instr.Instr{Op: op.Block, Block: instr.BlockType{Kind: instr.BlockValue, Type: exn}})
	f.open(frameBlock, wasm.FuncType{Results: []wasm.ValType{exn}})
	f.emit(instr.Instr{Op: op.TryTable, Catches: []instr.Catch{{Kind: instr.CatchAllRef}}})
	f.open(frameTryTable, wasm.FuncType{})
	tag := f.intn(len(f.m.Tags))
	f.use(f.m.Types[f.m.Tags[tag]].Func.Params...)
	f.emit(instr.Instr{Op: op.Throw, X: uint32(tag)})
	f.transfer()
	f.resetInit(f.top())
	f.emit(instr.Instr{Op: op.End})
	f.leave()
	f.emit(instr.Instr{Op: op.Unreachable})
	f.transfer()
	f.resetInit(f.top())
	f.emit(instr.Instr{Op: op.End})
	f.leave()
	return true
}
