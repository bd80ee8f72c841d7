package num

import "math"

// The operators of f32. Rounding is to nearest, ties to even.
//
// Each result goes through an explicit conversion to float32: without it the
// compiler may fuse a multiplication with an addition around it once both are
// inlined, and the product would not be rounded.

// F32Abs clears the sign, of NaNs too; no other bit changes.
func F32Abs(a uint32) uint32 { return a &^ sign32 }

// F32Neg inverts the sign, of NaNs too; no other bit changes.
func F32Neg(a uint32) uint32 { return a ^ sign32 }

// F32Copysign is a with the sign of b; no other bit changes.
func F32Copysign(a, b uint32) uint32 { return a&^sign32 | b&sign32 }

// F32Add is a + b.
func F32Add(a, b uint32) uint32 {
	return result32(float32(math.Float32frombits(a) + math.Float32frombits(b)))
}

// F32Sub is a - b.
func F32Sub(a, b uint32) uint32 {
	return result32(float32(math.Float32frombits(a) - math.Float32frombits(b)))
}

// F32Mul is a * b.
func F32Mul(a, b uint32) uint32 {
	return result32(float32(math.Float32frombits(a) * math.Float32frombits(b)))
}

// F32Div is a / b.
func F32Div(a, b uint32) uint32 {
	return result32(float32(math.Float32frombits(a) / math.Float32frombits(b)))
}

// F32Sqrt is the square root; a NaN for negative operands other than -0.
func F32Sqrt(a uint32) uint32 {
	return result32(float32(math.Sqrt(float64(math.Float32frombits(a)))))
}

// F32Min is the lesser operand, -0 being less than +0; a NaN if either is one.
func F32Min(a, b uint32) uint32 {
	r := min(math.Float32frombits(a), math.Float32frombits(b))
	if r != r {
		return eitherNaN32(a, b)
	}
	return math.Float32bits(r)
}

// F32Max is the greater operand, +0 being greater than -0; a NaN if either is one.
func F32Max(a, b uint32) uint32 {
	r := max(math.Float32frombits(a), math.Float32frombits(b))
	if r != r {
		return eitherNaN32(a, b)
	}
	return math.Float32bits(r)
}

// F32Ceil rounds to an integral value towards +∞.
func F32Ceil(a uint32) uint32 {
	if isNaN32(a) {
		return a | quiet32
	}
	return math.Float32bits(float32(math.Ceil(float64(math.Float32frombits(a)))))
}

// F32Floor rounds to an integral value towards -∞.
func F32Floor(a uint32) uint32 {
	if isNaN32(a) {
		return a | quiet32
	}
	return math.Float32bits(float32(math.Floor(float64(math.Float32frombits(a)))))
}

// F32Trunc rounds to an integral value towards zero.
func F32Trunc(a uint32) uint32 {
	if isNaN32(a) {
		return a | quiet32
	}
	return math.Float32bits(float32(math.Trunc(float64(math.Float32frombits(a)))))
}

// F32Nearest rounds to the nearest integral value, ties to even.
func F32Nearest(a uint32) uint32 {
	if isNaN32(a) {
		return a | quiet32
	}
	return math.Float32bits(float32(math.RoundToEven(float64(math.Float32frombits(a)))))
}

// F32Eq compares: a = b. It is false for NaNs; -0 equals +0.
func F32Eq(a, b uint32) uint32 {
	return b2u(math.Float32frombits(a) == math.Float32frombits(b))
}

// F32Ne compares: a ≠ b. It is true for NaNs.
func F32Ne(a, b uint32) uint32 {
	return b2u(math.Float32frombits(a) != math.Float32frombits(b))
}

// F32Lt compares: a < b. It is false for NaNs.
func F32Lt(a, b uint32) uint32 {
	return b2u(math.Float32frombits(a) < math.Float32frombits(b))
}

// F32Gt compares: a > b. It is false for NaNs.
func F32Gt(a, b uint32) uint32 {
	return b2u(math.Float32frombits(a) > math.Float32frombits(b))
}

// F32Le compares: a ≤ b. It is false for NaNs.
func F32Le(a, b uint32) uint32 {
	return b2u(math.Float32frombits(a) <= math.Float32frombits(b))
}

// F32Ge compares: a ≥ b. It is false for NaNs.
func F32Ge(a, b uint32) uint32 {
	return b2u(math.Float32frombits(a) >= math.Float32frombits(b))
}
