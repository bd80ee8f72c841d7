package interp

import (
	"unsafe"

	"github.com/wamr-go/wamr/internal/num"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// The handlers below have their operands, and put their results, in the slots
// from the first operand on; the second word holds two indices.

// indices are the two numbers in the second word.
func indices(pc unsafe.Pointer) (x, y uint32) {
	w := word1(pc)
	return uint32(w), uint32(w >> 32)
}

// done goes on after an instruction of two words, or fails.
func (d *driver) done(err error, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	if err != nil {
		return d.fail(err, pc, fp)
	}
	return unsafe.Add(pc, 16), fp
}

// operands are the slots of an instruction's operands.
func (d *driver) operands(pc, fp unsafe.Pointer) []uint64 {
	return d.slots(fp, uint32(ua(pc)), uint32(ub(pc)))
}

// refused is what memory.grow and table.grow return if they can't.
func refused(addr64 bool) uint64 {
	if addr64 {
		return 1<<64 - 1
	}
	return 1<<32 - 1
}

func memorySizeHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	*ra(pc, fp) = d.e.inst.Memories[x].Pages()
	return d.done(nil, pc, fp)
}

func memoryGrowHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	m := d.e.inst.Memories[x]
	p := ra(pc, fp)
	if old, ok := m.Grow(d.x.Store, *p); ok {
		*p = old
	} else {
		*p = refused(m.Type.Addr64)
	}
	d.reload()
	return d.done(nil, pc, fp)
}

func memoryFillHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	o := d.operands(pc, fp)
	return d.done(d.e.inst.Memories[x].Fill(d.x, o[0], byte(o[1]), o[2]), pc, fp)
}

func memoryCopyHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, y := indices(pc)
	o := d.operands(pc, fp)
	return d.done(d.e.inst.Memories[x].Copy(d.x, o[0], d.e.inst.Memories[y], o[1], o[2]), pc, fp)
}

func memoryInitHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, y := indices(pc)
	o := d.operands(pc, fp)
	return d.done(d.e.inst.Memories[y].Init(d.x, o[0], d.e.inst.Data[x], o[1], o[2]), pc, fp)
}

func dataDropHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	d.e.inst.Data[x] = nil
	return d.done(nil, pc, fp)
}

func tableGetHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	t, p := d.e.inst.Tables[x], ra(pc, fp)
	if *p >= uint64(len(t.Elems)) {
		return d.trap(vm.TrapOutOfBoundsTable, pc, fp)
	}
	*p = uint64(t.Elems[*p])
	return d.done(nil, pc, fp)
}

// tableFaultHandler is where an access goes whose index is out of bounds.
func tableFaultHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.trap(vm.TrapOutOfBoundsTable, pc, fp)
}

func tableSetHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	t, o := d.e.inst.Tables[x], d.operands(pc, fp)
	if o[0] >= uint64(len(t.Elems)) {
		return d.trap(vm.TrapOutOfBoundsTable, pc, fp)
	}
	t.Elems[o[0]] = vm.Ref(o[1])
	return d.done(nil, pc, fp)
}

func tableSizeHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	*ra(pc, fp) = uint64(len(d.e.inst.Tables[x].Elems))
	return d.done(nil, pc, fp)
}

func tableGrowHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	t, o := d.e.inst.Tables[x], d.operands(pc, fp)
	if old, ok := t.Grow(d.x.Store, o[1], vm.Ref(o[0])); ok {
		o[0] = old
	} else {
		o[0] = refused(t.Type.Addr64)
	}
	return d.done(nil, pc, fp)
}

func tableFillHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	o := d.operands(pc, fp)
	return d.done(d.e.inst.Tables[x].Fill(o[0], vm.Ref(o[1]), o[2]), pc, fp)
}

func tableCopyHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, y := indices(pc)
	o := d.operands(pc, fp)
	return d.done(d.e.inst.Tables[x].Copy(o[0], d.e.inst.Tables[y], o[1], o[2]), pc, fp)
}

func tableInitHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, y := indices(pc)
	o := d.operands(pc, fp)
	return d.done(d.e.inst.Tables[y].Init(o[0], d.e.inst.Elems[x], o[1], o[2]), pc, fp)
}

func elemDropHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	d.e.inst.Elems[x] = nil
	return d.done(nil, pc, fp)
}

// wideHandler does the operators with results of 128 bits.
func wideHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, _ := indices(pc)
	o := d.slots(fp, uint32(ua(pc)), max(uint32(ub(pc)), 2))
	switch op.Opcode(x) {
	case op.I64Add128:
		o[0], o[1] = num.I64Add128(o[0], o[1], o[2], o[3])
	case op.I64Sub128:
		o[0], o[1] = num.I64Sub128(o[0], o[1], o[2], o[3])
	case op.I64MulWideS:
		o[0], o[1] = num.I64MulWideS(o[0], o[1])
	case op.I64MulWideU:
		o[0], o[1] = num.I64MulWideU(o[0], o[1])
	}
	return d.done(nil, pc, fp)
}
