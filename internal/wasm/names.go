package wasm

import "sort"

// Names is the content of the name section: names that the parts of a module
// had in its source, for diagnostics. They need not be unique or unambiguous.
// Specification: appendix "Custom Sections", "Name Section".
type Names struct {
	Module    string // meaningful only if HasModule
	HasModule bool
	Funcs     NameMap
	Locals    IndirectNameMap // by function
	Labels    IndirectNameMap // by function; labels count in order of their blocks
	Types     NameMap
	Tables    NameMap
	Memories  NameMap
	Globals   NameMap
	Elems     NameMap
	Data      NameMap
	Fields    IndirectNameMap // by type
	Tags      NameMap
}

// Empty says whether there is no name at all.
func (n *Names) Empty() bool {
	for _, m := range []NameMap{n.Funcs, n.Types, n.Tables, n.Memories, n.Globals, n.Elems, n.Data, n.Tags} {
		if len(m) > 0 {
			return false
		}
	}
	return !n.HasModule && len(n.Locals) == 0 && len(n.Labels) == 0 && len(n.Fields) == 0
}

// NameAssoc gives the item with the given index a name.
type NameAssoc struct {
	Index uint32
	Name  string
}

// NameMap gives names to items of one index space, indices ascending.
type NameMap []NameAssoc

// Lookup returns the name of the item with index x, if it has one.
func (m NameMap) Lookup(x uint32) (string, bool) {
	i := sort.Search(len(m), func(i int) bool { return m[i].Index >= x })
	if i < len(m) && m[i].Index == x {
		return m[i].Name, true
	}
	return "", false
}

// IndirectNameAssoc holds the names of the items that belong to the item with
// the given index, such as the locals of a function.
type IndirectNameAssoc struct {
	Index uint32
	Names NameMap
}

// IndirectNameMap gives names to items of an index space that is inside the
// items of another, outer indices ascending.
type IndirectNameMap []IndirectNameAssoc

// Of returns the names inside the item with index x; nil if there are none.
func (m IndirectNameMap) Of(x uint32) NameMap {
	i := sort.Search(len(m), func(i int) bool { return m[i].Index >= x })
	if i < len(m) && m[i].Index == x {
		return m[i].Names
	}
	return nil
}

// Lookup returns the name of item y inside the item with index x, if it has
// one.
func (m IndirectNameMap) Lookup(x, y uint32) (string, bool) { return m.Of(x).Lookup(y) }
