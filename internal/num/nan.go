package num

import "math"

// The rule (spec: "NaN propagation"): if an operator's result is a NaN, it is
// canonical where every NaN among the operands is canonical (or there is
// none), else any NaN with the quiet bit set. The sign is free.
//
// Processors that follow IEEE 754-2008 do so by themselves, so there the
// machine's result is taken as it comes. On others (nan_soft.go) every NaN is
// replaced by the canonical one, which is always allowed.

// Bits of f32 and f64.
const (
	sign32  = 1 << 31
	quiet32 = 1 << 22
	inf32   = 0x7f800000
	nan32   = 0x7fc00000 // canonical, positive

	sign64  = 1 << 63
	quiet64 = 1 << 51
	inf64   = 0x7ff0000000000000
	nan64   = 0x7ff8000000000000 // canonical, positive
)

// result32 returns the bits of an arithmetic result.
func result32(x float32) uint32 {
	if !machineNaN && x != x {
		return nan32
	}
	return math.Float32bits(x)
}

// result64 returns the bits of an arithmetic result.
func result64(x float64) uint64 {
	if !machineNaN && x != x {
		return nan64
	}
	return math.Float64bits(x)
}

// isNaN32 reports whether the bits are those of a NaN.
func isNaN32(a uint32) bool { return a&^sign32 > inf32 }

// isNaN64 reports whether the bits are those of a NaN.
func isNaN64(a uint64) bool { return a&^sign64 > inf64 }

// eitherNaN32 is the NaN result for two operands of which one is a NaN.
func eitherNaN32(a, b uint32) uint32 {
	if isNaN32(a) {
		return a | quiet32
	}
	return b | quiet32
}

// eitherNaN64 is the NaN result for two operands of which one is a NaN.
func eitherNaN64(a, b uint64) uint64 {
	if isNaN64(a) {
		return a | quiet64
	}
	return b | quiet64
}
