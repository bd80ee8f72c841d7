package wasip1

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// serving is a program with a listener at descriptor 3, and its address.
func serving(t *testing.T) (*program, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback network:", err)
	}
	t.Cleanup(func() { l.Close() })
	return newProgram(t, Config{Listeners: []net.Listener{l}}), l.Addr().String()
}

func dial(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(10 * time.Second))
	return c.(*net.TCPConn)
}

func (p *program) accept(flags int) (uint32, Errno) {
	out := p.alloc(4)
	e := p.call("sock_accept", 3, flags, out)
	return p.u32(out), e
}

func (p *program) recv(fd uint32, flags int, sizes ...int) (string, Errno) {
	array, bufs := p.iovs(sizes...)
	out := p.alloc(8)
	e := p.call("sock_recv", fd, array, len(sizes), flags, out, out+4)
	n := int(p.u32(out))
	var s []byte
	for i, b := range bufs {
		k := min(n, sizes[i])
		s = append(s, p.mem[b:][:k]...)
		n -= k
	}
	return string(s), e
}

func TestSockets(t *testing.T) {
	p, addr := serving(t)
	if kind, _, base, inheriting := p.fdstat(3); kind != fsbox.TypeSocketStream || base != listenerRights || inheriting != connRights {
		t.Errorf("%v %x %x", kind, base, inheriting)
	}
	c := dial(t, addr)
	fd, e := p.accept(0)
	if fd != 4 || e != 0 {
		t.Fatal(fd, e)
	}
	if kind, _, base, _ := p.fdstat(fd); kind != fsbox.TypeSocketStream || base != connRights {
		t.Errorf("%v %x", kind, base)
	}
	if st := p.stat(fd); st.Type != fsbox.TypeSocketStream {
		t.Errorf("%+v", st)
	}
	io.WriteString(c, "hello")
	if s, e := p.recv(fd, recvPeek, 3); s != "hel" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	if s, e := p.recv(fd, 0, 2, 1); s != "hel" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	time.AfterFunc(20*time.Millisecond, func() { io.WriteString(c, " world") })
	if s, e := p.recv(fd, recvWaitall, 4, 4); s != "lo world" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	io.WriteString(c, "!")
	if s, e := p.read(fd, 10); s != "!" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	n := p.alloc(4)
	p.ok("sock_send", fd, p.ciovs("an", "swer"), 2, 0, n)
	if p.u32(n) != 6 {
		t.Error(p.u32(n))
	}
	if k, e := p.write(fd, "+"); k != 1 || e != 0 {
		t.Error(k, e)
	}
	p.ok("sock_shutdown", fd, shutWrite)
	if b, err := io.ReadAll(c); string(b) != "answer+" || err != nil {
		t.Errorf("%q %v", b, err)
	}
	if _, e := p.write(fd, "x"); e != fsbox.EPIPE {
		t.Error("write after the shutdown:", e)
	}
	c.CloseWrite()
	if s, e := p.recv(fd, 0, 10); s != "" || e != 0 {
		t.Errorf("at the end: %q %v", s, e)
	}
	p.fails(fsbox.EINVAL, "sock_shutdown", fd, 0)
	p.fails(fsbox.EINVAL, "sock_shutdown", fd, 4)
	p.fails(fsbox.EINVAL, "sock_send", fd, p.ciovs("x"), 1, 1, n)
	p.fails(fsbox.EINVAL, "sock_recv", fd, p.ciovs("x"), 1, 4, n, n)
	p.fails(fsbox.EINVAL, "sock_accept", 3, 1, n)
	p.fails(fsbox.EINVAL, "sock_accept", fd, 0, n)
	p.fails(fsbox.ENOTCONN, "sock_recv", 3, p.ciovs("x"), 1, 0, n, n)
	p.fails(fsbox.ENOTSOCK, "sock_accept", 0, 0, n)
	p.fails(fsbox.ENOTSOCK, "sock_recv", 0, p.ciovs("x"), 1, 0, n, n)
	p.fails(fsbox.ESPIPE, "fd_seek", fd, 0, 0, n)
	p.ok("fd_close", fd)
	p.fails(fsbox.EBADF, "sock_shutdown", fd, 1)
}

func TestNonblockingSockets(t *testing.T) {
	p, addr := serving(t)
	p.ok("fd_fdstat_set_flags", 3, fdflagNonblock)
	if _, e := p.accept(0); e != fsbox.EAGAIN {
		t.Fatal("accept without a connection:", e)
	}
	c := dial(t, addr)
	if got := p.poll(sub{kind: eventFDRead, id: 3}); len(got) != 1 || got[0].errno != 0 {
		t.Fatalf("%+v", got)
	}
	fd, e := p.accept(fdflagNonblock)
	if e != 0 {
		t.Fatal(e)
	}
	if _, flags, _, _ := p.fdstat(fd); flags != fdflagNonblock {
		t.Errorf("%x", flags)
	}
	if _, e := p.recv(fd, 0, 1); e != fsbox.EAGAIN {
		t.Error("receive without data:", e)
	}
	io.WriteString(c, "data")
	if got := p.poll(sub{kind: eventFDRead, id: fd}); len(got) != 1 || got[0].bytes == 0 || got[0].errno != 0 {
		t.Fatalf("%+v", got)
	}
	if s, e := p.recv(fd, 0, 10); s != "data" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	if got := p.poll(sub{kind: eventFDWrite, id: fd}); len(got) != 1 || got[0].errno != 0 {
		t.Fatalf("%+v", got)
	}

	// Fill the connection, drain it, and see that it can be written again.
	iov := p.ciovs(strings.Repeat("x", 64000))
	n, total := p.alloc(4), 0
	for {
		e := p.call("fd_write", fd, iov, 1, n)
		if e == fsbox.EAGAIN {
			break
		}
		if e != 0 || total > 1<<30 {
			t.Fatal(total, e)
		}
		total += int(p.u32(n))
	}
	if got := p.poll(sub{kind: eventFDWrite, id: fd}, sub{kind: eventClock, id: clockMonotonic}); len(got) != 1 || got[0].kind != eventClock {
		t.Errorf("a full connection: %+v", got)
	}
	go io.CopyN(io.Discard, c, int64(total))
	if got := p.poll(sub{kind: eventFDWrite, id: fd}); len(got) != 1 || got[0].errno != 0 {
		t.Errorf("%+v", got)
	}
	c.Close()
	if got := p.poll(sub{kind: eventFDRead, id: fd}); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestBlockedSockets(t *testing.T) {
	p, addr := serving(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	p.ctx = ctx
	if _, err := p.try("sock_accept", 3, 0, p.alloc(4)); !errors.Is(err, context.DeadlineExceeded) {
		t.Error("a blocked accept ended with", err)
	}
	cancel()
	p.ctx = context.Background()
	dial(t, addr)
	fd, e := p.accept(0)
	if e != 0 {
		t.Fatal("a connection got lost:", e)
	}
	iov := p.ciovs(strings.Repeat("x", 100000))
	for _, call := range []func() error{
		func() error { _, err := p.try("sock_recv", fd, iov, 1, 0, p.alloc(4), p.alloc(4)); return err },
		func() error {
			for {
				if _, err := p.try("sock_send", fd, iov, 1, 0, p.alloc(4)); err != nil {
					return err
				}
			}
		},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		p.ctx = ctx
		if err := call(); !errors.Is(err, context.DeadlineExceeded) {
			t.Error("a blocked call ended with", err)
		}
		cancel()
	}
}

// TestListenerIsLent closes the program's listener; the embedder's stays open.
func TestListenerIsLent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback network:", err)
	}
	defer l.Close()
	p := newProgram(t, Config{Listeners: []net.Listener{l}})
	p.ok("fd_close", 3)
	p.fails(fsbox.EBADF, "sock_accept", 3, 0, p.alloc(4))
	dial(t, l.Addr().String())
	if c, err := l.Accept(); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
}
