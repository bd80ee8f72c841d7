package wamr_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport holds who may import whom within this module; see
// docs/architecture.md. Names are relative to the module; "" is package wamr.
// Everything may import the standard library; golang.org/x/sys is for the
// packages in mayImportSys.
var mayImport = map[string][]string{
	"internal/wasm/op":     {},
	"internal/num":         {},
	"internal/invariant":   {},
	"internal/appheap":     {},
	"internal/fsbox":       {},
	"internal/sys":         {},
	"internal/wasm":        {"internal/wasm/op"},
	"internal/wasm/instr":  {"internal/wasm", "internal/wasm/op"},
	"internal/wasm/canon":  {"internal/wasm", "internal/wasm/op"},
	"internal/wasm/custom": {"internal/wasm", "internal/wasm/op", "internal/wasm/instr"},
	"internal/binary":      {"internal/wasm", "internal/wasm/op", "internal/wasm/instr"},
	"internal/text":        {"internal/wasm", "internal/wasm/op", "internal/wasm/instr", "internal/wasm/custom"},
	"internal/valid":       {"internal/wasm", "internal/wasm/op", "internal/wasm/instr", "internal/wasm/canon", "internal/wasm/custom"},
	"internal/vm": {"internal/wasm", "internal/wasm/op", "internal/wasm/instr", "internal/wasm/canon",
		"internal/num", "internal/sys"},
	"internal/interp": {"internal/vm", "internal/valid", "internal/num", "internal/wasm", "internal/wasm/op",
		"internal/wasm/instr"},
	"internal/wasip1": {"internal/vm", "internal/fsbox"},
	"": {"internal/wasm", "internal/wasm/op", "internal/wasm/custom", "internal/binary", "internal/text", "internal/valid", "internal/vm",
		"internal/interp", "internal/appheap"},
	"wasi":      {"", "internal/wasip1", "internal/fsbox"},
	"cmd/iwasm": {"", "wasi", "internal/test/spec", "internal/text"},
}

var mayImportSys = []string{"internal/fsbox", "internal/wasip1", "internal/sys"}

// TestImports checks every import of a package that is not a test against
// mayImport. Generators and packages under internal/test, test and examples may
// import anything of the module.
func TestImports(t *testing.T) {
	const modulePath = "github.com/wamr-go/wamr"
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		relative := func(path string) string {
			return strings.TrimPrefix(strings.TrimPrefix(path, modulePath), "/")
		}
		name := relative(p.ImportPath)
		free := name == "internal/interp/gen" || strings.HasPrefix(name, "internal/test/") || strings.HasPrefix(name, "test/") || name == "examples" || strings.HasPrefix(name, "examples/")
		allowed, known := mayImport[name]
		if !known && !free {
			t.Errorf("package %q is not in mayImport: say there what it may import", name)
			continue
		}
		seen++
		for _, im := range p.Imports {
			switch {
			case im == modulePath || strings.HasPrefix(im, modulePath+"/"):
				if !free && !slices.Contains(allowed, relative(im)) {
					t.Errorf("package %q imports %q, which mayImport does not allow", name, relative(im))
				}
			case strings.HasPrefix(im, "golang.org/x/sys"):
				if !slices.Contains(mayImportSys, name) {
					t.Errorf("package %q imports %s, which mayImportSys does not allow", name, im)
				}
			case strings.Contains(strings.Split(im, "/")[0], "."):
				t.Errorf("package %q imports %s: only the standard library and golang.org/x/sys are allowed", name, im)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d packages were seen", seen)
	}
}
