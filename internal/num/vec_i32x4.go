package num

// The operators of i32x4, except those that change the width of lanes
// (vec_widen.go).

// I32x4Add adds modulo 2^32.
func I32x4Add(a, b V128) V128 {
	return V128{laneAdd(a.Lo, b.Lo, high32), laneAdd(a.Hi, b.Hi, high32)}
}

// I32x4Sub subtracts modulo 2^32.
func I32x4Sub(a, b V128) V128 {
	return V128{laneSub(a.Lo, b.Lo, high32), laneSub(a.Hi, b.Hi, high32)}
}

// I32x4Neg negates modulo 2^32.
func I32x4Neg(a V128) V128 {
	return V128{laneSub(0, a.Lo, high32), laneSub(0, a.Hi, high32)}
}

// I32x4Abs is the absolute value modulo 2^32: the least value stays as it is.
func I32x4Abs(a V128) V128 {
	return V128{laneAbs(a.Lo, high32, 32), laneAbs(a.Hi, high32, 32)}
}

// I32x4MinS is the lesser of two signed lanes.
func I32x4MinS(a, b V128) V128 {
	return V128{pick(a.Lo, b.Lo, laneMask(laneLtS(a.Lo, b.Lo, high32), 32)), pick(a.Hi, b.Hi, laneMask(laneLtS(a.Hi, b.Hi, high32), 32))}
}

// I32x4MaxS is the greater of two signed lanes.
func I32x4MaxS(a, b V128) V128 {
	return V128{pick(b.Lo, a.Lo, laneMask(laneLtS(a.Lo, b.Lo, high32), 32)), pick(b.Hi, a.Hi, laneMask(laneLtS(a.Hi, b.Hi, high32), 32))}
}

// I32x4MinU is the lesser of two unsigned lanes.
func I32x4MinU(a, b V128) V128 {
	return V128{pick(a.Lo, b.Lo, laneMask(laneLtU(a.Lo, b.Lo, high32), 32)), pick(a.Hi, b.Hi, laneMask(laneLtU(a.Hi, b.Hi, high32), 32))}
}

// I32x4MaxU is the greater of two unsigned lanes.
func I32x4MaxU(a, b V128) V128 {
	return V128{pick(b.Lo, a.Lo, laneMask(laneLtU(a.Lo, b.Lo, high32), 32)), pick(b.Hi, a.Hi, laneMask(laneLtU(a.Hi, b.Hi, high32), 32))}
}

// I32x4Eq is all ones where a = b, else zero.
func I32x4Eq(a, b V128) V128 {
	return V128{laneEq(a.Lo, b.Lo, high32, 32), laneEq(a.Hi, b.Hi, high32, 32)}
}

// I32x4Ne is all ones where a ≠ b, else zero.
func I32x4Ne(a, b V128) V128 {
	return V128{laneNe(a.Lo, b.Lo, high32, 32), laneNe(a.Hi, b.Hi, high32, 32)}
}

// I32x4LtS is all ones where a < b, signed.
func I32x4LtS(a, b V128) V128 {
	return V128{laneMask(laneLtS(a.Lo, b.Lo, high32), 32), laneMask(laneLtS(a.Hi, b.Hi, high32), 32)}
}

// I32x4GtS is all ones where a > b, signed.
func I32x4GtS(a, b V128) V128 {
	return V128{laneMask(laneLtS(b.Lo, a.Lo, high32), 32), laneMask(laneLtS(b.Hi, a.Hi, high32), 32)}
}

// I32x4LeS is all ones where a ≤ b, signed.
func I32x4LeS(a, b V128) V128 {
	return V128{^laneMask(laneLtS(b.Lo, a.Lo, high32), 32), ^laneMask(laneLtS(b.Hi, a.Hi, high32), 32)}
}

// I32x4GeS is all ones where a ≥ b, signed.
func I32x4GeS(a, b V128) V128 {
	return V128{^laneMask(laneLtS(a.Lo, b.Lo, high32), 32), ^laneMask(laneLtS(a.Hi, b.Hi, high32), 32)}
}

// I32x4LtU is all ones where a < b, unsigned.
func I32x4LtU(a, b V128) V128 {
	return V128{laneMask(laneLtU(a.Lo, b.Lo, high32), 32), laneMask(laneLtU(a.Hi, b.Hi, high32), 32)}
}

// I32x4GtU is all ones where a > b, unsigned.
func I32x4GtU(a, b V128) V128 {
	return V128{laneMask(laneLtU(b.Lo, a.Lo, high32), 32), laneMask(laneLtU(b.Hi, a.Hi, high32), 32)}
}

// I32x4LeU is all ones where a ≤ b, unsigned.
func I32x4LeU(a, b V128) V128 {
	return V128{^laneMask(laneLtU(b.Lo, a.Lo, high32), 32), ^laneMask(laneLtU(b.Hi, a.Hi, high32), 32)}
}

// I32x4GeU is all ones where a ≥ b, unsigned.
func I32x4GeU(a, b V128) V128 {
	return V128{^laneMask(laneLtU(a.Lo, b.Lo, high32), 32), ^laneMask(laneLtU(a.Hi, b.Hi, high32), 32)}
}

// I32x4Shl shifts left by n modulo 32.
func I32x4Shl(a V128, n uint32) V128 {
	n &= 31
	return V128{laneShl(a.Lo, n, low32, 32), laneShl(a.Hi, n, low32, 32)}
}

// I32x4ShrS shifts right by n modulo 32, filling with the sign.
func I32x4ShrS(a V128, n uint32) V128 {
	n &= 31
	return V128{laneShrS(a.Lo, n, low32, high32, 32), laneShrS(a.Hi, n, low32, high32, 32)}
}

// I32x4ShrU shifts right by n modulo 32, filling with zeros.
func I32x4ShrU(a V128, n uint32) V128 {
	n &= 31
	return V128{laneShrU(a.Lo, n, low32, 32), laneShrU(a.Hi, n, low32, 32)}
}

// I32x4AllTrue is 1 if no lane is zero.
func I32x4AllTrue(a V128) uint32 {
	return b2u(laneNonZero(a.Lo, high32)&laneNonZero(a.Hi, high32) == high32)
}

// I32x4Bitmask gathers the highest bits of the lanes, that of lane 0 lowest.
func I32x4Bitmask(a V128) uint32 {
	return uint32(a.Lo>>31&1 | a.Lo>>62&2 | a.Hi>>29&4 | a.Hi>>60&8)
}

// I32x4Mul multiplies modulo 2^32.
func I32x4Mul(a, b V128) V128 { return V128{mul32(a.Lo, b.Lo), mul32(a.Hi, b.Hi)} }

// mul32 multiplies 2 lanes modulo 2^32.
func mul32(a, b uint64) uint64 {
	return uint64(uint32(a)*uint32(b)) | (a>>32)*(b>>32)<<32
}
