package interp

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// atomicHandler does the instructions of the threads proposal. All of them are
// sequentially consistent.
func atomicHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	o := d.operands(pc, fp)
	code := op.Opcode(word2(pc))
	info := op.Lookup(code)
	m := d.e.inst.Memories[uc(pc)]
	ea, ok := effective(o, pc)
	size := uint64(info.Width)
	var b []byte
	if ok {
		if ea&(size-1) != 0 {
			return d.trap(vm.TrapUnalignedAtomic, pc, fp)
		}
		b, ok = m.View(ea, size)
	}
	if !ok {
		return d.trap(vm.TrapOutOfBoundsMemory, pc, fp)
	}
	switch code {
	case op.MemoryAtomicNotify:
		n, err := m.Notify(ea, uint32(o[1]))
		return d.waited(n, err, pc, fp)
	case op.MemoryAtomicWait32:
		n, err := m.Wait32(d.x, ea, uint32(o[1]), int64(o[2]))
		return d.waited(n, err, pc, fp)
	case op.MemoryAtomicWait64:
		n, err := m.Wait64(d.x, ea, o[1], int64(o[2]))
		return d.waited(n, err, pc, fp)
	}
	c := cell{unsafe.Pointer(unsafe.SliceData(b)), info.Width}
	switch kind := atomicKinds[code]; kind {
	case atomicLoad:
		o[0] = c.load()
	case atomicStore:
		c.update(func(uint64) uint64 { return o[1] })
	case atomicCmpxchg:
		o[0] = c.compareAndSwap(o[1], o[2])
	default:
		f, y := modifications[kind], o[1]
		o[0] = c.update(func(old uint64) uint64 { return f(old, y) })
	}
	return accessDone(pc, fp)
}

// waited ends wait and notify.
func (d *driver) waited(n uint32, err error, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	if err != nil {
		return d.fail(err, pc, fp)
	}
	*ra(pc, fp) = uint64(n)
	d.reload()
	return accessDone(pc, fp)
}

// atomicKind says what an atomic access does.
type atomicKind uint8

const (
	atomicLoad atomicKind = iota
	atomicStore
	atomicAdd
	atomicSub
	atomicAnd
	atomicOr
	atomicXor
	atomicXchg
	atomicCmpxchg
)

// modifications are what the read-modify-write accesses compute.
var modifications = [...]func(old, y uint64) uint64{
	atomicAdd:  func(old, y uint64) uint64 { return old + y },
	atomicSub:  func(old, y uint64) uint64 { return old - y },
	atomicAnd:  func(old, y uint64) uint64 { return old & y },
	atomicOr:   func(old, y uint64) uint64 { return old | y },
	atomicXor:  func(old, y uint64) uint64 { return old ^ y },
	atomicXchg: func(_, y uint64) uint64 { return y },
}

// atomicKinds maps the instructions. The table lists each kind for the seven
// combinations of type and width, one after the other.
var atomicKinds = func() (kinds [op.NumCodes]atomicKind) {
	first := [...]op.Opcode{
		atomicLoad: op.I32AtomicLoad, atomicStore: op.I32AtomicStore, atomicAdd: op.I32AtomicRmwAdd,
		atomicSub: op.I32AtomicRmwSub, atomicAnd: op.I32AtomicRmwAnd, atomicOr: op.I32AtomicRmwOr,
		atomicXor: op.I32AtomicRmwXor, atomicXchg: op.I32AtomicRmwXchg, atomicCmpxchg: op.I32AtomicRmwCmpxchg,
	}
	for kind, code := range first {
		for i := range op.Opcode(7) {
			kinds[code+i] = atomicKind(kind)
		}
	}
	return kinds
}()

// cell is a naturally aligned integer of 1, 2, 4 or 8 bytes in a linear memory,
// little-endian. Its address is aligned on the host too, since memories begin
// at a multiple of 8.
type cell struct {
	p     unsafe.Pointer
	width uint8
}

// native converts between an integer of the host and its place in memory.
func native32(v uint32) uint32 {
	if bigEndian {
		return bits.ReverseBytes32(v)
	}
	return v
}

func native64(v uint64) uint64 {
	if bigEndian {
		return bits.ReverseBytes64(v)
	}
	return v
}

// word is the aligned 32-bit word that a cell of at most 4 bytes is in, with
// the shift and mask of the cell in its little-endian value.
func (c cell) word() (w *uint32, shift uint, mask uint32) {
	// safe: memories are a multiple of 4 bytes but for tiny pages; see update.
	at := uintptr(c.p) & 3
	w = (*uint32)(unsafe.Add(c.p, -int(at)))
	return w, uint(at) * 8, uint32(1<<(8*uint64(c.width)) - 1)
}

// load reads the cell.
func (c cell) load() uint64 {
	if c.width == 8 {
		return native64(atomic.LoadUint64((*uint64)(c.p)))
	}
	w, shift, mask := c.word()
	return uint64(native32(atomic.LoadUint32(w)) >> shift & mask)
}

// update replaces the value by f of it, and returns the old one.
func (c cell) update(f func(old uint64) uint64) uint64 {
	if c.width == 8 {
		for p := (*uint64)(c.p); ; {
			raw := atomic.LoadUint64(p)
			old := native64(raw)
			if atomic.CompareAndSwapUint64(p, raw, native64(f(old))) {
				return old
			}
		}
	}
	for w, shift, mask := c.word(); ; {
		raw := atomic.LoadUint32(w)
		all := native32(raw)
		old := all >> shift & mask
		all = all&^(mask<<shift) | uint32(f(uint64(old)))&mask<<shift
		if atomic.CompareAndSwapUint32(w, raw, native32(all)) {
			return uint64(old)
		}
	}
}

// compareAndSwap replaces the value by y if it is x, and returns the old one. x
// is compared in full, as the specification has it for narrow accesses.
func (c cell) compareAndSwap(x, y uint64) uint64 {
	return c.update(func(old uint64) uint64 {
		if old == x {
			return y
		}
		return old
	})
}
