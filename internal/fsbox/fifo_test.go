//go:build linux || darwin || freebsd || netbsd || openbsd

package fsbox

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestFIFO(t *testing.T) {
	dir := t.TempDir()
	must(t, unix.Mkfifo(filepath.Join(dir, "p"), 0o600))
	root := openRoot(t, HostDir(dir))
	_, err := root.OpenAt("p", false, OpenWrite, 0)
	want(t, "open for writing without a reader", err, ENXIO)
	r, err := root.OpenAt("p", false, OpenRead, 0)
	must(t, err)
	defer r.Close()
	if st, err := r.Stat(); err != nil || st.Type != TypeFIFO {
		t.Fatalf("%+v %v", st, err)
	}
	w, err := root.OpenAt("p", false, OpenWrite, 0)
	must(t, err)
	defer w.Close()
	b := make([]byte, 10)

	must(t, r.SetStatus(StatusNonblock))
	_, err = r.Read(ctx, b)
	want(t, "read of an empty FIFO", err, EAGAIN)
	must(t, r.SetStatus(0))

	cancelled, cancel := context.WithCancel(ctx)
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err = r.Read(cancelled, b); !errors.Is(err, context.Canceled) {
		t.Fatal("read after the context ended:", err)
	}
	cancelled, cancel = context.WithCancel(ctx)
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err = r.Ready(cancelled, false); !errors.Is(err, context.Canceled) {
		t.Fatal("wait after the context ended:", err)
	}

	time.AfterFunc(20*time.Millisecond, func() { w.Write(ctx, []byte("hi")) })
	if got, err := r.Ready(ctx, false); err != nil || got.Bytes == 0 || got.Hangup {
		t.Fatalf("%+v %v", got, err)
	}
	if n, err := r.Read(ctx, b); string(b[:n]) != "hi" || err != nil {
		t.Fatal(n, err)
	}
	if _, err := r.Poll(false); err != EAGAIN {
		t.Fatal("poll of an empty FIFO:", err)
	}
	if _, err := w.Ready(ctx, true); err != nil {
		t.Fatal(err)
	}
	must(t, w.Close())
	if n, err := r.Read(ctx, b); n != 0 || err != nil {
		t.Fatal("at the end:", n, err)
	}
	if got, err := r.Ready(ctx, false); err != nil || !got.Hangup {
		t.Fatalf("%+v %v", got, err)
	}
}

func TestDevices(t *testing.T) {
	root := openRoot(t, HostDir("/dev"))
	f, err := root.OpenAt("zero", true, OpenRead, 0)
	must(t, err)
	defer f.Close()
	b := []byte{1, 2, 3}
	if n, err := f.Read(ctx, b); n != 3 || err != nil || b[1] != 0 {
		t.Fatal(n, err, b)
	}
	if _, err := f.Ready(ctx, false); err != nil {
		t.Fatal(err)
	}
	n, err := root.OpenAt("null", true, OpenWrite, 0)
	must(t, err)
	defer n.Close()
	if k, err := n.Write(ctx, b); k != 3 || err != nil {
		t.Fatal(k, err)
	}
}
