package binary

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
)

// plain returns a copy of m without what depends on the exact bytes: offsets,
// forms of the same meaning, and between which empty sections a custom section
// is.
func plain(m *wasm.Module) *wasm.Module {
	c := *m
	c.Bytes = nil
	expr := func(e *wasm.Expr) { e.Offset = 0 }
	c.Imports = append([]wasm.Import(nil), m.Imports...)
	for i := range c.Imports {
		c.Imports[i].Offset = 0
	}
	c.Types = append([]wasm.SubType(nil), m.Types...)
	for i := range c.Types {
		t := &c.Types[i]
		if len(t.Supers) == 0 {
			t.Supers = nil
		}
	}
	c.Funcs = append([]wasm.TypeIdx(nil), m.Funcs...)
	c.Tags = append([]wasm.TypeIdx(nil), m.Tags...)
	c.Memories = append([]wasm.MemType(nil), m.Memories...)
	c.RecGroups = append([]wasm.RecGroup(nil), m.RecGroups...)
	c.Tables = append([]wasm.Table(nil), m.Tables...)
	for i := range c.Tables {
		expr(&c.Tables[i].Init)
	}
	c.Globals = append([]wasm.Global(nil), m.Globals...)
	for i := range c.Globals {
		expr(&c.Globals[i].Init)
	}
	c.Exports = append([]wasm.Export(nil), m.Exports...)
	for i := range c.Exports {
		c.Exports[i].Offset = 0
	}
	c.Elems = append([]wasm.Elem(nil), m.Elems...)
	for i := range c.Elems {
		e := &c.Elems[i]
		e.Offset = 0
		expr(&e.At)
		e.Exprs = append([]wasm.Expr(nil), e.Exprs...)
		for j := range e.Exprs {
			expr(&e.Exprs[j])
		}
	}
	c.Data = append([]wasm.Data(nil), m.Data...)
	for i := range c.Data {
		c.Data[i].Offset = 0
		expr(&c.Data[i].At)
	}
	c.Code = append([]wasm.Code(nil), m.Code...)
	for i := range c.Code {
		c.Code[i].Offset, c.Code[i].Start = 0, 0
	}
	c.Customs = append([]wasm.Custom(nil), m.Customs...)
	for i := range c.Customs {
		c.Customs[i].Offset, c.Customs[i].After = 0, 0
	}
	c.Index()
	return &c
}

// checkRoundTrip checks that m survives encoding and decoding, and that
// encoding the result gives the same bytes again.
func checkRoundTrip(t testing.TB, where string, m *wasm.Module, features wasm.Feature) {
	t.Helper()
	b := Encode(m)
	m2, err := Decode(b, features)
	if err != nil {
		t.Errorf("%s: decoding what was encoded: %v\n% x", where, err, b)
		return
	}
	if !reflect.DeepEqual(plain(m), plain(m2)) {
		t.Errorf("%s: changed:\n%+v\n%+v", where, plain(m), plain(m2))
	}
	if b2 := Encode(m2); !bytes.Equal(b, b2) {
		t.Errorf("%s: encoding isn't stable:\n% x\n% x", where, b, b2)
	}
}
