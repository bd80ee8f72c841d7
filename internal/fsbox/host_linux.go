package fsbox

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

const (
	openSearch = unix.O_PATH // for a directory of which only names are looked up: needs no permission to read it
	utimeOmit  = unix.UTIME_OMIT
)

func fdatasync(fd int) error { return unix.Fdatasync(fd) }

func setTimesFD(fd int, t Times) error {
	ts := timespecs(t)
	err := retrying(func() error { return unix.UtimesNanoAt(fd, "", ts[:], unix.AT_EMPTY_PATH) })
	if err == EINVAL || err == ENOENT {
		return setCoarseTimes(fd, t) // before Linux 5.8
	}
	return err
}

func (h *hostFile) allocate(offset, n int64) error {
	err := retrying(func() error { return unix.Fallocate(h.fd, 0, offset, n) })
	if err == ENOTSUP || err == ENOSYS {
		return h.extend(offset + n)
	}
	return err
}

func (h *hostFile) advise(offset, n int64, a Advice) error {
	how := [...]int{unix.FADV_NORMAL, unix.FADV_SEQUENTIAL, unix.FADV_RANDOM, unix.FADV_WILLNEED, unix.FADV_DONTNEED, unix.FADV_NOREUSE}
	return retrying(func() error { return unix.Fadvise(h.fd, offset, n, how[a]) })
}

// direntReader is the buffer of getdents64.
type direntReader struct{ buf []byte }

// Layout of struct linux_dirent64.
const (
	direntReclen = 16
	direntType   = 18
	direntName   = 19
)

func (d *hostDir) list(rewind bool) ([]DirEntry, error) {
	if rewind {
		if _, err := unix.Seek(d.fd, 0, 0); err != nil {
			return nil, ErrnoOf(err)
		}
	}
	if d.dirent.buf == nil {
		d.dirent.buf = make([]byte, 8192)
	}
	for {
		var n int
		err := retrying(func() (err error) {
			n, err = unix.Getdents(d.fd, d.dirent.buf)
			return err
		})
		if err == ENOENT {
			return nil, nil // the directory was removed
		}
		if err != nil || n <= 0 {
			return nil, err
		}
		if entries := parseDirents(d.dirent.buf[:n]); len(entries) > 0 {
			return entries, nil
		}
	}
}

// parseDirents reads the kernel's records, leaving out "." and "..".
func parseDirents(b []byte) []DirEntry {
	var entries []DirEntry
	for len(b) > direntName {
		size := int(binary.NativeEndian.Uint16(b[direntReclen:]))
		if size <= direntName || size > len(b) {
			break
		}
		name := b[direntName:size]
		for i, c := range name {
			if c == 0 {
				name = name[:i]
				break
			}
		}
		if s := string(name); s != "." && s != ".." && s != "" {
			entries = append(entries, DirEntry{Name: s, Ino: binary.NativeEndian.Uint64(b), Type: typeOfMode(uint32(b[direntType]) << 12)})
		}
		b = b[size:]
	}
	return entries
}
