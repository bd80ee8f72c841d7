// Package vm holds the runtime structures of WebAssembly: stores, instances,
// functions, memories, tables, globals, tags, canonical types and the store's
// garbage-collected heap. It knows nothing of how code is executed: an Engine
// does that. It never reads the binary format except for constant expressions.
//
// Start at Store, Instantiate and Exec. Specification: chapter "Execution",
// sections "Runtime Structure" and "Modules".
package vm

import (
	"unsafe"

	"github.com/wamr-go/wamr/internal/wasm"
)

// A slot is a uint64 that holds one value: i32 and f32 zero-extended, i64, f64
// as bits, a reference as a Ref zero-extended. A v128 takes two consecutive
// slots, low half first.

// Ref is a reference. It is 32 bits wide so that objects stay small.
//
//	0               null, of any type
//	bit 0 set       i31: the 31-bit value shifted left by one
//	bits 1-0 = 10   host value (externref, or anyref after any.convert_extern): table index shifted left by two
//	bits 2-0 = 000  struct, array or exception: byte offset in the store's Heap
//
// Function references are a space of their own (the func hierarchy is disjoint
// from the others): the index in Store.Funcs, never 0.
type Ref uint32

// Null is the null reference of every type.
const Null Ref = 0

// TypeID identifies a canonical type within a Types registry: two types are
// the same if and only if their ids are.
type TypeID uint32

// Engine executes functions. Its methods may be called by one goroutine per
// store at a time.
type Engine interface {
	// Call runs f, a function of x's store. The first slots hold the
	// arguments; results replace them, from the first slot on. len(slots) is
	// at least the larger of the two.
	Call(x *Exec, f *Func, slots []uint64) error
	// Backtrace returns the Wasm calls that are active in x, innermost first.
	// It is called from host functions.
	Backtrace(x *Exec) []Frame
}

// HostFunc is a function implemented by the host. The first slots hold the
// arguments; results replace them. A returned error traps. It runs on the
// goroutine of the call and may call back into Wasm through x.
type HostFunc func(x *Exec, slots []uint64) error

// Func is a function instance. It is immutable once its store knows it, Entry
// excepted.
type Func struct {
	// Entry belongs to the engine: where the code of a Wasm function begins.
	Entry unsafe.Pointer
	// Inst is the instance that the function was defined in; nil for host
	// functions.
	Inst *Instance
	Type TypeID
	// Index is the position in Inst's function index space.
	Index wasm.FuncIdx
	// ParamSlots and ResultSlots are the sizes of arguments and results.
	ParamSlots, ResultSlots uint32
	// Sig is the function's type; concrete heap types in it are TypeIDs.
	Sig *wasm.FuncType
	// Host is set for host functions only, and Name for messages.
	Host HostFunc
	Name string
}
