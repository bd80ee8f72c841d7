package wasip1

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

func TestStdio(t *testing.T) {
	var out, errOut bytes.Buffer
	p := newProgram(t, Config{Stdin: strings.NewReader("some input"), Stdout: &out, Stderr: &errOut})
	if s, e := p.read(0, 2, 3); s != "some " || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	if s, e := p.read(0, 100); s != "input" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	if s, e := p.read(0, 100); s != "" || e != 0 {
		t.Errorf("at the end: %q %v", s, e)
	}
	p.write(1, "to ", "stdout")
	p.write(2, "to stderr")
	if out.String() != "to stdout" || errOut.String() != "to stderr" {
		t.Errorf("%q %q", out.String(), errOut.String())
	}
	if _, e := p.write(0, "x"); e != fsbox.ENOTCAPABLE {
		t.Error("write to stdin:", e)
	}
	if _, e := p.read(1, 1); e != fsbox.ENOTCAPABLE {
		t.Error("read of stdout:", e)
	}
	for fd := range uint32(3) {
		kind, _, base, _ := p.fdstat(fd)
		if kind != fsbox.TypeUnknown || base&(rightFDSeek|rightFDTell) != 0 {
			t.Errorf("descriptor %d: %v %x", fd, kind, base)
		}
		p.ok("fd_sync", fd)
		p.stat(fd)
	}
}

// TestOneWriter gives one buffer as both outputs; under -race this shows whether writes of two threads overlap.
func TestOneWriter(t *testing.T) {
	var out bytes.Buffer
	p := newProgram(t, Config{Stdout: &out, Stderr: &out})
	done := make(chan bool)
	q := *p
	q.mem, q.top = make(ram, 64<<10), 0
	go func() {
		for range 200 {
			q.write(2, "b")
		}
		close(done)
	}()
	for range 200 {
		p.write(1, "a")
	}
	<-done
	if out.Len() != 400 {
		t.Errorf("%d bytes", out.Len())
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestFailingStreams(t *testing.T) {
	p := newProgram(t, Config{Stdin: failing{io.ErrClosedPipe}, Stdout: failing{errors.New("odd")}})
	if _, e := p.read(0, 1); e != fsbox.EPIPE {
		t.Error(e)
	}
	if _, e := p.write(1, "x"); e != fsbox.EIO {
		t.Error(e)
	}
}

func TestBlockedInput(t *testing.T) {
	r, w := io.Pipe()
	p := newProgram(t, Config{Stdin: r})
	p.ok("fd_fdstat_set_flags", 0, fdflagNonblock)
	if _, e := p.read(0, 10); e != fsbox.EAGAIN {
		t.Error("read of an empty pipe without waiting:", e)
	}
	p.ok("fd_fdstat_set_flags", 0, 0)

	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("why")
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
	p.ctx = ctx
	iov, _ := p.iovs(10)
	if _, err := p.try("fd_read", 0, iov, 1, p.alloc(4)); !errors.Is(err, why) {
		t.Fatalf("a blocked read ended with %v", err)
	}

	// What comes after the wait was given up isn't lost.
	p.ctx = context.Background()
	go w.Write([]byte("hello"))
	if s, e := p.read(0, 10); s != "hello" || e != 0 {
		t.Fatalf("%q %v", s, e)
	}
	w.Close()
	if s, e := p.read(0, 10); s != "" || e != 0 {
		t.Fatalf("%q %v", s, e)
	}
}

func TestBlockedOutput(t *testing.T) {
	hostR, hostW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer hostR.Close()
	defer hostW.Close()
	_, pw := io.Pipe()
	for name, w := range map[string]io.Writer{"os.Pipe": hostW, "io.Pipe": pw} {
		t.Run(name, func(t *testing.T) {
			p := newProgram(t, Config{Stdout: w})
			ctx, cancel := context.WithCancel(context.Background())
			p.ctx = ctx
			time.AfterFunc(50*time.Millisecond, cancel)
			iov := p.ciovs(strings.Repeat("x", 60000))
			for {
				if _, err := p.try("fd_write", 1, iov, 1, p.alloc(4)); err != nil {
					if !errors.Is(err, context.Canceled) {
						t.Fatal(err)
					}
					return
				}
			}
		})
	}
	// The embedder's file is as usable as before.
	go io.Copy(io.Discard, hostR)
	if _, err := hostW.Write([]byte("x")); err != nil {
		t.Error(err)
	}
}

func TestPanickingReader(t *testing.T) {
	p := newProgram(t, Config{Stdin: panicking{}})
	defer func() {
		if recover() == nil {
			t.Error("a reader's panic got lost")
		}
	}()
	p.read(0, 1)
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("in the reader") }

// TestStreamTypes gives files of the host; none is a terminal.
func TestStreamTypes(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	p := newProgram(t, Config{Stdin: null, Stdout: file, Stderr: null})
	for fd, want := range []fsbox.FileType{fsbox.TypeUnknown, fsbox.TypeRegular, fsbox.TypeUnknown} {
		if kind, _, _, _ := p.fdstat(uint32(fd)); kind != want {
			t.Errorf("descriptor %d has type %d, want %d", fd, kind, want)
		}
	}
	if s, e := p.read(0, 10); s != "" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	if n, e := p.write(1, "text"); n != 4 || e != 0 {
		t.Error(n, e)
	}
	if n, e := p.write(2, "text"); n != 4 || e != 0 {
		t.Error(n, e)
	}
}
