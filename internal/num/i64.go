package num

import "math/bits"

// The operators of i64. Wasm's shift and rotate counts are taken modulo 64.

// I64Clz counts leading zero bits; 64 for 0.
func I64Clz(a uint64) uint64 { return uint64(bits.LeadingZeros64(a)) }

// I64Ctz counts trailing zero bits; 64 for 0.
func I64Ctz(a uint64) uint64 { return uint64(bits.TrailingZeros64(a)) }

// I64Popcnt counts one bits.
func I64Popcnt(a uint64) uint64 { return uint64(bits.OnesCount64(a)) }

// I64Add is a + b modulo 2^64.
func I64Add(a, b uint64) uint64 { return a + b }

// I64Sub is a - b modulo 2^64.
func I64Sub(a, b uint64) uint64 { return a - b }

// I64Mul is a * b modulo 2^64.
func I64Mul(a, b uint64) uint64 { return a * b }

// I64DivS is the signed quotient, rounded towards zero. It traps with DivByZero
// and, for -2^63 divided by -1, with IntegerOverflow.
func I64DivS(a, b uint64) (uint64, Trap) {
	if b == 0 {
		return 0, DivByZero
	}
	if a == 1<<63 && b == ^uint64(0) {
		return 0, IntegerOverflow
	}
	return uint64(int64(a) / int64(b)), NoTrap
}

// I64DivU is the unsigned quotient. It traps with DivByZero.
func I64DivU(a, b uint64) (uint64, Trap) {
	if b == 0 {
		return 0, DivByZero
	}
	return a / b, NoTrap
}

// I64RemS is the signed remainder, which has the sign of a. It traps with
// DivByZero. The remainder of -2^63 by -1 is 0.
func I64RemS(a, b uint64) (uint64, Trap) {
	if b == 0 {
		return 0, DivByZero
	}
	return uint64(int64(a) % int64(b)), NoTrap
}

// I64RemU is the unsigned remainder. It traps with DivByZero.
func I64RemU(a, b uint64) (uint64, Trap) {
	if b == 0 {
		return 0, DivByZero
	}
	return a % b, NoTrap
}

// I64And is the bitwise conjunction.
func I64And(a, b uint64) uint64 { return a & b }

// I64Or is the bitwise disjunction.
func I64Or(a, b uint64) uint64 { return a | b }

// I64Xor is the bitwise exclusive disjunction.
func I64Xor(a, b uint64) uint64 { return a ^ b }

// I64Shl shifts left.
func I64Shl(a, b uint64) uint64 { return a << (b & 63) }

// I64ShrS shifts right, filling with the sign.
func I64ShrS(a, b uint64) uint64 { return uint64(int64(a) >> (b & 63)) }

// I64ShrU shifts right, filling with zeros.
func I64ShrU(a, b uint64) uint64 { return a >> (b & 63) }

// I64Rotl rotates left.
func I64Rotl(a, b uint64) uint64 { return bits.RotateLeft64(a, int(b&63)) }

// I64Rotr rotates right.
func I64Rotr(a, b uint64) uint64 { return bits.RotateLeft64(a, -int(b&63)) }

// I64Eqz tests for zero.
func I64Eqz(a uint64) uint32 { return b2u(a == 0) }

// I64Eq compares: a = b.
func I64Eq(a, b uint64) uint32 { return b2u(a == b) }

// I64Ne compares: a ≠ b.
func I64Ne(a, b uint64) uint32 { return b2u(a != b) }

// I64LtS compares as signed: a < b.
func I64LtS(a, b uint64) uint32 { return b2u(int64(a) < int64(b)) }

// I64LtU compares as unsigned: a < b.
func I64LtU(a, b uint64) uint32 { return b2u(a < b) }

// I64GtS compares as signed: a > b.
func I64GtS(a, b uint64) uint32 { return b2u(int64(a) > int64(b)) }

// I64GtU compares as unsigned: a > b.
func I64GtU(a, b uint64) uint32 { return b2u(a > b) }

// I64LeS compares as signed: a ≤ b.
func I64LeS(a, b uint64) uint32 { return b2u(int64(a) <= int64(b)) }

// I64LeU compares as unsigned: a ≤ b.
func I64LeU(a, b uint64) uint32 { return b2u(a <= b) }

// I64GeS compares as signed: a ≥ b.
func I64GeS(a, b uint64) uint32 { return b2u(int64(a) >= int64(b)) }

// I64GeU compares as unsigned: a ≥ b.
func I64GeU(a, b uint64) uint32 { return b2u(a >= b) }

// I64Extend8S extends the sign of the low 8 bits.
func I64Extend8S(a uint64) uint64 { return uint64(int8(a)) }

// I64Extend16S extends the sign of the low 16 bits.
func I64Extend16S(a uint64) uint64 { return uint64(int16(a)) }

// I64Extend32S extends the sign of the low 32 bits.
func I64Extend32S(a uint64) uint64 { return uint64(int32(a)) }
