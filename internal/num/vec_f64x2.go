package num

// The operators of f64x2: those of f64, lane by lane.

// F64x2Abs clears the signs, of NaNs too.
func F64x2Abs(a V128) V128 { return V128{a.Lo &^ sign64, a.Hi &^ sign64} }

// F64x2Neg inverts the signs, of NaNs too.
func F64x2Neg(a V128) V128 { return V128{a.Lo ^ sign64, a.Hi ^ sign64} }

// F64x2Sqrt is the square root.
func F64x2Sqrt(a V128) V128 {
	return V128{F64Sqrt(a.Lo), F64Sqrt(a.Hi)}
}

// F64x2Ceil rounds to integral values towards +∞.
func F64x2Ceil(a V128) V128 {
	return V128{F64Ceil(a.Lo), F64Ceil(a.Hi)}
}

// F64x2Floor rounds to integral values towards -∞.
func F64x2Floor(a V128) V128 {
	return V128{F64Floor(a.Lo), F64Floor(a.Hi)}
}

// F64x2Trunc rounds to integral values towards zero.
func F64x2Trunc(a V128) V128 {
	return V128{F64Trunc(a.Lo), F64Trunc(a.Hi)}
}

// F64x2Nearest rounds to the nearest integral values, ties to even.
func F64x2Nearest(a V128) V128 {
	return V128{F64Nearest(a.Lo), F64Nearest(a.Hi)}
}

// F64x2Add adds.
func F64x2Add(a, b V128) V128 {
	return V128{F64Add(a.Lo, b.Lo), F64Add(a.Hi, b.Hi)}
}

// F64x2Sub subtracts.
func F64x2Sub(a, b V128) V128 {
	return V128{F64Sub(a.Lo, b.Lo), F64Sub(a.Hi, b.Hi)}
}

// F64x2Mul multiplies.
func F64x2Mul(a, b V128) V128 {
	return V128{F64Mul(a.Lo, b.Lo), F64Mul(a.Hi, b.Hi)}
}

// F64x2Div divides.
func F64x2Div(a, b V128) V128 {
	return V128{F64Div(a.Lo, b.Lo), F64Div(a.Hi, b.Hi)}
}

// F64x2Min is the lesser operand, or a NaN if either is one.
func F64x2Min(a, b V128) V128 {
	return V128{F64Min(a.Lo, b.Lo), F64Min(a.Hi, b.Hi)}
}

// F64x2Max is the greater operand, or a NaN if either is one.
func F64x2Max(a, b V128) V128 {
	return V128{F64Max(a.Lo, b.Lo), F64Max(a.Hi, b.Hi)}
}

// F64x2Pmin is b where b < a, else a, bit for bit.
func F64x2Pmin(a, b V128) V128 {
	return V128{pmin64(a.Lo, b.Lo), pmin64(a.Hi, b.Hi)}
}

// F64x2Pmax is b where a < b, else a, bit for bit.
func F64x2Pmax(a, b V128) V128 {
	return V128{pmax64(a.Lo, b.Lo), pmax64(a.Hi, b.Hi)}
}

// F64x2Eq is all ones where a = b, else zero.
func F64x2Eq(a, b V128) V128 {
	return V128{-uint64(F64Eq(a.Lo, b.Lo)), -uint64(F64Eq(a.Hi, b.Hi))}
}

// F64x2Ne is all ones where a ≠ b, else zero.
func F64x2Ne(a, b V128) V128 {
	return V128{-uint64(F64Ne(a.Lo, b.Lo)), -uint64(F64Ne(a.Hi, b.Hi))}
}

// F64x2Lt is all ones where a < b, else zero.
func F64x2Lt(a, b V128) V128 {
	return V128{-uint64(F64Lt(a.Lo, b.Lo)), -uint64(F64Lt(a.Hi, b.Hi))}
}

// F64x2Gt is all ones where a > b, else zero.
func F64x2Gt(a, b V128) V128 {
	return V128{-uint64(F64Gt(a.Lo, b.Lo)), -uint64(F64Gt(a.Hi, b.Hi))}
}

// F64x2Le is all ones where a ≤ b, else zero.
func F64x2Le(a, b V128) V128 {
	return V128{-uint64(F64Le(a.Lo, b.Lo)), -uint64(F64Le(a.Hi, b.Hi))}
}

// F64x2Ge is all ones where a ≥ b, else zero.
func F64x2Ge(a, b V128) V128 {
	return V128{-uint64(F64Ge(a.Lo, b.Lo)), -uint64(F64Ge(a.Hi, b.Hi))}
}

// pmin64 is b if b < a, else a.
func pmin64(a, b uint64) uint64 {
	if F64Lt(b, a) != 0 {
		return b
	}
	return a
}

// pmax64 is b if a < b, else a.
func pmax64(a, b uint64) uint64 {
	if F64Lt(a, b) != 0 {
		return b
	}
	return a
}
