package interp

import (
	"math"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// call compiles call, call_indirect and call_ref. The arguments are in the
// slots where the callee's frame begins.
func (c *compiler) call(in *valid.Instr) {
	ft := in.Func
	var callee operand
	if in.Op != op.Call {
		callee = c.pop()
		callee.at = c.use32(&callee)
	}
	n := len(ft.Params)
	base := c.settleTop(n)
	record := max(c.here()-base, slotsOf(ft.Results))
	c.cut(len(c.stack) - n)
	switch in.Op {
	case op.Call:
		switch {
		case int(in.X) < c.m.ImportCount(wasm.ExternFunc):
			c.emit(opCallImport, base, record, 0)
			c.word(uint64(in.X))
		case in.X <= math.MaxUint16:
			c.emit(opCall, base, record, in.X)
		default:
			c.emit(opCallFar, base, record, 0)
			c.word(uint64(in.X))
		}
	case op.CallIndirect:
		code := opCallIndirect
		if in.AddrType == wasm.I64 {
			code = opCallIndirect64
		}
		c.emit(code, base, record, callee.at)
		c.words(uint32(c.m.TypeIDs[in.X]), in.Y)
	case op.CallRef:
		c.emit(opCallRef, base, record, callee.at)
		c.word(0)
	}
	c.reach(base + record + recordSlots)
	c.pushTypes(ft.Results)
	c.label()
}

// returnCall compiles return_call, return_call_indirect and return_call_ref:
// the arguments move to the beginning of the frame, which the callee takes
// over.
func (c *compiler) returnCall(in *valid.Instr) {
	ft := in.Func
	var callee operand
	if in.Op != op.ReturnCall {
		callee = c.pop()
		callee.at = c.use32(&callee)
	}
	n := len(ft.Params)
	base := c.settleTop(n)
	size := c.here() - base
	record := max(size, slotsOf(ft.Results))
	c.cut(len(c.stack) - n)
	if c.metered {
		c.emit(opShallower, 0, 0, 0)
	}
	switch in.Op {
	case op.ReturnCall:
		if int(in.X) < c.m.ImportCount(wasm.ExternFunc) {
			c.emit(opReturnCallImport, base, c.record, 0)
			c.word(uint64(in.X))
			c.word(uint64(size))
			break
		}
		c.emit(opReturnCall, base, c.record, record)
		c.word(uint64(in.X) | uint64(size)<<48)
	case op.ReturnCallIndirect:
		kind := uint32(0)
		if in.AddrType == wasm.I64 {
			kind = 1
		}
		c.emit(opReturnCallIndirect, base, c.record, callee.at)
		c.words(uint32(c.m.TypeIDs[in.X]), in.Y)
		c.words(size, kind)
	case op.ReturnCallRef:
		c.emit(opReturnCallRef, base, c.record, callee.at)
		c.word(0)
		c.words(size, 0)
	}
	// The callee's record may lie above this frame's.
	c.reach(record + recordSlots)
	c.label()
}
