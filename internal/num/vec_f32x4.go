package num

// The operators of f32x4: those of f32, lane by lane.

// F32x4Abs clears the signs, of NaNs too.
func F32x4Abs(a V128) V128 { return V128{a.Lo &^ high32, a.Hi &^ high32} }

// F32x4Neg inverts the signs, of NaNs too.
func F32x4Neg(a V128) V128 { return V128{a.Lo ^ high32, a.Hi ^ high32} }

// F32x4Sqrt is the square root.
func F32x4Sqrt(a V128) V128 {
	return V128{
		uint64(F32Sqrt(uint32(a.Lo))) | uint64(F32Sqrt(uint32(a.Lo>>32)))<<32,
		uint64(F32Sqrt(uint32(a.Hi))) | uint64(F32Sqrt(uint32(a.Hi>>32)))<<32,
	}
}

// F32x4Ceil rounds to integral values towards +∞.
func F32x4Ceil(a V128) V128 {
	return V128{
		uint64(F32Ceil(uint32(a.Lo))) | uint64(F32Ceil(uint32(a.Lo>>32)))<<32,
		uint64(F32Ceil(uint32(a.Hi))) | uint64(F32Ceil(uint32(a.Hi>>32)))<<32,
	}
}

// F32x4Floor rounds to integral values towards -∞.
func F32x4Floor(a V128) V128 {
	return V128{
		uint64(F32Floor(uint32(a.Lo))) | uint64(F32Floor(uint32(a.Lo>>32)))<<32,
		uint64(F32Floor(uint32(a.Hi))) | uint64(F32Floor(uint32(a.Hi>>32)))<<32,
	}
}

// F32x4Trunc rounds to integral values towards zero.
func F32x4Trunc(a V128) V128 {
	return V128{
		uint64(F32Trunc(uint32(a.Lo))) | uint64(F32Trunc(uint32(a.Lo>>32)))<<32,
		uint64(F32Trunc(uint32(a.Hi))) | uint64(F32Trunc(uint32(a.Hi>>32)))<<32,
	}
}

// F32x4Nearest rounds to the nearest integral values, ties to even.
func F32x4Nearest(a V128) V128 {
	return V128{
		uint64(F32Nearest(uint32(a.Lo))) | uint64(F32Nearest(uint32(a.Lo>>32)))<<32,
		uint64(F32Nearest(uint32(a.Hi))) | uint64(F32Nearest(uint32(a.Hi>>32)))<<32,
	}
}

// F32x4Add adds.
func F32x4Add(a, b V128) V128 {
	return V128{
		uint64(F32Add(uint32(a.Lo), uint32(b.Lo))) | uint64(F32Add(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(F32Add(uint32(a.Hi), uint32(b.Hi))) | uint64(F32Add(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Sub subtracts.
func F32x4Sub(a, b V128) V128 {
	return V128{
		uint64(F32Sub(uint32(a.Lo), uint32(b.Lo))) | uint64(F32Sub(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(F32Sub(uint32(a.Hi), uint32(b.Hi))) | uint64(F32Sub(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Mul multiplies.
func F32x4Mul(a, b V128) V128 {
	return V128{
		uint64(F32Mul(uint32(a.Lo), uint32(b.Lo))) | uint64(F32Mul(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(F32Mul(uint32(a.Hi), uint32(b.Hi))) | uint64(F32Mul(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Div divides.
func F32x4Div(a, b V128) V128 {
	return V128{
		uint64(F32Div(uint32(a.Lo), uint32(b.Lo))) | uint64(F32Div(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(F32Div(uint32(a.Hi), uint32(b.Hi))) | uint64(F32Div(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Min is the lesser operand, or a NaN if either is one.
func F32x4Min(a, b V128) V128 {
	return V128{
		uint64(F32Min(uint32(a.Lo), uint32(b.Lo))) | uint64(F32Min(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(F32Min(uint32(a.Hi), uint32(b.Hi))) | uint64(F32Min(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Max is the greater operand, or a NaN if either is one.
func F32x4Max(a, b V128) V128 {
	return V128{
		uint64(F32Max(uint32(a.Lo), uint32(b.Lo))) | uint64(F32Max(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(F32Max(uint32(a.Hi), uint32(b.Hi))) | uint64(F32Max(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Pmin is b where b < a, else a, bit for bit.
func F32x4Pmin(a, b V128) V128 {
	return V128{
		uint64(pmin32(uint32(a.Lo), uint32(b.Lo))) | uint64(pmin32(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(pmin32(uint32(a.Hi), uint32(b.Hi))) | uint64(pmin32(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Pmax is b where a < b, else a, bit for bit.
func F32x4Pmax(a, b V128) V128 {
	return V128{
		uint64(pmax32(uint32(a.Lo), uint32(b.Lo))) | uint64(pmax32(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(pmax32(uint32(a.Hi), uint32(b.Hi))) | uint64(pmax32(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Eq is all ones where a = b, else zero.
func F32x4Eq(a, b V128) V128 {
	return V128{
		uint64(-F32Eq(uint32(a.Lo), uint32(b.Lo))) | uint64(-F32Eq(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(-F32Eq(uint32(a.Hi), uint32(b.Hi))) | uint64(-F32Eq(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Ne is all ones where a ≠ b, else zero.
func F32x4Ne(a, b V128) V128 {
	return V128{
		uint64(-F32Ne(uint32(a.Lo), uint32(b.Lo))) | uint64(-F32Ne(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(-F32Ne(uint32(a.Hi), uint32(b.Hi))) | uint64(-F32Ne(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Lt is all ones where a < b, else zero.
func F32x4Lt(a, b V128) V128 {
	return V128{
		uint64(-F32Lt(uint32(a.Lo), uint32(b.Lo))) | uint64(-F32Lt(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(-F32Lt(uint32(a.Hi), uint32(b.Hi))) | uint64(-F32Lt(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Gt is all ones where a > b, else zero.
func F32x4Gt(a, b V128) V128 {
	return V128{
		uint64(-F32Gt(uint32(a.Lo), uint32(b.Lo))) | uint64(-F32Gt(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(-F32Gt(uint32(a.Hi), uint32(b.Hi))) | uint64(-F32Gt(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Le is all ones where a ≤ b, else zero.
func F32x4Le(a, b V128) V128 {
	return V128{
		uint64(-F32Le(uint32(a.Lo), uint32(b.Lo))) | uint64(-F32Le(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(-F32Le(uint32(a.Hi), uint32(b.Hi))) | uint64(-F32Le(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// F32x4Ge is all ones where a ≥ b, else zero.
func F32x4Ge(a, b V128) V128 {
	return V128{
		uint64(-F32Ge(uint32(a.Lo), uint32(b.Lo))) | uint64(-F32Ge(uint32(a.Lo>>32), uint32(b.Lo>>32)))<<32,
		uint64(-F32Ge(uint32(a.Hi), uint32(b.Hi))) | uint64(-F32Ge(uint32(a.Hi>>32), uint32(b.Hi>>32)))<<32,
	}
}

// pmin32 is b if b < a, else a.
func pmin32(a, b uint32) uint32 {
	if F32Lt(b, a) != 0 {
		return b
	}
	return a
}

// pmax32 is b if a < b, else a.
func pmax32(a, b uint32) uint32 {
	if F32Lt(a, b) != 0 {
		return b
	}
	return a
}
