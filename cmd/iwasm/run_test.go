package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// printing is a module that prints one letter from each function that runs, and
// what it exports.
func printing(wasi bool, exports ...string) string {
	s := `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
		(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`
	if !wasi {
		// A memory that -f can read shows what ran.
		s = `(module`
	}
	s += `(memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
		(func (export "log") (result i32) (global.get $n))
		(func $p (param i32) (global.set $n (i32.add (i32.mul (global.get $n) (i32.const 10)) (local.get 0)))`
	if wasi {
		s += `(i32.store8 (i32.const 100) (i32.add (local.get 0) (i32.const 48)))
			(i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 1))
			(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))`
	}
	s += ")"
	for i, e := range exports {
		if e == "start" {
			s += fmt.Sprintf("(func $s (call $p (i32.const %d))) (start $s)", i+1)
			continue
		}
		name, typ, _ := strings.Cut(e, " ")
		s += fmt.Sprintf("(func (export %q) %s (call $p (i32.const %d))", name, typ, i+1)
		if strings.Contains(typ, "result") {
			s += "(i32.const 77)"
		}
		s += ")"
	}
	return s + ")"
}

func TestEntryPoints(t *testing.T) {
	for _, c := range []struct {
		exports []string
		want    string
	}{
		{[]string{"_start"}, "1"},
		{[]string{"main", "_start"}, "2"},
		{[]string{"_start", "__wasm_call_ctors", "__post_instantiate", "_initialize", "start"}, "5431"},
		{[]string{"main"}, "1"},
		{[]string{"_main", "__main_argc_argv", "main"}, "3"},
		{[]string{"_main", "__main_argc_argv"}, "2"},
		{[]string{"_main (result i32)"}, "1"},
		{[]string{"_start (param i32)", "main"}, "2"},
		{[]string{"_initialize (param i32)", "main"}, "2"},
		{[]string{"main (param i32 i32) (result i32)"}, "1"},
	} {
		iw(t, "", file(t, "m.wat", printing(true, c.exports...))).want(t, 0, c.want, "")
	}
	for _, c := range []struct {
		exports []string
		want    string
	}{
		{[]string{"__wasm_call_ctors", "_initialize", "__post_instantiate", "start"}, "0x19f:i32"}, // 4, 3, 1
		{[]string{"main"}, "0x0:i32"},
	} {
		iw(t, "", "-f", "log", file(t, "m.wat", printing(false, c.exports...))).want(t, 0, strings.Replace(c.want, "0x19f", "0x1af", 1)+"\n", "")
	}
	const none = "Exception: lookup the entry point symbol (like _start, main, _main, __main_argc_argv) failed\n"
	iw(t, "", file(t, "m.wat", "(module)")).want(t, 1, none, "")
	iw(t, "", file(t, "m.wat", `(module (memory (export "main") 1))`)).want(t, 1, none, "")
	const badMain = "Exception: invalid function type of main function\n"
	for _, typ := range []string{"(param i32)", "(param i64 i64)", "(result i64) unreachable", "(param i32 i32 i32)"} {
		iw(t, "", file(t, "m.wat", `(module (memory 1) (func (export "main") `+typ+`))`)).want(t, 1, badMain, "")
	}
}

// argvMain traps unless its arguments are FILE, "a" and "bc".
const argvMain = `(module (memory (export "memory") %s 1)
	(func (export "main") (param $argc i32) (param $argv %[2]s)
		(if (i32.ne (local.get $argc) (i32.const 3)) (then unreachable))
		(if (i32.ne (i32.load16_u (%[2]s.load (%[2]s.add (local.get $argv) (%[2]s.const %[3]d)))) (i32.const 0x0061)) (then unreachable))
		(if (i32.ne (i32.load16_u (%[2]s.load (%[2]s.add (local.get $argv) (%[2]s.const %[4]d)))) (i32.const 0x6362)) (then unreachable))))`

func TestMainArguments(t *testing.T) {
	path := file(t, "m.wat", fmt.Sprintf(argvMain, "", "i32", 4, 8))
	iw(t, "", path, "a", "bc").want(t, 0, "", "")
	if r := iw(t, "", path, "a"); r.code != 1 {
		t.Errorf("other arguments: %+v", r)
	}
	iw(t, "", file(t, "m.wat", fmt.Sprintf(argvMain, "i64", "i64", 8, 16)), "a", "bc").want(t, 0, "", "")
	r := iw(t, "", "--heap-size=0", path, "a", "bc")
	if r.code != 1 || !strings.HasPrefix(r.out, "Exception: allocate memory failed") {
		t.Errorf("no heap: %+v", r)
	}
	// What main returns is not the exit status.
	iw(t, "", file(t, "m.wat", `(module (func (export "main") (result i32) (i32.const 5)))`)).want(t, 0, "", "")
}

func exits(code uint32, export string) string {
	return fmt.Sprintf(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
		(func (export %q) (call $exit (i32.const %d)) unreachable))`, export, code)
}

func TestExitCodes(t *testing.T) {
	for code, want := range map[uint32]int{0: 0, 1: 1, 42: 42, 255: 255, 256: 0, 300: 44} {
		iw(t, "", file(t, "m.wat", exits(code, "_start"))).want(t, want, "", "")
	}
	iw(t, "", file(t, "m.wat", exits(7, "_initialize"))).want(t, 7, "", "")
	iw(t, "", "-f", "f", file(t, "m.wat", exits(8, "f"))).want(t, 8, "", "")
	iw(t, "f\nf\n", "--repl", file(t, "m.wat", exits(9, "f"))).want(t, 9, "webassembly> ", "")

	iw(t, "", "/nonexistent/m.wasm").want(t, 255, "", "Read file to buffer failed: open file /nonexistent/m.wasm failed")
	iw(t, "", file(t, "m.wasm", "\x00asm\x02\x00\x00\x00")).want(t, 255, "", "WASM module load failed")
	iw(t, "", file(t, "m.wat", "(module (func (result i32)))")).want(t, 255, "", "type mismatch")
	iw(t, "", file(t, "m.wat", `(module (import "env" "gone" (func)) (import "env" "gone2" (func)))`)).want(t, 255, "", `"gone2"`)
	r := iw(t, "", file(t, "m.wat", `(module (func $f unreachable) (start $f))`))
	if r.code != 255 || !strings.Contains(r.err, "WASM module instantiate failed: unreachable") || !strings.Contains(r.out, "#00: 0x") {
		t.Errorf("start function: %+v", r)
	}
	r = iw(t, "", file(t, "m.wat", `(module (func (export "__post_instantiate") unreachable))`))
	if r.code != 255 || !strings.Contains(r.err, "instantiate failed: unreachable") {
		t.Errorf("initializer: %+v", r)
	}
}

func TestUsageErrors(t *testing.T) {
	path := file(t, "m.wat", `(module (func (export "_start")))`)
	repeat := func(option string, n int) []string {
		var args []string
		for range n {
			args = append(args, option)
		}
		return append(args, path)
	}
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "Usage:"},
		{[]string{"--heap-size=", path}, "Usage:"},
		{[]string{"--env=", path}, "Usage:"},
		{[]string{"--bogus", path}, "Usage:"},
		{[]string{"--stack-size=x", path}, "Usage:"},
		{[]string{"-v=6", path}, "not between 0 and 5"},
		{[]string{"-v=-1", path}, "not between 0 and 5"},
		{[]string{"-f"}, "Usage:"},
		{[]string{"-f", "add"}, "no file to run"},
		{[]string{"run"}, "no file to run"},
		{[]string{"--engine=jit", path}, `unknown engine "jit"`},
		{[]string{"--disable=bogus", path}, `unknown proposal "bogus"`},
		{[]string{"--env=X", path}, `Wasm parse env string failed: expect "key=value", got "X"`},
		{[]string{"--env==v", path}, `got "=v"`},
		{[]string{"--map-dir=x", path}, "expect GUEST::HOST"},
		{repeat("--dir="+dir, 9), "Only allow max dir number 8"},
		{repeat("--env=A=B", 9), "Only allow max env number 8"},
		{repeat("--map-dir=/a::"+dir, 9), "Only allow max map dir number 8"},
	} {
		iw(t, "", c.args...).want(t, 1, "", c.want)
	}
	for option, why := range laterOptions {
		dashes := "--"
		if len(option) == 1 {
			dashes = "-"
		}
		iw(t, "", dashes+option+"=1", path).want(t, 1, "", why)
	}
	for _, args := range [][]string{repeat("--env=A=B", 8), {"-v=0", path}, {"-v=5", path}, {"--interp", path}, {"--engine", "interp", path}, {"run", path}} {
		iw(t, "", args...).want(t, 0, "", "")
	}
}

func TestLimits(t *testing.T) {
	loop := file(t, "loop.wat", `(module (func (export "_start") (loop $l (br $l))))`)
	deep := file(t, "deep.wat", `(module (func $f (export "f") (param i32) (result i32)
		(if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 0)))))`)
	ends := func(r result, text string) {
		t.Helper()
		if r.code != 1 || !strings.HasSuffix(r.out, "\nException: "+text+"\n") {
			t.Errorf("want %q: %+v", text, r)
		}
	}
	ends(iw(t, "", "--timeout=20", loop), "terminated by user")
	ends(iw(t, "", "--fuel=1000", loop), "all fuel consumed")
	ends(iw(t, "", "--stack-size=8192", "-f", "f", deep, "5000"), "wasm operand stack overflow")
	iw(t, "", "-f", "f", deep, "1000").want(t, 0, "0x3e8:i32\n", "")
	iw(t, "", "--max-memory=65536", file(t, "m.wat", "(module (memory 2))")).want(t, 255, "", "memory")
	ends(iw(t, "", "--gc-heap-size=65536", file(t, "m.wat", `(module (type $a (array i8)) (func (export "_start") (drop (array.new $a (i32.const 0) (i32.const 1000000)))))`)), "garbage-collected heap exhausted")
	iw(t, "", "--disable=simd", file(t, "m.wat", `(module (func (param v128)))`)).want(t, 255, "", "load failed")
}

func TestDirectories(t *testing.T) {
	// Opens "in" below descriptor 3 for reading and copies it to standard output.
	path := file(t, "cat.wat", `(module
		(import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
		(import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
		(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
		(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
		(memory (export "memory") 1) (data (i32.const 64) "in")
		(func (export "_start") (local $e i32)
			(local.set $e (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 2) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 32)))
			(if (local.get $e) (then (call $exit (local.get $e))))
			(i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 100))
			(drop (call $read (i32.load (i32.const 32)) (i32.const 0) (i32.const 1) (i32.const 36)))
			(i32.store (i32.const 4) (i32.load (i32.const 36)))
			(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 40)))))`)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in"), []byte("content"), 0o644); err != nil {
		t.Fatal(err)
	}
	iw(t, "", "--dir="+dir, path).want(t, 0, "content", "")
	iw(t, "", "--map-dir=/data::"+dir, path).want(t, 0, "content", "")
	if r := iw(t, "", path); r.code != 8 { // EBADF: nothing is granted
		t.Errorf("without --dir: %+v", r)
	}
	iw(t, "", "--dir="+filepath.Join(dir, "none"), path).want(t, 255, "", "pre-opening directory")
}

func TestStandardInput(t *testing.T) {
	iw(t, lib, "-f", "add", "-", "1", "2").want(t, 0, "0x3:i32\n", "")
	iw(t, lib, "validate", "-").want(t, 0, "-: valid\n", "")
}
