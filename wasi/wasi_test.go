package wasi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/wasi"
)

// imports are the functions that the test programs use.
const imports = `
	(import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
	(memory (export "memory") 1)
	;; writes the n bytes at p to descriptor 1
	(func $print (param $p i32) (param $n i32)
		(i32.store (i32.const 0) (local.get $p))
		(i32.store (i32.const 4) (local.get $n))
		(if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable)))
	;; reads up to 100 bytes of descriptor fd to 200 and returns how many they were
	(func $read (param $fd i32) (result i32)
		(i32.store (i32.const 0) (i32.const 200))
		(i32.store (i32.const 4) (i32.const 100))
		(if (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)) (then (call $proc_exit (i32.const 99))))
		(i32.load (i32.const 8)))
`

// programs are test programs by name.
var programs = map[string]string{
	"hello": `(data (i32.const 100) "hello\n")
		(func (export "_start") (call $print (i32.const 100) (i32.const 6)))`,
	"exit": `(func $deep (param i32) (if (i32.eqz (local.get 0)) (then (call $proc_exit (i32.const 7)))) (call $deep (i32.sub (local.get 0) (i32.const 1))))
		(func (export "_start") (call $deep (i32.const 50)) unreachable)`,
	"trap": `(func (export "_start") unreachable)`,
	"cat":  `(func (export "_start") (call $print (i32.const 200) (call $read (i32.const 0))))`,
	"arg0": `(func (export "_start")
		(drop (call $args_get (i32.const 300) (i32.const 400)))
		(call $print (i32.load (i32.const 300)) (i32.const 4)))`,
	// prints the file "file" below the first directory, or exits with the number of the error
	"file": `(data (i32.const 100) "file")
		(func (export "_start") (local $e i32)
			(local.set $e (call $path_open (i32.const 3) (i32.const 1) (i32.const 100) (i32.const 4) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 16)))
			(if (local.get $e) (then (call $proc_exit (local.get $e))))
			(call $print (i32.const 200) (call $read (i32.load (i32.const 16)))))`,
	"create": `(data (i32.const 100) "made")
		(func (export "_start")
			(call $proc_exit (call $path_open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 4) (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 16))))`,
	"sleep": `(func (export "_start")
			(i64.store (i32.const 124) (i64.const 3600000000000))
			(i32.store (i32.const 116) (i32.const 1))
			(drop (call $poll_oneoff (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 300))))`,
	"reactor": `(global $ready (mut i32) (i32.const 0))
		(func (export "_initialize") (global.set $ready (i32.const 1)))
		(func (export "ready") (result i32) (global.get $ready))`,
}

// newInstance instantiates a program with what cfg gives it.
func newInstance(t testing.TB, program string, cfg wasi.Config) *wamr.Instance {
	t.Helper()
	ln := wamr.NewLinker()
	if err := wasi.Add(ln, cfg); err != nil {
		t.Fatal(err)
	}
	return instantiate(t, ln, "(module "+imports+programs[program]+")")
}

func instantiate(t testing.TB, ln *wamr.Linker, src string) *wamr.Instance {
	t.Helper()
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	mod, err := rt.Compile(context.Background(), []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	inst, err := ln.Instantiate(context.Background(), rt.NewStore(wamr.Limits{}), mod)
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

// run runs a program and returns what it prints.
func run(t testing.TB, program string, cfg wasi.Config) (string, int, error) {
	t.Helper()
	var out bytes.Buffer
	cfg.Stdout = &out
	code, err := wasi.Run(context.Background(), newInstance(t, program, cfg))
	return out.String(), code, err
}

func TestPrograms(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("of the host"), 0o600); err != nil {
		t.Fatal(err)
	}
	mem := wasi.MemFS()
	if err := mem.WriteFile("file", []byte("in memory")); err != nil {
		t.Fatal(err)
	}
	const noDescriptor, notFound, readOnly = 8, 44, 69
	for _, c := range []struct {
		name, program string
		cfg           wasi.Config
		out           string
		code          int
	}{
		{"print", "hello", wasi.Config{}, "hello\n", 0},
		{"exit", "exit", wasi.Config{}, "", 7},
		{"argument", "arg0", wasi.Config{Args: []string{"prog"}}, "prog", 0},
		{"input", "cat", wasi.Config{Stdin: strings.NewReader("some input")}, "some input", 0},
		{"no input", "cat", wasi.Config{}, "", 0},
		{"no files", "file", wasi.Config{}, "", noDescriptor},
		{"directory", "file", wasi.Config{FS: wasi.Dir(dir)}, "of the host", 0},
		{"read-only directory", "file", wasi.Config{FS: wasi.Dir(dir, wasi.ReadOnly)}, "of the host", 0},
		{"create in a read-only directory", "create", wasi.Config{FS: wasi.Dir(dir, wasi.ReadOnly)}, "", readOnly},
		{"memory", "file", wasi.Config{FS: mem}, "in memory", 0},
		{"io/fs", "file", wasi.Config{FS: wasi.FSDir(fstest.MapFS{"file": {Data: []byte("mapped")}})}, "mapped", 0},
		{"mount", "file", wasi.Config{Mounts: []wasi.Mount{{Guest: "/x", FS: mem}}}, "in memory", 0},
		{"no such file", "file", wasi.Config{FS: wasi.MemFS()}, "", notFound},
		{"create in memory", "create", wasi.Config{FS: mem}, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, code, err := run(t, c.program, c.cfg); out != c.out || code != c.code || err != nil {
				t.Errorf("%q, exit code %d, %v; want %q, %d", out, code, err, c.out, c.code)
			}
		})
	}
	if _, err := mem.ReadFile("made"); err != nil {
		t.Error("what a program made isn't there:", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		t.Error("made in a read-only directory")
	}
}

func TestTrapIsAnError(t *testing.T) {
	if _, code, err := run(t, "trap", wasi.Config{}); code != 0 || !errors.Is(err, wamr.ErrUnreachable) {
		t.Error(code, err)
	}
}

func TestNotCommand(t *testing.T) {
	inst := newInstance(t, "reactor", wasi.Config{})
	if _, err := wasi.Run(context.Background(), inst); !errors.Is(err, wasi.ErrNotCommand) {
		t.Error(err)
	}
}

func TestReactor(t *testing.T) {
	inst := newInstance(t, "reactor", wasi.Config{})
	if code, err := wasi.Initialize(context.Background(), inst); code != 0 || err != nil {
		t.Fatal(code, err)
	}
	if res, err := inst.Call(context.Background(), "ready"); err != nil || res[0].I32() != 1 {
		t.Error(res, err)
	}
}

// TestStop stops programs that wait.
func TestStop(t *testing.T) {
	r, _ := io.Pipe()
	for _, program := range []string{"cat", "sleep"} {
		t.Run(program, func(t *testing.T) {
			inst := newInstance(t, program, wasi.Config{Stdin: r})
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
			defer cancel()
			if code, err := wasi.Run(ctx, inst); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, wamr.ErrInterrupted) || code != 0 {
				t.Errorf("%d, %v", code, err)
			}
		})
	}
}

func TestBadConfig(t *testing.T) {
	for _, bad := range []wasi.FS{{}, wasi.Dir(filepath.Join(t.TempDir(), "nope")), wasi.Dir("")} {
		if bad.Check() == nil {
			t.Errorf("%+v can be opened", bad)
		}
	}
	if err := wasi.Dir(t.TempDir()).Check(); err != nil {
		t.Error(err)
	}
	for name, cfg := range map[string]wasi.Config{
		"no such directory": {FS: wasi.Dir(filepath.Join(t.TempDir(), "nope"))},
		"zero FS":           {Mounts: []wasi.Mount{{Guest: "/x"}}},
		"bad variable":      {Env: []string{"novalue"}},
	} {
		if err := wasi.Add(wamr.NewLinker(), cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestStoresAreApart runs two programs of one linker; each has its own descriptors.
func TestStoresAreApart(t *testing.T) {
	var out bytes.Buffer
	ln := wamr.NewLinker()
	if err := wasi.Add(ln, wasi.Config{Stdout: &out}); err != nil {
		t.Fatal(err)
	}
	closes := `(module (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
		(memory (export "memory") 1)
		(func (export "_start") (if (call $fd_close (i32.const 1)) (then unreachable))))`
	if _, err := wasi.Run(context.Background(), instantiate(t, ln, closes)); err != nil {
		t.Fatal(err)
	}
	if _, err := wasi.Run(context.Background(), instantiate(t, ln, "(module "+imports+programs["hello"]+")")); err != nil || out.String() != "hello\n" {
		t.Errorf("%q %v", out.String(), err)
	}
}

func TestUnstableModule(t *testing.T) {
	var out bytes.Buffer
	ln := wamr.NewLinker()
	if err := wasi.Add(ln, wasi.Config{Stdout: &out}); err != nil {
		t.Fatal(err)
	}
	src := strings.ReplaceAll("(module "+imports+programs["hello"]+")", "wasi_snapshot_preview1", "wasi_unstable")
	if _, err := wasi.Run(context.Background(), instantiate(t, ln, src)); err != nil || out.String() != "hello\n" {
		t.Errorf("%q %v", out.String(), err)
	}
}

// TestWithoutMemory calls a function for a module that has no memory.
func TestWithoutMemory(t *testing.T) {
	ln := wamr.NewLinker()
	if err := wasi.Add(ln, wasi.Config{}); err != nil {
		t.Fatal(err)
	}
	inst := instantiate(t, ln, `(module (import "wasi_snapshot_preview1" "random_get" (func $f (param i32 i32) (result i32)))
		(func (export "f") (result i32) (call $f (i32.const 0) (i32.const 8))))`)
	const fault = 21
	if res, err := inst.Call(context.Background(), "f"); err != nil || res[0].I32() != fault {
		t.Error(res, err)
	}
}

func TestClosedStoreHasNoDescriptors(t *testing.T) {
	inst := newInstance(t, "hello", wasi.Config{})
	if _, err := wasi.Run(context.Background(), inst); err != nil {
		t.Fatal(err)
	}
	if _, err := inst.Call(context.Background(), "_start"); !errors.Is(err, wamr.ErrUnreachable) {
		t.Error("the second run could print:", err)
	}
}
