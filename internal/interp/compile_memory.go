package interp

import (
	"math"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// accessOps are the opcodes of one width of access, by how the address is
// given; see gen/specs_memory.go.
type accessOps struct {
	reg, disp, scaled, abs, sum, index, imm, k, any opcode
	bits                                            uint8 // of what a store writes
}

var (
	load8U   = accessOps{opLoad8U, opLoad8UDisp, opLoad8UScaled, opLoad8UAbs, opLoad8USum, opLoad8UIndex, 0, 0, opLoad8UAny, 0}
	load16U  = accessOps{opLoad16U, opLoad16UDisp, opLoad16UScaled, opLoad16UAbs, opLoad16USum, opLoad16UIndex, 0, 0, opLoad16UAny, 0}
	load32U  = accessOps{opLoad32U, opLoad32UDisp, opLoad32UScaled, opLoad32UAbs, opLoad32USum, opLoad32UIndex, 0, 0, opLoad32UAny, 0}
	load64   = accessOps{opLoad64, opLoad64Disp, opLoad64Scaled, opLoad64Abs, opLoad64Sum, opLoad64Index, 0, 0, opLoad64Any, 0}
	store8   = accessOps{opStore8, opStore8Disp, opStore8Scaled, opStore8Abs, opStore8Sum, opStore8Index, opStore8Imm, 0, opStore8Any, 8}
	store16  = accessOps{opStore16, opStore16Disp, opStore16Scaled, opStore16Abs, opStore16Sum, opStore16Index, opStore16Imm, 0, opStore16Any, 16}
	store32  = accessOps{opStore32, opStore32Disp, opStore32Scaled, opStore32Abs, opStore32Sum, opStore32Index, opStore32Imm, opStore32K, opStore32Any, 32}
	store64  = accessOps{opStore64, opStore64Disp, opStore64Scaled, opStore64Abs, opStore64Sum, opStore64Index, opStore64Imm, opStore64K, opStore64Any, 64}
	load8S32 = accessOps{opLoad8S32, opLoad8S32Disp, opLoad8S32Scaled, opLoad8S32Abs, opLoad8S32Sum, opLoad8S32Index, 0, 0, opLoad8S32Any, 0}
	load16S  = accessOps{opLoad16S32, opLoad16S32Disp, opLoad16S32Scaled, opLoad16S32Abs, opLoad16S32Sum, opLoad16S32Index, 0, 0, opLoad16S32Any, 0}
	load8S64 = accessOps{opLoad8S64, opLoad8S64Disp, opLoad8S64Scaled, opLoad8S64Abs, opLoad8S64Sum, opLoad8S64Index, 0, 0, opLoad8S64Any, 0}
	load16S6 = accessOps{opLoad16S64, opLoad16S64Disp, opLoad16S64Scaled, opLoad16S64Abs, opLoad16S64Sum, opLoad16S64Index, 0, 0, opLoad16S64Any, 0}
	load32S6 = accessOps{opLoad32S64, opLoad32S64Disp, opLoad32S64Scaled, opLoad32S64Abs, opLoad32S64Sum, opLoad32S64Index, 0, 0, opLoad32S64Any, 0}
)

// accessOf maps the scalar loads and stores; slots are zero-extended, so
// several instructions share one.
var accessOf = [op.NumCodes]*accessOps{
	op.I32Load: &load32U, op.I64Load: &load64, op.F32Load: &load32U, op.F64Load: &load64,
	op.I32Load8S: &load8S32, op.I32Load8U: &load8U, op.I32Load16S: &load16S, op.I32Load16U: &load16U,
	op.I64Load8S: &load8S64, op.I64Load8U: &load8U, op.I64Load16S: &load16S6, op.I64Load16U: &load16U,
	op.I64Load32S: &load32S6, op.I64Load32U: &load32U,
	op.I32Store: &store32, op.I64Store: &store64, op.F32Store: &store32, op.F64Store: &store64,
	op.I32Store8: &store8, op.I32Store16: &store16, op.I64Store8: &store8, op.I64Store16: &store16, op.I64Store32: &store32,
}

// load compiles a scalar load.
func (c *compiler) load(in *valid.Instr) {
	a := c.pop()
	c.access(in, accessOf[in.Op], &a, func() uint32 { return c.push(1) })
}

// store compiles a scalar store.
func (c *compiler) store(in *valid.Instr) {
	v, a := c.pop(), c.pop()
	ops := accessOf[in.Op]
	if in.X == 0 && in.AddrType == wasm.I32 && v.kind == isConst && a.kind != isConst && in.Val <= maxOffset {
		shift := 64 - ops.bits
		if s := int64(v.val<<shift) >> shift; s == int64(int16(s)) {
			addr := c.use32(&a)
			c.emit(ops.imm, uint32(uint16(s)), addr, uint32(in.Val))
			return
		}
		if ops.k != 0 {
			addr := c.use32(&a)
			c.emit(ops.k, 0, addr, uint32(in.Val))
			c.word(v.val)
			return
		}
	}
	c.access(in, ops, &a, func() uint32 {
		if ops.bits == 64 {
			return c.use(&v)
		}
		return c.use32(&v)
	})
}

// maxOffset is the greatest offset that a 16-bit operand holds.
const maxOffset = 1<<16 - 1

// access emits a scalar load or store at the address a plus the instruction's
// offset. value gives the slot of the value; it is called once, after the
// address has been dealt with.
func (c *compiler) access(in *valid.Instr, ops *accessOps, a *operand, value func() uint32) {
	if in.X != 0 || in.AddrType != wasm.I32 || in.Val > 1<<32-1 {
		addr := c.use(a)
		c.emit(ops.any, value(), addr, in.X)
		c.word(in.Val)
		return
	}
	if a.kind == isConst {
		if ea := uint64(uint32(a.val)) + in.Val; ea <= 1<<32-1 {
			c.emitWide(ops.abs, value(), uint32(ea))
			return
		}
	}
	if x, y, shift, ok := c.sumOf(a, in.Val); ok {
		if in.Val == 0 && shift == 0 {
			c.emit(ops.sum, value(), x, y)
			return
		}
		v := value()
		c.emit(ops.index, v, x, y)
		c.word(in.Val<<32 | uint64(shift))
		return
	}
	if x, shift, addend, ok := c.dispOf(a); ok {
		v := value()
		if shift == 0 {
			c.emit(ops.disp, v, x, 0)
		} else {
			c.emit(ops.scaled, v, x, shift)
		}
		c.word(in.Val<<32 | uint64(addend))
		return
	}
	addr := c.use32(a)
	if in.Val <= maxOffset {
		c.emit(ops.reg, value(), addr, uint32(in.Val))
		return
	}
	c.emit(ops.disp, value(), addr, 0)
	c.word(in.Val << 32)
}

// dispOf takes back the addition of a constant that computed an address, and
// the shift before that, if they are the last instructions.
func (c *compiler) dispOf(a *operand) (x, shift, addend uint32, ok bool) {
	code, _, b, d, ok := c.lastOp(a)
	if !ok {
		return 0, 0, 0, false
	}
	switch {
	case code == opI32AddI, code == opI64AddI && a.wrapped:
		addend = uint32(int32(int16(d)))
	case code == opI32AddK, code == opI64AddK && a.wrapped:
		addend = uint32(c.code[c.last+1])
	case code == opI32ShlI_AddI:
		// The shift's count is in the second word.
		shift, addend = uint32(c.code[c.last+1]&31), uint32(int32(int16(d)))
	default:
		return 0, 0, 0, false
	}
	c.drop()
	x = uint32(b)
	if code == opI32AddK && c.last != none {
		// A shift whose result only the addition could have used.
		if code, dst, from, count := unpack(c.code[c.last]); code == opI32ShlI && uint32(dst) == x && x >= c.temps {
			c.drop()
			x, shift = uint32(from), uint32(count&31)
		}
	}
	return x, shift, addend, true
}

// sumOf takes back the addition that computed an address, and the shift of its
// second operand before that, if they are the last instructions.
func (c *compiler) sumOf(a *operand, offset uint64) (x, y, shift uint32, ok bool) {
	code, _, b, d, ok := c.lastOp(a)
	switch {
	case !ok || offset > 1<<32-1:
		return 0, 0, 0, false
	case code == opI32Add, code == opI64Add && a.wrapped:
		c.drop()
		return uint32(b), uint32(d), 0, true
	case code == opI32ShlI_Add:
		shift = uint32(c.code[c.last+1] & 31)
		c.drop()
		return uint32(b), uint32(d), shift, true
	}
	return 0, 0, 0, false
}

// bulk compiles memory.*, table.* and the dropping of segments.
func (c *compiler) bulk(in *valid.Instr) {
	switch in.Op {
	case op.MemorySize:
		if t := c.m.MemType(wasm.MemIdx(in.X)); in.X == 0 && !t.Shared && t.PageSizeLog2 == wasm.PageSizeLog2 {
			c.emit(opMemorySize0, c.push(1), 0, 0)
			return
		}
		c.driverOp(opMemorySize, 0, []wasm.ValType{in.AddrType}, in.X, 0)
	case op.MemoryGrow:
		c.driverOp(opMemoryGrow, 1, []wasm.ValType{in.AddrType}, in.X, 0)
	case op.MemoryFill:
		c.driverOp(opMemoryFill, 3, nil, in.X, 0)
	case op.MemoryCopy:
		c.driverOp(opMemoryCopy, 3, nil, in.X, in.Y)
	case op.MemoryInit:
		c.driverOp(opMemoryInit, 3, nil, in.X, in.Y)
	case op.DataDrop:
		c.driverOp(opDataDrop, 0, nil, in.X, 0)
	case op.TableGet:
		if in.AddrType == wasm.I32 && in.X <= math.MaxUint16 {
			i := c.pop()
			slot := c.use32(&i)
			c.emit(opTableGet32, c.push(1), slot, in.X)
			return
		}
		c.driverOp(opTableGet, 1, []wasm.ValType{in.Type}, in.X, 0)
	case op.TableSet:
		if in.AddrType == wasm.I32 && in.X <= math.MaxUint16 {
			v, i := c.pop(), c.pop()
			slot := c.use32(&i)
			c.emit(opTableSet32, c.use(&v), slot, in.X)
			return
		}
		c.driverOp(opTableSet, 2, nil, in.X, 0)
	case op.TableSize:
		c.driverOp(opTableSize, 0, []wasm.ValType{in.AddrType}, in.X, 0)
	case op.TableGrow:
		c.driverOp(opTableGrow, 2, []wasm.ValType{in.AddrType}, in.X, 0)
	case op.TableFill:
		c.driverOp(opTableFill, 3, nil, in.X, 0)
	case op.TableCopy:
		c.driverOp(opTableCopy, 3, nil, in.X, in.Y)
	case op.TableInit:
		c.driverOp(opTableInit, 3, nil, in.X, in.Y)
	case op.ElemDrop:
		c.driverOp(opElemDrop, 0, nil, in.X, 0)
	}
}

// driverOp emits an instruction that the driver does: its n operands, of which
// it pops, are in consecutive slots, where the results go. x and y are its
// indices.
func (c *compiler) driverOp(code opcode, n int, results []wasm.ValType, x, y uint32) {
	base := c.settleTop(n)
	size := c.here() - base
	c.cut(len(c.stack) - n)
	c.emit(code, base, size, 0)
	c.words(x, y)
	c.pushTypes(results)
	c.label()
}

// vectorMemory compiles v128 loads and stores of every kind.
func (c *compiler) vectorMemory(in *valid.Instr) {
	plain := in.X == 0 && in.AddrType == wasm.I32 && in.Val <= maxOffset
	switch in.Op {
	case op.V128Load:
		a := c.pop()
		addr := c.use(&a)
		if plain {
			c.emit(opLoadV, c.push(2), addr, uint32(in.Val))
			return
		}
		c.emit(opLoadVAny, c.push(2), addr, in.X)
		c.word(in.Val)
	case op.V128Store:
		v, a := c.pop(), c.pop()
		addr := c.use(&a)
		if plain {
			c.emit(opStoreV, c.use(&v), addr, uint32(in.Val))
			return
		}
		c.emit(opStoreVAny, c.use(&v), addr, in.X)
		c.word(in.Val)
	default:
		if load := plainOps[in.Op].rr; load != 0 && plain {
			a := c.pop()
			addr := c.use32(&a)
			c.emit(load, c.push(2), addr, uint32(in.Val))
			return
		}
		c.memoryOp(opVecMem, in, uint32(in.Lane))
	}
}

// memoryOp emits a memory access that the driver does: the third operand is
// the memory, the second word the offset, the third the Wasm opcode and lane.
func (c *compiler) memoryOp(code opcode, in *valid.Instr, lane uint32) {
	sig := in.Info.Sig
	n := 0
	for sig[n] != ':' {
		n++
	}
	base := c.settleTop(n)
	size := c.here() - base
	c.cut(len(c.stack) - n)
	c.emit(code, base, size, in.X)
	c.word(in.Val)
	c.words(uint32(in.Op), lane)
	if len(sig) > n+1 {
		slots := uint32(1)
		if sig[n+1] == 'v' {
			slots = 2
		}
		c.push(slots)
	}
	c.label()
}

// atomic compiles the instructions of the threads proposal.
func (c *compiler) atomic(in *valid.Instr) {
	if in.Op == op.AtomicFence {
		// Everything the loop does is in program order, and the driver's
		// atomics are sequentially consistent.
		return
	}
	c.memoryOp(opAtomic, in, 0)
}
