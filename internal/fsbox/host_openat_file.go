//go:build linux || darwin || freebsd || netbsd || openbsd

package fsbox

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// hostFile is an open file of the host that is not a directory.
type hostFile struct {
	fd     int
	f      *os.File // owns fd
	stream bool     // a FIFO or a device: may wait, is in the poller of os if the system can poll it

	appendMu sync.RWMutex // held for reading by writes, for writing where O_APPEND is turned
	append   bool         // guarded by appendMu: O_APPEND is set
}

func (h *hostFile) stat() (Stat, error) { return statFD(h.fd) }
func (h *hostFile) close() error        { return hostError(h.f.Close()) }

func (h *hostFile) isStream() bool { return h.stream }

// atEOF makes the end of a file what the file interface wants.
func atEOF(n int, err error) (int, error) {
	if err == nil || err == io.EOF {
		return n, nil
	}
	if n > 0 {
		return n, nil
	}
	return 0, ErrnoOf(err)
}

func (h *hostFile) read(ctx context.Context, p []byte, nonblock bool) (int, error) {
	switch {
	case len(p) == 0:
		return 0, nil
	case !h.stream:
		return atEOF(h.f.Read(p))
	case nonblock:
		return h.try(func() (int, error) { return unix.Read(h.fd, p) })
	}
	return interruptible(ctx, h.f.SetReadDeadline, func() (int, error) { return h.f.Read(p) })
}

func (h *hostFile) write(ctx context.Context, p []byte, nonblock bool) (int, error) {
	h.appendMu.RLock()
	defer h.appendMu.RUnlock()
	switch {
	case !h.stream:
		return atEOF(h.f.Write(p))
	case nonblock:
		return h.try(func() (int, error) { return unix.Write(h.fd, p) })
	}
	return interruptible(ctx, h.f.SetWriteDeadline, func() (int, error) { return h.f.Write(p) })
}

// try does one system call on a stream, whose descriptor never blocks.
func (h *hostFile) try(call func() (int, error)) (int, error) {
	var n int
	err := retrying(func() (err error) {
		n, err = call()
		return err
	})
	return max(n, 0), err
}

// interruptible runs an operation on a file of the poller and ends it, through its deadline, when ctx ends. Operations of other goroutines
// on the same file that the deadline hits too start again.
func interruptible(ctx context.Context, setDeadline func(time.Time) error, op func() (int, error)) (int, error) {
	stop := context.AfterFunc(ctx, func() { setDeadline(time.Unix(1, 0)) })
	defer stop()
	for {
		n, err := op()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			setDeadline(time.Time{})
			if n == 0 {
				if err := ctx.Err(); err != nil {
					return 0, err
				}
				continue
			}
		}
		return atEOF(n, err)
	}
}

func (h *hostFile) readAt(p []byte, offset int64) (int, error) {
	return atEOF(h.f.ReadAt(p, offset))
}

func (h *hostFile) writeAt(p []byte, offset int64) (int, error) {
	h.appendMu.RLock()
	if !h.append {
		defer h.appendMu.RUnlock()
		return atEOF(h.f.WriteAt(p, offset))
	}
	h.appendMu.RUnlock()
	// With O_APPEND Linux would write to the end.
	h.appendMu.Lock()
	defer h.appendMu.Unlock()
	was := h.append
	if err := h.turnAppend(false); err != nil {
		return 0, err
	}
	n, err := atEOF(h.f.WriteAt(p, offset))
	if terr := h.turnAppend(was); err == nil {
		err = terr
	}
	return n, err
}

func (h *hostFile) setAppend(on bool) error {
	h.appendMu.Lock()
	defer h.appendMu.Unlock()
	return h.turnAppend(on)
}

// turnAppend sets or clears O_APPEND; appendMu is held for writing.
func (h *hostFile) turnAppend(on bool) error {
	if h.append == on {
		return nil
	}
	flags := 0
	if h.stream {
		flags |= unix.O_NONBLOCK
	}
	if on {
		flags |= unix.O_APPEND
	}
	if _, err := unix.FcntlInt(uintptr(h.fd), unix.F_SETFL, flags); err != nil {
		return ErrnoOf(err)
	}
	h.append = on
	return nil
}

func (h *hostFile) seek(offset int64, whence int) (int64, error) {
	n, err := h.f.Seek(offset, whence)
	return n, hostError(err)
}

func (h *hostFile) truncate(size int64) error {
	return retrying(func() error { return unix.Ftruncate(h.fd, size) })
}

// extend is what allocate does where the system can't reserve room.
func (h *hostFile) extend(end int64) error {
	st, err := h.stat()
	if err != nil {
		return err
	}
	if st.Type != TypeRegular {
		return ENODEV
	}
	if st.Size >= uint64(end) {
		return nil
	}
	return h.truncate(end)
}

func (h *hostFile) sync(dataOnly bool) error {
	return retrying(func() error {
		if dataOnly {
			return fdatasync(h.fd)
		}
		return unix.Fsync(h.fd)
	})
}

func (h *hostFile) setTimes(t Times) error { return setTimesFD(h.fd, t) }

func (h *hostFile) ready(ctx context.Context, write, wait bool) (Readiness, error) {
	if !h.stream {
		st, err := h.stat()
		if err != nil || write || st.Type != TypeRegular {
			return Readiness{}, err
		}
		at, err := h.seek(0, io.SeekCurrent)
		if err != nil || uint64(at) >= st.Size {
			return Readiness{}, err
		}
		return Readiness{Bytes: st.Size - uint64(at)}, nil
	}
	if r, ok := h.poll(write); ok {
		return r, nil
	}
	if !wait {
		return Readiness{}, EAGAIN
	}
	raw, err := h.f.SyscallConn()
	if err != nil {
		return Readiness{}, ErrnoOf(err)
	}
	await, setDeadline := raw.Read, h.f.SetReadDeadline
	if write {
		await, setDeadline = raw.Write, h.f.SetWriteDeadline
	}
	var r Readiness
	_, err = interruptible(ctx, setDeadline, func() (int, error) {
		return 0, await(func(uintptr) (ok bool) {
			r, ok = h.poll(write)
			return ok
		})
	})
	if err == ENOTSUP {
		// A device that the system can't poll, like /dev/zero, never waits.
		return Readiness{}, nil
	}
	return r, err
}

// poll asks the system whether a stream is ready.
func (h *hostFile) poll(write bool) (Readiness, bool) {
	events := int16(unix.POLLIN)
	if write {
		events = unix.POLLOUT
	}
	p := []unix.PollFd{{Fd: int32(h.fd), Events: events}}
	if n, err := unix.Poll(p, 0); err != nil || n == 0 {
		return Readiness{}, false
	}
	r := Readiness{Hangup: p[0].Revents&(unix.POLLHUP|unix.POLLERR) != 0}
	if !write && p[0].Revents&events != 0 {
		r.Bytes = 1
	}
	return r, true
}
