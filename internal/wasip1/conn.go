package wasip1

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// conn is a connection that a program accepted.
type conn struct {
	c         net.Conn
	flags     atomic.Uint32
	readShut  atomic.Bool
	writeShut atomic.Bool
	source    *source
}

func newConn(c net.Conn) *conn {
	return &conn{c: c, source: &source{r: c, ahead: pollRead}}
}

func (*conn) kind() objectKind { return kindConn }

func (*conn) stat() (fsbox.Stat, error) {
	return fsbox.Stat{Type: fsbox.TypeSocketStream, Nlink: 1}, nil
}

func (c *conn) status() fsbox.StatusFlag           { return fsbox.StatusFlag(c.flags.Load()) }
func (c *conn) setStatus(s fsbox.StatusFlag) error { c.flags.Store(uint32(s)); return nil }
func (c *conn) nonblock() bool                     { return c.status()&fsbox.StatusNonblock != 0 }

func (c *conn) read(ctx context.Context, p []byte) (int, error) { return c.receive(ctx, p, 0) }

// receive reads with the flags of sock_recv. Peeking may find less than p has room for, and so may not wait for all.
func (c *conn) receive(ctx context.Context, p []byte, flags uint32) (int, error) {
	if c.readShut.Load() {
		return 0, nil
	}
	done := 0
	for {
		n, err := c.source.read(ctx, p[done:], c.nonblock(), flags&recvPeek != 0)
		done += n
		if n == 0 || err != nil || done == len(p) || flags != recvWaitall {
			if done > 0 && ctx.Err() == nil {
				err = nil
			}
			return done, err
		}
	}
}

// write writes all of p, or with the non-blocking flag what there is room for.
func (c *conn) write(ctx context.Context, p []byte) (int, error) {
	if c.writeShut.Load() {
		return 0, fsbox.EPIPE
	}
	if c.nonblock() {
		if n, err := tryWrite(c.c, p); !errors.Is(err, errors.ErrUnsupported) {
			return endOfWrite(n, err)
		}
	}
	if err := c.c.SetWriteDeadline(time.Time{}); err != nil {
		return endOfWrite(c.c.Write(p))
	}
	return writeUntil(ctx, c.c, c.c.SetWriteDeadline, p)
}

func (c *conn) poll(write bool) (fsbox.Readiness, error) {
	if write {
		return fsbox.Readiness{}, pollWrite(c.c)
	}
	if c.readShut.Load() {
		return fsbox.Readiness{Hangup: true}, nil
	}
	r, _, err := c.source.poll()
	return r, err
}

func (c *conn) await(ctx context.Context, write bool) (fsbox.Readiness, error) {
	if write {
		return fsbox.Readiness{}, awaitWrite(ctx, c.c)
	}
	return c.source.await(ctx)
}

// shutdown ends one direction or both.
func (c *conn) shutdown(how uint32) error {
	if how&shutRead != 0 {
		if r, ok := c.c.(interface{ CloseRead() error }); ok {
			if err := r.CloseRead(); err != nil {
				return fsbox.ErrnoOf(err)
			}
		}
		c.readShut.Store(true)
	}
	if how&shutWrite != 0 {
		w, ok := c.c.(interface{ CloseWrite() error })
		if !ok {
			return fsbox.ENOTSUP
		}
		if err := w.CloseWrite(); err != nil {
			return fsbox.ErrnoOf(err)
		}
		c.writeShut.Store(true)
	}
	return nil
}

func (c *conn) close() error {
	if err := c.c.Close(); err != nil {
		return fsbox.ErrnoOf(err)
	}
	return nil
}
