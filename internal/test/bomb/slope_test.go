package bomb

import (
	"testing"

	"github.com/wamr-go/wamr"
)

// TestSlope checks that twice as much of a hostile input costs at most about
// twice as much memory. (Times are too noisy to compare; the instruction counts
// behind them are bounded by the packages' own tests.)
func TestSlope(t *testing.T) {
	if testing.Short() {
		t.Skip("takes the large inputs twice")
	}
	rt := newRuntime(t, wamr.Config{Eager: true, Parallelism: 1})
	for _, family := range [][]bomb{binaries, texts} {
		for _, b := range family {
			n := 4 * b.small
			if 2*n > b.large {
				continue
			}
			once, _ := checkLoad(t, rt, b.name, b.make(n))
			twice, _ := checkLoad(t, rt, b.name, b.make(2*n))
			// Slices that double and odd sizes are allowed for.
			if twice.alloc > 3*once.alloc+1<<20 {
				t.Errorf("%s: %d bytes allocated at %d, %d at twice that", b.name, once.alloc, n, twice.alloc)
			}
			if twice.took > 4*once.took && twice.took > slow {
				t.Logf("STEEP %s: %v at %d, %v at twice that", b.name, once.took, n, twice.took)
			}
		}
	}
}
