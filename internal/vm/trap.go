package vm

import (
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
)

// TrapKind says why execution was aborted. As an error it is what errors.Is
// compares a *Trap with: errors.Is(err, vm.TrapUnreachable).
type TrapKind uint8

// The kinds of traps.
const (
	TrapUnreachable TrapKind = iota + 1
	TrapOutOfBoundsMemory
	TrapOutOfBoundsTable
	TrapOutOfBoundsArray
	TrapIntegerOverflow
	TrapDivideByZero
	TrapInvalidConversion
	TrapIndirectCallType
	TrapUndefinedElement
	TrapUninitializedElement
	TrapNullReference
	TrapNullFunction
	TrapNullStruct
	TrapNullArray
	TrapNullI31
	TrapNullException
	TrapCastFailure
	TrapUnalignedAtomic
	TrapExpectedShared
	TrapStackOverflow
	// TrapInterrupted: the context was done, or Store.Interrupt was called.
	TrapInterrupted
	TrapFuel
	// TrapOutOfMemory: the limit of the garbage-collected heap was reached.
	TrapOutOfMemory
	TrapUncaughtException
	// TrapHost: a host function returned an error, the Cause.
	TrapHost

	numTrapKinds
)

// trapTexts are in the wording of the specification's test suite, where it has
// one.
var trapTexts = [numTrapKinds]string{
	TrapUnreachable:          "unreachable",
	TrapOutOfBoundsMemory:    "out of bounds memory access",
	TrapOutOfBoundsTable:     "out of bounds table access",
	TrapOutOfBoundsArray:     "out of bounds array access",
	TrapIntegerOverflow:      "integer overflow",
	TrapDivideByZero:         "integer divide by zero",
	TrapInvalidConversion:    "invalid conversion to integer",
	TrapIndirectCallType:     "indirect call type mismatch",
	TrapUndefinedElement:     "undefined element",
	TrapUninitializedElement: "uninitialized element",
	TrapNullReference:        "null reference",
	TrapNullFunction:         "null function reference",
	TrapNullStruct:           "null structure reference",
	TrapNullArray:            "null array reference",
	TrapNullI31:              "null i31 reference",
	TrapNullException:        "null exception reference",
	TrapCastFailure:          "cast failure",
	TrapUnalignedAtomic:      "unaligned atomic",
	TrapExpectedShared:       "expected shared memory",
	TrapStackOverflow:        "call stack exhausted",
	TrapInterrupted:          "interrupted",
	TrapFuel:                 "all fuel consumed",
	TrapOutOfMemory:          "garbage-collected heap exhausted",
	TrapUncaughtException:    "unhandled exception",
	TrapHost:                 "host function failed",
}

// String returns the trap's text, in the specification's wording.
func (k TrapKind) String() string {
	if k == 0 || k >= numTrapKinds {
		return fmt.Sprintf("trap(%d)", uint8(k))
	}
	return trapTexts[k]
}

// Error returns String, so that kinds can be targets of errors.Is.
func (k TrapKind) Error() string { return k.String() }

// Frame is one call of a stack trace.
type Frame struct {
	Inst *Instance
	Func wasm.FuncIdx
	// Name is the function's name; empty if unknown.
	Name string
	// Offset is the position of the instruction in the module's binary.
	Offset wasm.Offset
}

// Trap is the abortion of a call.
type Trap struct {
	Kind TrapKind
	// Frames are the Wasm calls that were active, innermost first.
	Frames []Frame
	// Cause is what a host function returned, the context's cause, or the
	// *Exception; nil for most kinds.
	Cause error
}

// NewTrap returns a trap without frames; engines add them.
func NewTrap(k TrapKind) *Trap { return &Trap{Kind: k} }

// Error returns the kind's text and the cause. It does not list the
// frames.
func (t *Trap) Error() string {
	if t.Cause != nil {
		return "wasm trap: " + t.Kind.String() + ": " + t.Cause.Error()
	}
	return "wasm trap: " + t.Kind.String()
}

// Unwrap returns the cause.
func (t *Trap) Unwrap() error { return t.Cause }

// Is says whether target is the trap's kind.
func (t *Trap) Is(target error) bool {
	k, ok := target.(TrapKind)
	return ok && k == t.Kind
}

// Exception is an exception that no Wasm code caught.
type Exception struct {
	Tag *Tag
	// Ref is the exception object, of the store it was thrown in. It is
	// rooted by nothing: use it before the store's next call.
	Ref Ref
	// Args are the slots of the exception's arguments.
	Args []uint64
}

// Error names the exception.
func (e *Exception) Error() string {
	return fmt.Sprintf("exception of type %s", e.Tag.Sig.String())
}
