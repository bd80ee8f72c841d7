//go:build unix

package wasip1

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// tryWrite writes what a socket has room for, EAGAIN if that is nothing; errors.ErrUnsupported if c is no socket.
func tryWrite(c net.Conn, p []byte) (int, error) {
	raw, err := rawConn(c)
	if err != nil {
		return 0, err
	}
	var n int
	var werr error
	err = raw.Write(func(fd uintptr) bool {
		for {
			n, werr = unix.Write(int(fd), p)
			if werr != unix.EINTR {
				return true
			}
		}
	})
	if err == nil {
		err = werr
	}
	return max(n, 0), err
}

// rawConn is the socket behind c.
func rawConn(c net.Conn) (syscall.RawConn, error) {
	s, ok := c.(syscall.Conn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return s.SyscallConn()
}

// writable asks the system whether a socket has room; one with an error counts, because a write tells it.
func writable(fd uintptr) bool {
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	n, err := unix.Poll(p, 0)
	return err == nil && n > 0
}

// pollWrite is EAGAIN if a write to c would wait.
func pollWrite(c net.Conn) error {
	raw, err := rawConn(c)
	if err != nil {
		return nil // not known: let the write find out
	}
	ready := false
	if err := raw.Control(func(fd uintptr) { ready = writable(fd) }); err != nil {
		return fsbox.ErrnoOf(err)
	}
	if !ready {
		return fsbox.EAGAIN
	}
	return nil
}

// awaitWrite waits until a write to c would not wait, or ctx ends.
func awaitWrite(ctx context.Context, c net.Conn) error {
	raw, err := rawConn(c)
	if err != nil {
		return nil
	}
	late := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		c.SetWriteDeadline(time.Unix(1, 0))
		close(late)
	})
	err = raw.Write(writable)
	if !stop() {
		<-late
		c.SetWriteDeadline(time.Time{})
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() != nil:
		return ctx.Err()
	}
	return fsbox.ErrnoOf(err)
}
