package vm

import (
	"context"
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
	// the innermost of them does not use. It must not be touched while no
	// call is active, and may be another one in the next outermost call.
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
	// finished says that the innermost call has returned, and not panicked.
	finished bool
	// host is what Context returns; nil until it is asked for in a call.
	host *hostContext
	// fresh are the host values that Go code may not have put anywhere yet.
	fresh []freshRef
	intr  interruption
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
	h := x.hold
	if h == nil || x.Depth != 0 || f.Host != nil || ctx == nil || ctx.Done() != nil || h.state.Load() != holdIdle {
		return x.call(ctx, f, slots, nil)
	}
	// The same as call, for the usual case.
	storeRelease(&h.state, holdActive)
	if h.flags.Load() != 0 || h.slots == nil || atomic.LoadUint32(&x.Interrupted) != 0 {
		if err := x.prepare(h); err != nil {
			return err
		}
	}
	x.Ctx = ctx
	x.Depth = 1
	x.finished = false
	defer x.exit()
	err := x.Store.Engine.Call(x, f, slots)
	x.finished = true
	return err
}

// call is Call on behalf of caller.
func (x *Exec) call(ctx context.Context, f *Func, slots []uint64, caller *Instance) error {
	if ctx == nil {
		ctx = context.Background()
	}
	if ctx.Done() != nil {
		if ctx.Err() != nil {
			return &Trap{Kind: TrapInterrupted, Cause: context.Cause(ctx)}
		}
		x.watch(ctx)
		defer x.unwatch()
	}
	if x.Depth == 0 {
		if err := x.enter(); err != nil {
			return err
		}
		defer x.exit()
	} else {
		defer x.leave(x.Ctx, x.SP, x.host)
		x.host = nil
	}
	x.Ctx = ctx
	x.Depth++
	x.finished = false
	var err error
	if f.Host != nil {
		err = x.callHost(f, slots, caller)
	} else {
		err = x.Store.Engine.Call(x, f, slots)
	}
	x.finished = true
	return err
}

// panicked says what a panic that leaves a call goes on with.
func (x *Exec) panicked(p any) any {
	if f := x.Store.OnPanic; f != nil {
		return f(x, p)
	}
	return p
}

// leave ends a nested call.
func (x *Exec) leave(outer context.Context, sp int, host *hostContext) {
	if !x.finished { // a panic, or runtime.Goexit
		if p := recover(); p != nil {
			p = x.panicked(p)
			defer panic(p)
		}
	}
	if x.host != nil {
		x.endContext()
	}
	x.Depth--
	x.Ctx, x.SP, x.host = outer, sp, host
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

// enter begins the outermost call.
func (x *Exec) enter() error {
	h := x.hold
	if h == nil {
		var err error
		if h, err = x.newHold(); err != nil {
			return err
		}
	}
	if h.state.Load() != holdIdle {
		if x.Store.closed.Load() {
			return ErrClosed
		}
		return ErrBusy
	}
	storeRelease(&h.state, holdActive)
	if h.flags.Load() != 0 || h.slots == nil || atomic.LoadUint32(&x.Interrupted) != 0 {
		return x.prepare(h)
	}
	return nil
}

// prepare makes sure that the outermost call, which begins, has a stack, and
// ends it if the store is closed or the call is to be interrupted already.
func (x *Exec) prepare(h *hold) error {
	s := x.Store
	if h.flags.Load()&flagClosed != 0 {
		x.exit()
		return ErrClosed
	}
	if atomic.LoadUint32(&x.Interrupted) != 0 {
		if err := x.Pending(); err != nil {
			x.exit()
			return err
		}
	}
	had := h.slots != nil
	ok, crowded := s.Types.pools.stacks.get(h, s.Limits.Stack)
	if !ok {
		x.exit()
		return &wasm.LimitError{Name: "bytes of stack", Have: s.Limits.Stack, Max: 0}
	}
	if crowded {
		s.Types.watch.wake(s.Types.pools)
	}
	if !had && s.Limits.Stack != DefaultStack {
		s.own((*ownStack)(h))
	}
	x.Stack = h.slots
	s.ran = true
	return nil
}

// exit ends the outermost call. It runs on panics, too.
func (x *Exec) exit() {
	if !x.finished { // a panic, or runtime.Goexit; or the call never began
		if p := recover(); p != nil {
			p = x.panicked(p)
			defer panic(p)
		}
	}
	x.Depth, x.SP, x.Ctx = 0, 0, nil
	if x.host != nil {
		x.endContext()
	}
	if len(x.fresh) != 0 {
		x.fresh = x.fresh[:0]
	}
	storeRelease(&x.hold.state, holdIdle)
	// Should the store be closed between this and the next look at it, the
	// watcher frees it.
	if atomic.LoadUint32(&x.Interrupted) != 0 {
		x.clearInterrupt()
		if x.Store.closed.Load() {
			x.Store.tryFree()
		}
	}
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
