package text_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/custom"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

const printed = `(module $m
  (import "env" "log" (func $log (param $msg i32)))
  (memory $mem 1)
  (table $t 2 funcref)
  (type $pair (struct (field $a i32) (field (mut i64))))
  (elem (i32.const 0) $f $log)
  (func $f (@name "λ") (export "f") (param $n i32) (param i32) (result i32) (local $i i32) (local i64 i64)
    (block $out
      (loop $again
        (br_if $out (i32.ge_u (local.get $i) (local.get $n)))
        (call $log (local.get $i))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $again)))
    (if $out (result i32) (local.get 1)
      (then (i32.load offset=4 (local.get $n)))
      (else (@metadata.code.branch_hint "\01") (if $out (i32.const 0) (then nop)) (f32.const 1.5) (drop) (struct.get $pair $a (ref.null $pair)))))
  (data (i32.const 8) "a\00\"")
  (@custom "note" "x"))`

const printedFlat = `(module $m
  (type $pair (struct (field $a i32) (field (mut i64))))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32 i32) (result i32)))
  (import "env" "log" (func $log (type 1) (param $msg i32)))
  (table $t 2 funcref)
  (memory $mem 1)
  (export "f" (func $"λ"))
  (elem (;0;) (i32.const 0) func $"λ" $log)
  (func $"λ" (type 2) (param $n i32) (param i32) (result i32)
    (local $i i32) (local i64 i64)
    block $out
      loop $again
        local.get $i
        local.get $n
        i32.ge_u
        br_if $out
        local.get $i
        call $log
        local.get $i
        i32.const 1
        i32.add
        local.set $i
        br $again
      end
    end
    local.get 1
    if $out#2 (@name "out") (result i32)
      local.get $n
      i32.load offset=4
    else
      i32.const 0
      (@metadata.code.branch_hint "\01") if $out#3 (@name "out")
        nop
      end
      f32.const 1.5
      drop
      ref.null $pair
      struct.get $pair $a
    end)
  (data (;0;) (i32.const 8) "a\00\"")
  (@custom "note" (after data) "x"))
`

const printedFolded = `  (func $"λ" (type 2) (param $n i32) (param i32) (result i32)
    (local $i i32) (local i64 i64)
    (block $out
      (loop $again
        (br_if $out (i32.ge_u (local.get $i) (local.get $n)))
        (call $log (local.get $i))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $again)))
    (if $out#2 (@name "out") (result i32)
      (local.get 1)
      (then (i32.load offset=4 (local.get $n)))
      (else
        (@metadata.code.branch_hint "\01") (if $out#3 (@name "out")
          (i32.const 0)
          (then (nop)))
        (drop (f32.const 1.5))
        (struct.get $pair $a (ref.null $pair)))))
`

// TestPrinted checks what people read, in both styles.
func TestPrinted(t *testing.T) {
	m, err := text.ParseModule([]byte(printed), op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	section, _ := m.Custom("name")
	names, err := custom.DecodeNames(section)
	if err != nil {
		t.Fatal(err)
	}
	section, _ = m.Custom("metadata.code.branch_hint")
	hints, err := custom.DecodeBranchHints(section)
	if err != nil {
		t.Fatal(err)
	}
	print := func(folded bool) string {
		var out bytes.Buffer
		if err := text.Print(&out, m, text.PrintOptions{Names: names, Hints: hints, Folded: folded}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := print(false); got != printedFlat {
		t.Errorf("flat:\n%s", got)
	}
	if got := print(true); !bytes.Contains([]byte(got), []byte(printedFolded)) {
		t.Errorf("folded:\n%s", got)
	}
}

// TestPrintMalformed checks that code that is not well-formed is an error, in
// both styles.
func TestPrintMalformed(t *testing.T) {
	for name, body := range map[string][]byte{
		"unknown opcode":  {0xFF, 0x0B},
		"cut immediate":   {0x41},
		"early end":       {0x0B, 0x01, 0x0B},
		"else outside":    {0x05, 0x0B},
		"open block":      {0x02, 0x40, 0x05, 0x0B, 0x0B},
		"catch outside":   {0x19, 0x0B},
		"delegate":        {0x18, 0x00, 0x0B},
		"no end":          {0x01},
		"no inner end":    {0x02, 0x40, 0x0B},
		"two elses":       {0x41, 0x00, 0x04, 0x40, 0x05, 0x05, 0x0B, 0x0B},
		"catch after all": {0x06, 0x40, 0x19, 0x19, 0x0B, 0x0B},
	} {
		m := &wasm.Module{Funcs: []wasm.TypeIdx{0}, Code: []wasm.Code{{Body: body}}}
		m.Index()
		for _, folded := range []bool{false, true} {
			var out bytes.Buffer
			err := text.Print(&out, m, text.PrintOptions{Folded: folded})
			var e *wasm.DecodeError
			if !errors.As(err, &e) {
				t.Errorf("%s, folded %v: %v", name, folded, err)
			}
		}
	}
}
