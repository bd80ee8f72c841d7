package smith

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// maxSubtypeDepth bounds the hierarchies that are made; the limit of modules is
// tested elsewhere.
const maxSubtypeDepth = 6

// types fills the type section. Type 0 is [] -> []. Types that tags, start
// functions and the labels of catch clauses need are always there.
func (b *builder) types() {
	m := b.m
	b.addGroup(1, func(x, end int) wasm.SubType { return wasm.SubType{Final: true, Kind: wasm.KindFunc} })
	for n := 2 + b.intn(8); n > 0; n-- {
		size := 1
		if b.has(op.FeatureGC) && b.oneIn(3) {
			size = 1 + b.intn(4)
		}
		b.addGroup(size, b.subType)
	}
	if !b.has(op.FeatureMultiValue) {
		return
	}
	// The types of blocks that catch clauses branch to.
	for x := range len(m.Types) {
		t := m.Types[x]
		if t.Kind != wasm.KindFunc || len(t.Func.Results) > 0 {
			continue
		}
		forms := [][]wasm.ValType{t.Func.Params}
		if b.has(op.FeatureExceptions) {
			withRef := append(append([]wasm.ValType(nil), t.Func.Params...), wasm.ExnRef)
			forms = append(forms, withRef)
		}
		for _, results := range forms {
			b.addGroup(1, func(int, int) wasm.SubType {
				return wasm.SubType{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Results: results}}
			})
		}
	}
}

// addGroup appends a recursion group of n types that make returns, given their
// index and that of the end of the group.
func (b *builder) addGroup(n int, make func(x, end int) wasm.SubType) {
	m := b.m
	start := len(m.Types)
	for k := range n {
		m.Types = append(m.Types, make(start+k, start+n))
	}
	m.RecGroups = append(m.RecGroups, wasm.RecGroup{Start: uint32(start), Len: uint32(n), Explicit: n > 1})
}

// subType makes type x of a group that ends before type end.
func (b *builder) subType(x, end int) wasm.SubType {
	t := wasm.SubType{Final: true, Kind: wasm.KindFunc}
	if b.has(op.FeatureGC) {
		t.Kind = [...]wasm.CompKind{wasm.KindFunc, wasm.KindStruct, wasm.KindArray, wasm.KindStruct}[b.intn(4)]
		t.Final = b.intn(2) == 0
	}
	super := b.super(x, t.Kind)
	if super >= 0 {
		t.Supers = []wasm.TypeIdx{wasm.TypeIdx(super)}
	}
	switch t.Kind {
	case wasm.KindFunc:
		if super >= 0 {
			t.Func = b.m.Types[super].Func
			break
		}
		for n := b.intn(5); n > 0; n-- {
			t.Func.Params = append(t.Func.Params, b.valType(end))
		}
		most := 2
		if b.has(op.FeatureMultiValue) {
			most = 4
		}
		for n := b.intn(most); n > 0; n-- {
			t.Func.Results = append(t.Func.Results, b.valType(end))
		}
	case wasm.KindStruct:
		if super >= 0 {
			t.Fields = append(t.Fields, b.m.Types[super].Fields...)
		}
		for n := b.intn(4); n > 0; n-- {
			t.Fields = append(t.Fields, b.fieldType(end))
		}
	case wasm.KindArray:
		if super >= 0 {
			t.Fields = b.m.Types[super].Fields
		} else {
			t.Fields = []wasm.FieldType{b.fieldType(end)}
		}
	}
	return t
}

// super chooses a supertype for type x, or -1.
func (b *builder) super(x int, kind wasm.CompKind) int {
	if !b.has(op.FeatureGC) || b.oneIn(3) {
		return -1
	}
	var open []int
	for s := range b.m.Types {
		if t := &b.m.Types[s]; s < x && t.Kind == kind && !t.Final && b.depth(s) < maxSubtypeDepth {
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return -1
	}
	return open[b.intn(len(open))]
}

func (b *builder) depth(x int) (d int) {
	for t := &b.m.Types[x]; len(t.Supers) > 0; t = &b.m.Types[t.Supers[0]] {
		d++
	}
	return d
}

func (b *builder) fieldType(end int) wasm.FieldType {
	t := wasm.FieldType{Mutable: !b.oneIn(4)}
	switch b.intn(6) {
	case 0:
		t.Type = wasm.I8
	case 1:
		t.Type = wasm.I16
	default:
		t.Type = b.valType(end)
	}
	return t
}

// valType chooses a value type; type indices in it are below end.
func (b *builder) valType(end int) wasm.ValType {
	switch k := b.intn(12); {
	case k >= 8 && b.has(op.FeatureReferenceTypes):
		return b.refType(end)
	case k == 7 && b.has(op.FeatureSIMD):
		return wasm.V128
	default:
		return [...]wasm.ValType{wasm.I32, wasm.I64, wasm.F32, wasm.F64}[k%4]
	}
}

// refType chooses a reference type; a type index in it is below end. Types
// that are not nullable are rarer: all of their values have to be made.
func (b *builder) refType(end int) wasm.ValType {
	heaps := b.heapTypes()
	h := heaps[b.intn(len(heaps))]
	if b.has(op.FeatureFunctionReferences) && b.intn(2) == 0 && end > 0 {
		h = wasm.HeapType(b.intn(end))
	}
	nullable := !b.has(op.FeatureFunctionReferences) || !b.oneIn(4)
	return wasm.Ref(nullable, h)
}

// heapTypes returns the abstract heap types that the proposals allow.
func (b *builder) heapTypes() []wasm.HeapType {
	hs := []wasm.HeapType{wasm.HeapFunc, wasm.HeapExtern}
	if b.has(op.FeatureGC) {
		hs = append(hs, wasm.HeapAny, wasm.HeapEq, wasm.HeapI31, wasm.HeapStruct, wasm.HeapArray,
			wasm.HeapNone, wasm.HeapNoFunc, wasm.HeapNoExtern)
	}
	if b.has(op.FeatureExceptions) {
		hs = append(hs, wasm.HeapExn)
		if b.has(op.FeatureGC) {
			hs = append(hs, wasm.HeapNoExn)
		}
	}
	return hs
}

// refsMatching returns the reference types whose relation to t keep accepts, of
// all abstract heap types and those of the module, with and without null.
func (b *builder) refsMatching(keep func(wasm.ValType) bool) []wasm.ValType {
	var found []wasm.ValType
	add := func(h wasm.HeapType) {
		for _, t := range [...]wasm.ValType{wasm.Ref(true, h), wasm.Ref(false, h)} {
			if (t.Nullable() || b.has(op.FeatureFunctionReferences)) && keep(t) {
				found = append(found, t)
			}
		}
	}
	for _, h := range b.heapTypes() {
		add(h)
	}
	if b.has(op.FeatureFunctionReferences) {
		for x := range b.m.Types {
			add(wasm.HeapType(x))
		}
	}
	return found
}

// funcTypes returns the function types that keep accepts.
func (b *builder) funcTypes(keep func(*wasm.FuncType) bool) []wasm.TypeIdx {
	var found []wasm.TypeIdx
	for x := range b.m.Types {
		if t := &b.m.Types[x]; t.Kind == wasm.KindFunc && keep(&t.Func) {
			found = append(found, wasm.TypeIdx(x))
		}
	}
	return found
}

// compTypes returns the indices of the types of a kind that keep accepts.
func (b *builder) compTypes(kind wasm.CompKind, keep func(*wasm.SubType) bool) []uint32 {
	var found []uint32
	for x := range b.m.Types {
		if t := &b.m.Types[x]; t.Kind == kind && keep(t) {
			found = append(found, uint32(x))
		}
	}
	return found
}

// matchAll says whether each type of as matches that of bs.
func (b *builder) matchAll(as, bs []wasm.ValType) bool {
	if len(as) != len(bs) {
		return false
	}
	for k := range as {
		if !b.info.Subtype(as[k], bs[k]) {
			return false
		}
	}
	return true
}
