package spec

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/wasm"
)

// runScript runs a script from a file of its own.
func runScript(t *testing.T, cfg Config, script string) *FileResult {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.wast")
	if err := os.WriteFile(path, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	cfg.Features = func(string) wamr.Feature { return wamr.FeaturesAll }
	return &Run(context.Background(), cfg, []string{path}).Files[0]
}

// TestFailures checks that assertions that don't hold are failures: a runner
// that passes everything would pass the suite too.
func TestFailures(t *testing.T) {
	res := runScript(t, Config{}, `(module
			(func (export "one") (result i32) (i32.const 1))
			(func (export "two") (result i32 i64) (i32.const 1) (i64.const 2))
			(func (export "nan") (result f32) (f32.const nan:0x200001))
			(func (export "trap") (unreachable))
			(func $deep (export "deep") (call $deep))
			(tag $e) (func (export "throw") (throw $e))
			(global (export "g") i32 (i32.const 5)))
		(assert_return (invoke "one") (i32.const 2))
		(assert_return (invoke "one"))
		(assert_return (invoke "one") (i64.const 1))
		(assert_return (invoke "two") (i32.const 1) (i64.const 3))
		(assert_return (invoke "nan") (f32.const nan:canonical))
		(assert_return (invoke "nan") (f32.const nan:arithmetic))
		(assert_return (invoke "trap"))
		(assert_return (get "g") (i32.const 6))
		(assert_return (get "h") (i32.const 6))
		(assert_trap (invoke "one") "unreachable")
		(assert_trap (invoke "trap") "integer overflow")
		(assert_trap (invoke "deep") "call stack exhausted")
		(assert_trap (invoke "throw") "unhandled exception")
		(assert_exhaustion (invoke "trap") "call stack exhausted")
		(assert_exception (invoke "trap"))
		(assert_exception (invoke "one"))
		(assert_invalid (module) "type mismatch")
		(assert_invalid (module (func (result i32))) "unknown type")
		(assert_invalid (module quote "(func") "type mismatch")
		(assert_malformed (module quote "(func)") "unexpected token")
		(assert_malformed (module quote "(func (result i32))") "type mismatch")
		(assert_malformed (module binary "\00asm\02\00\00\00") "unexpected end")
		(assert_unlinkable (module) "unknown import")
		(assert_unlinkable (module (import "spectest" "none" (func))) "incompatible import type")
		(assert_trap (module) "unreachable")
		(register "x" $none)
		(invoke "none")
		(invoke $none "one")
		(wait $none)`)
	if res.Err != nil {
		t.Fatal(res.Err)
	}
	failed := make(map[int]bool)
	for _, f := range res.Failures {
		failed[f.Line] = true
	}
	const first, last = 9, 37
	for line := first; line <= last; line++ {
		if !failed[line] {
			t.Errorf("line %d passes", line)
		}
	}
	if len(res.Failures) != last-first+1 || res.Counts[text.CmdModule].Passed != 1 {
		t.Errorf("%d failures: %v", len(res.Failures), res.Failures)
	}
}

// TestPasses checks what a script can say that does hold.
func TestPasses(t *testing.T) {
	res := runScript(t, Config{}, `(module $m
			(func (export "nan") (param f64) (result f64) (local.get 0))
			(func (export "v") (result v128) (v128.const f32x4 1 nan -0 nan:0x600000))
			(func (export "trap") (unreachable))
			(func $deep (export "deep") (call $deep))
			(tag $e) (func (export "throw") (throw $e))
			(func (export "refs") (result funcref externref anyref i31ref) (ref.func 0) (ref.null extern) (ref.null any) (ref.i31 (i32.const 1)))
			(func (export "id") (param externref) (result externref) (local.get 0)))
		(assert_return (invoke $m "nan" (f64.const nan:0x123)) (f64.const nan:0x123))
		(assert_return (invoke "nan" (f64.const -nan)) (f64.const nan:canonical))
		(assert_return (invoke "nan" (f64.const nan:0x8000000000001)) (f64.const nan:arithmetic))
		(assert_return (invoke "v") (v128.const f32x4 1 nan:canonical -0 nan:arithmetic))
		(assert_return (invoke "v") (either (v128.const i32x4 0 0 0 0) (v128.const i8x16 0 0 0x80 0x3f 0 0 0xc0 0x7f 0 0 0 0x80 0 0 0xe0 0x7f)))
		(assert_return (invoke "refs") (ref.func) (ref.null extern) (ref.null) (ref.i31))
		(assert_return (invoke "refs") (ref.func) (ref.null) (ref.null none) (ref.eq))
		(assert_return (invoke "id" (ref.extern 7)) (ref.extern 7))
		(assert_return (invoke "id" (ref.null extern)) (ref.null extern))
		(assert_trap (invoke "trap") "unreach")
		(assert_exhaustion (invoke "deep") "call stack exhausted")
		(assert_exception (invoke "throw"))
		(register "m" $m)
		(module definition $d (import "m" "nan" (func (param f64) (result f64))) (global (export "g") (mut i32) (i32.const 3)))
		(module instance $a $d)
		(module instance $b $d)
		(assert_return (get $a "g") (i32.const 3))
		(module (import "spectest" "global_i32" (global $g i32)) (export "g" (global $g)))
		(assert_return (get "g") (i32.const 666))
		(assert_unlinkable (module (import "m" "nan" (func))) "incompatible import type")
		(assert_trap (module (func $f (unreachable)) (start $f)) "unreachable")`)
	if !res.OK() {
		t.Errorf("%v %+v", res.Err, res.Failures)
	}
}

// TestThreads checks that threads have stores of their own, share memory, and
// are waited for.
func TestThreads(t *testing.T) {
	res := runScript(t, Config{}, `(module $Mem (memory (export "shared") 1 1 shared)
			(func (export "get") (result i32) (i32.atomic.load (i32.const 0))))
		(thread $T1 (shared (module $Mem))
			(register "mem" $Mem)
			(module (memory (import "mem" "shared") 1 10 shared)
				(func (export "run")
					(drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1)))
					(i32.atomic.store (i32.const 0) (i32.const 42))))
			(invoke "run"))
		(thread $T2 (shared (module $Mem))
			(register "mem" $Mem)
			(module (memory (import "mem" "shared") 1 1 shared)
				(func (export "run")
					(i32.atomic.store (i32.const 4) (i32.const 1))
					(drop (memory.atomic.notify (i32.const 4) (i32.const 1)))))
			(invoke "run")
			(assert_return (invoke "run") (i32.const 1)))
		(wait $T1) (wait $T2)
		(assert_return (invoke $Mem "get") (i32.const 42))
		(assert_unlinkable (module (import "mem" "shared" (memory 1 1 shared))) "unknown import")`)
	// The assertion in the second thread is wrong, and has to be seen.
	if res.Err != nil || len(res.Failures) != 1 || res.Failures[0].Line != 17 {
		t.Errorf("%v %+v", res.Err, res.Failures)
	}
}

// TestKnown checks that known failures don't count, and that a known failure
// that does not happen does.
func TestKnown(t *testing.T) {
	script := "(module (func (export \"f\")))\n(assert_trap (invoke \"f\") \"x\")\n(assert_return (invoke \"f\"))"
	known := func(file string, line int) Config {
		return Config{Known: []Known{{file, line, "reason"}}}
	}
	if res := runScript(t, known("test.wast", 2), script); !res.OK() || res.Counts[text.CmdAssertTrap].Known != 1 {
		t.Errorf("known failure: %+v", res)
	}
	if res := runScript(t, known("est.wast", 2), script); res.OK() || len(res.Failures) != 1 {
		t.Errorf("failure of another file is known: %+v", res)
	}
	res := runScript(t, known("test.wast", 3), script)
	if len(res.Failures) != 1 || len(res.Passes) != 1 {
		t.Errorf("unexpected pass: %+v", res)
	}
	var b strings.Builder
	(&Results{Files: []FileResult{*res}}).WriteTo(&b)
	for _, want := range []string{"test.wast:2: assert_trap: no trap", "test.wast:3: passes", "0 of 1 files as expected"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("report lacks %q:\n%s", want, b.String())
		}
	}
}

// TestBadFiles checks that what can't be run is an error of the file.
func TestBadFiles(t *testing.T) {
	if res := runScript(t, Config{}, "(module"); res.Err == nil || res.OK() {
		t.Errorf("unclosed module: %+v", res)
	}
	r := Run(context.Background(), Config{}, []string{filepath.Join(t.TempDir(), "none.wast")})
	if r.OK() || r.Files[0].Err == nil {
		t.Errorf("missing file: %+v", r)
	}
}

func TestMatchNumber(t *testing.T) {
	f32 := func(n text.NaNKind) *text.Result { return &text.Result{Type: wasm.F32, NaN: n} }
	f64 := func(n text.NaNKind) *text.Result { return &text.Result{Type: wasm.F64, NaN: n} }
	for _, c := range []struct {
		bits uint64
		p    *text.Result
		want bool
	}{
		{0x7FC00000, f32(text.NaNCanonical), true},
		{0xFFC00000, f32(text.NaNCanonical), true},
		{0x7FC00001, f32(text.NaNCanonical), false},
		{0x7FA00000, f32(text.NaNCanonical), false},
		{0x7FC00001, f32(text.NaNArithmetic), true},
		{0xFFFFFFFF, f32(text.NaNArithmetic), true},
		{0x7FA00000, f32(text.NaNArithmetic), false},
		{0x7F800000, f32(text.NaNArithmetic), false},
		{0x7FF8000000000000, f64(text.NaNCanonical), true},
		{0xFFF8000000000000, f64(text.NaNCanonical), true},
		{0x7FF8000000000001, f64(text.NaNCanonical), false},
		{0x7FF8000000000001, f64(text.NaNArithmetic), true},
		{0x7FF4000000000000, f64(text.NaNArithmetic), false},
		{math.Float64bits(math.Inf(1)), f64(text.NaNArithmetic), false},
		{1 << 63, &text.Result{Type: wasm.F64}, false},
		{0, &text.Result{Type: wasm.F64}, true},
	} {
		if got := matchNumber(c.bits, c.p); got != c.want {
			t.Errorf("%#x with %s: %v", c.bits, formatPattern(c.p), got)
		}
	}
}

func TestMatchMessage(t *testing.T) {
	for _, c := range []struct {
		got, want string
		ok        bool
	}{
		{"unreachable", "unreachable", true},
		{"out of bounds memory access", "out of bounds", true},
		{"out of bounds", "out of bounds memory access", false},
		{"uninitialized element", "uninitialized element 2", true},
		{"uninitialized element", "uninitialized element x", false},
	} {
		if got := matchMessage(c.got, c.want); got != c.ok {
			t.Errorf("%q for %q: %v", c.got, c.want, got)
		}
	}
}
