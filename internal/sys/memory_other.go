//go:build !(linux || darwin || freebsd || netbsd || windows)

package sys

import "unsafe"

const (
	// CanReserve says that Reserve works at all.
	CanReserve = false
	// Reserve4GiB says that there is address space enough to reserve
	// gibibytes by the dozen.
	Reserve4GiB = false
)

// Reserve fails with ErrUnsupported.
func Reserve(uintptr) (unsafe.Pointer, error) { return nil, ErrUnsupported }

// Commit fails with ErrUnsupported.
func Commit(unsafe.Pointer, uintptr) error { return ErrUnsupported }

// Decommit fails with ErrUnsupported.
func Decommit(unsafe.Pointer, uintptr) error { return ErrUnsupported }

// Zero fails with ErrUnsupported.
func Zero(unsafe.Pointer, uintptr) error { return ErrUnsupported }

// Discard fails with ErrUnsupported.
func Discard(unsafe.Pointer, uintptr) error { return ErrUnsupported }

// Release fails with ErrUnsupported.
func Release(unsafe.Pointer, uintptr) error { return ErrUnsupported }
