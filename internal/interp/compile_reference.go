package interp

import (
	"math"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// heap returns a heap type as the runtime has it: concrete ones are TypeIDs.
func (c *compiler) heap(h wasm.HeapType) uint32 {
	if x, ok := h.Concrete(); ok {
		return uint32(c.m.TypeIDs[x])
	}
	return uint32(h)
}

// boolean is 1 for true.
func boolean(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// Results of one slot.
var oneSlot = []wasm.ValType{wasm.I32}

// reference compiles the instructions on references and aggregates.
func (c *compiler) reference(in *valid.Instr) {
	switch in.Op {
	case op.RefNull:
		c.pushConst(0)
	case op.RefIsNull:
		o := c.pop()
		a := c.use(&o)
		c.emit(opI32Eqz, c.push(1), a, 0)
	case op.RefEq:
		c.binary(op.I32Eq, 'i')
	case op.RefFunc:
		c.emitWide(opRefFunc, c.push(1), in.X)
	case op.RefAsNonNull:
		i := len(c.stack) - 1
		if c.stack[i].kind == isConst {
			c.settle(i)
		}
		c.emit(opRefAsNonNull, c.slotOf(i), 0, uint32(vm.TrapNullReference))
	case op.RefI31:
		o := c.pop()
		a := c.use(&o)
		c.emit(opRefI31, c.push(1), a, 0)
	case op.I31GetS, op.I31GetU:
		o := c.pop()
		a := c.use(&o)
		get := opI31GetS
		if in.Op == op.I31GetU {
			get = opI31GetU
		}
		c.emit(get, c.push(1), a, uint32(vm.TrapNullI31))
	case op.AnyConvertExtern, op.ExternConvertAny:
		// A host value is the same reference on both sides.
	case op.RefTest, op.RefTestNull:
		c.driverOp(opRefTest, 1, oneSlot, c.heap(in.Heap), boolean(in.Op == op.RefTestNull))
	case op.RefCast, op.RefCastNull:
		c.driverOp(opRefCast, 1, oneSlot, c.heap(in.Heap), boolean(in.Op == op.RefCastNull))
	default:
		c.aggregate(in)
	}
}

// slotOf returns the slot that holds operand i, which is no constant.
func (c *compiler) slotOf(i int) uint32 {
	if o := &c.stack[i]; o.kind == inLocal {
		return o.local
	}
	return c.stack[i].at
}

// aggregate compiles struct.* and array.*.
func (c *compiler) aggregate(in *valid.Instr) {
	id := uint32(0)
	if in.Op != op.ArrayLen {
		id = uint32(c.m.TypeIDs[in.X])
	}
	switch in.Op {
	case op.StructNew:
		c.driverOp(opStructNew, len(c.m.Types[in.X].Fields), oneSlot, id, 0)
	case op.StructNewDefault:
		c.driverOp(opStructNewDefault, 0, oneSlot, id, 0)
	case op.StructGet, op.StructGetU, op.StructGetS, op.StructSet:
		c.field(in, id)
	case op.ArrayGet, op.ArrayGetU, op.ArrayGetS, op.ArraySet:
		c.element(in, id)
	case op.ArrayNew:
		c.driverOp(opArrayNew, 2, oneSlot, id, 0)
	case op.ArrayNewDefault:
		c.driverOp(opArrayNewDefault, 1, oneSlot, id, 0)
	case op.ArrayNewFixed:
		c.driverOp(opArrayNewFixed, int(in.Y), oneSlot, id, in.Y)
	case op.ArrayNewData:
		c.driverOp(opArrayNewData, 2, oneSlot, id, in.Y)
	case op.ArrayNewElem:
		c.driverOp(opArrayNewElem, 2, oneSlot, id, in.Y)
	case op.ArrayLen:
		o := c.pop()
		r := c.use32(&o)
		c.emit(opArrayLen, c.push(1), r, 0)
	case op.ArrayFill:
		c.driverOp(opArrayFill, 4, nil, id, 0)
	case op.ArrayCopy:
		c.driverOp(opArrayCopy, 5, nil, id, uint32(c.m.TypeIDs[in.Y]))
	case op.ArrayInitData:
		c.driverOp(opArrayInitData, 4, nil, id, in.Y)
	case op.ArrayInitElem:
		c.driverOp(opArrayInitElem, 4, nil, id, in.Y)
	}
}

// fieldOps are the opcodes that access a field or an element of one width.
type fieldOps struct{ structGet, structSet, arrayGet, arraySet opcode }

var (
	field8U  = fieldOps{opStructGet8U, opStructSet8U, opArrayGet8U, opArraySet8U}
	field8S  = fieldOps{opStructGet8S, opStructSet8U, opArrayGet8S, opArraySet8U}
	field16U = fieldOps{opStructGet16U, opStructSet16U, opArrayGet16U, opArraySet16U}
	field16S = fieldOps{opStructGet16S, opStructSet16U, opArrayGet16S, opArraySet16U}
	field32  = fieldOps{opStructGet32, opStructSet32, opArrayGet32, opArraySet32}
	field64  = fieldOps{opStructGet64, opStructSet64, opArrayGet64, opArraySet64}
)

// fieldsOf returns the opcodes for a storage type; nil for v128.
func fieldsOf(t wasm.ValType, signed bool) *fieldOps {
	switch {
	case t == wasm.I8 && signed:
		return &field8S
	case t == wasm.I8:
		return &field8U
	case t == wasm.I16 && signed:
		return &field16S
	case t == wasm.I16:
		return &field16U
	case t == wasm.I32 || t == wasm.F32 || t.IsRef():
		return &field32
	case t == wasm.V128:
		return nil
	}
	return &field64
}

// field compiles struct.get, struct.get_s, struct.get_u and struct.set.
func (c *compiler) field(in *valid.Instr, id uint32) {
	ops := fieldsOf(in.Type, in.Op == op.StructGetS)
	offset := c.m.TypeInfo(wasm.TypeIdx(in.X)).Fields[in.Y].Offset
	switch {
	case ops == nil || offset > math.MaxUint16:
		switch in.Op {
		case op.StructSet:
			c.driverOp(opStructSet, 2, nil, id, in.Y)
		case op.StructGetS:
			c.driverOp(opStructGetS, 1, oneSlot, id, in.Y)
		default:
			c.driverOp(opStructGet, 1, []wasm.ValType{in.Type.Unpacked()}, id, in.Y)
		}
	case in.Op == op.StructSet:
		v, o := c.pop(), c.pop()
		r := c.use32(&o)
		c.emit(ops.structSet, c.use(&v), r, offset)
	default:
		o := c.pop()
		r := c.use32(&o)
		c.emit(ops.structGet, c.push(1), r, offset)
	}
}

// element compiles array.get, array.get_s, array.get_u and array.set.
func (c *compiler) element(in *valid.Instr, id uint32) {
	ops := fieldsOf(in.Type, in.Op == op.ArrayGetS)
	switch {
	case ops == nil && in.Op == op.ArraySet:
		c.driverOp(opArraySet, 3, nil, id, 0)
	case ops == nil:
		c.driverOp(opArrayGet, 2, []wasm.ValType{in.Type}, id, 0)
	case in.Op == op.ArraySet:
		v, i, o := c.pop(), c.pop(), c.pop()
		r, x := c.use32(&o), c.use32(&i)
		c.emit(ops.arraySet, c.use(&v), r, x)
	default:
		i, o := c.pop(), c.pop()
		r, x := c.use32(&o), c.use32(&i)
		c.emit(ops.arrayGet, c.push(1), r, x)
	}
}

// brOnNull compiles br_on_null and br_on_non_null.
func (c *compiler) brOnNull(in *valid.Instr) {
	i := len(c.stack) - 1
	if c.stack[i].kind == isConst {
		c.settle(i)
	}
	cond := condition{op: opBrNZ, a: c.slotOf(i)}
	c.fork()
	if in.Op == op.BrOnNonNull {
		c.brIf(cond, true, in.X)
		c.pop()
		return
	}
	// The branch does not pass the reference; it stays where it is.
	o := c.pop()
	c.brIf(cond, false, in.X)
	c.stack = append(c.stack, o)
	if o.kind == inLocal {
		c.locals.at(uint32(o.val)).aliases++
	}
}

// brOnCast compiles br_on_cast and br_on_cast_fail.
func (c *compiler) brOnCast(in *valid.Instr) {
	i := len(c.stack) - 1
	if c.stack[i].kind == isConst {
		c.settle(i)
	}
	from := c.slotOf(i)
	test := c.push(1)
	c.emit(opMove, test, from, 0)
	c.emit(opRefTest, test, 1, 0)
	c.words(c.heap(in.Heap2), uint32(in.Nulls>>1))
	c.pop()
	c.label()
	c.fork()
	c.brIf(condition{op: opBrNZ, a: test}, in.Op == op.BrOnCast, in.X)
}
