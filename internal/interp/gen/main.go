// Command gen writes the generated files of package interp: the opcodes of the
// register code and their tables, the dispatch loop, and those handlers of the
// driver that are nothing but a call of package num. Each opcode is described
// once, by a spec; the files specs_*.go list them by subject.
//
// Run it as "go generate ./internal/interp". A test holds the files to it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	files, err := generate()
	if err == nil {
		for name, text := range files {
			if err = os.WriteFile(filepath.Join(".", name), text, 0o644); err != nil {
				break
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
