// Package wasm holds the abstract syntax of WebAssembly modules: types, the
// parts of a module, index spaces and limits. It does no I/O, checks nothing
// and executes nothing: package binary and package text produce a Module,
// package valid checks it.
//
// Start at Module. Specification: chapter "Structure".
package wasm

import (
	"fmt"
	"strings"

	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Index types: positions in the index spaces of a module, imports first.
type (
	TypeIdx   uint32
	FuncIdx   uint32
	TableIdx  uint32
	MemIdx    uint32
	TagIdx    uint32
	GlobalIdx uint32
	ElemIdx   uint32
	DataIdx   uint32
	LocalIdx  uint32
	LabelIdx  uint32
	FieldIdx  uint32
)

// Offset is a position in the binary (or, for modules that came from text, in
// the equivalent binary's code section), in bytes from its start.
type Offset uint32

// Feature is a set of proposals; see package op for their names.
type Feature = op.Feature

// ValType is a value type, or a packed storage type. The zero value is no type.
//
// Number and vector types are their binary code. A reference type has bit 31
// set, bit 30 if it is nullable, and its heap type in the low 24 bits.
type ValType uint32

// Number, vector and packed types.
const (
	I32  ValType = 0x7F
	I64  ValType = 0x7E
	F32  ValType = 0x7D
	F64  ValType = 0x7C
	V128 ValType = 0x7B
	I8   ValType = 0x78 // packed; fields only
	I16  ValType = 0x77 // packed; fields only

	// Bottom is the type of operands in unreachable code; it matches every
	// type. It exists only during validation.
	Bottom ValType = 0x01

	refBit      ValType = 1 << 31
	nullBit     ValType = 1 << 30
	heapMask    ValType = 1<<24 - 1
	abstractBit         = 1 << 23
)

// HeapType is a heap type: a type index below MaxTypes, or one of the abstract
// heap types.
type HeapType uint32

// The abstract heap types, 1<<23 plus their binary code.
const (
	HeapNoExn    HeapType = abstractBit | 0x74
	HeapNoFunc   HeapType = abstractBit | 0x73
	HeapNoExtern HeapType = abstractBit | 0x72
	HeapNone     HeapType = abstractBit | 0x71
	HeapFunc     HeapType = abstractBit | 0x70
	HeapExtern   HeapType = abstractBit | 0x6F
	HeapAny      HeapType = abstractBit | 0x6E
	HeapEq       HeapType = abstractBit | 0x6D
	HeapI31      HeapType = abstractBit | 0x6C
	HeapStruct   HeapType = abstractBit | 0x6B
	HeapArray    HeapType = abstractBit | 0x6A
	HeapExn      HeapType = abstractBit | 0x69

	// HeapBottom is the heap type of a reference in unreachable code.
	HeapBottom HeapType = abstractBit | 0x01
)

// Concrete says whether h is a type index, and which.
func (h HeapType) Concrete() (TypeIdx, bool) { return TypeIdx(h), h&abstractBit == 0 }

// Code returns the binary code of an abstract heap type, such as 0x70 for func.
func (h HeapType) Code() byte { return byte(h) }

// AbstractHeapType returns the abstract heap type with the given binary code.
func AbstractHeapType(code byte) (HeapType, bool) {
	if code >= 0x69 && code <= 0x74 {
		return abstractBit | HeapType(code), true
	}
	return 0, false
}

// Ref returns the type of references to h.
func Ref(nullable bool, h HeapType) ValType {
	t := refBit | ValType(h)&heapMask
	if nullable {
		t |= nullBit
	}
	return t
}

// Shorthands of the text and binary formats.
var (
	FuncRef   = Ref(true, HeapFunc)
	ExternRef = Ref(true, HeapExtern)
	AnyRef    = Ref(true, HeapAny)
	EqRef     = Ref(true, HeapEq)
	I31Ref    = Ref(true, HeapI31)
	StructRef = Ref(true, HeapStruct)
	ArrayRef  = Ref(true, HeapArray)
	ExnRef    = Ref(true, HeapExn)
)

// IsRef says whether t is a reference type.
func (t ValType) IsRef() bool { return t&refBit != 0 }

// IsNum says whether t is i32, i64, f32 or f64.
func (t ValType) IsNum() bool { return t >= F64 && t <= I32 }

// IsPacked says whether t is i8 or i16.
func (t ValType) IsPacked() bool { return t == I8 || t == I16 }

// Nullable says whether t is a reference type that includes null.
func (t ValType) Nullable() bool { return t&(refBit|nullBit) == refBit|nullBit }

// Heap returns the heap type of a reference type.
func (t ValType) Heap() HeapType { return HeapType(t & heapMask) }

// Defaultable says whether t has a default value: all but non-null references.
func (t ValType) Defaultable() bool { return !t.IsRef() || t.Nullable() }

// Unpacked returns the value type that a field of type t holds on the operand
// stack: i32 for packed types, t itself otherwise.
func (t ValType) Unpacked() ValType {
	if t.IsPacked() {
		return I32
	}
	return t
}

// Slots returns the number of 64-bit slots that a value of type t takes: two
// for v128, one for all others.
func (t ValType) Slots() int {
	if t == V128 {
		return 2
	}
	return 1
}

var numNames = map[ValType]string{I32: "i32", I64: "i64", F32: "f32", F64: "f64", V128: "v128", I8: "i8", I16: "i16", Bottom: "bot"}

var heapNames = map[HeapType]string{
	HeapNoExn: "noexn", HeapNoFunc: "nofunc", HeapNoExtern: "noextern", HeapNone: "none", HeapFunc: "func",
	HeapExtern: "extern", HeapAny: "any", HeapEq: "eq", HeapI31: "i31", HeapStruct: "struct", HeapArray: "array",
	HeapExn: "exn", HeapBottom: "bot",
}

// String returns the heap type as in the text format.
func (h HeapType) String() string {
	if x, ok := h.Concrete(); ok {
		return fmt.Sprint(uint32(x))
	}
	return heapNames[h]
}

// String returns the type as in the text format, with the shorthands for
// nullable references to abstract heap types ("funcref", "nullref").
func (t ValType) String() string {
	if !t.IsRef() {
		if s, ok := numNames[t]; ok {
			return s
		}
		return fmt.Sprintf("type(%#x)", uint32(t))
	}
	h := t.Heap()
	if _, concrete := h.Concrete(); !concrete && t.Nullable() {
		switch h {
		case HeapNone:
			return "nullref"
		case HeapNoFunc:
			return "nullfuncref"
		case HeapNoExtern:
			return "nullexternref"
		case HeapNoExn:
			return "nullexnref"
		}
		return h.String() + "ref"
	}
	if t.Nullable() {
		return "(ref null " + h.String() + ")"
	}
	return "(ref " + h.String() + ")"
}

// FuncType is a function type. Its slices are shared and must not be changed.
type FuncType struct {
	Params, Results []ValType
}

// String returns the type as "[i32 i64] -> [f32]".
func (f *FuncType) String() string {
	var b strings.Builder
	list := func(ts []ValType) {
		b.WriteByte('[')
		for i, t := range ts {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(t.String())
		}
		b.WriteByte(']')
	}
	list(f.Params)
	b.WriteString(" -> ")
	list(f.Results)
	return b.String()
}

// Equal says whether the two types are the same, letter by letter; type
// indices in them are compared as numbers.
func (f *FuncType) Equal(g *FuncType) bool {
	return equalTypes(f.Params, g.Params) && equalTypes(f.Results, g.Results)
}

func equalTypes(a, b []ValType) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// FieldType is the type of a struct's field or of an array's elements.
type FieldType struct {
	Type    ValType // may be packed
	Mutable bool
}

// CompKind distinguishes the composite types.
type CompKind uint8

// The composite types. The values are their binary codes.
const (
	KindFunc   CompKind = 0x60
	KindStruct CompKind = 0x5F
	KindArray  CompKind = 0x5E
)

// SubType is an entry of the type section: a composite type with its declared
// supertypes.
type SubType struct {
	Final  bool
	Supers []TypeIdx // at most one in a valid module
	Kind   CompKind
	Func   FuncType    // KindFunc
	Fields []FieldType // KindStruct; KindArray has exactly one
}

// RecGroup is a group of mutually recursive types: Types[Start : Start+Len].
type RecGroup struct {
	Start, Len uint32
	// Explicit says that the group was written as one (0x4E), which matters
	// for encoding only: a single type without it is a group of its own.
	Explicit bool
}

// Limits bound the size of a table or memory.
type Limits struct {
	Min, Max uint64 // Max is meaningful only if HasMax
	HasMax   bool
	Addr64   bool // indexed by i64
}

// AddrType returns the index type: I64 or I32.
func (l *Limits) AddrType() ValType {
	if l.Addr64 {
		return I64
	}
	return I32
}

// PageSize is the default size of a memory page in bytes; PageSizeLog2 its
// base-two logarithm.
const (
	PageSizeLog2 = 16
	PageSize     = 1 << PageSizeLog2
)

// MemType is the type of a memory. Limits are in pages.
type MemType struct {
	Limits
	Shared bool
	// PageSizeLog2 is the exponent of the page size: 16, or 0 with the
	// custom-page-sizes proposal.
	PageSizeLog2 uint8
	// CustomPageSize says that the page size was written explicitly, which
	// matters for encoding only.
	CustomPageSize bool
}

// TableType is the type of a table. Limits are in elements.
type TableType struct {
	Limits
	Elem ValType
}

// GlobalType is the type of a global.
type GlobalType struct {
	Type    ValType
	Mutable bool
}

// ExternKind distinguishes what can be imported and exported. The values are
// the binary codes.
type ExternKind uint8

// The kinds of imports and exports.
const (
	ExternFunc   ExternKind = 0
	ExternTable  ExternKind = 1
	ExternMemory ExternKind = 2
	ExternGlobal ExternKind = 3
	ExternTag    ExternKind = 4
)

// String returns the keyword of the text format.
func (k ExternKind) String() string {
	switch k {
	case ExternFunc:
		return "func"
	case ExternTable:
		return "table"
	case ExternMemory:
		return "memory"
	case ExternGlobal:
		return "global"
	case ExternTag:
		return "tag"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}
