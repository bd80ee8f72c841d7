package custom

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// BranchHintSection is the name of the custom section with branch hints. It
// comes before the code section.
const BranchHintSection = "metadata.code.branch_hint"

// DecodeBranchHints reads the content of a branch hint section. It checks the
// format only; CheckBranchHints compares with the module. The error is a
// *wasm.DecodeError whose offset counts from the start of the content. As with
// all custom sections, callers that run modules ignore it.
func DecodeBranchHints(content []byte) (wasm.BranchHints, error) {
	var r instr.Reader
	r.Reset(content, 0)
	n := vecLen(&r)
	hints := make(wasm.BranchHints, 0, min(n, r.Len()/2+1))
	for i := 0; i < n && r.Err() == nil; i++ {
		at := r.Offset()
		f := wasm.FuncHints{Func: wasm.FuncIdx(r.U32())}
		if i > 0 && r.Err() == nil && hints[i-1].Func >= f.Func {
			r.Fail(at, msgHintOrder)
		}
		f.Hints = funcHints(&r)
		hints = append(hints, f)
	}
	if r.Len() > 0 {
		r.Fail(r.Offset(), msgSectionSize)
	}
	if err := r.Err(); err != nil {
		err.Section = "branch hint section"
		return nil, err
	}
	return hints, nil
}

func funcHints(r *instr.Reader) []wasm.BranchHint {
	n := vecLen(r)
	hints := make([]wasm.BranchHint, 0, min(n, r.Len()/3+1))
	for i := 0; i < n && r.Err() == nil; i++ {
		at := r.Offset()
		h := wasm.BranchHint{Offset: r.U32()}
		if i > 0 && r.Err() == nil && hints[i-1].Offset >= h.Offset {
			r.Fail(at, msgHintOrder)
		}
		sizeAt := r.Offset()
		if r.U32() != 1 {
			r.Fail(sizeAt, msgHintSize)
		}
		valueAt := r.Offset()
		v := r.Byte()
		if v > 1 {
			r.Fail(valueAt, msgHintValue)
		}
		h.Likely = v == 1
		hints = append(hints, h)
	}
	return hints
}

// vecLen reads the length of a vector whose items take at least a byte each.
func vecLen(r *instr.Reader) int {
	at := r.Offset()
	n := r.U32()
	if uint64(n) > uint64(r.Len()) {
		r.Fail(at, msgEnd)
		return 0
	}
	return int(n)
}

// AppendBranchHints appends the content of a branch hint section to b.
func AppendBranchHints(b []byte, hints wasm.BranchHints) []byte {
	b = instr.AppendU32(b, uint32(len(hints)))
	for _, f := range hints {
		b = instr.AppendU32(b, uint32(f.Func))
		b = instr.AppendU32(b, uint32(len(f.Hints)))
		for _, h := range f.Hints {
			b = instr.AppendU32(b, h.Offset)
			v := byte(0)
			if h.Likely {
				v = 1
			}
			b = append(b, 1, v) // size, value
		}
	}
	return b
}

// BranchHints reads and checks the branch hints of a decoded module; nil if it
// has none. The error is a *wasm.DecodeError or *wasm.ValidationError and
// doesn't make the module invalid. The code sections' instructions must be
// well-formed given the features.
func BranchHints(m *wasm.Module, features wasm.Feature) (wasm.BranchHints, error) {
	found := -1
	for i := range m.Customs {
		if m.Customs[i].Name != BranchHintSection {
			continue
		}
		if found >= 0 {
			return nil, &wasm.DecodeError{Offset: m.Customs[i].Offset, Func: -1, Msg: msgDuplicateSection}
		}
		found = i
	}
	if found < 0 {
		return nil, nil
	}
	c := &m.Customs[found]
	if c.After == wasm.SectionCode || c.After == wasm.SectionData {
		return nil, &wasm.DecodeError{Offset: c.Offset, Func: -1, Msg: msgHintPlace}
	}
	hints, err := DecodeBranchHints(c.Data)
	if err != nil {
		return nil, err
	}
	if err := CheckBranchHints(m, features, hints); err != nil {
		return nil, err
	}
	return hints, nil
}

// CheckBranchHints checks that each hint is at an if or br_if of a function
// that m defines. The error is a *wasm.ValidationError, or a *wasm.DecodeError
// if a body is malformed. It reads the bodies of functions with hints only.
func CheckBranchHints(m *wasm.Module, features wasm.Feature, hints wasm.BranchHints) error {
	r := instr.Reader{Features: features}
	var in instr.Instr
	imported := m.ImportCount(wasm.ExternFunc)
	for _, f := range hints {
		x := int64(f.Func) - int64(imported)
		if x < 0 || x >= int64(len(m.Code)) {
			return &wasm.ValidationError{Func: int(f.Func), Msg: msgHintFunc}
		}
		c := &m.Code[x]
		r.Reset(c.Body, c.Offset)
		for _, h := range f.Hints {
			want := uint64(c.Start) + uint64(h.Offset)
			for uint64(r.Offset()) < want && r.Len() > 0 && r.Instr(&in) {
			}
			at := r.Offset()
			if r.Err() == nil && uint64(at) == want && r.Len() > 0 && r.Instr(&in) &&
				(in.Op == op.If || in.Op == op.BrIf) {
				continue
			}
			if err := r.Err(); err != nil {
				err.Func = int(f.Func)
				return err
			}
			return &wasm.ValidationError{Func: int(f.Func), Offset: c.Start + wasm.Offset(h.Offset), Msg: msgHintTarget}
		}
	}
	return nil
}
