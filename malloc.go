package wamr

import (
	"context"
	"errors"
	"fmt"

	"github.com/wamr-go/wamr/internal/appheap"
)

// Malloc allocates n bytes in the instance's memory for the host's use and
// returns their address: with the module's own allocator if it exports malloc
// and free (or AssemblyScript's __new and __pin, __unpin), else from the heap of
// [Limits.AppHeap] bytes that the store grants each instance. The block must be
// freed with [Instance.Free].
func (inst *Instance) Malloc(ctx context.Context, n uint64) (uint64, error) {
	if err := inst.st.enter(); err != nil {
		return 0, err
	}
	a, err := inst.allocator()
	if err != nil {
		return 0, err
	}
	at, err := a.malloc(ctx, n)
	if err != nil {
		return 0, fmt.Errorf("wamr: allocating %d bytes in the app heap: %w", n, err)
	}
	return at, nil
}

// Free gives a block of [Instance.Malloc] back. Freeing 0 does nothing.
func (inst *Instance) Free(ctx context.Context, at uint64) error {
	if at == 0 {
		return nil
	}
	if err := inst.st.enter(); err != nil {
		return err
	}
	a, err := inst.allocator()
	if err != nil {
		return err
	}
	return a.free(ctx, at)
}

// allocator is where an instance's blocks come from.
type allocator interface {
	malloc(ctx context.Context, n uint64) (uint64, error)
	free(ctx context.Context, at uint64) error
}

var errNoMemory = errors.New("out of memory")

func (inst *Instance) allocator() (allocator, error) {
	if inst.alloc == nil {
		if inst.alloc = inst.guestAllocator(); inst.alloc == nil {
			a, err := inst.hostAllocator()
			if err != nil {
				return nil, err
			}
			inst.alloc = a
		}
	}
	return inst.alloc, nil
}

// guestAllocator is the module's own malloc and free.
type guestAllocator struct {
	new, pin, release *Func
	ascript           bool
}

func (inst *Instance) guestAllocator() allocator {
	unary := func(f *Func) bool { return f != nil && equalTypes(f.Type().Params, TypeI32) }
	isMalloc := func(f *Func) bool { return unary(f) && equalTypes(f.Type().Results, TypeI32) }
	if m, f := inst.Func("malloc"), inst.Func("free"); isMalloc(m) && unary(f) {
		return &guestAllocator{new: m, release: f}
	}
	n, p, u := inst.Func("__new"), inst.Func("__pin"), inst.Func("__unpin")
	if n != nil && equalTypes(n.Type().Params, TypeI32, TypeI32) && isMalloc(p) && unary(u) {
		return &guestAllocator{new: n, pin: p, release: u, ascript: true}
	}
	return nil
}

func equalTypes(have []ValueType, want ...ValueType) bool {
	return (&FuncType{Params: have}).Equal(&FuncType{Params: want})
}

func (a *guestAllocator) malloc(ctx context.Context, n uint64) (uint64, error) {
	if n > 1<<31 {
		return 0, errNoMemory
	}
	slots := []uint64{n, 0} // AssemblyScript: class 0 is a plain buffer
	if err := a.new.CallRaw(ctx, slots); err != nil {
		return 0, err
	}
	at := uint64(uint32(slots[0]))
	if at == 0 {
		return 0, errNoMemory
	}
	if a.ascript {
		slots[0] = at
		if err := a.pin.CallRaw(ctx, slots); err != nil {
			return 0, err
		}
	}
	return at, nil
}

func (a *guestAllocator) free(ctx context.Context, at uint64) error {
	return a.release.CallRaw(ctx, []uint64{at, 0})
}

// hostAllocator is the store's app heap, in pages added to the memory.
type hostAllocator struct{ heap *appheap.Heap }

func (inst *Instance) hostAllocator() (allocator, error) {
	size := inst.st.limits.AppHeap
	if size == 0 {
		return nil, errors.New("wamr: the module exports no malloc and free, and Limits.AppHeap is 0")
	}
	m := inst.DefaultMemory()
	if m == nil {
		return nil, errors.New("wamr: the module has no memory for an app heap")
	}
	start := m.Size()
	shift := m.m.Type.PageSizeLog2
	pages := size >> shift
	if size&(1<<shift-1) != 0 {
		pages++
	}
	if _, ok := m.Grow(pages); !ok {
		return nil, fmt.Errorf("wamr: the memory can't grow by an app heap of %d bytes", size)
	}
	// Address 0 is no block's: it is what allocation returns when it fails.
	return &hostAllocator{appheap.New(max(start, 8), start+size)}, nil
}

func (a *hostAllocator) malloc(_ context.Context, n uint64) (uint64, error) {
	at, ok := a.heap.Alloc(n)
	if !ok {
		return 0, errNoMemory
	}
	return at, nil
}

func (a *hostAllocator) free(_ context.Context, at uint64) error {
	if !a.heap.Free(at) {
		return fmt.Errorf("wamr: no block of the app heap begins at %#x", at)
	}
	return nil
}
