package text_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/test/suite"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/wasm/custom"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// seeds returns small texts that have a bit of everything.
var seeds = []string{
	`(module $m (type $t (func (param i32) (result i32))) (func $f (export "f") (type $t) (local $x i64) (local.get 0)))`,
	`(rec (type $a (sub (struct (field $x (mut i8)) (field (ref null $b))))) (type $b (sub final $a (struct (field i8) (field anyref)))))`,
	`(func (if $l (result i32) (i32.const 0) (then (br $l (i32.const 1))) (else unreachable)) (drop))`,
	`(memory $m i64 1 2 shared (pagesize 1)) (data (memory $m) (offset i64.const 0) "\00\ff\u{7f}")`,
	`(table 1 2 (ref null func) (ref.null func)) (elem (i32.const 0) func 0) (elem declare funcref (ref.func 0)) (func)`,
	`(tag $e (param i32)) (func (block $h (result i32) (try_table (catch $e $h)) (i32.const 0)) (drop) try catch_all rethrow 0 end)`,
	`(@custom "x" (after first) "y") (func (@name "n") (@metadata.code.branch_hint "\01") (if (i32.const 0) (then)))`,
	`(global f32 (f32.const -nan:0x1)) (global v128 (v128.const f64x2 0x1.8p-3 inf)) (; (; ;) ;) ;; x`,
	`(module definition $d) (assert_return (invoke "f" (i32.const 1)) (f32.const nan:canonical))`,
	`(module quote "(func)") (module binary "\00asm") (assert_malformed (module quote "x") "unknown operator")`,
	`(func (call_indirect 1 (param i32)) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15) (v128.load8_lane offset=1 2))`,
}

func addSeeds(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	if root, ok := suite.Find(); ok {
		files, _ := filepath.Glob(filepath.Join(root, "[a-ce-h]*.wast"))
		for _, path := range files {
			if src, err := os.ReadFile(path); err == nil && len(src) < 1<<14 {
				f.Add(src)
			}
		}
	}
}

// FuzzParseModule checks that any text gives a module or an error, and that a
// module survives printing: in both styles, with names as identifiers and
// without.
func FuzzParseModule(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := text.ParseModule(src, op.FeaturesAll)
		if err != nil {
			return
		}
		want := binary.Encode(m)
		styles := []text.PrintOptions{{}, {Folded: true}}
		if section, ok := m.Custom("name"); ok && !bytes.Contains(src, []byte("custom")) {
			names, err := custom.DecodeNames(section)
			if err != nil {
				t.Fatal(err)
			}
			styles = append(styles, text.PrintOptions{Names: names}, text.PrintOptions{Names: names, Folded: true})
		}
		for _, style := range styles {
			var out bytes.Buffer
			if err := text.Print(&out, m, style); err != nil {
				t.Fatalf("not printed: %v", err)
			}
			m2, err := text.ParseModule(out.Bytes(), op.FeaturesAll)
			if err != nil {
				t.Fatalf("%v in\n%s", err, out.Bytes())
			}
			if !bytes.Equal(binary.Encode(m2), want) {
				t.Fatalf("changed by printing:\n%s", out.Bytes())
			}
		}
	})
}

// FuzzScript checks that any text gives a script or an error, and so do its
// modules.
func FuzzScript(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		script, err := text.ParseScript(src)
		if err != nil {
			return
		}
		for i := range script.Commands {
			if m := script.Commands[i].Module; m != nil && m.Form != text.FormBinary {
				m.Parse(op.FeaturesAll)
			}
		}
	})
}

// BenchmarkParse parses the largest scripts of the suite with their modules.
func BenchmarkParse(b *testing.B) {
	root := suite.Dir(b)
	for _, name := range []string{"simd_f32x4_cmp.wast", "br_table.wast", "memory_copy.wast", "left-to-right.wast"} {
		src, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				s, err := text.ParseScript(src)
				if err != nil {
					b.Fatal(err)
				}
				for i := range s.Commands {
					if m := s.Commands[i].Module; m != nil && m.Form == text.FormText {
						m.Parse(op.FeaturesAll)
					}
				}
			}
		})
	}
}
