package appheap

import (
	"math/rand/v2"
	"testing"
)

// TestHeap allocates and frees at random and checks that blocks neither overlap
// nor leave the range, and that everything comes back.
func TestHeap(t *testing.T) {
	const start, end = 1003, 66_000
	h := New(start, end)
	rnd := rand.New(rand.NewPCG(1, 2))
	owner := map[uint64]uint64{} // byte -> block
	sizes := map[uint64]uint64{}
	for range 20_000 {
		if rnd.IntN(5) < 3 {
			n := rnd.Uint64N(600)
			at, ok := h.Alloc(n)
			if !ok {
				continue
			}
			if at%8 != 0 || at < start || at+n > end {
				t.Fatalf("Alloc(%d) = %d, outside [%d, %d) or unaligned", n, at, start, end)
			}
			for b := at; b < at+n; b++ {
				if o, taken := owner[b]; taken {
					t.Fatalf("byte %d belongs to blocks %d and %d", b, o, at)
				}
				owner[b] = at
			}
			sizes[at] = n
			continue
		}
		for at, n := range sizes {
			if !h.Free(at) {
				t.Fatalf("Free(%d) failed", at)
			}
			if h.Free(at) {
				t.Fatalf("block %d was freed twice", at)
			}
			for b := at; b < at+n; b++ {
				delete(owner, b)
			}
			delete(sizes, at)
			break
		}
	}
	for at := range sizes {
		h.Free(at)
	}
	from, to := h.Range()
	if at, ok := h.Alloc(to - from); !ok || at != from {
		t.Errorf("after freeing all, Alloc of everything = %d, %t; want %d, true", at, ok, from)
	}
}

// TestRefuses checks what can't be allocated or freed.
func TestRefuses(t *testing.T) {
	h := New(0, 64)
	for _, n := range []uint64{65, 1 << 40, ^uint64(0), ^uint64(0) - 6} {
		if at, ok := h.Alloc(n); ok {
			t.Errorf("Alloc(%d) = %d", n, at)
		}
	}
	if h.Free(8) {
		t.Error("freed a block that was never allocated")
	}
	if _, ok := New(10, 12).Alloc(0); ok {
		t.Error("allocated from a heap without room")
	}
}
