package main

import (
	"strings"
	"testing"
)

const lib = `(module
	(func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
	(func (export "addll") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
	(func (export "addf") (param f32 f32) (result f32) (f32.add (local.get 0) (local.get 1)))
	(func (export "addd") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
	(func (export "muld") (param f64 f64) (result f64) (f64.mul (local.get 0) (local.get 1)))
	(func (export "i32") (param i32) (result i32) (local.get 0))
	(func (export "i64") (param i64) (result i64) (local.get 0))
	(func (export "f32") (param f32) (result f32) (local.get 0))
	(func (export "f64") (param f64) (result f64) (local.get 0))
	(func (export "bits") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
	(func (export "bits64") (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
	(func (export "v128") (param v128) (result v128) (local.get 0))
	(func (export "extern") (param externref) (result externref) (local.get 0))
	(func (export "func") (param funcref) (result funcref) (local.get 0))
	(func $self (export "self") (result funcref) (ref.func $self))
	(func (export "any") (param anyref) (result anyref) (local.get 0))
	(func (export "i31") (result i31ref) (ref.i31 (i32.const 1)))
	(type $s (struct)) (type $a (array i8))
	(func (export "struct") (result anyref) (struct.new $s))
	(func (export "array") (result anyref) (array.new $a (i32.const 0) (i32.const 1)))
	(func (export "void") (param i32))
	(func (export "multi") (param i32) (result i32 i64 f32) (local.get 0) (i64.const -1) (f32.const 0.5))
	(func (export "two words") (result i32) (i32.const 2))
	(func $inner unreachable)
	(func (export "trap") (call $inner))
	(func (export "div") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0))))`

// What -f takes and prints, after WAMR's.
func TestFunctionValues(t *testing.T) {
	path := file(t, "lib.wat", lib)
	for _, c := range []struct {
		call string
		want string // "": refused
	}{
		{"add 1 2", "0x3:i32"},
		{"addf 1.5 2.25", "3.75:f32"},
		{"muld 1e10 3", "3e+10:f64"},
		{"addd 1e10 3", "1e+10:f64"},
		{"addf nan 1", "nan:f32"},
		{"addf -nan:0x200001 1", "-nan:f32"},
		{"addll 0xffffffffffff 1", "0x1000000000000:i64"},

		{"i32 -1", "0xffffffff:i32"},
		{"i32 +7", "0x7:i32"},
		{"i32 010", "0x8:i32"},
		{"i32 0x1F", "0x1f:i32"},
		{"i32 0X1f", "0x1f:i32"},
		{"i32 -0x10", "0xfffffff0:i32"},
		{"i32 0", "0x0:i32"},
		{"i32 4294967296", "0x0:i32"}, // truncated
		{"i32 12_", "0xc:i32"},
		{"i32 99999999999999999999999", "0xffffffff:i32"}, // saturated, truncated
		{"i64 -1", "0xffffffffffffffff:i64"},
		{"i64 18446744073709551615", "0xffffffffffffffff:i64"},
		{"i64 18446744073709551616", "0xffffffffffffffff:i64"},
		{"i64 9_", "0x9:i64"},
		{"i32 12x", ""},
		{"i32 08", ""},
		{"i32 0x", ""},
		{"i32 --1", ""},
		{"i32 1.5", ""},
		{"i32 x", ""},

		{"f32 1", "1:f32"},
		{"f32 1000000", "1000000:f32"},
		{"f32 10000000", "1e+07:f32"},
		{"f32 0.0001", "0.0001:f32"},
		{"f32 0.00001", "1e-05:f32"},
		{"f64 123456.789", "123456.8:f64"},
		{"f64 0.1", "0.1:f64"},
		{"f64 -0", "-0:f64"},
		{"f64 inf", "inf:f64"},
		{"f64 -inf", "-inf:f64"},
		{"f64 1e999", "inf:f64"},
		{"f64 0x1p4", "16:f64"},
		{"f64 -nan", "-nan:f64"},
		{"f64 1.5x", ""},
		{"f64 1.5_", "1.5:f64"},
		{"f64 nan:0", ""},
		{"f64 nanx", ""},
		{"bits nan", "0x7fc00000:i32"},
		{"bits nan:0x200001", "0x7fa00001:i32"},
		{"bits -nan:0x1", "0xff800001:i32"},
		{"bits nan:0x800000", ""},
		{"bits64 nan:0x1", "0x7ff0000000000001:i64"},

		{"v128 1,2", "<0x0000000000000001 0x0000000000000002>:v128"},
		{`v128 0xffffffffffffffff\0x10`, "<0xffffffffffffffff 0x0000000000000010>:v128"},
		{"v128 1", ""},
		{"v128 1,,2", ""},

		{"extern 5", "0x5:ref.extern"},
		{"extern 0xff", "0xff:ref.extern"},
		{"extern null", "extern:ref.null"},
		{"extern x", ""},
		{"func null", "func:ref.null"},
		{"any null", "any:ref.null"},
		{"self", "14:ref.func"},
		{"i31", "ref.i31"},
		{"struct", "ref.struct"},
		{"array", "ref.array"},
		{"void 1", ""},
		{"multi 7", "0x7:i32,0xffffffffffffffff:i64,0.5:f32"},
	} {
		t.Run(c.call, func(t *testing.T) {
			words := strings.Fields(c.call)
			args := append([]string{"-f", words[0], path}, words[1:]...)
			r := iw(t, "", args...)
			switch {
			case words[0] == "void":
				r.want(t, 0, "\n", "")
			case c.want == "":
				r.want(t, 1, "Exception: invalid input argument 0: "+words[1]+"\n", "")
			default:
				r.want(t, 0, c.want+"\n", "")
			}
		})
	}
}

func TestFunctionErrors(t *testing.T) {
	path := file(t, "lib.wat", lib)
	iw(t, "", "-f", "nope", path).want(t, 1, "Exception: lookup function nope failed\n", "")
	iw(t, "", "-f", "i32", path, "").want(t, 1, "Exception: invalid input argument 0\n", "")
	for _, args := range [][]string{{}, {"1"}, {"1", "2", "3"}} {
		r := iw(t, "", append([]string{"--function=add", path}, args...)...)
		if r.code != 1 || !strings.HasPrefix(r.out, "Exception: invalid input argument count") {
			t.Errorf("%v: %+v", args, r)
		}
	}
	r := iw(t, "", "-f", "trap", path)
	lines := strings.Split(r.out, "\n")
	if r.code != 1 || len(lines) != 6 || lines[0] != "" || !strings.HasPrefix(lines[1], "#00: 0x") || !strings.HasSuffix(lines[1], " - inner") ||
		!strings.HasPrefix(lines[2], "#01: 0x") || !strings.HasSuffix(lines[2], " - trap") || lines[3] != "" || lines[4] != "Exception: unreachable" || lines[5] != "" || r.err != "" {
		t.Errorf("trap: %+v", r)
	}
	r = iw(t, "", "-f", "div", path, "0")
	if !strings.HasSuffix(r.out, "\nException: integer divide by zero\n") {
		t.Errorf("division: %+v", r)
	}
}

func TestRepl(t *testing.T) {
	path := file(t, "lib.wat", lib)
	const p = "webassembly> "
	iw(t, "add 1 2\n\n   \nnope\n  addll   1  2 \ntwo\\words\nadd 1\n__exit__\nadd 3 4\n", "--repl", path).want(t, 0,
		p+"0x3:i32\n"+p+p+p+"Exception: lookup function nope failed\n"+p+"0x3:i64\n"+p+"0x2:i32\n"+
			p+"Exception: invalid input argument count: 1, the function takes 2\n"+p+"exit repl mode\n", "")
	iw(t, "trap\ni32 5", "--repl", path).want(t, 0, p+"Exception: unreachable\n"+p+"0x5:i32\n"+p, "")
	iw(t, "", "--repl", path).want(t, 0, p, "")
}
