package interp

import (
	"slices"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// frame is an entry of the control stack.
type frame struct {
	kind   valid.FrameKind
	height int    // operands below the block's parameters
	sets   int    // locals that were set before
	at     uint32 // slot of the block's first parameter and first result
	start  int    // position of a loop's label; none for all others
	patch  int32  // branches to the end: first in compiler.patches; none
	elseAt int32  // the branch to an if's else, likewise
	params []wasm.ValType
	result []wasm.ValType
	region int32 // innermost exception region around the block; none
	own    int32 // the region of the block itself; none
}

// pushFrame adds a frame. The stack doubles when it is full: deep nesting should
// not cost many times the memory that it ends up with.
func (c *compiler) pushFrame(f frame) {
	if len(c.frames) == cap(c.frames) {
		c.frames = slices.Grow(c.frames, len(c.frames)+1)
	}
	c.frames = append(c.frames, f)
}

// patchKind says what has to be filled in once a label is known.
type patchKind uint8

const (
	patchShort patchKind = iota // the third operand of an instruction
	patchWide                   // the 32-bit operand of one
	patchTable                  // an entry of a br_table
	patchCatch                  // the target of a catch clause
)

// patch is a reference to a label that is not known yet.
type patch struct {
	kind patchKind
	at   uint32 // position of the instruction, or number of the catch clause
	x    uint32 // entry of the table
	next int32
}

// refer adds a patch to a list.
func (c *compiler) refer(list *int32, kind patchKind, at int, x uint32) {
	c.patches = append(c.patches, patch{kind, uint32(at), x, *list})
	*list = int32(len(c.patches) - 1)
}

// bind makes the current position the label of a list of patches.
func (c *compiler) bind(list int32) {
	to := len(c.code)
	for i := list; i >= 0; i = c.patches[i].next {
		p := &c.patches[i]
		d := to - int(p.at)
		switch p.kind {
		case patchShort:
			c.setShort(int(p.at), d)
		case patchWide:
			op, a, _, _ := unpack(c.code[p.at])
			c.code[p.at] = packWide(op, a, uint32(int32(d)))
		case patchTable:
			c.setEntry(int(p.at), int(p.x), d)
		case patchCatch:
			c.catches[p.at].target = uint32(to)
		}
	}
	c.label()
}

// setEntry sets an entry of the br_table at the given position.
func (c *compiler) setEntry(at, i, distance int) {
	op, _, _, _ := unpack(c.code[at])
	setHalf(&c.code[at+int(opInfos[op].words)+i/2], i&1 != 0, uint32(int32(distance)))
}

// setShort sets the target of the conditional branch at the given position.
func (c *compiler) setShort(at, distance int) {
	if distance != int(int16(distance)) {
		c.tooFar = true
	}
	op, a, b, _ := unpack(c.code[at])
	c.code[at] = pack(op, a, b, uint16(distance))
}

// target returns the frame that a label names.
func (c *compiler) target(label uint32) *frame {
	return &c.frames[len(c.frames)-1-int(label)]
}

// labelTypes are the types of the operands that a branch to f passes.
func (f *frame) labelTypes() []wasm.ValType {
	if f.kind == valid.FrameLoop {
		return f.params
	}
	return f.result
}

// control compiles the instructions of class ClassControl.
func (c *compiler) control(in *valid.Instr) {
	switch in.Op {
	case op.Unreachable:
		c.emit(opUnreachable, 0, 0, 0)
	case op.Nop:
	case op.Block, op.Loop, op.TryTable, op.Try:
		c.block(in)
	case op.If:
		c.ifBlock(in)
	case op.Else:
		c.elseBlock(in)
	case op.End:
		c.end(in)
	case op.Br:
		c.fork()
		c.br(in.X)
	case op.BrIf:
		cond := c.condition()
		c.fork()
		c.brIf(cond, true, in.X)
	case op.BrTable:
		c.brTable(in)
	case op.BrOnNull, op.BrOnNonNull:
		c.brOnNull(in)
	case op.BrOnCast, op.BrOnCastFail:
		c.brOnCast(in)
	case op.Return:
		c.ret()
	case op.Call, op.CallIndirect, op.CallRef:
		c.call(in)
	case op.ReturnCall, op.ReturnCallIndirect, op.ReturnCallRef:
		c.returnCall(in)
	default:
		c.exception(in)
	}
}

// block compiles the beginning of block, loop, try and try_table.
func (c *compiler) block(in *valid.Instr) {
	f := frame{kind: valid.FrameBlock, start: none, patch: none, elseAt: none, sets: len(c.locals.set), params: in.Func.Params, result: in.Func.Results, region: c.region, own: -1}
	if in.Op != op.Block {
		c.fork()
	}
	c.settleLocals()
	f.height = len(c.stack) - len(f.params)
	f.at = c.settleTop(len(f.params))
	switch in.Op {
	case op.Loop:
		f.kind, f.start = valid.FrameLoop, len(c.code)
		c.label()
	case op.TryTable:
		f.kind, f.own = valid.FrameTryTable, c.tryTable(in)
		c.region = f.own
		c.label()
	case op.Try:
		f.kind, f.own = valid.FrameTry, c.openRegion()
		c.region = f.own
		c.label()
	}
	c.pushFrame(f)
}

// ifBlock compiles if.
func (c *compiler) ifBlock(in *valid.Instr) {
	cond := c.condition()
	c.fork()
	c.settleLocals()
	f := frame{kind: valid.FrameIf, start: none, patch: none, elseAt: none, sets: len(c.locals.set), params: in.Func.Params, result: in.Func.Results, region: c.region, own: -1}
	f.height = len(c.stack) - len(f.params)
	f.at = c.settleTop(len(f.params))
	c.branch(cond, false, &f.elseAt)
	c.label()
	c.pushFrame(f)
}

// elseBlock compiles else.
func (c *compiler) elseBlock(in *valid.Instr) {
	f := &c.frames[len(c.frames)-1]
	if !in.Unreachable {
		c.pass(len(f.result), f.at)
		c.refer(&f.patch, patchWide, c.emitWide(opBr, 0, 0), 0)
	}
	c.bind(f.elseAt)
	f.elseAt = none
	f.kind = valid.FrameElse
	c.cut(f.height)
	c.forget(f.sets)
	c.pushTypes(f.params)
}

// end compiles end.
func (c *compiler) end(in *valid.Instr) {
	f := &c.frames[len(c.frames)-1]
	if f.kind == valid.FrameFunc {
		if !in.Unreachable {
			c.ret()
		}
		c.frames = c.frames[:0]
		return
	}
	if f.kind == valid.FrameTry || f.kind == valid.FrameTryTable {
		c.closeRegion(f)
	}
	caught := f.kind == valid.FrameCatch || f.kind == valid.FrameCatchAll
	if f.elseAt >= 0 || f.patch >= 0 || in.Unreachable || caught {
		if !in.Unreachable {
			c.pass(len(f.result), f.at)
		}
		c.bind(f.elseAt)
		c.bind(f.patch)
		c.cut(f.height)
		c.forget(f.sets)
		c.pushTypes(f.result)
	}
	c.frames = c.frames[:len(c.frames)-1]
}

// condition is a condition to branch on, taken off the operand stack: the
// operands of a comparison, or an i32.
type condition struct {
	op   opcode // of the comparison, or opBrNZ for an i32 in slot a
	a, b uint32
	k    uint64 // of a comparison with a constant word
	not  bool   // the condition is that it does not hold
}

// condition pops an i32. If the last instruction computed it by a comparison,
// that is taken back.
func (c *compiler) condition() condition {
	o := c.pop()
	cond := condition{op: opBrNZ}
	for {
		code, _, b, d, ok := c.lastOp(&o)
		switch {
		case !ok || o.wrapped:
		case code == opI32Eqz, code == opI64Eqz:
			c.drop()
			cond.not = !cond.not
			// The operand may itself be a comparison.
			o = operand{kind: inSlot, slots: 1, at: uint32(b)}
			if code, _, _, _, ok := c.lastOp(&o); ok && uint32(b) >= c.temps && (code == opI32Eqz || code == opI64Eqz || branchOps[code].yes != 0) {
				continue
			}
			cond.a = uint32(b)
			if code == opI64Eqz {
				cond.op, cond.not = opI64EqI, !cond.not
			}
			return cond
		case branchOps[code].yes != 0:
			cond.op, cond.a, cond.b = code, uint32(b), uint32(d)
			if opInfos[code].words == 2 {
				cond.k = c.code[c.last+1]
			}
			c.drop()
			return cond
		}
		cond.a = c.use32(&o)
		return cond
	}
}

// branchOp returns the opcode and operands of a branch taken if the condition
// has the given truth value.
func (cond *condition) branchOp(sense, loop bool) (code opcode, a, b uint32) {
	sense = sense != cond.not
	a, b = cond.a, cond.b
	switch {
	case cond.op == opBrNZ:
	case cond.op == opI32EqI && b == 0:
		sense = !sense
	case cond.op == opI32NeI && b == 0:
	default:
		f := &branchOps[cond.op]
		switch {
		case sense && loop:
			code = f.yesLoop
		case sense:
			code = f.yes
		case loop:
			code = f.noLoop
		default:
			code = f.no
		}
		if !sense && f.swapNo {
			a, b = b, a
		}
		return code, a, b
	}
	switch {
	case sense && loop:
		return opBrNZLoop, a, 0
	case sense:
		return opBrNZ, a, 0
	case loop:
		return opBrZLoop, a, 0
	}
	return opBrZ, a, 0
}

// branch emits a forward branch that is taken if cond has the given truth
// value, to be patched through list.
func (c *compiler) branch(cond condition, sense bool, list *int32) {
	if c.long {
		skip := int32(none)
		c.shortBranch(cond, !sense, &skip)
		c.refer(list, patchWide, c.emitWide(opBr, 0, 0), 0)
		c.bind(skip)
		return
	}
	c.shortBranch(cond, sense, list)
}

// shortBranch emits a forward branch whose target is near.
func (c *compiler) shortBranch(cond condition, sense bool, list *int32) {
	code, a, b := cond.branchOp(sense, false)
	at := c.emit(code, a, b, 0)
	if opInfos[code].words == 2 {
		c.word(cond.k)
	}
	c.refer(list, patchShort, at, 0)
}

// branchBack emits a branch to a loop's label.
func (c *compiler) branchBack(cond condition, sense bool, to int) {
	d := to - len(c.code)
	if d != int(int16(d)) {
		skip := int32(none)
		c.shortBranch(cond, !sense, &skip)
		c.emitWide(opBrLoop, 0, uint32(int32(to-len(c.code))))
		c.bind(skip)
		return
	}
	code, a, b := cond.branchOp(sense, true)
	if c.count(code, a, b, cond.k, to) {
		return
	}
	c.emit(code, a, b, uint32(uint16(d)))
	if opInfos[code].words == 2 {
		c.word(cond.k)
	}
}

// count emits a branch back together with the last instruction, if that adds a
// constant to the local that the branch compares.
func (c *compiler) count(code opcode, a, b uint32, k uint64, to int) bool {
	if c.last == none {
		return false
	}
	add, dst, src, step := unpack(c.code[c.last])
	if add != opI32AddI || dst != src || uint32(dst) != a {
		return false
	}
	constant := opcode(0)
	switch code {
	case opBrI32NeLoop, opBrI32LtSLoop, opBrI32LtULoop:
		if b == a {
			return false
		}
		fused := map[opcode]opcode{opBrI32NeLoop: opCountI32Ne, opBrI32LtSLoop: opCountI32LtS, opBrI32LtULoop: opCountI32LtU}[code]
		c.drop()
		c.emit(fused, a, b, uint32(uint16(to-len(c.code))))
		c.word(uint64(int64(int16(step))))
		return true
	case opBrNZLoop:
		constant, k = opCountI32NeK, 0
	case opBrI32NeILoop, opBrI32NeKLoop:
		constant = opCountI32NeK
	case opBrI32LtSILoop, opBrI32LtSKLoop:
		constant = opCountI32LtSK
	case opBrI32LtUILoop, opBrI32LtUKLoop:
		constant = opCountI32LtUK
	case opBrI32GtSILoop, opBrI32GtSKLoop:
		constant = opCountI32GtSK
	case opBrI32GeSILoop, opBrI32GeSKLoop:
		constant = opCountI32GeSK
	default:
		return false
	}
	if opInfos[code].form == "sit" {
		k = uint64(uint32(int32(int16(b))))
	}
	c.drop()
	c.emit(constant, a, uint32(step), uint32(uint16(to-len(c.code))))
	c.word(k)
	return true
}

// settled says whether the top operands are where a branch to f passes them.
func (c *compiler) settled(f *frame) bool {
	n := len(f.labelTypes())
	k := len(c.stack) - n
	for i := k; i < len(c.stack); i++ {
		if c.stack[i].kind != inSlot || c.stack[i].wrapped {
			return false
		}
	}
	return n == 0 || c.stack[k].at == f.at
}

// pass copies the top n operands to the slots from dst, where a label expects
// them. The operands stay on the stack.
func (c *compiler) pass(n int, dst uint32) {
	// Slots only move down, so ascending order overwrites nothing that is
	// still needed.
	for i := len(c.stack) - n; i < len(c.stack); i++ {
		o := c.stack[i]
		c.moveTo(dst, &o)
		dst += uint32(o.slots)
	}
}

// br emits an unconditional branch.
func (c *compiler) br(label uint32) {
	f := c.target(label)
	switch {
	case f.kind == valid.FrameFunc:
		c.ret()
		return
	case f.start >= 0:
		c.pass(len(f.labelTypes()), f.at)
		c.again(f.start)
	default:
		c.pass(len(f.labelTypes()), f.at)
		c.refer(&f.patch, patchWide, c.emitWide(opBr, 0, 0), 0)
	}
	c.label()
}

// again emits an unconditional branch to a loop's label.
func (c *compiler) again(to int) {
	if c.last != none {
		code, a, _, _ := unpack(c.code[c.last])
		if code == opConst32 {
			// The constant may select the way on from the head of the loop.
			v := unpackWide(c.code[c.last])
			c.drop()
			fused := opBrLoopConst
			if to < len(c.code) {
				if head, slot, _, _ := unpack(c.code[to]); head == opBrTable && slot == a {
					fused = opBrLoopTable
				}
			}
			c.emitWide(fused, uint32(a), uint32(int32(to-len(c.code))))
			c.word(uint64(v))
			return
		}
	}
	c.emitWide(opBrLoop, 0, uint32(int32(to-len(c.code))))
}

// brIf emits a branch that is taken if cond has the given truth value.
func (c *compiler) brIf(cond condition, sense bool, label uint32) {
	f := c.target(label)
	switch {
	case f.kind == valid.FrameFunc || !c.settled(f):
		// The values are moved only if the branch is taken.
		skip := int32(none)
		c.branch(cond, !sense, &skip)
		c.label()
		c.br(label)
		c.bind(skip)
	case f.start >= 0:
		c.branchBack(cond, sense, f.start)
	default:
		c.branch(cond, sense, &f.patch)
	}
	c.label()
}

// brTable compiles br_table. Targets that operands must be moved for are
// reached through a stub each.
func (c *compiler) brTable(in *valid.Instr) {
	index := c.pop()
	table, bias := opBrTable, uint64(0)
	if code, _, b, d, ok := c.lastOp(&index); ok && code == opI32AddI {
		c.drop()
		index = operand{kind: inSlot, slots: 1, at: uint32(b)}
		table, bias = opBrTableAdd, uint64(int64(int16(d)))
	}
	slot := c.use32(&index)
	c.fork()
	n := len(in.Labels)
	at := c.emitWide(table, slot, uint32(n-1))
	if table == opBrTableAdd {
		c.word(bias)
	}
	for range (n + 1) / 2 {
		c.word(0)
	}
	if c.stubs == nil {
		c.stubs = map[uint32]int32{}
	}
	clear(c.stubs)
	c.patches = slices.Grow(c.patches, n)
	var order []uint32
	for i, label := range in.Labels {
		f := c.target(label)
		if f.kind != valid.FrameFunc && c.settled(f) {
			if f.start >= 0 {
				c.setEntry(at, i, f.start-at)
			} else {
				c.refer(&f.patch, patchTable, at, uint32(i))
			}
			continue
		}
		list, ok := c.stubs[label]
		if !ok {
			list = none
			order = append(order, label)
		}
		c.refer(&list, patchTable, at, uint32(i))
		c.stubs[label] = list
	}
	for _, label := range order {
		c.bind(c.stubs[label])
		c.br(label)
	}
	c.label()
}

// ret emits a return of the top operands.
func (c *compiler) ret() {
	n := len(c.ft.Results)
	k := len(c.stack) - n
	if c.metered {
		c.emit(opShallower, 0, 0, 0)
	}
	switch {
	case c.results == 0:
		c.emit(opRet, 0, c.record, 0)
	case c.results == 1:
		o := c.stack[k]
		if i := int16(o.val); o.kind == isConst && uint64(uint32(i)) == o.val {
			c.emit(opRetI, uint32(uint16(i)), c.record, 0)
			break
		}
		c.emit(opRet1, c.use(&o), c.record, 0)
	default:
		// Results go where parameters may still be needed for later ones.
		// Those are copied out of the way first; the stack stays as it is, for
		// the code may go on elsewhere.
		dst, hazard := uint32(0), false
		for i := k; i < len(c.stack); i++ {
			o := &c.stack[i]
			hazard = hazard || o.kind == inLocal && o.local < dst
			dst += uint32(o.slots)
		}
		for i := k; hazard && i < len(c.stack); i++ {
			if o := c.stack[i]; o.kind == inLocal {
				c.moveTo(o.at, &o)
			}
		}
		dst = 0
		for i := k; i < len(c.stack); i++ {
			o := c.stack[i]
			if hazard && o.kind == inLocal {
				o.kind, o.wrapped = inSlot, false
			}
			c.moveTo(dst, &o)
			dst += uint32(o.slots)
		}
		c.emit(opRet, 0, c.record, 0)
	}
	c.label()
}
