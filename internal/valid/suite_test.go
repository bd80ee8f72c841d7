package valid_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/test/suite"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// suiteScripts calls f for each script of the specification's test suite,
// which the environment names, or skips the test.
func suiteScripts(t testing.TB, f func(path string, s *text.Script)) {
	root := suite.Dir(t)
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".wast") || strings.Contains(path, "custom-descriptors") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := text.ParseScript(src)
		if err != nil {
			return err
		}
		n++
		f(filepath.ToSlash(path), s)
		return nil
	})
	if err != nil || n < 200 {
		t.Fatalf("%d scripts in %s: %v", n, root, err)
	}
}

// suiteFeatures returns the proposals that are on for a script.
func suiteFeatures(path string) wasm.Feature {
	switch {
	case strings.Contains(path, "proposals/threads"):
		// This proposal's fork of the suite is from before multi-memory.
		return op.Features2_0 | op.FeatureThreads
	case strings.Contains(path, "legacy/"):
		return op.Features3_0 | op.FeatureLegacyExceptions
	case strings.Contains(path, "proposals/"):
		return op.FeaturesAll
	}
	return op.Features3_0
}

// commands calls f for all commands with modules, those of threads included.
func commands(cs []text.Command, f func(*text.Command)) {
	for k := range cs {
		if cs[k].Module != nil {
			f(&cs[k])
		}
		commands(cs[k].Commands, f)
	}
}

// superseded says whether an assertion of an older proposal contradicts the
// suite of WebAssembly 3.0.
func superseded(path, msg string) bool {
	// Several tables came with reference types.
	return strings.Contains(path, "proposals/threads/") && (msg == "multiple tables" || msg == "i32 constant out of range")
}

func check(m *wasm.Module, features wasm.Feature) error {
	_, err := valid.Module(context.Background(), m, valid.Config{Features: features, Parallelism: 2})
	return err
}

// checkNeeded checks that the proposals that a valid module, decoded from
// bytes, is said to need are on and suffice to decode and validate it.
func checkNeeded(t *testing.T, where string, m *wasm.Module, bytes []byte, features wasm.Feature) {
	info, err := valid.Module(context.Background(), m, valid.Config{Features: features})
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	if !features.Has(info.Needed) {
		t.Errorf("%s: needs %v, which are off", where, info.Needed&^features)
	}
	again, err := binary.Decode(bytes, info.Needed)
	if err == nil {
		err = check(again, info.Needed)
	}
	if err != nil {
		t.Errorf("%s: with just %v: %v", where, info.Needed, err)
	}
}

// message returns the message of an error as the suite's scripts expect it.
func message(err error) string {
	switch e := err.(type) {
	case *wasm.ValidationError:
		return e.Msg
	case *wasm.DecodeError:
		return e.Msg
	}
	return err.Error()
}

// TestSuite checks that exactly the suite's valid modules are accepted, and the
// wording of all errors, both for modules from text and for the same in binary
// form.
func TestSuite(t *testing.T) {
	accepted, refused := 0, 0
	suiteScripts(t, func(path string, s *text.Script) {
		features := suiteFeatures(path)
		commands(s.Commands, func(c *text.Command) {
			invalid := c.Kind == text.CmdAssertInvalid
			switch c.Kind {
			case text.CmdAssertMalformed, text.CmdAssertMalformedCustom, text.CmdAssertInvalidCustom:
				if c.Module.Form != text.FormBinary {
					return
				}
				invalid = true
			}
			var errs []error
			bytes := c.Module.Binary
			if c.Module.Form != text.FormBinary {
				m, err := c.Module.Parse(features)
				if err != nil {
					t.Errorf("%s:%d: %v", path, c.Line, err)
					return
				}
				errs = append(errs, check(m, features))
				bytes = binary.Encode(m)
			}
			m, err := binary.Decode(bytes, features)
			if err == nil {
				err = check(m, features)
			}
			errs = append(errs, err)
			if !invalid && err == nil {
				checkNeeded(t, fmt.Sprintf("%s:%d", path, c.Line), m, bytes, features)
			}
			for _, err := range errs {
				switch {
				case !invalid && err != nil:
					t.Errorf("%s:%d: %v", path, c.Line, err)
				case !invalid:
					accepted++
				case superseded(path, c.Message):
				case err == nil:
					t.Errorf("%s:%d: accepted, want %q", path, c.Line, c.Message)
				case !strings.HasPrefix(message(err), c.Message):
					t.Errorf("%s:%d: got %q, want %q", path, c.Line, message(err), c.Message)
				default:
					refused++
				}
			}
		})
	})
	t.Logf("%d modules accepted, %d refused", accepted, refused)
	if accepted < 2000 || refused < 4000 {
		t.Errorf("only %d modules accepted and %d refused", accepted, refused)
	}
}
