package wamr

import (
	"context"

	"github.com/wamr-go/wamr/internal/vm"
)

// Caller is what a host function knows of the call: who called it, in which
// context and store. It is valid until the function returns, on its goroutine.
type Caller struct {
	st *Store
	x  *vm.Exec
}

// Context returns the context of the call from Go that led here. It ends also
// when the store is interrupted or closed, and at the latest with that call.
func (c *Caller) Context() context.Context { return c.x.Context() }

// Instance returns the instance whose code called the host function; nil if Go
// called it directly.
func (c *Caller) Instance() *Instance {
	if c.x.Caller == nil {
		return nil
	}
	inst, _ := c.x.Caller.Owner.(*Instance)
	return inst
}

// Store returns the store of the call.
func (c *Caller) Store() *Store { return c.st }

// Memory returns the memory that pointers in the arguments refer to (see
// [Instance.DefaultMemory]); nil if the caller has none.
func (c *Caller) Memory() *Memory {
	inst := c.Instance()
	if inst == nil {
		return nil
	}
	return inst.DefaultMemory()
}

// View returns the n bytes at offset of [Caller.Memory], live, without
// allocation.
func (c *Caller) View(offset, n uint64) ([]byte, error) {
	m := c.memory()
	if m == nil {
		return nil, &RangeError{Offset: offset, Len: n}
	}
	b, ok := m.View(offset, n)
	if !ok {
		return nil, &RangeError{Offset: offset, Len: n, Size: m.ByteSize()}
	}
	return b, nil
}

func (c *Caller) memory() *vm.Memory {
	in := c.x.Caller
	if in == nil || len(in.Memories) == 0 {
		return nil
	}
	if inst := c.Instance(); inst != nil {
		if x, ok := inst.export(ExternMemory, "memory"); ok {
			return in.Memories[x]
		}
	}
	return in.Memories[0]
}

// Frames returns the Wasm stack, innermost frame first.
func (c *Caller) Frames() []Frame { return resolveFrames(c.st.s.Engine.Backtrace(c.x)) }
