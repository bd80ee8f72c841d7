package valid

import (
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// aggregate checks the instructions on structs, arrays and unboxed scalars.
func (f *Func) aggregate(in *Instr) {
	switch in.Op {
	case op.StructNew, op.StructNewDefault:
		f.structNew(in)
	case op.StructGet, op.StructGetS, op.StructGetU, op.StructSet:
		f.structField(in)
	case op.ArrayNew, op.ArrayNewDefault, op.ArrayNewFixed, op.ArrayNewData, op.ArrayNewElem:
		f.arrayNew(in)
	case op.ArrayGet, op.ArrayGetS, op.ArrayGetU:
		if elem := f.arrayType(in); elem != nil {
			f.packed(in, elem.Type)
			f.popTypes([]wasm.ValType{refNull(in.X), wasm.I32})
			f.push(elem.Type.Unpacked())
		}
	case op.ArraySet, op.ArrayFill, op.ArrayCopy, op.ArrayInitData, op.ArrayInitElem:
		f.arrayWrite(in)
	case op.ArrayLen:
		in.Type = f.pop(wasm.ArrayRef)
		f.push(wasm.I32)
	case op.I31GetS, op.I31GetU:
		in.Type = f.pop(wasm.I31Ref)
		f.push(wasm.I32)
	case op.AnyConvertExtern:
		f.convert(in, wasm.ExternRef, wasm.HeapAny)
	case op.ExternConvertAny:
		f.convert(in, wasm.AnyRef, wasm.HeapExtern)
	default:
		f.malformed(in.Offset, msgIllegalOpcode)
	}
}

// refNull returns the type of nullable references to type x.
func refNull(x uint32) wasm.ValType { return wasm.Ref(true, wasm.HeapType(x)) }

// compType returns type x, which must be of the given kind, or nil after an
// error.
func (f *Func) compType(x uint32, kind wasm.CompKind, name string) *wasm.SubType {
	types := f.info.Module.Types
	if uint64(x) >= uint64(len(types)) {
		f.fail(unknown("type", x))
		return nil
	}
	if types[x].Kind != kind {
		f.fail(fmt.Sprintf("%s: type %d is not %s type", msgTypeMismatch, x, name))
		return nil
	}
	return &types[x]
}

// arrayType returns the element type of array type in.X and notes it in in.
func (f *Func) arrayType(in *Instr) *wasm.FieldType {
	t := f.compType(in.X, wasm.KindArray, "an array")
	if t == nil {
		return nil
	}
	in.Type = t.Fields[0].Type
	return &t.Fields[0]
}

// packed checks that exactly packed fields are read with sign or zero extension.
func (f *Func) packed(in *Instr, t wasm.ValType) {
	plain := in.Op == op.StructGet || in.Op == op.ArrayGet
	if plain == t.IsPacked() {
		f.fail(msgTypeMismatch + ": field of type " + t.String())
	}
}

func (f *Func) structNew(in *Instr) {
	t := f.compType(in.X, wasm.KindStruct, "a struct")
	if t == nil {
		return
	}
	if in.Op == op.StructNewDefault {
		if k := f.info.noDefault[in.X]; k >= 0 {
			f.fail(fmt.Sprintf("%s: field %d of type %v has no default", msgTypeMismatch, k, t.Fields[k].Type))
			return
		}
	} else {
		f.charge(len(t.Fields))
		for k := len(t.Fields) - 1; k >= 0 && f.err == nil && !f.bottomless(); k-- {
			f.pop(t.Fields[k].Type.Unpacked())
		}
	}
	f.push(wasm.Ref(false, wasm.HeapType(in.X)))
}

func (f *Func) structField(in *Instr) {
	t := f.compType(in.X, wasm.KindStruct, "a struct")
	if t == nil {
		return
	}
	if uint64(in.Y) >= uint64(len(t.Fields)) {
		f.fail(unknown("field", in.Y))
		return
	}
	field := &t.Fields[in.Y]
	in.Type = field.Type
	if in.Op != op.StructSet {
		f.packed(in, field.Type)
		f.pop(refNull(in.X))
		f.push(field.Type.Unpacked())
		return
	}
	if !field.Mutable {
		f.fail(fmt.Sprintf("%s %d", msgImmutableField, in.Y))
		return
	}
	f.popTypes([]wasm.ValType{refNull(in.X), field.Type.Unpacked()})
}

func (f *Func) arrayNew(in *Instr) {
	elem := f.arrayType(in)
	if elem == nil {
		return
	}
	t := elem.Type
	switch in.Op {
	case op.ArrayNew:
		f.popTypes([]wasm.ValType{t.Unpacked(), wasm.I32})
	case op.ArrayNewDefault:
		if !t.Defaultable() {
			f.fail(msgTypeMismatch + ": elements of type " + t.String() + " have no default")
		}
		f.pop(wasm.I32)
	case op.ArrayNewFixed:
		if in.Y > wasm.MaxArrayNewFixed {
			f.setErr(&wasm.LimitError{Name: "operands of array.new_fixed", Have: uint64(in.Y), Max: wasm.MaxArrayNewFixed})
			return
		}
		f.charge(int(in.Y))
		for k := uint32(0); k < in.Y && f.err == nil && !f.bottomless(); k++ {
			f.pop(t.Unpacked())
		}
	case op.ArrayNewData:
		f.arrayFromData(in)
		f.popTypes([]wasm.ValType{wasm.I32, wasm.I32})
	case op.ArrayNewElem:
		f.arrayFromElem(in)
		f.popTypes([]wasm.ValType{wasm.I32, wasm.I32})
	}
	f.push(wasm.Ref(false, wasm.HeapType(in.X)))
}

// arrayFromData checks that array type in.X can be filled from data segment
// in.Y.
func (f *Func) arrayFromData(in *Instr) {
	f.dataSegment(in.Y)
	if in.Type.IsRef() {
		f.fail(msgArrayNumeric)
	}
}

// arrayFromElem checks that array type in.X can be filled from element segment
// in.Y.
func (f *Func) arrayFromElem(in *Instr) {
	if elem := f.elemSegment(in.Y); f.err == nil && !f.info.Subtype(elem, in.Type) {
		f.fail(msgTypeMismatch + ": segment of " + elem.String() + " for an array of " + in.Type.String())
	}
}

func (f *Func) arrayWrite(in *Instr) {
	elem := f.arrayType(in)
	if elem == nil {
		return
	}
	if !elem.Mutable {
		f.fail(msgImmutableArray)
		return
	}
	array := refNull(in.X)
	switch in.Op {
	case op.ArraySet:
		f.popTypes([]wasm.ValType{array, wasm.I32, in.Type.Unpacked()})
	case op.ArrayFill:
		f.popTypes([]wasm.ValType{array, wasm.I32, in.Type.Unpacked(), wasm.I32})
	case op.ArrayCopy:
		source := f.compType(in.Y, wasm.KindArray, "an array")
		if source == nil {
			return
		}
		if !f.info.Subtype(source.Fields[0].Type, in.Type) {
			f.fail(fmt.Sprintf("%s: copy of %v to %v", msgArrayTypes, source.Fields[0].Type, in.Type))
			return
		}
		f.popTypes([]wasm.ValType{array, wasm.I32, refNull(in.Y), wasm.I32, wasm.I32})
	case op.ArrayInitData:
		f.arrayFromData(in)
		f.popTypes([]wasm.ValType{array, wasm.I32, wasm.I32, wasm.I32})
	case op.ArrayInitElem:
		f.arrayFromElem(in)
		f.popTypes([]wasm.ValType{array, wasm.I32, wasm.I32, wasm.I32})
	}
}

// convert checks the conversions between internal and external references.
func (f *Func) convert(in *Instr, from wasm.ValType, to wasm.HeapType) {
	in.Type = f.pop(from)
	f.push(wasm.Ref(in.Type.Nullable(), to))
}
