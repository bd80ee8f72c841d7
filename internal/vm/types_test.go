package vm

import (
	"sync"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
)

// pairModule has a group of two mutually recursive structs, of which the second
// has one more field of type extra, and a function type that uses it.
func pairModule(extra wasm.ValType) *wasm.Module {
	ref := func(x uint32) wasm.ValType { return wasm.Ref(true, wasm.HeapType(x)) }
	return &wasm.Module{
		Types: []wasm.SubType{
			structType(mutable(ref(1))),
			structType(mutable(ref(0)), mutable(extra)),
			funcType([]wasm.ValType{ref(1)}, nil),
		},
		RecGroups: []wasm.RecGroup{{Start: 0, Len: 2, Explicit: true}, {Start: 2, Len: 1}},
	}
}

func TestTypesAreCanonical(t *testing.T) {
	types := newTypes(t)
	a := prepare(t, types, pairModule(wasm.I32))
	b := prepare(t, types, pairModule(wasm.I32))
	c := prepare(t, types, pairModule(wasm.I64))
	for x := range a.TypeIDs {
		if a.TypeIDs[x] != b.TypeIDs[x] {
			t.Errorf("type %d: %d and %d, want the same", x, a.TypeIDs[x], b.TypeIDs[x])
		}
		if a.TypeIDs[x] == c.TypeIDs[x] {
			t.Errorf("type %d: want different ids", x)
		}
	}
	// The same function type registered by the host.
	id, err := types.FuncType(wasm.FuncType{Params: []wasm.ValType{wasm.Ref(true, wasm.HeapType(a.TypeIDs[1]))}})
	if err != nil || id != a.TypeIDs[2] {
		t.Errorf("the host's type is %d, %v; want %d", id, err, a.TypeIDs[2])
	}
}

func TestTypeLayout(t *testing.T) {
	types := newTypes(t)
	m := &wasm.Module{Types: []wasm.SubType{
		{Kind: wasm.KindStruct, Fields: []wasm.FieldType{mutable(wasm.I8), mutable(wasm.AnyRef), mutable(wasm.I16)}},
		{Kind: wasm.KindStruct, Supers: []wasm.TypeIdx{0}, Fields: []wasm.FieldType{
			mutable(wasm.I8), mutable(wasm.AnyRef), mutable(wasm.I16), mutable(wasm.V128), mutable(wasm.FuncRef), mutable(wasm.F64)}},
		arrayType(wasm.I16),
	}}
	p := prepare(t, types, m)
	super, sub, array := types.Info(p.TypeIDs[0]), types.Info(p.TypeIDs[1]), types.Info(p.TypeIDs[2])
	if super.Size != 24 || sub.Size != 8+8+4+4+16+8+8 {
		t.Errorf("sizes %d, %d", super.Size, sub.Size)
	}
	for i, want := range []uint32{8, 12, 16, 24, 40, 48} {
		if sub.Fields[i].Offset != want {
			t.Errorf("field %d is at %d, want %d", i, sub.Fields[i].Offset, want)
		}
		if i < len(super.Fields) && super.Fields[i] != sub.Fields[i] {
			t.Errorf("field %d differs from the supertype's", i)
		}
	}
	if len(sub.refs) != 1 || sub.refs[0] != 12 {
		t.Errorf("references at %v, want [12]: functions are not in the heap", sub.refs)
	}
	if array.ElemSize != 2 || array.Fields[0].Offset != ArrayData {
		t.Errorf("array: %+v", array)
	}
	if !types.IsSubtype(sub.ID, super.ID) || types.IsSubtype(super.ID, sub.ID) || !types.IsSubtype(sub.ID, sub.ID) {
		t.Error("subtyping")
	}
}

func TestTypesAreReleased(t *testing.T) {
	types := newTypes(t)
	keep := prepare(t, types, pairModule(wasm.I32))
	before := len(types.groups)
	ids, groups, err := types.register(indexed(pairModule(wasm.F32)))
	if err != nil {
		t.Fatal(err)
	}
	if len(types.groups) != before+2 {
		t.Fatalf("%d groups, want 2 more than %d", len(types.groups), before)
	}
	// Give back the pair first: the function type still refers to it.
	types.release(groups[:1])
	if types.Info(ids[0]).ID != ids[0] {
		t.Error("a type was released that another one refers to")
	}
	types.release(groups[1:])
	if len(types.groups) != before {
		t.Errorf("%d groups are left, want %d", len(types.groups), before)
	}
	// Asking about them does no harm.
	for _, id := range append(ids, 1<<20, 0) {
		ref := wasm.Ref(true, wasm.HeapType(id))
		if types.Info(id).ID != 0 || types.IsSubtype(id, keep.TypeIDs[0]) || types.IsSubtype(keep.TypeIDs[0], id) ||
			wasm.Matches(types, ref, wasm.Ref(true, wasm.HeapType(keep.TypeIDs[0]))) {
			t.Errorf("type %d is something", id)
		}
	}
	// Ids are used again.
	again, groups, err := types.register(indexed(pairModule(wasm.F64)))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range again {
		if int(id) > len(keep.TypeIDs)+len(ids) {
			t.Errorf("id %d is new", id)
		}
	}
	types.release(groups)
}

func indexed(m *wasm.Module) *wasm.Module {
	m.Index()
	return m
}

// Goroutines register, use and release the same and different types.
func TestTypesConcurrently(t *testing.T) {
	types := newTypes(t)
	kinds := []wasm.ValType{wasm.I32, wasm.I64, wasm.F32, wasm.F64, wasm.V128}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for n := range 300 {
				ids, groups, err := types.register(indexed(pairModule(kinds[(g+n)%len(kinds)])))
				if err != nil {
					t.Error(err)
					return
				}
				for _, id := range ids {
					if types.Info(id).ID != id || !types.IsSubtype(id, id) {
						t.Errorf("type %d", id)
					}
				}
				types.release(groups)
			}
		})
	}
	wg.Wait()
	if len(types.groups) != 0 {
		t.Errorf("%d groups are left", len(types.groups))
	}
}

func TestMatches(t *testing.T) {
	types := newTypes(t)
	p := prepare(t, types, &wasm.Module{Types: []wasm.SubType{
		{Kind: wasm.KindStruct},
		{Kind: wasm.KindStruct, Supers: []wasm.TypeIdx{0}},
		arrayType(wasm.I8),
		funcType(nil, nil),
	}})
	h := func(x int) wasm.HeapType { return wasm.HeapType(p.TypeIDs[x]) }
	ref, null := func(h wasm.HeapType) wasm.ValType { return wasm.Ref(false, h) }, func(h wasm.HeapType) wasm.ValType { return wasm.Ref(true, h) }
	tests := []struct {
		a, b wasm.ValType
		want bool
	}{
		{wasm.I32, wasm.I32, true},
		{wasm.I32, wasm.I64, false},
		{wasm.I32, wasm.AnyRef, false},
		{ref(h(1)), null(h(0)), true},
		{null(h(1)), ref(h(0)), false},
		{null(h(0)), null(h(1)), false},
		{null(h(1)), wasm.StructRef, true},
		{null(h(1)), wasm.EqRef, true},
		{null(h(1)), wasm.AnyRef, true},
		{null(h(1)), wasm.ArrayRef, false},
		{null(h(2)), wasm.ArrayRef, true},
		{null(h(2)), wasm.StructRef, false},
		{null(h(2)), wasm.ExternRef, false},
		{null(h(3)), wasm.FuncRef, true},
		{null(h(3)), wasm.AnyRef, false},
		{null(wasm.HeapNone), null(h(1)), true},
		{null(wasm.HeapNone), null(h(3)), false},
		{null(wasm.HeapNoFunc), null(h(3)), true},
		{null(wasm.HeapNoFunc), wasm.FuncRef, true},
		{null(wasm.HeapNone), wasm.I31Ref, true},
		{wasm.I31Ref, wasm.EqRef, true},
		{wasm.I31Ref, wasm.StructRef, false},
		{wasm.EqRef, wasm.AnyRef, true},
		{wasm.AnyRef, wasm.EqRef, false},
		{null(wasm.HeapNoExtern), wasm.ExternRef, true},
		{null(wasm.HeapNoExn), wasm.ExnRef, true},
		{wasm.ExnRef, wasm.AnyRef, false},
	}
	for _, tt := range tests {
		if got := wasm.Matches(types, tt.a, tt.b); got != tt.want {
			t.Errorf("Matches(%v, %v) = %v", tt.a, tt.b, got)
		}
	}
}
