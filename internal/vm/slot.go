package vm

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/sys"
)

const (
	// maxSlot is the largest memory that fits a slot, in bytes.
	maxSlot = 1 << 32
	// guardSize is the address space after a memory on processors that there
	// are compilers for, whose code checks no bounds: every 32-bit address
	// plus every 32-bit offset, and the widest access, are within the slot.
	guardSize = maxSlot + 64<<10
	// keepResident is up to how much a slot is cleared by writing zeroes,
	// which keeps its pages, rather than by giving them back to the system.
	// Writing 64 KiB costs less than the page faults that come otherwise.
	keepResident = 64 << 10
	// maxLiveSlots bounds the slots of the process. Each takes two or three of
	// the mappings that a Linux process may have (65,530), and Go's runtime
	// needs some.
	maxLiveSlots = 12_000
	// maxPooledSlots bounds the unused slots, and maxPooledBytes the
	// accessible bytes in one of them.
	maxPooledSlots = 64
	maxPooledBytes = 64 << 20
)

// guarded says that memories are followed by guardSize bytes that fault.
const guarded = runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"

// slotSize returns the address space of a slot.
func slotSize() uint64 {
	if guarded {
		return maxSlot + guardSize
	}
	return maxSlot
}

// liveSlots counts the slots of the process.
var liveSlots atomic.Int64

// slot is reserved address space with a linear memory in it, or free for one.
type slot struct {
	base     unsafe.Pointer
	reserved uintptr // bytes of address space
	// committed is how many bytes from base on are accessible.
	committed uint64
	// img is mapped at its place in the slot; nil: there is none.
	img *image
	// dirty says that the contents may differ from img and zeroes.
	dirty bool
	pool  *slotPool
}

// commit makes the first n bytes accessible, if they are not yet.
func (s *slot) commit(n uint64) bool {
	end := uint64(sys.RoundUp(uintptr(n)))
	if end <= s.committed {
		return true
	}
	if end > uint64(s.reserved) {
		return false
	}
	if sys.Commit(unsafe.Add(s.base, uintptr(s.committed)), uintptr(end-s.committed)) != nil {
		return false
	}
	s.committed = end
	return true
}

// shrink makes everything from n bytes on, in whole pages, inaccessible.
func (s *slot) shrink(n uint64) bool {
	end := uint64(sys.RoundUp(uintptr(n)))
	if end >= s.committed {
		return true
	}
	if s.img != nil && end < s.img.start+s.img.size {
		return false // can't be: a memory is never smaller than at its start
	}
	if sys.Decommit(unsafe.Add(s.base, uintptr(end)), uintptr(s.committed-end)) != nil {
		return false
	}
	s.committed = end
	return true
}

// fit makes a clean slot ready for a memory of n bytes whose initial contents
// are img, or zeroes if img is nil. (img itself is mapped later.)
func (s *slot) fit(n uint64, img *image) bool {
	if s.img != nil && s.img != img && !s.unmap() {
		return false
	}
	// What is accessible beyond the end does no harm where bounds are checked.
	return (!guarded || s.shrink(n)) && s.commit(n)
}

// unmap replaces the image by zeroes.
func (s *slot) unmap() bool {
	if sys.Zero(unsafe.Add(s.base, uintptr(s.img.start)), uintptr(s.img.size)) != nil {
		return false
	}
	s.img = nil
	return true
}

// mapImage gives the slot img as contents, if it doesn't have it already.
func (s *slot) mapImage(img *image) bool {
	if s.img == img {
		return true
	}
	if !img.mapAt(s.base) {
		return false
	}
	s.img = img
	return true
}

// clean resets the contents to img and zeroes.
func (s *slot) clean() bool {
	if !s.dirty {
		return true
	}
	if s.img == nil && s.committed <= keepResident {
		// safe: the first committed bytes are accessible.
		clear(unsafe.Slice((*byte)(s.base), int(s.committed)))
	} else if sys.Discard(s.base, uintptr(s.committed)) != nil {
		return false
	}
	s.dirty = false
	return true
}

// free gives the slot back to its pool, or to the system.
func (s *slot) free() {
	if s.pool == nil || s.committed > maxPooledBytes || !s.clean() || !s.pool.put(s) {
		s.release()
	}
}

func (s *slot) release() {
	// An error would mean that base or reserved are wrong; there is nothing
	// that could be done about it here.
	_ = sys.Release(s.base, s.reserved)
	s.base, s.committed = nil, 0
	liveSlots.Add(-1)
}

// slotPool holds slots that are not in use. It is safe for concurrent use.
type slotPool struct {
	mu     sync.Mutex // guards what follows
	free   []*slot    // clean; the last used ones last
	closed bool
}

// get returns a slot for a memory of n bytes, preferably with img mapped in it;
// nil if there is no address space left.
func (p *slotPool) get(n uint64, img *image) *slot {
	for {
		s := p.take(n, img)
		if s == nil {
			break
		}
		if s.fit(n, img) {
			return s
		}
		s.release()
	}
	return newSlot(p, slotSize(), n)
}

// newSlot reserves address space; nil if there is none left. Without a pool the
// slot goes back to the system when it is freed.
func newSlot(p *slotPool, size, n uint64) *slot {
	if liveSlots.Add(1) > maxLiveSlots {
		liveSlots.Add(-1)
		return nil
	}
	base, err := sys.Reserve(uintptr(size))
	if err != nil {
		liveSlots.Add(-1)
		return nil
	}
	s := &slot{base: base, reserved: uintptr(size), pool: p}
	if !s.commit(n) {
		s.release()
		return nil
	}
	return s
}

// take removes the slot from the pool that needs the least work; nil if the
// pool is empty.
func (p *slotPool) take(n uint64, img *image) *slot {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) == 0 {
		return nil
	}
	end := uint64(sys.RoundUp(uintptr(n)))
	best, cost := -1, 4
	for i := len(p.free) - 1; i >= 0 && cost > 0; i-- {
		s, c := p.free[i], 0
		if s.img != img {
			c++ // has to be mapped
			if s.img != nil {
				c++ // and the other one unmapped
			}
		}
		if s.committed != end {
			c++
		}
		if c < cost {
			best, cost = i, c
		}
	}
	s := p.free[best]
	last := len(p.free) - 1
	p.free[best] = p.free[last]
	p.free[last] = nil
	p.free = p.free[:last]
	return s
}

// put adds a clean slot; false if the pool doesn't want it.
func (p *slotPool) put(s *slot) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.free) >= maxPooledSlots {
		return false
	}
	p.free = append(p.free, s)
	return true
}

// evict frees the slots that have img mapped.
func (p *slotPool) evict(img *image) {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.free[:0]
	for _, s := range p.free {
		if s.img == img {
			s.release()
		} else {
			kept = append(kept, s)
		}
	}
	clear(p.free[len(kept):])
	p.free = kept
}

func (p *slotPool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, s := range p.free {
		s.release()
	}
	p.free = nil
}
