package smith

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// reference makes ref.*.
func (f *body) reference(r *op.Info) bool {
	in := instr.Instr{Op: r.Code}
	switch r.Code {
	case op.RefNull:
		t := f.refType(len(f.m.Types))
		in.Heap = t.Heap()
		f.push(wasm.Ref(true, in.Heap))
	case op.RefFunc:
		if !f.has(op.FeatureBulkMemory) {
			return false
		}
		in.X = uint32(f.intn(len(f.m.Funcs)))
		f.push(f.funcRefType(int(in.X)))
	case op.RefIsNull, op.RefAsNonNull:
		have := f.operands()
		if n := len(have); n == 0 || !have[n-1].IsRef() {
			f.produce(f.refType(len(f.m.Types)), 0)
		}
		t := f.stack[len(f.stack)-1]
		f.pop(1)
		if r.Code == op.RefIsNull {
			f.push(wasm.I32)
		} else {
			f.push(wasm.Ref(false, t.Heap()))
		}
	case op.RefEq:
		f.use(wasm.EqRef, wasm.EqRef)
		f.push(wasm.I32)
	case op.RefI31:
		f.use(wasm.I32)
		f.push(wasm.Ref(false, wasm.HeapI31))
	case op.RefTest, op.RefTestNull, op.RefCast, op.RefCastNull:
		t := f.refType(len(f.m.Types))
		in.Heap = t.Heap()
		if top := f.info.Top(in.Heap); f.intn(4) == 0 {
			f.use(wasm.Ref(true, top))
		} else { // a cast that succeeds
			f.produce(wasm.Ref(r.Code == op.RefCastNull, in.Heap), 1)
			f.pop(1)
		}
		switch r.Code {
		case op.RefTest, op.RefTestNull:
			f.push(wasm.I32)
		default:
			f.push(wasm.Ref(r.Code == op.RefCastNull, in.Heap))
		}
	default:
		return false
	}
	f.emit(in)
	return true
}
