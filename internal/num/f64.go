package num

import "math"

// The operators of f64. Rounding is to nearest, ties to even.
//
// Each result goes through an explicit conversion to float64: without it the
// compiler may fuse a multiplication with an addition around it once both are
// inlined, and the product would not be rounded.

// F64Abs clears the sign, of NaNs too; no other bit changes.
func F64Abs(a uint64) uint64 { return a &^ sign64 }

// F64Neg inverts the sign, of NaNs too; no other bit changes.
func F64Neg(a uint64) uint64 { return a ^ sign64 }

// F64Copysign is a with the sign of b; no other bit changes.
func F64Copysign(a, b uint64) uint64 { return a&^sign64 | b&sign64 }

// F64Add is a + b.
func F64Add(a, b uint64) uint64 {
	return result64(float64(math.Float64frombits(a) + math.Float64frombits(b)))
}

// F64Sub is a - b.
func F64Sub(a, b uint64) uint64 {
	return result64(float64(math.Float64frombits(a) - math.Float64frombits(b)))
}

// F64Mul is a * b.
func F64Mul(a, b uint64) uint64 {
	return result64(float64(math.Float64frombits(a) * math.Float64frombits(b)))
}

// F64Div is a / b.
func F64Div(a, b uint64) uint64 {
	return result64(float64(math.Float64frombits(a) / math.Float64frombits(b)))
}

// F64Sqrt is the square root; a NaN for negative operands other than -0.
func F64Sqrt(a uint64) uint64 {
	return result64(math.Sqrt(math.Float64frombits(a)))
}

// F64Min is the lesser operand, -0 being less than +0; a NaN if either is one.
func F64Min(a, b uint64) uint64 {
	r := min(math.Float64frombits(a), math.Float64frombits(b))
	if r != r {
		return eitherNaN64(a, b)
	}
	return math.Float64bits(r)
}

// F64Max is the greater operand, +0 being greater than -0; a NaN if either is one.
func F64Max(a, b uint64) uint64 {
	r := max(math.Float64frombits(a), math.Float64frombits(b))
	if r != r {
		return eitherNaN64(a, b)
	}
	return math.Float64bits(r)
}

// F64Ceil rounds to an integral value towards +∞.
func F64Ceil(a uint64) uint64 {
	if isNaN64(a) {
		return a | quiet64
	}
	return math.Float64bits(math.Ceil(math.Float64frombits(a)))
}

// F64Floor rounds to an integral value towards -∞.
func F64Floor(a uint64) uint64 {
	if isNaN64(a) {
		return a | quiet64
	}
	return math.Float64bits(math.Floor(math.Float64frombits(a)))
}

// F64Trunc rounds to an integral value towards zero.
func F64Trunc(a uint64) uint64 {
	if isNaN64(a) {
		return a | quiet64
	}
	return math.Float64bits(math.Trunc(math.Float64frombits(a)))
}

// F64Nearest rounds to the nearest integral value, ties to even.
func F64Nearest(a uint64) uint64 {
	if isNaN64(a) {
		return a | quiet64
	}
	return math.Float64bits(math.RoundToEven(math.Float64frombits(a)))
}

// F64Eq compares: a = b. It is false for NaNs; -0 equals +0.
func F64Eq(a, b uint64) uint32 {
	return b2u(math.Float64frombits(a) == math.Float64frombits(b))
}

// F64Ne compares: a ≠ b. It is true for NaNs.
func F64Ne(a, b uint64) uint32 {
	return b2u(math.Float64frombits(a) != math.Float64frombits(b))
}

// F64Lt compares: a < b. It is false for NaNs.
func F64Lt(a, b uint64) uint32 {
	return b2u(math.Float64frombits(a) < math.Float64frombits(b))
}

// F64Gt compares: a > b. It is false for NaNs.
func F64Gt(a, b uint64) uint32 {
	return b2u(math.Float64frombits(a) > math.Float64frombits(b))
}

// F64Le compares: a ≤ b. It is false for NaNs.
func F64Le(a, b uint64) uint32 {
	return b2u(math.Float64frombits(a) <= math.Float64frombits(b))
}

// F64Ge compares: a ≥ b. It is false for NaNs.
func F64Ge(a, b uint64) uint32 {
	return b2u(math.Float64frombits(a) >= math.Float64frombits(b))
}
