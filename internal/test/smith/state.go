package smith

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// variable makes drop, select, local.* and global.*.
func (f *body) variable(r *op.Info) bool {
	in := instr.Instr{Op: r.Code}
	switch r.Code {
	case op.Drop:
		if len(f.operands()) == 0 {
			f.produce(f.valType(len(f.m.Types)), 0)
		}
		f.pop(1)
	case op.Select:
		t := f.valType(0)
		for t.IsRef() {
			t = wasm.I32
		}
		f.use(t, t, wasm.I32)
		f.push(t)
	case op.SelectT:
		t := f.valType(len(f.m.Types))
		f.use(t, t, wasm.I32)
		in.Types = []wasm.ValType{t}
		f.push(t)
	case op.LocalGet, op.LocalSet, op.LocalTee:
		if len(f.locals) == 0 {
			return false
		}
		x := f.intn(len(f.locals))
		t := f.locals[x]
		in.X = uint32(x)
		if r.Code == op.LocalGet {
			if !f.isInit[x] {
				return false
			}
			f.push(t)
			break
		}
		f.use(t)
		f.setInit(x)
		if r.Code == op.LocalTee {
			f.push(t)
		}
	case op.GlobalGet, op.GlobalSet:
		if len(f.m.Globals) == 0 {
			return false
		}
		x := f.intn(len(f.m.Globals))
		g := f.m.Globals[x].Type
		in.X = uint32(x)
		if r.Code == op.GlobalGet {
			f.push(g.Type)
			break
		}
		if !g.Mutable {
			return false
		}
		f.use(g.Type)
	default:
		return false
	}
	f.emit(in)
	return true
}

// tableOp makes table.* and elem.drop.
func (f *body) tableOp(r *op.Info) bool {
	in := instr.Instr{Op: r.Code}
	if r.Code == op.ElemDrop {
		if len(f.m.Elems) == 0 {
			return false
		}
		in.X = uint32(f.intn(len(f.m.Elems)))
		f.emit(in)
		return true
	}
	if len(f.m.Tables) == 0 {
		return false
	}
	x := f.intn(len(f.m.Tables))
	t := &f.m.Tables[x].Type
	in.X = uint32(x)
	n, addr := int(t.Min), t.AddrType()
	operands := 0
	// Operands are made afresh so that most indices are in bounds.
	number := func(t wasm.ValType, n int) { f.small(t, n, 0); operands++ }
	element := func() { f.produce(t.Elem, 1); operands++ }
	switch r.Code {
	case op.TableGet:
		number(addr, n)
	case op.TableSet:
		number(addr, n)
		element()
	case op.TableSize:
	case op.TableGrow:
		element()
		number(addr, 4)
	case op.TableFill:
		number(addr, n)
		element()
		number(addr, 4)
	case op.TableCopy:
		y := f.intn(len(f.m.Tables))
		from := &f.m.Tables[y].Type
		if !f.info.Subtype(from.Elem, t.Elem) {
			return false
		}
		in.Y = uint32(y)
		number(addr, n)
		number(from.AddrType(), int(from.Min))
		number(minAddr(addr, from.AddrType()), 4)
	case op.TableInit:
		y := -1
		for k := range f.m.Elems {
			if f.info.Subtype(f.m.Elems[k].Type, t.Elem) && !f.oneIn(3) {
				y = k
			}
		}
		if y < 0 {
			return false
		}
		in.X, in.Y = uint32(y), uint32(x)
		number(addr, n)
		number(wasm.I32, f.m.Elems[y].Len())
		number(wasm.I32, 3)
	default:
		return false
	}
	f.pop(operands)
	f.emit(in)
	switch r.Code {
	case op.TableGet:
		f.push(t.Elem)
	case op.TableSize, op.TableGrow:
		f.push(addr)
	}
	return true
}

// minAddr returns the smaller of two index types.
func minAddr(a, b wasm.ValType) wasm.ValType {
	if a == wasm.I64 && b == wasm.I64 {
		return wasm.I64
	}
	return wasm.I32
}

// memoryOp makes memory.init and memory.copy.
func (f *body) memoryOp(r *op.Info) bool {
	if len(f.m.Memories) == 0 {
		return false
	}
	x := f.intn(len(f.m.Memories))
	t := &f.m.Memories[x]
	in := instr.Instr{Op: r.Code}
	switch r.Code {
	case op.MemoryInit:
		if len(f.m.Data) == 0 {
			return false
		}
		d := f.intn(len(f.m.Data))
		in.X, in.Y = uint32(d), uint32(x)
		f.small(t.AddrType(), bytesOf(t), 0)
		f.small(wasm.I32, len(f.m.Data[d].Init), 0)
		f.small(wasm.I32, 8, 0)
	case op.MemoryCopy:
		y := f.intn(len(f.m.Memories))
		from := &f.m.Memories[y]
		in.X, in.Y = uint32(x), uint32(y)
		f.small(t.AddrType(), bytesOf(t), 0)
		f.small(from.AddrType(), bytesOf(from), 0)
		f.small(minAddr(t.AddrType(), from.AddrType()), 100, 0)
	default:
		return false
	}
	f.pop(3)
	f.emit(in)
	return true
}

// bytesOf returns the initial size of a memory.
func bytesOf(t *wasm.MemType) int { return int(t.Min << t.PageSizeLog2) }
