package instr

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Reader reads the binary format from a byte slice. Errors are sticky: after
// the first, all reads return zero and Err returns it. A Reader may be reset
// and reused, which keeps its buffers.
type Reader struct {
	buf  []byte
	pos  int
	base wasm.Offset
	err  *wasm.DecodeError

	// Features steers the few rules of the binary format
	// that depend on proposals. The zero value switches all
	// of them off.
	Features wasm.Feature

	labels  []uint32
	types   []wasm.ValType
	catches []Catch
}

// Reset makes r read b, whose first byte is at offset base of the module.
func (r *Reader) Reset(b []byte, base wasm.Offset) {
	r.buf, r.pos, r.base, r.err = b, 0, base, nil
}

// Err returns the first error, or nil.
func (r *Reader) Err() *wasm.DecodeError { return r.err }

// Len returns the number of bytes that are left.
func (r *Reader) Len() int { return len(r.buf) - r.pos }

// Pos returns the position in the slice.
func (r *Reader) Pos() int { return r.pos }

// Seek sets the position in the slice; pos must not be beyond its end.
func (r *Reader) Seek(pos int) { r.pos = pos }

// Offset returns the position in the module.
func (r *Reader) Offset() wasm.Offset { return r.base + wasm.Offset(r.pos) }

// Fail records an error at the given offset unless there is one already.
func (r *Reader) Fail(at wasm.Offset, msg string) {
	if r.err == nil {
		r.err = &wasm.DecodeError{Offset: at, Func: -1, Msg: msg}
		r.pos = len(r.buf)
	}
}

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if r.pos >= len(r.buf) {
		r.Fail(r.Offset(), msgEnd)
		return 0
	}
	b := r.buf[r.pos]
	r.pos++
	return b
}

// Peek returns the next byte without reading it; false at the end.
func (r *Reader) Peek() (byte, bool) {
	if r.pos >= len(r.buf) {
		return 0, false
	}
	return r.buf[r.pos], true
}

// Bytes reads n bytes; the result aliases the input.
func (r *Reader) Bytes(n uint32) []byte {
	if uint64(n) > uint64(r.Len()) {
		r.Fail(r.Offset(), msgEnd)
		return nil
	}
	b := r.buf[r.pos : r.pos+int(n) : r.pos+int(n)]
	r.pos += int(n)
	return b
}

// U32 reads an unsigned 32-bit integer.
func (r *Reader) U32() uint32 {
	if r.pos < len(r.buf) && r.buf[r.pos] < 0x80 { // one byte: the usual case
		r.pos++
		return uint32(r.buf[r.pos-1])
	}
	return uint32(r.unsigned(32))
}

// U64 reads an unsigned 64-bit integer.
func (r *Reader) U64() uint64 { return r.unsigned(64) }

// S32 reads a signed 32-bit integer.
func (r *Reader) S32() int32 {
	if r.pos < len(r.buf) && r.buf[r.pos] < 0x80 {
		r.pos++
		return int32(int8(r.buf[r.pos-1]<<1) >> 1)
	}
	return int32(r.signed(32))
}

// S33 reads a signed 33-bit integer, as block and heap types are encoded.
func (r *Reader) S33() int64 { return r.signed(33) }

// S64 reads a signed 64-bit integer.
func (r *Reader) S64() int64 { return r.signed(64) }

func (r *Reader) unsigned(bits uint) uint64 {
	start := r.Offset()
	var v uint64
	for shift := uint(0); ; shift += 7 {
		if r.pos >= len(r.buf) {
			r.Fail(r.Offset(), msgEnd)
			return 0
		}
		b := r.buf[r.pos]
		r.pos++
		if shift+7 >= bits { // the last byte that fits
			if b&0x80 != 0 {
				r.Fail(start, msgTooLong)
				return 0
			}
			if b>>(bits-shift) != 0 {
				r.Fail(start, msgTooLarge)
				return 0
			}
		}
		v |= uint64(b&0x7F) << shift
		if b&0x80 == 0 {
			return v
		}
	}
}

func (r *Reader) signed(bits uint) int64 {
	start := r.Offset()
	var v int64
	for shift := uint(0); ; shift += 7 {
		if r.pos >= len(r.buf) {
			r.Fail(r.Offset(), msgEnd)
			return 0
		}
		b := r.buf[r.pos]
		r.pos++
		if shift+7 >= bits {
			if b&0x80 != 0 {
				r.Fail(start, msgTooLong)
				return 0
			}
			// The unused bits must repeat the sign bit.
			// In 32 bits: Go 1.26 for mips shifts an int8 as if it were unsigned.
			rest := int32(int8(b<<1)) >> (bits - shift) // sign bit and above
			if rest != 0 && rest != -1 {
				r.Fail(start, msgTooLarge)
				return 0
			}
		}
		v |= int64(b&0x7F) << shift
		if b&0x80 == 0 {
			if s := shift + 7; s < 64 {
				v = v << (64 - s) >> (64 - s)
			}
			return v
		}
	}
}

// Name reads a name: a vector of bytes that is valid UTF-8.
func (r *Reader) Name() string { return string(r.NameBytes()) }

// NameBytes reads a name and returns its bytes, which alias the input.
func (r *Reader) NameBytes() []byte {
	start := r.Offset()
	b := r.Bytes(r.U32())
	if !utf8.Valid(b) {
		r.Fail(start, msgUTF8)
		return nil
	}
	return b
}

// ValType reads a value type.
func (r *Reader) ValType() wasm.ValType { return r.typeOr(msgValType) }

// RefType reads a reference type.
func (r *Reader) RefType() wasm.ValType {
	start := r.Offset()
	t := r.typeOr(msgRefType)
	if !t.IsRef() {
		r.Fail(start, msgRefType)
		return 0
	}
	return t
}

// ElemType reads the element type of a table or element segment. It differs
// from RefType for modules before the reference-types proposal, which have
// funcref here and nowhere else.
func (r *Reader) ElemType() wasm.ValType {
	if b, ok := r.Peek(); ok && b == wasm.HeapFunc.Code() {
		r.pos++
		return wasm.FuncRef
	}
	return r.RefType()
}

// StorageType reads the type of a field: a value type or a packed type.
func (r *Reader) StorageType() wasm.ValType {
	if b, ok := r.Peek(); ok && wasm.ValType(b).IsPacked() {
		r.pos++
		return wasm.ValType(b)
	}
	return r.typeOr(msgStorageType)
}

// typeOr reads a value type; if there is none, the error is msg.
func (r *Reader) typeOr(msg string) wasm.ValType {
	if r.pos >= len(r.buf) {
		r.Fail(r.Offset(), msgEnd)
		return 0
	}
	start := r.Offset()
	b := r.buf[r.pos]
	t := wasm.ValType(b)
	switch {
	case t.IsNum(), t == wasm.V128 && r.Features.Has(op.FeatureSIMD):
		r.pos++
		return t
	case (b == refNull || b == refNonNull) && r.Features.Has(op.FeatureFunctionReferences):
		r.pos++
		h := r.HeapType()
		if r.err != nil {
			return 0
		}
		return wasm.Ref(b == refNull, h)
	}
	if h, ok := r.abstractHeapType(b); ok {
		r.pos++
		return wasm.Ref(true, h)
	}
	r.Fail(start, msg)
	return 0
}

// abstractHeapType returns the abstract heap type with binary code b if there
// is one and its proposal is switched on.
func (r *Reader) abstractHeapType(b byte) (wasm.HeapType, bool) {
	h, ok := wasm.AbstractHeapType(b)
	if !ok {
		return 0, false
	}
	needs := op.FeatureGC
	switch h {
	case wasm.HeapFunc, wasm.HeapExtern:
		needs = op.FeatureReferenceTypes
	case wasm.HeapExn, wasm.HeapNoExn:
		needs = op.FeatureExceptions
	}
	return h, r.Features.Has(needs)
}

// HeapType reads a heap type: one byte for the abstract ones, else a type
// index, which is a non-negative s33.
func (r *Reader) HeapType() wasm.HeapType {
	start := r.Offset()
	if b, ok := r.Peek(); ok && b >= 0x40 && b < 0x80 {
		h, ok := r.abstractHeapType(b)
		if !ok {
			r.Fail(start, msgHeapType)
			return 0
		}
		r.pos++
		return h
	}
	x := r.S33()
	if r.err != nil {
		return 0
	}
	if x < 0 || !r.Features.Has(op.FeatureFunctionReferences) {
		r.Fail(start, msgHeapType)
		return 0
	}
	return wasm.HeapType(clampTypeIdx(x))
}

// clampTypeIdx keeps the index of a type that no module can have unknown
// rather than wrapped around.
func clampTypeIdx(x int64) wasm.TypeIdx {
	return wasm.TypeIdx(min(x, wasm.MaxTypes))
}

// BlockType reads a block type: 0x40, a value type, or a type index, which is
// a non-negative s33.
func (r *Reader) BlockType() BlockType {
	start := r.Offset()
	b, ok := r.Peek()
	if !ok {
		r.Fail(start, msgEnd)
		return BlockType{}
	}
	if b == 0x40 {
		r.pos++
		return BlockType{Kind: BlockEmpty}
	}
	if b < 0x40 || b >= 0x80 {
		x := r.S33()
		if x < 0 || !r.Features.Has(op.FeatureMultiValue) {
			r.Fail(start, msgBlockType)
		}
		if r.err != nil {
			return BlockType{}
		}
		return BlockType{Kind: BlockIndex, X: clampTypeIdx(x)}
	}
	return BlockType{Kind: BlockValue, Type: r.typeOr(msgBlockType)}
}

// memarg reads alignment, memory index and offset into in.
func (r *Reader) memarg(in *Instr) {
	start := r.Offset()
	flags := r.U32()
	in.X = 0
	// Bit 6 says that a memory index follows.
	if flags >= 0x80 || flags >= 0x40 && !r.Features.Has(op.FeatureMultiMemory) {
		r.Fail(start, msgMemopFlags)
		return
	}
	in.Align = flags & 0x3F
	if flags&0x40 != 0 {
		in.X = r.U32()
	}
	if r.Features.Has(op.FeatureMemory64) {
		in.Val = r.U64()
	} else {
		in.Val = uint64(r.U32())
	}
}

// Instr reads one instruction into in. It returns false after an error. It
// checks that the opcode exists and that its proposal is switched on.
func (r *Reader) Instr(in *Instr) bool {
	in.Offset = r.Offset()
	b := r.Byte()
	code, known := op.Opcode(b), true
	var sub uint32
	if b >= 0xFB && b <= 0xFE {
		sub = r.U32()
		code, known = op.FromPrefix(b, sub)
	}
	if r.err != nil {
		return false
	}
	var info *op.Info
	if known {
		info = op.Lookup(code)
	}
	if info == nil || !r.Features.Has(info.Feature) {
		r.failOpcode(in.Offset, b, sub, info)
		return false
	}
	in.Op = code
	if info.Imm != op.ImmNone {
		r.immediates(in, info.Imm)
	}
	return r.err == nil
}

// failOpcode records that there is no instruction with the given first byte
// and sub-opcode, or, if info is given, that its proposal is off.
func (r *Reader) failOpcode(at wasm.Offset, b byte, sub uint32, info *op.Info) {
	msg := fmt.Sprintf("%s %02x", msgIllegalOpcode, b)
	if b >= 0xFB && b <= 0xFE {
		msg += fmt.Sprintf(" %02x", sub)
	}
	if info != nil {
		msg += ": " + info.Name + " needs " + info.Feature.String()
	}
	r.Fail(at, msg)
}

func (r *Reader) immediates(in *Instr, kind op.Imm) {
	switch kind {
	case op.ImmBlockType:
		in.Block = r.BlockType()
	case op.ImmLabel, op.ImmFunc, op.ImmType, op.ImmLocal, op.ImmGlobal, op.ImmTable, op.ImmElem,
		op.ImmData, op.ImmTag:
		in.X = r.U32()
	case op.ImmMemory:
		in.X = r.memoryIndex()
	case op.ImmCallIndirect:
		in.X = r.U32()
		in.Y = r.tableIndex()
	case op.ImmTableTable, op.ImmElemTable, op.ImmTypeField, op.ImmTypeN, op.ImmTypeData, op.ImmTypeElem, op.ImmTypeType:
		in.X = r.U32()
		in.Y = r.U32()
	case op.ImmMemoryMemory:
		in.X = r.memoryIndex()
		in.Y = r.memoryIndex()
	case op.ImmDataMemory:
		in.X = r.U32()
		in.Y = r.memoryIndex()
	case op.ImmBrTable:
		r.brTable(in)
	case op.ImmMemarg:
		r.memarg(in)
	case op.ImmMemargLane:
		r.memarg(in)
		in.Lane = r.Byte()
	case op.ImmLane:
		in.Lane = r.Byte()
	case op.ImmShuffle, op.ImmV128:
		copy(in.Vec[:], r.Bytes(16))
	case op.ImmI32:
		in.Val = uint64(uint32(r.S32()))
	case op.ImmI64:
		in.Val = uint64(r.S64())
	case op.ImmF32:
		if b := r.Bytes(4); b != nil {
			in.Val = uint64(binary.LittleEndian.Uint32(b))
		}
	case op.ImmF64:
		if b := r.Bytes(8); b != nil {
			in.Val = binary.LittleEndian.Uint64(b)
		}
	case op.ImmHeapType:
		in.Heap = r.HeapType()
	case op.ImmValTypes:
		r.valTypes(in)
	case op.ImmTryTable:
		in.Block = r.BlockType()
		r.catchClauses(in)
	case op.ImmBrOnCast:
		start := r.Offset()
		in.Nulls = r.Byte()
		if in.Nulls > 3 {
			r.Fail(start, msgCastFlags)
		}
		in.X = r.U32()
		in.Heap = r.HeapType()
		in.Heap2 = r.HeapType()
	case op.ImmFence:
		start := r.Offset()
		if r.Byte() != 0 {
			r.Fail(start, msgZeroByte)
		}
	}
}

// memoryIndex reads a memory index, which before the multi-memory proposal was
// a zero byte.
func (r *Reader) memoryIndex() uint32 {
	if !r.Features.Has(op.FeatureMultiMemory) {
		start := r.Offset()
		if r.Byte() != 0 {
			r.Fail(start, msgZeroByte)
		}
		return 0
	}
	return r.U32()
}

// tableIndex reads the table index of call_indirect, which before the
// reference-types proposal was a zero byte.
func (r *Reader) tableIndex() uint32 {
	if !r.Features.Has(op.FeatureReferenceTypes) {
		start := r.Offset()
		if r.Byte() != 0 {
			r.Fail(start, msgZeroByte)
		}
		return 0
	}
	return r.U32()
}

func (r *Reader) brTable(in *Instr) {
	start := r.Offset()
	n := r.U32()
	// Each label takes at least one byte, so the buffer never grows beyond
	// what the input backs.
	if uint64(n) >= uint64(r.Len()) && r.err == nil {
		r.Fail(start, msgEnd)
		return
	}
	if n > wasm.MaxBrTableTargets {
		r.Fail(start, msgTargets)
		return
	}
	r.labels = r.labels[:0]
	for i := uint32(0); i <= n && r.err == nil; i++ {
		r.labels = append(r.labels, r.U32())
	}
	in.Labels = r.labels
}

func (r *Reader) valTypes(in *Instr) {
	start := r.Offset()
	n := r.U32()
	if uint64(n) > uint64(r.Len()) && r.err == nil {
		r.Fail(start, msgEnd)
		return
	}
	r.types = r.types[:0]
	for i := uint32(0); i < n && r.err == nil; i++ {
		r.types = append(r.types, r.ValType())
	}
	in.Types = r.types
}

func (r *Reader) catchClauses(in *Instr) {
	start := r.Offset()
	n := r.U32()
	if uint64(n) > uint64(r.Len()) && r.err == nil {
		r.Fail(start, msgEnd)
		return
	}
	r.catches = r.catches[:0]
	for i := uint32(0); i < n && r.err == nil; i++ {
		at := r.Offset()
		c := Catch{Kind: CatchKind(r.Byte())}
		if c.Kind > CatchAllRef {
			r.Fail(at, msgCatch)
			return
		}
		if c.Kind.HasTag() {
			c.Tag = r.U32()
		}
		c.Label = r.U32()
		r.catches = append(r.catches, c)
	}
	in.Catches = r.catches
}
