package num

import "math"

// Fused multiplication and addition, rounded once. Only the relaxed vector
// operators need it.

// fma32 is a * b + c.
func fma32(a, b, c uint32) uint32 {
	// The product of two 24-bit significands is exact in 53 bits. The sum is
	// rounded twice, to f64 and to f32, so the first rounding is to odd: an
	// inexact sum is made to end in a one bit, which no tie does.
	p := float64(math.Float32frombits(a)) * float64(math.Float32frombits(b))
	z := float64(math.Float32frombits(c))
	s := float64(p) + z
	if lost := sumError(float64(p), z, s); lost != 0 && s-s == 0 {
		if n := math.Float64bits(s); n&1 == 0 {
			if (lost > 0) == (s > 0) {
				s = math.Float64frombits(n + 1)
			} else {
				s = math.Float64frombits(n - 1)
			}
		}
	}
	return result32(float32(s))
}

// sumError is x + y - s, exactly, where s is x + y rounded and finite.
func sumError(x, y, s float64) float64 {
	yy := float64(s - x)
	return float64(x-float64(s-yy)) + float64(y-yy)
}

// fma64 is a * b + c.
func fma64(a, b, c uint64) uint64 {
	if isNaN64(c) {
		return c | quiet64 // math.FMA in software would give it as it is
	}
	x, y, z := math.Float64frombits(a), math.Float64frombits(b), math.Float64frombits(c)
	if z == 0 && x != 0 && y != 0 {
		// Without a zero operand the exact product is not zero, so adding a
		// zero changes nothing, not even the sign of a product that rounds to
		// zero. math.FMA in software adds after that rounding.
		return result64(float64(x * y))
	}
	return result64(math.FMA(x, y, z))
}
