package wamr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
)

func TestNativeSignatures(t *testing.T) {
	nop := func(*wamr.NativeCall, []uint64) error { return nil }
	for _, c := range []struct {
		sig  string
		typ  string // in the text format; "": refused
		want string // error
	}{
		{"()", "", ""},
		{"()i", "(result i32)", ""},
		{"(iIfFr)F", "(param i32 i64 f32 f64 externref) (result f64)", ""},
		{"(*~$)I", "(param i32 i32 i32) (result i64)", ""},
		{"(*)f", "(param i32) (result f32)", ""},
		{"(**~)r", "(param i32 i32 i32) (result externref)", ""},
		{"", "", `not of the form`},
		{"i", "", `not of the form`},
		{"(", "", `not of the form`},
		{"(i", "", `not of the form`},
		{"i)", "", `not of the form`},
		{"()ii", "", `not of the form`},
		{"())", "", `")" is no result`},
		{"(x)", "", `unknown letter 'x'`},
		{"()x", "", `'x' is no result`},
		{"()*", "", `'*' is no result`},
		{"()$", "", `'$' is no result`},
		{"()~", "", `'~' is no result`},
		{"(~)", "", "~ must follow *"},
		{"(i~)", "", "~ must follow *"},
		{"(*~~)", "", "~ must follow *"},
		{"($~)", "", "~ must follow *"},
	} {
		t.Run(c.sig, func(t *testing.T) {
			ln := wamr.NewLinker()
			ln.Natives("env", wamr.Native{Name: "f", Signature: c.sig, Func: nop})
			if c.want != "" {
				wantError(t, ln.Err(), strings.ReplaceAll(c.want, `")"`, "')'"))
				wantError(t, ln.Err(), `"env" "f"`)
				return
			}
			noError(t, ln.Err())
			instantiate(t, ln, wamr.Limits{}, `(module (import "env" "f" (func `+c.typ+`)))`)
		})
	}
	ln := wamr.NewLinker()
	ln.Natives("env", wamr.Native{Name: "f", Signature: "()"})
	wantError(t, ln.Err(), "no function")
}

const checkedNatives = `(module
	(import "env" "block" (func $block (param i32 i32) (result i32)))
	(import "env" "byte" (func $byte (param i32) (result i32)))
	(import "env" "str" (func $str (param i32) (result i32)))
	(memory 1)
	(data (i32.const 65530) "a\00bcde")
	(func (export "block") (param i32 i32) (result i32) (call $block (local.get 0) (local.get 1)))
	(func (export "byte") (param i32) (result i32) (call $byte (local.get 0)))
	(func (export "str") (param i32) (result i32) (call $str (local.get 0))))`

func TestNativeChecks(t *testing.T) {
	calls := 0
	bytes := func(c *wamr.NativeCall, slots []uint64) error {
		calls++
		slots[0] = uint64(len(c.Bytes(0, slots)))
		if c.Bytes(9, slots) != nil || c.Bytes(1, slots) != nil || c.Str(0, slots) != "" || c.Str(9, slots) != "" {
			t.Error("parameters that there are not")
		}
		return nil
	}
	ln := wamr.NewLinker()
	ln.Natives("env",
		wamr.Native{Name: "block", Signature: "(*~)i", Func: bytes},
		wamr.Native{Name: "byte", Signature: "(*)i", Func: bytes},
		wamr.Native{Name: "str", Signature: "($)i", Func: func(c *wamr.NativeCall, slots []uint64) error {
			calls++
			slots[0] = uint64(len(c.Str(0, slots)))
			return nil
		}})
	inst := instantiate(t, ln, wamr.Limits{}, checkedNatives)
	none := instantiate(t, ln, wamr.Limits{}, strings.Replace(strings.Replace(checkedNatives, "(memory 1)", "", 1), `(data (i32.const 65530) "a\00bcde")`, "", 1))
	for _, c := range []struct {
		name string
		args []int32
		want int32 // -1: trap
	}{
		{"block", []int32{0, 0}, 0},
		{"block", []int32{0, 65536}, 65536},
		{"block", []int32{65535, 1}, 1},
		{"block", []int32{65536, 0}, 0},
		{"block", []int32{65536, 1}, -1},
		{"block", []int32{65535, 2}, -1},
		{"block", []int32{65537, 0}, -1},
		{"block", []int32{-1, 1}, -1},
		{"block", []int32{-1, 2}, -1},
		{"block", []int32{16, -16}, -1}, // 2^32 together
		{"block", []int32{-1, -1}, -1},
		{"byte", []int32{0}, 1},
		{"byte", []int32{65535}, 1},
		{"byte", []int32{65536}, -1},
		{"byte", []int32{-1}, -1},
		{"str", []int32{65530}, 1},
		{"str", []int32{65531}, 0},
		{"str", []int32{65532}, -1}, // runs to the end of the memory
		{"str", []int32{65535}, -1},
		{"str", []int32{65536}, -1},
		{"str", []int32{-1}, -1},
	} {
		var args []wamr.Value
		for _, a := range c.args {
			args = append(args, wamr.I32(a))
		}
		before := calls
		res, err := inst.Call(bg, c.name, args...)
		if c.want < 0 {
			wantIs(t, err, wamr.ErrOutOfBounds)
			equal(t, "calls after a failed check", calls, before)
		} else if err != nil || res[0].I32() != c.want {
			t.Errorf("%s%v: %v %v", c.name, c.args, res, err)
		}
		_, err = none.Call(bg, c.name, args...)
		wantIs(t, err, wamr.ErrOutOfBounds)
	}
}

func TestNativeAttachmentAndAlias(t *testing.T) {
	native := func(name, attachment string) wamr.Native {
		return wamr.Native{Name: name, Signature: "()i", Attachment: attachment, Func: func(c *wamr.NativeCall, slots []uint64) error {
			slots[0] = uint64(len(c.Attachment.(string)))
			return nil
		}}
	}
	run := func(ln *wamr.Linker, name string) int32 {
		return call1(t, instantiate(t, ln, wamr.Limits{}, `(module (import "env" "`+name+`" (func $f (result i32))) (func (export "f") (result i32) (call $f)))`), "f").I32()
	}
	ln := wamr.NewLinker()
	ln.Natives("env", native("one", "1"), native("two", "22"), native("_own", "333"))
	equal(t, "one", run(ln, "one"), 1)
	equal(t, "_one", run(ln, "_one"), 1)
	equal(t, "_two", run(ln, "_two"), 2)
	equal(t, "_own", run(ln, "_own"), 3)
	equal(t, "__own", run(ln, "__own"), 3)
	ln.Natives("env", native("one", "4444")) // the alias follows
	equal(t, "_one", run(ln, "_one"), 4)
	ln.Natives("env", native("_one", "55555"))
	equal(t, "_one of its own", run(ln, "_one"), 5)
	equal(t, "one", run(ln, "one"), 4)
	equal(t, "names", len(ln.Names("env")), 4)
	// Other host functions have no alias.
	wamr.Define0(ln, "env", "plain", func() int32 { return 0 })
	_, err := ln.Instantiate(bg, nil, compile(t, newRuntime(t, wamr.Config{}), `(module (import "env" "_plain" (func (result i32))) (import "env" "own" (func (result i32))))`))
	equal(t, "missing", len(wantAs[*wamr.LinkError](t, err).Missing), 2)
}

func TestNativeErrors(t *testing.T) {
	cause := errors.New("cause")
	ln := wamr.NewLinker()
	ln.Natives("env", wamr.Native{Name: "f", Signature: "(i)i", Func: func(c *wamr.NativeCall, slots []uint64) error { return cause }})
	inst := instantiate(t, ln, wamr.Limits{}, `(module (import "env" "f" (func $f (param i32) (result i32))) (func (export "f") (result i32) (call $f (i32.const 1))))`)
	_, err := inst.Call(bg, "f")
	wantIs(t, err, cause, wamr.ErrHost)
}
