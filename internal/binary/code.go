package binary

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// codeSection reads sizes and locals of the bodies; b is the whole module.
func (d *decoder) codeSection(b []byte) {
	m := d.m
	n := d.count(m.ImportCount(wasm.ExternFunc), wasm.MaxFuncs, limitFuncs)
	m.Code = make([]wasm.Code, 0, d.room(n, 3))
	var body instr.Reader
	body.Features = d.features
	first := m.ImportCount(wasm.ExternFunc)
	for i := range int(n) {
		size := d.r.U32()
		start := d.r.Offset()
		content := d.r.Bytes(size)
		if !d.ok() {
			d.fn = first + i
			return
		}
		if !d.within(uint64(size), wasm.MaxFuncSize, limitFuncSize) {
			return
		}
		m.Code = append(m.Code, wasm.Code{Start: start})
		body.Reset(content, start)
		d.code(&m.Code[i], &body, b)
		if err := body.Err(); err != nil {
			d.fn = first + i
			d.r.Fail(err.Offset, err.Msg)
		}
		if !d.ok() {
			return
		}
	}
}

// code reads one entry from r. Of the instructions it checks only that the last
// byte may be their end.
func (d *decoder) code(c *wasm.Code, r *instr.Reader, b []byte) {
	at := r.Offset()
	n := r.U32()
	if uint64(n) > uint64(r.Len()) {
		r.Fail(at, msgEnd)
		return
	}
	// Runs may be empty, so the number of locals does not bound them.
	if !d.within(uint64(n), wasm.MaxLocals, limitLocalRuns) {
		return
	}
	c.Locals = d.locals.take(int(n))
	var sum uint64
	for i := range c.Locals {
		l := wasm.Locals{Count: r.U32(), Type: r.ValType()}
		c.Locals[i] = l
		sum += uint64(l.Count)
	}
	if r.Err() != nil {
		return
	}
	if sum > 1<<32-1 {
		r.Fail(at, msgTooManyLocals)
		return
	}
	if !d.within(sum, wasm.MaxLocals, limitLocals) {
		return
	}
	c.Offset = r.Offset()
	c.Body = r.Bytes(uint32(r.Len()))
	if k := len(c.Body); k == 0 || c.Body[k-1] != byte(op.End) {
		d.missingEnd(r, c.Offset, b)
	}
}

// missingEnd records the error of a body, at the given offset, whose last byte
// isn't an end opcode. Which message the test suite expects depends on what
// the specification's decoder finds when it reads on from the body's start.
func (d *decoder) missingEnd(r *instr.Reader, body wasm.Offset, b []byte) {
	end := r.Offset()
	on := instr.Reader{Features: d.features}
	on.Reset(b[body:], body)
	depth := 1
	for depth > 0 {
		if next, _ := on.Peek(); depth == 1 && on.Offset() == end && next != byte(op.End) && on.Len() > 0 {
			r.Fail(end, msgEndOpcode)
			return
		}
		if !on.Instr(&d.in) {
			r.Fail(on.Err().Offset, on.Err().Msg)
			return
		}
		switch d.in.Op {
		case op.Block, op.Loop, op.If, op.Try, op.TryTable:
			depth++
		case op.End, op.Delegate:
			depth--
		}
	}
	r.Fail(end, msgSectionSize)
}
