package valid

import (
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// exception checks the instructions of the exception handling proposals.
func (f *Func) exception(in *Instr) {
	switch in.Op {
	case op.Throw:
		if in.Func = f.tag(in.X); in.Func != nil {
			f.popTypes(in.Func.Params)
			f.setUnreachable()
		}
		return
	case op.Try:
		f.block(in, FrameTry)
		return
	case op.Catch, op.CatchAll:
		f.catch(in)
		return
	case op.Delegate:
		f.delegate(in)
		return
	case op.Rethrow:
		f.rethrow(in)
		return
	}
	// The reader lets these pass where only legacy exceptions are on.
	if !f.info.Features.Has(op.FeatureExceptions) {
		f.malformed(in.Offset, needs(msgIllegalOpcode+": "+in.Info.Name, op.FeatureExceptions))
		return
	}
	switch in.Op {
	case op.ThrowRef:
		in.Type = f.pop(wasm.ExnRef)
		f.setUnreachable()
	case op.TryTable:
		f.tryTable(in)
	default:
		f.malformed(in.Offset, msgIllegalOpcode)
	}
}

// tag returns the type of tag x.
func (f *Func) tag(x uint32) *wasm.FuncType {
	m := f.info.Module
	if uint64(x) >= uint64(m.NumTags()) {
		f.fail(unknown("tag", x))
		return nil
	}
	return &m.Types[m.TagTypeIdx(wasm.TagIdx(x))].Func
}

// tryTable checks the clauses, whose labels do not count the try_table itself,
// and begins the block.
func (f *Func) tryTable(in *Instr) {
	in.Func = f.blockType(in.Block)
	f.popTypes(in.Func.Params)
	for _, c := range in.Catches {
		if f.err != nil {
			return
		}
		f.catchClause(c)
	}
	if f.err == nil {
		f.pushFrame(FrameTryTable, in.Func)
	}
}

func (f *Func) catchClause(c instr.Catch) {
	var params []wasm.ValType
	if c.Kind.HasTag() {
		ft := f.tag(c.Tag)
		if ft == nil {
			return
		}
		params = ft.Params
	}
	fr := f.label(c.Label)
	if fr == nil {
		return
	}
	ts := fr.labelTypes()
	f.charge(len(ts))
	ok := true
	if c.Kind.HasRef() {
		n := len(ts) - 1
		if ok = n >= 0 && f.info.Subtype(wasm.Ref(false, wasm.HeapExn), ts[n]); ok {
			ts = ts[:n]
		}
	}
	if !ok || !f.info.subtypes(params, ts) {
		f.fail(fmt.Sprintf("%s: label requires %s but the catch clause gives %s", msgTypeMismatch,
			typeList(fr.labelTypes()), typeList(params)))
	}
}

// catch checks legacy catch and catch_all.
func (f *Func) catch(in *Instr) {
	fr := f.leave(in)
	if fr.kind != FrameTry && fr.kind != FrameCatch {
		f.malformed(in.Offset, msgEndOpcode+", found "+in.Info.Name)
		return
	}
	f.endFrame()
	if in.Op == op.CatchAll {
		f.restartFrame(FrameCatchAll, nil)
		return
	}
	in.Outer = fr.ft
	if in.Func = f.tag(in.X); in.Func != nil {
		f.restartFrame(FrameCatch, in.Func.Params)
	}
}

// delegate ends a legacy try. Its label does not count the try itself.
func (f *Func) delegate(in *Instr) {
	fr := f.leave(in)
	if fr.kind != FrameTry {
		f.malformed(in.Offset, msgEndOpcode+", found delegate")
		return
	}
	f.endFrame()
	if uint64(in.X) >= uint64(len(f.ctrl)-1) {
		f.fail(unknown("label", in.X))
	}
	if f.err == nil {
		f.popFrame()
	}
}

func (f *Func) rethrow(in *Instr) {
	fr := f.label(in.X)
	if fr == nil {
		return
	}
	if fr.kind != FrameCatch && fr.kind != FrameCatchAll {
		f.fail(msgRethrow)
		return
	}
	f.setUnreachable()
}
