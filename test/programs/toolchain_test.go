package programs

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// A toolchain builds the sources of one language.
type toolchain struct {
	ext    string // of a source file; Go's sources are directories
	native func() (builder, error)
	wasi   func() (builder, error)
}

// A builder compiles the source at src to the executable or module at dst.
type builder func(src, dst string) *exec.Cmd

// stack is what a module's own stack, in linear memory, may take. wasm-ld's
// default of 64 KiB is less than any native program has.
const stack = "-Wl,-z,stack-size=8388608"

var toolchains = map[string]toolchain{
	"c": {
		ext:    ".c",
		native: sync.OnceValues(func() (builder, error) { return unixCompiler("cc", nil, "-lm") }),
		wasi:   sync.OnceValues(func() (builder, error) { return wasiCompiler("clang", ".c") }),
	},
	"cpp": {
		ext:    ".cpp",
		native: sync.OnceValues(func() (builder, error) { return unixCompiler("c++", []string{"-std=c++17"}) }),
		wasi: sync.OnceValues(func() (builder, error) {
			return wasiCompiler("clang++", ".cpp", "-std=c++17", "-fno-exceptions")
		}),
	},
	"rust": {
		ext:    ".rs",
		native: sync.OnceValues(func() (builder, error) { return rustCompiler("") }),
		wasi:   sync.OnceValues(func() (builder, error) { return rustCompiler("wasm32-wasip1", "wasm32-wasi") }),
	},
	"go": {
		native: sync.OnceValues(func() (builder, error) { return goCompiler(runtime.GOOS, runtime.GOARCH) }),
		wasi:   sync.OnceValues(func() (builder, error) { return goCompiler("wasip1", "wasm") }),
	},
}

// unixCompiler finds the host's compiler. Contraction to fused multiply-add,
// which WebAssembly has not, would make the native build another program.
func unixCompiler(name string, flags []string, libraries ...string) (builder, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("no native compiler: %w", err)
	}
	return func(src, dst string) *exec.Cmd {
		args := append([]string{"-O1", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-o", dst}, flags...)
		return exec.Command(path, append(append(args, src), libraries...)...)
	}, nil
}

// wasiCompiler finds a clang that has WASI's headers and libraries, which only
// building something can tell: Debian's needs four packages more.
func wasiCompiler(name, ext string, flags ...string) (builder, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("no compiler for WASI: %w", err)
	}
	build := func(src, dst string) *exec.Cmd {
		args := append([]string{"--target=wasm32-wasi", "-O2", "-Wall", "-Wextra", "-Werror", stack, "-o", dst}, flags...)
		return exec.Command(path, append(args, src)...)
	}
	dir, err := os.MkdirTemp("", "wamr-probe-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	src := filepath.Join(dir, "probe"+ext)
	if err := os.WriteFile(src, []byte("#include <stdlib.h>\nint main(void) { return abs(-1); }\n"), 0o600); err != nil {
		return nil, err
	}
	if out, err := build(src, filepath.Join(dir, "probe.wasm")).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s cannot build for WASI (Debian: wasi-libc, lld, libclang-rt-14-dev-wasm32, libc++-14-dev-wasm32): %w\n%s", path, err, out)
	}
	return build, nil
}

// rustCompiler finds a rustc whose standard library for one of the targets is
// installed, or for the host if none is named. Several rustc on the PATH, of
// which only one has it, are common. Overflow checks are on in either build.
func rustCompiler(targets ...string) (builder, error) {
	var tried []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		path, err := exec.LookPath(filepath.Join(dir, "rustc"))
		if err != nil {
			continue
		}
		for _, target := range targets {
			args := []string{"--edition=2021", "-D", "warnings", "-C", "opt-level=2", "-C", "overflow-checks=on"}
			query := []string{"--print", "target-libdir"}
			if target != "" {
				args = append(args, "--target="+target)
				query = append(query, "--target="+target)
			}
			out, err := exec.Command(path, query...).Output()
			if err != nil {
				continue // an old compiler knows wasm32-wasi, a new one wasm32-wasip1
			}
			lib := strings.TrimSpace(string(out))
			if found, _ := filepath.Glob(filepath.Join(lib, "libstd-*.rlib")); len(found) == 0 {
				tried = append(tried, lib)
				continue
			}
			return func(src, dst string) *exec.Cmd {
				return exec.Command(path, append(args, "-o", dst, src)...)
			}, nil
		}
	}
	return nil, fmt.Errorf("no rustc with a standard library for %q (Debian: rustc, libstd-rust-dev-wasm32); looked in %q", targets, tried)
}

func goCompiler(goos, goarch string) (builder, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, fmt.Errorf("no Go: %w", err)
	}
	return func(src, dst string) *exec.Cmd {
		cmd := exec.Command(path, "build", "-o", dst, "./"+filepath.ToSlash(src))
		cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0", "GOWASM=")
		return cmd
	}, nil
}

// build compiles p's source with the builder that find gives, and returns the
// path of the result.
func build(t *testing.T, p program, find func() (builder, error)) string {
	t.Helper()
	compile, err := find()
	if err != nil {
		missing(t, err)
	}
	src := filepath.Join(p.lang, p.name+toolchains[p.lang].ext)
	dst := filepath.Join(t.TempDir(), p.name)
	if runtime.GOOS == "windows" {
		dst += ".exe"
	}
	if out, err := compile(src, dst).CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", src, err, bytes.TrimSpace(out))
	}
	return dst
}

// missing skips a test for want of a tool chain, unless this is the
// continuous integration, where nothing may be missing.
func missing(t *testing.T, why error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}
