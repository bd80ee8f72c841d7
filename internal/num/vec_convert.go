package num

// Conversions between vectors of integers and of floats.

// F32x4ConvertI32x4S converts signed integers, rounding to nearest, ties to even.
func F32x4ConvertI32x4S(a V128) V128 {
	return V128{
		uint64(F32ConvertI32S(uint32(a.Lo))) | uint64(F32ConvertI32S(uint32(a.Lo>>32)))<<32,
		uint64(F32ConvertI32S(uint32(a.Hi))) | uint64(F32ConvertI32S(uint32(a.Hi>>32)))<<32,
	}
}

// I32x4TruncSatF32x4S rounds towards zero to signed integers and clamps; NaNs give 0.
func I32x4TruncSatF32x4S(a V128) V128 {
	return V128{
		uint64(I32TruncSatF32S(uint32(a.Lo))) | uint64(I32TruncSatF32S(uint32(a.Lo>>32)))<<32,
		uint64(I32TruncSatF32S(uint32(a.Hi))) | uint64(I32TruncSatF32S(uint32(a.Hi>>32)))<<32,
	}
}

// F64x2ConvertLowI32x4S converts the low two signed integers, exactly.
func F64x2ConvertLowI32x4S(a V128) V128 {
	return V128{F64ConvertI32S(uint32(a.Lo)), F64ConvertI32S(uint32(a.Lo >> 32))}
}

// I32x4TruncSatF64x2SZero rounds towards zero to signed integers and clamps;
// NaNs give 0, and the high two lanes are 0.
func I32x4TruncSatF64x2SZero(a V128) V128 {
	return V128{Lo: uint64(I32TruncSatF64S(a.Lo)) | uint64(I32TruncSatF64S(a.Hi))<<32}
}

// F32x4ConvertI32x4U converts unsigned integers, rounding to nearest, ties to even.
func F32x4ConvertI32x4U(a V128) V128 {
	return V128{
		uint64(F32ConvertI32U(uint32(a.Lo))) | uint64(F32ConvertI32U(uint32(a.Lo>>32)))<<32,
		uint64(F32ConvertI32U(uint32(a.Hi))) | uint64(F32ConvertI32U(uint32(a.Hi>>32)))<<32,
	}
}

// I32x4TruncSatF32x4U rounds towards zero to unsigned integers and clamps; NaNs give 0.
func I32x4TruncSatF32x4U(a V128) V128 {
	return V128{
		uint64(I32TruncSatF32U(uint32(a.Lo))) | uint64(I32TruncSatF32U(uint32(a.Lo>>32)))<<32,
		uint64(I32TruncSatF32U(uint32(a.Hi))) | uint64(I32TruncSatF32U(uint32(a.Hi>>32)))<<32,
	}
}

// F64x2ConvertLowI32x4U converts the low two unsigned integers, exactly.
func F64x2ConvertLowI32x4U(a V128) V128 {
	return V128{F64ConvertI32U(uint32(a.Lo)), F64ConvertI32U(uint32(a.Lo >> 32))}
}

// I32x4TruncSatF64x2UZero rounds towards zero to unsigned integers and clamps;
// NaNs give 0, and the high two lanes are 0.
func I32x4TruncSatF64x2UZero(a V128) V128 {
	return V128{Lo: uint64(I32TruncSatF64U(a.Lo)) | uint64(I32TruncSatF64U(a.Hi))<<32}
}

// F32x4DemoteF64x2Zero rounds both lanes to f32; the high two lanes are 0.
func F32x4DemoteF64x2Zero(a V128) V128 {
	return V128{Lo: uint64(F32DemoteF64(a.Lo)) | uint64(F32DemoteF64(a.Hi))<<32}
}

// F64x2PromoteLowF32x4 converts the low two lanes, exactly.
func F64x2PromoteLowF32x4(a V128) V128 {
	return V128{F64PromoteF32(uint32(a.Lo)), F64PromoteF32(uint32(a.Lo >> 32))}
}
