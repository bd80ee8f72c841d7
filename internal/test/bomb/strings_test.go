package bomb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/wasm"
)

// TestLinkMessages checks that explaining missing imports stays cheap where there
// are many of them, their names are long, and the linker has many that are like
// them.
func TestLinkMessages(t *testing.T) {
	ln := wamr.NewLinker()
	for k := range 200 {
		wamr.DefineVoid0(ln, "env", fmt.Sprintf("function_%d", k), func() {})
	}
	for _, tc := range []struct {
		name  string
		count int
		item  string
	}{
		{"many", 5_000, sized("env") + sized("functoin") + "\x00\x00"},
		{"long", 2, sized("env") + sized(strings.Repeat("function_", 3_500)) + "\x00\x00"},
		{"long modules", 2, sized(strings.Repeat("env", 10_000)) + sized("function_1") + "\x00\x00"},
	} {
		src := module(typeSection(noType), section(wasm.SectionImport, vec(tc.count, tc.item)))
		rt := newRuntime(t, wamr.Config{})
		m, err := rt.Compile(context.Background(), src)
		if err != nil {
			t.Fatal(err)
		}
		var length int
		c := measure(t, tc.name, func() {
			_, err = ln.Instantiate(context.Background(), nil, m)
			var link *wamr.LinkError
			if !errors.As(err, &link) || len(link.Missing) != tc.count {
				t.Errorf("%s: error %.200v", tc.name, err)
				return
			}
			length = len(err.Error())
		})
		if c.alloc > maxAlloc {
			t.Errorf("%s: %d bytes allocated", tc.name, c.alloc)
		}
		if c.took > slow {
			t.Logf("SLOW %s: %v for %d bytes", tc.name, c.took, len(src))
		}
		if length > 64*len(src) {
			t.Errorf("%s: a message of %d bytes for %d of module", tc.name, length, len(src))
		}
	}
}
