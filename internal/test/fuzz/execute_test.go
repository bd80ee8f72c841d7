package fuzz

import (
	"context"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/test/smith"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

func newRuntime(t testing.TB, eager bool) *wamr.Runtime {
	rt, err := wamr.NewRuntime(wamr.Config{Eager: eager, Parallelism: 1})
	if err != nil {
		t.Fatal(err)
	}
	return rt
}

// execute compiles a generated module and runs it three times: twice in one
// runtime, once in another with all functions compiled at once.
func execute(t *testing.T, module, entropy []byte) {
	t.Helper()
	var first *outcome
	for _, eager := range []bool{false, true} {
		rt := newRuntime(t, eager)
		m, err := rt.Compile(context.Background(), module)
		if err != nil {
			t.Fatalf("a generated module does not compile: %v\n%x", err, module)
		}
		o := run(t, rt, m, entropy)
		if first == nil {
			first = o
			o = run(t, rt, m, entropy)
		}
		same(t, first, o)
		rt.Close()
	}
	if t.Failed() {
		t.Logf("%x", module)
	}
}

// FuzzExecute runs modules made of the fuzzer's bytes. They must end, by
// returning, by a trap or by a limit, the same way each time.
func FuzzExecute(f *testing.F) {
	for seed := range byte(8) {
		entropy := make([]byte, 400*int(seed))
		for k := range entropy {
			entropy[k] = byte(k)*(2*seed+1) ^ byte(k>>3)*seed
		}
		f.Add(entropy)
	}
	f.Fuzz(func(t *testing.T, entropy []byte) {
		if len(entropy) > 16<<10 {
			t.Skip("more bytes than any module of this size takes")
		}
		execute(t, smith.Module(entropy, smith.Config{Features: op.FeaturesAll}), entropy)
	})
}

// TestExecute runs modules made of seeds.
func TestExecute(t *testing.T) {
	n := uint64(2000)
	if testing.Short() {
		n = 200
	}
	for seed := range n {
		entropy := []byte{byte(seed), byte(seed >> 8), 3, 0, 0, 0, 0, 0, 9}
		execute(t, smith.Seeded(seed, smith.Config{Features: op.FeaturesAll, Size: 20 + int(seed%200)}), entropy)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
