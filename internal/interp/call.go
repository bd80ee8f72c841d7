package interp

import (
	"errors"
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/vm"
)

// stop says why no call may be made now, as the end of the running one.
func (d *driver) interrupted() error {
	if atomic.LoadUint32(&d.x.Interrupted) == 0 {
		return nil
	}
	return d.x.Pending()
}

// callHandler is where a call goes that the loop does not make.
func callHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	if atomic.LoadUint32(&d.x.Interrupted) != 0 {
		return pollHandler(d, pc, fp)
	}
	return d.trap(vm.TrapStackOverflow, pc, fp)
}

// callImportHandler calls an imported function.
func callImportHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.invoke(d.e.inst.Imports[word1(pc)], pc, fp, unsafe.Add(pc, 16))
}

// callIndirectHandler calls what a table holds.
func callIndirectHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	i := *rc(pc, fp)
	if *(*opcode)(pc) == opCallIndirect {
		i = uint64(uint32(i))
	}
	f, kind := d.element(word1(pc), i)
	if f == nil {
		return d.trap(kind, pc, fp)
	}
	return d.invoke(f, pc, fp, unsafe.Add(pc, 16))
}

// element returns the function at index i of the table that w names, if it has
// the type that w names; else the kind of trap.
func (d *driver) element(w, i uint64) (*vm.Func, vm.TrapKind) {
	t := d.e.table(w >> 32)
	if i >= uint64(len(t.Elems)) {
		return nil, vm.TrapUndefinedElement
	}
	r := t.Elems[i]
	if r == vm.Null {
		return nil, vm.TrapUninitializedElement
	}
	s := d.x.Store
	f := s.Func(r)
	if id := vm.TypeID(uint32(w)); f.Type != id && !s.Types.IsSubtype(f.Type, id) {
		return nil, vm.TrapIndirectCallType
	}
	return f, 0
}

// callRefHandler calls a function reference.
func callRefHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	r := vm.Ref(*rc(pc, fp))
	if r == vm.Null {
		return d.trap(vm.TrapNullFunction, pc, fp)
	}
	return d.invoke(d.x.Store.Func(r), pc, fp, unsafe.Add(pc, 16))
}

// invoke calls f from the call instruction at pc, whose first operands are the
// slot of the new frame and that of its record; next is where the caller goes
// on.
func (d *driver) invoke(f *vm.Func, pc, fp, next unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	if err := d.interrupted(); err != nil {
		return d.fail(err, pc, fp)
	}
	p := unsafe.Pointer(ra(pc, fp))
	if f.Host != nil {
		if err := d.callHost(f, pc, fp, p); err != nil {
			return d.fail(err, pc, fp)
		}
		return next, fp
	}
	if uintptr(p) > d.e.limit {
		return d.trap(vm.TrapStackOverflow, pc, fp)
	}
	if f.Inst != d.e.inst {
		d.crossings = append(d.crossings, crossing{d.e.inst, next})
		d.enter(f.Inst)
		next = unsafe.Pointer(&crossCode[0])
	}
	setRecord(unsafe.Add(p, uintptr(ub(pc))*slotSize), next, fp)
	return d.e.entry(uintptr(f.Index)), p
}

// callHost calls a host function with its arguments and results at p. pc and fp
// are where the caller is, for stack traces.
func (d *driver) callHost(f *vm.Func, pc, fp, p unsafe.Pointer) error {
	x := d.x
	n := max(f.ParamSlots, f.ResultSlots)
	if uintptr(p)+uintptr(n)*slotSize > d.e.end {
		return vm.NewTrap(vm.TrapStackOverflow)
	}
	d.protect(p, n)
	if top := d.frameTop(fp); x.SP < top {
		x.SP = top
	}
	outer := x.Caller
	x.Caller, d.pc, d.fp = d.e.inst, pc, fp
	err := f.Host(x, d.slots(p, 0, n))
	x.Caller = outer
	d.reload()
	return err
}

// frameTop is the first slot of the stack that no frame without a check of its
// own reaches, whose frame is at fp.
func (d *driver) frameTop(fp unsafe.Pointer) int {
	base := uintptr(unsafe.Pointer(unsafe.SliceData(d.x.Stack)))
	return min(int((uintptr(fp)-base)/slotSize)+freeFrame, len(d.x.Stack))
}

// Tail calls. The arguments are in the slots from the first operand; the second
// is the slot of the caller's own record, which the callee takes over.

func returnCallImportHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.replace(d.e.inst.Imports[word1(pc)], pc, fp, uint32(word2(pc)))
}

func returnCallIndirectHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	i, w := *rc(pc, fp), word2(pc)
	if w>>32 == 0 { // the table's index type is i32
		i = uint64(uint32(i))
	}
	f, kind := d.element(word1(pc), i)
	if f == nil {
		return d.trap(kind, pc, fp)
	}
	return d.replace(f, pc, fp, uint32(w))
}

func returnCallRefHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	r := vm.Ref(*rc(pc, fp))
	if r == vm.Null {
		return d.trap(vm.TrapNullFunction, pc, fp)
	}
	return d.replace(d.x.Store.Func(r), pc, fp, uint32(word2(pc)))
}

// replace calls f, with n slots of arguments, in place of the running function.
func (d *driver) replace(f *vm.Func, pc, fp unsafe.Pointer, n uint32) (unsafe.Pointer, unsafe.Pointer) {
	if err := d.interrupted(); err != nil {
		return d.fail(err, pc, fp)
	}
	if f.Host != nil {
		// Its results are this function's.
		p := unsafe.Pointer(ra(pc, fp))
		if err := d.callHost(f, pc, fp, p); err != nil {
			return d.fail(err, pc, fp)
		}
		own := rb(pc, fp)
		pc, outer := recordPC(own), recordFP(own)
		copy(d.slots(fp, 0, f.ResultSlots), d.slots(p, 0, f.ResultSlots))
		return pc, outer
	}
	own := rb(pc, fp)
	next, outer := recordPC(own), recordFP(own)
	args := d.slots(unsafe.Pointer(ra(pc, fp)), 0, n)
	copy(d.slots(fp, 0, n), args)
	if f.Inst != d.e.inst {
		// A function that was called from another instance goes back there by
		// the crossing that there is, so that tail calls take no room.
		if next != unsafe.Pointer(&crossCode[0]) {
			d.crossings = append(d.crossings, crossing{d.e.inst, next})
			next = unsafe.Pointer(&crossCode[0])
		}
		d.enter(f.Inst)
	}
	record := max(f.ParamSlots, f.ResultSlots)
	setRecord(unsafe.Add(fp, uintptr(record)*slotSize), next, outer)
	return d.e.entry(uintptr(f.Index)), fp
}

// hostError makes a trap of what a host function returned.
func hostError(err error) *vm.Trap {
	var trap *vm.Trap
	if errors.As(err, &trap) {
		return trap
	}
	var kind vm.TrapKind
	if errors.As(err, &kind) {
		return vm.NewTrap(kind)
	}
	return &vm.Trap{Kind: vm.TrapHost, Cause: err}
}
