package valid_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// TestModule has modules that are invalid outside of functions, by topic, and
// their valid neighbours (want is empty).
func TestModule(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		// Types.
		{`(rec (type (func (param (ref 1)))) (type (func (param (ref 0)))))`, ""},
		{`(type (func (param (ref 1)))) (type (func))`, "unknown type 1"},
		{`(type (sub (struct))) (type (sub 0 (struct (field i32))))`, ""},
		{`(type (struct)) (type (sub 0 (struct (field i32))))`, "sub type 1 does not match super type 0"},
		{`(type (sub (struct (field i32)))) (type (sub 0 (struct)))`, "sub type 1 does not match super type 0"},
		{`(type (sub (struct (field (mut anyref))))) (type (sub 0 (struct (field (mut eqref)))))`, "sub type 1 does not match super type 0"},
		{`(type (sub (struct (field anyref)))) (type (sub 0 (struct (field eqref))))`, ""},
		{`(type (sub (struct (field i8)))) (type (sub 0 (struct (field i16))))`, "sub type 1 does not match super type 0"},
		{`(type (sub (func (param eqref) (result anyref)))) (type (sub 0 (func (param anyref) (result eqref))))`, ""},
		{`(type (sub (func (param anyref)))) (type (sub 0 (func (param eqref))))`, "sub type 1 does not match super type 0"},
		{`(rec (type (sub 1 (struct))) (type (sub (struct))))`, "unknown type 1"},
		{`(rec (type $a (sub (struct (field (ref null $c))))) (type $b (sub $a (struct (field (ref null $d)))))
			(type $c (sub (struct))) (type $d (sub $c (struct))))`, ""},

		// Imports and functions.
		{`(type (struct)) (import "" "" (func (type 0)))`, "type mismatch: type 0 is not a function type"},
		{`(import "" "" (func (type 1)))`, "unknown type 1"},
		{`(tag (param i32))`, ""},
		{`(tag (result i32))`, "non-empty tag result type"},
		{`(import "" "" (tag (result i32)))`, "non-empty tag result type"},

		// Memories.
		{`(memory 65536 65536)`, ""},
		{`(memory 65537)`, "memory size must be at most 65536 pages (4GiB)"},
		{`(memory 0 65537)`, "memory size must be at most 65536 pages (4GiB)"},
		{`(memory 2 1)`, "size minimum must not be greater than maximum"},
		{`(memory i64 0x1_0000_0000_0000)`, ""},
		{`(memory i64 0x1_0000_0000_0001)`, "memory size must be at most"},
		{`(memory 1 1 shared)`, ""},
		{`(memory 1 shared)`, "shared memory must have maximum"},
		{`(memory 0xffff_ffff (pagesize 1))`, ""},
		{`(memory 0x1_0000_0000 (pagesize 1))`, "memory size must be at most"},
		{`(memory i64 0xffff_ffff_ffff_ffff (pagesize 1))`, ""},
		{`(memory 1 (pagesize 2))`, "invalid custom page size"},

		// Tables.
		{`(table 0xffff_ffff funcref)`, ""},
		{`(table 0x1_0000_0000 funcref)`, "table size must be at most 2^32-1"},
		{`(table i64 0xffff_ffff_ffff_ffff funcref)`, ""},
		{`(table 2 1 funcref)`, "size minimum must not be greater than maximum"},
		{`(table 1 (ref func))`, "type mismatch: table of (ref func) without an initializer"},
		{`(table 1 (ref func) (ref.func 0)) (func)`, ""},
		{`(table 1 (ref func) (ref.null func))`, "type mismatch: instruction requires [(ref func)]"},
		{`(table 1 (ref null 7))`, "unknown type 7"},

		// Globals and constant expressions.
		{`(global i32 (i32.const 1)) (global i32 (i32.add (global.get 0) (i32.const 1)))`, ""},
		{`(global i32 (global.get 0))`, "unknown global 0"},
		{`(global (mut i32) (i32.const 1)) (global i32 (global.get 0))`, "constant expression required"},
		{`(global i32 (i32.clz (i32.const 1)))`, "constant expression required"},
		{`(global i32 (i64.const 1))`, "type mismatch: instruction requires [i32] but stack has [i64]"},
		{`(global i32)`, "type mismatch: instruction requires [i32] but stack has []"},
		{`(global i32 (i32.const 1) (i32.const 1))`, "type mismatch: block requires [i32] but stack has [i32 i32]"},
		{`(global i32 (i32.const 1) (nop))`, "constant expression required"},
		{`(type $s (struct (field i32))) (global (ref $s) (struct.new $s (i32.const 1)))`, ""},
		{`(global (ref i31) (ref.i31 (i32.const 1)))`, ""},
		{`(global funcref (ref.func 0))`, "unknown function 0"},
		{`(table 1 funcref (global.get 0)) (global funcref (ref.null func))`, "unknown global 0"},

		// Segments.
		{`(elem (i32.const 0) func)`, "unknown table 0"},
		{`(table 1 externref) (func) (elem (i32.const 0) func 0)`, "type mismatch: segment of"},
		{`(table 1 funcref) (elem (i64.const 0) func)`, "type mismatch: instruction requires [i32] but stack has [i64]"},
		{`(table i64 1 funcref) (elem (i64.const 0) func)`, ""},
		{`(elem func 0)`, "unknown function 0"},
		{`(elem funcref (ref.null extern))`, "type mismatch"},
		{`(data (i32.const 0))`, "unknown memory 0"},
		{`(memory i64 1) (data (i32.const 0))`, "type mismatch: instruction requires [i64] but stack has [i32]"},
		{`(memory 1) (global $g (mut i32) (i32.const 0)) (data (global.get $g))`, "constant expression required"},
		{`(data "x")`, ""},

		// Start and exports.
		{`(func) (start 0)`, ""},
		{`(start 0)`, "unknown function 0"},
		{`(func (param i32)) (start 0)`, "start function"},
		{`(func (export "a") (export "b"))`, ""},
		{`(func (export "a")) (memory (export "a") 1)`, "duplicate export name"},
		{`(export "a" (func 0))`, "unknown function 0"},
		{`(export "a" (table 0))`, "unknown table 0"},
		{`(export "a" (memory 0))`, "unknown memory 0"},
		{`(export "a" (global 0))`, "unknown global 0"},
		{`(export "a" (tag 0))`, "unknown tag 0"},

		// Declared functions.
		{`(func (drop (ref.func 0)))`, "undeclared function reference"},
		{`(func (drop (ref.func 0))) (start 0)`, "undeclared function reference"},
		{`(func (export "") (drop (ref.func 0)))`, ""},
		{`(func (drop (ref.func 0))) (elem declare func 0)`, ""},
		{`(func (drop (ref.func 0))) (global funcref (ref.func 0))`, ""},
		{`(func (drop (ref.func 0))) (table 1 funcref (ref.func 0))`, ""},
		{`(func (drop (ref.func 0))) (elem funcref (ref.func 0))`, ""},
		{`(func (drop (ref.func 0))) (func (export ""))`, "undeclared function reference"},
		{`(func (drop (ref.func 2)))`, "unknown function 2"},
	} {
		_, err := validate(t, `(module `+c.src+`)`, op.FeaturesAll)
		wantError(t, c.src, err, c.want)
	}
}

// TestBodies has function bodies, by topic. Before each stand the definitions.
func TestBodies(t *testing.T) {
	const definitions = `(module
		(type $s (sub (struct (field i8) (field (mut i64)) (field $imm i32))))
		(type $sub (sub $s (struct (field i8) (field (mut i64)) (field i32) (field f32))))
		(type $a (array (mut f32))) (type $p (array (mut i8))) (type $c (array i32)) (type $r (array (mut anyref)))
		(type $n (struct (field (ref $s))))
		(type $f (func (param i32) (result i64)))
		(table $t 1 funcref) (table $x 1 externref)
		(memory 1) (data $d "x") (elem $e funcref) (elem $ex externref)
		(global $g i32 (i32.const 0))
		(tag $tag (param i32)) (tag $empty)
		(func $callee (type $f) i64.const 0)
		(func (param $l i32) (result i64) (local (ref null $s)) (local $non (ref $s)) `
	for _, c := range []struct{ body, want string }{
		{``, "type mismatch: instruction requires [i64] but stack has []"},
		{`i64.const 0`, ""},
		{`i32.const 0`, "type mismatch: instruction requires [i64] but stack has [i32]"},
		{`i64.const 0 i64.const 0`, "type mismatch: block requires [i64] but stack has [i64 i64]"},
		{`unreachable`, ""},
		{`unreachable i32.const 0`, "type mismatch"},
		{`unreachable i32.const 0 i64.const 0`, "type mismatch: block requires [i64] but stack has [i32 i64]"},
		{`unreachable i64.const 0 i32.add unreachable`, "type mismatch: instruction requires [i32 i32] but stack has [i64]"},
		{`unreachable select`, ""},
		{`unreachable i32.const 0 i64.const 0 i32.const 0 select unreachable`, "type mismatch: select on i32 and i64"},

		// Control.
		{`br 1`, "unknown label 1"},
		{`i64.const 1 br 0`, ""},
		{`i64.const 1 i32.const 1 br_if 0`, ""},
		{`i64.const 1 i64.const 1 br_if 0`, "type mismatch"},
		{`i64.const 1 i32.const 1 br_table 0 0 1`, "unknown label 1"},
		{`i64.const 1 i32.const 1 br_table 0 1 0`, "unknown label 1"},
		{`block (result i32) i64.const 1 i32.const 1 br_table 0 1 end unreachable`, "type mismatch"},
		{`block i64.const 1 i32.const 1 br_table 0 1 end unreachable`, "type mismatch: labels of 0 and 1 operands"},
		{`i32.const 1 if (result i64) i64.const 1 end`, "type mismatch: if of type [] -> [i64] has no else"},
		{`i64.const 1 i32.const 1 if (param i64) (result i64) end`, ""},
		{`block (type 99) end i64.const 1`, "unknown type 99"},
		{`block (result (ref 99)) unreachable end unreachable`, "unknown type 99"},
		{`i64.const 1 block (param i32) drop end unreachable`, "type mismatch"},

		// Calls.
		{`call 99`, "unknown function 99"},
		{`local.get 0 call $callee`, ""},
		{`call $callee`, "type mismatch: instruction requires [i32] but stack has []"},
		{`local.get 0 i32.const 0 call_indirect $t (type $f)`, ""},
		{`local.get 0 i32.const 0 call_indirect $x (type $f)`, "type mismatch: call through a table of externref"},
		{`local.get 0 i32.const 0 call_indirect 99 (type $f)`, "unknown table 99"},
		{`local.get 0 i32.const 0 call_indirect $t (type 99)`, "unknown type 99"},
		{`local.get 0 i32.const 0 call_indirect $t (type $s)`, "type mismatch: type 0 is not a function type"},
		{`local.get 0 return_call $callee`, ""},
		{`return_call $void`, "type mismatch: function returns [i64] but callee returns []"},
		{`local.get 0 ref.null $f call_ref $f`, ""},
		{`local.get 0 ref.null func call_ref $f`, "type mismatch"},

		// Variables.
		{`local.get 9 unreachable`, "unknown local 9"},
		{`i64.const 1 local.set 0 unreachable`, "type mismatch: instruction requires [i32] but stack has [i64]"},
		{`local.get $non unreachable`, "uninitialized local 2"},
		{`local.get 1 ref.as_non_null local.tee $non drop local.get $non unreachable`, ""},
		{`block local.get 1 ref.as_non_null local.set $non end local.get $non unreachable`, "uninitialized local 2"},
		{`i32.const 0 if local.get 1 ref.as_non_null local.set $non else local.get $non drop end unreachable`, "uninitialized local 2"},
		{`local.get 1 ref.as_non_null local.set $non block local.get $non drop end unreachable`, ""},
		{`i32.const 0 global.set $g unreachable`, "immutable global 0"},
		{`global.get 9 unreachable`, "unknown global 9"},
		{`i32.const 0 i64.const 0 i32.const 0 select unreachable`, "type mismatch: select on i32 and i64"},
		{`ref.null any ref.null any i32.const 0 select unreachable`, "type mismatch: select without type on references"},
		{`ref.null any ref.null any i32.const 0 select (result anyref) unreachable`, ""},
		{`ref.null $s ref.null $s i32.const 0 select (result (ref null 99)) unreachable`, "unknown type 99"},
		{`i32.const 0 i32.const 0 i32.const 0 select (result i32) (result i32) unreachable`, "invalid result arity"},

		// Tables, memories, segments.
		{`i32.const 0 table.get 9 unreachable`, "unknown table 9"},
		{`i32.const 0 ref.null extern table.set $t unreachable`, "type mismatch"},
		{`i32.const 0 i32.const 0 i32.const 0 table.copy $t $x unreachable`, "type mismatch: copy of externref to a table of funcref"},
		{`i32.const 0 i32.const 0 i32.const 0 table.init $t 9 unreachable`, "unknown elem segment 9"},
		{`i32.const 0 i32.const 0 i32.const 0 table.init $t $ex unreachable`, "type mismatch: segment of externref"},
		{`elem.drop 9 unreachable`, "unknown elem segment 9"},
		{`data.drop 9 unreachable`, "unknown data segment 9"},
		{`i32.const 0 i32.const 0 i32.const 0 memory.init 9 unreachable`, "unknown data segment 9"},
		{`i32.const 0 i32.const 0 i32.const 0 memory.init 3 $d unreachable`, "unknown memory 3"},
		{`i32.const 0 i32.const 0 i32.const 0 memory.copy 0 3 unreachable`, "unknown memory 3"},

		// References.
		{`ref.null 99 unreachable`, "unknown type 99"},
		{`i32.const 0 ref.is_null unreachable`, "type mismatch: instruction requires a reference but stack has [i32]"},
		{`ref.null $s ref.null i31 ref.eq drop unreachable`, ""},
		{`ref.null func ref.null i31 ref.eq drop unreachable`, "type mismatch"},
		{`ref.null any ref.cast (ref $sub) drop unreachable`, ""},
		{`ref.null func ref.cast (ref $s) drop unreachable`, "type mismatch"},
		{`ref.null any ref.test (ref 99) drop unreachable`, "unknown type 99"},
		{`block (result (ref $sub)) ref.null $s br_on_cast 0 (ref null $s) (ref $sub) drop unreachable end unreachable`, ""},
		{`block (result (ref $sub)) ref.null $s br_on_cast 0 (ref null $sub) (ref $s) drop unreachable end unreachable`, "type mismatch: cast from"},
		{`block (result i32) ref.null $s br_on_cast 0 (ref null $s) (ref $sub) drop unreachable end unreachable`, "type mismatch: label requires [i32]"},
		{`block ref.null any br_on_non_null 0 end unreachable`, "type mismatch: label requires []"},
		{`block (result (ref any)) ref.null any br_on_non_null 0 unreachable end unreachable`, ""},
		{`unreachable ref.as_non_null ref.is_null drop br_on_null 0 unreachable`, ""},

		// Aggregates.
		{`i32.const 0 i64.const 0 i32.const 0 struct.new $s drop unreachable`, ""},
		{`i32.const 0 i32.const 0 i32.const 0 struct.new $s drop unreachable`, "type mismatch"},
		{`struct.new $a unreachable`, "type mismatch: type 2 is not a struct type"},
		{`struct.new 99 unreachable`, "unknown type 99"},
		{`struct.new_default $n unreachable`, "type mismatch: field 0 of type (ref 0) has no default"},
		{`local.get 1 struct.get $s 0 unreachable`, "type mismatch: field of type i8"},
		{`local.get 1 struct.get_u $s 1 unreachable`, "type mismatch: field of type i64"},
		{`local.get 1 struct.get $s 9 unreachable`, "unknown field 9"},
		{`local.get 1 i32.const 0 struct.set $s 2 unreachable`, "immutable field 2"},
		{`ref.null $sub struct.get $s 1`, ""},
		{`local.get 1 struct.get $sub 1`, "type mismatch"},
		{`f32.const 0 f32.const 1 array.new_fixed $a 2 drop unreachable`, ""},
		{`f32.const 0 array.new_fixed $a 2 drop unreachable`, "type mismatch"},
		{`i32.const 0 i32.const 0 array.new_data $r $d unreachable`, "array type is not numeric or vector"},
		{`i32.const 0 i32.const 0 array.new_elem $r $e unreachable`, "type mismatch: segment of funcref"},
		{`ref.null $c i32.const 0 i32.const 0 array.set $c unreachable`, "immutable array"},
		{`ref.null $a i32.const 0 ref.null $p i32.const 0 i32.const 0 array.copy $a $p unreachable`, "array types do not match"},
		{`ref.null $a i32.const 0 array.get_s $a unreachable`, "type mismatch: field of type f32"},
		{`ref.null extern any.convert_extern ref.is_null drop unreachable`, ""},
		{`ref.null any any.convert_extern unreachable`, "type mismatch"},

		// Exceptions.
		{`i32.const 1 throw $tag`, ""},
		{`throw $tag`, "type mismatch: instruction requires [i32] but stack has []"},
		{`throw 9`, "unknown tag 9"},
		{`ref.null exn throw_ref`, ""},
		{`block (result i32) try_table (catch $tag 0) end unreachable end drop unreachable`, ""},
		{`block try_table (catch $tag 0) end end unreachable`, "type mismatch: label requires []"},
		{`block (result (ref exn)) try_table (catch_all_ref 0) end unreachable end unreachable`, ""},
		{`block try_table (catch_all_ref 0) end end unreachable`, "type mismatch: label requires []"},
		{`try_table (catch_all 1) end unreachable`, "unknown label 1"},
		{`try catch $tag drop end unreachable`, ""},
		{`rethrow 0`, "invalid rethrow label"},
		{`try rethrow 0 catch_all end unreachable`, "invalid rethrow label"},
		{`try delegate 1 unreachable`, "unknown label 1"},
	} {
		_, err := validate(t, definitions+c.body+`) (func $void))`, op.FeaturesAll)
		wantError(t, c.body, err, c.want)
	}
}

// TestMalformed has bodies that are no instruction sequences.
func TestMalformed(t *testing.T) {
	for _, c := range []struct {
		body, want string
	}{
		{"\x0b", ""},
		{"", "unexpected end of section or function"},
		{"\x01", "unexpected end of section or function"},
		{"\x02\x40\x0b", "unexpected end of section or function"},
		{"\x41", "unexpected end of section or function"},
		{"\x41\x80", "unexpected end of section or function"},
		{"\x20", "unexpected end of section or function"},
		{"\x28\x02", "unexpected end of section or function"},
		{"\x43\x00\x00\x00", "unexpected end of section or function"},
		{"\x0b\x0b", "END opcode expected"},
		{"\x05\x0b", "END opcode expected"},
		{"\x02\x40\x05\x0b\x0b", "END opcode expected"},
		{"\x07\x00\x0b", "END opcode expected"},
		{"\x19\x0b", "END opcode expected"},
		{"\x18\x00\x0b", "END opcode expected"},
		{"\x06\x40\x19\x18\x00\x0b", "END opcode expected"},
		{"\xff\x0b", "illegal opcode"},
		{"\xfc\xff\x7f\x0b", "illegal opcode"},
		{"\x41\x80\x80\x80\x80\x10\x1a\x0b", "integer too large"},
		{"\x41\x80\x80\x80\x80\x80\x00\x1a\x0b", "integer representation too long"},
		{"\x42\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02\x1a\x0b", "integer too large"},
		{"\xfc\x09\x00\x0b", "data count section required"},
	} {
		m := parse(t, `(module (func) (memory 1))`)
		m.Bytes = []byte{} // as if it came from a binary
		m.Code[0].Body = []byte(c.body)
		err := checkAll(m)
		wantError(t, fmt.Sprintf("%x", c.body), err, c.want)
		var d *wasm.DecodeError
		if c.want != "" && (!errors.As(err, &d) || d.Func != 0 || d.Section != "code section") {
			t.Errorf("%x: got %#v", c.body, err)
		}
	}
}

// TestCanon checks which types are found to be the same.
func TestCanon(t *testing.T) {
	info, err := validate(t, `(module
		(type $a (func (param i32))) (type $b (func (param i32))) (type $c (func))
		(rec (type $d (struct (field (ref null $e)))) (type $e (array (ref null $d))))
		(rec (type $f (struct (field (ref null $g)))) (type $g (array (ref null $f))))
		(type $h (struct (field (ref null $a)))) (type $i (struct (field (ref null $b))))
		(type $j (sub (struct))) (type $k (sub $j (struct (field i32)))) (type $l (sub $k (struct (field i32) (field i32))))
		(type $m (sub $j (struct (field i32)))))`, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(info.Canon), "[0 0 2 3 4 3 4 7 7 9 10 11 10]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	ref := func(x uint32) wasm.ValType { return wasm.Ref(false, wasm.HeapType(x)) }
	for _, c := range []struct {
		a, b wasm.ValType
		want bool
	}{
		{ref(0), ref(1), true}, {ref(0), ref(2), false}, {ref(3), ref(5), true}, {ref(6), ref(4), true},
		{ref(11), ref(9), true}, {ref(11), ref(12), true}, {ref(9), ref(11), false}, {ref(12), ref(10), true},
		{ref(0), wasm.FuncRef, true}, {ref(0), wasm.AnyRef, false}, {ref(3), wasm.StructRef, true}, {ref(3), wasm.ArrayRef, false},
		{ref(4), wasm.ArrayRef, true}, {ref(4), wasm.EqRef, true}, {wasm.AnyRef, ref(4), false},
		{wasm.Ref(false, wasm.HeapNone), ref(4), true}, {wasm.Ref(false, wasm.HeapNone), ref(0), false},
		{wasm.Ref(false, wasm.HeapNoFunc), ref(0), true}, {wasm.Ref(true, wasm.HeapNoFunc), ref(0), false},
		{wasm.I31Ref, wasm.EqRef, true}, {wasm.EqRef, wasm.AnyRef, true}, {wasm.AnyRef, wasm.EqRef, false},
		{wasm.Ref(true, wasm.HeapNone), wasm.AnyRef, true}, {wasm.Ref(true, wasm.HeapNone), wasm.FuncRef, false},
		{wasm.Ref(true, wasm.HeapNoExtern), wasm.ExternRef, true}, {wasm.Ref(true, wasm.HeapNoExn), wasm.ExnRef, true},
		{wasm.ExternRef, wasm.AnyRef, false}, {wasm.I32, wasm.I64, false}, {wasm.I32, wasm.I32, true}, {wasm.I32, wasm.AnyRef, false},
	} {
		if got := info.Subtype(c.a, c.b); got != c.want {
			t.Errorf("%v matches %v: %v", c.a, c.b, got)
		}
	}
}

// TestBranchHints checks that hints reach the visitor.
func TestBranchHints(t *testing.T) {
	const src = `(module (func (param i32)
		local.get 0 (@metadata.code.branch_hint "\00") if end
		local.get 0 (@metadata.code.branch_hint "\01") if end
		local.get 0 if end
		block local.get 0 (@metadata.code.branch_hint "\01") br_if 0 end)
		(func (param i32) local.get 0 if end)
		(func (param i32) local.get 0 (@metadata.code.branch_hint "\01") if end))`
	hints := func(features wasm.Feature) string {
		m := parse(t, src)
		info, err := valid.Module(context.Background(), m, valid.Config{Features: features})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for i := range m.Code {
			_, err := walk(info, i, func(in *valid.Instr) string {
				if in.Op == op.If || in.Op == op.BrIf {
					all = append(all, fmt.Sprint(in.Hint))
				}
				return ""
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		return strings.Join(all, " ")
	}
	if got := hints(op.FeaturesAll); got != "0 1 -1 1 -1 1" {
		t.Errorf("hints are %s", got)
	}
	if got := hints(op.FeaturesAll &^ op.FeatureBranchHinting); got != "-1 -1 -1 -1 -1 -1" {
		t.Errorf("with the feature off, hints are %s", got)
	}
}
