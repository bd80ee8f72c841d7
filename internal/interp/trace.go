package interp

import (
	"errors"
	"sort"
	"unsafe"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// maxFrames bounds a stack trace; of deeper ones the innermost frames are kept.
const maxFrames = 100

// trap ends the call with a trap at pc.
func (d *driver) trap(kind vm.TrapKind, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.fail(vm.NewTrap(kind), pc, fp)
}

// fail ends the call with an error at pc, unless it is a Wasm exception that
// came through a host function: that is thrown on.
func (d *driver) fail(err error, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	trap := hostError(err)
	var e *vm.Exception
	if trap.Kind == vm.TrapUncaughtException && errors.As(trap.Cause, &e) && d.x.Store.IsObject(e.Ref) {
		return d.throw(e.Ref, pc, fp)
	}
	frames := trap.Frames
	if len(frames) < maxFrames {
		frames = append(frames[:len(frames):len(frames)], d.backtrace(pc, fp)...)
	}
	d.err = &vm.Trap{Kind: trap.Kind, Frames: frames, Cause: trap.Cause}
	return nil, nil
}

// walker visits the frames of a call, innermost first. It does not change the
// driver.
type walker struct {
	d      *driver
	inst   *vm.Instance
	mc     *ModuleCode
	pc, fp unsafe.Pointer
	cross  int // crossings that are still to be passed
	ups    int // frames that have been left
}

// walk starts at pc, which is in the code of the running instance.
func (d *driver) walk(pc, fp unsafe.Pointer) walker {
	return walker{d: d, inst: d.e.inst, mc: d.mc, pc: pc, fp: fp, cross: len(d.crossings)}
}

// up moves to the caller, whose pc is then within its call instruction. record
// is the slot of the record. It returns false at the outermost frame.
func (w *walker) up(record uint32) bool {
	r := (*uint64)(unsafe.Add(w.fp, uintptr(record)*slotSize))
	next := recordPC(r)
	w.fp = recordFP(r)
	if next == unsafe.Pointer(&crossCode[0]) {
		w.cross--
		c := w.d.crossings[w.cross]
		w.inst, next = c.inst, c.pc
		w.mc = w.inst.Module.Code.(*ModuleCode)
	}
	if next == unsafe.Pointer(&haltCode[0]) {
		return false
	}
	w.pc = unsafe.Add(next, -8)
	w.ups++
	return true
}

// backtrace returns the frames of the innermost call from Go.
func (d *driver) backtrace(pc, fp unsafe.Pointer) []vm.Frame {
	var frames []vm.Frame
	// Of recursive functions positions are found once, however often they are
	// on the stack.
	known := make(map[*funcCode][]position)
	for w := d.walk(pc, fp); ; {
		f, at := w.mc.find(w.pc)
		if f == nil {
			return frames
		}
		x := wasm.FuncIdx(w.mc.m.ImportCount(wasm.ExternFunc)) + wasm.FuncIdx(f.index)
		frames = append(frames, vm.Frame{Inst: w.inst, Func: x, Offset: w.mc.offset(f, at, known)})
		if len(frames) == maxFrames || !w.up(f.record) {
			return frames
		}
	}
}

// offset returns the position in the module of the instruction that the word
// at position at of f's code belongs to. Positions are not kept with the code:
// unless they are known already, the function is compiled once more.
func (mc *ModuleCode) offset(f *funcCode, at uint32, known map[*funcCode][]position) wasm.Offset {
	positions, ok := known[f]
	if !ok {
		positions = mc.positions(f)
		known[f] = positions
	}
	i := sort.Search(len(positions), func(i int) bool { return positions[i].at > at })
	if i == 0 {
		return mc.m.Module.Code[f.index].Offset
	}
	return positions[i-1].offset
}

// positions returns where the instructions of f are in the module.
func (mc *ModuleCode) positions(f *funcCode) []position {
	c := mc.newCompiler()
	defer c.release()
	c.record1 = true
	if c.compile(int(f.index)) != nil {
		return nil
	}
	_, shift := c.finish()
	positions := append([]position(nil), c.positions...)
	for i := range positions {
		positions[i].at -= min(shift, positions[i].at)
	}
	return positions
}

// Backtrace implements vm.Engine. It returns the calls since the last one from
// Go.
func (*Engine) Backtrace(x *vm.Exec) []vm.Frame {
	d, _ := x.Engine.(*driver)
	if d == nil || d.fp == nil || x.Caller == nil {
		return nil
	}
	return d.backtrace(d.pc, d.fp)
}

// throw unwinds the stack to a clause that catches the exception r, thrown at
// pc.
func (d *driver) throw(r vm.Ref, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	// A clause may branch back to a loop, so a throw is a place to stop.
	if err := d.interrupted(); err != nil {
		return d.fail(err, pc, fp)
	}
	tag, args := d.x.Store.Exception(r)
	for w := d.walk(pc, fp); ; {
		f, at := w.mc.find(w.pc)
		if cl := f.handler(at, w.inst, tag); cl != nil {
			d.crossings = d.crossings[:w.cross]
			d.e.depth -= w.ups
			if w.inst != d.e.inst {
				d.enter(w.inst)
			}
			slots := d.slots(w.fp, cl.slot, uint32(len(args))+1)
			if cl.legacy {
				slots[0] = uint64(r)
				slots = slots[1:]
			}
			if cl.tag != none {
				copy(slots, args)
				slots = slots[len(args):]
			}
			if cl.ref && !cl.legacy {
				slots[0] = uint64(r)
			}
			return unsafe.Pointer(&f.code[cl.target]), w.fp
		}
		if !w.up(f.record) {
			break
		}
	}
	e := &vm.Exception{Tag: tag, Ref: r, Args: append([]uint64(nil), args...)}
	d.err = &vm.Trap{Kind: vm.TrapUncaughtException, Frames: d.backtrace(pc, fp), Cause: e}
	return nil, nil
}

// handler returns the clause that catches an exception thrown at position at
// of the function's code; nil if none does.
func (f *funcCode) handler(at uint32, inst *vm.Instance, tag *vm.Tag) *catch {
	region := int32(none)
	for i := len(f.regions) - 1; i >= 0; i-- { // the innermost begins last
		if r := &f.regions[i]; r.start <= at && at < r.end {
			region = int32(i)
			break
		}
	}
	for ; region >= 0; region = f.regions[region].parent {
		for i := f.regions[region].first; i >= 0; i = f.catches[i].next {
			if cl := &f.catches[i]; cl.tag == none || inst.Tags[cl.tag] == tag {
				return cl
			}
		}
	}
	return nil
}

func throwHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	d.allocating(pc, fp)
	r, err := d.x.Store.NewException(d.x, d.e.inst.Tags[x], d.operands(pc, fp))
	if err != nil {
		return d.fail(err, pc, fp)
	}
	return d.throw(r, pc, fp)
}

func throwRefHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	r := vm.Ref(*ra(pc, fp))
	if r == vm.Null {
		return d.trap(vm.TrapNullException, pc, fp)
	}
	return d.throw(r, pc, fp)
}
