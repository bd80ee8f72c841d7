package vm

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/canon"
)

// TypeInfo describes a canonical type. It is immutable.
type TypeInfo struct {
	ID   TypeID
	Kind wasm.CompKind
	// Func is set for function types; concrete heap types in it are TypeIDs.
	Func *wasm.FuncType
	// Fields are those of a struct; an array has one, with offset ArrayData.
	Fields []Field
	// Size is the size of a struct, or of an exception whose tag has this
	// function type, in bytes: a multiple of 8, header included.
	Size uint32
	// ElemSize is the size of an array's element in bytes: 1, 2, 4, 8 or 16.
	ElemSize uint8
	Final    bool
	// Supers are the type's supertypes from the root to the type itself.
	Supers []TypeID
	// Depth is the number of proper supertypes: len(Supers)-1.
	Depth int

	// refs are the offsets of those references in a struct or exception that
	// keep objects alive. elemRef says that an array's elements do.
	refs    []uint32
	elemRef bool
	group   *typeGroup
}

// Field describes a field of a struct or the elements of an array.
type Field struct {
	Type    wasm.ValType // concrete heap types in it are TypeIDs; may be packed
	Offset  uint32       // from the object's start, header included
	Size    uint8        // 1, 2, 4, 8 or 16; references take 4
	Mutable bool
}

// Types is a registry of canonical types and whatever else the stores of one
// runtime share: pools of address space and stacks, and the goroutine that
// watches contexts. It is safe for concurrent use.
type Types struct {
	// infos is indexed by TypeID. Readers hold an id, so its entry is
	// complete and stays; the slice is replaced when it grows.
	infos atomic.Pointer[[]*TypeInfo]

	mu     sync.Mutex // guards what follows, and all typeGroups
	groups map[string]*typeGroup
	free   []TypeID
	serial uint64 // of the last registration
	key    []byte // scratch

	watch watcher
	pools *pools
}

// maxScratch is how large a buffer is kept for the next module, in bytes.
const maxScratch = 64 << 10

// maxTypeIDs keeps TypeIDs in the range of concrete heap types.
const maxTypeIDs = 1 << 23

// typeGroup is a canonical recursion group.
type typeGroup struct {
	key    string
	ids    []TypeID
	refs   int          // modules, and groups that refer to it
	deps   []*typeGroup // groups that it refers to, each once
	serial uint64       // registration that last saw it as a dependency
}

// NewTypes returns an empty registry. Close it when its runtime ends.
func NewTypes() *Types {
	t := &Types{groups: map[string]*typeGroup{}, pools: newPools()}
	// Id 0 is no type: it marks free cells of the heap.
	infos := append(make([]*TypeInfo, 0, 64), noType)
	t.infos.Store(&infos)
	cleanupPools(t)
	return t
}

// noType is what an id without a type stands for. It is of no use, but harmless:
// nothing but itself matches it.
var noType = &TypeInfo{Kind: wasm.KindStruct, Size: ObjectHeader}

// Info returns the description of a type. It takes no lock. For an id that is
// not in use, such as one that outlived the module it came from, it returns an
// empty struct type that matches nothing.
func (t *Types) Info(id TypeID) *TypeInfo {
	if infos := *t.infos.Load(); uint64(id) < uint64(len(infos)) {
		return infos[id]
	}
	return noType
}

// IsSubtype says whether a is b or a subtype of it.
func (t *Types) IsSubtype(a, b TypeID) bool {
	if a == b {
		return true
	}
	ia, d := t.Info(a), t.Info(b).Depth
	return d < len(ia.Supers) && ia.Supers[d] == b
}

// FuncType returns the id of the final function type sig without supertypes;
// concrete heap types in sig are TypeIDs that are in use. The registry keeps
// the type for good: it is for the signatures of host functions and tags.
// It fails with a *wasm.LimitError only.
func (t *Types) FuncType(sig wasm.FuncType) (TypeID, error) {
	m := wasm.Module{
		// A TypeID is never 0, so 0, the index of this type, is the only
		// index inside the group.
		Types:     []wasm.SubType{{Final: true, Kind: wasm.KindFunc, Func: sig}},
		RecGroups: []wasm.RecGroup{{Len: 1}},
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	g, err := t.group(&m, m.RecGroups[0], func(x wasm.TypeIdx) TypeID { return TypeID(x) })
	if err != nil {
		return 0, err
	}
	return g.ids[0], nil
}

// register enters all types of a valid module. It returns their ids by type
// index, and the groups, which the caller gives back to release.
func (t *Types) register(m *wasm.Module) ([]TypeID, []*typeGroup, error) {
	ids := make([]TypeID, 0, len(m.Types))
	groups := make([]*typeGroup, 0, len(m.RecGroups))
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, rg := range m.RecGroups {
		g, err := t.group(m, rg, func(x wasm.TypeIdx) TypeID { return ids[x] })
		if err != nil {
			t.releaseLocked(groups)
			return nil, nil, err
		}
		ids = append(ids, g.ids...)
		groups = append(groups, g)
	}
	return ids, groups, nil
}

// group returns the canonical group that rg is, with one more reference. outer
// gives the ids of types outside rg.
func (t *Types) group(m *wasm.Module, rg wasm.RecGroup, outer func(wasm.TypeIdx) TypeID) (*typeGroup, error) {
	t.serial++
	var deps []*typeGroup
	t.key = canon.AppendKey(t.key[:0], m, rg, func(x wasm.TypeIdx) uint32 {
		id := outer(x)
		if d := t.Info(id).group; d.serial != t.serial {
			d.serial = t.serial
			deps = append(deps, d)
		}
		return uint32(id)
	})
	if g := t.groups[string(t.key)]; g != nil {
		g.refs++
		return g, nil
	}
	g := &typeGroup{key: string(t.key), refs: 1, deps: deps}
	if cap(t.key) > maxScratch {
		t.key = nil
	}
	if err := t.allocate(g, int(rg.Len)); err != nil {
		return nil, err
	}
	for _, d := range deps {
		d.refs++
	}
	id := func(x wasm.TypeIdx) TypeID {
		if i := uint32(x) - rg.Start; i < rg.Len {
			return g.ids[i]
		}
		return outer(x)
	}
	infos := *t.infos.Load()
	for i, gid := range g.ids {
		infos[gid] = t.describe(g, gid, &m.Types[int(rg.Start)+i], id)
	}
	for _, gid := range g.ids { // needs the kinds of all types in the group
		t.trace(infos[gid])
	}
	t.groups[g.key] = g
	return g, nil
}

// allocate gives g n ids.
func (t *Types) allocate(g *typeGroup, n int) error {
	infos := *t.infos.Load()
	fresh := n - len(t.free)
	if fresh > 0 {
		if have := len(infos) + fresh; have > maxTypeIDs {
			return &wasm.LimitError{Name: "canonical types", Have: uint64(have), Max: maxTypeIDs}
		}
	}
	g.ids = make([]TypeID, 0, n)
	for len(g.ids) < n && len(t.free) > 0 {
		g.ids = append(g.ids, t.free[len(t.free)-1])
		t.free = t.free[:len(t.free)-1]
	}
	for len(g.ids) < n {
		g.ids = append(g.ids, TypeID(len(infos)))
		infos = append(infos, noType)
	}
	if fresh > 0 {
		t.infos.Store(&infos)
	}
	return nil
}

// describe makes the TypeInfo of st, whose supertypes are described already.
func (t *Types) describe(g *typeGroup, self TypeID, st *wasm.SubType, id func(wasm.TypeIdx) TypeID) *TypeInfo {
	ti := &TypeInfo{ID: self, Kind: st.Kind, Final: st.Final, group: g}
	if len(st.Supers) > 0 {
		super := t.Info(id(st.Supers[0]))
		ti.Supers = append(make([]TypeID, 0, len(super.Supers)+1), super.Supers...)
	}
	ti.Supers = append(ti.Supers, self)
	ti.Depth = len(ti.Supers) - 1
	canonical := func(v wasm.ValType) wasm.ValType {
		if v.IsRef() {
			if x, ok := v.Heap().Concrete(); ok {
				return wasm.Ref(v.Nullable(), wasm.HeapType(id(x)))
			}
		}
		return v
	}
	switch st.Kind {
	case wasm.KindFunc:
		ti.Func = &wasm.FuncType{Params: mapTypes(st.Func.Params, canonical), Results: mapTypes(st.Func.Results, canonical)}
	case wasm.KindStruct:
		ti.Fields = make([]Field, len(st.Fields))
		at := uint32(ObjectHeader)
		for i, f := range st.Fields {
			size := storageSize(f.Type)
			// 16-byte fields are aligned to 8. Fields are laid out in their
			// order, so that a subtype's layout begins with its supertype's.
			align := min(uint32(size), 8)
			at = (at + align - 1) &^ (align - 1)
			ti.Fields[i] = Field{Type: canonical(f.Type), Offset: at, Size: size, Mutable: f.Mutable}
			at += uint32(size)
		}
		ti.Size = (at + 7) &^ 7
	case wasm.KindArray:
		f := st.Fields[0]
		ti.ElemSize = storageSize(f.Type)
		ti.Fields = []Field{{Type: canonical(f.Type), Offset: ArrayData, Size: ti.ElemSize, Mutable: f.Mutable}}
	}
	return ti
}

// trace finds the references in ti's objects that keep objects alive.
func (t *Types) trace(ti *TypeInfo) {
	switch ti.Kind {
	case wasm.KindFunc:
		at := uint32(ObjectHeader)
		for _, p := range ti.Func.Params {
			if t.InHeap(p) {
				ti.refs = append(ti.refs, at+refInSlot)
			}
			at += uint32(8 * p.Slots())
		}
		ti.Size = at
	case wasm.KindStruct:
		for i := range ti.Fields {
			if t.InHeap(ti.Fields[i].Type) {
				ti.refs = append(ti.refs, ti.Fields[i].Offset)
			}
		}
	case wasm.KindArray:
		ti.elemRef = t.InHeap(ti.Fields[0].Type)
	}
}

// InHeap says whether v is the type of references to the store's heap and to
// host values, as opposed to functions, numbers and vectors.
func (t *Types) InHeap(v wasm.ValType) bool {
	if !v.IsRef() {
		return false
	}
	h := v.Heap()
	if x, ok := h.Concrete(); ok {
		return t.Info(TypeID(x)).Kind != wasm.KindFunc
	}
	return h != wasm.HeapFunc && h != wasm.HeapNoFunc
}

func mapTypes(in []wasm.ValType, f func(wasm.ValType) wasm.ValType) []wasm.ValType {
	if len(in) == 0 {
		return nil
	}
	out := make([]wasm.ValType, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

// storageSize returns the bytes that a field of type v takes.
func storageSize(v wasm.ValType) uint8 {
	switch v {
	case wasm.I8:
		return 1
	case wasm.I16:
		return 2
	case wasm.I64, wasm.F64:
		return 8
	case wasm.V128:
		return 16
	}
	return 4 // i32, f32, references
}

// release gives references to groups back, once for each time they are listed.
func (t *Types) release(groups []*typeGroup) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.releaseLocked(groups)
}

func (t *Types) releaseLocked(groups []*typeGroup) {
	work := slices.Clone(groups)
	infos := *t.infos.Load()
	for len(work) > 0 {
		g := work[len(work)-1]
		work = work[:len(work)-1]
		if g.refs--; g.refs > 0 {
			continue
		}
		delete(t.groups, g.key)
		for _, id := range g.ids {
			infos[id] = noType
		}
		t.free = append(t.free, g.ids...)
		work = append(work, g.deps...)
	}
}

// Kind implements wasm.Definitions for value types whose concrete heap types
// are TypeIDs.
func (t *Types) Kind(x wasm.TypeIdx) wasm.CompKind { return t.Info(TypeID(x)).Kind }

// Extends implements wasm.Definitions, as Kind does.
func (t *Types) Extends(x, y wasm.TypeIdx) bool { return t.IsSubtype(TypeID(x), TypeID(y)) }

// Close frees the pools. Stores that are still open go on to work.
func (t *Types) Close() { t.pools.close() }
