package sys

import (
	"math/bits"
	"unsafe"

	"golang.org/x/sys/windows"
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
	a, err := windows.VirtualAlloc(0, n, windows.MEM_RESERVE, windows.PAGE_NOACCESS)
	if err != nil {
		return nil, err
	}
	// safe: a is an address outside Go's heap; the indirection keeps vet from
	// taking it for one inside.
	return *(*unsafe.Pointer)(unsafe.Pointer(&a)), nil
}

// Commit makes n bytes from p on accessible. They are zero if they were not
// accessible before, and unchanged otherwise.
func Commit(p unsafe.Pointer, n uintptr) error {
	if n == 0 {
		return nil
	}
	_, err := windows.VirtualAlloc(uintptr(p), n, windows.MEM_COMMIT, windows.PAGE_READWRITE)
	return err
}

// Decommit makes n bytes from p on inaccessible and drops their contents.
func Decommit(p unsafe.Pointer, n uintptr) error {
	if n == 0 {
		return nil
	}
	return windows.VirtualFree(uintptr(p), n, windows.MEM_DECOMMIT)
}

// Zero drops the contents of n accessible bytes from p on; they are zero again.
func Zero(p unsafe.Pointer, n uintptr) error {
	if err := Decommit(p, n); err != nil {
		return err
	}
	return Commit(p, n)
}

// Discard resets n accessible bytes from p on to zeroes.
func Discard(p unsafe.Pointer, n uintptr) error { return Zero(p, n) }

// Release gives back the n bytes of address space that Reserve returned as p.
func Release(p unsafe.Pointer, _ uintptr) error {
	return windows.VirtualFree(uintptr(p), 0, windows.MEM_RELEASE)
}
