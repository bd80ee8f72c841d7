package programs

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the expected outputs from the native builds")

// iwasm is the path of the command under test.
var iwasm string

// deadline ends a program that hangs; it is no measure of anything.
const deadline = 5 * time.Minute

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := testMain(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func testMain(m *testing.M) (int, error) {
	if iwasm = os.Getenv("WAMR_IWASM"); iwasm != "" {
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "wamr-programs-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	iwasm = filepath.Join(dir, "iwasm")
	if runtime.GOOS == "windows" {
		iwasm += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", iwasm, "../../cmd/iwasm").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("building iwasm: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// TestNative holds the expected outputs to what the host itself makes of the
// sources: they are the oracle, so they must not be written by hand.
func TestNative(t *testing.T) {
	for _, p := range programs {
		t.Run(p.lang+"/"+p.name, func(t *testing.T) {
			t.Parallel()
			path := build(t, p, toolchains[p.lang].native)
			got := execute(t, p, t.TempDir(), []string{}, path)
			if p.trap == "" && got.exit != p.exit {
				t.Errorf("exit code %d, want %d; standard error:\n%s", got.exit, p.exit, got.stderr)
			}
			if p.trap != "" && got.exit == 0 {
				t.Error("exit code 0 where the program should have died")
			}
			if *update {
				if err := os.WriteFile(expectedPath(p), got.stdout, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			compare(t, got.stdout, expected(t, p))
		})
	}
}

// TestIwasm runs the programs' WASI builds.
func TestIwasm(t *testing.T) {
	for _, p := range programs {
		t.Run(p.lang+"/"+p.name, func(t *testing.T) {
			t.Parallel()
			module := build(t, p, toolchains[p.lang].wasi)
			if !p.files {
				runIwasm(t, p, t.TempDir(), module)
				return
			}
			for name, grant := range grants(p) {
				t.Run(name, func(t *testing.T) {
					dir := t.TempDir()
					runIwasm(t, p, dir, module, grant(dir)...)
				})
			}
		})
	}
}

// grants returns the ways to give p the directory it works in, as options of
// iwasm. A program in Go takes its working directory from PWD; for the others
// it is ".", or "/" where no "." is granted.
func grants(p program) map[string]func(dir string) []string {
	if p.lang == "go" {
		return map[string]func(dir string) []string{
			"dir":     func(dir string) []string { return []string{"--dir=" + dir, "--env=PWD=" + dir} },
			"map-dir": func(dir string) []string { return []string{"--map-dir=/work::" + dir, "--env=PWD=/work"} },
		}
	}
	return map[string]func(dir string) []string{
		"dir":     func(string) []string { return []string{"--dir=."} },
		"map-dir": func(dir string) []string { return []string{"--map-dir=/::" + dir} },
	}
}

// runIwasm runs module in dir and compares all that it does with what is expected.
func runIwasm(t *testing.T, p program, dir, module string, options ...string) {
	t.Helper()
	command := append(append([]string{iwasm}, p.options...), options...)
	for _, kv := range p.env {
		command = append(command, "--env="+kv)
	}
	// The host's environment is not the guest's: what is not named, it doesn't see.
	got := execute(t, p, dir, append(os.Environ(), "NO_SUCH_VARIABLE=leaked"), append(command, module)...)
	want := expected(t, p)
	if p.trap == "" {
		if got.exit != p.exit {
			t.Errorf("exit code %d, want %d; standard error:\n%s", got.exit, p.exit, got.stderr)
		}
		compare(t, got.stdout, want)
		return
	}
	if got.exit != 1 {
		t.Errorf("exit code %d after a trap, want 1", got.exit)
	}
	if !bytes.Contains(append(got.stdout, got.stderr...), []byte(p.trap)) {
		t.Errorf("no %q in standard output:\n%s\nnor in standard error:\n%s", p.trap, got.stdout, got.stderr)
	}
	compare(t, got.stdout[:min(len(want), len(got.stdout))], want)
}

// A result is what a process leaves.
type result struct {
	stdout, stderr []byte
	exit           int
}

// execute runs the command with p's arguments and standard input in dir. Its
// environment is env and p's.
func execute(t *testing.T, p program, dir string, env []string, command ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], append(command[1:], p.args...)...)
	cmd.Dir = dir
	cmd.Env = append(env, p.env...)
	cmd.Stdin = strings.NewReader(p.stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("%q did not end within %v; standard output so far:\n%s", command, deadline, stdout.Bytes())
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{stdout.Bytes(), stderr.Bytes(), cmd.ProcessState.ExitCode()}
}

func expectedPath(p program) string { return filepath.Join(p.lang, p.name+".out") }

func expected(t *testing.T, p program) []byte {
	t.Helper()
	want, err := os.ReadFile(expectedPath(p))
	if err != nil {
		t.Fatalf("%v; -update writes it from the native build", err)
	}
	return want
}

// compare reports the first line in which got is not want.
func compare(t *testing.T, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	gotLines, wantLines := strings.SplitAfter(string(got), "\n"), strings.SplitAfter(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		var g, w string
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Errorf("line %d of %d is not that of the native build:\n got %q\nwant %q", i+1, len(wantLines), g, w)
			return
		}
	}
}
