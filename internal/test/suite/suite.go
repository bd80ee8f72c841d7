// Package suite finds the official WebAssembly test suite for tests.
package suite

import (
	"os"
	"path/filepath"
	"testing"
)

// Find returns the suite's folder: what $WAMR_SPECTEST names, else
// shared/spectest beside the project's folder; false if neither exists.
func Find() (string, bool) {
	if dir := os.Getenv("WAMR_SPECTEST"); dir != "" {
		return dir, isSuite(dir)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			found := filepath.Join(filepath.Dir(dir), "shared", "spectest")
			return found, isSuite(found)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func isSuite(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "i32.wast"))
	return err == nil
}

// Dir returns the suite's folder. Without it the test is skipped, but fails in
// continuous integration and where $WAMR_SPECTEST names something else.
func Dir(t testing.TB) string {
	t.Helper()
	dir, ok := Find()
	switch {
	case ok:
	case os.Getenv("CI") != "" || os.Getenv("WAMR_SPECTEST") != "":
		t.Fatalf("no WebAssembly test suite at %q: set WAMR_SPECTEST to a clone of github.com/WebAssembly/testsuite", dir)
	default:
		t.Skip("no WebAssembly test suite: set WAMR_SPECTEST to a clone of github.com/WebAssembly/testsuite")
	}
	return dir
}
