package smith

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// aggregate makes the instructions on structures, arrays and unboxed scalars.
func (f *body) aggregate(r *op.Info) bool {
	in := instr.Instr{Op: r.Code}
	switch r.Code {
	case op.StructNew, op.StructNewDefault, op.StructGet, op.StructGetS, op.StructGetU, op.StructSet:
		return f.structOp(in)
	case op.ArrayLen:
		f.use(wasm.ArrayRef)
		f.push(wasm.I32)
	case op.I31GetS, op.I31GetU:
		f.use(wasm.I31Ref)
		f.push(wasm.I32)
	case op.AnyConvertExtern, op.ExternConvertAny:
		from, to := wasm.ExternRef, wasm.HeapAny
		if r.Code == op.ExternConvertAny {
			from, to = wasm.AnyRef, wasm.HeapExtern
		}
		f.need(from)
		t := f.stack[len(f.stack)-1]
		f.pop(1)
		f.push(wasm.Ref(t.Nullable(), to))
	case op.ArrayNew, op.ArrayNewDefault, op.ArrayNewFixed, op.ArrayNewData, op.ArrayNewElem:
		return f.arrayNew(in)
	default:
		return f.arrayOp(in)
	}
	f.emit(in)
	return true
}

// oneOf chooses one of xs; false if there are none.
func (f *body) oneOf(xs []uint32) (uint32, bool) {
	if len(xs) == 0 {
		return 0, false
	}
	return xs[f.intn(len(xs))], true
}

// object pushes a reference to an object of type x, mostly not null.
func (f *body) object(x uint32) {
	t := wasm.Ref(true, wasm.HeapType(x))
	if have := f.operands(); len(have) > 0 && f.info.Subtype(have[len(have)-1], t) && !have[len(have)-1].Nullable() {
		return
	}
	if !f.oneIn(32) && f.produceNonNull(wasm.Ref(false, wasm.HeapType(x)), 1) {
		return
	}
	f.produce(t, 1)
}

func (f *body) structOp(in instr.Instr) bool {
	fieldOK := func(fl wasm.FieldType) bool {
		switch in.Op {
		case op.StructGet:
			return !fl.Type.IsPacked()
		case op.StructGetS, op.StructGetU:
			return fl.Type.IsPacked()
		}
		return fl.Mutable
	}
	x, ok := f.oneOf(f.compTypes(wasm.KindStruct, func(s *wasm.SubType) bool {
		switch in.Op {
		case op.StructNew:
			return true
		case op.StructNewDefault:
			return defaultable(s)
		}
		for _, fl := range s.Fields {
			if fieldOK(fl) {
				return true
			}
		}
		return false
	}))
	if !ok {
		return false
	}
	in.X = x
	s := &f.m.Types[x]
	switch in.Op {
	case op.StructNew:
		types := make([]wasm.ValType, len(s.Fields))
		for k := range types {
			types[k] = s.Fields[k].Type.Unpacked()
		}
		f.use(types...)
		f.emit(in)
		f.push(wasm.Ref(false, wasm.HeapType(x)))
		return true
	case op.StructNewDefault:
		f.emit(in)
		f.push(wasm.Ref(false, wasm.HeapType(x)))
		return true
	}
	var fields []uint32
	for k, fl := range s.Fields {
		if fieldOK(fl) {
			fields = append(fields, uint32(k))
		}
	}
	in.Y, _ = f.oneOf(fields)
	t := s.Fields[in.Y].Type.Unpacked()
	f.object(x)
	if in.Op == op.StructSet {
		f.produce(t, 1)
		f.pop(2)
		f.emit(in)
		return true
	}
	f.pop(1)
	f.emit(in)
	f.push(t)
	return true
}

// segmentFor chooses a segment that array type x can be filled from: of data for
// numbers, of elements for references.
func (f *body) segmentFor(x uint32, data bool) (uint32, bool) {
	var found []uint32
	t := f.m.Types[x].Fields[0].Type
	if data {
		for k := range f.m.Data {
			found = append(found, uint32(k))
		}
		if t.IsRef() {
			return 0, false
		}
	} else {
		for k := range f.m.Elems {
			if f.info.Subtype(f.m.Elems[k].Type, t) {
				found = append(found, uint32(k))
			}
		}
	}
	return f.oneOf(found)
}

func (f *body) arrayNew(in instr.Instr) bool {
	x, ok := f.oneOf(f.compTypes(wasm.KindArray, func(s *wasm.SubType) bool {
		switch t := s.Fields[0].Type; in.Op {
		case op.ArrayNewDefault:
			return t.Defaultable()
		case op.ArrayNewData:
			return !t.IsRef()
		case op.ArrayNewElem:
			return t.IsRef()
		}
		return true
	}))
	if !ok {
		return false
	}
	in.X = x
	t := f.m.Types[x].Fields[0].Type.Unpacked()
	switch in.Op {
	case op.ArrayNew:
		f.need(t)
		f.small(wasm.I32, 40, 0)
		f.pop(2)
	case op.ArrayNewDefault:
		f.small(wasm.I32, 40, 0)
		f.pop(1)
	case op.ArrayNewFixed:
		in.Y = uint32(f.intn(6))
		types := make([]wasm.ValType, in.Y)
		for k := range types {
			types[k] = t
		}
		f.use(types...)
	default:
		if in.Y, ok = f.segmentFor(x, in.Op == op.ArrayNewData); !ok {
			return false
		}
		f.small(wasm.I32, 3, 0)
		f.small(wasm.I32, 5, 0)
		f.pop(2)
	}
	f.emit(in)
	f.push(wasm.Ref(false, wasm.HeapType(x)))
	return true
}

// arrayOp makes the instructions that read and write arrays.
func (f *body) arrayOp(in instr.Instr) bool {
	x, ok := f.oneOf(f.compTypes(wasm.KindArray, func(s *wasm.SubType) bool {
		switch fl := s.Fields[0]; in.Op {
		case op.ArrayGet:
			return !fl.Type.IsPacked()
		case op.ArrayGetS, op.ArrayGetU:
			return fl.Type.IsPacked()
		default:
			return fl.Mutable
		}
	}))
	if !ok {
		return false
	}
	in.X = x
	t := f.m.Types[x].Fields[0].Type
	n := 0
	array := func(x uint32) { f.object(x); n++ }
	index := func() { f.small(wasm.I32, 3, 0); n++ }
	switch in.Op {
	case op.ArrayGet, op.ArrayGetS, op.ArrayGetU:
		array(x)
		index()
	case op.ArraySet, op.ArrayFill:
		array(x)
		index()
		f.produce(t.Unpacked(), 1)
		n++
		if in.Op == op.ArrayFill {
			index()
		}
	case op.ArrayCopy:
		sources := f.compTypes(wasm.KindArray, func(s *wasm.SubType) bool {
			from := s.Fields[0].Type
			return from == t || !from.IsPacked() && !t.IsPacked() && f.info.Subtype(from, t)
		})
		y, ok := f.oneOf(sources)
		if !ok {
			return false
		}
		in.Y = y
		array(x)
		index()
		array(y)
		index()
		index()
	case op.ArrayInitData, op.ArrayInitElem:
		if in.Y, ok = f.segmentFor(x, in.Op == op.ArrayInitData); !ok {
			return false
		}
		array(x)
		index()
		f.small(wasm.I32, 3, 0)
		f.small(wasm.I32, 3, 0)
		n += 2
	default:
		return false
	}
	f.pop(n)
	f.emit(in)
	switch in.Op {
	case op.ArrayGet, op.ArrayGetS, op.ArrayGetU:
		f.push(t.Unpacked())
	}
	return true
}
