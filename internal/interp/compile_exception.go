package interp

import (
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// A region is a stretch of code whose exceptions are caught. Where nothing is
// thrown regions cost nothing: they are looked up by the address of the throw
// or call. The clauses of a region are a list; an exception that none of them
// takes goes on to the region parent.
type region struct {
	start, end uint32 // positions in the code
	parent     int32  // none: the caller
	first      int32  // clause; none
	last       int32  // clause; none
}

// A catch is a clause: exceptions of a tag, or all, continue at target with
// their arguments in the slots from slot, then the exception itself if asked
// for. Legacy clauses have it before the arguments.
type catch struct {
	tag    int32 // tag index; none: any
	ref    bool
	legacy bool
	slot   uint32
	target uint32 // position in the code
	next   int32  // clause of the same region; none
}

// openRegion begins a region here.
func (c *compiler) openRegion() int32 {
	c.regions = append(c.regions, region{start: uint32(len(c.code)), parent: c.region, first: none, last: none})
	return int32(len(c.regions) - 1)
}

// addCatch adds a clause to the end of a region's list and returns its number.
func (c *compiler) addCatch(r int32, cl catch) int {
	number := int32(len(c.catches))
	cl.next = none
	c.catches = append(c.catches, cl)
	own := &c.regions[r]
	if own.last == none {
		own.first = number
	} else {
		c.catches[own.last].next = number
	}
	own.last = number
	return int(number)
}

// closeRegion ends the region of frame f.
func (c *compiler) closeRegion(f *frame) {
	c.regions[f.own].end = uint32(len(c.code))
	c.region = f.region
	c.label()
}

// tryTable compiles the clauses of try_table and opens its region.
func (c *compiler) tryTable(in *valid.Instr) int32 {
	own := c.openRegion()
	for _, k := range in.Catches {
		f := c.target(k.Label)
		cl := catch{tag: none, ref: k.Kind.HasRef(), slot: f.at}
		if k.Kind.HasTag() {
			cl.tag = int32(k.Tag)
		}
		number := c.addCatch(own, cl)
		switch {
		case f.kind == valid.FrameFunc:
			c.catches[number].slot = c.here()
			c.returnPad(number, f.result)
		case f.start >= 0:
			c.catches[number].target = uint32(f.start)
		default:
			c.refer(&f.patch, patchCatch, number, 0)
		}
		c.reach(c.catches[number].slot + slotsOf(f.labelTypes()))
	}
	c.regions[own].start = uint32(len(c.code))
	return own
}

// returnPad emits the code that returns what a clause with the function's
// label has caught.
func (c *compiler) returnPad(number int, results []wasm.ValType) {
	around := int32(none)
	c.refer(&around, patchWide, c.emitWide(opBr, 0, 0), 0)
	c.label()
	c.catches[number].target = uint32(len(c.code))
	n := len(c.stack)
	c.pushTypes(results)
	c.ret()
	c.cut(n)
	c.bind(around)
}

// exception compiles throw, throw_ref and the legacy instructions inside try.
func (c *compiler) exception(in *valid.Instr) {
	switch in.Op {
	case op.Throw:
		n := len(in.Func.Params)
		base := c.settleTop(n)
		size := c.here() - base
		c.emit(opThrow, base, size, 0)
		c.words(in.X, 0)
		c.label()
	case op.ThrowRef:
		c.throwRef(c.settleTop(1))
	case op.Rethrow:
		c.throwRef(c.target(in.X).at)
	case op.Catch, op.CatchAll:
		c.catchBlock(in)
	case op.Delegate:
		f := &c.frames[len(c.frames)-1]
		to := &c.frames[len(c.frames)-2-int(in.X)]
		own := &c.regions[f.own]
		own.parent = to.region
		if to.kind == valid.FrameTry || to.kind == valid.FrameTryTable {
			own.parent = to.own
		}
		c.end(in)
	}
}

// throwRef throws the exception in a slot.
func (c *compiler) throwRef(slot uint32) {
	c.emit(opThrowRef, slot, 1, 0)
	c.word(0)
	c.label()
}

// catchBlock compiles catch and catch_all: the end of the code before, and the
// beginning of a clause. The exception is kept in an operand slot below the
// arguments, for rethrow.
func (c *compiler) catchBlock(in *valid.Instr) {
	f := &c.frames[len(c.frames)-1]
	if !in.Unreachable {
		c.pass(len(f.result), f.at)
		c.refer(&f.patch, patchWide, c.emitWide(opBr, 0, 0), 0)
	}
	if f.kind == valid.FrameTry {
		c.closeRegion(f)
	}
	c.cut(f.height)
	c.forget(f.sets)
	cl := catch{tag: none, ref: true, legacy: true, slot: f.at, target: uint32(len(c.code))}
	c.push(1)
	f.kind = valid.FrameCatchAll
	if in.Op == op.Catch {
		f.kind = valid.FrameCatch
		cl.tag = int32(in.X)
		c.pushTypes(in.Func.Params)
	}
	c.addCatch(f.own, cl)
	c.label()
}
