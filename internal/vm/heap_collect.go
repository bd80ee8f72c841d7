package vm

import (
	"unsafe"

	"github.com/wamr-go/wamr/internal/sys"
	"github.com/wamr-go/wamr/internal/wasm"
)

const (
	// markStack is how many objects may wait to be scanned. If more do, the
	// marked ones are looked through for what was left out.
	markStack = 16 << 10
	// discardRun is from how many blocks on a freed object's memory is given
	// back to the system.
	discardRun = 1 << 20 / blockSize
)

// Collect frees all objects and host values that can't be reached from the
// store's stack, globals, tables, element segments and roots. Allocation does it
// when it is due.
func (s *Store) Collect() {
	h := &s.Heap
	h.collections.Add(1)
	h.host.clearMarks()
	s.markRoots()
	s.drain()
	h.sweep()
	h.host.sweep()
	if cap(h.stack) > 0 && h.used < minBudget {
		h.stack = nil // small again
	}
}

// markRoots marks what the store refers to.
func (s *Store) markRoots() {
	h := &s.Heap
	h.markSlots(s.Exec.Stack[:min(s.Exec.SP, len(s.Exec.Stack))])
	h.markSlots(s.operands)
	for _, f := range s.Exec.fresh {
		h.markValue(f.ref)
	}
	for r := range s.roots {
		h.markValue(r)
	}
	s.markSnapshots()
	for _, i := range s.instances {
		for _, g := range i.Globals {
			if s.Types.InHeap(g.Type.Type) {
				h.markValue(Ref(g.Lo))
			}
		}
		for _, t := range i.Tables {
			if s.Types.InHeap(t.Type.Elem) {
				s.markRefs(t.Elems)
			}
		}
		for x, refs := range i.Elems {
			if refs != nil && s.Types.InHeap(i.Module.canonical(i.Module.Elems[x].Type)) {
				s.markRefs(refs)
			}
		}
	}
}

// markSlots marks what slots, which may hold anything, seem to refer to.
func (h *Heap) markSlots(slots []uint64) {
	for _, v := range slots {
		if v>>32 == 0 {
			h.markValue(Ref(v))
		}
	}
}

// markRefs marks references, and scans what they refer to when there is much.
func (s *Store) markRefs(refs []Ref) {
	for _, r := range refs {
		s.Heap.markValue(r)
		if len(s.Heap.stack) >= markStack/2 {
			s.drain()
		}
	}
}

// markValue marks what r refers to. r may be any number.
func (h *Heap) markValue(r Ref) {
	switch {
	case r == Null || r&1 != 0:
	case r&3 == hostTag:
		h.host.mark(r)
	case h.isObject(r):
		h.mark(r)
	}
}

// mark marks the object r.
func (h *Heap) mark(r Ref) {
	bit := uint32(r) / granule
	word, mask := &h.marks[bit/64], uint64(1)<<(bit%64)
	if *word&mask != 0 {
		return
	}
	*word |= mask
	if len(h.stack) < markStack {
		h.stack = append(h.stack, r)
	} else {
		h.overflow = true
	}
}

func (h *Heap) marked(r Ref) bool {
	bit := uint32(r) / granule
	return h.marks[bit/64]&(1<<(bit%64)) != 0
}

// field marks what an object's field refers to. Fields always hold valid
// references.
func (h *Heap) field(r Ref) {
	switch {
	case r == Null || r&1 != 0:
	case r&3 == hostTag:
		h.host.mark(r)
	default:
		h.mark(r)
	}
}

// drain scans marked objects until all that they reach is marked.
func (s *Store) drain() {
	h := &s.Heap
	for {
		for len(h.stack) > 0 {
			r := h.stack[len(h.stack)-1]
			h.stack = h.stack[:len(h.stack)-1]
			s.scan(r)
		}
		if !h.overflow {
			return
		}
		h.overflow = false
		s.rescan()
	}
}

// scan marks what the object r refers to.
func (s *Store) scan(r Ref) {
	h := &s.Heap
	head := h.header(r)
	t := s.Types.Info(TypeID(head[0]))
	if t.Kind != wasm.KindArray {
		for _, at := range t.refs {
			// safe: at is within the object.
			h.field(*(*Ref)(unsafe.Add(h.Base, uintptr(r)+uintptr(at))))
		}
		return
	}
	if !t.elemRef || head[1] == 0 {
		return
	}
	// safe: the array has as many elements as its header says.
	for _, e := range unsafe.Slice((*Ref)(unsafe.Add(h.Base, uintptr(r)+ArrayData)), int(head[1])) {
		h.field(e)
	}
}

// rescan scans all marked objects again, because the stack had no room for some
// of them. Each round marks at least as many objects as the stack has room for,
// or is the last.
func (s *Store) rescan() {
	h := &s.Heap
	for b := range h.blocks {
		start := Ref(b * blockSize)
		switch blk := &h.blocks[b]; blk.kind {
		case blockLarge:
			if h.marked(start) {
				s.scanAndDrain(start)
			}
		case blockSmall:
			size := classSizes[blk.class]
			for at := uint32(0); at+size <= blockSize; at += size {
				if r := start + Ref(at); h.marked(r) {
					s.scanAndDrain(r)
				}
			}
		}
	}
}

// scanAndDrain scans r and, so that the stack stays nearly empty, what it led to.
func (s *Store) scanAndDrain(r Ref) {
	s.scan(r)
	h := &s.Heap
	for len(h.stack) > 0 {
		r := h.stack[len(h.stack)-1]
		h.stack = h.stack[:len(h.stack)-1]
		s.scan(r)
	}
}

// sweep frees what is not marked, clears the marks and sets the next budget.
func (h *Heap) sweep() {
	h.live, h.retry = 0, false
	clear(h.free[:])
	clear(h.cellsThen[:])
	// From the end down, so that the free lists go up.
	for b := len(h.blocks) - 1; b > 0; b-- {
		start := Ref(b * blockSize)
		switch blk := &h.blocks[b]; blk.kind {
		case blockSmall:
			h.sweepSmall(blk, start)
		case blockLarge:
			if h.marked(start) {
				h.live += uint64(blk.run) * blockSize
			} else {
				h.freeLarge(uint32(b))
			}
		}
	}
	clear(h.marks)
	h.next = 1
	liveBlocks := h.live/blockSize + 1
	h.budget = uint32(min(uint64(h.used)+max(minBudget, liveBlocks), uint64(h.limit)))
	h.usedThen = h.used
	h.usedNow.Store(uint64(h.used))
}

// sweepSmall frees the unmarked cells of a block, or the block if none is
// marked.
func (h *Heap) sweepSmall(blk *block, start Ref) {
	size := classSizes[blk.class]
	n := blockSize / size
	list, live := h.free[blk.class], uint32(0)
	for i := int(n) - 1; i >= 0; i-- {
		r := start + Ref(uint32(i)*size)
		if h.marked(r) {
			live++
			continue
		}
		if gcStress {
			// safe: the cell has size bytes.
			for i := range unsafe.Slice((*byte)(h.at(r)), int(size)) {
				*(*byte)(unsafe.Add(h.at(r), i)) = 0xDB
			}
		}
		*h.header(r) = [2]uint32{0, list}
		list = uint32(r)
	}
	if live == 0 {
		*blk = block{}
		h.used--
		return
	}
	h.free[blk.class] = list
	h.live += uint64(live) * uint64(size)
	h.cellsThen[blk.class] += uint64(n-live) * uint64(size)
}

// freeLarge frees the object that begins with block b.
func (h *Heap) freeLarge(b uint32) {
	n := h.blocks[b].run
	clear(h.blocks[b : b+n])
	h.used -= n
	if n >= discardRun && sys.CanReserve {
		// It is memory of this heap alone; if it can't be given back it is
		// kept, and zeroed when it is used again.
		p, size := h.at(Ref(b*blockSize)), uintptr(n)*blockSize
		if page := sys.PageSize(); uintptr(p)%page == 0 && size%page == 0 {
			_ = sys.Discard(p, size)
		}
	}
}
