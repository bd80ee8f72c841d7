package vm

import (
	"context"
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
)

// Instantiate makes an instance of m in s. imports are in the order of the
// module's imports. Everything in imports belongs to s, except host functions
// without a store, shared memories, and globals of number and vector types. The
// start function runs with ctx.
//
// It fails with a *LinkError, a *wasm.LimitError, ErrClosed, or a *Trap of an
// active segment, a constant expression or the start function; effects of what
// came before a trap remain. Specification: section "Instantiation".
func Instantiate(ctx context.Context, s *Store, m *Module, imports []Extern) (*Instance, error) {
	i, err := s.instantiate(m, imports)
	if err != nil {
		return nil, err
	}
	if m.HasStart {
		if err := i.start(ctx); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// instantiate does all but the start function. It excludes Close.
func (s *Store) instantiate(m *Module, imports []Extern) (*Instance, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		return nil, ErrClosed
	}
	if s.Types != m.types {
		return nil, fmt.Errorf("vm: module and store are of different runtimes")
	}
	if err := s.checkImports(m, imports); err != nil {
		return nil, err
	}
	if err := s.checkRoom(m); err != nil {
		return nil, err
	}
	i, err := s.allocate(m, imports)
	if err != nil {
		return nil, err
	}
	if err := i.initialize(); err != nil {
		return nil, i.fail(err)
	}
	if err := i.initElems(); err != nil {
		return nil, i.fail(err)
	}
	if err := i.initData(); err != nil {
		return nil, err
	}
	return i, nil
}

// fail makes sure that, where instantiation ends before data segments are
// copied, no memory shows them because its slot had the image mapped already.
// (What is in tables by now may still look at the memory.)
func (i *Instance) fail(err error) error {
	for _, m := range i.Memories {
		if m.slot != nil && m.store == i.Store && m.slot.img != nil && !m.slot.unmap() {
			m.forget(i.Store)
		}
	}
	return err
}

// checkImports checks all imports, so that the error names all that are wrong.
func (s *Store) checkImports(m *Module, imports []Extern) error {
	var bad []ImportError
	for i := range m.Imports {
		var x Extern
		if i < len(imports) {
			x = imports[i]
		}
		if err := CheckImport(m, i, &x); err != nil {
			bad = append(bad, *err)
		} else if !s.has(&x) {
			imp := &m.Imports[i]
			bad = append(bad, ImportError{Module: imp.Module, Name: imp.Name, Kind: imp.Kind, Msg: msgIncompatibleImport,
				Detail: "it belongs to another store"})
		}
	}
	if bad != nil {
		return &LinkError{Imports: bad}
	}
	return nil
}

// has says whether x may be used in s.
func (s *Store) has(x *Extern) bool {
	switch x.Kind {
	case wasm.ExternFunc:
		return x.Func.Inst == nil || x.Func.Inst.Store == s
	case wasm.ExternTable:
		return x.Table.store == s
	case wasm.ExternMemory:
		return x.Memory.shared != nil || x.Memory.store == s
	case wasm.ExternGlobal:
		return x.Global.store == nil || x.Global.store == s
	case wasm.ExternTag:
		return x.Tag.store == nil || x.Tag.store == s
	}
	return false
}

// checkRoom checks the limits before anything is allocated.
func (s *Store) checkRoom(m *Module) error {
	if n := uint64(len(s.instances)) + 1; n > s.Limits.Instances {
		return &wasm.LimitError{Name: "instances", Have: n, Max: s.Limits.Instances}
	}
	usedBytes, usedElems := s.memoryBytes.Load(), s.tableElements.Load()
	bytes, elems := usedBytes, usedElems
	for i := range m.Memories {
		t := &m.Memories[i]
		bytes = saturatingAdd(bytes, pagesToBytes(t, t.Min))
	}
	if most := min(s.Limits.Memory, maxMemory); bytes > most && bytes > usedBytes {
		return &wasm.LimitError{Name: "bytes of memory", Have: bytes, Max: most}
	}
	for i := range m.Tables {
		elems = saturatingAdd(elems, m.Tables[i].Type.Min)
	}
	if most := min(s.Limits.Table, maxTable); elems > most && elems > usedElems {
		return &wasm.LimitError{Name: "elements of tables", Have: elems, Max: most}
	}
	return nil
}

// allocate makes the instance with everything in it, without contents. From
// then on it is part of the store.
func (s *Store) allocate(m *Module, imports []Extern) (*Instance, error) {
	i := &Instance{Store: s, Module: m}
	if n := m.ImportCount(wasm.ExternFunc); n > 0 {
		i.Imports = make([]*Func, 0, n)
	}
	if n := m.NumMemories(); n > 0 {
		i.Memories = make([]*Memory, 0, n)
	}
	if n := m.NumTables(); n > 0 {
		i.Tables = make([]*Table, 0, n)
	}
	if n := m.NumGlobals(); n > 0 {
		i.Globals = make([]*Global, 0, n)
	}
	if n := m.NumTags(); n > 0 {
		i.Tags = make([]*Tag, 0, n)
	}
	for x := range m.Imports {
		switch imp := &imports[x]; imp.Kind {
		case wasm.ExternFunc:
			i.Imports = append(i.Imports, imp.Func)
		case wasm.ExternTable:
			i.Tables = append(i.Tables, imp.Table)
		case wasm.ExternMemory:
			i.Memories = append(i.Memories, imp.Memory)
			if imp.Memory.shared != nil {
				s.ownShared(imp.Memory)
			}
		case wasm.ExternGlobal:
			i.Globals = append(i.Globals, imp.Global)
			if imp.Global.Type.Type.IsRef() {
				imp.Global.store = s
			}
		case wasm.ExternTag:
			i.Tags = append(i.Tags, imp.Tag)
			imp.Tag.store = s
		}
	}
	var err error
	if i.FuncBase, err = s.reserveFuncs(m.NumFuncs()); err != nil {
		return nil, err
	}
	copy(s.Funcs[i.FuncBase:], i.Imports)
	for _, t := range m.Tags {
		tag := NewTag(s.Types, m.TypeIDs[t])
		tag.store = s
		i.Tags = append(i.Tags, tag)
	}
	img := m.resources.image.get(m)
	for x := range m.Memories {
		mem, err := s.newMemory(m.Memories[x], img)
		if err != nil {
			return nil, err
		}
		i.Memories = append(i.Memories, mem)
		img = nil // belongs to the first
	}
	s.instances = append(s.instances, i)
	return i, nil
}

// initialize evaluates the globals, makes the tables and prepares the segments.
func (i *Instance) initialize() error {
	s, m := i.Store, i.Module
	globals := make([]Global, len(m.Globals))
	for x := range m.Globals {
		g := &globals[x]
		t := m.Globals[x].Type
		g.Type = wasm.GlobalType{Type: m.canonical(t.Type), Mutable: t.Mutable}
		lo, hi, err := i.evaluate(&m.globalInit[x])
		if err != nil {
			return err
		}
		g.Lo, g.Hi = lo, hi
		if t.Type.IsRef() {
			g.store = s
		}
		i.Globals = append(i.Globals, g)
	}
	for x := range m.Tables {
		t := m.Tables[x].Type
		t.Elem = m.canonical(t.Elem)
		init, _, err := i.evaluate(&m.tableInit[x])
		if err != nil {
			return err
		}
		tab, err := s.NewTable(t, Ref(init))
		if err != nil {
			return err
		}
		i.Tables = append(i.Tables, tab)
	}
	if m.hasBulkData && len(m.Data) > 0 {
		i.Data = make([][]byte, len(m.Data))
		for x := range m.Data {
			if d := &m.Data[x]; d.Mode == wasm.Passive {
				i.Data[x] = d.Init
			}
		}
	}
	if len(m.Elems) > 0 {
		i.Elems = make([][]Ref, len(m.Elems))
	}
	for x := range m.Elems {
		e := &m.Elems[x]
		// Active segments of functions go to their table directly; nothing
		// can come between.
		if e.Mode == wasm.Declarative || e.Mode == wasm.Active && e.Funcs != nil {
			continue
		}
		refs := make([]Ref, e.Len())
		i.Elems[x] = refs
		if err := i.elements(x, refs); err != nil {
			return err
		}
	}
	return nil
}

// elements puts the elements of segment x into refs.
func (i *Instance) elements(x int, refs []Ref) error {
	for j, f := range i.Module.Elems[x].Funcs {
		refs[j] = i.FuncBase + Ref(f)
	}
	cs := i.Module.elems[x]
	for j := range cs {
		v, _, err := i.evaluate(&cs[j])
		if err != nil {
			return err
		}
		refs[j] = Ref(v)
	}
	return nil
}

// initElems copies the active element segments to their tables.
func (i *Instance) initElems() error {
	for x := range i.Module.Elems {
		e := &i.Module.Elems[x]
		if e.Mode != wasm.Active {
			continue
		}
		at, _, err := i.evaluate(&i.Module.elemAt[x])
		if err != nil {
			return err
		}
		d, ok := tableRange(i.Tables[e.Table].Elems, at, uint64(e.Len()))
		if !ok {
			return NewTrap(TrapOutOfBoundsTable)
		}
		if e.Funcs != nil {
			_ = i.elements(x, d) // functions can't fail
		} else {
			copy(d, i.Elems[x])
			i.Elems[x] = nil
		}
	}
	return nil
}

// initData copies the active data segments to their memories, or maps the
// image that has them all.
func (i *Instance) initData() error {
	m := i.Module
	if i.mapImage() {
		return nil
	}
	for x := range m.Data {
		d := &m.Data[x]
		if d.Mode != wasm.Active {
			continue
		}
		at, _, err := i.evaluate(&m.dataAt[x])
		if err != nil {
			return err
		}
		b, ok := i.Memories[d.Mem].View(at, uint64(len(d.Init)))
		if !ok {
			return NewTrap(TrapOutOfBoundsMemory)
		}
		copy(b, d.Init)
	}
	return nil
}

// mapImage maps the module's image into memory 0, if it has one and the memory
// can take it.
func (i *Instance) mapImage() bool {
	img := i.Module.resources.image.get(i.Module)
	if img == nil {
		return false
	}
	s := i.Memories[0].slot
	return s != nil && s.mapImage(img)
}

// start calls the start function.
func (i *Instance) start(ctx context.Context) error {
	f := i.Func(i.Module.Start)
	return i.Store.Exec.call(ctx, f, nil, i)
}
