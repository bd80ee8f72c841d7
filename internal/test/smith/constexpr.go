package smith

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Bounds of a constant expression: how deep its operands nest, and how many
// instructions are tried before it is given up.
const (
	maxConstDepth = 3
	maxConstTries = 300
)

// constExpr makes a constant expression of type t. It returns false if it
// finds none, which happens for references that are not nullable only.
func (b *builder) constExpr(t wasm.ValType) (wasm.Expr, bool) {
	b.constTries = 0
	code, ok := b.constant(nil, t, 0)
	return wasm.Expr{Bytes: append(code, byte(op.End))}, ok
}

// constant appends instructions that give a constant of type t.
func (b *builder) constant(code []byte, t wasm.ValType, depth int) ([]byte, bool) {
	b.constTries++
	if b.has(op.FeatureGC) && b.oneIn(4) {
		for k := range b.m.Globals {
			if g := &b.m.Globals[k].Type; !g.Mutable && b.info.Subtype(g.Type, t) {
				return instr.Append(code, &instr.Instr{Op: op.GlobalGet, X: uint32(k)}), true
			}
		}
	}
	if t.IsRef() {
		return b.constantRef(code, t, depth)
	}
	if (t == wasm.I32 || t == wasm.I64) && depth < maxConstDepth && b.has(op.FeatureExtendedConst) && b.oneIn(4) {
		ops := [...]op.Opcode{op.I32Add, op.I32Sub, op.I32Mul, op.I64Add, op.I64Sub, op.I64Mul}
		k := b.intn(3)
		if t == wasm.I64 {
			k += 3
		}
		code, _ = b.constant(code, t, depth+1)
		code, _ = b.constant(code, t, depth+1)
		return instr.Append(code, &instr.Instr{Op: ops[k]}), true
	}
	in := b.constInstr(t)
	return instr.Append(code, &in), true
}

// constInstr returns the const instruction of a number or vector type.
func (b *builder) constInstr(t wasm.ValType) (in instr.Instr) {
	switch t {
	case wasm.I32:
		in.Op, in.Val = op.I32Const, b.integer()
	case wasm.I64:
		in.Op, in.Val = op.I64Const, b.integer()
	case wasm.F32:
		in.Op, in.Val = op.F32Const, uint64(b.f32())
	case wasm.F64:
		in.Op, in.Val = op.F64Const, b.f64()
	default:
		in.Op, in.Vec = op.V128Const, b.vec()
	}
	return in
}

func (b *builder) constantRef(code []byte, t wasm.ValType, depth int) ([]byte, bool) {
	if !t.Nullable() || b.intn(1+depth) == 0 {
		if with, ok := b.constantNonNull(code, t, depth); ok {
			return with, true
		}
	}
	return instr.Append(code, &instr.Instr{Op: op.RefNull, Heap: t.Heap()}), t.Nullable()
}

// constantNonNull appends what makes a reference that is not null.
func (b *builder) constantNonNull(code []byte, t wasm.ValType, depth int) ([]byte, bool) {
	for k := range b.m.Funcs {
		x := (k + depth) % len(b.m.Funcs)
		if b.info.Subtype(b.funcRefType(x), t) {
			return instr.Append(code, &instr.Instr{Op: op.RefFunc, X: uint32(x)}), true
		}
	}
	if depth >= maxConstDepth || b.constTries > maxConstTries || !b.has(op.FeatureGC) {
		return code, false
	}
	if b.info.Subtype(wasm.Ref(false, wasm.HeapI31), t) && b.intn(2) == 0 {
		code, _ = b.constant(code, wasm.I32, depth+1)
		return instr.Append(code, &instr.Instr{Op: op.RefI31}), true
	}
	if t.Heap() == wasm.HeapExtern {
		with, ok := b.constant(code, wasm.Ref(false, wasm.HeapAny), depth+1)
		return instr.Append(with, &instr.Instr{Op: op.ExternConvertAny}), ok
	}
	// Any structure or array type will do; later types are tried first, so
	// that subtypes occur.
	for x := len(b.m.Types) - 1; x >= 0; x-- {
		s := &b.m.Types[x]
		if s.Kind == wasm.KindFunc || !b.info.Subtype(wasm.Ref(false, wasm.HeapType(x)), t) {
			continue
		}
		if with, ok := b.constantAggregate(code, uint32(x), depth); ok {
			return with, true
		}
	}
	return code, false
}

// constantAggregate appends what makes an object of structure or array type x.
func (b *builder) constantAggregate(code []byte, x uint32, depth int) ([]byte, bool) {
	s := &b.m.Types[x]
	ok := true
	if s.Kind == wasm.KindStruct {
		if defaultable(s) && b.intn(2) == 0 {
			return instr.Append(code, &instr.Instr{Op: op.StructNewDefault, X: x}), true
		}
		for _, f := range s.Fields {
			if code, ok = b.constant(code, f.Type.Unpacked(), depth+1); !ok {
				return code, false
			}
		}
		return instr.Append(code, &instr.Instr{Op: op.StructNew, X: x}), true
	}
	form := b.intn(3)
	if form == 0 && defaultable(s) {
		code = instr.Append(code, &instr.Instr{Op: op.I32Const, Val: uint64(b.intn(20))})
		return instr.Append(code, &instr.Instr{Op: op.ArrayNewDefault, X: x}), true
	}
	if form == 1 {
		if code, ok = b.constant(code, s.Fields[0].Type.Unpacked(), depth+1); !ok {
			return code, false
		}
		code = instr.Append(code, &instr.Instr{Op: op.I32Const, Val: uint64(b.intn(20))})
		return instr.Append(code, &instr.Instr{Op: op.ArrayNew, X: x}), true
	}
	n := b.intn(4)
	for range n {
		if code, ok = b.constant(code, s.Fields[0].Type.Unpacked(), depth+1); !ok {
			return code, false
		}
	}
	return instr.Append(code, &instr.Instr{Op: op.ArrayNewFixed, X: x, Y: uint32(n)}), true
}

// defaultable says whether all fields have default values.
func defaultable(s *wasm.SubType) bool {
	for _, f := range s.Fields {
		if !f.Type.Defaultable() {
			return false
		}
	}
	return true
}

// funcRefType returns the type of ref.func x.
func (b *builder) funcRefType(x int) wasm.ValType {
	if !b.has(op.FeatureFunctionReferences) {
		return wasm.FuncRef
	}
	return wasm.Ref(false, wasm.HeapType(b.m.Funcs[x]))
}
