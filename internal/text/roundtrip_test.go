package text_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/test/suite"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/custom"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// suiteModules calls f for every module of the test suite that should parse.
func suiteModules(t *testing.T, f func(path string, c *text.Command, m *wasm.Module)) {
	root := suite.Dir(t)
	var files []string
	for _, pattern := range []string{"*.wast", "legacy/*.wast", "custom/*.wast", "proposals/[^c]*/*.wast", "proposals/custom-page-sizes/*.wast"} {
		more, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	if len(files) < 200 {
		t.Fatalf("only %d scripts in %s", len(files), root)
	}
	for _, path := range files {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		script, err := text.ParseScript(src)
		if err != nil {
			t.Fatal(err)
		}
		for i := range script.Commands {
			c := &script.Commands[i]
			if c.Module == nil || c.Kind == text.CmdAssertMalformed || c.Kind == text.CmdAssertMalformedCustom {
				continue
			}
			var m *wasm.Module
			if c.Module.Form == text.FormBinary {
				m, err = binary.Decode(c.Module.Binary, op.FeaturesAll)
			} else {
				m, err = c.Module.Parse(op.FeaturesAll)
			}
			if err != nil {
				if c.Kind == text.CmdModule || c.Kind == text.CmdDefinition {
					t.Errorf("%s:%d: %v", path, c.Line, err)
				}
				continue
			}
			f(path, c, m)
		}
	}
}

// TestEncodes checks that modules from text survive the binary format, and that
// the offsets of their code are those that the binary format gives.
func TestEncodes(t *testing.T) {
	suiteModules(t, func(path string, c *text.Command, m *wasm.Module) {
		if c.Module.Form == text.FormBinary {
			return
		}
		b := binary.Encode(m)
		d, err := binary.Decode(b, op.FeaturesAll)
		if err != nil {
			t.Errorf("%s:%d: %v", path, c.Line, err)
			return
		}
		if !bytes.Equal(binary.Encode(d), b) {
			t.Errorf("%s:%d: changed by encoding and decoding", path, c.Line)
		}
		for i := range m.Code {
			got, want := &m.Code[i], &d.Code[i]
			if got.Start-m.Code[0].Start != want.Start-d.Code[0].Start || got.Offset-got.Start != want.Offset-want.Start {
				t.Errorf("%s:%d: function %d at %d, %d; binary: %d, %d", path, c.Line, i, got.Start, got.Offset, want.Start, want.Offset)
			}
		}
	})
}

// TestPrint checks that what is printed parses to the same module, in all
// styles: the same bytes for modules from text, and for those from binary,
// which may have been encoded in unusual ways, the same after one more round.
func TestPrint(t *testing.T) {
	suiteModules(t, func(path string, c *text.Command, m *wasm.Module) {
		want := binary.Encode(m)
		for _, style := range []string{"flat", "folded", "flat names", "folded names"} {
			m2, out := reprint(t, path, c, m, style)
			if m2 == nil {
				continue
			}
			got := binary.Encode(m2)
			if c.Module.Form == text.FormBinary {
				m3, _ := reprint(t, path, c, m2, style)
				if m3 == nil {
					continue
				}
				want, got = got, binary.Encode(m3)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s:%d: %s: changed by printing and parsing, at byte %d of %d", path, c.Line, style, firstDiff(got, want), len(want))
				if testing.Verbose() {
					t.Log(out)
				}
			}
		}
	})
}

// reprint prints m and parses the result.
func reprint(t *testing.T, path string, c *text.Command, m *wasm.Module, style string) (*wasm.Module, string) {
	opt := text.PrintOptions{Folded: strings.HasPrefix(style, "folded")}
	if strings.HasSuffix(style, "names") {
		if section, ok := m.Custom("name"); ok {
			names, err := custom.DecodeNames(section)
			if err == nil {
				opt.Names = names
			}
		}
		if section, ok := m.Custom("metadata.code.branch_hint"); ok {
			hints, err := custom.DecodeBranchHints(section)
			if err != nil {
				t.Errorf("%s:%d: %v", path, c.Line, err)
			}
			opt.Hints = hints
		}
	}
	var out bytes.Buffer
	if err := text.Print(&out, m, opt); err != nil {
		t.Errorf("%s:%d: %s: %v", path, c.Line, style, err)
		return nil, ""
	}
	m2, err := text.ParseModule(out.Bytes(), op.FeaturesAll)
	if err != nil {
		t.Errorf("%s:%d: %s: %v\n%s", path, c.Line, style, err, out.String())
		return nil, ""
	}
	return m2, out.String()
}

func firstDiff(a, b []byte) int {
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return len(a)
}
