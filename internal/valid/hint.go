package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/custom"
)

// branchHints decodes the custom section metadata.code.branch_hint. Being a
// custom section it cannot make a module invalid: what is not in order gives no
// hints at all, and hints for other instructions than branches have no effect.
// Whoever wants to know what is wrong asks package custom.
func branchHints(m *wasm.Module) wasm.BranchHints {
	data, ok := m.Custom(custom.BranchHintSection)
	if !ok {
		return nil
	}
	hints, err := custom.DecodeBranchHints(data)
	if err != nil {
		return nil
	}
	return hints
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
