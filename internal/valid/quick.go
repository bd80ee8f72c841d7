package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// quickOps are the instructions that quick knows.
var quickOps = []op.Opcode{
	op.Block, op.Loop, op.If, op.End, op.Br, op.BrIf, op.Call, op.GlobalGet, op.GlobalSet,
}

// quick checks the instruction at pos of a function's body in the forms that
// are frequent: immediates of one or two bytes, blocks of at most one result,
// labels of at most one operand, operands of exactly the types that are
// required. It returns the position after the instruction, or 0 and no change of
// state for the slow path to take over.
//
// Besides what Visit needs to know of all instructions it sets the fields of
// f.in that the instruction has.
func (f *Func) quick(body []byte, pos int) int {
	code := op.Opcode(body[pos])
	if code == op.End {
		return f.quickEnd(pos)
	}
	if pos+2 >= len(body) {
		return 0
	}
	x, end := uint32(body[pos+1]), pos+2
	switch code {
	case op.Block, op.Loop, op.If:
		if !f.quickBlock(code, wasm.ValType(x)) {
			return 0
		}
		return end
	}
	if x >= 0x80 {
		if body[pos+2] >= 0x80 {
			return 0
		}
		x, end = x&0x7F|uint32(body[pos+2])<<7, pos+3
	}
	ok := false
	switch code {
	case op.Br, op.BrIf:
		ok = f.quickBranch(code, x)
	case op.Call:
		ok = f.quickCall(x)
	case op.GlobalGet, op.GlobalSet:
		ok = f.quickGlobal(code, x)
	}
	if !ok {
		return 0
	}
	f.in.X = x
	return end
}

// quickBlock begins a block without parameters; t is its type's first byte.
func (f *Func) quickBlock(code op.Opcode, t wasm.ValType) bool {
	var ft *wasm.FuncType
	switch t {
	case 0x40:
		ft = &emptyBlock
		f.in.Block = instr.BlockType{Kind: instr.BlockEmpty}
	case wasm.I32, wasm.I64, wasm.F32, wasm.F64:
		ft = &numBlocks[t]
		f.in.Block = instr.BlockType{Kind: instr.BlockValue, Type: t}
	default:
		return false
	}
	n := len(f.stack)
	kind := FrameBlock
	switch code {
	case op.Loop:
		kind = FrameLoop
	case op.If:
		if n == f.height || f.stack[n-1] != wasm.I32 || len(f.hints) > 0 {
			return false
		}
		kind = FrameIf
		f.in.Hint = -1
		n--
		f.stack = f.stack[:n]
	}
	top := &f.ctrl[len(f.ctrl)-1]
	hidden := top.hidden || top.unreachable
	f.growCtrl()
	f.ctrl = append(f.ctrl, frame{
		ft: ft, height: uint32(n), inits: uint32(len(f.initLog)), kind: kind, hidden: hidden,
	})
	f.height = n
	f.in.Func = ft
	return true
}

func (f *Func) quickEnd(pos int) int {
	depth := len(f.ctrl) - 1
	fr := &f.ctrl[depth]
	results := fr.ft.Results
	n := len(f.stack)
	if depth == 0 || len(results) > 1 || n != f.height+len(results) || int(fr.inits) != len(f.initLog) {
		return 0
	}
	// The result is where the frame around it wants it.
	if len(results) == 1 && (f.stack[n-1] != results[0] || fr.kind == FrameIf) ||
		fr.kind == FrameIf && len(fr.ft.Params) > 0 {
		return 0
	}
	f.in.Func, f.in.Frame, f.in.Unreachable = fr.ft, fr.kind, fr.unreachable
	f.ctrl = f.ctrl[:depth]
	f.height = int(f.ctrl[depth-1].height)
	return pos + 1
}

func (f *Func) quickBranch(code op.Opcode, x uint32) bool {
	if uint64(x) >= uint64(len(f.ctrl)) {
		return false
	}
	n := len(f.stack)
	if code == op.BrIf {
		if n == f.height || f.stack[n-1] != wasm.I32 || len(f.hints) > 0 {
			return false
		}
		n--
	}
	ts := f.ctrl[len(f.ctrl)-1-int(x)].labelTypes()
	if len(ts) > 1 || len(ts) == 1 && (n == f.height || f.stack[n-1] != ts[0]) {
		return false
	}
	if code == op.Br {
		f.setUnreachable()
		return true
	}
	f.in.Hint = -1
	f.stack = f.stack[:n]
	return true
}

func (f *Func) quickCall(x uint32) bool {
	if uint64(x) >= uint64(len(f.info.funcs)) {
		return false
	}
	ft := f.info.funcs[x]
	n := len(f.stack)
	from := n - len(ft.Params)
	if from < f.height || cap(f.stack)-from < len(ft.Results) || f.work >= chargeStep {
		return false
	}
	have := f.stack[from:n]
	for k, t := range ft.Params {
		if have[k] != t {
			return false
		}
	}
	f.in.Func = ft
	f.stack = f.stack[:from+len(ft.Results)]
	copy(f.stack[from:], ft.Results)
	f.work += len(ft.Params) + len(ft.Results) // the slow path looks at the context
	return true
}

func (f *Func) quickGlobal(code op.Opcode, x uint32) bool {
	m := f.info.Module
	if uint64(x) >= uint64(m.NumGlobals()) {
		return false
	}
	g := m.GlobalType(wasm.GlobalIdx(x))
	n := len(f.stack)
	if code == op.GlobalGet {
		if n == cap(f.stack) {
			return false
		}
		f.stack = f.stack[:n+1]
		f.stack[n] = g.Type
	} else {
		if !g.Mutable || n == f.height || f.stack[n-1] != g.Type {
			return false
		}
		f.stack = f.stack[:n-1]
	}
	f.in.Type = g.Type
	return true
}
