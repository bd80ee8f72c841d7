package valid

import (
	"context"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Func checks functions, one after the other. It keeps its buffers between
// them, so that checking allocates next to nothing; it is for one goroutine.
type Func struct {
	info *Info
	ctx  context.Context // nil: not cancellable
	r    instr.Reader
	in   Instr
	err  error // the first

	// What is being checked.
	index    int // in the function index space; -1: a constant expression
	ft       *wasm.FuncType
	constant bool
	globals  int // number of globals that a constant expression may name
	table    *fastTable

	stack  []wasm.ValType
	height int // of the stack at the beginning of the current frame
	ctrl   []frame
	locals localTypes
	// initialized is a set of locals that have no default value; initLog lists
	// its members in the order in which they got in.
	initialized []uint64
	initLog     []uint32

	brTables uint32       // number of br_table instructions seen
	work     int          // see charge
	needed   wasm.Feature // by the functions checked so far
	blocks   map[wasm.ValType]*wasm.FuncType
	start    wasm.Offset       // of the function's entry, from which hints count
	hints    []wasm.BranchHint // those of the function that are still ahead
}

// NewFunc returns a Func for the module of info.
func NewFunc(info *Info) *Func { return newFunc(context.Background(), info) }

func newFunc(ctx context.Context, info *Info) *Func {
	f := &Func{info: info, ctx: ctx}
	f.r.Features = info.Features
	if info.Features.Has(op.FeatureLegacyExceptions) {
		// The legacy proposal brought throw too; allowed sorts out the others.
		f.r.Features |= op.FeatureExceptions
	}
	return f
}

// Walk checks function i, an index into Info.Module.Code, and hands each of
// its reachable instructions to v, which may be nil. It returns a
// *wasm.DecodeError, *wasm.ValidationError or *wasm.LimitError, or the error
// that v returned. The visitor may have seen the beginning of a function that
// turns out to be invalid.
func (f *Func) Walk(i int, v Visitor) error {
	m := f.info.Module
	code := &m.Code[i]
	f.index = m.ImportCount(wasm.ExternFunc) + i
	f.ft = m.FuncType(wasm.FuncIdx(f.index))
	f.constant = false
	f.table = &f.info.fast
	f.start, f.hints = code.Start, f.info.hints.Of(wasm.FuncIdx(f.index))
	f.begin(code.Body, code.Offset)
	if n := len(code.Body); n > wasm.MaxFuncSize {
		return &wasm.LimitError{Name: "bytes of a function's body", Have: uint64(n), Max: wasm.MaxFuncSize}
	}
	if !f.declareLocals(code) {
		return f.err
	}
	f.pushFrame(FrameFunc, f.ft)
	return f.run(code.Body, v)
}

// begin resets f for the instructions in body.
func (f *Func) begin(body []byte, at wasm.Offset) {
	f.r.Reset(body, at)
	f.in.Offset = at
	f.in.Info = nil
	f.err = nil
	f.stack = f.stack[:0]
	f.height = 0
	f.ctrl = f.ctrl[:0]
	f.uninit(0)
}

// setErr records the first error.
func (f *Func) setErr(err error) {
	if f.err == nil {
		f.err = err
	}
}

// fail records a validation error at the current instruction.
func (f *Func) fail(msg string) {
	if f.err != nil {
		return
	}
	e := &wasm.ValidationError{Func: f.index, Offset: f.in.Offset, Msg: msg}
	if f.in.Info != nil {
		e.Op = f.in.Info.Name
	}
	f.err = e
}

// malformed records a decoding error at the given offset.
func (f *Func) malformed(at wasm.Offset, msg string) {
	section := "code section"
	if f.constant {
		section = ""
	}
	f.setErr(&wasm.DecodeError{Offset: at, Section: section, Func: f.index, Msg: msg})
}

// unreadable records the error of the reader.
func (f *Func) unreadable() {
	e := f.r.Err()
	msg := e.Msg
	if msg == "unexpected end" {
		msg = msgEnd
	}
	f.malformed(e.Offset, msg)
}

// need records that the code needs the proposals in fs, and fails if they are
// not all on.
func (f *Func) need(fs wasm.Feature, what string) bool {
	f.needed |= fs
	if missing := fs &^ f.info.Features; missing != 0 {
		f.fail(needs(what, missing))
		return false
	}
	return true
}
