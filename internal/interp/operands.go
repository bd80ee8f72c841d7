package interp

import (
	"math"
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/num"
	"github.com/wamr-go/wamr/internal/vm"
)

// The functions below read an instruction at pc and slots of the frame at fp.
// Each is small enough to be inlined even in the dispatch loop, where the
// compiler inlines next to nothing. (The generator writes some of them out
// there; see gen/spec.go, which has more of their kind.)

// ra, rb and rc are the slots that the first, second and third operand name;
// r1 is the one that the second word names.
func ra(pc, fp unsafe.Pointer) *uint64 {
	return (*uint64)(unsafe.Add(fp, uintptr(*(*uint16)(unsafe.Add(pc, 2)))*8))
}

func rb(pc, fp unsafe.Pointer) *uint64 {
	return (*uint64)(unsafe.Add(fp, uintptr(*(*uint16)(unsafe.Add(pc, 4)))*8))
}

func rc(pc, fp unsafe.Pointer) *uint64 {
	return (*uint64)(unsafe.Add(fp, uintptr(*(*uint16)(unsafe.Add(pc, 6)))*8))
}

func r1(pc, fp unsafe.Pointer) *uint64 {
	return (*uint64)(unsafe.Add(fp, uintptr(*(*uint64)(unsafe.Add(pc, 8)))*8))
}

// next is the slot after p.
func next(p *uint64) *uint64 { return (*uint64)(unsafe.Add(unsafe.Pointer(p), 8)) }

// ua, ub and uc are the operands themselves.
func ua(pc unsafe.Pointer) uint16 { return *(*uint16)(unsafe.Add(pc, 2)) }
func ub(pc unsafe.Pointer) uint16 { return *(*uint16)(unsafe.Add(pc, 4)) }
func uc(pc unsafe.Pointer) uint16 { return *(*uint16)(unsafe.Add(pc, 6)) }

// imm is the third operand as a signed number.
func imm(pc unsafe.Pointer) int16 { return *(*int16)(unsafe.Add(pc, 6)) }

// wide is the 32-bit operand in place of the second and third.
func wide(pc unsafe.Pointer) uint32 { return *(*uint32)(unsafe.Add(pc, 4)) }

// word1 and word2 are the words after the first.
func word1(pc unsafe.Pointer) uint64 { return *(*uint64)(unsafe.Add(pc, 8)) }
func word2(pc unsafe.Pointer) uint64 { return *(*uint64)(unsafe.Add(pc, 16)) }

// f64at and f32of are halves and lanes of vectors as floats.
func f64at(p *uint64) float64 { return *(*float64)(unsafe.Pointer(p)) }
func f32of(v uint64) float32  { return math.Float32frombits(uint32(v)) }

// putF64 and putF32 store the result of an arithmetic operator.
func putF64(p *uint64, v float64) {
	if !machineNaN && v != v {
		v = math.Float64frombits(0x7ff8000000000000)
	}
	*(*float64)(unsafe.Pointer(p)) = v
}

func putF32(p *uint64, v float32) {
	if !machineNaN && v != v {
		v = math.Float32frombits(0x7fc00000)
	}
	*p = uint64(math.Float32bits(v))
}

// vec and setVec access the two slots from p as a vector.
func vec(p *uint64) num.V128 { return num.V128{Lo: *p, Hi: *next(p)} }

func setVec(p *uint64, v num.V128) {
	*p = v.Lo
	*next(p) = v.Hi
}

// A record is what a call keeps of its caller: two slots after the arguments
// (or results, if they take more), the address to return to and the caller's
// frame. They are addresses as numbers: the code and the stack are kept alive
// by the module and the Exec.
func setRecord(p, pc, fp unsafe.Pointer) {
	*(*uint64)(p) = uint64(uintptr(pc))
	*(*uint64)(unsafe.Add(p, 8)) = uint64(uintptr(fp))
}

func recordPC(p *uint64) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(p), lowPtr))
}

func recordFP(p *uint64) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(p), 8+lowPtr))
}

// storeFunc is the function that r refers to; nil if it is null, or if the
// store has not made it yet.
func storeFunc(x *vm.Exec, r vm.Ref) *vm.Func {
	return *(**vm.Func)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(x.Store.Funcs)), uintptr(r)*ptrSize))
}

const (
	ptrSize  = unsafe.Sizeof(uintptr(0))
	slotSize = 8
)

// env is what the loop needs of the running instance. It is filled on entry
// and whenever another instance goes on.
type env struct {
	entries  unsafe.Pointer // of the module's functions: array of code addresses
	globals  unsafe.Pointer // array of *vm.Global
	tables   unsafe.Pointer // array of *vm.Table
	memories unsafe.Pointer // array of *vm.Memory
	inst     *vm.Instance
	limit    uintptr // highest address of a new frame
	end      uintptr // end of the stack
	// depth counts the calls of metered functions that are active.
	depth, maxDepth int
}

// entry returns the code of a function, which another goroutine may be
// compiling for the first time. The load is an ordinary one on amd64.
func (e *env) entry(i uintptr) unsafe.Pointer {
	return atomic.LoadPointer((*unsafe.Pointer)(unsafe.Add(e.entries, i*ptrSize)))
}

func (e *env) global(pc unsafe.Pointer) *vm.Global {
	return *(**vm.Global)(unsafe.Add(e.globals, uintptr(wide(pc))*ptrSize))
}

func (e *env) globalAt(i uintptr) *vm.Global {
	return *(**vm.Global)(unsafe.Add(e.globals, i*ptrSize))
}

func (e *env) table(i uint64) *vm.Table {
	return *(**vm.Table)(unsafe.Add(e.tables, uintptr(i)*ptrSize))
}

func (e *env) memory(pc unsafe.Pointer) *vm.Memory {
	return *(**vm.Memory)(unsafe.Add(e.memories, uintptr(uc(pc))*ptrSize))
}
