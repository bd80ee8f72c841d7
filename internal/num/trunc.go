package num

import "math"

// Conversions from float to integer. Go leaves the result of a conversion
// that is out of range to the machine, so the range is checked first. Bounds
// are written as the first value that is out of range, or, where the operand's
// type cannot represent that value, the last one that is in range.

// I32TruncF32S rounds towards zero to a signed integer. It traps with
// InvalidConversion for NaNs and with IntegerOverflow out of range.
func I32TruncF32S(a uint32) (uint32, Trap) {
	x := math.Float32frombits(a)
	if x >= -0x1p31 && x < 0x1p31 {
		return uint32(int32(x)), NoTrap
	}
	if x != x {
		return 0, InvalidConversion
	}
	return 0, IntegerOverflow
}

// I32TruncF32U rounds towards zero to an unsigned integer. It traps with
// InvalidConversion for NaNs and with IntegerOverflow out of range.
func I32TruncF32U(a uint32) (uint32, Trap) {
	x := math.Float32frombits(a)
	if x > -1 && x < 0x1p32 {
		return uint32(x), NoTrap
	}
	if x != x {
		return 0, InvalidConversion
	}
	return 0, IntegerOverflow
}

// I32TruncF64S rounds towards zero to a signed integer. It traps with
// InvalidConversion for NaNs and with IntegerOverflow out of range.
func I32TruncF64S(a uint64) (uint32, Trap) {
	x := math.Float64frombits(a)
	if x > -0x1p31-1 && x < 0x1p31 {
		return uint32(int32(x)), NoTrap
	}
	if x != x {
		return 0, InvalidConversion
	}
	return 0, IntegerOverflow
}

// I32TruncF64U rounds towards zero to an unsigned integer. It traps with
// InvalidConversion for NaNs and with IntegerOverflow out of range.
func I32TruncF64U(a uint64) (uint32, Trap) {
	x := math.Float64frombits(a)
	if x > -1 && x < 0x1p32 {
		return uint32(x), NoTrap
	}
	if x != x {
		return 0, InvalidConversion
	}
	return 0, IntegerOverflow
}

// I64TruncF32S rounds towards zero to a signed integer. It traps with
// InvalidConversion for NaNs and with IntegerOverflow out of range.
func I64TruncF32S(a uint32) (uint64, Trap) {
	x := math.Float32frombits(a)
	if x >= -0x1p63 && x < 0x1p63 {
		return uint64(int64(x)), NoTrap
	}
	if x != x {
		return 0, InvalidConversion
	}
	return 0, IntegerOverflow
}

// I64TruncF32U rounds towards zero to an unsigned integer. It traps with
// InvalidConversion for NaNs and with IntegerOverflow out of range.
func I64TruncF32U(a uint32) (uint64, Trap) {
	x := math.Float32frombits(a)
	if x > -1 && x < 0x1p64 {
		return uint64(x), NoTrap
	}
	if x != x {
		return 0, InvalidConversion
	}
	return 0, IntegerOverflow
}

// I64TruncF64S rounds towards zero to a signed integer. It traps with
// InvalidConversion for NaNs and with IntegerOverflow out of range.
func I64TruncF64S(a uint64) (uint64, Trap) {
	x := math.Float64frombits(a)
	if x >= -0x1p63 && x < 0x1p63 {
		return uint64(int64(x)), NoTrap
	}
	if x != x {
		return 0, InvalidConversion
	}
	return 0, IntegerOverflow
}

// I64TruncF64U rounds towards zero to an unsigned integer. It traps with
// InvalidConversion for NaNs and with IntegerOverflow out of range.
func I64TruncF64U(a uint64) (uint64, Trap) {
	x := math.Float64frombits(a)
	if x > -1 && x < 0x1p64 {
		return uint64(x), NoTrap
	}
	if x != x {
		return 0, InvalidConversion
	}
	return 0, IntegerOverflow
}

// I32TruncSatF32S rounds towards zero to a signed integer, clamps what
// is out of range, and gives 0 for NaNs.
func I32TruncSatF32S(a uint32) uint32 {
	x := math.Float32frombits(a)
	switch {
	case x >= -0x1p31 && x < 0x1p31:
		return uint32(int32(x))
	case x < 0:
		return 1 << 31
	case x > 0:
		return 1<<31 - 1
	}
	return 0
}

// I32TruncSatF32U rounds towards zero to an unsigned integer, clamps what
// is out of range, and gives 0 for NaNs.
func I32TruncSatF32U(a uint32) uint32 {
	x := math.Float32frombits(a)
	switch {
	case x > -1 && x < 0x1p32:
		return uint32(x)
	case x > 0:
		return math.MaxUint32
	}
	return 0
}

// I32TruncSatF64S rounds towards zero to a signed integer, clamps what
// is out of range, and gives 0 for NaNs.
func I32TruncSatF64S(a uint64) uint32 {
	x := math.Float64frombits(a)
	switch {
	case x > -0x1p31-1 && x < 0x1p31:
		return uint32(int32(x))
	case x < 0:
		return 1 << 31
	case x > 0:
		return 1<<31 - 1
	}
	return 0
}

// I32TruncSatF64U rounds towards zero to an unsigned integer, clamps what
// is out of range, and gives 0 for NaNs.
func I32TruncSatF64U(a uint64) uint32 {
	x := math.Float64frombits(a)
	switch {
	case x > -1 && x < 0x1p32:
		return uint32(x)
	case x > 0:
		return math.MaxUint32
	}
	return 0
}

// I64TruncSatF32S rounds towards zero to a signed integer, clamps what
// is out of range, and gives 0 for NaNs.
func I64TruncSatF32S(a uint32) uint64 {
	x := math.Float32frombits(a)
	switch {
	case x >= -0x1p63 && x < 0x1p63:
		return uint64(int64(x))
	case x < 0:
		return 1 << 63
	case x > 0:
		return 1<<63 - 1
	}
	return 0
}

// I64TruncSatF32U rounds towards zero to an unsigned integer, clamps what
// is out of range, and gives 0 for NaNs.
func I64TruncSatF32U(a uint32) uint64 {
	x := math.Float32frombits(a)
	switch {
	case x > -1 && x < 0x1p64:
		return uint64(x)
	case x > 0:
		return math.MaxUint64
	}
	return 0
}

// I64TruncSatF64S rounds towards zero to a signed integer, clamps what
// is out of range, and gives 0 for NaNs.
func I64TruncSatF64S(a uint64) uint64 {
	x := math.Float64frombits(a)
	switch {
	case x >= -0x1p63 && x < 0x1p63:
		return uint64(int64(x))
	case x < 0:
		return 1 << 63
	case x > 0:
		return 1<<63 - 1
	}
	return 0
}

// I64TruncSatF64U rounds towards zero to an unsigned integer, clamps what
// is out of range, and gives 0 for NaNs.
func I64TruncSatF64U(a uint64) uint64 {
	x := math.Float64frombits(a)
	switch {
	case x > -1 && x < 0x1p64:
		return uint64(x)
	case x > 0:
		return math.MaxUint64
	}
	return 0
}
