package wasm

import "sort"

// FuncHints are the branch hints of one function, offsets ascending.
type FuncHints struct {
	Func  FuncIdx
	Hints []BranchHint
}

// BranchHint says how likely an if or br_if is to find a true condition.
type BranchHint struct {
	// Offset is the position of the instruction, counted in bytes from the
	// start of the function's entry in the code section, its size field
	// excluded: the instruction's Offset minus Code.Start.
	Offset uint32
	Likely bool
}

// BranchHints are the branch hints of a module, functions ascending.
// Specification: appendix "Custom Sections", "Branch Hints".
type BranchHints []FuncHints

// Of returns the hints of function x; nil if there are none.
func (h BranchHints) Of(x FuncIdx) []BranchHint {
	i := sort.Search(len(h), func(i int) bool { return h[i].Func >= x })
	if i < len(h) && h[i].Func == x {
		return h[i].Hints
	}
	return nil
}
