package valid

import (
	"context"
	"slices"

	"github.com/wamr-go/wamr/internal/wasm"
)

// frame is an entry of the control stack.
type frame struct {
	ft          *wasm.FuncType
	height      uint32 // of the operand stack at the beginning
	inits       uint32 // length of Func.initLog at the beginning
	checked     uint32 // number of the last br_table that checked this label
	kind        FrameKind
	unreachable bool // the rest of the frame cannot be reached
	hidden      bool // the frame began in unreachable code
}

// labelTypes returns the types that a branch to the frame takes.
func (fr *frame) labelTypes() []wasm.ValType {
	if fr.kind == FrameLoop {
		return fr.ft.Params
	}
	return fr.ft.Results
}

// grow makes room for n more operands.
func (f *Func) grow(n int) bool {
	need := len(f.stack) + n
	if need > wasm.MaxOperands {
		f.setErr(&wasm.LimitError{Name: "operands", Have: uint64(need), Max: wasm.MaxOperands})
		return false
	}
	c := min(max(2*cap(f.stack), need, 64), wasm.MaxOperands)
	stack := make([]wasm.ValType, len(f.stack), c)
	copy(stack, f.stack)
	f.stack = stack
	return true
}

// push pushes an operand.
func (f *Func) push(t wasm.ValType) {
	n := len(f.stack)
	if n == cap(f.stack) && !f.grow(1) {
		return
	}
	f.stack = f.stack[:n+1]
	f.stack[n] = t
}

// pop pops an operand that must match want and returns its type, which is
// Bottom where the stack is empty in unreachable code.
func (f *Func) pop(want wasm.ValType) wasm.ValType {
	n := len(f.stack)
	if n == f.height {
		if !f.unreachable() {
			f.fail(requires("instruction", []wasm.ValType{want}, nil))
		}
		return wasm.Bottom
	}
	t := f.stack[n-1]
	if t != want && !f.info.Subtype(t, want) {
		f.fail(requires("instruction", []wasm.ValType{want}, f.stack[n-1:n]))
	}
	f.stack = f.stack[:n-1]
	return t
}

// popAny pops an operand of any type.
func (f *Func) popAny() wasm.ValType {
	n := len(f.stack)
	if n == f.height {
		if !f.unreachable() {
			f.fail(msgTypeMismatch + ": instruction requires an operand but stack has []")
		}
		return wasm.Bottom
	}
	f.stack = f.stack[:n-1]
	return f.stack[:n][n-1]
}

// popRef pops a reference of any type. Where the stack is empty in unreachable
// code the result is the non-null reference to HeapBottom.
func (f *Func) popRef() wasm.ValType {
	t := f.popAny()
	if t == wasm.Bottom {
		return wasm.Ref(false, wasm.HeapBottom)
	}
	if !t.IsRef() {
		f.fail(msgTypeMismatch + ": instruction requires a reference but stack has [" + t.String() + "]")
		return wasm.Ref(false, wasm.HeapBottom)
	}
	return t
}

// popTypes pops operands that must match ts, the last first.
func (f *Func) popTypes(ts []wasm.ValType) {
	if f.peekTypes(ts) {
		f.stack = f.stack[:max(len(f.stack)-len(ts), f.height)]
	}
}

// peekTypes checks that the topmost operands match ts and leaves them.
func (f *Func) peekTypes(ts []wasm.ValType) bool {
	have := f.stack[f.height:]
	want := ts
	if len(have) >= len(ts) {
		have = have[len(have)-len(ts):]
	} else if f.unreachable() {
		want = ts[len(ts)-len(have):] // the missing operands are of any type
	} else {
		f.fail(requires("instruction", ts, have))
		return false
	}
	for k, t := range have {
		if t != want[k] && !f.info.Subtype(t, want[k]) {
			f.fail(requires("instruction", ts, have))
			return false
		}
	}
	f.charge(len(ts))
	return true
}

// pushTypes pushes operands of the types ts.
func (f *Func) pushTypes(ts []wasm.ValType) {
	n := len(f.stack)
	if cap(f.stack)-n < len(ts) && !f.grow(len(ts)) {
		return
	}
	f.stack = f.stack[:n+len(ts)]
	copy(f.stack[n:], ts)
	f.charge(len(ts))
}

// unreachable says whether the current point in the code is unreachable.
func (f *Func) unreachable() bool { return f.ctrl[len(f.ctrl)-1].unreachable }

// bottomless says whether operands of any type and number can be popped: whoever
// pops many need not, lest a few bytes of unreachable code take long.
func (f *Func) bottomless() bool { return len(f.stack) == f.height && f.unreachable() }

// setUnreachable makes the rest of the current frame unreachable.
func (f *Func) setUnreachable() {
	f.stack = f.stack[:f.height]
	f.ctrl[len(f.ctrl)-1].unreachable = true
}

// chargeStep is how much work may pass between two looks at the context.
const chargeStep = 1 << 20

// charge counts work that is not proportional to the bytes of the body, so that
// cancellation stops a function whose few bytes handle many types.
func (f *Func) charge(n int) {
	if f.work += n; f.work >= chargeStep {
		f.work = 0
		if err := context.Cause(f.ctx); err != nil {
			f.setErr(err)
		}
	}
}

// growCtrl makes room for a frame. The control stack doubles when it is full: deep
// nesting should not cost many times the memory that it ends up with.
func (f *Func) growCtrl() {
	if len(f.ctrl) == cap(f.ctrl) {
		f.ctrl = slices.Grow(f.ctrl, len(f.ctrl)+1)
	}
}

// pushFrame begins a block of type ft, whose parameters must have been popped.
func (f *Func) pushFrame(kind FrameKind, ft *wasm.FuncType) {
	hidden := false
	if n := len(f.ctrl); n > 0 {
		hidden = f.ctrl[n-1].hidden || f.ctrl[n-1].unreachable
	}
	f.growCtrl()
	f.ctrl = append(f.ctrl, frame{
		ft: ft, height: uint32(len(f.stack)), inits: uint32(len(f.initLog)), kind: kind, hidden: hidden,
	})
	f.height = len(f.stack)
	if kind != FrameFunc { // the parameters of a function are locals
		f.pushTypes(ft.Params)
	}
}

// endFrame checks that the operands at the end of the current frame, or of its
// part before an else or a catch, are exactly its results.
func (f *Func) endFrame() {
	fr := &f.ctrl[len(f.ctrl)-1]
	results := fr.ft.Results
	f.peekTypes(results)
	if have := f.stack[f.height:]; len(have) > len(results) {
		f.fail(requires("block", results, have))
	}
}

// restartFrame begins the next part of the current frame, at else or a catch.
func (f *Func) restartFrame(kind FrameKind, operands []wasm.ValType) {
	fr := &f.ctrl[len(f.ctrl)-1]
	fr.kind = kind
	fr.unreachable = false
	f.uninit(fr.inits)
	f.stack = f.stack[:f.height]
	f.pushTypes(operands)
}

// popFrame ends the current frame and pushes its results onto the operands of
// the frame around it.
func (f *Func) popFrame() {
	fr := f.ctrl[len(f.ctrl)-1]
	f.uninit(fr.inits)
	f.stack = f.stack[:f.height]
	f.ctrl = f.ctrl[:len(f.ctrl)-1]
	if n := len(f.ctrl); n > 0 {
		f.height = int(f.ctrl[n-1].height)
		f.pushTypes(fr.ft.Results)
	}
}

// label returns the frame that label x names.
func (f *Func) label(x uint32) *frame {
	if uint64(x) >= uint64(len(f.ctrl)) {
		f.fail(unknown("label", x))
		return nil
	}
	return &f.ctrl[len(f.ctrl)-1-int(x)]
}
