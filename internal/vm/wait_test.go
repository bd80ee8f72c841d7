package vm

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/wamr-go/wamr/internal/wasm"
)

func sharedType(min, max uint64) wasm.MemType {
	t := memType(min, max)
	t.Shared = true
	return t
}

func TestWaitTraps(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	m, plain := newMemory(t, s, sharedType(1, 2)), newMemory(t, s, memType(1))
	x := &s.Exec
	wait := func(m *Memory, size int, addr uint64) error {
		var err error
		if size == 4 {
			_, err = m.Wait32(x, addr, 1, 0)
		} else {
			_, err = m.Wait64(x, addr, 1, 0)
		}
		return err
	}
	notify := func(m *Memory, addr uint64) error { _, err := m.Notify(addr, 1); return err }
	wantTrap(t, wait(m, 4, 2), TrapUnalignedAtomic)
	wantTrap(t, wait(m, 8, 4), TrapUnalignedAtomic)
	wantTrap(t, wait(m, 4, 65536), TrapOutOfBoundsMemory)
	wantTrap(t, wait(m, 8, math.MaxUint64&^7), TrapOutOfBoundsMemory)
	wantTrap(t, wait(plain, 4, 0), TrapExpectedShared)
	wantTrap(t, wait(plain, 8, 0), TrapExpectedShared)
	wantTrap(t, notify(m, 1), TrapUnalignedAtomic)
	wantTrap(t, notify(plain, 65536), TrapOutOfBoundsMemory)
	for _, mem := range []*Memory{m, plain} {
		if n, err := mem.Notify(65532, 5); n != 0 || err != nil {
			t.Errorf("Notify = %d, %v", n, err)
		}
	}
}

func TestWaitResults(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	m := newMemory(t, s, sharedType(1, 2))
	binary.LittleEndian.PutUint32(m.Bytes()[8:], 0x11223344)
	binary.LittleEndian.PutUint64(m.Bytes()[16:], 0x1122334455667788)
	x := &s.Exec
	for _, tt := range []struct {
		wait func() (uint32, error)
		want uint32
	}{
		{func() (uint32, error) { return m.Wait32(x, 8, 0x44332211, -1) }, waitNotEqual},
		{func() (uint32, error) { return m.Wait32(x, 8, 0x11223344, 0) }, waitTimeout},
		{func() (uint32, error) { return m.Wait32(x, 8, 0x11223344, 1_000_000) }, waitTimeout},
		{func() (uint32, error) { return m.Wait64(x, 16, 0x11223344, -1) }, waitNotEqual},
		{func() (uint32, error) { return m.Wait64(x, 16, 0x1122334455667788, 0) }, waitTimeout},
	} {
		if got, err := tt.wait(); got != tt.want || err != nil {
			t.Errorf("wait = %d, %v; want %d", got, err, tt.want)
		}
	}
	if len(m.shared.queues) != 0 {
		t.Error("somebody still waits")
	}
}

// waiting returns how many wait at addr.
func waiting(m *Memory, addr uint64) int {
	m.shared.mu.Lock()
	defer m.shared.mu.Unlock()
	return len(m.shared.queues[addr])
}

func TestNotifyOrder(t *testing.T) {
	types := newTypes(t)
	first := newStore(t, types, goEngine{})
	m := newMemory(t, first, sharedType(1, 2))
	const n = 6
	order := make(chan int, n)
	var wg sync.WaitGroup
	for i := range n {
		s := newStore(t, types, goEngine{})
		wg.Go(func() {
			if r, err := m.Wait32(&s.Exec, 64, 0, -1); r != waitOK || err != nil {
				t.Errorf("wait = %d, %v", r, err)
			}
			order <- i
		})
		for waiting(m, 64) != i+1 {
			time.Sleep(time.Millisecond)
		}
	}
	if k, err := m.Notify(68, 10); k != 0 || err != nil {
		t.Errorf("Notify elsewhere = %d, %v", k, err)
	}
	for i := range 2 {
		if k, _ := m.Notify(64, 1); k != 1 {
			t.Errorf("Notify(1) = %d", k)
		}
		if got := <-order; got != i {
			t.Errorf("%d was woken, want %d", got, i)
		}
	}
	if k, _ := m.Notify(64, math.MaxUint32); k != n-2 {
		t.Errorf("Notify(all) = %d", k)
	}
	wg.Wait()
	if k, _ := m.Notify(64, 1); k != 0 {
		t.Errorf("Notify(nobody) = %d", k)
	}
}

func TestWaitIsInterrupted(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	mod := funcs(t, types, 2)
	s := newStore(t, types, e)
	m := newMemory(t, s, sharedType(1, 2))
	i := instantiate(t, s, mod)
	e[mod] = []func(*Exec, *Func, []uint64) error{
		func(x *Exec, f *Func, _ []uint64) error {
			_, err := m.Wait32(x, 0, 0, -1)
			return err
		},
		// Waits in a nested call, so that the outer context counts.
		func(x *Exec, f *Func, _ []uint64) error { return x.Call(context.Background(), i.Func(0), nil) },
	}
	cause := errors.New("enough")
	for _, f := range []wasm.FuncIdx{0, 1} {
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(2*time.Millisecond, func() { cancel(cause) })
		if err := s.Exec.Call(ctx, i.Func(f), nil); !errors.Is(err, cause) || !errors.Is(err, TrapInterrupted) {
			t.Errorf("cancelled: %v", err)
		}
		time.AfterFunc(2*time.Millisecond, func() { s.Interrupt(cause) })
		if err := s.Exec.Call(context.Background(), i.Func(f), nil); !errors.Is(err, cause) || !errors.Is(err, TrapInterrupted) {
			t.Errorf("interrupted: %v", err)
		}
	}
	if waiting(m, 0) != 0 {
		t.Error("somebody still waits")
	}
}

// word is the atomic 32-bit number at addr, in the memory's byte order where it
// matters (0 and not 0 are the same in all).
func word(m *Memory, addr uint64) *uint32 {
	return (*uint32)(unsafe.Add(m.Base, uintptr(addr)))
}

// Goroutines with stores of their own use a mutex and a counter in shared
// memory, as threads do.
func TestSharedMutex(t *testing.T) {
	types := newTypes(t)
	owner := NewStore(types, goEngine{}, Limits{})
	m := newMemory(t, owner, sharedType(1, 2))
	importer := prepare(t, types, &wasm.Module{Imports: []wasm.Import{{Kind: wasm.ExternMemory, Mem: sharedType(1, 2)}}})
	const goroutines, rounds = 4, 500
	// The race detector doesn't see atomics on memory outside Go's heap, so
	// these are atomic in addition to being guarded by the mutex at address 0.
	var counter, inside atomic.Int32
	var wg sync.WaitGroup
	for range goroutines {
		s := newStore(t, types, goEngine{})
		instantiate(t, s, importer, Extern{Kind: wasm.ExternMemory, Memory: m})
		wg.Go(func() {
			for range rounds {
				if !atomic.CompareAndSwapUint32(word(m, 0), 0, 1) {
					// 0xFFFFFFFF: locked, and somebody may wait. Who has waited
					// locks it so, too, for there may be others.
					for atomic.SwapUint32(word(m, 0), 0xFFFFFFFF) != 0 {
						if _, err := m.Wait32(&s.Exec, 0, 0xFFFFFFFF, -1); err != nil {
							t.Error(err)
							return
						}
					}
				}
				if inside.Add(1) != 1 {
					t.Error("two hold the mutex")
				}
				n := counter.Add(1)
				inside.Add(-1)
				if atomic.SwapUint32(word(m, 0), 0) == 0xFFFFFFFF {
					if _, err := m.Notify(0, 1); err != nil {
						t.Error(err)
					}
				}
				if n%100 == 0 {
					m.Grow(s, 1)
				}
			}
		})
	}
	// The store that made it may go before the others.
	owner.Close()
	wg.Wait()
	if n := counter.Load(); n != goroutines*rounds {
		t.Errorf("counter is %d", n)
	}
	if m.Pages() != 2 {
		t.Errorf("%d pages", m.Pages())
	}
}

// Shared memory ends with the last store that has it.
func TestSharedMemoryLifetime(t *testing.T) {
	types := newTypes(t)
	a, b := NewStore(types, goEngine{}, Limits{}), NewStore(types, goEngine{}, Limits{})
	m := newMemory(t, a, sharedType(1, 2))
	importer := prepare(t, types, &wasm.Module{Imports: []wasm.Import{{Kind: wasm.ExternMemory, Mem: sharedType(1, 2)}}})
	instantiate(t, b, importer, Extern{Kind: wasm.ExternMemory, Memory: m})
	m.Bytes()[3] = 4
	a.Close()
	if b := m.Bytes(); len(b) != 65536 || b[3] != 4 {
		t.Error("the memory went with the first store")
	}
	b.Close()
	if m.Bytes() != nil {
		t.Error("the memory stays")
	}
	// And its slot comes back clean.
	c := newStore(t, types, goEngine{})
	if newMemory(t, c, memType(1)).Bytes()[3] != 0 {
		t.Error("contents are left")
	}
}
