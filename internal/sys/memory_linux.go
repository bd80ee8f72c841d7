package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// noReserve keeps reservations out of the system's accounting of memory.
const noReserve = unix.MAP_NORESERVE

// Discard resets n accessible bytes from p on to what was mapped there: zeroes
// or an image. It is cheaper than Zero.
func Discard(p unsafe.Pointer, n uintptr) error {
	if n == 0 {
		return nil
	}
	return unix.Madvise(slice(p, n), unix.MADV_DONTNEED)
}

// CanMapImage says that MapImage works.
const CanMapImage = true

// Image is memory contents that can be mapped many times, copy-on-write.
type Image struct{ fd int }

// NewImage returns an image of n bytes, zeroes where write doesn't write. Its
// holes take no memory.
func NewImage(n int64, write func(writeAt func(b []byte, at int64) error) error) (*Image, error) {
	fd, err := unix.MemfdCreate("wasm-image", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (*Image, error) {
		unix.Close(fd)
		return nil, err
	}
	if err := unix.Ftruncate(fd, n); err != nil {
		return fail(err)
	}
	err = write(func(b []byte, at int64) error {
		for len(b) > 0 {
			k, err := unix.Pwrite(fd, b, at)
			if err != nil {
				if err == unix.EINTR {
					continue
				}
				return err
			}
			b, at = b[k:], at+int64(k)
		}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	// Nobody may change what instances share.
	const seals = unix.F_SEAL_WRITE | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_SEAL
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
		return fail(err)
	}
	return &Image{fd: fd}, nil
}

// Map maps the first n bytes of the image at p, accessible and private: writes
// are not seen by others. What was there is dropped.
func (i *Image) Map(p unsafe.Pointer, n uintptr) error {
	_, err := unix.MmapPtr(i.fd, 0, p, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_FIXED|unix.MAP_NORESERVE)
	return err
}

// Close frees the image. What is mapped stays. It is called once.
func (i *Image) Close() error { return unix.Close(i.fd) }
