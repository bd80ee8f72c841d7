package interp

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/vm"
)

var update = flag.Bool("update", false, "rewrite testdata/listing.txt")

// TestListing compares the register code of some functions with what it was
// when somebody last looked at it. After a change of the compiler run it with
// -update and look again.
func TestListing(t *testing.T) {
	const file = "testdata/listing.txt"
	src, err := os.ReadFile("testdata/listing.wat")
	if err != nil {
		t.Fatal(err)
	}
	if bigEndian || compact {
		t.Skip("here constants of two halves are the other way round, or fusions are left out")
	}
	w := newWorld(t, vm.Limits{}, Options{})
	m := w.module(string(src))
	mc := m.Code.(*ModuleCode)
	var b strings.Builder
	for k := range m.Module.Code {
		text, err := mc.Listing(k)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "function %d\n%s\n", k, text)
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.ReplaceAll(string(have), "\r\n", "\n"); b.String() != want {
		t.Errorf("the code is now\n%s", b.String())
	}
}
