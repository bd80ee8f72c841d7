// Package appheap allocates blocks within a range of a guest's memory. All its
// bookkeeping is on the host's side, so nothing that the guest writes can
// damage it. It is a leaf and never touches the memory itself.
package appheap

import "sort"

// align is the alignment of blocks in bytes, enough for every scalar.
const align = 8

// Heap hands out blocks of the addresses in a range. It is not safe for
// concurrent use.
type Heap struct {
	start, end uint64
	used       map[uint64]uint64 // size of each block in use, by address
	free       []span            // by address; neighbours are merged
}

type span struct{ at, size uint64 }

// New returns a heap of the addresses from start up to and without end.
func New(start, end uint64) *Heap {
	h := &Heap{start: (start + align - 1) &^ (align - 1), end: end &^ (align - 1), used: make(map[uint64]uint64)}
	if h.start < h.end {
		h.free = []span{{h.start, h.end - h.start}}
	}
	return h
}

// Range returns the first address and the one behind the last.
func (h *Heap) Range() (start, end uint64) { return h.start, h.end }

// Alloc returns the address of a block of at least n bytes, aligned to eight;
// false if no free block is large enough. It takes the smallest that is.
func (h *Heap) Alloc(n uint64) (uint64, bool) {
	if n > h.end-h.start {
		return 0, false
	}
	n = max((n+align-1)&^(align-1), align)
	best := -1
	for i, s := range h.free {
		if s.size >= n && (best < 0 || s.size < h.free[best].size) {
			best = i
		}
	}
	if best < 0 {
		return 0, false
	}
	s := &h.free[best]
	at := s.at
	if s.size == n {
		h.free = append(h.free[:best], h.free[best+1:]...)
	} else {
		s.at += n
		s.size -= n
	}
	h.used[at] = n
	return at, true
}

// Size returns the size of the block at an address; false if none in use
// begins there.
func (h *Heap) Size(at uint64) (uint64, bool) {
	n, ok := h.used[at]
	return n, ok
}

// Free gives a block back. It returns false, and does nothing, if no block in
// use begins at the address.
func (h *Heap) Free(at uint64) bool {
	n, ok := h.used[at]
	if !ok {
		return false
	}
	delete(h.used, at)
	i := sort.Search(len(h.free), func(i int) bool { return h.free[i].at > at })
	if i > 0 && h.free[i-1].at+h.free[i-1].size == at {
		i--
		h.free[i].size += n
	} else {
		h.free = append(h.free, span{})
		copy(h.free[i+1:], h.free[i:])
		h.free[i] = span{at, n}
	}
	if i+1 < len(h.free) && h.free[i].at+h.free[i].size == h.free[i+1].at {
		h.free[i].size += h.free[i+1].size
		h.free = append(h.free[:i+1], h.free[i+2:]...)
	}
	return true
}
