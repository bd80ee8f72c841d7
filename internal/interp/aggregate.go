package interp

import (
	"encoding/binary"
	"unsafe"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// The handlers of references, structures and arrays; operands are laid out as
// for those in bulk.go.

func refTestHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, y := indices(pc)
	p := ra(pc, fp)
	*p = uint64(boolean(d.x.Store.RefTest(vm.Ref(*p), y != 0, wasm.HeapType(x))))
	return d.done(nil, pc, fp)
}

func refCastHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	x, y := indices(pc)
	if !d.x.Store.RefTest(vm.Ref(*ra(pc, fp)), y != 0, wasm.HeapType(x)) {
		return d.trap(vm.TrapCastFailure, pc, fp)
	}
	return d.done(nil, pc, fp)
}

// info is the type that the instruction's first index names.
func (d *driver) info(pc unsafe.Pointer) *vm.TypeInfo {
	x, _ := indices(pc)
	return d.x.Store.Types.Info(vm.TypeID(x))
}

// allocating makes everything that the running function may still need known
// to the collector.
func (d *driver) allocating(pc, fp unsafe.Pointer) {
	d.protect(fp, uint32(ua(pc))+uint32(ub(pc)))
	d.x.SP = max(d.x.SP, d.frameTop(fp))
}

func structNewHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	t := d.info(pc)
	d.allocating(pc, fp)
	s := d.x.Store
	r, err := s.NewStruct(d.x, t)
	if err != nil {
		return d.fail(err, pc, fp)
	}
	o := d.operands(pc, fp)
	at := 0
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.Type == wasm.V128 {
			s.SetField(r, f, o[at], o[at+1])
			at += 2
			continue
		}
		s.SetField(r, f, o[at], 0)
		at++
	}
	*ra(pc, fp) = uint64(r)
	return d.done(nil, pc, fp)
}

func structNewDefaultHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	d.allocating(pc, fp)
	r, err := d.x.Store.NewStruct(d.x, d.info(pc))
	*ra(pc, fp) = uint64(r)
	return d.done(err, pc, fp)
}

// signExtend extends a packed value to 32 bits.
func signExtend(v uint64, t wasm.ValType) uint64 {
	if t == wasm.I8 {
		return uint64(uint32(int8(v)))
	}
	return uint64(uint32(int16(v)))
}

func structGetHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	_, y := indices(pc)
	p := ra(pc, fp)
	r := vm.Ref(*p)
	if r == vm.Null {
		return d.trap(vm.TrapNullStruct, pc, fp)
	}
	f := &d.info(pc).Fields[y]
	lo, hi := d.x.Store.GetField(r, f)
	if *(*opcode)(pc) == opStructGetS {
		lo = signExtend(lo, f.Type)
	}
	*p = lo
	if f.Type == wasm.V128 {
		*next(p) = hi
	}
	return d.done(nil, pc, fp)
}

func structSetHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	_, y := indices(pc)
	o := d.operands(pc, fp)
	r := vm.Ref(o[0])
	if r == vm.Null {
		return d.trap(vm.TrapNullStruct, pc, fp)
	}
	d.x.Store.SetField(r, &d.info(pc).Fields[y], o[1], high(o, 1))
	return d.done(nil, pc, fp)
}

// high is the high half of the value that begins at o[i] and ends o, 0 unless
// it is a v128.
func high(o []uint64, i int) uint64 {
	if len(o) > i+1 {
		return o[i+1]
	}
	return 0
}

func arrayNewHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	t := d.info(pc)
	o := d.operands(pc, fp)
	n := uint32(o[len(o)-1])
	d.allocating(pc, fp)
	r, err := d.x.Store.NewArray(d.x, t, n)
	if err != nil {
		return d.fail(err, pc, fp)
	}
	d.x.Store.FillArray(r, t, 0, n, o[0], high(o[:len(o)-1], 0))
	o[0] = uint64(r)
	return d.done(nil, pc, fp)
}

func arrayNewDefaultHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	d.allocating(pc, fp)
	p := ra(pc, fp)
	r, err := d.x.Store.NewArray(d.x, d.info(pc), uint32(*p))
	*p = uint64(r)
	return d.done(err, pc, fp)
}

func arrayNewFixedHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	t := d.info(pc)
	_, n := indices(pc)
	d.allocating(pc, fp)
	s := d.x.Store
	r, err := s.NewArray(d.x, t, n)
	if err != nil {
		return d.fail(err, pc, fp)
	}
	o := d.operands(pc, fp)
	for i := range n {
		if t.ElemSize == 16 {
			s.SetElem(r, t, i, o[2*i], o[2*i+1])
		} else {
			s.SetElem(r, t, i, o[i], 0)
		}
	}
	*ra(pc, fp) = uint64(r)
	return d.done(nil, pc, fp)
}

// dataRange is the data of n elements of t at an offset of a data segment;
// false if it ends before.
func (d *driver) dataRange(segment uint32, t *vm.TypeInfo, from, n uint32) ([]byte, bool) {
	b := d.e.inst.Data[segment]
	size := uint64(n) * uint64(t.ElemSize)
	if uint64(from) > uint64(len(b)) || size > uint64(len(b))-uint64(from) {
		return nil, false
	}
	return b[from : uint64(from)+size], true
}

// putData sets elements of an array from little-endian data.
func (d *driver) putData(r vm.Ref, t *vm.TypeInfo, at, n uint32, data []byte) {
	s := d.x.Store
	if !bigEndian {
		copy(s.ArrayBytes(r, t, at, n), data)
		return
	}
	for i := range n {
		b := data[i*uint32(t.ElemSize):]
		switch t.ElemSize {
		case 1:
			s.SetElem(r, t, at+i, uint64(b[0]), 0)
		case 2:
			s.SetElem(r, t, at+i, uint64(binary.LittleEndian.Uint16(b)), 0)
		case 4:
			s.SetElem(r, t, at+i, uint64(binary.LittleEndian.Uint32(b)), 0)
		case 8:
			s.SetElem(r, t, at+i, binary.LittleEndian.Uint64(b), 0)
		default:
			s.SetElem(r, t, at+i, binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]))
		}
	}
}

func arrayNewDataHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	t := d.info(pc)
	_, y := indices(pc)
	o := d.operands(pc, fp)
	n := uint32(o[1])
	data, ok := d.dataRange(y, t, uint32(o[0]), n)
	if !ok {
		return d.trap(vm.TrapOutOfBoundsMemory, pc, fp)
	}
	d.allocating(pc, fp)
	r, err := d.x.Store.NewArray(d.x, t, n)
	if err != nil {
		return d.fail(err, pc, fp)
	}
	d.putData(r, t, 0, n, data)
	o[0] = uint64(r)
	return d.done(nil, pc, fp)
}

// elemRange is n references of an element segment; false if it ends before.
func (d *driver) elemRange(segment, from, n uint32) ([]vm.Ref, bool) {
	e := d.e.inst.Elems[segment]
	if uint64(from)+uint64(n) > uint64(len(e)) {
		return nil, false
	}
	return e[from : from+n], true
}

func arrayNewElemHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	t := d.info(pc)
	_, y := indices(pc)
	o := d.operands(pc, fp)
	refs, ok := d.elemRange(y, uint32(o[0]), uint32(o[1]))
	if !ok {
		return d.trap(vm.TrapOutOfBoundsTable, pc, fp)
	}
	d.allocating(pc, fp)
	r, err := d.x.Store.NewArray(d.x, t, uint32(len(refs)))
	if err != nil {
		return d.fail(err, pc, fp)
	}
	for i, e := range refs {
		d.x.Store.SetElem(r, t, uint32(i), uint64(e), 0)
	}
	o[0] = uint64(r)
	return d.done(nil, pc, fp)
}

// arrayAt says why n elements from at of the array r can't be accessed; 0 if
// they can.
func (d *driver) arrayAt(r vm.Ref, at, n uint32) vm.TrapKind {
	if r == vm.Null {
		return vm.TrapNullArray
	}
	if uint64(at)+uint64(n) > uint64(d.x.Store.ArrayLen(r)) {
		return vm.TrapOutOfBoundsArray
	}
	return 0
}

// nullStructHandler is where an access goes whose structure is null.
func nullStructHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	return d.trap(vm.TrapNullStruct, pc, fp)
}

// arrayFaultHandler is where an access goes whose array, the second operand,
// is null or too short.
func arrayFaultHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	if uint32(*rb(pc, fp)) == 0 {
		return d.trap(vm.TrapNullArray, pc, fp)
	}
	return d.trap(vm.TrapOutOfBoundsArray, pc, fp)
}

// arrayGetHandler and arraySetHandler access arrays of vectors.
func arrayGetHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	o := d.operands(pc, fp)
	r, i := vm.Ref(o[0]), uint32(o[1])
	if kind := d.arrayAt(r, i, 1); kind != 0 {
		return d.trap(kind, pc, fp)
	}
	o[0], o[1] = d.x.Store.Elem(r, d.info(pc), i)
	return d.done(nil, pc, fp)
}

func arraySetHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	o := d.operands(pc, fp)
	r, i := vm.Ref(o[0]), uint32(o[1])
	if kind := d.arrayAt(r, i, 1); kind != 0 {
		return d.trap(kind, pc, fp)
	}
	d.x.Store.SetElem(r, d.info(pc), i, o[2], high(o, 2))
	return d.done(nil, pc, fp)
}

func arrayFillHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	o := d.operands(pc, fp)
	last := len(o) - 1
	r, at, n := vm.Ref(o[0]), uint32(o[1]), uint32(o[last])
	if kind := d.arrayAt(r, at, n); kind != 0 {
		return d.trap(kind, pc, fp)
	}
	d.x.Store.FillArray(r, d.info(pc), at, n, o[2], high(o[:last], 2))
	return d.done(nil, pc, fp)
}

func arrayCopyHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	_, y := indices(pc)
	o := d.operands(pc, fp)
	to, at, from, start, n := vm.Ref(o[0]), uint32(o[1]), vm.Ref(o[2]), uint32(o[3]), uint32(o[4])
	s := d.x.Store
	switch {
	case to == vm.Null || from == vm.Null:
		return d.trap(vm.TrapNullArray, pc, fp)
	case d.arrayAt(to, at, n) != 0 || d.arrayAt(from, start, n) != 0:
		return d.trap(vm.TrapOutOfBoundsArray, pc, fp)
	}
	copy(s.ArrayBytes(to, d.info(pc), at, n), s.ArrayBytes(from, s.Types.Info(vm.TypeID(y)), start, n))
	return d.done(nil, pc, fp)
}

func arrayInitDataHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	t := d.info(pc)
	_, y := indices(pc)
	o := d.operands(pc, fp)
	r, at, n := vm.Ref(o[0]), uint32(o[1]), uint32(o[3])
	if kind := d.arrayAt(r, at, n); kind != 0 {
		return d.trap(kind, pc, fp)
	}
	data, ok := d.dataRange(y, t, uint32(o[2]), n)
	if !ok {
		return d.trap(vm.TrapOutOfBoundsMemory, pc, fp)
	}
	d.putData(r, t, at, n, data)
	return d.done(nil, pc, fp)
}

func arrayInitElemHandler(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {
	t := d.info(pc)
	_, y := indices(pc)
	o := d.operands(pc, fp)
	r, at, n := vm.Ref(o[0]), uint32(o[1]), uint32(o[3])
	if kind := d.arrayAt(r, at, n); kind != 0 {
		return d.trap(kind, pc, fp)
	}
	refs, ok := d.elemRange(y, uint32(o[2]), n)
	if !ok {
		return d.trap(vm.TrapOutOfBoundsTable, pc, fp)
	}
	for i, e := range refs {
		d.x.Store.SetElem(r, t, at+uint32(i), uint64(e), 0)
	}
	return d.done(nil, pc, fp)
}
