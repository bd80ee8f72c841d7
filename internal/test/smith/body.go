package smith

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// maxNesting bounds how deep blocks nest.
const maxNesting = 8

// frameKind says what construct a label belongs to.
type frameKind uint8

const (
	frameFunc frameKind = iota
	frameBlock
	frameLoop
	frameIf
	frameElse
	frameTryTable
	frameTry
	frameCatch
	frameCatchAll
)

// frame is an entry of the control stack.
type frame struct {
	kind    frameKind
	ft      wasm.FuncType
	base    int  // height of the operand stack below the block
	dead    bool // after an unconditional transfer of control
	initLen int  // of body.initLog at its start
}

// label returns the types that a branch to the frame takes.
func (f *frame) label() []wasm.ValType {
	if f.kind == frameLoop {
		return f.ft.Params
	}
	return f.ft.Results
}

// body makes the body of one function. It keeps the stacks of the validation
// algorithm, so that it knows what may follow; whatever operands an instruction
// lacks it makes first.
type body struct {
	*builder
	index   int // of the function
	ft      *wasm.FuncType
	code    []byte
	stack   []wasm.ValType
	frames  []frame
	locals  []wasm.ValType // parameters included
	isInit  []bool
	initLog []int
	left    int // instructions until the function winds up
}

// bodies fills the code section.
func (b *builder) bodies() {
	for k, x := range b.m.Funcs {
		f := &body{builder: b, index: k, ft: &b.m.Types[x].Func, left: b.cfg.Size/2 + b.intn(b.cfg.Size)}
		b.m.Code = append(b.m.Code, f.make())
	}
}

func (f *body) make() wasm.Code {
	var c wasm.Code
	f.locals = append(f.locals, f.ft.Params...)
	for n := f.intn(5); n > 0; n-- {
		r := wasm.Locals{Count: uint32(1 + f.intn(3)), Type: f.valType(len(f.m.Types))}
		c.Locals = append(c.Locals, r)
		for range r.Count {
			f.locals = append(f.locals, r.Type)
		}
	}
	f.isInit = make([]bool, len(f.locals))
	for k, t := range f.locals {
		f.isInit[k] = k < len(f.ft.Params) || t.Defaultable()
	}
	f.frames = []frame{{kind: frameFunc, ft: wasm.FuncType{Results: f.ft.Results}}}
	for len(f.frames) > 0 {
		if f.left <= 0 || f.done() || f.top().dead && f.intn(8) != 0 || len(f.frames) > 1 && f.intn(6) == 0 {
			f.closeArm()
			continue
		}
		f.statement()
	}
	c.Body = f.code
	return c
}

func (f *body) top() *frame { return &f.frames[len(f.frames)-1] }

// emit appends an instruction without regard to types.
func (f *body) emit(in instr.Instr) {
	f.code = instr.Append(f.code, &in)
	f.left--
}

func (f *body) push(ts ...wasm.ValType) { f.stack = append(f.stack, ts...) }

// pop removes n operands, which must be there.
func (f *body) pop(n int) { f.stack = f.stack[:len(f.stack)-n] }

// operands returns the current block's part of the operand stack.
func (f *body) operands() []wasm.ValType { return f.stack[f.top().base:] }

// need makes sure that the uppermost operands have the types ts.
func (f *body) need(ts ...wasm.ValType) {
	have := f.operands()
	k := min(len(ts), len(have))
	if f.oneIn(6) {
		k = 0
	}
	for ; k > 0 && !f.matchAll(have[len(have)-k:], ts[:k]); k-- {
	}
	for ; k < len(ts); k++ {
		f.produce(ts[k], 0)
	}
}

// use makes sure of the operands ts and removes them.
func (f *body) use(ts ...wasm.ValType) {
	f.need(ts...)
	f.pop(len(ts))
}

// transfer notes that control does not get past this point.
func (f *body) transfer() {
	t := f.top()
	t.dead = true
	f.stack = f.stack[:t.base]
}

// setInit notes that a local has a value.
func (f *body) setInit(x int) {
	if !f.isInit[x] {
		f.isInit[x] = true
		f.initLog = append(f.initLog, x)
	}
}

// resetInit forgets what was initialized since the frame's start.
func (f *body) resetInit(t *frame) {
	for _, x := range f.initLog[t.initLen:] {
		f.isInit[x] = false
	}
	f.initLog = f.initLog[:t.initLen]
}

// open begins a block whose parameters are on the stack. Inside they have the
// types of the parameters, no longer their own.
func (f *body) open(kind frameKind, ft wasm.FuncType) {
	copy(f.stack[len(f.stack)-len(ft.Params):], ft.Params)
	f.frames = append(f.frames, frame{kind: kind, ft: ft, base: len(f.stack) - len(ft.Params), initLen: len(f.initLog)})
}

// settle brings the operand stack of the current block to exactly its results.
func (f *body) settle() {
	t := f.top()
	have := f.operands()
	if t.dead && len(have) == 0 && f.intn(2) == 0 || f.matchAll(have, t.ft.Results) {
		return
	}
	for len(f.operands()) > 0 {
		f.consume()
	}
	for _, r := range t.ft.Results {
		f.produce(r, 1)
	}
}

// consume removes the uppermost operand, where it can to a place where its
// value shows.
func (f *body) consume() {
	t := f.stack[len(f.stack)-1]
	f.pop(1)
	if f.intn(4) != 0 {
		for k := range f.m.Globals {
			if g := f.m.Globals[k].Type; g.Mutable && f.info.Subtype(t, g.Type) && !f.oneIn(3) {
				f.emit(instr.Instr{Op: op.GlobalSet, X: uint32(k)})
				return
			}
		}
		for k, l := range f.locals {
			if f.info.Subtype(t, l) && !f.oneIn(3) {
				f.emit(instr.Instr{Op: op.LocalSet, X: uint32(k)})
				f.setInit(k)
				return
			}
		}
	}
	f.emit(instr.Instr{Op: op.Drop})
}

// closeArm ends the current block, or goes on to its next arm.
func (f *body) closeArm() {
	f.settle()
	t := f.top()
	f.stack = f.stack[:t.base]
	f.resetInit(t)
	switch t.kind {
	case frameIf:
		if f.matchAll(t.ft.Params, t.ft.Results) && f.intn(2) == 0 {
			break
		}
		f.emit(instr.Instr{Op: op.Else})
		f.restart(frameElse, t.ft.Params)
		return
	case frameTry:
		if f.oneIn(4) {
			f.emit(instr.Instr{Op: op.Delegate, X: uint32(f.intn(len(f.frames) - 1))})
			f.leave()
			return
		}
		if f.catchArm(t) {
			return
		}
	case frameCatch:
		if f.oneIn(3) && f.catchArm(t) {
			return
		}
	}
	f.emit(instr.Instr{Op: op.End})
	f.leave()
}

// catchArm begins a catch or catch_all arm of a legacy try; it may decline.
func (f *body) catchArm(t *frame) bool {
	if len(f.m.Tags) == 0 || f.oneIn(4) {
		if f.oneIn(4) {
			return false
		}
		f.emit(instr.Instr{Op: op.CatchAll})
		f.restart(frameCatchAll, nil)
		return true
	}
	tag := f.intn(len(f.m.Tags))
	f.emit(instr.Instr{Op: op.Catch, X: uint32(tag)})
	f.restart(frameCatch, f.m.Types[f.m.Tags[tag]].Func.Params)
	return true
}

// restart begins the next arm of the current block with the given operands.
func (f *body) restart(kind frameKind, operands []wasm.ValType) {
	t := f.top()
	t.kind, t.dead = kind, false
	f.push(operands...)
}

// leave removes the current block and pushes its results.
func (f *body) leave() {
	results := f.top().ft.Results
	f.frames = f.frames[:len(f.frames)-1]
	if len(f.frames) > 0 {
		f.push(results...)
	}
}

// weights say how often statement chooses each class, relative to the others.
var weights = [op.ClassAtomic + 1]int{
	op.ClassControl: 22, op.ClassParametric: 4, op.ClassVariable: 12, op.ClassTable: 6, op.ClassReference: 6,
	op.ClassAggregate: 10, op.ClassConst: 3, op.ClassNumeric: 20, op.ClassLoad: 6, op.ClassStore: 8,
	op.ClassMemory: 5, op.ClassVec: 9, op.ClassVecLane: 4, op.ClassVecLoad: 4, op.ClassVecStore: 3, op.ClassAtomic: 5,
}

var totalWeight = func() (sum int) {
	for _, w := range weights {
		sum += w
	}
	return sum
}()

// statement makes one instruction with whatever it needs. If several choices
// turn out to be impossible it makes none.
func (f *body) statement() {
	for range 8 {
		w, class := f.intn(totalWeight), op.ClassControl
		for w >= weights[class] {
			w -= weights[class]
			class++
		}
		if rows := f.ops[class]; len(rows) > 0 && f.instruction(rows[f.intn(len(rows))]) {
			return
		}
	}
	f.left--
}

// instruction makes an instruction of the given row; it may decline.
func (f *body) instruction(r *op.Info) bool {
	if r.Sig != "" {
		return f.plain(r)
	}
	switch r.Class {
	case op.ClassControl:
		return f.control(r)
	case op.ClassParametric, op.ClassVariable:
		return f.variable(r)
	case op.ClassTable:
		return f.tableOp(r)
	case op.ClassReference:
		return f.reference(r)
	case op.ClassAggregate:
		return f.aggregate(r)
	case op.ClassMemory:
		return f.memoryOp(r)
	}
	return false
}
