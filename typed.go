package wamr

import (
	"context"
	"fmt"
	"slices"
	"unsafe"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

//go:generate go test -run ^TestTypedIsFresh$ -update .

// Num is the set of Go types that stand for the number types of WebAssembly:
// int32 and uint32 for i32, int64 and uint64 for i64, float32 and float64 for
// f32 and f64.
type Num interface {
	~int32 | ~uint32 | ~int64 | ~uint64 | ~float32 | ~float64
}

// Void is the result type of functions without results in [Func0] to [Func6].
type Void struct{}

// Result is what a typed function may return: a number, or nothing.
type Result interface {
	Num | Void
}

// typeOf returns the value type that T stands for; 0 for Void.
func typeOf[T Result]() ValueType {
	var zero T
	switch any(zero).(type) {
	case int32, uint32:
		return wasm.I32
	case int64, uint64:
		return wasm.I64
	case float32:
		return wasm.F32
	case float64:
		return wasm.F64
	case Void:
		return 0
	}
	return namedTypeOf(any(zero))
}

// toSlot and fromSlot convert between a Go number and its slot. The size of T
// is known to the compiler, so each is one move.
//
// safe: Num holds types of 4 and 8 bytes without pointers, any bits of which
// are a value.
func toSlot[T Num](v T) uint64 {
	if unsafe.Sizeof(v) == 4 {
		return uint64(*(*uint32)(unsafe.Pointer(&v)))
	}
	return *(*uint64)(unsafe.Pointer(&v))
}

func fromSlot[T Result](s uint64) T {
	var v T
	switch unsafe.Sizeof(v) {
	case 4:
		*(*uint32)(unsafe.Pointer(&v)) = uint32(s)
	case 8:
		*(*uint64)(unsafe.Pointer(&v)) = s
	}
	return v
}

// signature returns the function type with the given parameters and result;
// zero types stand for nothing.
func signature(result ValueType, params ...ValueType) *FuncType {
	t := &FuncType{Params: params}
	if result != 0 {
		t.Results = []ValueType{result}
	}
	return t
}

// typedFunc returns the exported function name of inst if it has type want.
func typedFunc(inst *Instance, name string, want *FuncType) (*Func, error) {
	if err := inst.st.enter(); err != nil {
		return nil, err
	}
	f := inst.Func(name)
	if f == nil {
		return nil, &LookupError{Kind: ExternFunc, Name: name}
	}
	if !f.Type().Equal(want) {
		return nil, fmt.Errorf("wamr: function %q has type %v, not %v", name, f.Type(), want)
	}
	return f, nil
}

// typedHost adds a host function that reads its arguments from slots
// and leaves its result in the first.
func typedHost(ln *Linker, module, name string, sig *FuncType, fn func(slots []uint64)) {
	ln.define(module, name, &hostDef{sig: sig, fn: func(_ *vm.Exec, slots []uint64) error {
		fn(slots)
		return nil
	}})
}

// callTyped runs the function with slots that belong to the store.
func (f *Func) callTyped(ctx context.Context, slots []uint64) error {
	if err := f.st.enter(); err != nil {
		return err
	}
	if f.f.Host != nil {
		// It works on the slots that it gets, while calls that it makes use
		// those of the store.
		own := slices.Clone(slots)
		defer copy(slots, own)
		slots = own
	}
	return f.st.call(ctx, f.f, slots)
}
