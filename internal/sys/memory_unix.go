//go:build linux || darwin || freebsd || netbsd

package sys

import (
	"math/bits"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// CanReserve says that Reserve works at all.
	CanReserve = true
	// Reserve4GiB says that there is address space enough to reserve
	// gibibytes by the dozen.
	Reserve4GiB = bits.UintSize == 64
)

// Reserve reserves n bytes of address space. They can't be accessed before
// Commit and take no memory.
func Reserve(n uintptr) (unsafe.Pointer, error) {
	return unix.MmapPtr(-1, 0, nil, n, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON|noReserve)
}

// Commit makes n bytes from p on accessible. They are zero if they were not
// accessible before, and unchanged otherwise.
func Commit(p unsafe.Pointer, n uintptr) error {
	if n == 0 {
		return nil
	}
	return unix.Mprotect(slice(p, n), unix.PROT_READ|unix.PROT_WRITE)
}

// Decommit makes n bytes from p on inaccessible and drops their contents.
func Decommit(p unsafe.Pointer, n uintptr) error {
	if n == 0 {
		return nil
	}
	_, err := unix.MmapPtr(-1, 0, p, n, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_FIXED|noReserve)
	return err
}

// Zero drops the contents of n accessible bytes from p on, an image that is
// mapped there included; they are zero again.
func Zero(p unsafe.Pointer, n uintptr) error {
	if n == 0 {
		return nil
	}
	_, err := unix.MmapPtr(-1, 0, p, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_FIXED|noReserve)
	return err
}

// Release gives back the n bytes of address space that Reserve returned as p.
func Release(p unsafe.Pointer, n uintptr) error { return unix.MunmapPtr(p, n) }

// slice returns the bytes at p for the functions of package unix that take
// slices; it is not accessed as one.
func slice(p unsafe.Pointer, n uintptr) []byte {
	// safe: only address and length are handed to the system.
	return unsafe.Slice((*byte)(p), int(n))
}
