package interp

import (
	"unsafe"

	"github.com/wamr-go/wamr/internal/num"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// The handlers of memory accesses that the loop does not make: vectors in
// other shapes than whole, and atomics. Operands begin with the address; the
// third operand of the instruction is the memory, the second word the offset,
// the third the Wasm opcode and the lane.

// accessDone goes on after such an instruction.
func accessDone(pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return unsafe.Add(pc, 24), fp
}

// effective is the address that the instruction accesses; false if it is not
// below 2^64.
func effective(o []uint64, pc unsafe.Pointer) (uint64, bool) {
	ea := o[0] + word1(pc)
	return ea, ea >= o[0]
}

// vecMemHandler does the vector loads that widen, repeat or fill, and the
// accesses of single lanes.
func vecMemHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	o := d.operands(pc, fp)
	w := word2(pc)
	code, lane := op.Opcode(w), uint8(w>>32)
	info := op.Lookup(code)
	ea, ok := effective(o, pc)
	var b []byte
	if ok {
		b, ok = d.e.inst.Memories[uc(pc)].View(ea, uint64(info.Width))
	}
	if !ok {
		return d.trap(vm.TrapOutOfBoundsMemory, pc, fp)
	}
	p := unsafe.Pointer(unsafe.SliceData(b))
	if info.Class == op.ClassVecStore {
		storeLane(p, code, lane, num.V128{Lo: o[1], Hi: o[2]})
		return accessDone(pc, fp)
	}
	out := ra(pc, fp)
	if info.Imm == op.ImmMemargLane {
		setVec(out, loadLane(p, code, lane, num.V128{Lo: o[1], Hi: o[2]}))
	} else {
		setVec(out, loadVec(p, code))
	}
	return accessDone(pc, fp)
}

func storeLane(p unsafe.Pointer, code op.Opcode, lane uint8, v num.V128) {
	switch code {
	case op.V128Store8Lane:
		*(*uint8)(p) = uint8(num.I8x16ExtractLaneU(v, lane))
	case op.V128Store16Lane:
		putLE16(p, uint16(num.I16x8ExtractLaneU(v, lane)))
	case op.V128Store32Lane:
		putLE32(p, num.I32x4ExtractLane(v, lane))
	default:
		putLE64(p, num.I64x2ExtractLane(v, lane))
	}
}

func loadLane(p unsafe.Pointer, code op.Opcode, lane uint8, v num.V128) num.V128 {
	switch code {
	case op.V128Load8Lane:
		return num.I8x16ReplaceLane(v, uint32(*(*uint8)(p)), lane)
	case op.V128Load16Lane:
		return num.I16x8ReplaceLane(v, uint32(le16(p)), lane)
	case op.V128Load32Lane:
		return num.I32x4ReplaceLane(v, le32(p), lane)
	}
	return num.I64x2ReplaceLane(v, le64(p), lane)
}

func loadVec(p unsafe.Pointer, code op.Opcode) num.V128 {
	half := func() num.V128 { return num.V128{Lo: le64(p)} }
	switch code {
	case op.V128Load8x8S:
		return num.I16x8ExtendLowI8x16S(half())
	case op.V128Load8x8U:
		return num.I16x8ExtendLowI8x16U(half())
	case op.V128Load16x4S:
		return num.I32x4ExtendLowI16x8S(half())
	case op.V128Load16x4U:
		return num.I32x4ExtendLowI16x8U(half())
	case op.V128Load32x2S:
		return num.I64x2ExtendLowI32x4S(half())
	case op.V128Load32x2U:
		return num.I64x2ExtendLowI32x4U(half())
	case op.V128Load8Splat:
		return num.I8x16Splat(uint32(*(*uint8)(p)))
	case op.V128Load16Splat:
		return num.I16x8Splat(uint32(le16(p)))
	case op.V128Load32Splat:
		return num.I32x4Splat(le32(p))
	case op.V128Load64Splat:
		return num.I64x2Splat(le64(p))
	case op.V128Load32Zero:
		return num.V128{Lo: uint64(le32(p))}
	}
	return half() // v128.load64_zero
}
