package valid

import (
	"context"

	"github.com/wamr-go/wamr/internal/wasm"
)

// WithoutFastPaths returns a copy of i whose functions are checked by the
// complete path alone.
func (i *Info) WithoutFastPaths() *Info {
	c := *i
	c.fast = allSlow
	return &c
}

// WithoutBodies is Module but for the functions' bodies, which may be invalid.
func WithoutBodies(m *wasm.Module, features wasm.Feature) (*Info, error) {
	c := &checker{info: &Info{Module: m, Features: features, fast: fastOps}, ctx: context.Background()}
	return c.info, c.module()
}
