package valid

import (
	"math"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// memory returns the index type of memory x.
func (f *Func) memory(x uint32) wasm.ValType {
	m := f.info.Module
	if uint64(x) >= uint64(m.NumMemories()) {
		f.fail(unknown("memory", x))
		return wasm.Bottom
	}
	return m.MemType(wasm.MemIdx(x)).AddrType()
}

// memarg checks the immediates of a memory access.
func (f *Func) memarg(in *Instr, s *sig) {
	in.AddrType = f.memory(in.X)
	switch {
	case in.Align > uint32(s.natural):
		f.fail(msgAlignment)
	case in.Info.Class == op.ClassAtomic && in.Align != uint32(s.natural):
		f.fail(msgAtomicAlignment)
	case in.AddrType == wasm.I32 && in.Val > math.MaxUint32:
		f.fail(msgOffsetRange)
	}
}

// dataSegment checks that data segment x exists.
func (f *Func) dataSegment(x uint32) {
	m := f.info.Module
	// A binary must announce the number of segments before its code. Text has
	// no such order.
	if m.Bytes != nil && !m.HasDataCount {
		f.malformed(f.in.Offset, msgDataCount)
		return
	}
	if uint64(x) >= uint64(len(m.Data)) {
		f.fail(unknown("data segment", x))
	}
}

// minAddr returns the smaller of two index types.
func minAddr(a, b wasm.ValType) wasm.ValType {
	if a == wasm.I64 && b == wasm.I64 {
		return wasm.I64
	}
	return wasm.I32
}

// memoryOp checks memory.init and memory.copy.
func (f *Func) memoryOp(in *Instr) {
	switch in.Op {
	case op.MemoryInit:
		in.AddrType = f.memory(in.Y)
		f.dataSegment(in.X)
		if f.err == nil {
			f.popTypes([]wasm.ValType{in.AddrType, wasm.I32, wasm.I32})
		}
	case op.MemoryCopy:
		in.AddrType, in.AddrType2 = f.memory(in.X), f.memory(in.Y)
		if f.err == nil {
			f.popTypes([]wasm.ValType{in.AddrType, in.AddrType2, minAddr(in.AddrType, in.AddrType2)})
		}
	default:
		f.malformed(in.Offset, msgIllegalOpcode)
	}
}
