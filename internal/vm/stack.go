package vm

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/wamr-go/wamr/internal/sys"
)

// The states of a hold.
const (
	holdIdle   uint32 = iota // no call is active
	holdActive               // a call is active
)

// hold is a store's hold on a value stack. A store keeps its stack after a
// call, because the next call then costs next to nothing. When there are more
// stacks than enough, those of idle stores are taken away. The hold doesn't
// refer to its store, so a store that is forgotten is not kept alive by it.
//
// Stacks are taken away without an atomic read-modify-write operation in the
// calls, which would take as long as all the rest of an empty one. A call first
// sets state and then looks at flags; whoever wants the stack first sets a flag,
// and then looks at state, but not before revokeGrace has passed. Where the two
// cross, either the call sees the flag, and then takes the pool's lock to find
// out, or its state is seen: with sequentially consistent stores at once, and
// with plain ones (see storeRelease) when the processor has written them out,
// which takes it nanoseconds.
type hold struct {
	state atomic.Uint32 // written by the calls of the store only
	flags atomic.Uint32 // written under stackPool.mu
	slots []uint64      // nil: has none. Changed under stackPool.mu, or by an active call
	index int           // in stackPool.held, guarded by its mutex; -1: not in it
	since time.Time     // when flagRevoked was set
}

// The flags of a hold.
const (
	flagRevoked uint32 = 1 << iota // the stack will be taken away if no call comes
	flagClosed                     // the store is closed
)

const (
	// maxHeldStacks is how many stacks idle stores may keep for long.
	maxHeldStacks = 64
	// maxFreeStacks is how many stacks wait for stores that need one.
	maxFreeStacks = 16
	// revokeGrace is how long a stack stays after it was revoked.
	revokeGrace = 2 * watchInterval
)

// stackPool holds stacks of the default size. It is safe for concurrent use.
type stackPool struct {
	mu     sync.Mutex // guards what follows
	free   [][]uint64
	held   []*hold // holds with a stack
	closed bool
}

// get gives h, which is active, a stack of the given size in bytes, or lets it
// keep the one it has. It returns false if there is no memory for one; crowded
// says that there are more stacks than enough, so reclaim should be called from
// time to time.
func (p *stackPool) get(h *hold, bytes uint64) (ok, crowded bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h.flags.And(^flagRevoked)
	if h.slots != nil {
		return true, false
	}
	if bytes != DefaultStack {
		h.slots = newStack(bytes)
		return h.slots != nil, false
	}
	if n := len(p.free); n > 0 {
		h.slots = p.free[n-1]
		p.free[n-1] = nil
		p.free = p.free[:n-1]
	} else if h.slots = newStack(bytes); h.slots == nil {
		return false, false
	}
	h.index = len(p.held)
	p.held = append(p.held, h)
	return true, len(p.held) > maxHeldStacks
}

// reclaim takes stacks of idle stores away, those beyond maxHeldStacks: it
// revokes them, or takes them if they were revoked long enough before now. It
// returns false if there are no more stacks than enough.
func (p *stackPool) reclaim(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.held) - 1; i >= 0 && len(p.held) > maxHeldStacks; i-- {
		h := p.held[i]
		switch idle := h.state.Load() == holdIdle; {
		case !idle:
			h.flags.And(^flagRevoked)
		case h.flags.Load()&flagRevoked == 0:
			h.flags.Or(flagRevoked)
			h.since = now
		case now.Sub(h.since) >= revokeGrace:
			// The flag goes last: a call that finds none finds no stack
			// either.
			p.take(h)
			h.flags.And(^flagRevoked)
		}
	}
	return len(p.held) > maxHeldStacks
}

// take frees the stack of h, which is not active. The lock is held.
func (p *stackPool) take(h *hold) {
	s := h.slots
	h.slots = nil
	if h.index >= 0 {
		last := len(p.held) - 1
		p.held[h.index] = p.held[last]
		p.held[h.index].index = h.index
		p.held[last] = nil
		p.held = p.held[:last]
		h.index = -1
	}
	switch {
	case s == nil:
	case !p.closed && 8*len(s) == DefaultStack && len(p.free) < maxFreeStacks:
		p.free = append(p.free, s)
	default:
		freeStack(s)
	}
}

// mark marks the hold of a store that is being closed.
func (p *stackPool) mark(h *hold) {
	p.mu.Lock()
	h.flags.Or(flagClosed)
	p.mu.Unlock()
}

// put takes the stack of a closed store back.
func (p *stackPool) put(h *hold) {
	p.mu.Lock()
	p.take(h)
	p.mu.Unlock()
}

// close frees the stacks that wait. Stores that have one keep it.
func (p *stackPool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, s := range p.free {
		freeStack(s)
	}
	p.free = nil
}

// abandon frees all stacks, when all stores are unreachable.
func (p *stackPool) abandon() {
	p.close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.held) > 0 {
		p.take(p.held[len(p.held)-1])
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
func cleanupPools(t *Types) { runtime.AddCleanup(t, (*pools).abandon, t.pools) }

func (p *pools) close() {
	p.slots.close()
	p.stacks.close()
}

func (p *pools) abandon() {
	p.slots.close()
	p.stacks.abandon()
}
