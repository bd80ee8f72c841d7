// Package instr reads and writes single instructions and the primitive values
// of the binary format (LEB128 integers, names, types). It knows the layout of
// each kind of immediate, never of single opcodes. It checks what the binary
// format demands and no types.
//
// Start at Reader.Instr. Specification: chapter "Binary Format", sections
// "Values", "Types" and "Instructions".
package instr

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Instr is a decoded instruction. Which fields are meaningful follows from the
// kind of its immediates, op.Imm:
//
//	ImmBlockType    Block
//	ImmLabel        X label
//	ImmBrTable      Labels, the default last
//	ImmFunc         X function
//	ImmCallIndirect X type, Y table
//	ImmType         X type
//	ImmLocal … ImmMemory, ImmTag, ImmElem, ImmData   X
//	ImmTableTable   X destination, Y source
//	ImmElemTable    X segment, Y table
//	ImmMemoryMemory X destination, Y source
//	ImmDataMemory   X segment, Y memory
//	ImmMemarg       Align (exponent), X memory, Val offset
//	ImmMemargLane   the same, and Lane
//	ImmLane         Lane
//	ImmShuffle      Vec
//	ImmI32          Val, zero-extended
//	ImmI64, ImmF32, ImmF64   Val, bits
//	ImmV128         Vec
//	ImmHeapType     Heap
//	ImmValTypes     Types
//	ImmTryTable     Block, Catches
//	ImmBrOnCast     X label, Nulls (bit 0 source, bit 1 target), Heap source, Heap2 target
//	ImmTypeField    X type, Y field
//	ImmTypeN        X type, Y count
//	ImmTypeData     X type, Y segment
//	ImmTypeElem     X type, Y segment
//	ImmTypeType     X destination type, Y source type
type Instr struct {
	Op     op.Opcode
	Offset wasm.Offset // of the opcode's first byte
	X, Y   uint32
	Val    uint64
	Align  uint32
	Lane   uint8
	Nulls  uint8
	Block  BlockType
	Heap   wasm.HeapType
	Heap2  wasm.HeapType
	Vec    [16]byte

	// These alias buffers of the Reader, valid until its next instruction.
	Labels  []uint32
	Types   []wasm.ValType
	Catches []Catch
}

// Info returns the table row of the instruction.
func (in *Instr) Info() *op.Info { return op.Lookup(in.Op) }

// BlockKind says which form a block type has.
type BlockKind uint8

// The forms of block types.
const (
	BlockEmpty BlockKind = iota // no parameters, no results
	BlockValue                  // no parameters, one result of type Type
	BlockIndex                  // the function type with index X
)

// BlockType is the type of a structured instruction.
type BlockType struct {
	Kind BlockKind
	Type wasm.ValType
	X    wasm.TypeIdx
}

// CatchKind distinguishes the clauses of try_table. The values are their
// binary codes.
type CatchKind uint8

// The catch clauses.
const (
	Catch_      CatchKind = 0
	CatchRef    CatchKind = 1
	CatchAll    CatchKind = 2
	CatchAllRef CatchKind = 3
)

// HasTag says whether the clause names a tag.
func (k CatchKind) HasTag() bool { return k <= CatchRef }

// HasRef says whether the clause passes on the exception reference.
func (k CatchKind) HasRef() bool { return k == CatchRef || k == CatchAllRef }

// Catch is one catch clause of try_table.
type Catch struct {
	Kind  CatchKind
	Tag   uint32 // if Kind.HasTag()
	Label uint32
}
