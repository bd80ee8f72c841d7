package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
)

// hint says how likely the branch at an offset in the module is taken.
type hint struct {
	at     wasm.Offset
	likely int8 // 0 or 1
}

// branchHints decodes the custom section metadata.code.branch_hint. Being a
// custom section it cannot make a module invalid: what does not decode gives no
// hints at all, and hints for other than branches have no effect.
func branchHints(m *wasm.Module) map[wasm.FuncIdx][]hint {
	data, ok := m.Custom("metadata.code.branch_hint")
	if !ok {
		return nil
	}
	var r instr.Reader
	r.Reset(data, 0)
	all := make(map[wasm.FuncIdx][]hint)
	imports := m.ImportCount(wasm.ExternFunc)
	next := uint64(0) // functions ascend
	for n := r.U32(); n > 0 && r.Err() == nil; n-- {
		x := r.U32()
		if uint64(x) < next || uint64(x) < uint64(imports) || uint64(x) >= uint64(m.NumFuncs()) {
			return nil
		}
		next = uint64(x) + 1
		code := &m.Code[int(x)-imports]
		after := uint64(0) // offsets ascend
		var hints []hint
		for k := r.U32(); k > 0 && r.Err() == nil; k-- {
			at := r.U32()
			size, value := r.U32(), r.Byte()
			if uint64(at) < after || size != 1 || value > 1 {
				return nil
			}
			after = uint64(at) + 1
			hints = append(hints, hint{code.Start + wasm.Offset(at), int8(value)})
		}
		all[wasm.FuncIdx(x)] = hints
	}
	if r.Err() != nil || r.Len() != 0 {
		return nil
	}
	return all
}

// hint returns the branch hint of the instruction at the given offset; -1:
// none. Offsets must ascend from call to call.
func (f *Func) hint(at wasm.Offset) int8 {
	for len(f.hints) > 0 && f.hints[0].at < at {
		f.hints = f.hints[1:]
	}
	if len(f.hints) > 0 && f.hints[0].at == at {
		return f.hints[0].likely
	}
	return -1
}
