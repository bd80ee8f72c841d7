package valid_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// shape shows what control-sensitive visitors rely on.
func shape(in *valid.Instr) string {
	s := in.Info.Name
	switch in.Op {
	case op.End, op.Else, op.Catch, op.CatchAll, op.Delegate:
		s += fmt.Sprintf("(%s)", [...]string{"func", "block", "loop", "if", "else", "try_table", "try", "catch", "catch_all"}[in.Frame])
		if in.Unreachable {
			s += "!"
		}
	}
	return fmt.Sprintf("%s@%d/%d", s, in.Depth, in.Height)
}

// TestVisitor checks which instructions are shown, with which depths of the
// control stack and heights of the operand stack.
func TestVisitor(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"empty", ``, `end(func)@1/0`},
		{"plain", `i32.const 1 drop`, `i32.const@1/0 drop@1/1 end(func)@1/0`},
		{"block", `block nop end`, `block@1/0 nop@2/0 end(block)@2/0 end(func)@1/0`},
		{"after br", `block br 0 i32.const 1 drop end nop`,
			`block@1/0 br@2/0 end(block)!@2/0 nop@1/0 end(func)@1/0`},
		{"block in unreachable code", `unreachable block nop end if nop else nop end loop nop end`,
			`unreachable@1/0 end(func)!@1/0`},
		{"hidden blocks end hidden", `block br 0 block br 0 end nop block end end nop`,
			`block@1/0 br@2/0 end(block)!@2/0 nop@1/0 end(func)@1/0`},
		{"if without else", `i32.const 1 if return end`,
			`i32.const@1/0 if@1/1 return@2/0 end(if)!@2/0 end(func)@1/0`},
		{"else is reachable again", `i32.const 1 if unreachable nop else nop end`,
			`i32.const@1/0 if@1/1 unreachable@2/0 else(if)!@2/0 nop@2/0 end(else)@2/0 end(func)@1/0`},
		{"heights inside", `i32.const 1 i32.const 2 if nop else nop end drop`,
			`i32.const@1/0 i32.const@1/1 if@1/2 nop@2/1 else(if)@2/1 nop@2/1 end(else)@2/1 drop@1/1 end(func)@1/0`},
		{"parameters of blocks", `i32.const 1 block (param i32) drop end`,
			`i32.const@1/0 block@1/1 drop@2/1 end(block)@2/0 end(func)@1/0`},
		{"loop", `loop i32.const 0 br_if 0 br 1 nop end nop`,
			`loop@1/0 i32.const@2/0 br_if@2/1 br@2/0 end(loop)!@2/0 nop@1/0 end(func)@1/0`},
		{"br_table", `block i32.const 0 br_table 0 1 nop end`,
			`block@1/0 i32.const@2/0 br_table@2/1 end(block)!@2/0 end(func)@1/0`},
		{"throw", `try_table (catch_all 0) throw $e nop end nop`,
			`try_table@1/0 throw@2/0 end(try_table)!@2/0 nop@1/0 end(func)@1/0`},
		{"legacy try", `try throw $e nop catch $e nop rethrow 0 nop catch_all nop end`,
			`try@1/0 throw@2/0 catch(try)!@2/0 nop@2/0 rethrow@2/0 catch_all(catch)!@2/0 nop@2/0 end(catch_all)@2/0 end(func)@1/0`},
		{"delegate", `try nop delegate 0`, `try@1/0 nop@2/0 delegate(try)@2/0 end(func)@1/0`},
		{"delegate after throw", `try throw $e delegate 0`, `try@1/0 throw@2/0 delegate(try)!@2/0 end(func)@1/0`},
		{"hidden try", `return try nop catch_all nop end try nop delegate 0`, `return@1/0 end(func)!@1/0`},
		{"tail call", `return_call $f nop`, `return_call@1/0 end(func)!@1/0`},
	} {
		info, err := validate(t, `(module (tag $e) (func $f `+c.body+`))`, op.FeaturesAll)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, err := walk(info, 0, shape)
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v\n\tgot  %s\n\twant %s", c.name, err, strings.Join(got, " "), c.want)
		}
	}
}

// annotated is a module with an instruction of each kind whose types only
// validation knows.
const annotated = `(module
	(type $s (struct (field i8) (field (mut i64))))
	(type $a (array (mut f32)))
	(type $f (func (param i32) (result i64)))
	(global $g (mut i64) (i64.const 0))
	(memory $m32 1) (memory $m64 i64 1)
	(table $t 1 funcref) (table $u i64 1 anyref)
	(elem $e declare func $callee)
	(elem $p (ref $f) (ref.func $callee))
	(tag $tag (param f64))
	(func $callee (type $f) i64.const 0)
	(func (param $l f32)
		(local $r (ref null $s)) (local $b (ref null $a)) (local $any anyref)
		local.get $l drop
		global.get $g global.set $g
		i32.const 1 i32.const 2 i32.const 3 select drop
		ref.null $s ref.null $s i32.const 0 select (result (ref null $s)) drop
		i32.const 0 table.get $t drop
		i64.const 0 ref.null none table.set $u
		table.size $u drop
		i32.const 0 i32.const 0 i32.const 0 table.init $t $p
		ref.func $callee drop
		local.get $r ref.is_null drop
		local.get $r ref.as_non_null drop
		local.get $r struct.get_s $s 0 drop
		local.get $r i64.const 1 struct.set $s 1
		local.get $b i32.const 0 array.get $a drop
		local.get $b array.len drop
		local.get $r ref.test (ref $s) drop
		i32.const 1 ref.i31 i31.get_s drop
		i32.const 1 call $callee drop
		i32.const 1 i32.const 0 call_indirect $t (type $f) drop
		i32.const 1 ref.func $callee call_ref $f drop
		i32.const 0 i32.load $m32 drop
		i64.const 0 i32.load $m64 drop
		i64.const 0 i32.const 0 i32.const 0 memory.copy $m64 $m32
		block (result anyref) local.get $any br_on_cast 0 anyref (ref $s) end drop
		block local.get $any br_on_null 0 drop end
		f64.const 1 throw $tag))`

// TestAnnotations checks the types that the visitor is given.
func TestAnnotations(t *testing.T) {
	info, err := validate(t, annotated, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	got, err := walk(info, 1, func(in *valid.Instr) string {
		s := in.Info.Name
		switch in.Info.Class {
		case op.ClassParametric, op.ClassVariable, op.ClassReference, op.ClassAggregate:
			return s + " " + in.Type.String()
		case op.ClassTable:
			return fmt.Sprintf("%s %v %v", s, in.Type, in.AddrType)
		case op.ClassLoad:
			return fmt.Sprintf("%s %v", s, in.AddrType)
		}
		switch in.Op {
		case op.Call, op.Throw:
			return fmt.Sprintf("%s %v", s, in.Func)
		case op.CallIndirect:
			return fmt.Sprintf("%s %v %v", s, in.Func, in.AddrType)
		case op.CallRef:
			return fmt.Sprintf("%s %v %v", s, in.Func, in.Type)
		case op.MemoryCopy:
			return fmt.Sprintf("%s %v %v", s, in.AddrType, in.AddrType2)
		case op.BrOnCast, op.BrOnNull:
			return fmt.Sprintf("%s %v", s, in.Type)
		}
		return ""
	})
	if err != nil {
		t.Fatal(err)
	}
	got = slices.DeleteFunc(got, func(s string) bool { return s == "" || strings.HasPrefix(s, "drop ") })
	want := []string{
		"local.get f32", "global.get i64", "global.set i64",
	}
	want = append(want, "ref.null (ref null 0)", "ref.null (ref null 0)", "select (ref null 0)",
		"table.get funcref i32", "ref.null nullref", "table.set anyref i64", "table.size anyref i64", "table.init funcref i32",
		"ref.func (ref 2)",
		"local.get (ref null 0)", "ref.is_null (ref null 0)",
		"local.get (ref null 0)", "ref.as_non_null (ref null 0)",
		"local.get (ref null 0)", "struct.get_s i8",
		"local.get (ref null 0)", "struct.set i64",
		"local.get (ref null 1)", "array.get f32",
		"local.get (ref null 1)", "array.len (ref null 1)",
		"local.get (ref null 0)", "ref.test (ref null 0)",
		"ref.i31 (ref i31)", "i31.get_s (ref i31)",
		"call [i32] -> [i64]",
		"call_indirect [i32] -> [i64] i32",
		"ref.func (ref 2)", "call_ref [i32] -> [i64] (ref 2)",
		"i32.load i32", "i32.load i64",
		"memory.copy i64 i32",
		"local.get anyref", "br_on_cast anyref",
		"local.get anyref", "br_on_null anyref",
		"throw [f64] -> []")
	// The untyped select would be refused on operands of two types.
	got = slices.DeleteFunc(got, func(s string) bool { return s == "select i32" })
	if !slices.Equal(got, want) {
		for k := range max(len(got), len(want)) {
			if k >= len(got) || k >= len(want) || got[k] != want[k] {
				t.Fatalf("from number %d on:\n\tgot  %q\n\twant %q", k, got[min(k, len(got)):], want[min(k, len(want)):])
			}
		}
	}
}

// TestVisitorError checks that an error of the visitor ends the walk, at fast
// and at other instructions, and that the Func is good for the next walk.
func TestVisitorError(t *testing.T) {
	info, err := validate(t, `(module (func (local (ref null any)) i32.const 1 drop block end ref.null any drop))`, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	f := valid.NewFunc(info)
	stop := errors.New("stop")
	for n := 1; n <= 7; n++ {
		v := &stopper{left: n, err: stop}
		if err := f.Walk(0, v); err != stop {
			t.Errorf("stopped at instruction %d: %v", n, err)
		}
		if v.left != 0 {
			t.Errorf("%d more instructions were shown than wanted", -v.left)
		}
	}
	if err := f.Walk(0, nil); err != nil {
		t.Error(err)
	}
}

type stopper struct {
	left int
	err  error
}

func (v *stopper) Visit(*valid.Instr) error {
	if v.left--; v.left <= 0 {
		return v.err
	}
	return nil
}

// TestErrorPlace checks that errors say where they are.
func TestErrorPlace(t *testing.T) {
	_, err := validate(t, `(module (import "m" "f" (func)) (func) (func nop nop i32.add))`, op.FeaturesAll)
	var e *wasm.ValidationError
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	if e.Func != 2 || e.Op != "i32.add" {
		t.Errorf("function %d, instruction %q", e.Func, e.Op)
	}
	m := parse(t, `(module (import "m" "f" (func)) (func) (func nop nop i32.add))`)
	if want := m.Code[1].Offset + 2; e.Offset != want {
		t.Errorf("offset %#x, want %#x", e.Offset, want)
	}
}

// TestNoAllocation holds the check of a function to none, after the first.
func TestNoAllocation(t *testing.T) {
	info, err := validate(t, annotated, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	f := valid.NewFunc(info)
	var v countingVisitor
	if n := testing.AllocsPerRun(100, func() {
		if err := f.Walk(1, &v); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
