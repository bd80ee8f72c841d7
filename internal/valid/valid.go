// Package valid checks that modules are valid, in one pass over their bytes,
// and hands every reachable instruction of a function, checked and annotated
// with the types that only validation knows, to a Visitor. All execution tiers
// are fed this way, so none derives the types of operands again.
//
// It covers WebAssembly 3.0 and the proposals threads, legacy exceptions,
// custom page sizes and wide arithmetic, each under its own feature. It never
// executes anything and keeps nothing of a module but what Info holds.
//
// Start at Module, which checks a whole module, and Func.Walk, which checks one
// function and drives a visitor. Specification: chapter "Validation" and its
// algorithm in the appendix.
package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Config says what Module accepts and how it works.
type Config struct {
	// Features is the set of proposals that the module may use. The zero value
	// is WebAssembly 1.0.
	Features wasm.Feature
	// Parallelism is the number of goroutines that check functions; 0 stands
	// for runtime.GOMAXPROCS(0). The outcome does not depend on it.
	Parallelism int
}

// Info is what validation learned about a module. It is immutable and safe for
// concurrent use.
type Info struct {
	Module   *wasm.Module
	Features wasm.Feature // those of the Config

	// Canon gives for each type index the first type of the module that is the
	// same type: two indices denote the same type exactly if their entries are
	// equal.
	Canon []wasm.TypeIdx

	// Declared says of each function whether ref.func in a body may name it:
	// it occurs in the module outside the functions and the start section.
	Declared []bool

	// Needed is a set of proposals that suffices for the module to be valid:
	// those that brought what it is made of.
	Needed wasm.Feature

	super []wasm.TypeIdx // by type index: canonical type of the supertype; meaningful only if depth > 0
	depth []uint8        // by type index: number of supertypes
	// noDefault is by type index: the first field of a structure that has no
	// default value, or -1.
	noDefault []int16
	hints     wasm.BranchHints
	// fast says of each byte how the loop over bodies treats it.
	fast  fastTable
	funcs []*wasm.FuncType // of all functions
	// mem0 is the index type of memory 0, or zero without one.
	mem0 wasm.ValType
}

// FrameKind says what an entry of the control stack is.
type FrameKind uint8

// The kinds of frames.
const (
	FrameFunc     FrameKind = iota // the function's body
	FrameBlock                     // block
	FrameLoop                      // loop
	FrameIf                        // if, before its else; at end: it has none
	FrameElse                      // if, after its else
	FrameTryTable                  // try_table
	FrameTry                       // legacy try, before its first catch
	FrameCatch                     // legacy try, after catch
	FrameCatchAll                  // legacy try, after catch_all
)

// Visitor receives the reachable instructions of a function in order.
//
// Code that follows an unconditional transfer of control within its block is
// checked but not shown, nor is anything of the blocks that begin there. So a
// visitor sees else, catch, catch_all, delegate and end of exactly the blocks
// whose beginning it saw; with a control stack and an operand stack of its own,
// it cuts the latter back to the block's height there. The last instruction of
// a function is the end of its body (Frame is FrameFunc).
type Visitor interface {
	// Visit is given one instruction, to be read only and until it returns. An
	// error ends the walk, which returns it.
	Visit(in *Instr) error
}

// Instr is an instruction that has been checked, with what its own bytes do not
// say. A field that is not mentioned for an instruction has no meaning for it.
type Instr struct {
	instr.Instr
	Info *op.Info // its row in the instruction table

	// Type is
	//
	//	drop, select                       the type of the (first) operand
	//	local.*, global.*                  the type of the variable
	//	table.*                            the element type (of the destination)
	//	elem.drop                          the element type of the segment
	//	ref.null, ref.func, ref.i31        the type of the result
	//	i31.get_*, *.convert_*, array.len  the type of the operand
	//	ref.is_null, ref.as_non_null, ref.test, ref.cast, br_on_null,
	//	br_on_non_null, call_ref, return_call_ref, throw_ref
	//	                                   the type of the reference operand
	//	br_on_cast, br_on_cast_fail        the type of the reference operand as
	//	                                   written
	//	struct.get*, struct.set            the field's storage type
	//	array.* except array.len           the elements' storage type (of the
	//	                                   destination)
	Type wasm.ValType

	// Func is the type of the callee (call*, return_call*), of the tag (throw,
	// catch), or of the block (block, loop, if, else, try, try_table, catch_all,
	// delegate, end). For catch see also Block.
	Func *wasm.FuncType

	// Outer is the type of the block at catch, whose Func is that of the tag.
	Outer *wasm.FuncType

	// AddrType is the index type, I32 or I64, of the memory or table that the
	// instruction accesses; for copies that of the destination.
	AddrType wasm.ValType
	// AddrType2 is the index type of the source of memory.copy and table.copy.
	AddrType2 wasm.ValType

	// Depth is the height of the control stack before the instruction; the
	// function's body is the first frame, so label l names frame Depth-1-l,
	// counted from 0.
	Depth int

	// Height is the height of the operand stack before the instruction.
	Height int

	// Unreachable says at else, catch, catch_all, delegate and end that the
	// code before cannot fall through to it.
	Unreachable bool

	// Frame is at else, catch, catch_all, delegate and end the kind of the
	// frame before the instruction.
	Frame FrameKind

	// Hint is the branch hint of if and br_if: -1 none, 0 unlikely, 1 likely.
	Hint int8
}
