package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
)

// addName appends a name to m; an empty one says that the item has none.
func addName(m *wasm.NameMap, x uint32, name string) {
	if name != "" {
		*m = append(*m, wasm.NameAssoc{Index: x, Name: name})
	}
}

// addInner appends a name of item y inside of item x. Calls come in ascending
// order.
func addInner(m *wasm.IndirectNameMap, x, y uint32, name string) {
	if name == "" {
		return
	}
	if n := len(*m); n == 0 || (*m)[n-1].Index != x {
		*m = append(*m, wasm.IndirectNameAssoc{Index: x})
	}
	addName(&(*m)[len(*m)-1].Names, y, name)
}

// optID reads an optional identifier and an optional @name annotation after
// it, and returns the name of what they stand for; empty if there is none.
func (p *parser) optID() string {
	id := p.id()
	if name, ok := p.nameAnnot(); ok {
		return name
	}
	return string(id)
}

// namesOf returns the names of the items that a keyword stands for.
func (p *parser) namesOf(w word) *wasm.NameMap {
	switch w {
	case wordFunc:
		return &p.names.Funcs
	case wordTable:
		return &p.names.Tables
	case wordMemory:
		return &p.names.Memories
	case wordGlobal:
		return &p.names.Globals
	}
	return &p.names.Tags
}

// Ids of the subsections of the name section.
const (
	nameModule = iota
	nameFuncs
	nameLocals
	nameLabels
	nameTypes
	nameTables
	nameMemories
	nameGlobals
	nameElems
	nameData
	nameFields
	nameTags
)

// encodeNames returns the contents of the name section.
func encodeNames(n *wasm.Names) []byte {
	var b []byte
	sub := func(id byte, contents []byte) {
		if contents != nil {
			b = append(instr.AppendU32(append(b, id), uint32(len(contents))), contents...)
		}
	}
	if n.HasModule {
		sub(nameModule, instr.AppendName(nil, n.Module))
	}
	sub(nameFuncs, encodeNameMap(n.Funcs))
	sub(nameLocals, encodeInner(n.Locals))
	sub(nameLabels, encodeInner(n.Labels))
	sub(nameTypes, encodeNameMap(n.Types))
	sub(nameTables, encodeNameMap(n.Tables))
	sub(nameMemories, encodeNameMap(n.Memories))
	sub(nameGlobals, encodeNameMap(n.Globals))
	sub(nameElems, encodeNameMap(n.Elems))
	sub(nameData, encodeNameMap(n.Data))
	sub(nameFields, encodeInner(n.Fields))
	sub(nameTags, encodeNameMap(n.Tags))
	return b
}

// encodeNameMap returns nil if m is empty.
func encodeNameMap(m wasm.NameMap) []byte {
	if len(m) == 0 {
		return nil
	}
	b := instr.AppendU32(nil, uint32(len(m)))
	for _, a := range m {
		b = instr.AppendName(instr.AppendU32(b, a.Index), a.Name)
	}
	return b
}

// encodeInner returns nil if m is empty.
func encodeInner(m wasm.IndirectNameMap) []byte {
	if len(m) == 0 {
		return nil
	}
	b := instr.AppendU32(nil, uint32(len(m)))
	for _, a := range m {
		b = append(instr.AppendU32(b, a.Index), encodeNameMap(a.Names)...)
	}
	return b
}

// hintSection is the name of the custom section of branch hints.
const hintSection = "metadata.code.branch_hint"

// encodeHints returns the contents of the section of branch hints.
func encodeHints(hints wasm.BranchHints) []byte {
	b := instr.AppendU32(nil, uint32(len(hints)))
	for _, f := range hints {
		b = instr.AppendU32(instr.AppendU32(b, uint32(f.Func)), uint32(len(f.Hints)))
		for _, h := range f.Hints {
			b = append(instr.AppendU32(b, h.Offset), 1, 0) // the size of a hint, the hint
			if h.Likely {
				b[len(b)-1] = 1
			}
		}
	}
	return b
}
