// Package sys holds the shims over operating systems that the runtime needs:
// address space that is reserved first and given memory later, and
// copy-on-write images. It keeps no state and knows nothing of WebAssembly.
//
// Addresses and sizes are multiples of PageSize unless said otherwise. Memory
// from here is not known to Go's garbage collector.
package sys

import (
	"errors"
	"os"
)

// ErrUnsupported is the error of what this operating system can't do.
var ErrUnsupported = errors.New("not supported by this operating system")

var pageSize = uintptr(os.Getpagesize())

// PageSize returns the granularity of this package in bytes, a power of two.
func PageSize() uintptr { return pageSize }

// RoundUp returns n rounded up to a multiple of PageSize. n must not be within
// a page of the largest number.
func RoundUp(n uintptr) uintptr { return (n + pageSize - 1) &^ (pageSize - 1) }
