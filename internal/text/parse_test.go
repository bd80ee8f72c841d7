package text

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

func parse(t *testing.T, src string) *wasm.Module {
	t.Helper()
	m, err := ParseModule([]byte(src), op.FeaturesAll)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return m
}

// TestBodies checks the binary form of code, in hexadecimal without the final
// end, for the flat and folded writings of the same.
func TestBodies(t *testing.T) {
	const prelude = "(type $v (func)) (type $b (func (param i32) (result i32))) (memory 1) (memory $m2 1)" +
		"(table $t 1 funcref) (table $t2 1 funcref) (tag $e) (elem $seg func) (data $d \"\") (global $g (mut i32) (i32.const 0))" +
		"(type $s (struct (field $x i32) (field i8) (field $y (mut i64))))"
	for _, c := range []struct{ want, src string }{
		{"", ""},
		{"01 01", "nop (nop)"},
		{"41 01 41 02 6a 1a", "i32.const 1 i32.const 2 i32.add drop"},
		{"41 01 41 02 6a 1a", "(drop (i32.add (i32.const 1) (i32.const 2)))"},
		{"41 01 41 02 6a 1a", "(i32.const 1) (drop (i32.add (i32.const 2)))"},
		{"02 40 0c 00 0b", "(block $a (br $a))"},
		{"02 7f 41 00 0b 1a", "block (result i32) i32.const 0 end drop"},
		{"41 00 02 01 0b 1a", "(i32.const 0) (block (type $b)) drop"},
		{"41 00 03 01 0b 1a", "(i32.const 0) (loop (param i32) (result i32)) drop"},
		{"41 00 04 40 01 05 01 01 0b", "(if (i32.const 0) (then (nop)) (else (nop) (nop)))"},
		{"41 00 04 40 01 05 01 01 0b", "i32.const 0 if $l nop else $l nop nop end $l"},
		{"41 00 04 40 05 0b", "(if (i32.const 0) (then) (else))"},
		// The condition is outside of the scope of the label.
		{"02 40 41 00 0d 00 41 01 04 40 0c 00 0b 0b", "(block $l (if $l (br_if $l (i32.const 0)) (i32.const 1) (then (br $l))))"},
		{"02 40 02 40 02 40 0c 02 0b 0c 00 0b 0c 00 0b", "block $a block $b block $c br $a end br $b end br $a end"},
		{"02 40 02 40 0c 00 0b 0c 00 0b", "(block $a (block $a (br $a)) (br $a))"},
		{"41 00 0e 02 00 00 00", "(br_table 0 0 0 (i32.const 0))"},
		{"41 00 11 01 00", "(call_indirect (type $b) (i32.const 0))"},
		{"41 00 11 01 01", "(call_indirect $t2 (param i32) (result i32) (i32.const 0))"},
		{"28 02 00 28 42 01 08 28 00 ff ff ff ff ff 1f", "i32.load i32.load $m2 offset=8 i32.load offset=0xff_ffff_ffff align=1"},
		{"fd 54 00 00 03 fd 54 40 01 00 02", "v128.load8_lane 3 v128.load8_lane 1 2"},
		{"fd 54 40 01 08 02", "v128.load8_lane $m2 offset=8 2"},
		{"3f 00 3f 01 fc 0b 01", "memory.size memory.size 1 memory.fill $m2"},
		{"fc 0a 00 00 fc 0a 01 00", "memory.copy memory.copy $m2 0"},
		{"fc 08 00 00 fc 08 00 01", "memory.init $d memory.init $m2 $d"},
		{"fc 0c 00 00 fc 0c 00 01 fc 0e 00 01", "table.init $seg table.init $t2 0 table.copy 0 1"},
		{"1b 1c 01 7f 1c 00", "select select (result i32) select (result)"},
		{"d0 70 d0 00 fb 14 6e fb 15 6c fb 17 00", "ref.null func ref.null $v ref.test (ref any) ref.test i31ref (ref.cast (ref null 0))"},
		{"fb 18 02 00 6e 6c", "br_on_cast 0 (ref any) i31ref"},
		{"fb 02 02 00 fb 05 02 02 fb 04 02 01", "struct.get $s $x struct.set $s $y struct.get_u $s 1"},
		{"1f 40 02 00 00 00 03 00 0b", "(try_table (catch $e 0) (catch_all_ref 0))"},
		{"02 40 1f 40 01 02 00 0c 00 0b 0b", "(block $l (try_table $l (catch_all $l) (br $l)))"},
		{"06 40 01 07 00 01 19 01 0b", "(try (do nop) (catch $e nop) (catch_all nop))"},
		{"06 40 01 07 00 01 19 01 0b", "try $l nop catch 0 nop catch_all nop end $l"},
		{"02 40 06 40 01 18 00 0b", "(block $l (try $l (do nop) (delegate $l)))"},
		{"02 40 06 40 01 18 00 0b", "block $l try $l nop delegate $l end"},
		{"fd 0c 01 00 ff ff 00 80 00 00 00 00 00 00 00 00 00 00", "v128.const i16x8 1 -1 0x8000 0 0 0 0 0"},
		{"43 00 00 c0 7f 44 00 00 00 00 00 00 f0 bf", "f32.const nan f64.const -1"},
		{"fe 03 00 fe 10 02 00", "atomic.fence i32.atomic.load"},
	} {
		m := parse(t, prelude+"(func "+c.src+")")
		body := m.Code[0].Body
		if got := fmt.Sprintf("% x", body[:len(body)-1]); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}

// TestImplicitTypes checks that type uses find the right definitions and add
// theirs after all others in the order of the text.
func TestImplicitTypes(t *testing.T) {
	m := parse(t, `(module
		(func $a (result f64) (block (param i32) (result i32 i32)) unreachable)
		(rec (type (func (param f32))))
		(type (sub (func (param i64))))
		(func $b (param i64)) (func $c (param f32)) (func $d (param i32)) (func $e (result f64) unreachable)
		(rec (type (func (param f64))) (type (func)))
		(func $f (param f64))
		(type $late (func (param i32))))`)
	want := []wasm.TypeIdx{5, 7, 0, 4, 5, 8}
	if fmt.Sprint(m.Funcs) != fmt.Sprint(want) {
		t.Errorf("types of functions %v, want %v", m.Funcs, want)
	}
	if len(m.Types) != 9 || len(m.Types[6].Func.Results) != 2 {
		t.Errorf("%d types, want 9; type 6 is %v", len(m.Types), &m.Types[6].Func)
	}
}

// TestIndices checks that inline definitions count in their index spaces.
func TestIndices(t *testing.T) {
	m := parse(t, `(module
		(func $i (import "m" "f"))
		(import "m" "g" (global $gi i32))
		(table $t0 funcref (elem $f $i))
		(memory $m0 (data "ab" "c"))
		(elem $e declare func $f)
		(data $d "x")
		(memory $m1 (export "m1") i64 (data))
		(func $f (export "f") (export "g") (elem.drop $e) (data.drop $d) (memory.size $m1) (drop)))`)
	if got := fmt.Sprintf("% x", m.Code[0].Body); got != "fc 0d 01 fc 09 01 3f 01 1a 0b" {
		t.Errorf("body %s", got)
	}
	if len(m.Exports) != 3 || m.Exports[2].Index != 1 || m.Exports[0].Index != 1 {
		t.Errorf("exports %+v", m.Exports)
	}
	if m.Memories[0].Min != 1 || !m.Memories[0].HasMax || m.Memories[1].Min != 0 || !m.Memories[1].Addr64 {
		t.Errorf("memories %+v", m.Memories)
	}
	if d := &m.Data[2]; d.Mem != 1 || fmt.Sprintf("% x", d.At.Bytes) != "42 00 0b" {
		t.Errorf("data %+v", d)
	}
	if !m.HasDataCount || m.DataCount != 3 {
		t.Errorf("data count %v %d", m.HasDataCount, m.DataCount)
	}
}

// TestErrors checks messages and positions.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"(module", "1:8: unexpected token: end of text, expected )"},
		{"(module))", "1:9: unexpected token ), expected end of text"},
		{"(module\n  (func\n    i32.foo))", "3:5: unknown operator i32.foo"},
		{"(func br $l)", "1:10: unknown label $l"},
		{"(func local.get $x)", "1:17: unknown local $x"},
		{"(func call $x)", "1:12: unknown func $x"},
		{"(func (param $x i32) (local $x i32))", "1:29: duplicate local $x"},
		{"(func block)", "1:12: unexpected token ), expected end"},
		{"(func end)", "1:7: unexpected token end, expected instruction"},
		{"(func (i32.add i32.const 0))", "1:16: unexpected token i32.const, expected folded instruction"},
		{"(func (if (i32.const 0)))", "1:24: unexpected token ), expected (then"},
		{"(func i32.const 0x1_0000_0000)", "1:17: constant out of range"},
		{"(func i32.load align=3)", "1:16: alignment must be a power of two"},
		{"(func block $a end $b)", "1:20: mismatching label"},
		{"(func (type 9) (param i32))", "1:7: unknown type"},
		{"(func) (import \"\" \"\" (func))", "1:8: import after function"},
		{"(func $f) (start $f) (start $f)", "1:22: multiple start sections"},
		{"(import \"\xff\" \"\" (func))", "1:10: malformed UTF-8 encoding"},
		{"(import \"\\ff\" \"\" (func))", "1:9: malformed UTF-8 encoding"},
		{"(memory 1 (pagesize 3))", "1:11: invalid custom page size"},
		{"(global i32 (i32.const 0)", "1:26: unexpected token: end of text, expected )"},
		{"(assert_return)", "1:2: unexpected token assert_return, expected module field"},
		{"(type (func (result i32) (param i32)))", "1:26: unexpected token (, expected )"},
	} {
		_, err := ParseModule([]byte(c.src), op.FeaturesAll)
		var e *Error
		if !errors.As(err, &e) || err.Error() != c.want {
			t.Errorf("%s\n got %v\nwant %s", c.src, err, c.want)
		}
	}
}

// TestFeatures checks that what belongs to a proposal that is switched off is
// refused.
func TestFeatures(t *testing.T) {
	for src, f := range map[string]wasm.Feature{
		"(func i32.extend8_s)":           op.FeatureSignExt,
		"(func (memory.fill))":           op.FeatureBulkMemory,
		"(func (select (result i32)))":   op.FeatureReferenceTypes,
		"(func (v128.const i64x2 0 0))":  op.FeatureSIMD,
		"(func (ref.cast anyref))":       op.FeatureGC,
		"(type (struct))":                op.FeatureGC,
		"(tag)":                          op.FeatureExceptions,
		"(memory i64 1)":                 op.FeatureMemory64,
		"(memory 1 1 shared)":            op.FeatureThreads,
		"(memory 1 (pagesize 1))":        op.FeatureCustomPageSizes,
		"(func (try (do) (catch_all)))":  op.FeatureLegacyExceptions,
		"(func (try_table))":             op.FeatureExceptions,
		"(func (i64.add128))":            op.FeatureWideArithmetic,
		"(func (i32.trunc_sat_f32_s))":   op.FeatureSatFloatToInt,
		"(func (return_call 0))":         op.FeatureTailCall,
		"(func (call_ref 0))":            op.FeatureFunctionReferences,
		"(func (i8x16.relaxed_swizzle))": op.FeatureRelaxedSIMD,
	} {
		if _, err := ParseModule([]byte(src), op.FeaturesAll); err != nil {
			t.Errorf("%s: %v", src, err)
		}
		if _, err := ParseModule([]byte(src), op.FeaturesAll&^f); err == nil {
			t.Errorf("%s: accepted without %v", src, f)
		}
	}
}

// TestScript checks the parts of commands.
func TestScript(t *testing.T) {
	s, err := ParseScript([]byte(`
		(module $m (func (export "f")))
		(module definition $d binary "\00asm" "\01\00\00\00")
		(module instance $i $d)
		(register "x" $i)
		(invoke $m "f" (i32.const -1) (ref.null func) (ref.extern 3) (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16))
		(assert_return (get "g") (either (f32.const nan:canonical) (f32.const 1)) (v128.const f64x2 nan:arithmetic 2) (ref.null) (ref.func))
		(assert_trap (module (func)) "boom")
		(assert_malformed (module quote "(func" "nope)") "unknown operator")
		(assert_exception (invoke "f"))
		(assert_suspension (invoke "f") "unhandled")
		(thread $t (shared (module $m)) (invoke "f"))
		(wait $t)
		(input "file.wast")`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range s.Commands {
		got = append(got, fmt.Sprintf("%d %v", c.Line, c.Kind))
	}
	want := "2 module|3 module definition|4 module instance|5 register|6 action|7 assert_return|8 assert_trap|" +
		"9 assert_malformed|10 assert_exception|11 assert_suspension|12 thread|13 wait|14 input"
	if strings.Join(got, "|") != want {
		t.Fatalf("got %s", strings.Join(got, "|"))
	}
	c := s.Commands
	if c[1].Module.ID != "d" || string(c[1].Module.Binary) != "\x00asm\x01\x00\x00\x00" {
		t.Errorf("module %+v", c[1].Module)
	}
	if a := c[4].Action; a.Module != "m" || a.Name != "f" || a.Args[0].Bits != 0xFFFFFFFF || a.Args[1].Type != wasm.FuncRef ||
		a.Args[2].Bits != 3 || a.Args[3].V128[15] != 16 {
		t.Errorf("action %+v", a)
	}
	if r := c[5].Results; len(r) != 4 || r[0].Either[0].NaN != NaNCanonical || r[1].Lanes[0].NaN != NaNArithmetic || r[2].Type != 0 ||
		r[3].Ref != RefFunc {
		t.Errorf("results %+v", r)
	}
	if string(c[7].Module.Quote) != "(func nope)" || c[7].Message != "unknown operator" {
		t.Errorf("quote %q, message %q", c[7].Module.Quote, c[7].Message)
	}
	if c[10].Shared != "m" || len(c[10].Commands) != 1 {
		t.Errorf("thread %+v", c[10])
	}
	for _, bad := range []string{"(assert_return (invoke \"f\" (f32.const nan:canonical)))", "(foo)", "(module", "(invoke \"f\"",
		"(thread $a (thread $b))", "(assert_return (invoke \"f\") (either (either (i32.const 1))))"} {
		if _, err := ParseScript([]byte(bad)); err == nil {
			t.Errorf("%s: accepted", bad)
		}
	}
}

// TestBombs checks that deep nesting takes neither stack nor more than linear
// time: with quadratic time these would not end within a test's limit.
func TestBombs(t *testing.T) {
	const n = 300_000
	rep := strings.Repeat
	for name, src := range map[string]string{
		"folded":      "(func " + rep("(block ", n) + rep(")", n) + ")",
		"flat":        "(func " + rep("block ", n) + rep("end ", n) + ")",
		"operands":    "(func (drop " + rep("(i32.eqz ", n) + "(i32.const 0)" + rep(")", n) + "))",
		"conditions":  "(func " + rep("(if ", n) + "(i32.const 0)" + rep("(then))", n) + ")",
		"elses":       "(func " + rep("(if (i32.const 0) (then) (else ", n) + rep("))", n) + ")",
		"labels":      "(func " + rep("block $l ", n) + rep("br $l ", n) + rep("end $l ", n) + ")",
		"comments":    rep("(;", n) + rep(";)", n),
		"annotations": "(@a " + rep("(", n) + rep(")", n) + ")",
		"fields":      rep("(func)", n),
		"types":       rep("(type (func (param i32)))", n),
		"results":     "(func (result" + rep(" i32", n) + ") unreachable)",
		"string":      "(data \"" + rep("\\00", n) + "\")",
		"digits":      "(global f64 (f64.const 0." + rep("1", n) + "))",
	} {
		m, err := ParseModule([]byte(src), op.FeaturesAll)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, folded := range []bool{false, true} {
			var size counter
			if err := Print(&size, m, PrintOptions{Folded: folded}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if int(size) > 100*len(src) {
				t.Errorf("%s: %d bytes print as %d", name, len(src), size)
			}
		}
	}
	for name, src := range map[string]string{
		"parens":      rep("(", n),
		"open blocks": "(func " + rep("(block ", n),
		"open ifs":    "(func " + rep("(if ", n) + rep(")", n) + ")",
		"open flat":   "(func " + rep("block ", n) + ")",
		"closes":      rep(")", n),
		"comment":     rep("(;", n),
		"annotation":  "(@a " + rep("(", n),
		"modules":     rep("(module ", n) + rep(")", n),
		"quotes":      rep("\"", n),
		"threads":     rep("(thread $t ", n) + rep(")", n),
	} {
		if _, err := ParseModule([]byte(src), op.FeaturesAll); err == nil {
			t.Errorf("%s: accepted as a module", name)
		}
		s, err := ParseScript([]byte(src))
		if err == nil && len(s.Commands) > 0 && s.Commands[0].Module != nil {
			_, err = s.Commands[0].Module.Parse(op.FeaturesAll) // what is wrong is inside
		}
		if err == nil {
			t.Errorf("%s: accepted as a script", name)
		}
	}
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
