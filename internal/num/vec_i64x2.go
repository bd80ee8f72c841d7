package num

// The operators of i64x2, except those that widen lanes (vec_widen.go).

// I64x2Add adds modulo 2^64.
func I64x2Add(a, b V128) V128 {
	return V128{a.Lo + b.Lo, a.Hi + b.Hi}
}

// I64x2Sub subtracts modulo 2^64.
func I64x2Sub(a, b V128) V128 {
	return V128{a.Lo - b.Lo, a.Hi - b.Hi}
}

// I64x2Mul multiplies modulo 2^64.
func I64x2Mul(a, b V128) V128 {
	return V128{a.Lo * b.Lo, a.Hi * b.Hi}
}

// I64x2Neg negates modulo 2^64.
func I64x2Neg(a V128) V128 {
	return V128{-a.Lo, -a.Hi}
}

// I64x2Abs is the absolute value modulo 2^64: the least value stays as it is.
func I64x2Abs(a V128) V128 {
	return V128{abs64(a.Lo), abs64(a.Hi)}
}

// I64x2Eq is all ones where a = b, else zero.
func I64x2Eq(a, b V128) V128 {
	return V128{mask64(a.Lo == b.Lo), mask64(a.Hi == b.Hi)}
}

// I64x2Ne is all ones where a ≠ b, else zero.
func I64x2Ne(a, b V128) V128 {
	return V128{mask64(a.Lo != b.Lo), mask64(a.Hi != b.Hi)}
}

// I64x2LtS is all ones where a < b, signed.
func I64x2LtS(a, b V128) V128 {
	return V128{mask64(int64(a.Lo) < int64(b.Lo)), mask64(int64(a.Hi) < int64(b.Hi))}
}

// I64x2GtS is all ones where a > b, signed.
func I64x2GtS(a, b V128) V128 {
	return V128{mask64(int64(a.Lo) > int64(b.Lo)), mask64(int64(a.Hi) > int64(b.Hi))}
}

// I64x2LeS is all ones where a ≤ b, signed.
func I64x2LeS(a, b V128) V128 {
	return V128{mask64(int64(a.Lo) <= int64(b.Lo)), mask64(int64(a.Hi) <= int64(b.Hi))}
}

// I64x2GeS is all ones where a ≥ b, signed.
func I64x2GeS(a, b V128) V128 {
	return V128{mask64(int64(a.Lo) >= int64(b.Lo)), mask64(int64(a.Hi) >= int64(b.Hi))}
}

// I64x2Shl shifts left by n modulo 64.
func I64x2Shl(a V128, n uint32) V128 {
	n &= 63
	return V128{a.Lo << n, a.Hi << n}
}

// I64x2ShrS shifts right by n modulo 64, filling with the sign.
func I64x2ShrS(a V128, n uint32) V128 {
	n &= 63
	return V128{uint64(int64(a.Lo) >> n), uint64(int64(a.Hi) >> n)}
}

// I64x2ShrU shifts right by n modulo 64, filling with zeros.
func I64x2ShrU(a V128, n uint32) V128 {
	n &= 63
	return V128{a.Lo >> n, a.Hi >> n}
}

// I64x2AllTrue is 1 if no lane is zero.
func I64x2AllTrue(a V128) uint32 { return b2u(a.Lo != 0 && a.Hi != 0) }

// I64x2Bitmask gathers the highest bits of the lanes, that of lane 0 lowest.
func I64x2Bitmask(a V128) uint32 { return uint32(a.Lo>>63 | a.Hi>>62&2) }

// abs64 is the absolute value modulo 2^64.
func abs64(a uint64) uint64 {
	m := uint64(int64(a) >> 63)
	return (a ^ m) - m
}

// mask64 is all ones if b holds.
func mask64(b bool) uint64 { return -uint64(b2u(b)) }
