package valid_test

import (
	"context"
	"errors"
	"testing"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// FuzzModule decodes and validates bytes. Errors are of the package's types; a
// module that is valid is so with the proposals that it is said to need, and
// its functions are found the same by the fast paths and without them.
func FuzzModule(f *testing.F) {
	for _, src := range []string{frequent, annotated, `(module)`} {
		m, err := text.ParseModule([]byte(src), op.FeaturesAll)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(binary.Encode(m), uint32(op.FeaturesAll))
		f.Add(binary.Encode(m), uint32(op.Features2_0))
	}
	f.Fuzz(func(t *testing.T, b []byte, bits uint32) {
		features := wasm.Feature(bits) & op.FeaturesAll
		m, err := binary.Decode(b, features)
		if err != nil {
			return
		}
		info, err := valid.Module(context.Background(), m, valid.Config{Features: features, Parallelism: 1})
		if err != nil {
			var d *wasm.DecodeError
			var v *wasm.ValidationError
			var l *wasm.LimitError
			if !errors.As(err, &d) && !errors.As(err, &v) && !errors.As(err, &l) {
				t.Errorf("error of type %T: %v", err, err)
			}
			if info, err = valid.WithoutBodies(m, features); err != nil {
				return
			}
		} else if !features.Has(info.Needed) {
			t.Errorf("needs %v, which are off", info.Needed&^features)
		}
		comparePaths(t, "fuzzed", info)
	})
}
