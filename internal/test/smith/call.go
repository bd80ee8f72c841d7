package smith

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// call makes calls of all kinds.
func (f *body) call(code op.Opcode) bool {
	tail := code == op.ReturnCall || code == op.ReturnCallIndirect || code == op.ReturnCallRef
	if tail && f.intn(3) != 0 { // they end all
		return false
	}
	fits := func(t *wasm.FuncType) bool { return !tail || f.matchAll(t.Results, f.ft.Results) }
	in := instr.Instr{Op: code}
	var ft *wasm.FuncType
	switch code {
	case op.Call, op.ReturnCall:
		x := f.callee()
		ft = &f.m.Types[f.m.Funcs[x]].Func
		if !fits(ft) {
			return false
		}
		in.X = uint32(x)
		f.use(ft.Params...)
	case op.CallIndirect, op.ReturnCallIndirect:
		return f.callIndirect(in, tail, fits)
	default:
		types := f.funcTypes(fits)
		if len(types) == 0 {
			return false
		}
		x := types[f.intn(len(types))]
		ft = &f.m.Types[x].Func
		in.X = uint32(x)
		f.use(append(append([]wasm.ValType(nil), ft.Params...), wasm.Ref(true, wasm.HeapType(x)))...)
	}
	f.emit(in)
	f.afterCall(ft, tail)
	return true
}

// callee chooses a function to call, mostly one with a higher index: recursion
// is to be there but not to be all there is.
func (f *body) callee() int {
	n := len(f.m.Funcs)
	if f.index+1 < n && f.intn(4) != 0 {
		return f.index + 1 + f.intn(n-f.index-1)
	}
	return f.intn(n)
}

func (f *body) afterCall(ft *wasm.FuncType, tail bool) {
	if tail {
		f.transfer()
		return
	}
	f.push(ft.Results...)
}

// callIndirect makes a call through a table, usually of an element that is known
// to be there.
func (f *body) callIndirect(in instr.Instr, tail bool, fits func(*wasm.FuncType) bool) bool {
	var types []wasm.TypeIdx
	var at uint64
	if len(f.placed) > 0 && f.intn(4) != 0 {
		p := f.placed[f.intn(len(f.placed))]
		if x := f.m.Funcs[p.fn]; fits(&f.m.Types[x].Func) {
			types, at, in.Y = []wasm.TypeIdx{x}, p.at, uint32(p.table)
		}
	}
	var tables []uint32
	for k := range f.m.Tables {
		if f.info.Subtype(f.m.Tables[k].Type.Elem, wasm.FuncRef) {
			tables = append(tables, uint32(k))
		}
	}
	known := types != nil
	if !known {
		if types = f.funcTypes(fits); len(types) == 0 || len(tables) == 0 {
			return false
		}
		in.Y = tables[f.intn(len(tables))]
	}
	x := types[f.intn(len(types))]
	in.X = uint32(x)
	ft := &f.m.Types[x].Func
	t := &f.m.Tables[in.Y].Type
	f.need(ft.Params...)
	if known {
		index := f.offset(&t.Limits, at).Bytes
		f.code = append(f.code, index[:len(index)-1]...)
		f.push(t.AddrType())
	} else {
		f.small(t.AddrType(), int(t.Min), 0)
	}
	f.pop(1 + len(ft.Params))
	f.emit(in)
	f.afterCall(ft, tail)
	return true
}
