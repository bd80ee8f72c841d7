package valid

import (
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// reference checks ref.*.
func (f *Func) reference(in *Instr) {
	switch in.Op {
	case op.RefNull:
		in.Type = wasm.Ref(true, in.Heap)
		f.valType(in.Type)
		f.push(in.Type)
	case op.RefIsNull:
		in.Type = f.popRef()
		f.push(wasm.I32)
	case op.RefFunc:
		f.refFunc(in)
	case op.RefEq:
		f.popTypes([]wasm.ValType{wasm.EqRef, wasm.EqRef})
		f.push(wasm.I32)
	case op.RefAsNonNull:
		in.Type = f.popRef()
		f.push(wasm.Ref(false, in.Type.Heap()))
	case op.RefTest, op.RefTestNull, op.RefCast, op.RefCastNull:
		f.refCast(in)
	case op.RefI31:
		f.pop(wasm.I32)
		in.Type = wasm.Ref(false, wasm.HeapI31)
		f.push(in.Type)
	default:
		f.malformed(in.Offset, msgIllegalOpcode)
	}
}

func (f *Func) refFunc(in *Instr) {
	m := f.info.Module
	if uint64(in.X) >= uint64(m.NumFuncs()) {
		f.fail(unknown("function", in.X))
		return
	}
	if f.constant {
		f.info.Declared[in.X] = true // by being named outside the functions
	} else if !f.info.Declared[in.X] {
		f.fail(fmt.Sprintf("%s %d", msgUndeclaredRef, in.X))
		return
	}
	in.Type = wasm.Ref(false, wasm.HeapType(m.FuncTypeIdx(wasm.FuncIdx(in.X))))
	f.push(in.Type)
}

func (f *Func) refCast(in *Instr) {
	f.heapType(in.Heap)
	f.need(heapTypeNeeds(in.Heap), "a cast's type")
	if f.err != nil {
		return
	}
	in.Type = f.pop(wasm.Ref(true, f.info.Top(in.Heap)))
	switch in.Op {
	case op.RefTest, op.RefTestNull:
		f.push(wasm.I32)
	default:
		f.push(wasm.Ref(in.Op == op.RefCastNull, in.Heap))
	}
}
