package wamr

import (
	"errors"
	"fmt"

	"github.com/wamr-go/wamr/internal/vm"
)

// Global is a global variable of a store.
type Global struct {
	st *Store
	g  *vm.Global
}

// NewGlobal makes a global that modules can import. Its type is v's.
func (st *Store) NewGlobal(v Value, mutable bool) (*Global, error) {
	if err := st.enter(); err != nil {
		return nil, err
	}
	if v.typ == 0 {
		return nil, errors.New("wamr: a global needs a value")
	}
	g := &Global{st, vm.NewGlobal(GlobalType{Type: v.typ, Mutable: mutable}, 0, 0)}
	return g, g.set(v)
}

// Type returns the global's type.
func (g *Global) Type() GlobalType { return g.g.Type }

// Get returns the global's value.
func (g *Global) Get() Value {
	slots := [2]uint64{g.g.Lo, g.g.Hi}
	return g.st.get(slots[:], g.g.Type.Type)
}

// Set gives a mutable global a new value of its type.
func (g *Global) Set(v Value) error {
	if !g.g.Type.Mutable {
		return errors.New("wamr: the global is immutable")
	}
	return g.set(v)
}

func (g *Global) set(v Value) error {
	if err := g.st.enter(); err != nil {
		return err
	}
	var slots [2]uint64
	if err := g.st.put(slots[:], g.g.Type.Type, v); err != nil {
		return fmt.Errorf("wamr: setting a global: %w", err)
	}
	g.g.Lo, g.g.Hi = slots[0], slots[1]
	return nil
}

// Table is a table of references.
type Table struct {
	st *Store
	t  *vm.Table
}

// NewTable makes a table of nulls that modules can import.
func (st *Store) NewTable(t TableType) (*Table, error) {
	if err := st.enter(); err != nil {
		return nil, err
	}
	if !t.Elem.Nullable() {
		return nil, fmt.Errorf("wamr: a new table of %v has no initial value", t.Elem)
	}
	table, err := st.s.NewTable(t, vm.Null)
	if err != nil {
		return nil, err
	}
	return &Table{st, table}, nil
}

// NewMemory makes a memory that modules can import: those of the store, and if it
// is shared those of any other store too, each on its own goroutine. Its limits
// are in pages; a shared one must have a maximum.
func (st *Store) NewMemory(t MemoryType) (*Memory, error) {
	if err := st.enter(); err != nil {
		return nil, err
	}
	if t.PageSizeLog2 == 0 && !t.CustomPageSize {
		t.PageSizeLog2 = 16
	}
	if t.Shared && !t.HasMax {
		return nil, errors.New("wamr: a shared memory must have a maximum")
	}
	m, err := st.s.NewMemory(t)
	if err != nil {
		return nil, err
	}
	return &Memory{st, m}, nil
}

// Type returns the table's type, with its current size as the minimum.
func (t *Table) Type() TableType {
	tt := t.t.Type
	tt.Min = t.Size()
	return tt
}

// Size returns the number of elements.
func (t *Table) Size() uint64 { return uint64(len(t.t.Elems)) }

// Get returns an element.
func (t *Table) Get(i uint64) (Value, error) {
	if i >= t.Size() {
		return Value{}, &RangeError{Offset: i, Len: 1, Size: t.Size()}
	}
	if err := t.st.enter(); err != nil {
		return Value{}, err
	}
	return t.st.get([]uint64{uint64(t.t.Elems[i])}, t.t.Type.Elem), nil
}

// Set changes an element.
func (t *Table) Set(i uint64, v Value) error {
	if i >= t.Size() {
		return &RangeError{Offset: i, Len: 1, Size: t.Size()}
	}
	if err := t.st.enter(); err != nil {
		return err
	}
	r, err := t.st.ref(t.t.Type.Elem, v)
	if err != nil {
		return fmt.Errorf("wamr: setting element %d: %w", i, err)
	}
	t.t.Elems[i] = r
	return nil
}

// Grow adds n elements with the value init and returns the size before. It
// returns false where the table's maximum or the store's limit does not allow
// that many.
func (t *Table) Grow(n uint64, init Value) (previous uint64, ok bool, err error) {
	if err := t.st.enter(); err != nil {
		return 0, false, err
	}
	r, err := t.st.ref(t.t.Type.Elem, init)
	if err != nil {
		return 0, false, fmt.Errorf("wamr: growing a table: %w", err)
	}
	previous, ok = t.t.Grow(t.st.s, n, r)
	return previous, ok, nil
}

// Tag is an exception tag.
type Tag struct {
	st *Store
	t  *vm.Tag
}

// NewTag makes an exception tag for exceptions with the given parameters. Tags
// are distinct even if their types are the same.
func (st *Store) NewTag(params ...ValueType) (*Tag, error) {
	if err := st.enter(); err != nil {
		return nil, err
	}
	id, err := st.rt.types.FuncType(FuncType{Params: params})
	if err != nil {
		return nil, err
	}
	return &Tag{st, vm.NewTag(st.rt.types, id)}, nil
}

// Type returns the tag's type: the parameters of its exceptions.
func (t *Tag) Type() *FuncType { return t.t.Sig }
