package interp

//go:generate go run ./gen

import "math"

// opcode identifies an instruction of the register code.
type opcode uint16

// opInfo describes an opcode; see gen/spec.go for the letters of form.
type opInfo struct {
	name, form string
	words      uint8
}

// plainOp says how an operator without a function of its own is compiled: on
// registers (rr), with a 16-bit immediate as second operand (ri), with a
// constant in the second word (rk). Forms that do not exist are 0, which is
// the opcode of a move and none of an operator with constants. With flipped,
// ri and rk serve constants as first operand: they compute the same with the
// operands exchanged.
type plainOp struct {
	rr, ri, rk opcode
	fi, fk     opcode // for a constant first operand, operands exchanged
	exchange   bool   // rr takes its operands exchanged
}

// fusedBranch lists the branches that a comparison fuses with.
type fusedBranch struct {
	yes, yesLoop, no, noLoop opcode
	swapNo                   bool // the last two take the operands exchanged
}

// fusedPair is an opcode that does two: one, and a second one that has its
// result as first operand (asX) or second (asY).
type fusedPair struct {
	second   opcode
	asX, asY bool
	fused    opcode
}

// pairUp makes pairs of consecutive instructions one dispatch, where there is
// an opcode for it. The second instruction stays as it is behind the first,
// whose opcode alone changes, so that branches to it and handlers of it see what
// they would see without.
func pairUp(code []uint64) {
	for at := 0; at < len(code); {
		op, a, b, c := unpack(code[at])
		next := at + words(code, at)
		if next >= len(code) {
			return
		}
		second, _, _, _ := unpack(code[next])
		for _, s := range sequences[op] {
			if s.second == second {
				next += words(code, next)
				code[at] = pack(s.both, a, b, c)
				break
			}
		}
		at = next
	}
}

// words returns the length of the instruction at a position, with its table if
// it has one.
func words(code []uint64, at int) int {
	op, _, _, _ := unpack(code[at])
	n := int(opInfos[op].words)
	if op == opBrTable || op == opBrTableAdd {
		n += (int(unpackWide(code[at])) + 2) / 2
	}
	return n
}

// sequence is an opcode that does what two consecutive instructions do.
type sequence struct{ second, both opcode }

// pack makes an instruction's first word. Operands lie in memory in their
// order, each in the machine's own byte order.
func pack(op opcode, a, b, c uint16) uint64 {
	if bigEndian {
		return uint64(op)<<48 | uint64(a)<<32 | uint64(b)<<16 | uint64(c)
	}
	return uint64(op) | uint64(a)<<16 | uint64(b)<<32 | uint64(c)<<48
}

// packWide makes an instruction's first word with a 32-bit operand.
func packWide(op opcode, a uint16, g uint32) uint64 {
	if bigEndian {
		return pack(op, a, uint16(g>>16), uint16(g))
	}
	return pack(op, a, uint16(g), uint16(g>>16))
}

// unpack is the inverse of pack.
func unpack(w uint64) (op opcode, a, b, c uint16) {
	if bigEndian {
		return opcode(w >> 48), uint16(w >> 32), uint16(w >> 16), uint16(w)
	}
	return opcode(w), uint16(w >> 16), uint16(w >> 32), uint16(w >> 48)
}

// unpackWide returns the 32-bit operand.
func unpackWide(w uint64) uint32 {
	_, _, b, c := unpack(w)
	if bigEndian {
		return uint32(b)<<16 | uint32(c)
	}
	return uint32(c)<<16 | uint32(b)
}

// halfShift is how far the first or second 32-bit number is from the low bits of
// a word.
func halfShift(second bool) uint {
	if !second && bigEndian || second && !bigEndian {
		return 32
	}
	return 0
}

// setHalf sets the first or second 32-bit number in a word, in memory order.
func setHalf(w *uint64, second bool, v uint32) {
	shift := halfShift(second)
	*w = *w&^(math.MaxUint32<<shift) | uint64(v)<<shift
}

// half returns the first or second 32-bit number in a word.
func half(w uint64, second bool) uint32 {
	return uint32(w >> halfShift(second))
}
