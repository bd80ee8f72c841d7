package wamr_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/wamr-go/wamr"
)

const externsModule = `(module $externs
	(import "env" "f" (func (param i32) (result i64)))
	(import "env" "t" (table 1 2 funcref))
	(import "env" "m" (memory 1 2))
	(import "env" "g" (global (mut i32)))
	(import "env" "x" (tag (param i32)))
	(func $named (export "f2") (result f32) (f32.const 1))
	(func (export "f3"))
	(func)
	(table (export "t2") i64 3 externref)
	(memory (export "m2") i64 1 3 shared)
	(global (export "g2") f64 (f64.const 1))
	(tag (export "x2") (param f32)))`

func TestModuleTypes(t *testing.T) {
	mod := compile(t, newRuntime(t, wamr.Config{}), externsModule)
	var have []string
	for im := range mod.Imports() {
		have = append(have, im.Module+"."+im.Name+" "+im.Type.String())
	}
	equal(t, "imports", have, []string{
		"env.f func [i32] -> [i64]", "env.t table 1 2 funcref", "env.m memory 1 2",
		"env.g global (mut i32)", "env.x tag [i32] -> []",
	})
	have = nil
	for ex := range mod.Exports() {
		have = append(have, ex.Name+" "+ex.Type.String())
	}
	equal(t, "exports", have, []string{
		"f2 func [] -> [f32]", "f3 func [] -> []", "t2 table i64 3 externref", "m2 memory i64 1 3 shared",
		"g2 global f64", "x2 tag [f32] -> []",
	})
	for range mod.Imports() {
		break // iterators may be left early
	}
	for range mod.Exports() {
		break
	}
	ex, ok := mod.Export("g2")
	if !ok || ex.Kind != wamr.ExternGlobal || ex.Global.Type != wamr.TypeF64 || ex.Global.Mutable {
		t.Errorf("export g2: %v %v", ex, ok)
	}
	if _, ok := mod.Export("nope"); ok {
		t.Error("there is an export nope")
	}
	equal(t, "module name", mod.Name(), "externs")
	equal(t, "name of an import", mod.FuncName(0), "")
	equal(t, "name from the name section", mod.FuncName(1), "named")
	equal(t, "name from an export", mod.FuncName(2), "f3")
	equal(t, "no name", mod.FuncName(3), "")
	equal(t, "index out of range", mod.FuncName(1<<31), "")
	equal(t, "functions", mod.Stats().Functions, 3)
}

func TestModuleBinary(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	mod := compile(t, rt, externsModule)
	b, err := mod.MarshalBinary()
	noError(t, err)
	again := compile(t, rt, string(b))
	if !bytes.Equal(again.Binary(), b) {
		t.Error("the binary of a binary is another")
	}
	m, err := again.MarshalBinary()
	noError(t, err)
	m[0] = 1
	if again.Binary()[0] == 1 {
		t.Error("MarshalBinary aliases the module")
	}
	for _, folded := range []bool{false, true} {
		var text bytes.Buffer
		noError(t, again.WriteText(&text, wamr.TextOptions{Folded: folded}))
		if !bytes.Equal(compile(t, rt, text.String()).Binary(), b) {
			t.Errorf("folded %v: text does not give the same module:\n%s", folded, &text)
		}
	}
	fail := errors.New("full")
	wantIs(t, again.WriteText(failingWriter{fail}, wamr.TextOptions{}), fail)
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestModuleCustomSections(t *testing.T) {
	mod := compile(t, newRuntime(t, wamr.Config{}), "\x00asm\x01\x00\x00\x00\x00\x04\x01aXY\x00\x03\x01bZ\x00\x03\x01aQ")
	data, ok := mod.Custom("a")
	if !ok || string(data) != "XY" {
		t.Errorf("a: %q %v", data, ok)
	}
	if _, ok := mod.Custom("c"); ok {
		t.Error("there is a section c")
	}
	var all []string
	for name, data := range mod.CustomSections() {
		all = append(all, name+"="+string(data))
	}
	if !slices.Equal(all, []string{"a=XY", "b=Z", "a=Q"}) {
		t.Errorf("sections: %v", all)
	}
	for range mod.CustomSections() {
		break
	}
}

// A malformed name section is no error of the module.
func TestModuleBrokenNames(t *testing.T) {
	mod := compile(t, newRuntime(t, wamr.Config{}), "\x00asm\x01\x00\x00\x00\x00\x09\x04name\x00\xff\xff\xff")
	equal(t, "name", mod.Name(), "")
	equal(t, "function", mod.FuncName(0), "")
}
