package fuzz

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/test/smith"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// texts are small modules by hand, for the corpora.
var texts = []string{
	`(module)`,
	`(func (export "f") (param i32 i64 f32 f64) (result i32) (if (result i32) (local.get 0) (then (i32.const 1)) (else (unreachable))))`,
	`(memory (export "m") 1) (data (i32.const 8) "data") (func (export "f") (i32.store8 (i32.const 65535) (i32.const 1)))`,
	`(table (export "t") 2 funcref) (elem (i32.const 0) 0) (func (export "f") (call_indirect (i32.const 0)))`,
	`(type $s (struct (field (mut i32)))) (global (export "g") (ref $s) (struct.new_default $s)) (func (export "f") (struct.set $s 0 (global.get 0) (i32.const 7)))`,
	`(tag $e (export "e") (param i32)) (func (export "f") (result i32) (block $h (result i32) (try_table (catch $e $h) (throw $e (i32.const 3))) (i32.const 0)))`,
	`(func (export "f") (result v128) (i8x16.add (v128.const i64x2 1 2) (i8x16.splat (i32.const 3))))`,
	`(memory 1 1 shared) (func (export "f") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1))) (start 1) (func (drop (call 0)))`,
	`(import "env" "f" (func)) (export "f" (func 0))`,
	`(func (export "f") (loop (br 0)))`,
	`(func $f (export "f") (call $f))`,
}

// FuzzModule compiles arbitrary bytes, and runs what is a module and imports
// nothing.
func FuzzModule(f *testing.F) {
	for _, src := range texts {
		m, err := text.ParseModule([]byte(src), op.FeaturesAll)
		if err != nil {
			f.Fatalf("%v: %s", err, src)
		}
		f.Add(binary.Encode(m))
		f.Add([]byte(src))
	}
	for seed := range uint64(6) {
		f.Add(smith.Seeded(seed, smith.Config{Features: op.FeaturesAll, Size: 20}))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 64<<10 {
			t.Skip("longer than needed")
		}
		rt := newRuntime(t, false)
		m, err := rt.Compile(context.Background(), bytes.Clone(src))
		if err != nil {
			if !explained(err) {
				t.Errorf("error of type %T: %v", err, err)
			}
			return
		}
		for range m.Imports() {
			return
		}
		same(t, run(t, rt, m, src), run(t, rt, m, src))
	})
}

func explained(err error) bool {
	var (
		decode *wamr.DecodeError
		valid  *wamr.ValidationError
		limit  *wamr.LimitError
		text   *wamr.TextError
	)
	return errors.As(err, &decode) || errors.As(err, &valid) || errors.As(err, &limit) || errors.As(err, &text)
}

// FuzzText prints generated modules and reads them again, which must give the
// same binary.
func FuzzText(f *testing.F) {
	for n := range 6 {
		f.Add(bytes.Repeat([]byte{byte(41 * n), byte(7 * n), 3}, 200*n), n%2 == 0)
	}
	f.Fuzz(func(t *testing.T, entropy []byte, folded bool) {
		if len(entropy) > 16<<10 {
			t.Skip("more bytes than any module of this size takes")
		}
		roundTrip(t, smith.Module(entropy, smith.Config{Features: op.FeaturesAll}), folded)
	})
}

// TestText does the same with seeds.
func TestText(t *testing.T) {
	for seed := range uint64(1000) {
		roundTrip(t, smith.Seeded(seed, smith.Config{Features: op.FeaturesAll}), seed%2 == 0)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// roundTrip prints a module, parses the text and compares the binaries.
func roundTrip(t *testing.T, module []byte, folded bool) {
	t.Helper()
	m, err := binary.Decode(module, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := text.Print(&b, m, text.PrintOptions{Folded: folded}); err != nil {
		t.Fatalf("printing: %v\n%x", err, module)
	}
	again, err := text.ParseModule(b.Bytes(), op.FeaturesAll)
	if err != nil {
		t.Fatalf("parsing what was printed: %v\n%x\n%s", err, module, b.Bytes())
	}
	// What the text format can't express: that there is a data count section,
	// and how locals are put together to runs.
	m.HasDataCount, m.DataCount = again.HasDataCount, again.DataCount
	for k := range m.Code {
		var runs []wasm.Locals
		for _, r := range m.Code[k].Locals {
			if n := len(runs); n > 0 && runs[n-1].Type == r.Type {
				runs[n-1].Count += r.Count
			} else {
				runs = append(runs, r)
			}
		}
		m.Code[k].Locals = runs
	}
	if got, want := binary.Encode(again), binary.Encode(m); !bytes.Equal(got, want) {
		t.Errorf("another binary:\n%x\n%x\n%s", want, got, b.Bytes())
	}
}
