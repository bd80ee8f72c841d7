package vm

import (
	"context"
	"encoding/binary"
	"math/bits"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// sharedMemory is what a shared memory has in addition: it may be used by
// several stores at a time, and lives until the last one is closed.
type sharedMemory struct {
	mu sync.Mutex // guards growing and what follows
	// stores is how often stores hold it.
	stores int
	// queues holds those who wait, by address, the one that waits longest
	// first.
	queues map[uint64][]*waiter
	memory *Memory
}

func newSharedMemory(m *Memory) *sharedMemory {
	return &sharedMemory{memory: m, queues: map[uint64][]*waiter{}}
}

// ownShared keeps a shared memory until the store is closed.
func (s *Store) ownShared(m *Memory) {
	m.shared.mu.Lock()
	m.shared.stores++
	m.shared.mu.Unlock()
	s.own(m.shared)
}

// free is called once for each ownShared.
func (h *sharedMemory) free() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stores--; h.stores > 0 {
		return
	}
	m := h.memory
	if m.slot != nil {
		m.slot.dirty = true
		m.slot.free()
	}
	atomic.StoreUint64(&m.Size, 0)
	m.Base, m.slot, m.plain, m.max = nil, nil, nil, 0
}

// waiter is a wait that has not ended.
type waiter struct {
	woken chan struct{} // closed by Notify, which removed it from its queue
}

// Results of waiting.
const (
	waitOK       = 0
	waitNotEqual = 1
	waitTimeout  = 2
)

// Wait32 is memory.atomic.wait32 at an effective address: it waits until
// notified if the memory holds expected there. timeout is in nanoseconds,
// negative for none. It returns 0 when it was notified, 1 if the value differs,
// 2 after the timeout. It fails with a *Trap, of kind TrapInterrupted if the
// call was cancelled.
func (m *Memory) Wait32(x *Exec, addr uint64, expected uint32, timeout int64) (uint32, error) {
	return m.wait(x, addr, 4, uint64(expected), timeout)
}

// Wait64 is memory.atomic.wait64; see Wait32.
func (m *Memory) Wait64(x *Exec, addr uint64, expected uint64, timeout int64) (uint32, error) {
	return m.wait(x, addr, 8, expected, timeout)
}

// check traps unless an atomic access of size bytes at addr is possible.
func (m *Memory) check(addr, size uint64) error {
	if addr&(size-1) != 0 {
		return NewTrap(TrapUnalignedAtomic)
	}
	if n := m.ByteSize(); addr > n || size > n-addr {
		return NewTrap(TrapOutOfBoundsMemory)
	}
	return nil
}

func (m *Memory) wait(x *Exec, addr, size, expected uint64, timeout int64) (uint32, error) {
	if err := m.check(addr, size); err != nil {
		return 0, err
	}
	h := m.shared
	if h == nil {
		return 0, NewTrap(TrapExpectedShared)
	}
	// Whoever changes the value and then notifies takes the lock after the
	// change: either it is seen here, or the waiter is seen there.
	h.mu.Lock()
	if m.atomicLoad(addr, size) != expected {
		h.mu.Unlock()
		return waitNotEqual, nil
	}
	w := &waiter{woken: make(chan struct{})}
	h.queues[addr] = append(h.queues[addr], w)
	h.mu.Unlock()

	var timer <-chan time.Time
	if timeout >= 0 {
		t := time.NewTimer(time.Duration(timeout))
		defer t.Stop()
		timer = t.C
	}
	err := x.park(w.woken, timer)
	if err == nil {
		select {
		case <-w.woken:
			return waitOK, nil
		default:
		}
	}
	// Leave the queue, unless a notification came first after all: it has
	// counted this waiter, so it must count.
	if !h.leave(addr, w) {
		return waitOK, nil
	}
	return waitTimeout, err
}

// park blocks until woken or timer (nil: never) is ready, which gives nil, or
// the call is interrupted.
func (x *Exec) park(woken <-chan struct{}, timer <-chan time.Time) error {
	x.intr.mu.Lock()
	if x.intr.wake == nil {
		x.intr.wake = make(chan struct{}, 1)
	}
	wake := x.intr.wake
	x.intr.mu.Unlock()
	// The innermost context is waited for directly; outer ones, and
	// Interrupt, come by way of wake.
	var done <-chan struct{}
	if x.Ctx != nil {
		done = x.Ctx.Done()
	}
	for {
		// An interruption from before wake existed left no token.
		if atomic.LoadUint32(&x.Interrupted) != 0 {
			if err := x.Pending(); err != nil {
				return err
			}
		}
		select {
		case <-woken:
			return nil
		case <-timer:
			return nil
		case <-done:
			return &Trap{Kind: TrapInterrupted, Cause: context.Cause(x.Ctx)}
		case <-wake:
		}
	}
}

// leave removes w from its queue; false if it is not there any more.
func (h *sharedMemory) leave(addr uint64, w *waiter) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := h.queues[addr]
	for i := range q {
		if q[i] == w {
			h.setQueue(addr, append(q[:i:i], q[i+1:]...))
			return true
		}
	}
	return false
}

// setQueue replaces a queue. The lock is held.
func (h *sharedMemory) setQueue(addr uint64, q []*waiter) {
	if len(q) == 0 {
		delete(h.queues, addr)
	} else {
		h.queues[addr] = q
	}
}

// Notify is memory.atomic.notify at an effective address: it wakes up to n of
// those who wait there, in the order they came, and returns how many. In a
// memory that is not shared there are none.
func (m *Memory) Notify(addr uint64, n uint32) (uint32, error) {
	if err := m.check(addr, 4); err != nil {
		return 0, err
	}
	h := m.shared
	if h == nil {
		return 0, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	q := h.queues[addr]
	woken := min(uint64(len(q)), uint64(n))
	for _, w := range q[:woken] {
		close(w.woken)
	}
	if woken > 0 {
		h.setQueue(addr, q[woken:])
	}
	return uint32(woken), nil
}

// atomicLoad reads a little-endian number of 4 or 8 bytes atomically. The
// address was checked.
func (m *Memory) atomicLoad(addr, size uint64) uint64 {
	p := unsafe.Add(m.Base, uintptr(addr))
	// safe: the access is in bounds, and aligned because Base is.
	if size == 4 {
		v := atomic.LoadUint32((*uint32)(p))
		if bigEndian {
			v = bits.ReverseBytes32(v)
		}
		return uint64(v)
	}
	v := atomic.LoadUint64((*uint64)(p))
	if bigEndian {
		v = bits.ReverseBytes64(v)
	}
	return v
}

// bigEndian says how the host orders bytes; memories are little-endian.
var bigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1
