package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// result is what a run of iwasm gave.
type result struct {
	code     int
	out, err string
}

// iw runs iwasm with the given arguments and standard input.
func iw(t testing.TB, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := iwasm(streams{strings.NewReader(stdin), &out, &errs}, args)
	return result{code, out.String(), errs.String()}
}

// file writes a file of the test's own and returns its name.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// want checks a result: the exit code, all of the output, and a part of what
// went to standard error ("" for nothing at all).
func (r result) want(t testing.TB, code int, out, errPart string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d", r.code, code)
	}
	if r.out != out {
		t.Errorf("output %q, want %q", r.out, out)
	}
	if errPart == "" && r.err != "" || !strings.Contains(r.err, errPart) {
		t.Errorf("standard error %q, want %q in it", r.err, errPart)
	}
	if t.Failed() {
		t.Logf("code %d\nout: %s\nerr: %s", r.code, r.out, r.err)
	}
}
