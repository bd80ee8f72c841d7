package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
)

// branchHints decodes the custom section metadata.code.branch_hint. Being a
// custom section it cannot make a module invalid: what is not in order gives no
// hints at all, and hints for other instructions than branches have no effect.
// Whoever wants to know what is wrong asks package binary.
func branchHints(m *wasm.Module) wasm.BranchHints {
	data, ok := m.Custom("metadata.code.branch_hint")
	if !ok {
		return nil
	}
	var r instr.Reader
	r.Reset(data, 0)
	var all wasm.BranchHints
	next := uint64(m.ImportCount(wasm.ExternFunc)) // functions ascend
	for n := r.U32(); n > 0 && r.Err() == nil; n-- {
		f := wasm.FuncHints{Func: wasm.FuncIdx(r.U32())}
		if uint64(f.Func) < next || uint64(f.Func) >= uint64(m.NumFuncs()) {
			return nil
		}
		next = uint64(f.Func) + 1
		after := uint64(0) // offsets ascend
		for k := r.U32(); k > 0 && r.Err() == nil; k-- {
			at, size, value := r.U32(), r.U32(), r.Byte()
			if uint64(at) < after || size != 1 || value > 1 {
				return nil
			}
			after = uint64(at) + 1
			f.Hints = append(f.Hints, wasm.BranchHint{Offset: at, Likely: value == 1})
		}
		all = append(all, f)
	}
	if r.Err() != nil || r.Len() != 0 {
		return nil
	}
	return all
}

// hint returns the branch hint of the instruction at the given offset: 0
// unlikely, 1 likely, -1 none. Offsets must ascend from call to call.
func (f *Func) hint(at wasm.Offset) int8 {
	rel := uint32(at - f.start)
	for len(f.hints) > 0 && f.hints[0].Offset < rel {
		f.hints = f.hints[1:]
	}
	if len(f.hints) == 0 || f.hints[0].Offset != rel {
		return -1
	}
	if f.hints[0].Likely {
		return 1
	}
	return 0
}
