package num

// The operators of i16x8, except those that change the width of lanes
// (vec_widen.go).

// I16x8Add adds modulo 2^16.
func I16x8Add(a, b V128) V128 {
	return V128{laneAdd(a.Lo, b.Lo, high16), laneAdd(a.Hi, b.Hi, high16)}
}

// I16x8Sub subtracts modulo 2^16.
func I16x8Sub(a, b V128) V128 {
	return V128{laneSub(a.Lo, b.Lo, high16), laneSub(a.Hi, b.Hi, high16)}
}

// I16x8AddSatS adds and clamps to the signed range.
func I16x8AddSatS(a, b V128) V128 {
	return V128{laneAddSatS(a.Lo, b.Lo, high16, 16), laneAddSatS(a.Hi, b.Hi, high16, 16)}
}

// I16x8AddSatU adds and clamps to the unsigned range.
func I16x8AddSatU(a, b V128) V128 {
	return V128{laneAddSatU(a.Lo, b.Lo, high16, 16), laneAddSatU(a.Hi, b.Hi, high16, 16)}
}

// I16x8SubSatS subtracts and clamps to the signed range.
func I16x8SubSatS(a, b V128) V128 {
	return V128{laneSubSatS(a.Lo, b.Lo, high16, 16), laneSubSatS(a.Hi, b.Hi, high16, 16)}
}

// I16x8SubSatU subtracts and clamps to the unsigned range.
func I16x8SubSatU(a, b V128) V128 {
	return V128{laneSubSatU(a.Lo, b.Lo, high16, 16), laneSubSatU(a.Hi, b.Hi, high16, 16)}
}

// I16x8AvgrU is the unsigned mean, rounded up.
func I16x8AvgrU(a, b V128) V128 {
	return V128{laneAvgrU(a.Lo, b.Lo, low16), laneAvgrU(a.Hi, b.Hi, low16)}
}

// I16x8Neg negates modulo 2^16.
func I16x8Neg(a V128) V128 {
	return V128{laneSub(0, a.Lo, high16), laneSub(0, a.Hi, high16)}
}

// I16x8Abs is the absolute value modulo 2^16: the least value stays as it is.
func I16x8Abs(a V128) V128 {
	return V128{laneAbs(a.Lo, high16, 16), laneAbs(a.Hi, high16, 16)}
}

// I16x8MinS is the lesser of two signed lanes.
func I16x8MinS(a, b V128) V128 {
	return V128{pick(a.Lo, b.Lo, laneMask(laneLtS(a.Lo, b.Lo, high16), 16)), pick(a.Hi, b.Hi, laneMask(laneLtS(a.Hi, b.Hi, high16), 16))}
}

// I16x8MaxS is the greater of two signed lanes.
func I16x8MaxS(a, b V128) V128 {
	return V128{pick(b.Lo, a.Lo, laneMask(laneLtS(a.Lo, b.Lo, high16), 16)), pick(b.Hi, a.Hi, laneMask(laneLtS(a.Hi, b.Hi, high16), 16))}
}

// I16x8MinU is the lesser of two unsigned lanes.
func I16x8MinU(a, b V128) V128 {
	return V128{pick(a.Lo, b.Lo, laneMask(laneLtU(a.Lo, b.Lo, high16), 16)), pick(a.Hi, b.Hi, laneMask(laneLtU(a.Hi, b.Hi, high16), 16))}
}

// I16x8MaxU is the greater of two unsigned lanes.
func I16x8MaxU(a, b V128) V128 {
	return V128{pick(b.Lo, a.Lo, laneMask(laneLtU(a.Lo, b.Lo, high16), 16)), pick(b.Hi, a.Hi, laneMask(laneLtU(a.Hi, b.Hi, high16), 16))}
}

// I16x8Eq is all ones where a = b, else zero.
func I16x8Eq(a, b V128) V128 {
	return V128{laneEq(a.Lo, b.Lo, high16, 16), laneEq(a.Hi, b.Hi, high16, 16)}
}

// I16x8Ne is all ones where a ≠ b, else zero.
func I16x8Ne(a, b V128) V128 {
	return V128{laneNe(a.Lo, b.Lo, high16, 16), laneNe(a.Hi, b.Hi, high16, 16)}
}

// I16x8LtS is all ones where a < b, signed.
func I16x8LtS(a, b V128) V128 {
	return V128{laneMask(laneLtS(a.Lo, b.Lo, high16), 16), laneMask(laneLtS(a.Hi, b.Hi, high16), 16)}
}

// I16x8GtS is all ones where a > b, signed.
func I16x8GtS(a, b V128) V128 {
	return V128{laneMask(laneLtS(b.Lo, a.Lo, high16), 16), laneMask(laneLtS(b.Hi, a.Hi, high16), 16)}
}

// I16x8LeS is all ones where a ≤ b, signed.
func I16x8LeS(a, b V128) V128 {
	return V128{^laneMask(laneLtS(b.Lo, a.Lo, high16), 16), ^laneMask(laneLtS(b.Hi, a.Hi, high16), 16)}
}

// I16x8GeS is all ones where a ≥ b, signed.
func I16x8GeS(a, b V128) V128 {
	return V128{^laneMask(laneLtS(a.Lo, b.Lo, high16), 16), ^laneMask(laneLtS(a.Hi, b.Hi, high16), 16)}
}

// I16x8LtU is all ones where a < b, unsigned.
func I16x8LtU(a, b V128) V128 {
	return V128{laneMask(laneLtU(a.Lo, b.Lo, high16), 16), laneMask(laneLtU(a.Hi, b.Hi, high16), 16)}
}

// I16x8GtU is all ones where a > b, unsigned.
func I16x8GtU(a, b V128) V128 {
	return V128{laneMask(laneLtU(b.Lo, a.Lo, high16), 16), laneMask(laneLtU(b.Hi, a.Hi, high16), 16)}
}

// I16x8LeU is all ones where a ≤ b, unsigned.
func I16x8LeU(a, b V128) V128 {
	return V128{^laneMask(laneLtU(b.Lo, a.Lo, high16), 16), ^laneMask(laneLtU(b.Hi, a.Hi, high16), 16)}
}

// I16x8GeU is all ones where a ≥ b, unsigned.
func I16x8GeU(a, b V128) V128 {
	return V128{^laneMask(laneLtU(a.Lo, b.Lo, high16), 16), ^laneMask(laneLtU(a.Hi, b.Hi, high16), 16)}
}

// I16x8Shl shifts left by n modulo 16.
func I16x8Shl(a V128, n uint32) V128 {
	n &= 15
	return V128{laneShl(a.Lo, n, low16, 16), laneShl(a.Hi, n, low16, 16)}
}

// I16x8ShrS shifts right by n modulo 16, filling with the sign.
func I16x8ShrS(a V128, n uint32) V128 {
	n &= 15
	return V128{laneShrS(a.Lo, n, low16, high16, 16), laneShrS(a.Hi, n, low16, high16, 16)}
}

// I16x8ShrU shifts right by n modulo 16, filling with zeros.
func I16x8ShrU(a V128, n uint32) V128 {
	n &= 15
	return V128{laneShrU(a.Lo, n, low16, 16), laneShrU(a.Hi, n, low16, 16)}
}

// I16x8AllTrue is 1 if no lane is zero.
func I16x8AllTrue(a V128) uint32 {
	return b2u(laneNonZero(a.Lo, high16)&laneNonZero(a.Hi, high16) == high16)
}

// I16x8Bitmask gathers the highest bits of the lanes, that of lane 0 lowest.
func I16x8Bitmask(a V128) uint32 {
	return gather16(a.Lo) | gather16(a.Hi)<<4
}

// gather16 gathers the highest bits of 4 lanes.
func gather16(a uint64) uint32 {
	return uint32(a>>15&1 | a>>30&2 | a>>45&4 | a>>60&8)
}

// I16x8Mul multiplies modulo 2^16.
func I16x8Mul(a, b V128) V128 { return V128{mul16(a.Lo, b.Lo), mul16(a.Hi, b.Hi)} }

// mul16 multiplies 4 lanes modulo 2^16.
func mul16(a, b uint64) uint64 {
	return uint64(uint16(a)*uint16(b)) |
		uint64(uint16(a>>16)*uint16(b>>16))<<16 |
		uint64(uint16(a>>32)*uint16(b>>32))<<32 |
		uint64(uint16(a>>48)*uint16(b>>48))<<48
}

// I16x8Q15mulrSatS multiplies as signed fractions of 2^15, rounds to nearest
// (halves up), and clamps: only -1 times -1 is out of range.
func I16x8Q15mulrSatS(a, b V128) V128 { return V128{q15mulr(a.Lo, b.Lo), q15mulr(a.Hi, b.Hi)} }

// q15mulr multiplies 4 lanes.
func q15mulr(a, b uint64) (r uint64) {
	for i := 0; i < 64; i += 16 {
		p := (int32(int16(a>>i))*int32(int16(b>>i)) + 1<<14) >> 15
		r |= uint64(uint16(min(p, 1<<15-1))) << i
	}
	return r
}
