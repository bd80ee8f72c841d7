package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// tableAt returns the type of table x, or nil after an error.
func (f *Func) tableAt(x uint32) *wasm.TableType {
	m := f.info.Module
	if uint64(x) >= uint64(m.NumTables()) {
		f.fail(unknown("table", x))
		return nil
	}
	return m.TableType(wasm.TableIdx(x))
}

// elemSegment returns the type of element segment x.
func (f *Func) elemSegment(x uint32) wasm.ValType {
	m := f.info.Module
	if uint64(x) >= uint64(len(m.Elems)) {
		f.fail(unknown("elem segment", x))
		return wasm.Bottom
	}
	return m.Elems[x].Type
}

// tableOp checks table.* and elem.drop.
func (f *Func) tableOp(in *Instr) {
	switch in.Op {
	case op.ElemDrop:
		in.Type = f.elemSegment(in.X)
		return
	case op.TableInit:
		f.tableInit(in)
		return
	}
	table := f.tableAt(in.X)
	if table == nil {
		return
	}
	in.Type, in.AddrType = table.Elem, table.AddrType()
	switch in.Op {
	case op.TableGet:
		f.pop(in.AddrType)
		f.push(in.Type)
	case op.TableSet:
		f.popTypes([]wasm.ValType{in.AddrType, in.Type})
	case op.TableSize:
		f.push(in.AddrType)
	case op.TableGrow:
		f.popTypes([]wasm.ValType{in.Type, in.AddrType})
		f.push(in.AddrType)
	case op.TableFill:
		f.popTypes([]wasm.ValType{in.AddrType, in.Type, in.AddrType})
	case op.TableCopy:
		source := f.tableAt(in.Y)
		if source == nil {
			return
		}
		if !f.info.Subtype(source.Elem, table.Elem) {
			f.fail(msgTypeMismatch + ": copy of " + source.Elem.String() + " to a table of " + table.Elem.String())
			return
		}
		in.AddrType2 = source.AddrType()
		f.popTypes([]wasm.ValType{in.AddrType, in.AddrType2, minAddr(in.AddrType, in.AddrType2)})
	default:
		f.malformed(in.Offset, msgIllegalOpcode)
	}
}

func (f *Func) tableInit(in *Instr) {
	table := f.tableAt(in.Y)
	if table == nil {
		return
	}
	in.Type, in.AddrType = table.Elem, table.AddrType()
	elem := f.elemSegment(in.X)
	if f.err != nil {
		return
	}
	if !f.info.Subtype(elem, table.Elem) {
		f.fail(msgTypeMismatch + ": segment of " + elem.String() + " for a table of " + table.Elem.String())
		return
	}
	f.popTypes([]wasm.ValType{in.AddrType, wasm.I32, wasm.I32})
}
