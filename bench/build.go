package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strings"

	"github.com/wamr-go/wamr"
)

// buildDir is where modules and commands are built to. It is made anew as
// sources change and may be deleted at any time.
const buildDir = "build"

// errNoClang says that C programs can't be built here.
var errNoClang = errors.New("clang and wasm-ld are needed to build the C programs (Debian: clang, lld)")

// build returns the module made from a source under programs/, from buildDir
// if that is newer than every source.
func build(source string) ([]byte, error) {
	out := filepath.Join(buildDir, strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))+".wasm")
	if fresh(out, "programs") {
		return os.ReadFile(out)
	}
	if err := os.MkdirAll(buildDir, 0o777); err != nil {
		return nil, err
	}
	path := filepath.Join("programs", source)
	var err error
	switch filepath.Ext(source) {
	case ".wat":
		err = assemble(path, out)
	case ".c":
		err = compileC(path, out)
	default:
		cmd := exec.Command("go", "build", "-trimpath", "-o", out, "./"+filepath.ToSlash(path))
		cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
		err = run(cmd)
	}
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", source, err)
	}
	return os.ReadFile(out)
}

// fresh reports whether out exists and no file below dir is newer.
func fresh(out, dir string) bool {
	made, err := os.Stat(out)
	if err != nil {
		return false
	}
	newer := errors.New("newer")
	return filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && !d.IsDir() && info.ModTime().After(made.ModTime()) {
			err = newer
		}
		return err
	}) == nil
}

// assemble translates the text format.
func assemble(source, out string) error {
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	wasm, err := assembleText(text)
	if err != nil {
		return err
	}
	return os.WriteFile(out, wasm, 0o666)
}

func assembleText(text []byte) ([]byte, error) {
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		return nil, err
	}
	defer rt.Close()
	m, err := rt.Compile(context.Background(), text)
	if err != nil {
		return nil, err
	}
	return m.Binary(), nil
}

func compileC(source, out string) error {
	if _, err := exec.LookPath("clang"); err != nil {
		return errNoClang
	}
	return run(exec.Command("clang", "--target=wasm32", "-O2", "-nostdlib", "-Wall", "-Werror",
		"-Wl,--no-entry", "-Wl,-z,stack-size=65536", "-o", out, source))
}

// run runs a command and gives what it printed in the error.
func run(cmd *exec.Cmd) error {
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, bytes.TrimSpace(output))
	}
	return nil
}

// buildCommand builds an engine's own command and returns its path.
func buildCommand(pkg string) (string, error) {
	out := filepath.Join(buildDir, filepath.Base(pkg))
	if goruntime.GOOS == "windows" {
		out += ".exe"
	}
	if err := run(exec.Command("go", "build", "-o", out, pkg)); err != nil {
		return "", err
	}
	return filepath.Abs(out)
}

// withData returns the small module with a data segment of n bytes more, at
// address 0 of a memory that has the room.
func withData(n int) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join("programs", smallSource))
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	fmt.Fprintf(&data, "(data (i32.const 0) \"")
	var word [4]byte
	for i := 0; i < n; i += len(word) {
		binary.LittleEndian.PutUint32(word[:], uint32(i)*2654435761)
		for _, b := range word {
			fmt.Fprintf(&data, "\\%02x", b)
		}
	}
	data.WriteString("\")\n")
	const memory, first = `(memory (export "memory") 1)`, "(data (i32.const 16)"
	source := string(text)
	if !strings.Contains(source, memory) || !strings.Contains(source, first) {
		return nil, fmt.Errorf("%s has neither %s nor %s", smallSource, memory, first)
	}
	pages := (n + 1<<16 - 1) >> 16
	source = strings.Replace(source, memory, fmt.Sprintf(`(memory (export "memory") %d)`, pages), 1)
	return assembleText([]byte(strings.Replace(source, first, data.String()+first, 1)))
}
