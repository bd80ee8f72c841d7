package valid

import "github.com/wamr-go/wamr/internal/wasm"

// Subtype says whether value type a matches b. Type indices in both are those
// of the module and must be valid.
func (i *Info) Subtype(a, b wasm.ValType) bool {
	return a == b || wasm.Matches(i, a, b)
}

// HeapSubtype says whether heap type a matches b. Type indices in both are
// those of the module and must be valid. It takes at most
// wasm.MaxSubtypeDepth steps.
func (i *Info) HeapSubtype(a, b wasm.HeapType) bool { return wasm.MatchesHeap(i, a, b) }

// Kind implements wasm.Definitions.
func (i *Info) Kind(x wasm.TypeIdx) wasm.CompKind { return i.Module.Types[x].Kind }

// Extends implements wasm.Definitions: it says whether defined type x is y or a
// declared subtype of it.
func (i *Info) Extends(x, y wasm.TypeIdx) bool {
	if i.depth[x] < i.depth[y] {
		return false
	}
	c := i.Canon[x]
	for n := i.depth[x] - i.depth[y]; n > 0; n-- {
		c = i.super[c]
	}
	return c == i.Canon[y]
}

// Top returns the topmost heap type of h's hierarchy: any, func, extern or exn.
func (i *Info) Top(h wasm.HeapType) wasm.HeapType {
	if x, ok := h.Concrete(); ok {
		if i.Module.Types[x].Kind == wasm.KindFunc {
			return wasm.HeapFunc
		}
		return wasm.HeapAny
	}
	switch h {
	case wasm.HeapFunc, wasm.HeapNoFunc:
		return wasm.HeapFunc
	case wasm.HeapExtern, wasm.HeapNoExtern:
		return wasm.HeapExtern
	case wasm.HeapExn, wasm.HeapNoExn:
		return wasm.HeapExn
	}
	return wasm.HeapAny
}

// subtypes says whether the types in a match those in b one by one.
func (i *Info) subtypes(a, b []wasm.ValType) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if a[k] != b[k] && !i.Subtype(a[k], b[k]) {
			return false
		}
	}
	return true
}

// fieldSubtype says whether field type a matches b.
func (i *Info) fieldSubtype(a, b wasm.FieldType) bool {
	if a.Mutable != b.Mutable || !i.Subtype(a.Type, b.Type) {
		return false
	}
	return !a.Mutable || i.Subtype(b.Type, a.Type)
}

// compSubtype says whether the composite type of a matches that of b.
func (i *Info) compSubtype(a, b *wasm.SubType) bool {
	if a.Kind != b.Kind {
		return false
	}
	if a.Kind == wasm.KindFunc {
		return i.subtypes(b.Func.Params, a.Func.Params) && i.subtypes(a.Func.Results, b.Func.Results)
	}
	if len(a.Fields) < len(b.Fields) {
		return false
	}
	for k := range b.Fields {
		if !i.fieldSubtype(a.Fields[k], b.Fields[k]) {
			return false
		}
	}
	return true
}
