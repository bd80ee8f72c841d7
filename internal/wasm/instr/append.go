package instr

import (
	"encoding/binary"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// AppendU32 appends x as an unsigned LEB128 integer.
func AppendU32(b []byte, x uint32) []byte { return AppendU64(b, uint64(x)) }

// AppendU64 appends x as an unsigned LEB128 integer.
func AppendU64(b []byte, x uint64) []byte {
	for x >= 0x80 {
		b = append(b, byte(x)|0x80)
		x >>= 7
	}
	return append(b, byte(x))
}

// AppendS64 appends x as a signed LEB128 integer.
func AppendS64(b []byte, x int64) []byte {
	for {
		c := byte(x & 0x7F)
		x >>= 7
		if x == 0 && c&0x40 == 0 || x == -1 && c&0x40 != 0 {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}

// AppendName appends a name: its length and its bytes.
func AppendName(b []byte, name string) []byte {
	return append(AppendU32(b, uint32(len(name))), name...)
}

// AppendHeapType appends a heap type.
func AppendHeapType(b []byte, h wasm.HeapType) []byte {
	if x, ok := h.Concrete(); ok {
		return AppendS64(b, int64(x))
	}
	return append(b, h.Code())
}

// AppendValType appends a value or storage type, in its short form where it
// has one.
func AppendValType(b []byte, t wasm.ValType) []byte {
	if !t.IsRef() {
		return append(b, byte(t))
	}
	_, concrete := t.Heap().Concrete()
	switch {
	case !t.Nullable():
		b = append(b, refNonNull)
	case concrete:
		b = append(b, refNull)
	}
	return AppendHeapType(b, t.Heap())
}

func appendBlockType(b []byte, t BlockType) []byte {
	switch t.Kind {
	case BlockEmpty:
		return append(b, 0x40)
	case BlockValue:
		return AppendValType(b, t.Type)
	}
	return AppendS64(b, int64(t.X))
}

// AppendOpcode appends an opcode with its prefix.
func AppendOpcode(b []byte, code op.Opcode) []byte {
	prefix, sub := code.Prefix()
	if prefix == 0 {
		return append(b, byte(sub))
	}
	return AppendU32(append(b, prefix), sub)
}

// Append appends the instruction in binary form, integers as short as they go.
func Append(b []byte, in *Instr) []byte {
	b = AppendOpcode(b, in.Op)
	switch in.Info().Imm {
	case op.ImmBlockType:
		b = appendBlockType(b, in.Block)
	case op.ImmLabel, op.ImmFunc, op.ImmType, op.ImmLocal, op.ImmGlobal, op.ImmTable, op.ImmElem,
		op.ImmData, op.ImmMemory, op.ImmTag:
		b = AppendU32(b, in.X)
	case op.ImmCallIndirect, op.ImmTableTable, op.ImmElemTable, op.ImmMemoryMemory, op.ImmDataMemory,
		op.ImmTypeField, op.ImmTypeN, op.ImmTypeData, op.ImmTypeElem, op.ImmTypeType:
		b = AppendU32(AppendU32(b, in.X), in.Y)
	case op.ImmBrTable:
		b = AppendU32(b, uint32(len(in.Labels)-1))
		for _, l := range in.Labels {
			b = AppendU32(b, l)
		}
	case op.ImmMemarg:
		b = appendMemarg(b, in)
	case op.ImmMemargLane:
		b = append(appendMemarg(b, in), in.Lane)
	case op.ImmLane:
		b = append(b, in.Lane)
	case op.ImmShuffle, op.ImmV128:
		b = append(b, in.Vec[:]...)
	case op.ImmI32:
		b = AppendS64(b, int64(int32(in.Val)))
	case op.ImmI64:
		b = AppendS64(b, int64(in.Val))
	case op.ImmF32:
		b = binary.LittleEndian.AppendUint32(b, uint32(in.Val))
	case op.ImmF64:
		b = binary.LittleEndian.AppendUint64(b, in.Val)
	case op.ImmHeapType:
		b = AppendHeapType(b, in.Heap)
	case op.ImmValTypes:
		b = AppendU32(b, uint32(len(in.Types)))
		for _, t := range in.Types {
			b = AppendValType(b, t)
		}
	case op.ImmTryTable:
		b = appendBlockType(b, in.Block)
		b = AppendU32(b, uint32(len(in.Catches)))
		for _, c := range in.Catches {
			b = append(b, byte(c.Kind))
			if c.Kind.HasTag() {
				b = AppendU32(b, c.Tag)
			}
			b = AppendU32(b, c.Label)
		}
	case op.ImmBrOnCast:
		b = AppendU32(append(b, in.Nulls), in.X)
		b = AppendHeapType(AppendHeapType(b, in.Heap), in.Heap2)
	case op.ImmFence:
		b = append(b, 0)
	}
	return b
}

func appendMemarg(b []byte, in *Instr) []byte {
	if in.X != 0 {
		b = AppendU32(AppendU32(b, in.Align|0x40), in.X)
	} else {
		b = AppendU32(b, in.Align)
	}
	return AppendU64(b, in.Val)
}
