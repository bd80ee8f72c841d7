package num

import (
	"math"
	"math/bits"
)

// Conversions between scalar types, except those from float to integer
// (trunc.go).

// I32WrapI64 is a modulo 2^32.
func I32WrapI64(a uint64) uint32 { return uint32(a) }

// I64ExtendI32S extends the sign.
func I64ExtendI32S(a uint32) uint64 { return uint64(int32(a)) }

// I64ExtendI32U extends with zeros.
func I64ExtendI32U(a uint32) uint64 { return uint64(a) }

// I32ReinterpretF32 gives the bits as they are.
func I32ReinterpretF32(a uint32) uint32 { return a }

// I64ReinterpretF64 gives the bits as they are.
func I64ReinterpretF64(a uint64) uint64 { return a }

// F32ReinterpretI32 gives the bits as they are.
func F32ReinterpretI32(a uint32) uint32 { return a }

// F64ReinterpretI64 gives the bits as they are.
func F64ReinterpretI64(a uint64) uint64 { return a }

// F32ConvertI32S converts a signed integer and rounds once, to nearest, ties to even.
func F32ConvertI32S(a uint32) uint32 { return math.Float32bits(float32(int32(a))) }

// F32ConvertI32U converts an unsigned integer and rounds once, to nearest, ties to even.
func F32ConvertI32U(a uint32) uint32 { return math.Float32bits(float32(a)) }

// F32ConvertI64S converts a signed integer and rounds once, to nearest, ties to even.
func F32ConvertI64S(a uint64) uint32 {
	if bits.UintSize == 32 {
		if int64(a) < 0 {
			return math.Float32bits(-viaFloat64(-a))
		}
		return math.Float32bits(viaFloat64(a))
	}
	return math.Float32bits(float32(int64(a)))
}

// F32ConvertI64U converts an unsigned integer and rounds once, to nearest, ties to even.
func F32ConvertI64U(a uint64) uint32 {
	if bits.UintSize == 32 {
		return math.Float32bits(viaFloat64(a))
	}
	return math.Float32bits(float32(a))
}

// viaFloat64 rounds to f32 by way of f64, where the compiler's own conversion
// would do the same but round twice: on 32-bit machines. The bits that f64 has
// no place for are first merged into the lowest one it has, so that f64 is exact
// and still shows which side of a tie the integer was on.
func viaFloat64(a uint64) float32 {
	if a >= 1<<53 {
		a = a&^(1<<11-1) | (a&(1<<11-1)+1<<11-1)&(1<<11)
	}
	return float32(float64(a))
}

// F64ConvertI32S converts a signed integer exactly.
func F64ConvertI32S(a uint32) uint64 { return math.Float64bits(float64(int32(a))) }

// F64ConvertI32U converts an unsigned integer exactly.
func F64ConvertI32U(a uint32) uint64 { return math.Float64bits(float64(a)) }

// F64ConvertI64S converts a signed integer and rounds once, to nearest, ties to even.
func F64ConvertI64S(a uint64) uint64 { return math.Float64bits(float64(int64(a))) }

// F64ConvertI64U converts an unsigned integer and rounds once, to nearest, ties to even.
func F64ConvertI64U(a uint64) uint64 { return math.Float64bits(float64(a)) }

// F64PromoteF32 converts exactly. A NaN becomes quiet and may keep its payload
// in the high bits.
func F64PromoteF32(a uint32) uint64 {
	return result64(float64(math.Float32frombits(a)))
}

// F32DemoteF64 rounds to nearest, ties to even; what is too great becomes
// infinite. A NaN becomes quiet and may keep the high bits of its payload.
func F32DemoteF64(a uint64) uint32 {
	return result32(float32(math.Float64frombits(a)))
}
