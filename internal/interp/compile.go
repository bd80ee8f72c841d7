package interp

import (
	"math"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// The compiler turns one function at a time into register code, in the order
// of its instructions. It keeps an abstract operand stack: an operand is a
// slot of its own (its position on the stack decides which), or still the
// local that local.get named, or a constant. So reading locals and constants
// emits nothing; what consumes them names the local's slot or takes an
// immediate.
//
// A frame is: arguments and, over them, results; the record of the caller;
// the other locals; the slots of operands. It has at most maxSlot slots.

// Limits of frames, in slots.
const (
	maxSlot     = math.MaxUint16 // highest slot that an instruction can name
	recordSlots = 2
	// freeFrame is the size of frames that need no check of their own, since
	// so much stack is behind the limit that calls compare with.
	freeFrame = 512
)

// operandKind says where an operand is.
type operandKind uint8

const (
	inSlot  operandKind = iota // in its own slot
	inLocal                    // in the slot of a local, which has not been set since
	isConst                    // nowhere: it is known
)

// operand is an entry of the abstract operand stack.
type operand struct {
	kind  operandKind
	slots uint8  // 1, or 2 for v128
	at    uint32 // its own slot
	local uint32 // the local's slot
	val   uint64 // of a constant; of a local its index
	// wrapped says that the value is the low half of what the slot holds: the
	// result of i32.wrap_i64, which nothing has computed because operators on
	// i32 don't look at the other half.
	wrapped bool
}

// none stands for "no instruction" in the peephole state.
const none = -1

// compiler compiles functions; it keeps its buffers between them.
type compiler struct {
	m    *vm.Module
	walk *valid.Func
	// metered says that the code counts fuel and calls.
	metered bool
	apart   bool // see ModuleCode.apart

	// The function.
	ft      *wasm.FuncType
	results uint32 // slots of its results
	record  uint32 // slot of the record
	temps   uint32 // slot of the first operand
	top     uint32 // highest slot used by operands, plus one
	// zeroStart and zeroEnd are the slots of locals that need an initial value.
	zeroStart, zeroEnd uint32

	locals locals
	// straight says that control has not forked or joined yet: reading a local
	// that nothing has set gives zero, and its slot has no value so far.
	straight  bool
	params    int // number of parameters
	stack     []operand
	flushed   int // operands below this one stand for no local
	frames    []frame
	patches   []patch
	code      []uint64
	last      int // position of the last instruction; none after a label
	prev      int // the one before
	lastDst   uint32
	long      bool // conditional branches must not reach far
	tooFar    bool // one would have to
	regions   []region
	catches   []catch
	region    int32 // innermost region; -1: none
	stubs     map[uint32]int32
	fuelAt    int // position of the current fuel instruction; none
	positions []position
	record1   bool // positions are recorded
	offset    wasm.Offset
}

// position maps code to the module.
type position struct {
	at     uint32 // position in the code
	offset wasm.Offset
}

// compile compiles function i of the module's own functions.
func (c *compiler) compile(i int) error {
	c.long = false
	err := c.attempt(i)
	if err == nil && c.tooFar {
		c.long = true
		err = c.attempt(i)
	}
	return err
}

// attempt runs over the function once.
func (c *compiler) attempt(i int) error {
	m := c.m.Module
	c.ft = m.FuncType(wasm.FuncIdx(m.ImportCount(wasm.ExternFunc) + i))
	c.begin(m.Code[i].Locals)
	return c.walk.Walk(i, c)
}

// begin lays out the frame and resets the state.
func (c *compiler) begin(declared []wasm.Locals) {
	slot := c.locals.begin(c.ft.Params)
	c.params = len(c.ft.Params)
	c.results = slotsOf(c.ft.Results)
	c.record = max(slot, c.results)
	slot = c.locals.declare(c.record+recordSlots, declared)
	c.temps, c.top = slot, slot
	c.straight = true
	c.stack, c.frames, c.patches, c.code = c.stack[:0], c.frames[:0], c.patches[:0], c.code[:0]
	c.regions, c.catches, c.positions = c.regions[:0], c.catches[:0], c.positions[:0]
	c.flushed, c.region, c.fuelAt, c.tooFar = 0, none, none, false
	c.label()
	c.frames = append(c.frames, frame{kind: valid.FrameFunc, at: c.temps, start: none, patch: none, elseAt: none, result: c.ft.Results, region: none, own: none})
	c.code = append(c.code, 0, 0) // room for what finish puts there
	c.zeroStart, c.zeroEnd = 0, 0
	if c.metered {
		c.emit(opDeeper, 0, 0, 0)
		c.label()
	}
}

// slotsOf returns the number of slots that values of the types take.
func slotsOf(types []wasm.ValType) uint32 {
	n := uint32(0)
	for _, t := range types {
		n += uint32(t.Slots())
	}
	return n
}

// finish returns the code, preceded by what depends on all of it, and what to
// subtract from positions: the check of the frame's size if it is needed, and
// the setting to zero of the locals that may be read before they are set.
func (c *compiler) finish() (code []uint64, shift uint32) {
	n := uint32(2)
	if c.zeroEnd > 0 {
		n--
		c.code[n] = packWide(opZero, uint16(c.zeroStart), c.zeroEnd-c.zeroStart)
	}
	if size := c.top + recordSlots; size > freeFrame {
		n--
		c.code[n] = packWide(opEnter, 0, size)
	}
	if !compact {
		pairUp(c.code[n:])
	}
	return c.code[n:], n
}

// emit appends an instruction and returns its position.
func (c *compiler) emit(op opcode, a, b, d uint32) int {
	at := len(c.code)
	c.code = append(c.code, pack(op, uint16(a), uint16(b), uint16(d)))
	c.note(at, a)
	return at
}

// emitWide appends an instruction with a 32-bit operand.
func (c *compiler) emitWide(op opcode, a, g uint32) int {
	at := len(c.code)
	c.code = append(c.code, packWide(op, uint16(a), g))
	c.note(at, a)
	return at
}

// note makes the instruction at the given position the last one.
func (c *compiler) note(at int, dst uint32) {
	c.prev, c.last, c.lastDst = c.last, at, dst
	if c.record1 {
		c.positions = append(c.positions, position{uint32(at), c.offset})
	}
}

// word appends a further word of the last instruction.
func (c *compiler) word(w uint64) { c.code = append(c.code, w) }

// words appends two 32-bit indices as a further word.
func (c *compiler) words(x, y uint32) { c.code = append(c.code, uint64(x)|uint64(y)<<32) }

// label notes that control may arrive here from elsewhere, and that the last
// instruction must stay as it is.
func (c *compiler) label() { c.last, c.prev = none, none }

// drop removes the last instruction.
func (c *compiler) drop() {
	c.code = c.code[:c.last]
	if c.record1 {
		c.positions = c.positions[:len(c.positions)-1]
	}
	c.last, c.prev = c.prev, none
}

// lastOp returns the last instruction if it computes operand o and nothing
// else depends on it.
func (c *compiler) lastOp(o *operand) (op opcode, a, b, d uint16, ok bool) {
	if c.last == none || o.kind != inSlot || c.lastDst != o.at {
		return
	}
	op, a, b, d = unpack(c.code[c.last])
	f := opInfos[op].form[0]
	return op, a, b, d, f == 'd' || f == 'D'
}

// push adds an operand of the given number of slots that is in its own slot,
// and returns that.
func (c *compiler) push(slots uint32) uint32 {
	at := c.here()
	c.stack = append(c.stack, operand{kind: inSlot, slots: uint8(slots), at: at})
	c.reach(at + slots)
	return at
}

// pushType adds operands of the given types.
func (c *compiler) pushTypes(types []wasm.ValType) {
	for _, t := range types {
		c.push(uint32(t.Slots()))
	}
}

// here is the slot of the next operand.
func (c *compiler) here() uint32 {
	if n := len(c.stack); n > 0 {
		return c.stack[n-1].at + uint32(c.stack[n-1].slots)
	}
	return c.temps
}

// reach notes that slots below n are used.
func (c *compiler) reach(n uint32) { c.top = max(c.top, n) }

// pushConst adds a constant.
func (c *compiler) pushConst(v uint64) {
	at := c.here()
	c.stack = append(c.stack, operand{kind: isConst, slots: 1, at: at, val: v})
	c.reach(at + 1)
}

// pop removes the top operand.
func (c *compiler) pop() operand {
	n := len(c.stack) - 1
	o := c.stack[n]
	c.stack = c.stack[:n]
	if o.kind == inLocal {
		c.locals.at(uint32(o.val)).aliases--
	}
	c.flushed = min(c.flushed, n)
	return o
}

// cut removes operands until n are left.
func (c *compiler) cut(n int) {
	for len(c.stack) > n {
		c.pop()
	}
}

// use returns a slot that holds the operand, which has been popped.
func (c *compiler) use(o *operand) uint32 {
	if o.wrapped {
		c.emit(opI32WrapI64, o.at, c.use32(o), 0)
		return o.at
	}
	return c.use32(o)
}

// use32 is use for those who look at the low half of the slot only.
func (c *compiler) use32(o *operand) uint32 {
	switch o.kind {
	case inLocal:
		return o.local
	case isConst:
		c.constant(o.at, o.val)
	}
	return o.at
}

// useAs is use for an operand of a type in the letters of package op.
func (c *compiler) useAs(o *operand, t byte) uint32 {
	if t == 'i' {
		return c.use32(o)
	}
	return c.use(o)
}

// constant emits the loading of a constant.
func (c *compiler) constant(dst uint32, v uint64) {
	switch {
	case v <= math.MaxUint32:
		if c.last != none && c.lastDst+1 == dst && uint64(uint32(int16(v))) == v {
			// Together with a move into the slot before.
			if op, a, b, _ := unpack(c.code[c.last]); op == opMove {
				c.code[c.last] = pack(opMoveI, a, b, uint16(v))
				c.label()
				return
			}
		}
		c.emitWide(opConst32, dst, uint32(v))
	case int64(v) == int64(int32(v)):
		c.emitWide(opConst32S, dst, uint32(v))
	default:
		c.emit(opConst64, dst, 0, 0)
		c.word(v)
	}
}

// move emits the copying of a value of one or two slots.
func (c *compiler) move(dst, src, slots uint32) {
	if dst == src {
		return
	}
	if slots == 2 {
		c.emit(opMove2, dst, src, src+1)
		return
	}
	if c.last != none && c.lastDst+1 == dst {
		if op, a, b, _ := unpack(c.code[c.last]); op == opMove && uint32(a) != src {
			c.code[c.last] = pack(opMove2, a, b, uint16(src))
			c.label()
			return
		}
	}
	if c.last != none {
		if op, a, b, _ := unpack(c.code[c.last]); op == opMove {
			c.code[c.last] = pack(opMoveMove, a, b, uint16(dst))
			c.word(uint64(src))
			c.label()
			return
		}
	}
	c.emit(opMove, dst, src, 0)
}

// settle puts operand i into its own slot.
func (c *compiler) settle(i int) {
	o := &c.stack[i]
	if o.kind == inLocal {
		c.locals.at(uint32(o.val)).aliases--
	}
	switch {
	case o.wrapped:
		c.emit(opI32WrapI64, o.at, c.use32(o), 0)
		o.wrapped = false
	case o.kind == inLocal:
		c.move(o.at, o.local, uint32(o.slots))
	case o.kind == isConst:
		c.constant(o.at, o.val)
	}
	o.kind = inSlot
}

// settleTop puts the top n operands into their own slots and returns the slot
// of the first.
func (c *compiler) settleTop(n int) uint32 {
	k := len(c.stack) - n
	for i := k; i < len(c.stack); i++ {
		c.settle(i)
	}
	if n == 0 {
		return c.here()
	}
	return c.stack[k].at
}

// settleLocals puts all operands that stand for locals into their own slots,
// so that they survive what happens to the locals.
func (c *compiler) settleLocals() {
	for i := c.flushed; i < len(c.stack); i++ {
		if c.stack[i].kind == inLocal {
			c.settle(i)
		}
	}
	c.flushed = len(c.stack)
}

// moveTo copies popped operand o to a slot.
func (c *compiler) moveTo(dst uint32, o *operand) {
	switch {
	case o.wrapped:
		c.emit(opI32WrapI64, dst, c.use32(o), 0)
	case o.kind == isConst:
		c.constant(dst, o.val)
	case o.kind == inLocal:
		c.move(dst, o.local, uint32(o.slots))
	default:
		c.move(dst, o.at, uint32(o.slots))
	}
}

// Visit compiles one instruction.
func (c *compiler) Visit(in *valid.Instr) error {
	c.offset = in.Offset
	if c.apart {
		c.label()
	}
	if c.metered {
		c.charge(in.Op)
	}
	switch in.Info.Class {
	case op.ClassControl:
		c.control(in)
	case op.ClassParametric:
		c.parametric(in)
	case op.ClassVariable:
		c.variable(in)
	case op.ClassTable, op.ClassMemory:
		c.bulk(in)
	case op.ClassReference, op.ClassAggregate:
		c.reference(in)
	case op.ClassConst:
		c.constants(in)
	case op.ClassNumeric:
		c.numeric(in)
	case op.ClassLoad:
		c.load(in)
	case op.ClassStore:
		c.store(in)
	case op.ClassVec, op.ClassVecLane:
		c.vector(in)
	case op.ClassVecLoad, op.ClassVecStore:
		c.vectorMemory(in)
	case op.ClassAtomic:
		c.atomic(in)
	}
	if c.top > maxSlot {
		return &wasm.LimitError{Name: "slots of a function's operands and locals", Have: uint64(c.top), Max: maxSlot}
	}
	return nil
}
