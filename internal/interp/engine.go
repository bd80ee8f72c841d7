package interp

import (
	"math"
	"unsafe"

	"github.com/wamr-go/wamr/internal/num"
	"github.com/wamr-go/wamr/internal/vm"
)

// Engine executes modules that Compile has prepared. It has no state of its own
// and serves any number of stores at once.
type Engine struct{}

// New returns an engine.
func New() *Engine { return &Engine{} }

// haltCode is where the outermost function of a call from Go returns to, and
// crossCode where a function returns to whose caller is of another instance.
var (
	haltCode  = [1]uint64{pack(opHalt, 0, 0, 0)}
	crossCode = [1]uint64{pack(opCrossReturn, 0, 0, 0)}
)

// driver runs the loop for a store and does what the loop leaves to it.
type driver struct {
	x *vm.Exec
	e env
	// mem and size are memory 0 of the running instance, as run wants them.
	mem  unsafe.Pointer
	size uint64
	mc   *ModuleCode
	// crossings are the calls between instances that are active, innermost
	// last.
	crossings []crossing
	// err is why the call ends, nil if by returning.
	err error
	// pc and fp are where the host function that runs was called.
	pc, fp unsafe.Pointer
}

// crossing is a call from another instance, to be gone back to.
type crossing struct {
	inst *vm.Instance
	pc   unsafe.Pointer
}

// A handler does one instruction for the loop and returns where to go on; a nil
// pc ends the call.
type handler func(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer)

// Call implements vm.Engine.
func (*Engine) Call(x *vm.Exec, f *vm.Func, slots []uint64) error {
	d, _ := x.Engine.(*driver)
	if d == nil {
		d = &driver{x: x}
		d.e.maxDepth = math.MaxInt
		if n := x.Store.Limits.CallDepth; n != 0 && n < math.MaxInt {
			d.e.maxDepth = int(n)
		}
		x.Engine = d
	}
	if x.Depth > 1 {
		return d.nested(f, slots)
	}
	d.crossings = d.crossings[:0]
	d.e.depth = 0
	return d.call(f, slots)
}

// nested is a call from a host function: the state of the calls outside it
// comes back when it ends, however it does.
func (d *driver) nested(f *vm.Func, slots []uint64) error {
	outer, caller := *d, d.x.Caller
	defer func() {
		*d = outer
		d.x.Caller = caller
		d.reload()
	}()
	return d.call(f, slots)
}

// call calls a Wasm function from Go.
func (d *driver) call(f *vm.Func, slots []uint64) error {
	x := d.x
	record := max(f.ParamSlots, f.ResultSlots)
	if x.SP+int(record)+recordSlots+freeFrame > len(x.Stack) {
		return vm.NewTrap(vm.TrapStackOverflow)
	}
	// safe: the stack has room for the frame, and is not moved while it is in
	// use.
	stack := unsafe.Pointer(unsafe.SliceData(x.Stack))
	fp := unsafe.Add(stack, x.SP*slotSize)
	frame := x.Stack[x.SP : x.SP+int(record)]
	copySlots(frame, slots[:f.ParamSlots])
	d.e.end = uintptr(stack) + uintptr(len(x.Stack))*slotSize
	d.e.limit = d.e.end - freeFrame*slotSize
	if d.e.inst != f.Inst {
		d.enter(f.Inst)
	} else {
		d.reload()
	}
	setRecord(unsafe.Add(fp, uintptr(record)*slotSize), unsafe.Pointer(&haltCode[0]), fp)
	d.err = nil
	pc := d.e.entry(uintptr(f.Index))
	for {
		pc, fp = run(x, &d.e, d.mem, d.size, pc, fp)
		op := *(*opcode)(pc)
		if op == opHalt {
			copySlots(slots, frame[:f.ResultSlots])
			return nil
		}
		if pc, fp = handlers[op](d, pc, fp); pc == nil {
			return d.err
		}
	}
}

// copySlots is copy for a few slots, without its call.
func copySlots(dst, src []uint64) {
	//lint:ignore S1001 the call of copy takes longer than an empty function
	for i, v := range src {
		dst[i] = v
	}
}

// enter makes inst the running instance.
func (d *driver) enter(inst *vm.Instance) {
	d.mc = inst.Module.Code.(*ModuleCode)
	d.e.inst = inst
	d.e.entries = unsafe.Pointer(unsafe.SliceData(d.mc.entries))
	d.e.globals = unsafe.Pointer(unsafe.SliceData(inst.Globals))
	d.e.tables = unsafe.Pointer(unsafe.SliceData(inst.Tables))
	d.e.memories = unsafe.Pointer(unsafe.SliceData(inst.Memories))
	d.reload()
}

// reload looks at memory 0 again, which may have grown.
func (d *driver) reload() {
	if d.e.inst == nil || len(d.e.inst.Memories) == 0 {
		d.mem, d.size = nil, 0
		return
	}
	m := d.e.inst.Memories[0]
	d.mem, d.size = m.Base, m.ByteSize()
}

// slots returns the n slots from slot a of the frame at fp.
func (d *driver) slots(fp unsafe.Pointer, a, n uint32) []uint64 {
	// safe: the frame is within the stack.
	return unsafe.Slice((*uint64)(unsafe.Add(fp, uintptr(a)*slotSize)), int(n))
}

// protect makes the stack up to slot a of the frame at fp, and all that its
// function may use, known to the collector and to calls from Go.
func (d *driver) protect(fp unsafe.Pointer, a uint32) {
	base := uintptr(unsafe.Pointer(unsafe.SliceData(d.x.Stack)))
	d.x.SP = int((uintptr(fp)-base)/slotSize) + int(a)
}

// crossReturnHandler returns to another instance.
func crossReturnHandler(d *driver, _, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.goBack(), fp
}

// goBack ends the innermost crossing and returns where its caller goes on.
func (d *driver) goBack() unsafe.Pointer {
	n := len(d.crossings) - 1
	c := d.crossings[n]
	d.crossings[n] = crossing{}
	d.crossings = d.crossings[:n]
	d.enter(c.inst)
	return c.pc
}

// compileHandler compiles the function that is being entered.
func compileHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	f, err := d.mc.function(int(wide(pc)))
	if err != nil {
		d.err = err
		return nil, nil
	}
	return unsafe.Pointer(&f.code[0]), fp
}

// Traps of instructions that stand for themselves.

func unreachableHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.trap(vm.TrapUnreachable, pc, fp)
}

func nullHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.trap(vm.TrapKind(uc(pc)), pc, fp)
}

func fuelHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.trap(vm.TrapFuel, pc, fp)
}

func enterHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.trap(vm.TrapStackOverflow, pc, fp)
}

// pollHandler looks at why the loop was interrupted at a branch.
func pollHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	if err := d.x.Pending(); err != nil {
		return d.fail(err, pc, fp)
	}
	return pc, fp
}

// divideHandler tells the two traps of integer division apart.
func divideHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	op := *(*opcode)(pc)
	var y uint64
	switch form := opInfos[op].form; form {
	case "dss":
		y = *rc(pc, fp)
	case "dsi":
		y = uint64(int64(imm(pc)))
	default:
		y = word1(pc)
	}
	if opInfos[op].name[:3] == "i32" {
		y = uint64(uint32(y))
	}
	if y == 0 {
		return d.trap(vm.TrapDivideByZero, pc, fp)
	}
	return d.trap(vm.TrapIntegerOverflow, pc, fp)
}

// memoryHandler is where an access goes that the loop takes for out of bounds.
// A shared memory may have grown since.
func memoryHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	if n := d.size; n > 0 || len(d.e.inst.Memories) > 0 {
		d.reload()
		if d.size > n {
			return pc, fp
		}
	}
	return d.trap(vm.TrapOutOfBoundsMemory, pc, fp)
}

// numTrap ends the call with a trap of package num.
func (d *driver) numTrap(t num.Trap, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	kind := vm.TrapIntegerOverflow
	switch t {
	case num.DivByZero:
		kind = vm.TrapDivideByZero
	case num.InvalidConversion:
		kind = vm.TrapInvalidConversion
	}
	return d.trap(kind, pc, fp)
}
