package num

import "math/bits"

// The operators of wide arithmetic. A 128-bit integer is a pair of i64, the
// low half first, in operands and results.

// I64Add128 is a + b modulo 2^128.
func I64Add128(aLo, aHi, bLo, bHi uint64) (lo, hi uint64) {
	lo, carry := bits.Add64(aLo, bLo, 0)
	hi, _ = bits.Add64(aHi, bHi, carry)
	return lo, hi
}

// I64Sub128 is a - b modulo 2^128.
func I64Sub128(aLo, aHi, bLo, bHi uint64) (lo, hi uint64) {
	lo, borrow := bits.Sub64(aLo, bLo, 0)
	hi, _ = bits.Sub64(aHi, bHi, borrow)
	return lo, hi
}

// I64MulWideS is the full product of two signed operands.
func I64MulWideS(a, b uint64) (lo, hi uint64) {
	hi, lo = bits.Mul64(a, b)
	// As unsigned, a negative operand is 2^64 too great, so the other operand
	// is in the high half once too often.
	hi -= uint64(int64(a)>>63)&b + uint64(int64(b)>>63)&a
	return lo, hi
}

// I64MulWideU is the full product of two unsigned operands.
func I64MulWideU(a, b uint64) (lo, hi uint64) {
	hi, lo = bits.Mul64(a, b)
	return lo, hi
}
