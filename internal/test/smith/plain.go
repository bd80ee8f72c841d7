package smith

import (
	"math/bits"
	"strings"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// sigTypes maps the letters of signatures to types.
var sigTypes = map[byte]wasm.ValType{'i': wasm.I32, 'I': wasm.I64, 'f': wasm.F32, 'F': wasm.F64, 'v': wasm.V128}

// plain makes an instruction that its row describes in full.
func (f *body) plain(r *op.Info) bool {
	in := instr.Instr{Op: r.Code}
	addr := wasm.I32
	var mem *wasm.MemType
	switch r.Imm {
	case op.ImmNone, op.ImmFence:
	case op.ImmMemarg, op.ImmMemargLane, op.ImmMemory:
		if len(f.m.Memories) == 0 {
			return false
		}
		in.X = uint32(f.intn(len(f.m.Memories)))
		mem = &f.m.Memories[in.X]
		addr = mem.AddrType()
		f.memarg(&in, r)
	case op.ImmLane:
		in.Lane = uint8(f.intn(lanes(r.Name)))
	case op.ImmShuffle:
		for k := range in.Vec {
			in.Vec[k] = uint8(f.intn(32))
		}
	case op.ImmI32, op.ImmI64, op.ImmF32, op.ImmF64, op.ImmV128:
		in = f.constInstr(sigTypes[r.Sig[1]])
	case op.ImmData:
		if len(f.m.Data) == 0 {
			return false
		}
		in.X = uint32(f.intn(len(f.m.Data)))
	default:
		return false
	}
	params, results, _ := strings.Cut(r.Sig, ":")
	if strings.Contains(params, "a") {
		f.withAddress(r, params, addr, mem)
	} else {
		types := make([]wasm.ValType, len(params))
		for k := range params {
			types[k] = sigTypes[params[k]]
		}
		f.use(types...)
	}
	f.emit(in)
	for k := range results {
		if results[k] == 'a' {
			f.push(addr)
		} else {
			f.push(sigTypes[results[k]])
		}
	}
	return true
}

// memarg chooses the immediates of a memory access, so that most accesses are
// aligned and in bounds.
func (f *body) memarg(in *instr.Instr, r *op.Info) {
	if r.Imm == op.ImmMemory {
		return
	}
	natural := uint32(bits.TrailingZeros8(r.Width))
	in.Align = natural
	if r.Class != op.ClassAtomic {
		in.Align = uint32(f.intn(int(natural) + 1))
	}
	switch f.intn(4) {
	case 0:
		in.Val = uint64(f.intn(16)) * uint64(r.Width)
	case 1:
		in.Val = uint64(f.intn(1 << 8))
		if r.Class == op.ClassAtomic {
			in.Val &^= uint64(r.Width - 1)
		}
	}
	if f.oneIn(200) {
		in.Val = edgeInts[f.intn(len(edgeInts))]
		if !f.m.Memories[in.X].Addr64 {
			in.Val &= 1<<32 - 1
		}
	}
	if r.Imm == op.ImmMemargLane {
		in.Lane = uint8(f.intn(16 / int(r.Width)))
	}
}

// withAddress makes and removes the operands of an instruction that takes an
// address, or a number of bytes or pages.
func (f *body) withAddress(r *op.Info, params string, addr wasm.ValType, mem *wasm.MemType) {
	// Most static offsets are small; leave them room.
	size := int(mem.Min << mem.PageSizeLog2)
	if size > 1<<10 {
		size -= 1 << 9
	}
	for k := range params {
		switch {
		case params[k] != 'a':
			if params[k] == 'I' && (r.Code == op.MemoryAtomicWait32 || r.Code == op.MemoryAtomicWait64) && k == 2 {
				// A time-out in nanoseconds: nobody will wake us.
				f.emit(instr.Instr{Op: op.I64Const, Val: uint64(f.intn(1000))})
				f.push(wasm.I64)
				continue
			}
			f.produce(sigTypes[params[k]], 1)
		case r.Code == op.MemoryGrow:
			f.small(addr, 3, 0)
		case k > 0: // a length
			f.small(addr, 64, 0)
		case r.Class == op.ClassAtomic:
			f.small(addr, size, uint(bits.TrailingZeros8(r.Width)))
		default:
			f.small(addr, size, 0)
		}
	}
	f.pop(len(params))
}

// small makes an operand of integer type t, mostly below n and a multiple of
// 1<<align.
func (f *body) small(t wasm.ValType, n int, align uint) {
	constant, and := op.I32Const, op.I32And
	if t == wasm.I64 {
		constant, and = op.I64Const, op.I64And
	}
	switch k := f.intn(64); {
	case k == 63:
		f.produce(t, 1)
	case k >= 44:
		// A computed value, cut off.
		f.produce(t, 1)
		mask := uint64(1)<<bits.Len(uint(max(n, 2)-1)/2) - 1
		f.emit(instr.Instr{Op: constant, Val: mask >> align << align})
		f.emit(instr.Instr{Op: and})
	default:
		f.emit(instr.Instr{Op: constant, Val: uint64(f.intn(max(n, 1))) >> align << align})
		f.push(t)
	}
}

// lanes returns the number of lanes of the shape that an instruction's name
// begins with, such as "i16x8".
func lanes(name string) int {
	shape, _, _ := strings.Cut(name, ".")
	_, n, _ := strings.Cut(shape, "x")
	switch n {
	case "16":
		return 16
	case "8":
		return 8
	case "4":
		return 4
	}
	return 2
}
