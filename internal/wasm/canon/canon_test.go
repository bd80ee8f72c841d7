package canon_test

import (
	"bytes"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/canon"
)

func identity(x wasm.TypeIdx) uint32 { return uint32(x) }

func key(types []wasm.SubType, start, n uint32) []byte {
	m := &wasm.Module{Types: types}
	return canon.AppendKey(nil, m, wasm.RecGroup{Start: start, Len: n}, identity)
}

func ref(x wasm.TypeIdx) wasm.ValType { return wasm.Ref(true, wasm.HeapType(x)) }

func fn(params, results []wasm.ValType) wasm.SubType {
	return wasm.SubType{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Params: params, Results: results}}
}

func structOf(fields ...wasm.FieldType) wasm.SubType {
	return wasm.SubType{Final: true, Kind: wasm.KindStruct, Fields: fields}
}

func vals(ts ...wasm.ValType) []wasm.ValType { return ts }

// TestEqual has pairs of groups that are the same.
func TestEqual(t *testing.T) {
	list := func(self wasm.TypeIdx) wasm.SubType {
		return structOf(wasm.FieldType{Type: wasm.I32}, wasm.FieldType{Type: ref(self), Mutable: true})
	}
	pair := func(at wasm.TypeIdx) []wasm.SubType {
		return []wasm.SubType{
			fn(vals(ref(at+1)), nil),
			{Supers: []wasm.TypeIdx{at}, Kind: wasm.KindFunc, Func: wasm.FuncType{Params: vals(ref(at))}},
		}
	}
	for _, c := range []struct {
		name  string
		types []wasm.SubType
		a, b  uint32
		n     uint32
	}{
		{"functions", []wasm.SubType{fn(vals(wasm.I32), vals(wasm.F64)), fn(vals(wasm.I32), vals(wasm.F64))}, 0, 1, 1},
		{"function that takes itself", []wasm.SubType{fn(vals(ref(0)), nil), fn(vals(ref(1)), nil)}, 0, 1, 1},
		{"list that refers to itself", []wasm.SubType{list(0), list(1)}, 0, 1, 1},
		{"pairs that refer to each other", append(pair(0), pair(2)...), 0, 2, 2},
		{"references outside", []wasm.SubType{fn(nil, nil), fn(vals(ref(0)), nil), fn(vals(ref(0)), nil)}, 1, 2, 1},
	} {
		if a, b := key(c.types, c.a, c.n), key(c.types, c.b, c.n); !bytes.Equal(a, b) {
			t.Errorf("%s: keys %x and %x differ", c.name, a, b)
		}
	}
}

// TestDifferent has groups each of which differs from all others in one thing.
func TestDifferent(t *testing.T) {
	array := func(f wasm.FieldType) wasm.SubType {
		return wasm.SubType{Final: true, Kind: wasm.KindArray, Fields: []wasm.FieldType{f}}
	}
	open := fn(nil, nil)
	open.Final = false
	sub := fn(nil, nil)
	sub.Supers = []wasm.TypeIdx{0}
	groups := map[string][]wasm.SubType{
		"[] -> []":            {fn(nil, nil)},
		"[i32] -> []":         {fn(vals(wasm.I32), nil)},
		"[] -> [i32]":         {fn(nil, vals(wasm.I32))},
		"[i32 i32] -> []":     {fn(vals(wasm.I32, wasm.I32), nil)},
		"[i32] -> [i32]":      {fn(vals(wasm.I32), vals(wasm.I32))},
		"[i64] -> []":         {fn(vals(wasm.I64), nil)},
		"not final":           {open},
		"with supertype":      {sub},
		"takes itself":        {fn(vals(ref(10)), nil)},
		"takes type 0":        {fn(vals(ref(0)), nil)},
		"takes non-null 0":    {fn(vals(wasm.Ref(false, 0)), nil)},
		"takes any":           {fn(vals(wasm.AnyRef), nil)},
		"takes non-null any":  {fn(vals(wasm.Ref(false, wasm.HeapAny)), nil)},
		"two":                 {fn(nil, nil), fn(nil, nil)},
		"two, second i32":     {fn(nil, nil), fn(vals(wasm.I32), nil)},
		"takes second":        {fn(vals(ref(11)), nil), fn(nil, nil)},
		"takes first":         {fn(vals(ref(10)), nil), fn(nil, nil)},
		"empty struct":        {structOf()},
		"struct of i32":       {structOf(wasm.FieldType{Type: wasm.I32})},
		"struct of mut i32":   {structOf(wasm.FieldType{Type: wasm.I32, Mutable: true})},
		"struct of i8":        {structOf(wasm.FieldType{Type: wasm.I8})},
		"struct of two i32":   {structOf(wasm.FieldType{Type: wasm.I32}, wasm.FieldType{Type: wasm.I32})},
		"array of i32":        {array(wasm.FieldType{Type: wasm.I32})},
		"array of mut i32":    {array(wasm.FieldType{Type: wasm.I32, Mutable: true})},
		"array of eq":         {array(wasm.FieldType{Type: wasm.EqRef})},
		"array of type 9":     {array(wasm.FieldType{Type: ref(9)})},
		"array of arrays":     {array(wasm.FieldType{Type: ref(10)})},
		"struct, then func":   {structOf(), fn(nil, nil)},
		"func, then struct":   {fn(nil, nil), structOf()},
		"two structs, swap":   {structOf(wasm.FieldType{Type: ref(11)}), structOf(wasm.FieldType{Type: ref(10)})},
		"two structs, direct": {structOf(wasm.FieldType{Type: ref(10)}), structOf(wasm.FieldType{Type: ref(11)})},
	}
	before := make([]wasm.SubType, 10) // types 0 to 9, outside of the groups
	for i := range before {
		before[i] = fn(nil, nil)
	}
	seen := map[string]string{}
	for name, g := range groups {
		k := string(key(append(before[:10:10], g...), 10, uint32(len(g))))
		if other, dup := seen[k]; dup {
			t.Errorf("%q and %q have the same key %x", name, other, k)
		}
		seen[k] = name
	}
}

// TestIdentity checks that types outside the group count by what id says.
func TestIdentity(t *testing.T) {
	m := &wasm.Module{Types: []wasm.SubType{fn(nil, nil), fn(nil, nil), fn(vals(ref(0)), nil), fn(vals(ref(1)), nil)}}
	same := func(wasm.TypeIdx) uint32 { return 1 << 31 }
	a := canon.AppendKey(nil, m, wasm.RecGroup{Start: 2, Len: 1}, same)
	b := canon.AppendKey(nil, m, wasm.RecGroup{Start: 3, Len: 1}, same)
	if !bytes.Equal(a, b) {
		t.Errorf("keys %x and %x differ although the outer types are the same", a, b)
	}
	a = canon.AppendKey(nil, m, wasm.RecGroup{Start: 2, Len: 1}, identity)
	if b = canon.AppendKey(nil, m, wasm.RecGroup{Start: 3, Len: 1}, identity); bytes.Equal(a, b) {
		t.Error("keys are equal although the outer types differ")
	}
}

func TestAppends(t *testing.T) {
	m := &wasm.Module{Types: []wasm.SubType{fn(nil, nil)}}
	if b := canon.AppendKey([]byte("ab"), m, wasm.RecGroup{Len: 1}, identity); string(b[:2]) != "ab" || len(b) <= 2 {
		t.Errorf("got %q", b)
	}
}

// TestNoAllocation holds the fast path to a buffer that is large enough.
func TestNoAllocation(t *testing.T) {
	m := &wasm.Module{Types: []wasm.SubType{fn(vals(wasm.I32, ref(0)), vals(wasm.I64))}}
	b := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { b = canon.AppendKey(b[:0], m, wasm.RecGroup{Len: 1}, identity) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
