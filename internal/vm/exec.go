package vm

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/wamr-go/wamr/internal/wasm"
)

// Exec is the execution environment of one store: the stack of the calls that
// are active in it and their context. Like its store it serves one goroutine
// at a time.
type Exec struct {
	Store *Store
	// Ctx is the context of the innermost call from Go.
	Ctx context.Context
	// Stack is the value stack of all active calls, SP the first slot that
	// the innermost of them does not use. It is nil while no call is active.
	// The garbage collector takes Stack[:SP] for roots, so engines set SP
	// before they call anything that may allocate.
	Stack []uint64
	SP    int
	// Depth counts the active calls from Go into Wasm.
	Depth int
	// Caller is the instance whose code called the host function that runs;
	// nil if Go called it.
	Caller *Instance
	// Interrupted is not 0 when the running code has to stop and look at
	// Pending; engines poll it with atomic loads, in loops and calls.
	Interrupted uint32

	// Engine is the engine's own state for this store.
	Engine any

	hold *hold // nil before the first call
	intr interruption
}

// Call calls f, a function of x's store, from Go. The first slots hold the
// arguments; results replace them. len(slots) is at least the larger of the
// two. References among the arguments need not be rooted; references among the
// results are rooted by nothing.
//
// It fails with a *Trap, ErrClosed, ErrBusy, or a *wasm.LimitError if there is
// no memory for a stack. A host function may call it with its own x. A panic of
// a host function passes through.
func (x *Exec) Call(ctx context.Context, f *Func, slots []uint64) error {
	return x.call(ctx, f, slots, nil)
}

// call is Call on behalf of caller.
func (x *Exec) call(ctx context.Context, f *Func, slots []uint64, caller *Instance) error {
	if x.Depth == 0 {
		if err := x.enter(); err != nil {
			return err
		}
		if atomic.LoadUint32(&x.Interrupted) != 0 {
			if err := x.Pending(); err != nil {
				x.exit()
				return err
			}
		}
	}
	outer, sp := x.Ctx, x.SP
	watched := ctx != nil && ctx.Done() != nil
	if watched {
		if err := ctx.Err(); err != nil {
			if x.Depth == 0 {
				x.exit()
			}
			return &Trap{Kind: TrapInterrupted, Cause: context.Cause(ctx)}
		}
		x.watch(ctx)
	}
	x.Ctx = ctx
	x.Depth++
	defer x.leave(outer, sp, watched)
	if f.Host != nil {
		return x.callHost(f, slots, caller)
	}
	return x.Store.Engine.Call(x, f, slots)
}

// callHost calls a host function from Go.
func (x *Exec) callHost(f *Func, slots []uint64, caller *Instance) error {
	outer := x.Caller
	x.Caller = caller
	defer func() { x.Caller = outer }()
	err := f.Host(x, slots)
	if err == nil {
		return nil
	}
	if t, ok := err.(*Trap); ok {
		return t
	}
	return &Trap{Kind: TrapHost, Cause: err}
}

// leave undoes what Call did before it called. It runs on panics, too.
func (x *Exec) leave(outer context.Context, sp int, watched bool) {
	x.Depth--
	x.Ctx, x.SP = outer, sp
	if watched {
		x.unwatch()
	}
	if x.Depth == 0 {
		x.exit()
	}
}

// enter begins the outermost call.
func (x *Exec) enter() error {
	h := x.hold
	if h == nil {
		var err error
		if h, err = x.newHold(); err != nil {
			return err
		}
	}
	for !h.state.CompareAndSwap(holdIdle, holdActive) {
		switch h.state.Load() {
		case holdClosed, holdEnding:
			return ErrClosed
		case holdActive:
			return ErrBusy
		}
		runtime.Gosched() // holdTaken lasts a moment
	}
	if h.slots == nil {
		if !x.Store.Types.pools.stacks.get(h, x.Store.Limits.Stack) {
			if !h.state.CompareAndSwap(holdActive, holdIdle) {
				x.end(h)
			}
			return &wasm.LimitError{Name: "bytes of stack", Have: x.Store.Limits.Stack, Max: 0}
		}
		if x.Store.Limits.Stack != DefaultStack {
			x.Store.own((*ownStack)(h))
		}
	}
	x.Stack = h.slots
	x.Store.ran = true
	return nil
}

// exit ends the outermost call.
func (x *Exec) exit() {
	x.Stack = nil
	h := x.hold
	if !h.state.CompareAndSwap(holdActive, holdIdle) {
		x.end(h)
		return
	}
	if atomic.LoadUint32(&x.Interrupted) != 0 {
		x.clearInterrupt()
	}
}

// end frees the store after a call during which it was closed.
func (x *Exec) end(h *hold) {
	h.state.Store(holdClosed)
	x.Store.free()
}

func (x *Exec) newHold() (*hold, error) {
	s := x.Store
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		return nil, ErrClosed
	}
	if x.hold == nil {
		x.hold = &hold{index: -1}
	}
	return x.hold, nil
}

// ownStack frees a stack that the pool doesn't track.
type ownStack hold

func (h *ownStack) free() {
	if h.slots != nil {
		freeStack(h.slots)
		h.slots = nil
	}
}
