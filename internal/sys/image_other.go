//go:build !linux

package sys

import "unsafe"

// CanMapImage says that MapImage works.
const CanMapImage = false

// Image is memory contents that can be mapped many times, copy-on-write. This
// system has none.
type Image struct{}

// NewImage fails with ErrUnsupported.
func NewImage(int64, func(writeAt func(b []byte, at int64) error) error) (*Image, error) {
	return nil, ErrUnsupported
}

// Map fails with ErrUnsupported.
func (*Image) Map(unsafe.Pointer, uintptr) error { return ErrUnsupported }

// Close does nothing.
func (*Image) Close() error { return nil }
