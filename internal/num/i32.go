package num

import "math/bits"

// The operators of i32. Wasm's shift and rotate counts are taken modulo 32.

// I32Clz counts leading zero bits; 32 for 0.
func I32Clz(a uint32) uint32 { return uint32(bits.LeadingZeros32(a)) }

// I32Ctz counts trailing zero bits; 32 for 0.
func I32Ctz(a uint32) uint32 { return uint32(bits.TrailingZeros32(a)) }

// I32Popcnt counts one bits.
func I32Popcnt(a uint32) uint32 { return uint32(bits.OnesCount32(a)) }

// I32Add is a + b modulo 2^32.
func I32Add(a, b uint32) uint32 { return a + b }

// I32Sub is a - b modulo 2^32.
func I32Sub(a, b uint32) uint32 { return a - b }

// I32Mul is a * b modulo 2^32.
func I32Mul(a, b uint32) uint32 { return a * b }

// I32DivS is the signed quotient, rounded towards zero. It traps with DivByZero
// and, for -2^31 divided by -1, with IntegerOverflow.
func I32DivS(a, b uint32) (uint32, Trap) {
	if b == 0 {
		return 0, DivByZero
	}
	if a == 1<<31 && b == ^uint32(0) {
		return 0, IntegerOverflow
	}
	return uint32(int32(a) / int32(b)), NoTrap
}

// I32DivU is the unsigned quotient. It traps with DivByZero.
func I32DivU(a, b uint32) (uint32, Trap) {
	if b == 0 {
		return 0, DivByZero
	}
	return a / b, NoTrap
}

// I32RemS is the signed remainder, which has the sign of a. It traps with
// DivByZero. The remainder of -2^31 by -1 is 0.
func I32RemS(a, b uint32) (uint32, Trap) {
	if b == 0 {
		return 0, DivByZero
	}
	return uint32(int32(a) % int32(b)), NoTrap
}

// I32RemU is the unsigned remainder. It traps with DivByZero.
func I32RemU(a, b uint32) (uint32, Trap) {
	if b == 0 {
		return 0, DivByZero
	}
	return a % b, NoTrap
}

// I32And is the bitwise conjunction.
func I32And(a, b uint32) uint32 { return a & b }

// I32Or is the bitwise disjunction.
func I32Or(a, b uint32) uint32 { return a | b }

// I32Xor is the bitwise exclusive disjunction.
func I32Xor(a, b uint32) uint32 { return a ^ b }

// I32Shl shifts left.
func I32Shl(a, b uint32) uint32 { return a << (b & 31) }

// I32ShrS shifts right, filling with the sign.
func I32ShrS(a, b uint32) uint32 { return uint32(int32(a) >> (b & 31)) }

// I32ShrU shifts right, filling with zeros.
func I32ShrU(a, b uint32) uint32 { return a >> (b & 31) }

// I32Rotl rotates left.
func I32Rotl(a, b uint32) uint32 { return bits.RotateLeft32(a, int(b&31)) }

// I32Rotr rotates right.
func I32Rotr(a, b uint32) uint32 { return bits.RotateLeft32(a, -int(b&31)) }

// I32Eqz tests for zero.
func I32Eqz(a uint32) uint32 { return b2u(a == 0) }

// I32Eq compares: a = b.
func I32Eq(a, b uint32) uint32 { return b2u(a == b) }

// I32Ne compares: a ≠ b.
func I32Ne(a, b uint32) uint32 { return b2u(a != b) }

// I32LtS compares as signed: a < b.
func I32LtS(a, b uint32) uint32 { return b2u(int32(a) < int32(b)) }

// I32LtU compares as unsigned: a < b.
func I32LtU(a, b uint32) uint32 { return b2u(a < b) }

// I32GtS compares as signed: a > b.
func I32GtS(a, b uint32) uint32 { return b2u(int32(a) > int32(b)) }

// I32GtU compares as unsigned: a > b.
func I32GtU(a, b uint32) uint32 { return b2u(a > b) }

// I32LeS compares as signed: a ≤ b.
func I32LeS(a, b uint32) uint32 { return b2u(int32(a) <= int32(b)) }

// I32LeU compares as unsigned: a ≤ b.
func I32LeU(a, b uint32) uint32 { return b2u(a <= b) }

// I32GeS compares as signed: a ≥ b.
func I32GeS(a, b uint32) uint32 { return b2u(int32(a) >= int32(b)) }

// I32GeU compares as unsigned: a ≥ b.
func I32GeU(a, b uint32) uint32 { return b2u(a >= b) }

// I32Extend8S extends the sign of the low 8 bits.
func I32Extend8S(a uint32) uint32 { return uint32(int8(a)) }

// I32Extend16S extends the sign of the low 16 bits.
func I32Extend16S(a uint32) uint32 { return uint32(int16(a)) }
