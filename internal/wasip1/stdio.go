package wasip1

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// stdio is what the input and the outputs have in common.
type stdio struct {
	fileType fsbox.FileType
	flags    atomic.Uint32
	closed   atomic.Bool
}

func (*stdio) kind() objectKind                     { return kindStream }
func (s *stdio) stat() (fsbox.Stat, error)          { return fsbox.Stat{Type: s.fileType, Nlink: 1}, nil }
func (s *stdio) status() fsbox.StatusFlag           { return fsbox.StatusFlag(s.flags.Load()) }
func (s *stdio) setStatus(f fsbox.StatusFlag) error { s.flags.Store(uint32(f)); return nil }
func (s *stdio) nonblock() bool                     { return s.status()&fsbox.StatusNonblock != 0 }

// close ends the use of the stream by the program; the reader or writer is the embedder's.
func (s *stdio) close() error {
	s.closed.Store(true)
	return nil
}

// streamType is the file type that tells a program whether it talks to a terminal: that is a character device, anything else is not.
func streamType(stream any) fsbox.FileType {
	f, ok := stream.(*os.File)
	if !ok {
		return fsbox.TypeUnknown
	}
	fi, err := f.Stat()
	switch {
	case err != nil:
		return fsbox.TypeUnknown
	case fi.Mode().IsRegular():
		return fsbox.TypeRegular
	case fi.Mode()&os.ModeCharDevice != 0 && isTerminal(f):
		return fsbox.TypeCharDevice
	}
	return fsbox.TypeUnknown
}

// input is standard input.
type input struct {
	stdio
	source *source
}

func newInput(r io.Reader) *input {
	in := &input{}
	in.fileType = streamType(r)
	if r == nil {
		r = eofReader{}
	}
	in.source = newSource(r)
	if _, ok := r.(eofReader); ok {
		in.source.direct = true
	}
	return in
}

// eofReader is an empty input.
type eofReader struct{}

func (eofReader) Read([]byte) (int, error) { return 0, io.EOF }

func (in *input) read(ctx context.Context, p []byte) (int, error) {
	if in.closed.Load() {
		return 0, fsbox.EBADF
	}
	return in.source.read(ctx, p, in.nonblock(), false)
}

func (in *input) write(context.Context, []byte) (int, error) { return 0, fsbox.EBADF }

func (in *input) poll(write bool) (fsbox.Readiness, error) {
	if write || in.closed.Load() {
		return fsbox.Readiness{}, fsbox.EBADF
	}
	r, _, err := in.source.poll()
	return r, err
}

func (in *input) await(ctx context.Context, write bool) (fsbox.Readiness, error) {
	if write || in.closed.Load() {
		return fsbox.Readiness{}, fsbox.EBADF
	}
	return in.source.await(ctx)
}

// output is standard output or standard error.
type output struct {
	stdio
	w    io.Writer
	slow bool          // writes may wait, and w is safe to leave writing in the background
	turn chan struct{} // holds one token: who has it writes
}

func newOutput(w io.Writer) *output {
	o := &output{w: w, turn: make(chan struct{}, 1)}
	o.fileType = streamType(w)
	if w == nil {
		o.w = io.Discard
	}
	switch w := o.w.(type) {
	case *os.File:
		fi, err := w.Stat()
		o.slow = err == nil && !fi.Mode().IsRegular()
	case *io.PipeWriter:
		o.slow = true
	}
	return o
}

func (o *output) read(context.Context, []byte) (int, error) { return 0, fsbox.EBADF }

// write writes all of p. A write that waits for a pipe, a terminal or a socket ends with ctx; other writers are waited for.
func (o *output) write(ctx context.Context, p []byte) (int, error) {
	if o.closed.Load() {
		return 0, fsbox.EBADF
	}
	select {
	case o.turn <- struct{}{}:
	default:
		select {
		case o.turn <- struct{}{}:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	deadline, timed := o.w.(interface{ SetWriteDeadline(time.Time) error })
	if timed && deadline.SetWriteDeadline(time.Time{}) == nil {
		defer func() { <-o.turn }()
		return writeUntil(ctx, o.w, deadline.SetWriteDeadline, p)
	}
	if !o.slow || ctx.Done() == nil {
		defer func() { <-o.turn }()
		return endOfWrite(o.w.Write(p))
	}
	// The program's memory may be gone before the write ends, so it gets a copy.
	p = append([]byte(nil), p[:min(len(p), maxRead)]...)
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-o.turn }()
		n, err := o.w.Write(p)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return endOfWrite(r.n, r.err)
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// writeUntil writes to what has a deadline, and uses that to end the write when ctx ends.
func writeUntil(ctx context.Context, w io.Writer, setDeadline func(time.Time) error, p []byte) (int, error) {
	late := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		setDeadline(time.Unix(1, 0))
		close(late)
	})
	n, err := w.Write(p)
	if !stop() {
		<-late
		setDeadline(time.Time{}) // the writer is the embedder's, and stays usable
	}
	if n <= 0 && errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() != nil {
		return 0, ctx.Err()
	}
	return endOfWrite(n, err)
}

// endOfWrite makes of what a writer returns what the functions want: an error only if nothing was written.
func endOfWrite(n int, err error) (int, error) {
	if n > 0 || err == nil {
		return max(n, 0), nil
	}
	return 0, fsbox.ErrnoOf(err)
}

func (o *output) poll(write bool) (fsbox.Readiness, error) {
	if !write || o.closed.Load() {
		return fsbox.Readiness{}, fsbox.EBADF
	}
	return fsbox.Readiness{}, nil
}

func (o *output) await(_ context.Context, write bool) (fsbox.Readiness, error) { return o.poll(write) }
