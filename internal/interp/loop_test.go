package interp

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestLoopIsLeaf disassembles the dispatch loop and finds no call in it: one
// would make the compiler spill its variables at every instruction.
func TestLoopIsLeaf(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the loop is only known to be a leaf on amd64")
	}
	if testing.CoverMode() != "" {
		t.Skip("coverage counts in the loop")
	}
	// The binary that go test runs has no symbols.
	binary := filepath.Join(t.TempDir(), "interp.test")
	if out, err := exec.Command("go", "test", "-c", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command("go", "tool", "objdump", "-s", `internal/interp\.run$`, binary).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) < 1000 {
		t.Fatalf("%d lines of machine code are not the loop", len(lines))
	}
	call := regexp.MustCompile(`\bCALL\b`)
	for _, line := range lines {
		if call.MatchString(line) && !strings.Contains(line, "morestack") {
			t.Error(strings.Join(strings.Fields(line), " "))
		}
	}
}
