package vm

import (
	"context"
	"sync"
)

// Context returns the context for the host function that runs: that of the
// call from Go that led to it, which ends also when the store is interrupted or
// closed, and with that call. It must not be asked for while no call is active.
func (x *Exec) Context() context.Context {
	if x.host == nil {
		x.host = &hostContext{Context: x.Ctx, x: x}
	}
	return x.host
}

// hostContext is the context of a call from Go as host functions see it. What it
// takes to end early is made when somebody first asks for Done.
type hostContext struct {
	context.Context
	x *Exec

	mu     sync.Mutex // guards what follows
	own    context.Context
	cancel context.CancelCauseFunc
}

// Done implements context.Context.
func (c *hostContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.own == nil {
		c.own, c.cancel = context.WithCancelCause(c.Context)
		c.x.intr.attach(c.cancel)
	}
	return c.own.Done()
}

// begun is the context with an end of its own, if Done was ever asked for.
func (c *hostContext) begun() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.own != nil {
		return c.own
	}
	return c.Context
}

// Err implements context.Context.
func (c *hostContext) Err() error {
	c.Done()
	return c.begun().Err()
}

// Value implements context.Context. By way of it context.Cause finds the cause.
func (c *hostContext) Value(key any) any { return c.begun().Value(key) }

// attach has cancel called when the running calls are interrupted: at once if
// they are already.
func (i *interruption) attach(cancel context.CancelCauseFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.kind != 0 {
		cancel(i.cause)
		return
	}
	i.cancels = append(i.cancels, cancel)
}

// endContext ends the context that host functions of the call that ends saw.
func (x *Exec) endContext() {
	c := x.host
	x.host = nil
	c.mu.Lock()
	if c.own == nil { // whoever asks for Done from now on finds it ended
		c.own, c.cancel = context.WithCancelCause(c.Context)
	}
	c.cancel(nil)
	c.mu.Unlock()
	if x.Depth == 0 {
		x.intr.mu.Lock()
		clear(x.intr.cancels)
		x.intr.cancels = x.intr.cancels[:0]
		x.intr.mu.Unlock()
	}
}
