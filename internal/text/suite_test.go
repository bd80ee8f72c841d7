package text

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/test/suite"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// suiteFiles returns the paths of the official test suite's scripts.
func suiteFiles(t testing.TB) []string {
	root := suite.Dir(t)
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".wast") && !strings.Contains(path, "custom-descriptors") {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts in %s: %v", root, err)
	}
	return files
}

// eachModule calls f for the commands with modules, those of threads included.
func eachModule(cmds []Command, f func(*Command)) {
	for i := range cmds {
		if cmds[i].Module != nil {
			f(&cmds[i])
		}
		eachModule(cmds[i].Commands, f)
	}
}

// superseded says whether an assertion of an old proposal contradicts the
// suite of WebAssembly 3.0: there limits that do not suit the index type are
// not malformed but invalid ("memory size"), since memory64.
func superseded(path string, c *Command) bool {
	return strings.HasSuffix(filepath.ToSlash(path), "proposals/threads/memory.wast") &&
		c.Message == "i32 constant out of range"
}

// TestSuiteParses checks that all scripts parse, that their modules parse
// where they should, and that what is malformed is refused with the expected
// message.
func TestSuiteParses(t *testing.T) {
	modules, malformed := 0, 0
	for _, path := range suiteFiles(t) {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		script, err := ParseScript(src)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		eachModule(script.Commands, func(c *Command) {
			if c.Module.Form == FormBinary {
				return
			}
			_, err := c.Module.Parse(op.FeaturesAll)
			switch c.Kind {
			case CmdAssertMalformed, CmdAssertMalformedCustom, CmdAssertInvalidCustom:
				malformed++
				var e *Error
				if err == nil && superseded(path, c) {
					return
				}
				if !errors.As(err, &e) || !strings.HasPrefix(e.Msg, c.Message) {
					t.Errorf("%s:%d: want %q, got %v", path, c.Line, c.Message, err)
				}
			case CmdAssertInvalid:
				// Identifiers that are not bound are refused by the parser.
				if err != nil && !strings.Contains(err.Error(), c.Message) {
					t.Errorf("%s:%d: %v", path, c.Line, err)
				}
			default:
				modules++
				if err != nil {
					t.Errorf("%s:%d: %v", path, c.Line, err)
				}
			}
		})
	}
	if modules < 1000 || malformed < 1000 {
		t.Errorf("%d modules, %d malformed ones: fewer than the suite has", modules, malformed)
	}
	t.Logf("%d modules, %d malformed ones", modules, malformed)
}
