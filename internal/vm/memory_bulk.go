package vm

import (
	"sync/atomic"
)

// bulkChunk is how much a bulk operation moves between two looks at whether it
// was interrupted: under a millisecond's worth.
const bulkChunk = 1 << 20

// poll returns why x has to stop, if it has to.
func (x *Exec) poll() error {
	if atomic.LoadUint32(&x.Interrupted) == 0 {
		return nil
	}
	return x.Pending()
}

// Fill is memory.fill: it sets the n bytes at addr to v. It traps if they are
// out of bounds, before it writes any; it may be interrupted half way.
func (m *Memory) Fill(x *Exec, addr uint64, v byte, n uint64) error {
	b, ok := m.View(addr, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsMemory)
	}
	for {
		c := b[:min(len(b), bulkChunk)]
		if v == 0 {
			clear(c)
		} else {
			for i := range c {
				c[i] = v
			}
		}
		if b = b[len(c):]; len(b) == 0 {
			return nil
		}
		if err := x.poll(); err != nil {
			return err
		}
	}
}

// Copy is memory.copy: it copies the n bytes at from of src to addr, which may
// overlap. It traps if either is out of bounds, before it writes any; it may be
// interrupted half way.
func (m *Memory) Copy(x *Exec, addr uint64, src *Memory, from, n uint64) error {
	d, ok := m.View(addr, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsMemory)
	}
	s, ok := src.View(from, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsMemory)
	}
	if len(d) <= bulkChunk {
		copy(d, s)
		return nil
	}
	// In chunks, in the direction that doesn't overwrite what is still to be
	// copied.
	backwards := m == src && addr > from
	for len(d) > 0 {
		if c := min(len(d), bulkChunk); backwards {
			rest := len(d) - c
			copy(d[rest:], s[rest:])
			d, s = d[:rest], s[:rest]
		} else {
			copy(d[:c], s[:c])
			d, s = d[c:], s[c:]
		}
		if err := x.poll(); err != nil {
			return err
		}
	}
	return nil
}

// Init is memory.init: it copies n bytes at from of a data segment to addr. It
// traps if either is out of bounds, before it writes any.
func (m *Memory) Init(x *Exec, addr uint64, data []byte, from, n uint64) error {
	if from > uint64(len(data)) || n > uint64(len(data))-from {
		return NewTrap(TrapOutOfBoundsMemory)
	}
	d, ok := m.View(addr, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsMemory)
	}
	copy(d, data[from:])
	return nil
}
