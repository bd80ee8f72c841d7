package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}} {
		r := iw(t, "", args...)
		if r.code != 0 || r.err != "" || !strings.Contains(r.out, "Examples:") {
			t.Errorf("%v: %+v", args, r)
		}
		for _, c := range commands {
			if !strings.Contains(r.out, "  "+c.name+" ") {
				t.Errorf("%v: %s is missing", args, c.name)
			}
		}
	}
	for _, c := range commands {
		r := iw(t, "", "help", c.name)
		if r.code != 0 || r.err != "" || !strings.Contains(r.out, "Usage: iwasm "+c.name) || !strings.Contains(r.out, "Example") {
			t.Errorf("help %s: %+v", c.name, r)
		}
		if again := iw(t, "", c.name, "--help"); again.code != 0 || again.err != r.out {
			t.Errorf("%s --help: %+v", c.name, again)
		}
	}
	iw(t, "", "help", "bogus").want(t, 1, "", `no command "bogus"`)
}

func TestVersion(t *testing.T) {
	for _, args := range [][]string{{"--version"}, {"version"}, {"run", "--version"}} {
		r := iw(t, "", args...)
		lines := strings.Split(r.out, "\n")
		if r.code != 0 || r.err != "" || len(lines) < 10 || !strings.HasPrefix(lines[0], "iwasm 2.4.3") || lines[1] != "" || !strings.Contains(r.out, "  gc\n") {
			t.Errorf("%v: %+v", args, r)
		}
	}
}

func TestValidate(t *testing.T) {
	good, bad := file(t, "good.wat", lib), file(t, "bad.wat", "(module (func (result i32)))")
	iw(t, "", "validate", good).want(t, 0, good+": valid\n", "")
	iw(t, "", "validate", "-q", good).want(t, 0, "", "")
	iw(t, "", "validate", bad, good).want(t, 1, good+": valid\n", bad+": ")
	iw(t, "", "validate", filepath.Join(t.TempDir(), "none")).want(t, 1, "", "none")
	iw(t, "", "validate").want(t, 1, "", "no file")
}

func TestInspect(t *testing.T) {
	path := file(t, "m.wat", `(module $name (import "env" "f" (func (param i32))) (memory (export "m") 1 2) (func (export "v") (param v128)))`)
	r := iw(t, "", "inspect", path)
	for _, part := range []string{path + ": ", "1 functions", "name: name\n", "needs:", "simd", "imports:\n", "env.f", "func [i32] -> []", "exports:\n", "memory 1 2", "custom sections:\n"} {
		if !strings.Contains(r.out, part) {
			t.Errorf("%q is missing in\n%s", part, r.out)
		}
	}
	var info moduleInfo
	r = iw(t, "", "inspect", "--json", path)
	if err := json.Unmarshal([]byte(r.out), &info); err != nil || r.code != 0 {
		t.Fatalf("%v: %+v", err, r)
	}
	if info.File != path || info.Name != "name" || info.Functions != 1 || len(info.Imports) != 1 || info.Imports[0] != (externInfo{"env", "f", "func", "func [i32] -> []"}) ||
		len(info.Exports) != 2 || info.Exports[0] != (externInfo{"", "m", "memory", "memory 1 2"}) || len(info.Proposals) == 0 {
		t.Errorf("%+v", info)
	}
	r = iw(t, "", "inspect", "--json", file(t, "empty.wat", "(module)"))
	if strings.Contains(r.out, "null") {
		t.Errorf("lists are lists even if empty: %s", r.out)
	}
	iw(t, "", "inspect", file(t, "bad.wasm", "\x00asm")).want(t, 1, "", "bad.wasm")
}

func TestConvert(t *testing.T) {
	dir := t.TempDir()
	source := file(t, "lib.wat", lib)
	bin := filepath.Join(dir, "lib.wasm")
	iw(t, "", "wasm", "-o", bin, source).want(t, 0, "", "")
	want, err := os.ReadFile(bin)
	if err != nil {
		t.Fatal(err)
	}
	for _, fold := range []string{"--fold=false", "--fold"} {
		text := iw(t, "", "wat", fold, bin)
		if text.code != 0 || !strings.HasPrefix(text.out, "(module") {
			t.Errorf("%+v", text)
		}
		iw(t, text.out, "wasm", "-").want(t, 0, string(want), "")
	}
	iw(t, "", "-f", "add", bin, "1", "2").want(t, 0, "0x3:i32\n", "")
	bad := file(t, "bad.wat", "(module (func (result i32)))")
	out := filepath.Join(dir, "bad.wasm")
	iw(t, "", "wasm", "-o", out, bad).want(t, 1, "", "type mismatch")
	if _, err := os.Stat(out); err == nil {
		t.Error("a file is written for an invalid module")
	}
	iw(t, "", "wat").want(t, 1, "", "exactly one FILE")
	iw(t, "", "wat", bin, bin).want(t, 1, "", "exactly one FILE")
	iw(t, "", "wasm", "-o", filepath.Join(dir, "none", "x"), source).want(t, 1, "", "none")
}

func TestWast(t *testing.T) {
	good := file(t, "good.wast", `(module (func (export "f") (result i32) (i32.const 1))) (assert_return (invoke "f") (i32.const 1)) (assert_invalid (module (func (result i32))) "type mismatch")`)
	bad := file(t, "bad.wast", `(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 2))`)
	last := func(r result) string {
		lines := strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
		return lines[len(lines)-1]
	}
	r := iw(t, "", "wast", good)
	if r.code != 0 || r.err != "" || !strings.HasPrefix(r.out, "engine: interp\n") || !strings.HasSuffix(last(r), " passed, 0 failed, 0 skipped") {
		t.Errorf("good: %+v", r)
	}
	r = iw(t, "", "wast", good, bad)
	if r.code != 1 || !strings.Contains(last(r), ", 1 failed, 0 skipped") || !strings.Contains(r.err, bad+":2:") {
		t.Errorf("bad: %+v", r)
	}
	r = iw(t, "", "wast", "-q", good)
	if strings.Count(r.out, "\n") != 1 {
		t.Errorf("quiet: %+v", r)
	}
	r = iw(t, "", "wast", filepath.Dir(bad))
	if r.code != 1 || !strings.Contains(r.out, "bad.wast") {
		t.Errorf("directory: %+v", r)
	}
	r = iw(t, "", "wast", "--json", good)
	var v struct {
		File   string
		Passed int
		Counts map[string]struct{ Passed int }
	}
	if err := json.Unmarshal([]byte(strings.SplitN(r.out, "\n", 2)[0]), &v); err != nil || v.File != good || v.Passed == 0 || v.Counts["assert_return"].Passed != 1 {
		t.Errorf("json: %v %+v", err, r)
	}
	if !strings.HasSuffix(last(r), " passed, 0 failed, 0 skipped") {
		t.Errorf("json's last line: %+v", r)
	}
	iw(t, "", "wast").want(t, 1, "", "Usage:")
	iw(t, "", "wast", "--engine=jit", good).want(t, 1, "", "unknown engine")
	if r := iw(t, "", "wast", filepath.Join(t.TempDir(), "none.wast")); r.code != 1 || r.err == "" {
		t.Errorf("missing file: %+v", r)
	}
	if r := iw(t, "", "wast", file(t, "syntax.wast", "(module")); r.code != 1 || r.err == "" {
		t.Errorf("syntax: %+v", r)
	}
}
