//go:build darwin || freebsd || netbsd || openbsd

package fsbox

import (
	"io"

	"golang.org/x/sys/unix"
)

const openSearch = unix.O_RDONLY

func fdatasync(fd int) error { return unix.Fsync(fd) }

func setTimesFD(fd int, t Times) error { return setCoarseTimes(fd, t) }

func (h *hostFile) allocate(offset, n int64) error { return h.extend(offset + n) }

func (h *hostFile) advise(offset, n int64, a Advice) error { return nil }

// direntReader has no state here: package os reads the directory.
type direntReader struct{}

func (d *hostDir) list(rewind bool) ([]DirEntry, error) {
	if d.f == nil {
		return nil, EBADF
	}
	if rewind {
		if _, err := d.f.Seek(0, io.SeekStart); err != nil {
			return nil, ErrnoOf(err)
		}
	}
	for {
		// Names only: os would find types out by path.
		names, err := d.f.Readdirnames(100)
		if err != nil && err != io.EOF {
			return nil, ErrnoOf(err)
		}
		if len(names) == 0 {
			return nil, nil
		}
		entries := make([]DirEntry, 0, len(names))
		for _, name := range names {
			if st, err := d.lstat(name); err == nil {
				entries = append(entries, DirEntry{Name: name, Ino: st.Ino, Type: st.Type})
			}
		}
		if len(entries) > 0 {
			return entries, nil
		}
	}
}
