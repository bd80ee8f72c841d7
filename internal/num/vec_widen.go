package num

// The operators whose lanes are twice or half as wide as their operands'
// lanes. The loads that extend (v128.load8x8_s and its like) are ExtendLow of a
// vector whose Lo is the value in memory.

// extend8S widens the signed lanes of 8 bits in a.
func extend8S(a uint64) V128 {
	return V128{signFill(spread8(a), low16<<7, 0xff00>>7), signFill(spread8(a>>32), low16<<7, 0xff00>>7)}
}

// spread8 moves the low 4 bytes apart, each to the low half of 16 bits.
func spread8(a uint64) uint64 {
	a = (a&0xffffffff | a<<16) & 0x0000ffff0000ffff
	return (a | a<<8) & 0x00ff00ff00ff00ff
}

// signFill fills the high half of each lane with the sign of its low half, a
// bit of signs; fill is the high half's ones divided by that bit.
func signFill(a, signs, fill uint64) uint64 { return a | a&signs*fill }

// I16x8ExtendLowI8x16S widens the low half of the signed lanes.
func I16x8ExtendLowI8x16S(a V128) V128 { return extend8S(a.Lo) }

// I16x8ExtendHighI8x16S widens the high half of the signed lanes.
func I16x8ExtendHighI8x16S(a V128) V128 { return extend8S(a.Hi) }

// I16x8ExtmulLowI8x16S is the full product of the low half of the signed lanes.
func I16x8ExtmulLowI8x16S(a, b V128) V128 {
	return I16x8Mul(extend8S(a.Lo), extend8S(b.Lo))
}

// I16x8ExtmulHighI8x16S is the full product of the high half of the signed lanes.
func I16x8ExtmulHighI8x16S(a, b V128) V128 {
	return I16x8Mul(extend8S(a.Hi), extend8S(b.Hi))
}

// I16x8ExtaddPairwiseI8x16S adds neighbouring signed lanes.
func I16x8ExtaddPairwiseI8x16S(a V128) V128 {
	return I16x8Add(I16x8ShrS(I16x8Shl(a, 8), 8), I16x8ShrS(a, 8))
}

// extend8U widens the unsigned lanes of 8 bits in a.
func extend8U(a uint64) V128 { return V128{spread8(a), spread8(a >> 32)} }

// I16x8ExtendLowI8x16U widens the low half of the unsigned lanes.
func I16x8ExtendLowI8x16U(a V128) V128 { return extend8U(a.Lo) }

// I16x8ExtendHighI8x16U widens the high half of the unsigned lanes.
func I16x8ExtendHighI8x16U(a V128) V128 { return extend8U(a.Hi) }

// I16x8ExtmulLowI8x16U is the full product of the low half of the unsigned lanes.
func I16x8ExtmulLowI8x16U(a, b V128) V128 {
	return I16x8Mul(extend8U(a.Lo), extend8U(b.Lo))
}

// I16x8ExtmulHighI8x16U is the full product of the high half of the unsigned lanes.
func I16x8ExtmulHighI8x16U(a, b V128) V128 {
	return I16x8Mul(extend8U(a.Hi), extend8U(b.Hi))
}

// I16x8ExtaddPairwiseI8x16U adds neighbouring unsigned lanes.
func I16x8ExtaddPairwiseI8x16U(a V128) V128 {
	const low = low16 * (1<<8 - 1)
	return V128{a.Lo&low + a.Lo>>8&low, a.Hi&low + a.Hi>>8&low}
}

// extend16S widens the signed lanes of 16 bits in a.
func extend16S(a uint64) V128 {
	return V128{
		uint64(uint32(int16(a))) |
			uint64(uint32(int16(a>>16)))<<32,
		uint64(uint32(int16(a>>32))) |
			uint64(uint32(int16(a>>48)))<<32,
	}
}

// I32x4ExtendLowI16x8S widens the low half of the signed lanes.
func I32x4ExtendLowI16x8S(a V128) V128 { return extend16S(a.Lo) }

// I32x4ExtendHighI16x8S widens the high half of the signed lanes.
func I32x4ExtendHighI16x8S(a V128) V128 { return extend16S(a.Hi) }

// I32x4ExtmulLowI16x8S is the full product of the low half of the signed lanes.
func I32x4ExtmulLowI16x8S(a, b V128) V128 {
	return I32x4Mul(extend16S(a.Lo), extend16S(b.Lo))
}

// I32x4ExtmulHighI16x8S is the full product of the high half of the signed lanes.
func I32x4ExtmulHighI16x8S(a, b V128) V128 {
	return I32x4Mul(extend16S(a.Hi), extend16S(b.Hi))
}

// I32x4ExtaddPairwiseI16x8S adds neighbouring signed lanes.
func I32x4ExtaddPairwiseI16x8S(a V128) V128 {
	return I32x4Add(I32x4ShrS(I32x4Shl(a, 16), 16), I32x4ShrS(a, 16))
}

// extend16U widens the unsigned lanes of 16 bits in a.
func extend16U(a uint64) V128 {
	return V128{
		uint64(uint16(a)) |
			uint64(uint16(a>>16))<<32,
		uint64(uint16(a>>32)) |
			uint64(uint16(a>>48))<<32,
	}
}

// I32x4ExtendLowI16x8U widens the low half of the unsigned lanes.
func I32x4ExtendLowI16x8U(a V128) V128 { return extend16U(a.Lo) }

// I32x4ExtendHighI16x8U widens the high half of the unsigned lanes.
func I32x4ExtendHighI16x8U(a V128) V128 { return extend16U(a.Hi) }

// I32x4ExtmulLowI16x8U is the full product of the low half of the unsigned lanes.
func I32x4ExtmulLowI16x8U(a, b V128) V128 {
	return I32x4Mul(extend16U(a.Lo), extend16U(b.Lo))
}

// I32x4ExtmulHighI16x8U is the full product of the high half of the unsigned lanes.
func I32x4ExtmulHighI16x8U(a, b V128) V128 {
	return I32x4Mul(extend16U(a.Hi), extend16U(b.Hi))
}

// I32x4ExtaddPairwiseI16x8U adds neighbouring unsigned lanes.
func I32x4ExtaddPairwiseI16x8U(a V128) V128 {
	const low = low32 * (1<<16 - 1)
	return V128{a.Lo&low + a.Lo>>16&low, a.Hi&low + a.Hi>>16&low}
}

// extend32S widens the signed lanes of 32 bits in a.
func extend32S(a uint64) V128 {
	return V128{uint64(int32(a)), uint64(int64(a) >> 32)}
}

// I64x2ExtendLowI32x4S widens the low half of the signed lanes.
func I64x2ExtendLowI32x4S(a V128) V128 { return extend32S(a.Lo) }

// I64x2ExtendHighI32x4S widens the high half of the signed lanes.
func I64x2ExtendHighI32x4S(a V128) V128 { return extend32S(a.Hi) }

// I64x2ExtmulLowI32x4S is the full product of the low half of the signed lanes.
func I64x2ExtmulLowI32x4S(a, b V128) V128 {
	return I64x2Mul(extend32S(a.Lo), extend32S(b.Lo))
}

// I64x2ExtmulHighI32x4S is the full product of the high half of the signed lanes.
func I64x2ExtmulHighI32x4S(a, b V128) V128 {
	return I64x2Mul(extend32S(a.Hi), extend32S(b.Hi))
}

// extend32U widens the unsigned lanes of 32 bits in a.
func extend32U(a uint64) V128 {
	return V128{uint64(uint32(a)), a >> 32}
}

// I64x2ExtendLowI32x4U widens the low half of the unsigned lanes.
func I64x2ExtendLowI32x4U(a V128) V128 { return extend32U(a.Lo) }

// I64x2ExtendHighI32x4U widens the high half of the unsigned lanes.
func I64x2ExtendHighI32x4U(a V128) V128 { return extend32U(a.Hi) }

// I64x2ExtmulLowI32x4U is the full product of the low half of the unsigned lanes.
func I64x2ExtmulLowI32x4U(a, b V128) V128 {
	return I64x2Mul(extend32U(a.Lo), extend32U(b.Lo))
}

// I64x2ExtmulHighI32x4U is the full product of the high half of the unsigned lanes.
func I64x2ExtmulHighI32x4U(a, b V128) V128 {
	return I64x2Mul(extend32U(a.Hi), extend32U(b.Hi))
}

// I8x16NarrowI16x8S clamps signed lanes to the signed range of half the width,
// those of a before those of b.
func I8x16NarrowI16x8S(a, b V128) V128 {
	return V128{
		narrow16S(a.Lo) | narrow16S(a.Hi)<<32,
		narrow16S(b.Lo) | narrow16S(b.Hi)<<32,
	}
}

// narrow16S clamps the signed lanes of 16 bits in a.
func narrow16S(a uint64) (r uint64) {
	for i := 0; i < 64; i += 16 {
		x := max(min(int16(a>>i), 1<<7-1), -1<<7)
		r |= uint64(uint8(x)) << (i / 2)
	}
	return r
}

// I8x16NarrowI16x8U clamps signed lanes to the unsigned range of half the width,
// those of a before those of b.
func I8x16NarrowI16x8U(a, b V128) V128 {
	return V128{
		narrow16U(a.Lo) | narrow16U(a.Hi)<<32,
		narrow16U(b.Lo) | narrow16U(b.Hi)<<32,
	}
}

// narrow16U clamps the signed lanes of 16 bits in a.
func narrow16U(a uint64) (r uint64) {
	for i := 0; i < 64; i += 16 {
		x := max(min(int16(a>>i), 1<<8-1), 0)
		r |= uint64(uint8(x)) << (i / 2)
	}
	return r
}

// I16x8NarrowI32x4S clamps signed lanes to the signed range of half the width,
// those of a before those of b.
func I16x8NarrowI32x4S(a, b V128) V128 {
	return V128{
		narrow32S(a.Lo) | narrow32S(a.Hi)<<32,
		narrow32S(b.Lo) | narrow32S(b.Hi)<<32,
	}
}

// narrow32S clamps the signed lanes of 32 bits in a.
func narrow32S(a uint64) (r uint64) {
	for i := 0; i < 64; i += 32 {
		x := max(min(int32(a>>i), 1<<15-1), -1<<15)
		r |= uint64(uint16(x)) << (i / 2)
	}
	return r
}

// I16x8NarrowI32x4U clamps signed lanes to the unsigned range of half the width,
// those of a before those of b.
func I16x8NarrowI32x4U(a, b V128) V128 {
	return V128{
		narrow32U(a.Lo) | narrow32U(a.Hi)<<32,
		narrow32U(b.Lo) | narrow32U(b.Hi)<<32,
	}
}

// narrow32U clamps the signed lanes of 32 bits in a.
func narrow32U(a uint64) (r uint64) {
	for i := 0; i < 64; i += 32 {
		x := max(min(int32(a>>i), 1<<16-1), 0)
		r |= uint64(uint16(x)) << (i / 2)
	}
	return r
}

// I32x4DotI16x8S multiplies signed lanes and adds neighbouring products
// modulo 2^32.
func I32x4DotI16x8S(a, b V128) V128 { return V128{dot16(a.Lo, b.Lo), dot16(a.Hi, b.Hi)} }

// dot16 makes 2 sums of the products of 4 lanes.
func dot16(a, b uint64) uint64 {
	p := func(i int) uint32 { return uint32(int32(int16(a>>i)) * int32(int16(b>>i))) }
	return uint64(p(0)+p(16)) | uint64(p(32)+p(48))<<32
}
