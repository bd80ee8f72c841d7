package wasip1

import (
	"context"
	"errors"
	"net"
	"os"
	"sync/atomic"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// listener is a preopened socket that listens.
type listener struct {
	l      net.Listener
	flags  atomic.Uint32
	closed atomic.Bool
	pump   pump[net.Conn]
}

func newListener(l net.Listener) *listener { return &listener{l: l} }

func (*listener) kind() objectKind { return kindListener }

func (*listener) stat() (fsbox.Stat, error) {
	return fsbox.Stat{Type: fsbox.TypeSocketStream, Nlink: 1}, nil
}

func (l *listener) status() fsbox.StatusFlag                 { return fsbox.StatusFlag(l.flags.Load()) }
func (l *listener) setStatus(s fsbox.StatusFlag) error       { l.flags.Store(uint32(s)); return nil }
func (*listener) read(context.Context, []byte) (int, error)  { return 0, fsbox.ENOTCONN }
func (*listener) write(context.Context, []byte) (int, error) { return 0, fsbox.ENOTCONN }

// accepting is the call that the pump runs.
func (l *listener) accepting() (net.Conn, error) {
	c, err := l.l.Accept()
	if err == nil && l.closed.Load() {
		c.Close()
		return nil, net.ErrClosed
	}
	return c, err
}

// accept is the next connection.
func (l *listener) accept(ctx context.Context) (net.Conn, error) {
	for {
		if l.closed.Load() {
			return nil, fsbox.EBADF
		}
		c, err, wait := l.pump.take(l.accepting)
		switch {
		case wait != nil:
			if err := waitFor(ctx, wait, l.status()&fsbox.StatusNonblock != 0); err != nil {
				return nil, err
			}
		case errors.Is(err, os.ErrDeadlineExceeded):
			// of the listener's owner, not of this program's
		default:
			return c, err
		}
	}
}

func (l *listener) poll(write bool) (fsbox.Readiness, error) {
	if l.closed.Load() {
		return fsbox.Readiness{}, fsbox.EBADF
	}
	if write || l.pump.peek(l.accepting) != nil {
		return fsbox.Readiness{}, fsbox.EAGAIN
	}
	return fsbox.Readiness{Bytes: 1}, nil
}

func (l *listener) await(ctx context.Context, write bool) (fsbox.Readiness, error) {
	if write {
		<-ctx.Done() // a listener is never ready to be written
		return fsbox.Readiness{}, ctx.Err()
	}
	if wait := l.pump.peek(l.accepting); wait != nil {
		if err := waitFor(ctx, wait, false); err != nil {
			return fsbox.Readiness{}, err
		}
	}
	return fsbox.Readiness{Bytes: 1}, nil
}

// close leaves the listener open, which is the embedder's; a connection that came for the program is closed.
func (l *listener) close() error {
	l.closed.Store(true)
	if c, ok := l.pump.forget(); ok {
		c.Close()
	}
	return nil
}

func sockAccept(ctx context.Context, s *System, m Memory, a []uint64) error {
	d, err := s.fds.get(a[0], rightSockAccept)
	if err != nil {
		return err
	}
	if uint32(a[1])&^fdflagNonblock != 0 {
		return fsbox.EINVAL
	}
	result, err := view(m, uint32(a[2]), 4)
	if err != nil {
		return err
	}
	l, ok := d.object.(*listener)
	if !ok {
		return fsbox.EINVAL
	}
	if s.fds.full() {
		return fsbox.EMFILE
	}
	_, inheriting, err := s.fds.rights(a[0])
	if err != nil {
		return err
	}
	c, err := l.accept(ctx)
	if err != nil {
		return err
	}
	o := newConn(c)
	o.setStatus(statusOf(uint32(a[1])))
	fd, err := s.fds.add(&descriptor{object: o, base: inheriting & connRights})
	if err != nil {
		c.Close()
		return err
	}
	put32(result, fd)
	return nil
}

// connCall begins a call on a connection with iovecs, as vectorCall does.
func connCall(s *System, m Memory, a []uint64, need rights, result uint64) (*conn, vectors, []byte, error) {
	d, v, out, err := vectorCall(s, m, a, 0, result)
	if err != nil {
		return nil, v, nil, err
	}
	c, ok := d.object.(*conn)
	if !ok {
		if d.object.kind() == kindListener {
			return nil, v, nil, fsbox.ENOTCONN
		}
		return nil, v, nil, fsbox.ENOTSOCK
	}
	if _, err := s.fds.get(a[0], need); err != nil {
		return nil, v, nil, err
	}
	return c, v, out, nil
}

func sockRecv(ctx context.Context, s *System, m Memory, a []uint64) error {
	c, v, out, err := connCall(s, m, a, rightFDRead, a[4])
	if err != nil {
		return err
	}
	flags := uint32(a[3])
	if flags&^(recvPeek|recvWaitall) != 0 {
		return fsbox.EINVAL
	}
	outFlags, err := view(m, uint32(a[5]), 2)
	if err != nil {
		return err
	}
	n, err := readVectors(&v, true, func(p []byte, _ uint32) (int, error) {
		return c.receive(ctx, p, flags)
	})
	if err != nil {
		return err
	}
	put32(out, n)
	put16(outFlags, 0) // streams lose nothing
	return nil
}

func sockSend(ctx context.Context, s *System, m Memory, a []uint64) error {
	c, v, out, err := connCall(s, m, a, rightFDWrite, a[4])
	if err != nil {
		return err
	}
	if uint32(a[3]) != 0 {
		return fsbox.EINVAL
	}
	n, err := writeVectors(&v, func(p []byte, _ uint32) (int, error) { return c.write(ctx, p) })
	return finish(out, n, err)
}

func sockShutdown(_ context.Context, s *System, _ Memory, a []uint64) error {
	d, err := s.fds.get(a[0], rightSockShutdown)
	if err != nil {
		return err
	}
	how := uint32(a[1])
	if how == 0 || how&^(shutRead|shutWrite) != 0 {
		return fsbox.EINVAL
	}
	c, ok := d.object.(*conn)
	if !ok {
		return fsbox.ENOTSOCK
	}
	return c.shutdown(how)
}
