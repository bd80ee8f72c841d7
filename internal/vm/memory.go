package vm

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/sys"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Memory is a linear memory. Where the platform allows it its address space is
// reserved and Base never changes.
//
// A shared memory may be used by several stores at the same time, and Pages,
// Bytes, Grow, Wait and Notify by any goroutine; all other memories belong to
// one store.
type Memory struct {
	// Size is the current size in bytes. Shared memories change it atomically,
	// and it only grows. (It is the first field for the sake of 64-bit atomics
	// on 32-bit hosts.)
	Size uint64
	// Base is the address of byte 0. It never changes if Fixed, until the
	// store is closed. It is nil if nothing was ever allocated.
	Base unsafe.Pointer
	// Fixed says that Base never changes while the memory grows.
	Fixed bool
	// Guarded says that every access at a 32-bit address plus a 32-bit offset
	// beyond Size faults instead of touching anything else. It is so where
	// there is a compiler that makes use of it.
	Guarded bool
	Type    wasm.MemType

	store  *Store // nil if shared
	slot   *slot
	plain  []uint64 // backs Base if there is no slot
	shared *sharedMemory
	// max is the size in bytes that the memory can never exceed.
	max uint64
}

const (
	// maxMemory is the largest size of a memory in bytes, whatever the limits
	// of its store: 1 TiB, or 1 GiB on 32-bit hosts.
	maxMemory = 1<<40*(bits.UintSize/64) + 1<<30*(1-bits.UintSize/64)
	// maxPlain is the same for memories in Go's heap, where running out of
	// memory can't be handled.
	maxPlain = 1<<36*(bits.UintSize/64) + 1<<30*(1-bits.UintSize/64)
)

// pageLog2 returns the exponent of the page size.
func pageLog2(t *wasm.MemType) uint { return uint(t.PageSizeLog2) }

// pagesToBytes converts a number of pages, saturating.
func pagesToBytes(t *wasm.MemType, pages uint64) uint64 {
	if s := pageLog2(t); pages <= ^uint64(0)>>s {
		return pages << s
	}
	return ^uint64(0)
}

// maxPages returns the largest number of pages that t allows.
func maxPages(t *wasm.MemType) uint64 {
	// The index type bounds the size in bytes to 2^32 or 2^64.
	n := uint64(1) << (32 - pageLog2(t))
	if t.Addr64 {
		n = ^uint64(0)
		if s := pageLog2(t); s > 0 {
			n = 1 << (64 - s)
		}
	} else if pageLog2(t) == 0 {
		n = 1<<32 - 1 // memory.size must be able to tell it
	}
	if t.HasMax {
		n = min(n, t.Max)
	}
	return n
}

// NewMemory returns a memory of its minimum size, filled with zeroes. It fails
// with a *wasm.LimitError. The store owns it; a shared one lives on while other
// stores that imported it are open.
func (s *Store) NewMemory(t wasm.MemType) (*Memory, error) { return s.newMemory(t, nil) }

// newMemory makes a memory, preferably one that has img mapped already.
func (s *Store) newMemory(t wasm.MemType, img *image) (*Memory, error) {
	if s.closed.Load() {
		return nil, ErrClosed
	}
	size := pagesToBytes(&t, t.Min)
	used := s.memoryBytes.Load()
	room := s.Limits.Memory - min(s.Limits.Memory, used)
	if size > room || size > maxMemory {
		return nil, &wasm.LimitError{Name: "bytes of memory", Have: saturatingAdd(used, size), Max: min(s.Limits.Memory, maxMemory)}
	}
	// The store's limit may be used up by others, but a memory never needs
	// more than all of it.
	top := min(pagesToBytes(&t, maxPages(&t)), s.Limits.Memory, maxMemory)
	if t.Shared {
		// It has a declared maximum (validation), and may be grown by
		// other stores with other limits.
		top = min(pagesToBytes(&t, t.Max), maxMemory)
	}
	m := &Memory{Size: size, Type: t, max: top}
	switch {
	case top == 0:
		m.Fixed = true
	case sys.Reserve4GiB && top <= maxSlot:
		m.slot = s.Types.pools.slots.get(size, img)
	case sys.Reserve4GiB:
		m.slot = newSlot(nil, uint64(sys.RoundUp(uintptr(top))), size)
	}
	if m.slot != nil {
		m.Base, m.Fixed = m.slot.base, true
		m.Guarded = guarded && !t.Addr64 && t.PageSizeLog2 == wasm.PageSizeLog2
	} else if top > 0 {
		if size > maxPlain {
			return nil, &wasm.LimitError{Name: "bytes of memory that can't be reserved", Have: size, Max: maxPlain}
		}
		m.max = min(top, maxPlain)
		if t.Shared {
			// It must not move, so all of it is there from the start.
			if room = min(room, maxPlain); top > room {
				return nil, &wasm.LimitError{Name: "bytes of shared memory", Have: top, Max: room}
			}
			m.plain = make([]uint64, (top+7)/8)
			m.Fixed = true
		} else {
			m.plain = make([]uint64, (size+7)/8)
		}
		m.setPlainBase()
	}
	if t.Shared {
		m.shared = newSharedMemory(m)
		s.ownShared(m)
	} else {
		m.store = s
		if m.slot != nil {
			s.own(m.slot)
		}
	}
	s.memoryBytes.Add(size)
	return m, nil
}

func (m *Memory) setPlainBase() {
	m.Base = unsafe.Pointer(unsafe.SliceData(m.plain))
}

func saturatingAdd(a, b uint64) uint64 {
	if a+b < a {
		return ^uint64(0)
	}
	return a + b
}

// forget makes the memory empty for those who hold it after s was closed.
// Shared memories stay while other stores use them.
func (m *Memory) forget(s *Store) {
	if m.store == s {
		m.Base, m.Size, m.slot, m.plain = nil, 0, nil, nil
		m.max = 0
	}
}

// ByteSize returns the current size in bytes.
func (m *Memory) ByteSize() uint64 { return atomic.LoadUint64(&m.Size) }

// Pages returns the current size in pages.
func (m *Memory) Pages() uint64 { return m.ByteSize() >> pageLog2(&m.Type) }

// Bytes returns the memory's current contents. The slice aliases the memory
// until the memory moves (never if Fixed) or its store is closed. A store that
// became unreachable counts as closed.
func (m *Memory) Bytes() []byte {
	n := m.ByteSize()
	if n == 0 {
		return nil
	}
	m.touch()
	// safe: Base backs Size bytes, and Size fits an int: see maxMemory.
	return unsafe.Slice((*byte)(m.Base), int(n))
}

// View returns the n bytes at addr, as Bytes does; false if they are out of
// bounds.
func (m *Memory) View(addr, n uint64) ([]byte, bool) {
	size := m.ByteSize()
	if addr > size || n > size-addr {
		return nil, false
	}
	if n == 0 {
		return []byte{}, true
	}
	m.touch()
	// safe: addr+n is within Size.
	return unsafe.Slice((*byte)(unsafe.Add(m.Base, uintptr(addr))), int(n)), true
}

// touch notes that the contents may be changed from now on.
func (m *Memory) touch() {
	if m.slot != nil && m.shared == nil {
		m.slot.dirty = true
	}
}

// Grow adds delta pages on behalf of store s, against whose limit they count,
// and returns the size in pages before; false if that is more than the type, the
// limits or the host allow, and then nothing changes.
func (m *Memory) Grow(s *Store, delta uint64) (old uint64, ok bool) {
	old, ok = m.grow(s, delta)
	if ok && delta != 0 && s != nil && s.OnGrow != nil {
		s.OnGrow(m.ByteSize())
	}
	return old, ok
}

func (m *Memory) grow(s *Store, delta uint64) (old uint64, ok bool) {
	if m.shared != nil {
		m.shared.mu.Lock()
		defer m.shared.mu.Unlock()
	}
	old = m.Pages()
	if delta == 0 {
		return old, true
	}
	if delta > maxPages(&m.Type) || old+delta > maxPages(&m.Type) {
		return old, false
	}
	size := m.ByteSize()
	bytes := pagesToBytes(&m.Type, delta)
	if size > m.max || bytes > m.max-size {
		return old, false
	}
	if s != nil && bytes > s.Limits.Memory-min(s.Limits.Memory, s.memoryBytes.Load()) {
		return old, false
	}
	switch {
	case m.slot != nil:
		if !m.slot.commit(size + bytes) {
			return old, false
		}
		m.touch()
	case m.shared == nil:
		m.growPlain(size + bytes)
	}
	atomic.StoreUint64(&m.Size, size+bytes)
	if s != nil {
		s.memoryBytes.Add(bytes)
	}
	return old, true
}

// growPlain makes room for size bytes in Go memory. Doubling keeps many small
// steps linear.
func (m *Memory) growPlain(size uint64) {
	words := (size + 7) / 8
	if words > uint64(cap(m.plain)) {
		room := min(max(words, 2*uint64(cap(m.plain))), (m.max+7)/8)
		grown := make([]uint64, words, room)
		copy(grown, m.plain)
		m.plain = grown
		m.setPlainBase()
		return
	}
	m.plain = m.plain[:words]
}
