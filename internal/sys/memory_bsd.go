//go:build darwin || freebsd || netbsd

package sys

import "unsafe"

// noReserve is not needed: these systems don't account for memory that can't
// be accessed.
const noReserve = 0

// Discard resets n accessible bytes from p on to zeroes.
func Discard(p unsafe.Pointer, n uintptr) error { return Zero(p, n) }
