// Package canon gives types an identity. Two recursion groups are the same
// exactly if they have the same structure, references within the group taken by
// their position in it (iso-recursive equivalence); their keys then are equal
// byte strings. Package valid uses keys within a module, package vm within a
// runtime.
//
// It is pure: no state, no I/O. Specification: chapter "Validation", sections
// "Rolling and Unrolling" and "Defined Types".
package canon

import (
	"encoding/binary"

	"github.com/wamr-go/wamr/internal/wasm"
)

// Bytes that begin the parts of a key. They are no binary codes of types.
const (
	keyFunc     = 0x01 // a group of one final function type without supertype
	keyGroup    = 0x02 // any other group
	keyInside   = 0x03 // a type of the group, by position
	keyOutside  = 0x04 // a type outside of it, by id
	keyFinal    = 0x01
	keySuper    = 0x02
	keyMutable  = 0x01
	keyNullable = 0x63
	keyNonNull  = 0x64
)

// AppendKey appends the key of recursion group g of m to b. For each type index
// outside the group, id gives the identity of the type, the same number for
// equal types and different numbers for different ones. All type indices that
// occur must be valid.
//
// The key is unambiguous for a fixed meaning of id. Its length is linear in the
// size of the group's definition.
func AppendKey(b []byte, m *wasm.Module, g wasm.RecGroup, id func(wasm.TypeIdx) uint32) []byte {
	k := keyer{start: g.Start, len: g.Len, id: id}
	if g.Len == 1 {
		if t := &m.Types[g.Start]; t.Kind == wasm.KindFunc && t.Final && len(t.Supers) == 0 {
			return k.funcType(append(b, keyFunc), &t.Func)
		}
	}
	b = binary.AppendUvarint(append(b, keyGroup), uint64(g.Len))
	for i := range m.Types[g.Start : g.Start+g.Len] {
		b = k.subType(b, &m.Types[int(g.Start)+i])
	}
	return b
}

// keyer knows what is inside the group.
type keyer struct {
	start, len uint32
	id         func(wasm.TypeIdx) uint32
}

func (k *keyer) subType(b []byte, t *wasm.SubType) []byte {
	var flags byte
	if t.Final {
		flags |= keyFinal
	}
	if len(t.Supers) > 0 {
		flags |= keySuper
	}
	b = append(b, flags, byte(t.Kind))
	if len(t.Supers) > 0 {
		b = binary.AppendUvarint(b, uint64(len(t.Supers)))
		for _, x := range t.Supers {
			b = k.index(b, x)
		}
	}
	if t.Kind == wasm.KindFunc {
		return k.funcType(b, &t.Func)
	}
	b = binary.AppendUvarint(b, uint64(len(t.Fields)))
	for _, f := range t.Fields {
		var mutable byte
		if f.Mutable {
			mutable = keyMutable
		}
		b = k.valType(append(b, mutable), f.Type)
	}
	return b
}

func (k *keyer) funcType(b []byte, t *wasm.FuncType) []byte {
	b = binary.AppendUvarint(b, uint64(len(t.Params)))
	for _, p := range t.Params {
		b = k.valType(b, p)
	}
	b = binary.AppendUvarint(b, uint64(len(t.Results)))
	for _, r := range t.Results {
		b = k.valType(b, r)
	}
	return b
}

func (k *keyer) valType(b []byte, t wasm.ValType) []byte {
	if !t.IsRef() {
		return append(b, byte(t))
	}
	if t.Nullable() {
		b = append(b, keyNullable)
	} else {
		b = append(b, keyNonNull)
	}
	h := t.Heap()
	if x, ok := h.Concrete(); ok {
		return k.index(b, x)
	}
	return append(b, h.Code())
}

func (k *keyer) index(b []byte, x wasm.TypeIdx) []byte {
	// An index below start wraps around to a large number, which is outside.
	if rel := uint32(x) - k.start; rel < k.len {
		return binary.AppendUvarint(append(b, keyInside), uint64(rel))
	}
	return binary.AppendUvarint(append(b, keyOutside), uint64(k.id(x)))
}
