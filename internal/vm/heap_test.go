package vm

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
)

// gcTypes are the types of the tests' objects.
type gcTypes struct {
	node  *TypeInfo // struct of an i64 and three anyrefs
	refs  *TypeInfo // array of anyref
	bytes *TypeInfo // array of i8
	tag   *Tag      // of i64 and anyref
}

func newGCTypes(t testing.TB, types *Types) gcTypes {
	m := prepare(t, types, &wasm.Module{Types: []wasm.SubType{
		structType(mutable(wasm.I64), mutable(wasm.AnyRef), mutable(wasm.AnyRef), mutable(wasm.AnyRef)),
		arrayType(wasm.AnyRef), arrayType(wasm.I8),
		funcType([]wasm.ValType{wasm.I64, wasm.AnyRef}, nil),
	}})
	// The module keeps the types.
	t.Cleanup(func() { m.Close() })
	return gcTypes{types.Info(m.TypeIDs[0]), types.Info(m.TypeIDs[1]), types.Info(m.TypeIDs[2]), NewTag(types, m.TypeIDs[3])}
}

// object is an object of the model.
type object struct {
	ref  Ref
	id   uint64
	kind int // 0 node, 1 refs, 2 bytes, 3 exception, 4 host value, 5 i31
	refs []*object
	n    uint32
}

// graph is a heap and its model.
type graph struct {
	t     *testing.T
	s     *Store
	types gcTypes
	rnd   *rand.Rand
	roots []*object
	next  uint64
}

// add makes an object that refers to roots.
func (g *graph) add() *object {
	s, rnd := g.s, g.rnd
	g.next++
	o := &object{id: g.next, kind: rnd.IntN(6)}
	pick := func() *object {
		if len(g.roots) == 0 || rnd.IntN(4) == 0 {
			return nil
		}
		return g.roots[rnd.IntN(len(g.roots))]
	}
	var err error
	switch o.kind {
	case 0:
		o.ref, err = s.NewStruct(&s.Exec, g.types.node)
		if err == nil {
			s.SetField(o.ref, &g.types.node.Fields[0], o.id, 0)
			for range 3 {
				o.refs = append(o.refs, pick())
			}
		}
	case 1:
		o.n = uint32(rnd.IntN(20))
		if rnd.IntN(20) == 0 {
			o.n = uint32(rnd.IntN(10000))
		}
		o.ref, err = s.NewArray(&s.Exec, g.types.refs, o.n)
		for range o.n {
			o.refs = append(o.refs, pick())
		}
	case 2:
		o.n = uint32(rnd.IntN(300))
		if rnd.IntN(10) == 0 {
			o.n = uint32(rnd.IntN(60000))
		}
		o.ref, err = s.NewArray(&s.Exec, g.types.bytes, o.n)
		if err == nil {
			for i, b := range s.ArrayBytes(o.ref, g.types.bytes, 0, o.n) {
				if b != 0 {
					g.t.Fatalf("byte %d of a new array is %d", i, b)
				}
			}
			s.FillArray(o.ref, g.types.bytes, 0, o.n, o.id, 0)
		}
	case 3:
		p := pick()
		o.refs = []*object{p}
		o.ref, err = s.NewException(&s.Exec, g.types.tag, []uint64{o.id, uint64(refOf(p))})
	case 4:
		o.ref = s.NewHostRef(o.id)
	case 5:
		o.ref = I31(uint32(o.id))
	}
	if err != nil {
		g.t.Fatal(err)
	}
	for i, p := range o.refs {
		g.set(o, i, p)
	}
	return o
}

func refOf(o *object) Ref {
	if o == nil {
		return Null
	}
	return o.ref
}

// set makes reference i of o refer to p.
func (g *graph) set(o *object, i int, p *object) {
	o.refs[i] = p
	switch o.kind {
	case 0:
		g.s.SetField(o.ref, &g.types.node.Fields[1+i], uint64(refOf(p)), 0)
	case 1:
		g.s.SetElem(o.ref, g.types.refs, uint32(i), uint64(refOf(p)), 0)
	}
}

// check compares everything reachable from the roots with the model.
func (g *graph) check() int {
	s := g.s
	seen := map[*object]bool{}
	work := append([]*object(nil), g.roots...)
	for len(work) > 0 {
		o := work[len(work)-1]
		work = work[:len(work)-1]
		if o == nil || seen[o] {
			continue
		}
		seen[o] = true
		work = append(work, o.refs...)
		switch o.kind {
		case 0:
			if s.RefKind(o.ref) != "struct" {
				g.t.Fatalf("object %d is gone", o.id)
			}
			if id, _ := s.GetField(o.ref, &g.types.node.Fields[0]); id != o.id {
				g.t.Fatalf("object %d has number %d", o.id, id)
			}
			for i, p := range o.refs {
				if r, _ := s.GetField(o.ref, &g.types.node.Fields[1+i]); Ref(r) != refOf(p) {
					g.t.Fatalf("reference %d of object %d is %d, want %d", i, o.id, r, refOf(p))
				}
			}
		case 1:
			if s.RefKind(o.ref) != "array" || s.ArrayLen(o.ref) != o.n {
				g.t.Fatalf("object %d is gone", o.id)
			}
			for i, p := range o.refs {
				if r, _ := s.Elem(o.ref, g.types.refs, uint32(i)); Ref(r) != refOf(p) {
					g.t.Fatalf("element %d of object %d is %d, want %d", i, o.id, r, refOf(p))
				}
			}
		case 2:
			if s.RefKind(o.ref) != "array" || s.ArrayLen(o.ref) != o.n {
				g.t.Fatalf("object %d is gone", o.id)
			}
			for _, b := range s.ArrayBytes(o.ref, g.types.bytes, 0, o.n) {
				if b != byte(o.id) {
					g.t.Fatalf("object %d was overwritten", o.id)
				}
			}
		case 3:
			if tag, args := s.Exception(o.ref); tag != g.types.tag || args[0] != o.id || Ref(args[1]) != refOf(o.refs[0]) {
				g.t.Fatalf("exception %d: %v", o.id, args)
			}
		case 4:
			if v, ok := s.HostValue(o.ref); !ok || v != o.id {
				g.t.Fatalf("host value %d is %v, %v", o.id, v, ok)
			}
		case 5:
			if o.ref.I31Unsigned() != uint32(o.id) {
				g.t.Fatalf("i31 %d", o.id)
			}
		}
	}
	return len(seen)
}

// Random graphs against a model in Go, with roots of each kind.
func TestHeapAgainstModel(t *testing.T) {
	for seed := range uint64(3) {
		types := newTypes(t)
		s := newStore(t, types, goEngine{})
		s.Limits.GCHeap = 16 << 20
		g := &graph{t: t, s: s, types: newGCTypes(t, types), rnd: rand.New(rand.NewPCG(seed, 5))}
		// The roots are on the value stack, as if a call was active.
		s.Exec.Stack = make([]uint64, 4096)
		defer func() { s.Exec.Stack, s.Exec.SP = nil, 0 }()
		for step := range 10_000 {
			o := g.add()
			if len(g.roots) < 200 {
				g.roots = append(g.roots, o)
			} else {
				g.roots[g.rnd.IntN(len(g.roots))] = o
			}
			// Sometimes a cycle, through an object that a root refers to.
			if a := g.roots[g.rnd.IntN(len(g.roots))]; (a.kind == 0 || a.kind == 1) && len(a.refs) > 0 {
				g.set(a, g.rnd.IntN(len(a.refs)), o)
			}
			s.Exec.SP = 2 * len(g.roots)
			for i, r := range g.roots {
				s.Exec.Stack[2*i] = uint64(r.ref)
				s.Exec.Stack[2*i+1] = g.rnd.Uint64() >> g.rnd.IntN(64) // anything may be there
			}
			if step%1000 == 999 {
				g.check()
			}
			if step%3000 == 2999 { // drop nearly everything
				g.roots = g.roots[:10]
			}
		}
		s.Collect()
		g.check()
		if s.Heap.Collections() < 5 {
			t.Errorf("seed %d: only %d collections", seed, s.Heap.Collections())
		}
		g.roots, s.Exec.SP = nil, 0
		s.Collect()
		if s.Heap.used != 0 || s.Heap.live != 0 {
			t.Errorf("seed %d: %d blocks are in use by nothing", seed, s.Heap.used)
		}
	}
}

// Each place that keeps objects alive does, and nothing else.
func TestRoots(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	gt := newGCTypes(t, types)
	m := prepare(t, types, &wasm.Module{
		Types: []wasm.SubType{funcType(nil, nil)},
		Globals: []wasm.Global{
			{Type: wasm.GlobalType{Type: wasm.AnyRef, Mutable: true}},
			{Type: wasm.GlobalType{Type: wasm.I32, Mutable: true}},
		},
		Tables: []wasm.Table{{Type: tableType(wasm.ExternRef, 3)}, {Type: tableType(wasm.FuncRef, 3)}},
		Elems: []wasm.Elem{{Mode: wasm.Passive, Type: wasm.EqRef,
			Exprs: []wasm.Expr{i32(0), i32(0)}}},
	})
	i := instantiate(t, s, m)
	obj := func() Ref {
		r, err := s.NewStruct(&s.Exec, gt.node)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	places := map[string]func(r Ref) (undo func()){
		"global":  func(r Ref) func() { i.Globals[0].Lo = uint64(r); return func() { i.Globals[0].Lo = 0 } },
		"table":   func(r Ref) func() { i.Tables[0].Elems[1] = r; return func() { i.Tables[0].Elems[1] = 0 } },
		"segment": func(r Ref) func() { i.Elems[0][1] = r; return func() { i.Elems[0][1] = 0 } },
		"root": func(r Ref) func() {
			s.AddRoot(r)
			s.AddRoot(r)
			s.DropRoot(r)
			return func() { s.DropRoot(r) }
		},
		"stack": func(r Ref) func() {
			s.Exec.Stack, s.Exec.SP = []uint64{1 << 40, uint64(r), 0}, 2
			return func() { s.Exec.Stack, s.Exec.SP = nil, 0 }
		},
		"operands": func(r Ref) func() { s.push(uint64(r)); return func() { s.operands = nil } },
		"snapshot": func(r Ref) func() {
			i.Globals[0].Lo = uint64(r)
			snap, err := s.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			i.Globals[0].Lo = 0
			return func() { clear(snap.globals) }
		},
		"snapshot of a table": func(r Ref) func() {
			i.Tables[0].Elems[0] = r
			snap, err := s.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			i.Tables[0].Elems[0] = 0
			return func() { clear(snap.tables) }
		},
	}
	for name, place := range places {
		r := obj()
		undo := place(r)
		s.Collect()
		if !s.IsObject(r) {
			t.Errorf("%s: the object is gone", name)
		}
		undo()
		s.Collect()
		if s.IsObject(r) {
			t.Errorf("%s: the object stays", name)
		}
	}
	// A function reference or a number of the same value keeps nothing.
	r := obj()
	i.Tables[1].Elems[0] = r
	i.Globals[1].Lo = uint64(r)
	s.Exec.Stack, s.Exec.SP = []uint64{uint64(r) | 1<<32, 0, uint64(r)}, 2
	s.Collect()
	s.Exec.Stack, s.Exec.SP = nil, 0
	if s.IsObject(r) {
		t.Error("the object is kept by something else")
	}
}

// A list longer than any stack, and a tree wider than the mark stack.
func TestDeepAndWide(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	gt := newGCTypes(t, types)
	next := &gt.node.Fields[2]
	const n = 300_000
	var head Ref
	s.Exec.Stack = make([]uint64, 4)
	s.Exec.SP = 2
	defer func() { s.Exec.Stack, s.Exec.SP = nil, 0 }()
	for x := range uint64(n) {
		r, err := s.NewStruct(&s.Exec, gt.node)
		if err != nil {
			t.Fatal(err)
		}
		s.SetField(r, &gt.node.Fields[0], x, 0)
		s.SetField(r, next, uint64(head), 0)
		head = r
		s.Exec.Stack[0] = uint64(head)
	}
	wide, err := s.NewArray(&s.Exec, gt.refs, 4*markStack)
	if err != nil {
		t.Fatal(err)
	}
	s.Exec.Stack[1] = uint64(wide)
	for x := range uint32(4 * markStack) {
		r, err := s.NewStruct(&s.Exec, gt.node)
		if err != nil {
			t.Fatal(err)
		}
		s.SetElem(wide, gt.refs, x, uint64(r), 0)
		leaf, err := s.NewStruct(&s.Exec, gt.node)
		if err != nil {
			t.Fatal(err)
		}
		s.SetField(leaf, &gt.node.Fields[0], uint64(x), 0)
		s.SetField(r, next, uint64(leaf), 0)
	}
	s.Collect()
	count := uint64(0)
	for r := head; r != Null; count++ {
		if !s.IsObject(r) {
			t.Fatalf("element %d is gone", count)
		}
		lo, _ := s.GetField(r, next)
		r = Ref(lo)
	}
	if count != n {
		t.Errorf("the list has %d elements", count)
	}
	for x := range uint32(4 * markStack) {
		r, _ := s.Elem(wide, gt.refs, x)
		leaf, _ := s.GetField(Ref(r), next)
		if !s.IsObject(Ref(leaf)) {
			t.Fatalf("leaf %d is gone", x)
		}
		if v, _ := s.GetField(Ref(leaf), &gt.node.Fields[0]); v != uint64(x) {
			t.Fatalf("leaf %d has %d", x, v)
		}
	}
}

func TestHeapLimit(t *testing.T) {
	types := newTypes(t)
	gt := newGCTypes(t, types)
	const limit = 1 << 20
	s := NewStore(types, goEngine{}, Limits{GCHeap: limit})
	defer s.Close()
	s.Exec.Stack, s.Exec.SP = make([]uint64, 1), 1
	defer func() { s.Exec.Stack, s.Exec.SP = nil, 0 }()
	// A growing list ends at the limit, with few collections.
	var err error
	count := uint64(0)
	for ; err == nil; count++ {
		var r Ref
		if r, err = s.NewStruct(&s.Exec, gt.node); err == nil {
			s.SetField(r, &gt.node.Fields[1], s.Exec.Stack[0], 0)
			s.Exec.Stack[0] = uint64(r)
		}
	}
	if !errors.Is(err, TrapOutOfMemory) {
		t.Fatal(err)
	}
	if bytes := count * uint64(gt.node.Size); bytes < limit*3/4 || bytes > limit+blockSize {
		t.Errorf("%d bytes of objects at a limit of %d", bytes, limit)
	}
	if c := s.Heap.Collections(); c > 20 {
		t.Errorf("%d collections to fill the heap once", c)
	}
	// It stays full.
	before := s.Heap.Collections()
	for range 50 {
		if _, err := s.NewArray(&s.Exec, gt.bytes, 100); !errors.Is(err, TrapOutOfMemory) {
			t.Fatal(err)
		}
	}
	if c := s.Heap.Collections() - before; c > 51 {
		t.Errorf("%d collections for 50 refusals", c)
	}
	// Once the program drops something, there is room at once.
	s.Exec.Stack[0] = 0
	if _, err := s.NewArray(&s.Exec, gt.bytes, limit/2); err != nil {
		t.Errorf("after dropping everything: %v", err)
	}
	// Too large in itself, whatever is free.
	for _, n := range []uint32{limit, limit * 2, 1 << 31, 1<<32 - 1} {
		for _, ti := range []*TypeInfo{gt.bytes, gt.refs} {
			if _, err := s.NewArray(&s.Exec, ti, n); !errors.Is(err, TrapOutOfMemory) {
				t.Errorf("array of %d: %v", n, err)
			}
		}
	}
	// Garbage never exhausts the heap.
	for n := range 20_000 {
		if _, err := s.NewArray(&s.Exec, gt.bytes, uint32(n*7%40_000)); err != nil {
			t.Fatalf("array %d: %v", n, err)
		}
	}
}

// A heap full of small objects with a hole here and there must not collect for
// each object.
func TestFullHeapDoesNotThrash(t *testing.T) {
	types := newTypes(t)
	gt := newGCTypes(t, types)
	s := NewStore(types, goEngine{}, Limits{GCHeap: 4 << 20})
	defer s.Close()
	keep, err := s.NewArray(&s.Exec, gt.refs, 1<<17)
	if err != nil {
		t.Fatal(err)
	}
	s.AddRoot(keep)
	n := uint32(0)
	for ; ; n++ {
		r, err := s.NewStruct(&s.Exec, gt.node)
		if err != nil {
			break
		}
		s.SetElem(keep, gt.refs, n, uint64(r), 0)
	}
	before := s.Heap.Collections()
	refused := 0
	made := 0
	for x := uint32(0); refused < 20; x++ {
		// Each drops one object and makes one of another size.
		s.SetElem(keep, gt.refs, x*37%n, 0, 0)
		if _, err := s.NewArray(&s.Exec, gt.bytes, 100); err != nil {
			refused++ // the program's call would end here
		} else {
			made++
		}
	}
	if c := s.Heap.Collections() - before; c > uint64(2*refused) {
		t.Errorf("%d collections for %d objects and %d refusals", c, made, refused)
	}
}

// A host value lives while Go code is about to put it somewhere, and no longer.
func TestFreshHostValues(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	gt := newGCTypes(t, types)
	s := newStore(t, types, e)
	id, _ := types.FuncType(wasm.FuncType{})
	m := funcs(t, types, 2)
	i := instantiate(t, s, m)
	alive := func(where string, r Ref, want bool) {
		t.Helper()
		if _, ok := s.HostValue(r); ok != want {
			t.Errorf("%s: alive is %v, want %v", where, ok, want)
		}
	}
	// allocate does what the code of an instance does when a collection is due.
	allocate := func() {
		s.Heap.budget = 0
		if _, err := s.NewArray(&s.Exec, gt.bytes, 1<<16); err != nil {
			t.Fatal(err)
		}
	}
	var arg, own Ref
	host := NewHostFunc(types, id, "host", func(x *Exec, _ []uint64) error {
		own = s.NewHostRef("own")
		s.Collect()
		alive("in the host function", own, true)
		if err := x.Call(context.Background(), i.Func(1), nil); err != nil {
			t.Error(err)
		}
		alive("after a nested call", own, true)
		return nil
	})
	e[m] = []func(*Exec, *Func, []uint64) error{
		func(x *Exec, f *Func, _ []uint64) error {
			if err := host.Host(x, nil); err != nil {
				t.Error(err)
			}
			allocate()
			alive("after the host function", own, false)
			alive("during the call", arg, true)
			return nil
		},
		func(x *Exec, f *Func, _ []uint64) error { allocate(); return nil },
	}
	allocate() // the heap is set up now
	arg = s.NewHostRef("arg")
	s.Collect()
	alive("before the call", arg, true)
	if err := s.Exec.Call(context.Background(), i.Func(0), nil); err != nil {
		t.Error(err)
	}
	s.Collect()
	alive("after the call", arg, false)
	if gcStress {
		return // it would take hours
	}
	for range 3 * maxFresh {
		s.NewHostRef(nil)
	}
	if n := len(s.Exec.fresh); n > maxFresh {
		t.Errorf("%d fresh references", n)
	}
}

func TestHostValues(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	kept := s.NewHostRef("kept")
	s.AddRoot(kept)
	if !kept.IsHost() || kept.IsI31() || s.RefKind(kept) != "extern" {
		t.Errorf("reference %#x", kept)
	}
	for n := range 100_000 {
		r := s.NewHostRef(n)
		if v, ok := s.HostValue(r); !ok || v != n {
			t.Fatalf("value %d is %v", n, v)
		}
	}
	if n := len(s.Heap.host.values); n > 4*maxFresh {
		t.Errorf("the table has %d entries for garbage", n)
	}
	if v, ok := s.HostValue(kept); !ok || v != "kept" {
		t.Errorf("the root is %v, %v", v, ok)
	}
	s.DropRoot(kept)
	s.Exec.fresh = nil
	s.Collect()
	if _, ok := s.HostValue(kept); ok {
		t.Error("the value stays")
	}
	for _, r := range []Ref{Null, 1, 8, 1<<32 - 2} {
		if v, ok := s.HostValue(r); ok {
			t.Errorf("HostValue(%#x) = %v", r, v)
		}
	}
}

func TestRefTest(t *testing.T) {
	types := newTypes(t)
	m := prepare(t, types, &wasm.Module{Types: []wasm.SubType{
		{Kind: wasm.KindStruct},
		{Kind: wasm.KindStruct, Supers: []wasm.TypeIdx{0}, Fields: []wasm.FieldType{mutable(wasm.I32)}},
		{Kind: wasm.KindStruct, Fields: []wasm.FieldType{mutable(wasm.I64)}},
		arrayType(wasm.I8),
		funcType(nil, nil),
		funcType([]wasm.ValType{wasm.I32}, nil),
	}, Funcs: []wasm.TypeIdx{4}})
	s := newStore(t, types, goEngine{})
	i := instantiate(t, s, m)
	concrete := func(x int) wasm.HeapType { return wasm.HeapType(m.TypeIDs[x]) }
	sub, err := s.NewStruct(&s.Exec, types.Info(m.TypeIDs[1]))
	if err != nil {
		t.Fatal(err)
	}
	s.AddRoot(sub)
	arr, err := s.NewArray(&s.Exec, types.Info(m.TypeIDs[3]), 0)
	if err != nil {
		t.Fatal(err)
	}
	s.AddRoot(arr)
	host := s.NewHostRef(1)
	tests := []struct {
		name string
		r    Ref
		h    wasm.HeapType
		want bool
	}{
		{"struct", sub, concrete(0), true},
		{"struct", sub, concrete(1), true},
		{"struct", sub, concrete(2), false},
		{"struct", sub, wasm.HeapStruct, true},
		{"struct", sub, wasm.HeapEq, true},
		{"struct", sub, wasm.HeapAny, true},
		{"struct", sub, wasm.HeapArray, false},
		{"struct", sub, wasm.HeapI31, false},
		{"struct", sub, wasm.HeapNone, false},
		{"struct", sub, wasm.HeapExtern, true}, // after extern.convert_any
		{"array", arr, concrete(3), true},
		{"array", arr, wasm.HeapArray, true},
		{"array", arr, wasm.HeapStruct, false},
		{"array", arr, concrete(0), false},
		{"i31", I31(5), wasm.HeapI31, true},
		{"i31", I31(5), wasm.HeapEq, true},
		{"i31", I31(5), wasm.HeapStruct, false},
		{"i31", I31(5), concrete(0), false},
		{"host", host, wasm.HeapExtern, true},
		{"host", host, wasm.HeapAny, true}, // after any.convert_extern
		{"host", host, wasm.HeapEq, false},
		{"host", host, wasm.HeapStruct, false},
		{"host", host, wasm.HeapI31, false},
		{"host", host, concrete(0), false},
		{"host", host, wasm.HeapNoExtern, false},
		{"func", i.FuncRef(0), wasm.HeapFunc, true},
		{"func", i.FuncRef(0), concrete(4), true},
		{"func", i.FuncRef(0), concrete(5), false},
		{"func", i.FuncRef(0), wasm.HeapNoFunc, false},
	}
	for _, tt := range tests {
		for _, nullable := range []bool{false, true} {
			if got := s.RefTest(tt.r, nullable, tt.h); got != tt.want {
				t.Errorf("%s is %v: %v", tt.name, tt.h, got)
			}
			if got := s.RefTest(Null, nullable, tt.h); got != nullable {
				t.Errorf("null is (%v) %v: %v", nullable, tt.h, got)
			}
		}
	}
	// What an embedder asks.
	if !s.FuncRefMatches(i.FuncRef(0), concrete(4)) || s.FuncRefMatches(1<<20, wasm.HeapFunc) || s.FuncRefMatches(Null, wasm.HeapFunc) || s.FuncRefMatches(1, wasm.HeapAny) {
		t.Error("FuncRefMatches")
	}
	if !s.RefMatches(sub, wasm.AnyRef, wasm.Ref(false, concrete(0))) || s.RefMatches(sub, wasm.AnyRef, wasm.ExternRef) || s.RefMatches(host, wasm.AnyRef, wasm.EqRef) {
		t.Error("RefMatches")
	}
	if !s.NullMatches(wasm.FuncRef, wasm.Ref(true, concrete(4))) || s.NullMatches(wasm.AnyRef, wasm.ExternRef) || s.NullMatches(wasm.AnyRef, wasm.Ref(false, wasm.HeapAny)) {
		t.Error("NullMatches")
	}
}

// Each size of field keeps its value and leaves its neighbours alone.
func TestFields(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	kinds := []wasm.ValType{wasm.I8, wasm.I16, wasm.I32, wasm.I64, wasm.F32, wasm.F64, wasm.V128, wasm.AnyRef}
	var fields []wasm.FieldType
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 2000 { // a large object
		fields = append(fields, mutable(kinds[rnd.IntN(len(kinds))]))
	}
	var arrays []wasm.SubType
	for _, k := range kinds {
		arrays = append(arrays, arrayType(k))
	}
	m := prepare(t, types, &wasm.Module{Types: append(arrays, structType(fields...))})
	mask := func(f *Field, lo, hi uint64) [2]uint64 {
		if f.Size == 16 {
			return [2]uint64{lo, hi}
		}
		return [2]uint64{lo & (1<<(8*f.Size-1)<<1 - 1), 0}
	}
	ti := types.Info(m.TypeIDs[len(kinds)])
	r, err := s.NewStruct(&s.Exec, ti)
	if err != nil {
		t.Fatal(err)
	}
	var want [][2]uint64
	for i := range ti.Fields {
		lo, hi := rnd.Uint64(), rnd.Uint64()
		s.SetField(r, &ti.Fields[i], lo, hi)
		want = append(want, mask(&ti.Fields[i], lo, hi))
	}
	for i := range ti.Fields {
		if lo, hi := s.GetField(r, &ti.Fields[i]); [2]uint64{lo, hi} != want[i] {
			t.Fatalf("field %d, %v: %x %x, want %x", i, ti.Fields[i].Type, lo, hi, want[i])
		}
	}
	for k := range kinds {
		ti := types.Info(m.TypeIDs[k])
		r, err := s.NewArray(&s.Exec, ti, 9)
		if err != nil {
			t.Fatal(err)
		}
		lo, hi := rnd.Uint64(), rnd.Uint64()
		s.FillArray(r, ti, 2, 6, lo, hi)
		var got, want []string
		var slots [2]uint64
		for x := range 9 {
			if _, ok := s.Field(r, x, slots[:]); !ok {
				t.Fatalf("no element %d", x)
			}
			w := [2]uint64{}
			if x >= 2 && x < 8 {
				w = mask(&ti.Fields[0], lo, hi)
			}
			got, want = append(got, fmt.Sprint(slots)), append(want, fmt.Sprint(w))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v: %v, want %v", kinds[k], got, want)
		}
		if _, ok := s.Field(r, 9, slots[:]); ok {
			t.Error("there is an element 9")
		}
	}
}
