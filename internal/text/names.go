package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
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
