package wamr

import (
	"fmt"
	"math"

	"github.com/wamr-go/wamr/internal/wasm"
)

// Value is a WebAssembly value with its type. The zero Value is no value.
// Values are made by [I32], [I64], [F32], [F64], [V128], [FuncRef], [ExternRef]
// and [NullRef], and read by the methods of the same names.
type Value struct {
	typ    ValueType
	lo, hi uint64 // bits; of a v128 the low and high half
	ref    any    // *Ref, or a Go value on its way into a store
}

// I32 returns an i32 value.
func I32(v int32) Value { return Value{typ: wasm.I32, lo: uint64(uint32(v))} }

// I64 returns an i64 value.
func I64(v int64) Value { return Value{typ: wasm.I64, lo: uint64(v)} }

// F32 returns an f32 value.
func F32(v float32) Value { return Value{typ: wasm.F32, lo: uint64(math.Float32bits(v))} }

// F64 returns an f64 value.
func F64(v float64) Value { return Value{typ: wasm.F64, lo: math.Float64bits(v)} }

// V128 returns a v128 value; lo holds the first eight bytes of its memory
// representation.
func V128(lo, hi uint64) Value { return Value{typ: wasm.V128, lo: lo, hi: hi} }

// FuncRef returns a reference to f, which must belong to the store that the
// value is passed to. A nil f gives the null reference.
func FuncRef(f *Func) Value {
	if f == nil {
		return NullRef(TypeFuncRef)
	}
	return Value{typ: wasm.FuncRef, ref: f}
}

// ExternRef returns a reference to a Go value, opaque to Wasm. The store keeps
// v alive as long as Wasm code can reach the reference.
func ExternRef(v any) Value { return Value{typ: wasm.ExternRef, ref: hostValue{v}} }

// NullRef returns the null reference of a nullable reference type.
func NullRef(t ValueType) Value { return Value{typ: t} }

// hostValue is a Go value that no store knows yet.
type hostValue struct{ v any }

// Type returns the value's type; 0 for the zero Value.
func (v Value) Type() ValueType { return v.typ }

// I32 returns the value as an i32. The type must be i32; see [Value.Type].
func (v Value) I32() int32 { return int32(v.lo) }

// I64 returns the value as an i64. The type must be i64.
func (v Value) I64() int64 { return int64(v.lo) }

// F32 returns the value as an f32. The type must be f32.
func (v Value) F32() float32 { return math.Float32frombits(uint32(v.lo)) }

// F64 returns the value as an f64. The type must be f64.
func (v Value) F64() float64 { return math.Float64frombits(v.lo) }

// V128 returns the two halves of a v128.
func (v Value) V128() (lo, hi uint64) { return v.lo, v.hi }

// Bits returns the value's 64 bits: integers zero-extended, floats as their
// IEEE 754 bits, of a v128 the low half.
func (v Value) Bits() uint64 { return v.lo }

// IsNull says whether the value is a null reference.
func (v Value) IsNull() bool { return v.typ.IsRef() && v.ref == nil }

// Func returns the function that the value refers to; nil if it is null or no
// function reference.
func (v Value) Func() *Func {
	f, _ := v.ref.(*Func)
	return f
}

// Extern returns the Go value that the value refers to; false if it does not
// refer to one.
func (v Value) Extern() (any, bool) {
	switch r := v.ref.(type) {
	case hostValue:
		return r.v, true
	case *Ref:
		return r.Extern()
	}
	return nil, false
}

// Ref returns the reference to a structure, array, i31, exception or host value
// that came out of Wasm code; nil for all other values.
func (v Value) Ref() *Ref {
	r, _ := v.ref.(*Ref)
	return r
}

// String returns the value and its type, such as "i32:7" or "funcref:null".
func (v Value) String() string {
	switch v.typ {
	case 0:
		return "none"
	case wasm.I32:
		return fmt.Sprintf("i32:%d", v.I32())
	case wasm.I64:
		return fmt.Sprintf("i64:%d", v.I64())
	case wasm.F32:
		return fmt.Sprintf("f32:%v", v.F32())
	case wasm.F64:
		return fmt.Sprintf("f64:%v", v.F64())
	case wasm.V128:
		return fmt.Sprintf("v128:%#016x%016x", v.hi, v.lo)
	}
	if v.IsNull() {
		return v.typ.String() + ":null"
	}
	if h, ok := v.ref.(hostValue); ok {
		return fmt.Sprintf("%s:%v", v.typ, h.v)
	}
	return fmt.Sprintf("%s:%v", v.typ, v.ref)
}
