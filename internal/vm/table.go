package vm

import (
	"github.com/wamr-go/wamr/internal/wasm"
)

// Table is a table. It belongs to one store.
type Table struct {
	Elems []Ref
	Type  wasm.TableType // concrete heap types in it are TypeIDs; limits are the declared ones
	store *Store
}

// NewTable returns a table of its minimum size, filled with init; concrete heap
// types in t are TypeIDs. It fails with a *wasm.LimitError. References in it
// keep what they refer to alive once the table is imported by an instance.
func (s *Store) NewTable(t wasm.TableType, init Ref) (*Table, error) {
	if s.closed.Load() {
		return nil, ErrClosed
	}
	// Limits.Table may be anything, but a table's size must fit an int.
	most := min(s.Limits.Table, maxTable)
	used := s.tableElements.Load()
	if room := most - min(most, used); t.Min > room {
		return nil, &wasm.LimitError{Name: "elements of tables", Have: saturatingAdd(used, t.Min), Max: most}
	}
	s.tableElements.Add(t.Min)
	tab := &Table{Type: t, store: s}
	if t.Min > 0 {
		tab.Elems = make([]Ref, t.Min)
		if init != Null {
			fillRefs(tab.Elems, init)
		}
	}
	return tab, nil
}

// maxTable is what the elements of all tables of a store can't exceed.
const maxTable = 1 << 28

// fillRefs sets all elements to r.
func fillRefs(e []Ref, r Ref) {
	if r == Null {
		clear(e)
		return
	}
	for i := range e {
		e[i] = r
	}
}

// Grow adds delta elements with value init and returns the size before; false
// if that is more than the type or the limits of the store allow, and then
// nothing changes.
func (t *Table) Grow(s *Store, delta uint64, init Ref) (old uint64, ok bool) {
	old = uint64(len(t.Elems))
	if delta == 0 {
		return old, true
	}
	most := min(s.Limits.Table, maxTable)
	if delta > most-min(most, s.tableElements.Load()) || t.Type.HasMax && (old > t.Type.Max || delta > t.Type.Max-old) {
		return old, false
	}
	s.tableElements.Add(delta)
	size := old + delta
	if size > uint64(cap(t.Elems)) {
		// Doubling keeps many small steps linear.
		grown := make([]Ref, size, max(size, min(2*old, most)))
		copy(grown, t.Elems)
		t.Elems = grown
	} else {
		t.Elems = t.Elems[:size]
	}
	fillRefs(t.Elems[old:], init)
	return old, true
}

// tableRange returns n elements of e from at on; false if out of bounds.
func tableRange(e []Ref, at, n uint64) ([]Ref, bool) {
	if at > uint64(len(e)) || n > uint64(len(e))-at {
		return nil, false
	}
	return e[at : at+n], true
}

// Fill is table.fill: it sets the n elements at to r, or traps before it
// changes any. (Tables are small enough for bulk operations not to poll.)
func (t *Table) Fill(at uint64, r Ref, n uint64) error {
	e, ok := tableRange(t.Elems, at, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsTable)
	}
	fillRefs(e, r)
	return nil
}

// Copy is table.copy: it copies n elements of src to at, which may overlap, or
// traps before it changes any.
func (t *Table) Copy(at uint64, src *Table, from, n uint64) error {
	d, ok := tableRange(t.Elems, at, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsTable)
	}
	s, ok := tableRange(src.Elems, from, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsTable)
	}
	copy(d, s)
	return nil
}

// Init is table.init: it copies n elements of a segment to at, or traps before
// it changes any.
func (t *Table) Init(at uint64, segment []Ref, from, n uint64) error {
	d, ok := tableRange(t.Elems, at, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsTable)
	}
	s, ok := tableRange(segment, from, n)
	if !ok {
		return NewTrap(TrapOutOfBoundsTable)
	}
	copy(d, s)
	return nil
}
