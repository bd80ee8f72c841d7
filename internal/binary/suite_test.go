package binary

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/test/suite"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// suiteModule is one (module binary ...) of the specification's test suite.
type suiteModule struct {
	where string // file:line
	bytes []byte
	// assert is assert_malformed, assert_invalid and so on, or empty; msg the
	// message that it expects.
	assert, msg string
	features    wasm.Feature
}

// suiteModules collects the modules in binary form, or skips the test if the
// suite isn't there.
func suiteModules(t testing.TB) []suiteModule {
	dir := suite.Dir(t)
	var all []suiteModule
	for _, pattern := range []struct {
		glob     string
		features wasm.Feature
	}{
		{"*.wast", op.Features3_0},
		{"proposals/custom-page-sizes/*.wast", op.Features3_0 | op.FeatureCustomPageSizes},
		{"proposals/threads/*.wast", op.Features3_0 | op.FeatureThreads},
		{"legacy/*.wast", op.FeaturesAll},
	} {
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern.glob)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range binaryModules(filepath.Base(f), string(text)) {
				m.features = pattern.features
				all = append(all, m)
			}
		}
	}
	if len(all) < 800 {
		t.Fatalf("found only %d modules in binary form", len(all))
	}
	return all
}

// binaryModules scans a script for modules in binary form: just enough of the
// text format's tokens to find them.
func binaryModules(file, text string) []suiteModule {
	var found []suiteModule
	var last [3]string // tokens before the current one
	assert, line, counted := "", 1, 0
	for pos := 0; pos < len(text); {
		tok, next := token(text, pos)
		line += strings.Count(text[counted:pos], "\n")
		counted = pos
		pos = next
		if strings.HasPrefix(tok, "assert_") {
			assert = tok
		}
		if tok != "binary" || !(last[2] == "module" || last[1] == "module") {
			if tok != "" {
				last = [3]string{last[1], last[2], tok}
			}
			continue
		}
		m := suiteModule{where: file + ":" + strconv.Itoa(line)}
		for tok != ")" {
			if tok, pos = token(text, pos); strings.HasPrefix(tok, `"`) {
				m.bytes = append(m.bytes, unquote(tok)...)
			}
		}
		for tok = ""; tok == ""; {
			tok, pos = token(text, pos)
		}
		if strings.HasPrefix(tok, `"`) {
			m.assert, m.msg = assert, string(unquote(tok))
		}
		found = append(found, m)
	}
	return found
}

// token returns the token at pos and the position after it; the token is empty
// for space and comments.
func token(text string, pos int) (string, int) {
	end := pos + 1
	switch c := text[pos]; {
	case c == '"':
		for text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		return text[pos : end+1], end + 1
	case c == ';' && strings.HasPrefix(text[pos:], ";;"):
		if n := strings.IndexByte(text[pos:], '\n'); n >= 0 {
			return "", pos + n
		}
		return "", len(text)
	case c == '(' && strings.HasPrefix(text[pos:], "(;"):
		if n := strings.Index(text[pos:], ";)"); n >= 0 {
			return "", pos + n + 2
		}
		return "", len(text)
	case c == '(' || c == ')':
		return text[pos:end], end
	case c <= ' ':
		return "", end
	}
	for end < len(text) && !strings.ContainsRune(" \n\t\r()\";", rune(text[end])) {
		end++
	}
	return text[pos:end], end
}

func unquote(s string) []byte {
	var out []byte
	s = s[1 : len(s)-1]
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		if n, err := strconv.ParseUint(s[i+1:min(i+3, len(s))], 16, 8); err == nil {
			out = append(out, byte(n))
			i += 2
			continue
		}
		i++
		out = append(out, map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '"': '"', '\'': '\'', '\\': '\\'}[s[i]])
	}
	return out
}

// readBodies decodes the instructions of all bodies, as package valid does.
func readBodies(m *wasm.Module, features wasm.Feature) error {
	r := instr.Reader{Features: features}
	var in instr.Instr
	for i := range m.Code {
		r.Reset(m.Code[i].Body, m.Code[i].Offset)
		for depth := 1; depth > 0; {
			if !r.Instr(&in) {
				return r.Err()
			}
			switch in.Op {
			case op.Block, op.Loop, op.If, op.Try, op.TryTable:
				depth++
			case op.End, op.Delegate:
				depth--
			}
		}
		if r.Len() > 0 {
			return errors.New("bytes after the end of a body")
		}
	}
	return nil
}

// TestSuite checks that what the suite calls malformed is rejected with its
// message, and all else accepted.
func TestSuite(t *testing.T) {
	malformed := 0
	for _, s := range suiteModules(t) {
		m, err := Decode(s.bytes, s.features)
		if err == nil {
			err = readBodies(m, s.features)
		}
		var de *wasm.DecodeError
		switch {
		case s.assert != "assert_malformed":
			if err != nil {
				t.Errorf("%s: %v", s.where, err)
			}
		case s.msg == "data count section required":
			// The use of a data segment in a body is for package valid.
		case err == nil:
			t.Errorf("%s: accepted, want %q", s.where, s.msg)
		case !errors.As(err, &de) || !strings.HasPrefix(de.Msg, s.msg):
			t.Errorf("%s: got %v, want %q", s.where, err, s.msg)
		default:
			malformed++
		}
	}
	if malformed < 700 {
		t.Errorf("only %d malformed modules", malformed)
	}
}

// TestSuiteRoundTrip checks that encoding keeps the meaning of every module.
func TestSuiteRoundTrip(t *testing.T) {
	for _, s := range suiteModules(t) {
		if m, err := Decode(s.bytes, s.features); err == nil {
			checkRoundTrip(t, s.where, m, s.features)
		}
	}
}
