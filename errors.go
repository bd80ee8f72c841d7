package wamr

import (
	"fmt"
	"strings"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// DecodeError says why bytes are not a module: where, and in the
// specification's wording, what.
type DecodeError = wasm.DecodeError

// ValidationError says why a well-formed module is not valid.
type ValidationError = wasm.ValidationError

// LimitError says which limit of the implementation or of a store was exceeded.
type LimitError = wasm.LimitError

// Trap is the error of a call that Wasm code did not finish: what happened and
// the Wasm stack at that moment, innermost frame first. If a host function
// failed, or the call was interrupted, Cause is the error behind it, which
// errors.Is and errors.As find too.
type Trap = vm.Trap

// TrapKind is what a [Trap] is about. It is an error itself, so that
// errors.Is(err, ErrUnreachable) holds for a trap of that kind.
type TrapKind = vm.TrapKind

// Exception is the cause of a [Trap] of kind [ErrUncaughtException]: the Wasm
// exception that no code caught.
type Exception = vm.Exception

// Sentinels for errors.Is.
const (
	ErrUnreachable       = vm.TrapUnreachable
	ErrOutOfBounds       = vm.TrapOutOfBoundsMemory // of a memory
	ErrTableOutOfBounds  = vm.TrapOutOfBoundsTable
	ErrArrayOutOfBounds  = vm.TrapOutOfBoundsArray
	ErrIntegerOverflow   = vm.TrapIntegerOverflow
	ErrDivideByZero      = vm.TrapDivideByZero
	ErrInvalidConversion = vm.TrapInvalidConversion
	ErrIndirectCallType  = vm.TrapIndirectCallType
	ErrUndefinedElement  = vm.TrapUndefinedElement
	ErrUninitialized     = vm.TrapUninitializedElement
	ErrCastFailure       = vm.TrapCastFailure
	ErrUnalignedAtomic   = vm.TrapUnalignedAtomic
	ErrStackOverflow     = vm.TrapStackOverflow
	ErrInterrupted       = vm.TrapInterrupted
	ErrFuel              = vm.TrapFuel
	ErrOutOfMemory       = vm.TrapOutOfMemory // of the garbage-collected heap
	ErrUncaughtException = vm.TrapUncaughtException
	ErrHost              = vm.TrapHost // a host function returned an error
)

// ErrClosed is the cause of errors of using what belongs to a closed [Store], and
// of calls that [Store.Close] interrupted.
var ErrClosed = vm.ErrClosed

// ErrBusy is the error of a call into a [Store] that another goroutine uses at the
// moment, where that is noticed. It is a help in finding mistakes, no lock.
var ErrBusy = vm.ErrBusy

// RangeError says that an access from the host lies outside a memory or table.
type RangeError struct {
	Offset, Len uint64 // what was asked for
	Size        uint64 // what there is
}

// Error describes the access.
func (e *RangeError) Error() string {
	return fmt.Sprintf("wamr: out of bounds: %d at offset %#x of %d", e.Len, e.Offset, e.Size)
}

// LookupError says that an instance has no export of that kind and name.
type LookupError struct {
	Kind ExternKind
	Name string
}

// Error names the export.
func (e *LookupError) Error() string {
	return fmt.Sprintf("wamr: the module exports no %s named %q", e.Kind, e.Name)
}

// MissingImport is an import that the linker could not satisfy.
type MissingImport struct {
	Module, Name string
	Type         ExternType
	// Reason is "unknown import" or "incompatible import type", and Detail,
	// which may be empty, how the types differ.
	Reason, Detail string
	// Near is the closest name that the linker has, if one is close.
	Near string
}

// LinkError lists all imports of a module that could not be satisfied.
type LinkError struct {
	Missing []MissingImport
}

// maxListed is how many missing imports the text of a LinkError lists.
const maxListed = 100

// Error lists the imports, one a line; of very many the first hundred.
func (e *LinkError) Error() string {
	var b strings.Builder
	b.WriteString("link:")
	for i, m := range e.Missing {
		if i == maxListed {
			fmt.Fprintf(&b, "\n     and %d more", len(e.Missing)-i)
			break
		}
		if i > 0 {
			b.WriteString("\n     ")
		}
		fmt.Fprintf(&b, " %s: %q %q (%s)", m.Reason, m.Module, m.Name, m.Type)
		if m.Detail != "" {
			fmt.Fprintf(&b, ": %s", m.Detail)
		}
		if m.Near != "" {
			fmt.Fprintf(&b, "; did you mean %q?", m.Near)
		}
	}
	return b.String()
}

// ExitError is what a host function returns to end the program that calls it,
// as WASI's proc_exit does. It reaches the caller as the cause of a [Trap].
type ExitError struct {
	Code uint32
}

// Error gives the exit code.
func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// ClosedError says that something was used after its store or runtime was
// closed.
type ClosedError struct{ What string }

// Error names what is closed.
func (e *ClosedError) Error() string { return "wamr: the " + e.What + " is closed" }

// Is says that a closed store is [ErrClosed].
func (e *ClosedError) Is(target error) bool { return target == ErrClosed && e.What == "store" }

// HostPanicError is a panic of a host function: as an error with
// [Config.RecoverHostPanics], else as the value of the panic that goes on to the
// function's caller.
type HostPanicError struct {
	Value  any     // what was passed to panic
	Stack  []byte  // the Go stack, as runtime/debug.Stack formats it
	Frames []Frame // the Wasm stack, innermost frame first
}

// Error gives the panic's value and the Wasm stack; Stack has the rest.
func (e *HostPanicError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "host function panicked: %v", e.Value)
	for i, f := range e.Frames {
		fmt.Fprintf(&b, "\n#%02d: %s", i, f)
	}
	return b.String()
}

// Unwrap returns the panic's value if it is an error.
func (e *HostPanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
