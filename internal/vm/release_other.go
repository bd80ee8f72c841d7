//go:build !(amd64 || 386) || race

package vm

import "sync/atomic"

// storeRelease sets v to n, after everything that the goroutine wrote before
// and before everything that it writes later.
func storeRelease(v *atomic.Uint32, n uint32) { v.Store(n) }
