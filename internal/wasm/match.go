package wasm

// Definitions says what type indices in value types refer to. Indices are
// those of a module during validation, and canonical ones at run time.
type Definitions interface {
	// Kind returns the kind of composite type that x is.
	Kind(x TypeIdx) CompKind
	// Extends says whether x is y or declared, directly or not, as its subtype.
	Extends(x, y TypeIdx) bool
}

// Matches says whether value type a is a subtype of b. Specification: section
// "Matching".
func Matches(d Definitions, a, b ValType) bool {
	if a == b || a == Bottom {
		return true
	}
	if !a.IsRef() || !b.IsRef() || a.Nullable() && !b.Nullable() {
		return false
	}
	return MatchesHeap(d, a.Heap(), b.Heap())
}

// MatchesHeap says whether heap type a is a subtype of b.
func MatchesHeap(d Definitions, a, b HeapType) bool {
	if a == b || a == HeapBottom {
		return true
	}
	x, aConcrete := a.Concrete()
	y, bConcrete := b.Concrete()
	switch {
	case aConcrete && bConcrete:
		return d.Extends(x, y)
	case aConcrete:
		switch d.Kind(x) {
		case KindFunc:
			return b == HeapFunc
		case KindStruct:
			return b == HeapStruct || b == HeapEq || b == HeapAny
		}
		return b == HeapArray || b == HeapEq || b == HeapAny
	case bConcrete:
		if d.Kind(y) == KindFunc {
			return a == HeapNoFunc
		}
		return a == HeapNone
	}
	switch a {
	case HeapNone:
		return b == HeapI31 || b == HeapStruct || b == HeapArray || b == HeapEq || b == HeapAny
	case HeapI31, HeapStruct, HeapArray:
		return b == HeapEq || b == HeapAny
	case HeapEq:
		return b == HeapAny
	case HeapNoFunc:
		return b == HeapFunc
	case HeapNoExtern:
		return b == HeapExtern
	case HeapNoExn:
		return b == HeapExn
	}
	return false
}
