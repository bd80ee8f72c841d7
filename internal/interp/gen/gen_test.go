package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestGenerated holds the generated files to the specs.
func TestGenerated(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		// A checkout with CRLF line ends is not stale.
		if !bytes.Equal(bytes.ReplaceAll(have, []byte("\r\n"), []byte("\n")), want) {
			t.Errorf("%s is stale; run: go generate ./internal/interp", name)
		}
	}
}
