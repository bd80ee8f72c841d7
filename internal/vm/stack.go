package vm

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/sys"
)

// The states of a hold.
const (
	holdIdle   uint32 = iota // no call is active; the stack may be taken away
	holdActive               // a call is active
	holdTaken                // another store is taking the stack away, for an instant
	holdClosed               // the store is closed and freed
)

// hold is a store's hold on a value stack. A store keeps its stack after a
// call, so that the next call costs one atomic operation; when there are more
// than enough stacks, another store takes it away. The hold doesn't refer to
// its store, so a store that is forgotten is not kept alive by it.
type hold struct {
	state atomic.Uint32
	slots []uint64 // nil: has none. Belongs to whoever set holdActive or holdTaken
	index int      // in stackPool.held, guarded by its mutex; -1: not in it
}

// close marks the hold closed; false if a call is active.
func (h *hold) close() bool {
	for {
		switch h.state.Load() {
		case holdIdle:
			if h.state.CompareAndSwap(holdIdle, holdClosed) {
				return true
			}
		case holdTaken:
			runtime.Gosched()
		default:
			return false
		}
	}
}

// maxHeldStacks is how many stacks stores may keep or the pool may hold. When
// more calls are active at a time, there are more.
const maxHeldStacks = 64

// stackPool holds stacks of the default size. It is safe for concurrent use.
type stackPool struct {
	mu     sync.Mutex // guards what follows
	free   [][]uint64
	held   []*hold // holds with a stack
	next   int     // where in held to look first for a stack to take
	closed bool
}

// get gives h, which is active, a stack of the given size in bytes; false if
// there is no memory for one.
func (p *stackPool) get(h *hold, bytes uint64) bool {
	if bytes == DefaultStack {
		p.mu.Lock()
		h.slots = p.reuse()
		if h.slots != nil {
			p.hold(h)
			p.mu.Unlock()
			return true
		}
		p.mu.Unlock()
	}
	h.slots = newStack(bytes)
	if h.slots == nil {
		return false
	}
	if bytes == DefaultStack {
		p.mu.Lock()
		p.hold(h)
		p.mu.Unlock()
	}
	return true
}

func (p *stackPool) hold(h *hold) {
	h.index = len(p.held)
	p.held = append(p.held, h)
}

func (p *stackPool) unhold(h *hold) {
	last := len(p.held) - 1
	p.held[h.index] = p.held[last]
	p.held[h.index].index = h.index
	p.held[last] = nil
	p.held = p.held[:last]
	h.index = -1
}

// reuse returns a stack from the pool or, if there are many, of an idle store;
// nil if there is none.
func (p *stackPool) reuse() []uint64 {
	if n := len(p.free); n > 0 {
		s := p.free[n-1]
		p.free[n-1] = nil
		p.free = p.free[:n-1]
		return s
	}
	if len(p.held) < maxHeldStacks {
		return nil
	}
	// Look at a few only: if most are active, a new one is cheaper.
	for range 8 {
		if p.next >= len(p.held) {
			p.next = 0
		}
		h := p.held[p.next]
		p.next++
		if h.state.CompareAndSwap(holdIdle, holdTaken) {
			s := h.slots
			h.slots = nil
			p.unhold(h)
			h.state.Store(holdIdle)
			return s
		}
	}
	return nil
}

// put takes the stack of a closed hold back.
func (p *stackPool) put(h *hold) {
	s := h.slots
	if s == nil {
		return
	}
	h.slots = nil
	p.mu.Lock()
	if h.index >= 0 {
		p.unhold(h)
	}
	keep := !p.closed && 8*len(s) == DefaultStack && len(p.free)+len(p.held) < maxHeldStacks
	if keep {
		p.free = append(p.free, s)
	}
	p.mu.Unlock()
	if !keep {
		freeStack(s)
	}
}

func (p *stackPool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, s := range p.free {
		freeStack(s)
	}
	p.free = nil
	for i := len(p.held) - 1; i >= 0; i-- {
		h := p.held[i]
		if h.state.CompareAndSwap(holdIdle, holdTaken) {
			freeStack(h.slots)
			h.slots = nil
			p.unhold(h)
			h.state.Store(holdIdle)
		}
	}
}

// newStack returns a stack, outside Go's heap where possible, so that what is
// not used of it takes no memory; nil if there is no memory.
func newStack(bytes uint64) []uint64 {
	if !sys.CanReserve {
		return make([]uint64, bytes/8)
	}
	n := sys.RoundUp(uintptr(bytes))
	p, err := sys.Reserve(n)
	if err != nil {
		return nil
	}
	if sys.Commit(p, n) != nil {
		_ = sys.Release(p, n)
		return nil
	}
	// safe: n bytes are accessible; slots hold no Go pointers.
	return unsafe.Slice((*uint64)(p), int(bytes/8))
}

func freeStack(s []uint64) {
	if sys.CanReserve {
		_ = sys.Release(unsafe.Pointer(unsafe.SliceData(s)), sys.RoundUp(uintptr(8*len(s))))
	}
}

// pools are what the stores of a registry take from and give back to.
type pools struct {
	slots  slotPool
	stacks stackPool
}

func newPools() *pools { return &pools{} }

// cleanupPools frees the pools of a registry that is forgotten.
func cleanupPools(t *Types) { runtime.AddCleanup(t, (*pools).close, t.pools) }

func (p *pools) close() {
	p.slots.close()
	p.stacks.close()
}
