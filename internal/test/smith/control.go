package smith

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// control makes blocks, branches, calls and throws. What ends blocks and their
// arms is made when blocks are closed.
func (f *body) control(r *op.Info) bool {
	switch r.Code {
	case op.Unreachable:
		if !f.oneIn(6) { // it ends all
			return false
		}
		f.emit(instr.Instr{Op: r.Code})
		f.transfer()
		return true
	case op.Block:
		return f.block(r.Code, frameBlock)
	case op.Loop:
		return f.block(r.Code, frameLoop)
	case op.If:
		return f.block(r.Code, frameIf)
	case op.Try:
		return f.block(r.Code, frameTry)
	case op.TryTable:
		return f.tryTable()
	case op.Br, op.BrIf, op.BrTable, op.Return:
		return f.branch(r.Code)
	case op.BrOnNull, op.BrOnNonNull:
		return f.branchOnNull(r.Code)
	case op.BrOnCast, op.BrOnCastFail:
		return f.branchOnCast(r.Code)
	case op.Throw, op.ThrowRef, op.Rethrow:
		return f.throw(r.Code)
	case op.Call, op.ReturnCall, op.CallIndirect, op.ReturnCallIndirect, op.CallRef, op.ReturnCallRef:
		return f.call(r.Code)
	}
	return false
}

// blockType chooses the type of a block.
func (f *body) blockType() (instr.BlockType, wasm.FuncType) {
	switch f.intn(3) {
	case 1:
		t := f.valType(len(f.m.Types))
		return instr.BlockType{Kind: instr.BlockValue, Type: t}, wasm.FuncType{Results: []wasm.ValType{t}}
	case 2:
		if f.has(op.FeatureMultiValue) {
			types := f.funcTypes(func(*wasm.FuncType) bool { return true })
			x := types[f.intn(len(types))]
			return instr.BlockType{Kind: instr.BlockIndex, X: x}, f.m.Types[x].Func
		}
	}
	return instr.BlockType{}, wasm.FuncType{}
}

func (f *body) block(code op.Opcode, kind frameKind) bool {
	if len(f.frames) >= maxNesting {
		return false
	}
	bt, ft := f.blockType()
	f.need(ft.Params...)
	if kind == frameIf {
		f.produce(wasm.I32, 0)
		f.pop(1)
	}
	f.emit(instr.Instr{Op: code, Block: bt})
	f.open(kind, ft)
	return true
}

// tryTable makes a try_table, usually inside a block that one of its clauses
// can branch to.
func (f *body) tryTable() bool {
	if len(f.frames) >= maxNesting-1 {
		return false
	}
	if f.intn(4) != 0 {
		targets := f.funcTypes(func(t *wasm.FuncType) bool { return len(t.Params) == 0 && f.catchable(t.Results) })
		if len(targets) > 0 && f.has(op.FeatureMultiValue) {
			x := targets[f.intn(len(targets))]
			f.emit(instr.Instr{Op: op.Block, Block: instr.BlockType{Kind: instr.BlockIndex, X: x}})
			f.open(frameBlock, f.m.Types[x].Func)
		}
	}
	bt, ft := f.blockType()
	f.need(ft.Params...)
	in := instr.Instr{Op: op.TryTable, Block: bt}
	for n := f.intn(4); n > 0; n-- {
		if c, ok := f.catchClause(); ok {
			in.Catches = append(in.Catches, c)
		}
	}
	f.emit(in)
	f.open(frameTryTable, ft)
	return true
}

// catchable says whether some catch clause gives operands of the types ts.
func (f *body) catchable(ts []wasm.ValType) bool {
	for kind := instr.Catch_; kind <= instr.CatchAllRef; kind++ {
		if f.clauseMatches(kind, nil, ts) {
			return true
		}
		for _, tag := range f.m.Tags {
			if f.clauseMatches(kind, f.m.Types[tag].Func.Params, ts) {
				return true
			}
		}
	}
	return false
}

// clauseMatches says whether a clause for a tag with the given parameters may
// branch to a label that takes ts.
func (f *body) clauseMatches(kind instr.CatchKind, params, ts []wasm.ValType) bool {
	if kind.HasRef() {
		n := len(ts) - 1
		if n < 0 || !f.info.Subtype(wasm.Ref(false, wasm.HeapExn), ts[n]) {
			return false
		}
		ts = ts[:n]
	}
	if !kind.HasTag() {
		params = nil
	}
	return f.matchAll(params, ts)
}

// catchClause chooses a clause that is valid here, if it finds one.
func (f *body) catchClause() (instr.Catch, bool) {
	var found []instr.Catch
	for l := range f.frames {
		ts := f.frames[len(f.frames)-1-l].label()
		for kind := instr.Catch_; kind <= instr.CatchAllRef; kind++ {
			if !kind.HasTag() {
				if f.clauseMatches(kind, nil, ts) {
					found = append(found, instr.Catch{Kind: kind, Label: uint32(l)})
				}
				continue
			}
			for tag, x := range f.m.Tags {
				if f.clauseMatches(kind, f.m.Types[x].Func.Params, ts) {
					found = append(found, instr.Catch{Kind: kind, Tag: uint32(tag), Label: uint32(l)})
				}
			}
		}
	}
	if len(found) == 0 {
		return instr.Catch{}, false
	}
	return found[f.intn(len(found))], true
}

// chooseLabel chooses a label and returns the types that it takes.
func (f *body) chooseLabel() (uint32, []wasm.ValType) {
	l := f.intn(len(f.frames))
	return uint32(l), f.frames[len(f.frames)-1-l].label()
}

func (f *body) branch(code op.Opcode) bool {
	if code == op.Return {
		f.use(f.ft.Results...)
		f.emit(instr.Instr{Op: code})
		f.transfer()
		return true
	}
	l, ts := f.chooseLabel()
	switch code {
	case op.Br:
		f.use(ts...)
		f.emit(instr.Instr{Op: code, X: l})
		f.transfer()
	case op.BrIf:
		f.need(ts...)
		f.produce(wasm.I32, 0)
		f.emit(instr.Instr{Op: code, X: l})
		f.pop(1 + len(ts))
		f.push(ts...)
	case op.BrTable:
		f.need(ts...)
		have := f.stack[len(f.stack)-len(ts):]
		var labels []uint32
		for n := f.intn(6); n > 0; n-- {
			if other, os := f.chooseLabel(); f.matchAll(have, os) {
				labels = append(labels, other)
			}
		}
		f.small(wasm.I32, len(labels)+2, 0)
		f.emit(instr.Instr{Op: code, Labels: append(labels, l)})
		f.transfer()
	}
	return true
}

// labelsOnRef returns the labels whose last operand is a reference.
func (f *body) labelsOnRef() []uint32 {
	var found []uint32
	for l := range f.frames {
		ts := f.frames[len(f.frames)-1-l].label()
		if n := len(ts); n > 0 && ts[n-1].IsRef() {
			found = append(found, uint32(l))
		}
	}
	return found
}

func (f *body) branchOnNull(code op.Opcode) bool {
	if code == op.BrOnNull {
		l, ts := f.chooseLabel()
		f.need(ts...)
		f.produce(f.refType(len(f.m.Types)), 0)
		ref := f.stack[len(f.stack)-1]
		f.emit(instr.Instr{Op: code, X: l})
		f.pop(1 + len(ts))
		f.push(ts...)
		f.push(wasm.Ref(false, ref.Heap()))
		return true
	}
	labels := f.labelsOnRef()
	if len(labels) == 0 {
		return false
	}
	l := labels[f.intn(len(labels))]
	ts := f.frames[len(f.frames)-1-int(l)].label()
	n := len(ts) - 1
	f.need(ts[:n]...)
	f.produce(wasm.Ref(true, ts[n].Heap()), 0)
	f.emit(instr.Instr{Op: code, X: l})
	f.pop(len(ts))
	f.push(ts[:n]...)
	return true
}

func (f *body) branchOnCast(code op.Opcode) bool {
	labels := f.labelsOnRef()
	if len(labels) == 0 {
		return false
	}
	l := labels[f.intn(len(labels))]
	ts := f.frames[len(f.frames)-1-int(l)].label()
	n := len(ts) - 1
	// The branch carries the target type, or what is left of the source.
	casts := f.casts(ts[n], code == op.BrOnCastFail)
	if len(casts) == 0 {
		return false
	}
	c := casts[f.intn(len(casts))]
	f.need(ts[:n]...)
	f.produce(c.from, 0)
	in := instr.Instr{Op: code, X: l, Heap: c.from.Heap(), Heap2: c.to.Heap()}
	if c.from.Nullable() {
		in.Nulls |= 1
	}
	if c.to.Nullable() {
		in.Nulls |= 2
	}
	f.emit(in)
	f.pop(len(ts))
	f.push(ts[:n]...)
	if code == op.BrOnCast {
		f.push(c.rest())
	} else {
		f.push(c.to)
	}
	return true
}

// cast is a conversion to a subtype.
type cast struct{ from, to wasm.ValType }

// rest returns the type of the operands that are not of type to.
func (c cast) rest() wasm.ValType {
	return wasm.Ref(c.from.Nullable() && !c.to.Nullable(), c.from.Heap())
}

// casts returns some of the casts whose branch gives a label's type t.
func (f *body) casts(t wasm.ValType, onFail bool) []cast {
	var found []cast
	if onFail {
		for _, from := range f.refsMatching(func(u wasm.ValType) bool { return f.info.HeapSubtype(u.Heap(), t.Heap()) }) {
			tos := f.refsMatching(func(u wasm.ValType) bool {
				return f.info.Subtype(u, from) && f.info.Subtype(cast{from, u}.rest(), t)
			})
			if len(tos) > 0 {
				found = append(found, cast{from, tos[f.intn(len(tos))]})
			}
		}
		return found
	}
	for _, to := range f.refsMatching(func(u wasm.ValType) bool { return f.info.Subtype(u, t) }) {
		froms := f.refsMatching(func(u wasm.ValType) bool { return f.info.Subtype(to, u) })
		found = append(found, cast{froms[f.intn(len(froms))], to})
	}
	return found
}

func (f *body) throw(code op.Opcode) bool {
	in := instr.Instr{Op: code}
	if code != op.Rethrow && f.intn(3) != 0 { // they end much
		return false
	}
	switch code {
	case op.Throw:
		if len(f.m.Tags) == 0 {
			return false
		}
		in.X = uint32(f.intn(len(f.m.Tags)))
		f.use(f.m.Types[f.m.Tags[in.X]].Func.Params...)
	case op.ThrowRef:
		f.use(wasm.ExnRef)
	case op.Rethrow:
		found := false
		for l := range f.frames {
			if k := f.frames[len(f.frames)-1-l].kind; k == frameCatch || k == frameCatchAll {
				in.X, found = uint32(l), true
				break
			}
		}
		if !found {
			return false
		}
	}
	f.emit(in)
	f.transfer()
	return true
}
