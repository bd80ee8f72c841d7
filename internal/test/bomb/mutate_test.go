package bomb

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/test/smith"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// victims are valid modules to be spoilt.
func victims() [][]byte {
	var ms [][]byte
	for seed := range uint64(8) {
		ms = append(ms, smith.Seeded(seed, smith.Config{Features: op.FeaturesAll, Size: 30 + 40*int(seed)}))
	}
	return ms
}

// TestTruncated loads every beginning of a few modules.
func TestTruncated(t *testing.T) {
	rt := newRuntime(t, wamr.Config{Eager: true, Parallelism: 1})
	for k, m := range victims()[:4] {
		for n := range m {
			if _, err := checkLoad(t, rt, fmt.Sprintf("module %d, %d bytes of it", k, n), m[:n:n]); err == nil && n < 8 {
				t.Errorf("%d bytes are a module", n)
			}
		}
	}
}

// TestMutated loads modules with bytes changed, removed, repeated and inserted.
func TestMutated(t *testing.T) {
	rounds := 4000
	if testing.Short() {
		rounds = 500
	}
	rt := newRuntime(t, wamr.Config{Eager: true, Parallelism: 1})
	rng := rand.New(rand.NewPCG(3, 4))
	accepted := 0
	for k, m := range victims() {
		for round := range rounds {
			b := append([]byte(nil), m...)
			for n := 1 + rng.IntN(4); n > 0; n-- {
				b = mutate(rng, b)
			}
			if _, err := checkLoad(t, rt, fmt.Sprintf("module %d, mutant %d", k, round), b); err == nil {
				accepted++
			}
			if t.Failed() {
				t.Fatalf("%x", b)
			}
		}
	}
	t.Logf("%d of %d mutants instantiate", accepted, len(victims())*rounds)
}

// mutate changes b in one place.
func mutate(rng *rand.Rand, b []byte) []byte {
	if len(b) < 16 {
		return b
	}
	at := 8 + rng.IntN(len(b)-8)
	n := min(1+rng.IntN(8), len(b)-at)
	switch rng.IntN(6) {
	case 0:
		b[at] = byte(rng.Uint32())
	case 1:
		b[at] ^= 1 << rng.IntN(8)
	case 2:
		b[at] = [...]byte{0, 1, 0x7F, 0x80, 0xFF, 0x0B, 0x40}[rng.IntN(7)]
	case 3:
		b = append(b[:at], b[at+n:]...)
	case 4:
		b = append(b[:at:at], append(append([]byte(nil), b[at:at+n]...), b[at:]...)...)
	default:
		b = append(b[:at:at], append([]byte("\xff\xff\xff\xff\x0f"), b[at:]...)...)
	}
	return b
}
