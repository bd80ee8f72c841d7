package valid

import (
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// control checks blocks, branches, calls and exceptions.
func (f *Func) control(in *Instr) {
	switch in.Op {
	case op.Unreachable:
		f.setUnreachable()
	case op.Block:
		f.block(in, FrameBlock)
	case op.Loop:
		f.block(in, FrameLoop)
	case op.If:
		in.Hint = f.hint(in.Offset)
		f.block(in, FrameIf)
	case op.Else:
		f.elseOp(in)
	case op.End:
		f.end(in)
	case op.Br:
		f.br(in)
	case op.BrIf:
		f.brIf(in)
	case op.BrTable:
		f.brTable(in)
	case op.Return:
		f.popTypes(f.ft.Results)
		f.setUnreachable()
	case op.BrOnNull:
		f.brOnNull(in)
	case op.BrOnNonNull:
		f.brOnNonNull(in)
	case op.BrOnCast, op.BrOnCastFail:
		f.brOnCast(in)
	case op.Call, op.ReturnCall, op.CallIndirect, op.ReturnCallIndirect, op.CallRef, op.ReturnCallRef:
		f.call(in)
	default:
		f.exception(in)
	}
}

// Types of blocks without parameters: of no result, and of one number or vector
// by the type's code.
var (
	emptyBlock wasm.FuncType
	numBlocks  = [128]wasm.FuncType{
		wasm.I32:  {Results: []wasm.ValType{wasm.I32}},
		wasm.I64:  {Results: []wasm.ValType{wasm.I64}},
		wasm.F32:  {Results: []wasm.ValType{wasm.F32}},
		wasm.F64:  {Results: []wasm.ValType{wasm.F64}},
		wasm.V128: {Results: []wasm.ValType{wasm.V128}},
	}
)

// blockType returns the function type that a block type stands for.
func (f *Func) blockType(b instr.BlockType) *wasm.FuncType {
	switch b.Kind {
	case instr.BlockEmpty:
		return &emptyBlock
	case instr.BlockValue:
		f.valType(b.Type)
		return f.oneResult(b.Type)
	}
	if !f.need(op.FeatureMultiValue, msgArity+": a block type given by index") {
		return &emptyBlock
	}
	ft, msg := f.info.funcTypeAt(uint32(b.X))
	if ft == nil {
		f.fail(msg)
		return &emptyBlock
	}
	return ft
}

// oneResult returns the function type [] -> [t].
func (f *Func) oneResult(t wasm.ValType) *wasm.FuncType {
	if t.IsNum() || t == wasm.V128 {
		return &numBlocks[t]
	}
	// Reference types are few in any module; each is made once.
	ft, ok := f.blocks[t]
	if !ok {
		if f.blocks == nil {
			f.blocks = make(map[wasm.ValType]*wasm.FuncType)
		}
		ft = &wasm.FuncType{Results: []wasm.ValType{t}}
		f.blocks[t] = ft
	}
	return ft
}

// valType checks a value type that occurs in a body.
func (f *Func) valType(t wasm.ValType) {
	if t.IsRef() {
		f.heapType(t.Heap())
	}
	fs := valTypeNeeds(t)
	f.needed |= fs
	if fs&^f.info.Features != 0 { // only now write the type out
		f.need(fs, "type "+t.String())
	}
}

// heapType checks a heap type that occurs in a body.
func (f *Func) heapType(h wasm.HeapType) {
	if x, ok := h.Concrete(); ok && uint64(x) >= uint64(len(f.info.Module.Types)) {
		f.fail(unknown("type", uint32(x)))
	}
}

func (f *Func) block(in *Instr, kind FrameKind) {
	in.Func = f.blockType(in.Block)
	if kind == FrameIf {
		f.pop(wasm.I32)
	}
	f.popTypes(in.Func.Params)
	if f.err == nil {
		f.pushFrame(kind, in.Func)
	}
}

// leave describes for the visitor the frame that in ends or continues.
func (f *Func) leave(in *Instr) *frame {
	fr := &f.ctrl[len(f.ctrl)-1]
	in.Func, in.Frame, in.Unreachable = fr.ft, fr.kind, fr.unreachable
	return fr
}

func (f *Func) elseOp(in *Instr) {
	fr := f.leave(in)
	if fr.kind != FrameIf {
		f.malformed(in.Offset, msgEndOpcode+", found else")
		return
	}
	f.endFrame()
	f.restartFrame(FrameElse, fr.ft.Params)
}

func (f *Func) end(in *Instr) {
	fr := f.leave(in)
	f.endFrame()
	// Without an else an if passes its parameters on.
	if fr.kind == FrameIf && !f.info.subtypes(fr.ft.Params, fr.ft.Results) {
		f.fail(fmt.Sprintf("%s: if of type %v has no else", msgTypeMismatch, fr.ft))
	}
	if f.err == nil {
		f.popFrame()
	}
}

func (f *Func) br(in *Instr) {
	if fr := f.label(in.X); fr != nil {
		f.popTypes(fr.labelTypes())
		f.setUnreachable()
	}
}

func (f *Func) brIf(in *Instr) {
	in.Hint = f.hint(in.Offset)
	f.pop(wasm.I32)
	if fr := f.label(in.X); fr != nil {
		f.branch(fr.labelTypes())
	}
}

// branch checks a branch that may not be taken: the operands take on the types
// of the label.
func (f *Func) branch(ts []wasm.ValType) {
	f.popTypes(ts)
	if f.err == nil {
		f.pushTypes(ts)
	}
}

// brTable checks a branch by table. Each label is checked once, however often
// it occurs, and labels that follow one another with the same types count as
// one; so the time is linear in the number of labels.
func (f *Func) brTable(in *Instr) {
	f.pop(wasm.I32)
	if f.brTables++; f.brTables == 0 { // wrapped around: forget the marks
		for k := range f.ctrl {
			f.ctrl[k].checked = 0
		}
		f.brTables = 1
	}
	last := f.label(in.Labels[len(in.Labels)-1])
	if last == nil {
		return
	}
	arity := len(last.labelTypes())
	var previous []wasm.ValType
	for _, l := range in.Labels {
		fr := f.label(l)
		if fr == nil {
			return
		}
		if fr.checked == f.brTables {
			continue
		}
		fr.checked = f.brTables
		ts := fr.labelTypes()
		if len(ts) != arity {
			f.fail(fmt.Sprintf("%s: labels of %d and %d operands", msgTypeMismatch, len(ts), arity))
			return
		}
		if arity == 0 || previous != nil && &previous[0] == &ts[0] {
			continue
		}
		previous = ts
		if !f.peekTypes(ts) || f.err != nil {
			return
		}
	}
	f.setUnreachable()
}

func (f *Func) brOnNull(in *Instr) {
	in.Type = f.popRef()
	fr := f.label(in.X)
	if fr == nil {
		return
	}
	f.branch(fr.labelTypes())
	f.push(wasm.Ref(false, in.Type.Heap()))
}

func (f *Func) brOnNonNull(in *Instr) {
	fr := f.label(in.X)
	if fr == nil {
		return
	}
	ts := fr.labelTypes()
	if len(ts) == 0 || !ts[len(ts)-1].IsRef() {
		f.fail(msgTypeMismatch + ": label requires " + typeList(ts) + ", which ends in no reference")
		return
	}
	n := len(ts) - 1
	in.Type = f.pop(wasm.Ref(true, ts[n].Heap()))
	f.branch(ts[:n])
}

func (f *Func) brOnCast(in *Instr) {
	from := wasm.Ref(in.Nulls&1 != 0, in.Heap)
	to := wasm.Ref(in.Nulls&2 != 0, in.Heap2)
	f.heapType(in.Heap)
	f.heapType(in.Heap2)
	f.need(heapTypeNeeds(in.Heap)|heapTypeNeeds(in.Heap2), "a cast's type")
	fr := f.label(in.X)
	if f.err != nil {
		return
	}
	if !f.info.Subtype(to, from) {
		f.fail(msgTypeMismatch + ": cast from " + from.String() + " to " + to.String())
		return
	}
	// What is left of from if the operand is no to.
	rest := wasm.Ref(from.Nullable() && !to.Nullable(), from.Heap())
	branch, fall := to, rest
	if in.Op == op.BrOnCastFail {
		branch, fall = rest, to
	}
	ts := fr.labelTypes()
	if len(ts) == 0 || !f.info.Subtype(branch, ts[len(ts)-1]) {
		f.fail(msgTypeMismatch + ": label requires " + typeList(ts) + " but the cast gives " + branch.String())
		return
	}
	in.Type = from
	f.pop(from)
	f.branch(ts[:len(ts)-1])
	f.push(fall)
}
