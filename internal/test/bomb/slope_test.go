package bomb

import (
	"runtime"
	"testing"

	"github.com/wamr-go/wamr"
)

// TestSlope checks that four times as much of a hostile input costs about four
// times as much memory, and not sixteen. (Times are too noisy to compare; steep
// ones are logged.)
func TestSlope(t *testing.T) {
	if testing.Short() {
		t.Skip("takes large inputs")
	}
	const times = 4
	rt := newRuntime(t, wamr.Config{Eager: true, Parallelism: 1})
	for _, family := range [][]bomb{binaries, texts} {
		for _, b := range family {
			n := b.small
			if times*n > b.large {
				continue
			}
			cold := func(n int) cost {
				src := b.make(n)
				runtime.GC() // two collections empty the pools of buffers
				runtime.GC()
				c, _ := checkLoad(t, rt, b.name, src)
				return c
			}
			one, many := cold(n), cold(times*n)
			// Slices that double, at worst just before the end, are allowed
			// for.
			if many.alloc > 2*times*one.alloc+4<<20 {
				t.Errorf("%s: %d bytes allocated at %d, %d at %d times that", b.name, one.alloc, n, many.alloc, times)
			}
			if many.took > 2*times*one.took && many.took > slow {
				t.Logf("STEEP %s: %v at %d, %v at %d times that", b.name, one.took, n, many.took, times)
			}
		}
	}
}
