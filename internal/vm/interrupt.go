package vm

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// watchInterval is how often contexts of active calls are looked at, and so
// about how late a cancelled call stops.
const watchInterval = 5 * time.Millisecond

// interruption is what may stop the calls of an Exec from outside.
type interruption struct {
	mu     sync.Mutex // guards what follows
	kind   TrapKind   // of the trap that stop asked for, until it has ended a call; 0: none
	cause  error      // of that trap
	told   bool       // Pending has returned it
	ctxs   []context.Context
	listed bool          // the watcher looks at it
	wake   chan struct{} // made by the first wait; gets a token when interrupted
	// cancels end the contexts that host functions wait on.
	cancels []context.CancelCauseFunc
}

// Interrupt stops the calls that are active in the store, or if there is none
// the next one. They return a Trap of kind TrapInterrupted that wraps cause. It
// may be called from any goroutine.
func (s *Store) Interrupt(cause error) {
	if cause == nil {
		cause = context.Canceled
	}
	s.Exec.stop(TrapInterrupted, cause)
}

// stop makes the active calls, or the next one, end with a trap.
func (x *Exec) stop(kind TrapKind, cause error) {
	x.intr.mu.Lock()
	defer x.intr.mu.Unlock()
	if x.intr.kind == 0 || !x.intr.told {
		x.intr.cause, x.intr.kind = cause, kind
	}
	atomic.StoreUint32(&x.Interrupted, 1)
	x.intr.signal()
	for _, cancel := range x.intr.cancels {
		cancel(cause)
	}
}

// signal wakes a wait. The lock is held.
func (i *interruption) signal() {
	if i.wake != nil {
		select {
		case i.wake <- struct{}{}:
		default:
		}
	}
}

// clearInterrupt ends an interruption that has stopped the outermost call,
// which has ended. One that came too late for it stays for the next.
func (x *Exec) clearInterrupt() {
	x.intr.mu.Lock()
	defer x.intr.mu.Unlock()
	if x.intr.told {
		x.intr.kind, x.intr.cause, x.intr.told = 0, nil, false
	}
	if x.intr.kind == 0 {
		atomic.StoreUint32(&x.Interrupted, 0)
	}
}

// Pending is called after Interrupted was seen. It returns nil if there is
// nothing to stop for, or no longer, and then Interrupted is 0 again; otherwise
// a *Trap, of kind TrapInterrupted as a rule, with the cause, which the engine
// returns.
func (x *Exec) Pending() error {
	x.intr.mu.Lock()
	defer x.intr.mu.Unlock()
	if t := x.intr.pending(); t != nil {
		// Interrupted stays: should a host function drop the error, its
		// caller is stopped all the same.
		return t
	}
	atomic.StoreUint32(&x.Interrupted, 0)
	return nil
}

// pending returns why to stop, or nil. The lock is held.
func (i *interruption) pending() *Trap {
	if i.kind != 0 {
		i.told = true
		return &Trap{Kind: i.kind, Cause: i.cause}
	}
	if ctx := i.done(); ctx != nil {
		return &Trap{Kind: TrapInterrupted, Cause: context.Cause(ctx)}
	}
	return nil
}

// done returns a watched context that is done, or nil. The lock is held.
func (i *interruption) done() context.Context {
	for _, ctx := range i.ctxs {
		if ctx.Err() != nil {
			return ctx
		}
	}
	return nil
}

// watch makes ctx stop the calls of x until unwatch.
func (x *Exec) watch(ctx context.Context) {
	x.intr.mu.Lock()
	x.intr.ctxs = append(x.intr.ctxs, ctx)
	list := !x.intr.listed
	x.intr.listed = true
	x.intr.mu.Unlock()
	if list {
		x.Store.Types.watch.add(x)
	}
}

// unwatch ends the innermost watch.
func (x *Exec) unwatch() {
	x.intr.mu.Lock()
	defer x.intr.mu.Unlock()
	last := len(x.intr.ctxs) - 1
	x.intr.ctxs[last] = nil
	x.intr.ctxs = x.intr.ctxs[:last]
	// What ended may have been the reason to stop.
	if atomic.LoadUint32(&x.Interrupted) != 0 && x.intr.kind == 0 && x.intr.done() == nil {
		atomic.StoreUint32(&x.Interrupted, 0)
	}
}

// watcher looks at the contexts of all active calls of a runtime, and takes
// stacks away from idle stores. Its goroutine exists only while there is
// something to look at, and a little longer.
type watcher struct {
	mu      sync.Mutex // guards what follows; taken before interruption.mu
	execs   []*Exec
	pools   *pools // if there are stacks to reclaim
	running bool
}

func (w *watcher) add(x *Exec) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.execs = append(w.execs, x)
	w.start()
}

// wake makes the watcher reclaim stacks until there are no more than enough.
func (w *watcher) wake(p *pools) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pools = p
	w.start()
}

// start starts the goroutine if it doesn't run. The lock is held.
func (w *watcher) start() {
	if !w.running {
		w.running = true
		go w.run()
	}
}

func (w *watcher) run() {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for now := range tick.C {
		if !w.look(now) {
			return
		}
	}
}

// look interrupts the calls whose context is done, frees closed stores after
// their last call, and drops the Execs without watched calls. It returns false if there is nothing left to do.
func (w *watcher) look(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept := w.execs[:0]
	for _, x := range w.execs {
		if x.Store.closed.Load() {
			if !x.Store.tryFree() {
				x.intr.look(&x.Interrupted)
				kept = append(kept, x)
			}
		} else if x.intr.look(&x.Interrupted) {
			kept = append(kept, x)
		}
	}
	clear(w.execs[len(kept):])
	w.execs = kept
	if w.pools != nil && !w.pools.stacks.reclaim(now) {
		w.pools = nil
	}
	w.running = len(kept) > 0 || w.pools != nil
	return w.running
}

// look sets flag if a context is done. It returns false, and is unlisted, if
// none is watched.
func (i *interruption) look(flag *uint32) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.ctxs) == 0 {
		i.listed = false
		return false
	}
	if i.done() != nil {
		atomic.StoreUint32(flag, 1)
		i.signal()
	}
	return true
}
