package num

// The operators of i8x16.

// I8x16Add adds modulo 2^8.
func I8x16Add(a, b V128) V128 {
	return V128{laneAdd(a.Lo, b.Lo, high8), laneAdd(a.Hi, b.Hi, high8)}
}

// I8x16Sub subtracts modulo 2^8.
func I8x16Sub(a, b V128) V128 {
	return V128{laneSub(a.Lo, b.Lo, high8), laneSub(a.Hi, b.Hi, high8)}
}

// I8x16AddSatS adds and clamps to the signed range.
func I8x16AddSatS(a, b V128) V128 {
	return V128{laneAddSatS(a.Lo, b.Lo, high8, 8), laneAddSatS(a.Hi, b.Hi, high8, 8)}
}

// I8x16AddSatU adds and clamps to the unsigned range.
func I8x16AddSatU(a, b V128) V128 {
	return V128{laneAddSatU(a.Lo, b.Lo, high8, 8), laneAddSatU(a.Hi, b.Hi, high8, 8)}
}

// I8x16SubSatS subtracts and clamps to the signed range.
func I8x16SubSatS(a, b V128) V128 {
	return V128{laneSubSatS(a.Lo, b.Lo, high8, 8), laneSubSatS(a.Hi, b.Hi, high8, 8)}
}

// I8x16SubSatU subtracts and clamps to the unsigned range.
func I8x16SubSatU(a, b V128) V128 {
	return V128{laneSubSatU(a.Lo, b.Lo, high8, 8), laneSubSatU(a.Hi, b.Hi, high8, 8)}
}

// I8x16AvgrU is the unsigned mean, rounded up.
func I8x16AvgrU(a, b V128) V128 {
	return V128{laneAvgrU(a.Lo, b.Lo, low8), laneAvgrU(a.Hi, b.Hi, low8)}
}

// I8x16Neg negates modulo 2^8.
func I8x16Neg(a V128) V128 {
	return V128{laneSub(0, a.Lo, high8), laneSub(0, a.Hi, high8)}
}

// I8x16Abs is the absolute value modulo 2^8: the least value stays as it is.
func I8x16Abs(a V128) V128 {
	return V128{laneAbs(a.Lo, high8, 8), laneAbs(a.Hi, high8, 8)}
}

// I8x16MinS is the lesser of two signed lanes.
func I8x16MinS(a, b V128) V128 {
	return V128{pick(a.Lo, b.Lo, laneMask(laneLtS(a.Lo, b.Lo, high8), 8)), pick(a.Hi, b.Hi, laneMask(laneLtS(a.Hi, b.Hi, high8), 8))}
}

// I8x16MaxS is the greater of two signed lanes.
func I8x16MaxS(a, b V128) V128 {
	return V128{pick(b.Lo, a.Lo, laneMask(laneLtS(a.Lo, b.Lo, high8), 8)), pick(b.Hi, a.Hi, laneMask(laneLtS(a.Hi, b.Hi, high8), 8))}
}

// I8x16MinU is the lesser of two unsigned lanes.
func I8x16MinU(a, b V128) V128 {
	return V128{pick(a.Lo, b.Lo, laneMask(laneLtU(a.Lo, b.Lo, high8), 8)), pick(a.Hi, b.Hi, laneMask(laneLtU(a.Hi, b.Hi, high8), 8))}
}

// I8x16MaxU is the greater of two unsigned lanes.
func I8x16MaxU(a, b V128) V128 {
	return V128{pick(b.Lo, a.Lo, laneMask(laneLtU(a.Lo, b.Lo, high8), 8)), pick(b.Hi, a.Hi, laneMask(laneLtU(a.Hi, b.Hi, high8), 8))}
}

// I8x16Eq is all ones where a = b, else zero.
func I8x16Eq(a, b V128) V128 {
	return V128{laneEq(a.Lo, b.Lo, high8, 8), laneEq(a.Hi, b.Hi, high8, 8)}
}

// I8x16Ne is all ones where a ≠ b, else zero.
func I8x16Ne(a, b V128) V128 {
	return V128{laneNe(a.Lo, b.Lo, high8, 8), laneNe(a.Hi, b.Hi, high8, 8)}
}

// I8x16LtS is all ones where a < b, signed.
func I8x16LtS(a, b V128) V128 {
	return V128{laneMask(laneLtS(a.Lo, b.Lo, high8), 8), laneMask(laneLtS(a.Hi, b.Hi, high8), 8)}
}

// I8x16GtS is all ones where a > b, signed.
func I8x16GtS(a, b V128) V128 {
	return V128{laneMask(laneLtS(b.Lo, a.Lo, high8), 8), laneMask(laneLtS(b.Hi, a.Hi, high8), 8)}
}

// I8x16LeS is all ones where a ≤ b, signed.
func I8x16LeS(a, b V128) V128 {
	return V128{^laneMask(laneLtS(b.Lo, a.Lo, high8), 8), ^laneMask(laneLtS(b.Hi, a.Hi, high8), 8)}
}

// I8x16GeS is all ones where a ≥ b, signed.
func I8x16GeS(a, b V128) V128 {
	return V128{^laneMask(laneLtS(a.Lo, b.Lo, high8), 8), ^laneMask(laneLtS(a.Hi, b.Hi, high8), 8)}
}

// I8x16LtU is all ones where a < b, unsigned.
func I8x16LtU(a, b V128) V128 {
	return V128{laneMask(laneLtU(a.Lo, b.Lo, high8), 8), laneMask(laneLtU(a.Hi, b.Hi, high8), 8)}
}

// I8x16GtU is all ones where a > b, unsigned.
func I8x16GtU(a, b V128) V128 {
	return V128{laneMask(laneLtU(b.Lo, a.Lo, high8), 8), laneMask(laneLtU(b.Hi, a.Hi, high8), 8)}
}

// I8x16LeU is all ones where a ≤ b, unsigned.
func I8x16LeU(a, b V128) V128 {
	return V128{^laneMask(laneLtU(b.Lo, a.Lo, high8), 8), ^laneMask(laneLtU(b.Hi, a.Hi, high8), 8)}
}

// I8x16GeU is all ones where a ≥ b, unsigned.
func I8x16GeU(a, b V128) V128 {
	return V128{^laneMask(laneLtU(a.Lo, b.Lo, high8), 8), ^laneMask(laneLtU(a.Hi, b.Hi, high8), 8)}
}

// I8x16Shl shifts left by n modulo 8.
func I8x16Shl(a V128, n uint32) V128 {
	n &= 7
	return V128{laneShl(a.Lo, n, low8, 8), laneShl(a.Hi, n, low8, 8)}
}

// I8x16ShrS shifts right by n modulo 8, filling with the sign.
func I8x16ShrS(a V128, n uint32) V128 {
	n &= 7
	return V128{laneShrS(a.Lo, n, low8, high8, 8), laneShrS(a.Hi, n, low8, high8, 8)}
}

// I8x16ShrU shifts right by n modulo 8, filling with zeros.
func I8x16ShrU(a V128, n uint32) V128 {
	n &= 7
	return V128{laneShrU(a.Lo, n, low8, 8), laneShrU(a.Hi, n, low8, 8)}
}

// I8x16AllTrue is 1 if no lane is zero.
func I8x16AllTrue(a V128) uint32 {
	return b2u(laneNonZero(a.Lo, high8)&laneNonZero(a.Hi, high8) == high8)
}

// I8x16Bitmask gathers the highest bits of the lanes, that of lane 0 lowest.
func I8x16Bitmask(a V128) uint32 {
	return gather8(a.Lo) | gather8(a.Hi)<<8
}

// gather8 gathers the highest bits of 8 lanes: the factor moves the bit of
// lane i to bit 56 + i, and no two terms meet in one bit.
func gather8(a uint64) uint32 {
	return uint32(a & high8 >> 7 * 0x0102040810204080 >> 56)
}

// I8x16Popcnt counts the one bits of each lane.
func I8x16Popcnt(a V128) V128 { return V128{popcnt8(a.Lo), popcnt8(a.Hi)} }

// popcnt8 counts by summing neighbouring fields of 1, 2 and 4 bits.
func popcnt8(a uint64) uint64 {
	a -= a >> 1 & 0x5555555555555555
	a = a&0x3333333333333333 + a>>2&0x3333333333333333
	return (a + a>>4) & 0x0f0f0f0f0f0f0f0f
}
