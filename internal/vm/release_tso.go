//go:build (amd64 || 386) && !race

package vm

import (
	"sync/atomic"
	"unsafe"
)

// storeRelease sets v to n, after everything that the goroutine wrote before
// and before everything that it writes later.
//
// On these processors every store does that. Atomic stores are exchanges, which
// order later loads, too, and take as long as half of an empty call.
func storeRelease(v *atomic.Uint32, n uint32) {
	// safe: it is a word, and aligned; the compiler keeps the order of memory
	// operations.
	*(*uint32)(unsafe.Pointer(v)) = n
}
