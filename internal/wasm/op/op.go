// Package op is the instruction table of WebAssembly: one row for each
// instruction, from which decoding, encoding, text parsing and printing, plain
// validation, feature gates, the module generator and the engines' tests are
// derived. It is a leaf: it imports nothing of this project and does no I/O.
//
// Start at table.go. Specification: "Instructions" in the chapters Structure,
// Validation, Binary Format and Text Format.
package op

// Opcode identifies an instruction in one dense 16-bit space. One-byte opcodes
// keep their value; the sub-opcodes of a prefix byte follow at a fixed base:
//
//	0x000-0x0ff  one byte
//	0x100-0x1ff  0xFB (garbage collection)
//	0x200-0x2ff  0xFC (saturating truncation, bulk memory, tables, wide arithmetic)
//	0x300-0x4ff  0xFD (vectors, relaxed vectors from 0x400)
//	0x500-0x5ff  0xFE (threads)
type Opcode uint16

// Bases of the prefixed opcode ranges.
const (
	BaseFB   Opcode = 0x100
	BaseFC   Opcode = 0x200
	BaseFD   Opcode = 0x300
	BaseFE   Opcode = 0x500
	NumCodes        = 0x600 // every Opcode is below it
)

// Imm is the kind of an instruction's immediates: how they are laid out in the
// binary format and written in the text format.
type Imm uint8

// The kinds of immediates. "x" stands for an index, encoded as u32.
const (
	ImmNone         Imm = iota
	ImmBlockType        // s33: empty, a value type, or a type index
	ImmLabel            // label index
	ImmBrTable          // vector of labels, default label
	ImmFunc             // function index
	ImmCallIndirect     // type index, table index
	ImmType             // type index
	ImmLocal            // local index
	ImmGlobal           // global index
	ImmTable            // table index
	ImmTableTable       // destination table, source table (table.copy)
	ImmElemTable        // element segment, table (table.init)
	ImmElem             // element segment
	ImmData             // data segment
	ImmMemory           // memory index
	ImmMemoryMemory     // destination memory, source memory (memory.copy)
	ImmDataMemory       // data segment, memory (memory.init)
	ImmMemarg           // alignment exponent, optional memory index, offset
	ImmMemargLane       // memarg, lane index byte
	ImmLane             // lane index byte
	ImmShuffle          // 16 lane index bytes
	ImmI32              // s32
	ImmI64              // s64
	ImmF32              // 4 bytes, little endian
	ImmF64              // 8 bytes, little endian
	ImmV128             // 16 bytes
	ImmHeapType         // s33 heap type (ref.null, and ref.test/ref.cast, whose opcode carries the nullability)
	ImmValTypes         // vector of value types (select t*)
	ImmTryTable         // block type, vector of catch clauses
	ImmTag              // tag index
	ImmBrOnCast         // flags byte, label, source heap type, target heap type
	ImmTypeField        // struct type index, field index
	ImmTypeN            // array type index, element count (array.new_fixed)
	ImmTypeData         // array type index, data segment
	ImmTypeElem         // array type index, element segment
	ImmTypeType         // destination array type, source array type (array.copy)
	ImmFence            // one zero byte (atomic.fence)
)

// Class groups instructions that validators and engines treat alike.
type Class uint8

// The classes. For ClassControl to ClassAggregate each consumer has a function
// of its own per instruction or per group; all others are described by their
// row alone.
const (
	ClassControl    Class = iota // blocks, branches, calls, exceptions
	ClassParametric              // drop, select
	ClassVariable                // local.*, global.*
	ClassTable                   // table.*, elem.drop
	ClassReference               // ref.*
	ClassAggregate               // struct.*, array.*, i31 casts and conversions
	ClassConst                   // t.const, v128.const
	ClassNumeric                 // scalar operators without immediates
	ClassLoad                    // scalar loads
	ClassStore                   // scalar stores
	ClassMemory                  // memory.*, data.drop
	ClassVec                     // vector operators without immediates
	ClassVecLane                 // vector operators with a lane immediate, and i8x16.shuffle
	ClassVecLoad                 // v128 loads, lane loads included
	ClassVecStore                // v128 stores, lane stores included
	ClassAtomic                  // t.atomic.*, memory.atomic.*, atomic.fence
)

// Effect is a set of facts about what an instruction may do besides popping
// its operands and pushing its results.
type Effect uint8

// The effects. An instruction with none is pure.
const (
	Traps     Effect = 1 << iota // may trap
	Reads                        // reads memory, tables, globals or objects
	Writes                       // writes them
	Transfers                    // may transfer control: branch, call, throw
)

// Info is one row of the table.
type Info struct {
	Code Opcode
	Name string // as in the text format
	Imm  Imm
	// Sig is the type as "operands:results", one letter each: i = i32,
	// I = i64, f = f32, F = f64, v = v128, a = the index type of the
	// instruction's memory. It is empty for instructions whose type depends
	// on context; those have a function of their own in each consumer. An
	// instruction that takes and gives nothing has ":".
	Sig     string
	Class   Class
	Effects Effect
	Feature Feature
	// Width is the number of bytes of a memory access, and so its natural
	// alignment; 0 for all other instructions.
	Width uint8
}

// byCode maps every Opcode to its row's index plus one in table; 0: no such
// instruction.
var byCode [NumCodes]uint16

// byName maps text names to opcodes.
var byName map[string]Opcode

func init() {
	byName = make(map[string]Opcode, len(table))
	for i := range table {
		byCode[table[i].Code] = uint16(i + 1)
		// Several opcodes may share one name (select, ref.test, ref.cast):
		// the text format tells them apart by their immediates, and the
		// first row is the one that the name finds.
		if _, dup := byName[table[i].Name]; !dup {
			byName[table[i].Name] = table[i].Code
		}
	}
}

// Lookup returns the row of an opcode, or nil if there is no such instruction.
// The row must not be changed.
func Lookup(code Opcode) *Info {
	if int(code) >= NumCodes || byCode[code] == 0 {
		return nil
	}
	return &table[byCode[code]-1]
}

// ByName returns the opcode with the given text name. For names that several
// opcodes share it returns the one with the lowest code.
func ByName(name string) (Opcode, bool) {
	code, ok := byName[name]
	return code, ok
}

// All returns the whole table in the order of opcodes. It must not be changed.
func All() []Info { return table }

// String returns the text name, or "unknown".
func (c Opcode) String() string {
	if r := Lookup(c); r != nil {
		return r.Name
	}
	return "unknown"
}

// Prefix returns the prefix byte of an opcode (0 for one-byte opcodes) and the
// number that follows it, or the byte itself.
func (c Opcode) Prefix() (prefix byte, sub uint32) {
	switch {
	case c < BaseFB:
		return 0, uint32(c)
	case c < BaseFC:
		return 0xFB, uint32(c - BaseFB)
	case c < BaseFD:
		return 0xFC, uint32(c - BaseFC)
	case c < BaseFE:
		return 0xFD, uint32(c - BaseFD)
	}
	return 0xFE, uint32(c - BaseFE)
}

// FromPrefix is the inverse of Prefix. It returns false where the sub-opcode
// is out of the prefix's range; the result may still be no instruction.
func FromPrefix(prefix byte, sub uint32) (Opcode, bool) {
	base, n := Opcode(0), uint32(0x100)
	switch prefix {
	case 0xFB:
		base = BaseFB
	case 0xFC:
		base = BaseFC
	case 0xFD:
		base, n = BaseFD, 0x200
	case 0xFE:
		base = BaseFE
	default:
		return 0, false
	}
	if sub >= n {
		return 0, false
	}
	return base + Opcode(sub), true
}
