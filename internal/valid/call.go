package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// call checks calls and tail calls.
func (f *Func) call(in *Instr) {
	m := f.info.Module
	var msg string
	switch in.Op {
	case op.Call, op.ReturnCall:
		if uint64(in.X) >= uint64(m.NumFuncs()) {
			f.fail(unknown("function", in.X))
			return
		}
		in.Func = f.info.funcs[in.X]
	case op.CallIndirect, op.ReturnCallIndirect:
		table := f.tableAt(in.Y)
		if table == nil {
			return
		}
		if in.Y != 0 {
			f.needed |= op.FeatureReferenceTypes
		}
		if !f.info.Subtype(table.Elem, wasm.FuncRef) {
			f.fail(msgTypeMismatch + ": call through a table of " + table.Elem.String())
			return
		}
		in.AddrType = table.AddrType()
		if in.Func, msg = f.info.funcTypeAt(in.X); in.Func == nil {
			f.fail(msg)
			return
		}
		f.pop(in.AddrType)
	case op.CallRef, op.ReturnCallRef:
		if in.Func, msg = f.info.funcTypeAt(in.X); in.Func == nil {
			f.fail(msg)
			return
		}
		in.Type = f.pop(wasm.Ref(true, wasm.HeapType(in.X)))
	}
	f.popTypes(in.Func.Params)
	switch in.Op {
	case op.ReturnCall, op.ReturnCallIndirect, op.ReturnCallRef:
		if !f.info.subtypes(in.Func.Results, f.ft.Results) {
			f.fail(msgTypeMismatch + ": function returns " + typeList(f.ft.Results) + " but callee returns " + typeList(in.Func.Results))
			return
		}
		f.setUnreachable()
	default:
		f.pushTypes(in.Func.Results)
	}
}
