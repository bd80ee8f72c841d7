// Package num is Numerics: the meaning of every numeric operator of
// WebAssembly, scalar and vector, as a pure Go function. The interpreter, the
// constant folder and the tests share it. It is a leaf: it imports nothing of
// this project, keeps no state and never panics.
//
// Values are bit patterns: i32 and f32 are uint32, i64 and f64 are uint64, and
// v128 is a V128. Floats travel as bits because a Go float may lose the bit
// that makes a NaN signalling whenever a machine moves or converts it. A
// function is named like the instruction, in camel case: i32.div_s is I32DivS,
// i16x8.extadd_pairwise_i8x16_u is I16x8ExtaddPairwiseI8x16U. Comparisons and
// tests give 0 or 1 as uint32. Operators that may trap return a Trap besides
// the value, which is 0 if there is a trap.
//
// Results are the same on every machine, except the sign and payload of NaNs,
// which the specification leaves open: they are canonical or arithmetic as it
// demands (nan.go), no more. Relaxed vector operators follow its deterministic
// profile (vec_relaxed.go).
//
// Start at i32.go and f32.go; vec_lanes.go explains the arithmetic on packed
// lanes. Specification: "Numerics" in the chapter Execution.
package num

// Trap says why a numeric operator has no result.
type Trap uint8

// The traps of numeric operators.
const (
	NoTrap            Trap = iota // the operator has a result
	DivByZero                     // integer division or remainder by zero
	IntegerOverflow               // quotient or truncation out of the type's range
	InvalidConversion             // truncation of a NaN
)

// String returns the trap's text in the words of the specification's suite.
func (t Trap) String() string {
	switch t {
	case NoTrap:
		return "no trap"
	case DivByZero:
		return "integer divide by zero"
	case IntegerOverflow:
		return "integer overflow"
	case InvalidConversion:
		return "invalid conversion to integer"
	}
	return "unknown numeric trap"
}

// b2u is the Wasm truth value of b.
func b2u(b bool) uint32 {
	var u uint32
	if b {
		u = 1
	}
	return u
}
