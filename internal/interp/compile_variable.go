package interp

import (
	"encoding/binary"
	"math"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// variable compiles local.* and global.*.
func (c *compiler) variable(in *valid.Instr) {
	slots := uint32(in.Type.Slots())
	switch in.Op {
	case op.LocalGet:
		c.localGet(in.X, slots)
	case op.LocalSet:
		o := c.pop()
		c.setLocal(in.X, &o)
	case op.LocalTee:
		o := c.pop()
		c.setLocal(in.X, &o)
		if o.kind == isConst {
			c.pushConst(o.val)
		} else {
			c.localGet(in.X, slots)
		}
	case op.GlobalGet:
		g := opGlobalGet
		if slots == 2 {
			g = opGlobalGetV
		}
		c.emitWide(g, c.push(slots), in.X)
	case op.GlobalSet:
		o := c.pop()
		if c.adjustGlobal(&o, in.X) {
			return
		}
		g := opGlobalSet
		if slots == 2 {
			g = opGlobalSetV
		}
		c.emitWide(g, c.use(&o), in.X)
	}
}

// adjustGlobal sets global x to o, if the last instruction computed o by adding
// a constant, in one instruction with that.
func (c *compiler) adjustGlobal(o *operand, x uint32) bool {
	if c.last == none || x > math.MaxUint16 || o.wrapped || o.kind == isConst || o.kind == inLocal && c.lastDst != o.local || o.kind == inSlot && c.lastDst != o.at {
		return false
	}
	switch code, a, b, d := unpack(c.code[c.last]); {
	case code == opGlobalGetAdd && uint32(d) == x:
		c.code[c.last] = pack(opGlobalAdd, a, b, d)
		c.label()
		return true
	case code == opI32AddI && o.kind == inLocal && a == b:
		c.drop()
		c.emit(opLocalGlobalAdd, uint32(a), uint32(d), x)
		return true
	case code == opI32AddI && o.kind == inSlot: // nothing else needs the sum
		c.drop()
		c.emit(opGlobalSetAdd, uint32(b), uint32(d), x)
		return true
	}
	return false
}

// localGet pushes a local.
func (c *compiler) localGet(x, slots uint32) {
	l := c.locals.at(x)
	switch {
	case c.straight && !l.set && x >= uint32(c.params):
		if slots == 1 {
			c.pushConst(0)
			return
		}
		at := c.push(2)
		c.emit(opConst128, at, 0, 0)
		c.word(0)
		c.word(0)
	default:
		if !l.set && x >= uint32(c.params) {
			c.zero(l.slot, slots)
		}
		at := c.here()
		c.stack = append(c.stack, operand{kind: inLocal, slots: uint8(slots), at: at, local: l.slot, val: uint64(x)})
		l.aliases++
		c.reach(at + slots)
	}
}

// setLocal stores an operand, which has been popped, in a local.
func (c *compiler) setLocal(x uint32, o *operand) {
	l := c.locals.at(x)
	if !l.set {
		l.set = true
		c.locals.set = append(c.locals.set, x)
	}
	slot := l.slot
	if o.kind == inLocal && o.local == slot && !o.wrapped {
		return
	}
	if l.aliases > 0 {
		// Operands that stand for the local keep its old value.
		for i := len(c.stack) - 1; l.aliases > 0; i-- {
			if e := &c.stack[i]; e.kind == inLocal && e.local == slot {
				c.settle(i)
			}
		}
		c.label()
	}
	if _, _, b, d, ok := c.lastOp(o); ok && !o.wrapped {
		// Let the instruction that computed the operand write the local.
		op, _, _, _ := unpack(c.code[c.last])
		c.code[c.last] = pack(op, uint16(slot), b, d)
		c.lastDst = slot
		return
	}
	c.moveTo(slot, o)
}

// fork notes that control forks or joins from here on, so that what has been
// set before an instruction is no longer all the code before it.
func (c *compiler) fork() { c.straight = false }

// forget makes the locals that were set since there were n count as not set, at
// the end of code that need not have run. Those that are read then get their
// initial value at the beginning of the function.
func (c *compiler) forget(n int) {
	if c.straight {
		return
	}
	for _, x := range c.locals.set[n:] {
		c.locals.at(x).set = false
	}
	c.locals.set = c.locals.set[:n]
}

// zero notes that local x, of the given slots, needs its initial value.
func (c *compiler) zero(slot, slots uint32) {
	if c.zeroEnd == 0 {
		c.zeroStart = slot
	}
	c.zeroStart = min(c.zeroStart, slot)
	c.zeroEnd = max(c.zeroEnd, slot+slots)
}

// parametric compiles drop and select.
func (c *compiler) parametric(in *valid.Instr) {
	if in.Op == op.Drop {
		c.pop()
		return
	}
	cond, y, x := c.pop(), c.pop(), c.pop()
	a, b, d := c.use(&x), c.use(&y), c.use32(&cond)
	sel := opSelect
	if x.slots == 2 {
		sel = opSelectV
	}
	c.emit(sel, c.push(uint32(x.slots)), a, b)
	c.word(uint64(d))
}

// constants compiles t.const.
func (c *compiler) constants(in *valid.Instr) {
	if in.Op == op.V128Const {
		c.emit(opConst128, c.push(2), 0, 0)
		c.word(binary.LittleEndian.Uint64(in.Vec[:]))
		c.word(binary.LittleEndian.Uint64(in.Vec[8:]))
		return
	}
	c.pushConst(in.Val)
}

// noOp says of a conversion that a slot holds the same bits before and after.
func noOp(code op.Opcode) bool {
	switch code {
	case op.I64ExtendI32U, op.I32ReinterpretF32, op.I64ReinterpretF64, op.F32ReinterpretI32, op.F64ReinterpretI64:
		return true
	}
	return false
}

// numeric compiles scalar operators.
func (c *compiler) numeric(in *valid.Instr) {
	top := len(c.stack) - 1
	switch {
	case noOp(in.Op):
		if c.stack[top].wrapped {
			c.settle(top)
		}
		return
	case in.Op == op.I32WrapI64:
		if o := &c.stack[top]; o.kind == isConst {
			o.val = uint64(uint32(o.val))
		} else {
			o.wrapped = true
		}
		return
	}
	sig := in.Info.Sig
	switch {
	case sig[1] == ':':
		x := c.pop()
		p := &plainOps[in.Op]
		a := c.useAs(&x, sig[0])
		c.emit(p.rr, c.push(1), a, 0)
	case sig[2] == ':' && len(sig) == 4:
		c.binary(in.Op, sig[0])
	default: // wide arithmetic
		c.driverOp(opWide, len(sig)-3, []wasm.ValType{wasm.I64, wasm.I64}, uint32(in.Op), 0)
	}
}

// immediate returns v as the 16-bit immediate of an operator on type t, if it
// can be one.
func immediate(v uint64, t byte) (uint32, bool) {
	s := int64(v)
	if t == 'i' {
		s = int64(int32(v))
	}
	return uint32(uint16(s)), s == int64(int16(s))
}

// binary compiles an operator of two operands of type t.
func (c *compiler) binary(code op.Opcode, t byte) {
	p := &plainOps[code]
	y, x := c.pop(), c.pop()
	if y.kind == isConst {
		// Subtracting a constant is adding another.
		switch code {
		case op.I32Sub:
			p, y.val = &plainOps[op.I32Add], uint64(-uint32(y.val))
		case op.I64Sub:
			p, y.val = &plainOps[op.I64Add], -y.val
		}
	}
	switch {
	case y.kind == isConst && (p.ri|p.rk) != 0:
		if i, ok := immediate(y.val, t); ok && p.ri != 0 {
			if c.fuse(p.ri, &x, nil, i) {
				return
			}
			if code, _, _, _, ok := c.lastOp(&x); ok && code == opGlobalGet && p.ri == opI32AddI {
				if g := unpackWide(c.code[c.last]); g <= math.MaxUint16 {
					c.drop()
					c.emit(opGlobalGetAdd, c.push(1), i, g)
					return
				}
			}
			a := c.useAs(&x, t)
			c.emit(p.ri, c.push(1), a, i)
			return
		}
		if p.rk != 0 {
			a := c.useAs(&x, t)
			c.emit(p.rk, c.push(1), a, 0)
			c.word(y.val)
			return
		}
	case x.kind == isConst && (p.fi|p.fk) != 0:
		if i, ok := immediate(x.val, t); ok && p.fi != 0 {
			b := c.useAs(&y, t)
			c.emit(p.fi, c.push(1), b, i)
			return
		}
		if p.fk != 0 {
			b := c.useAs(&y, t)
			c.emit(p.fk, c.push(1), b, 0)
			c.word(x.val)
			return
		}
	}
	if !p.exchange && c.fuse(p.rr, &x, &y, 0) {
		return
	}
	a, b := c.useAs(&x, t), c.useAs(&y, t)
	if p.exchange {
		a, b = b, a
	}
	c.emit(p.rr, c.push(1), a, b)
}

// fuse emits operator code on x and y, or on x and immediate i if y is nil, as
// one instruction with the one that computed either, if there is such.
func (c *compiler) fuse(code opcode, x, y *operand, i uint32) bool {
	if compact {
		return false
	}
	// The result of the last instruction may be either operand. The other one
	// must be in its place already: loading a constant would come after.
	if y != nil && x.kind != isConst {
		if p, first, b, d, word, ok := c.fusable(code, y, false); ok {
			c.fused(p, first, x, b, d, word, 0)
			return true
		}
	}
	if y == nil || y.kind == inLocal {
		if p, first, b, d, word, ok := c.fusable(code, x, true); ok {
			c.fused(p, first, y, b, d, word, i)
			return true
		}
	}
	return false
}

// fusable looks for the fusion of the last instruction, if that computed o,
// with code, and returns it with that instruction's operands.
func (c *compiler) fusable(code opcode, o *operand, asX bool) (p *fusedPair, first opcode, b, d uint16, word uint64, ok bool) {
	first, _, b, d, ok = c.lastOp(o)
	if !ok || o.wrapped {
		return nil, 0, 0, 0, 0, false
	}
	list := fusedPairs[first]
	for i := range list {
		if p := &list[i]; p.second == code && (p.asX && asX || p.asY && !asX) {
			if opInfos[first].words == 2 {
				word = c.code[c.last+1]
			}
			return p, first, b, d, word, true
		}
	}
	return nil, 0, 0, 0, 0, false
}

// fused replaces the last instruction by its fusion p. Its operands were b, d
// and word; other is the second operator's other operand, nil for immediate i.
func (c *compiler) fused(p *fusedPair, first opcode, other *operand, b, d uint16, word uint64, i uint32) {
	c.drop()
	switch form := opInfos[first].form; form {
	case "dss":
		word = uint64(d)
	case "dsi":
		word = uint64(int64(int16(d)))
	case "dsu": // a load: the second word has addend and offset
		word = uint64(d) << 32
	}
	if other == nil {
		c.emit(p.fused, c.push(1), uint32(b), i)
	} else {
		o := c.use32(other)
		c.emit(p.fused, c.push(1), o, uint32(b))
	}
	c.word(word)
}

// vector compiles vector operators.
func (c *compiler) vector(in *valid.Instr) {
	p := &plainOps[in.Op]
	in3, out, n := [3]operand{}, uint32(1), 0
	for in.Info.Sig[n] != ':' {
		n++
	}
	if in.Info.Sig[n+1] == 'v' {
		out = 2
	}
	for i := n - 1; i >= 0; i-- {
		in3[i] = c.pop()
	}
	var s [3]uint32
	for i := range n {
		s[i] = c.useAs(&in3[i], in.Info.Sig[i])
	}
	switch {
	case in.Info.Imm == op.ImmShuffle:
		c.emit(p.rr, c.push(out), s[0], s[1])
		c.word(binary.LittleEndian.Uint64(in.Vec[:]))
		c.word(binary.LittleEndian.Uint64(in.Vec[8:]))
	case in.Info.Imm == op.ImmLane && n == 1:
		c.emit(p.rr, c.push(out), s[0], uint32(in.Lane))
	case in.Info.Imm == op.ImmLane:
		c.emit(p.rr, c.push(out), s[0], s[1])
		c.word(uint64(in.Lane))
	case n == 3:
		c.emit(p.rr, c.push(out), s[0], s[1])
		c.word(uint64(s[2]))
	default:
		c.emit(p.rr, c.push(out), s[0], s[1])
	}
}
