package num

// The relaxed vector operators. The specification allows several results for
// some operands; these are the ones of its deterministic profile, on every
// machine: multiplications and additions are fused, lanes are selected bit by
// bit, everything else is as in the operator that is not relaxed.

// I8x16RelaxedSwizzle is I8x16Swizzle: an index above 15 gives 0.
func I8x16RelaxedSwizzle(a, s V128) V128 { return I8x16Swizzle(a, s) }

// I32x4RelaxedTruncF32x4S is I32x4TruncSatF32x4S.
func I32x4RelaxedTruncF32x4S(a V128) V128 { return I32x4TruncSatF32x4S(a) }

// I32x4RelaxedTruncF64x2SZero is I32x4TruncSatF64x2SZero.
func I32x4RelaxedTruncF64x2SZero(a V128) V128 { return I32x4TruncSatF64x2SZero(a) }

// I32x4RelaxedTruncF32x4U is I32x4TruncSatF32x4U.
func I32x4RelaxedTruncF32x4U(a V128) V128 { return I32x4TruncSatF32x4U(a) }

// I32x4RelaxedTruncF64x2UZero is I32x4TruncSatF64x2UZero.
func I32x4RelaxedTruncF64x2UZero(a V128) V128 { return I32x4TruncSatF64x2UZero(a) }

// F32x4RelaxedMadd is a * b + c, rounded once.
func F32x4RelaxedMadd(a, b, c V128) V128 {
	return V128{
		uint64(fma32(uint32(a.Lo), uint32(b.Lo), uint32(c.Lo))) | uint64(fma32(uint32(a.Lo>>32), uint32(b.Lo>>32), uint32(c.Lo>>32)))<<32,
		uint64(fma32(uint32(a.Hi), uint32(b.Hi), uint32(c.Hi))) | uint64(fma32(uint32(a.Hi>>32), uint32(b.Hi>>32), uint32(c.Hi>>32)))<<32,
	}
}

// F32x4RelaxedNmadd is -(a * b) + c, rounded once.
func F32x4RelaxedNmadd(a, b, c V128) V128 { return F32x4RelaxedMadd(F32x4Neg(a), b, c) }

// F64x2RelaxedMadd is a * b + c, rounded once.
func F64x2RelaxedMadd(a, b, c V128) V128 {
	return V128{fma64(a.Lo, b.Lo, c.Lo), fma64(a.Hi, b.Hi, c.Hi)}
}

// F64x2RelaxedNmadd is -(a * b) + c, rounded once.
func F64x2RelaxedNmadd(a, b, c V128) V128 { return F64x2RelaxedMadd(F64x2Neg(a), b, c) }

// I8x16RelaxedLaneselect is V128Bitselect.
func I8x16RelaxedLaneselect(a, b, mask V128) V128 { return V128Bitselect(a, b, mask) }

// I16x8RelaxedLaneselect is V128Bitselect.
func I16x8RelaxedLaneselect(a, b, mask V128) V128 { return V128Bitselect(a, b, mask) }

// I32x4RelaxedLaneselect is V128Bitselect.
func I32x4RelaxedLaneselect(a, b, mask V128) V128 { return V128Bitselect(a, b, mask) }

// I64x2RelaxedLaneselect is V128Bitselect.
func I64x2RelaxedLaneselect(a, b, mask V128) V128 { return V128Bitselect(a, b, mask) }

// F32x4RelaxedMin is F32x4Min.
func F32x4RelaxedMin(a, b V128) V128 { return F32x4Min(a, b) }

// F32x4RelaxedMax is F32x4Max.
func F32x4RelaxedMax(a, b V128) V128 { return F32x4Max(a, b) }

// F64x2RelaxedMin is F64x2Min.
func F64x2RelaxedMin(a, b V128) V128 { return F64x2Min(a, b) }

// F64x2RelaxedMax is F64x2Max.
func F64x2RelaxedMax(a, b V128) V128 { return F64x2Max(a, b) }

// I16x8RelaxedQ15mulrS is I16x8Q15mulrSatS.
func I16x8RelaxedQ15mulrS(a, b V128) V128 { return I16x8Q15mulrSatS(a, b) }

// I16x8RelaxedDotI8x16I7x16S multiplies lanes, both as signed, and adds
// neighbouring products, clamping the sums: only twice -128 * -128 is out of
// range.
func I16x8RelaxedDotI8x16I7x16S(a, b V128) V128 { return V128{dot8(a.Lo, b.Lo), dot8(a.Hi, b.Hi)} }

// dot8 makes 4 sums of the products of 8 lanes.
func dot8(a, b uint64) (r uint64) {
	for i := 0; i < 64; i += 16 {
		sum := int32(int8(a>>i))*int32(int8(b>>i)) + int32(int8(a>>(i+8)))*int32(int8(b>>(i+8)))
		r |= uint64(uint16(min(sum, 1<<15-1))) << i
	}
	return r
}

// I32x4RelaxedDotI8x16I7x16AddS adds neighbouring lanes of the relaxed dot
// product of a and b, and c, modulo 2^32.
func I32x4RelaxedDotI8x16I7x16AddS(a, b, c V128) V128 {
	return I32x4Add(I32x4ExtaddPairwiseI16x8S(I16x8RelaxedDotI8x16I7x16S(a, b)), c)
}
