package wasip1

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// source makes of a reader one that can be polled and whose waits can be given up.
type source struct {
	r      io.Reader
	direct bool // reads of r don't wait
	ahead  int  // reads ask r for at least so many bytes; 0 leaves to others what the program doesn't ask for

	mu   sync.Mutex
	rest []byte // guarded by mu: read from r and not yet by the program
	last error  // guarded by mu: an error to tell when rest is empty
	pump pump[[]byte]
}

// pollRead is how much a poll reads ahead, maxRead how much one read reads, in bytes.
const (
	pollRead = 4096
	maxRead  = 64 << 10
)

func newSource(r io.Reader) *source {
	return &source{r: r, direct: neverWaits(r)}
}

// neverWaits knows the readers that always have data, or their end, at hand.
func neverWaits(r io.Reader) bool {
	switch r := r.(type) {
	case *bytes.Reader, *bytes.Buffer, *strings.Reader:
		return true
	case *os.File:
		fi, err := r.Stat()
		return err == nil && fi.Mode().IsRegular()
	}
	return false
}

// fill is the call that the pump runs: a read of up to n bytes.
func (s *source) fill(n int) func() ([]byte, error) {
	return func() ([]byte, error) {
		b := make([]byte, n)
		n, err := s.r.Read(b)
		return b[:max(0, min(n, len(b)))], err
	}
}

// read reads what there is, up to len(p) bytes; it waits for at least one, for the end, which is 0, or for ctx. With peek the bytes stay.
func (s *source) read(ctx context.Context, p []byte, nonblock, peek bool) (int, error) {
	for {
		n, wait, err := s.tryRead(p, peek)
		if wait == nil {
			return n, err
		}
		if err := waitFor(ctx, wait, nonblock); err != nil {
			return 0, err
		}
	}
}

// tryRead is read without the wait: it returns the channel to wait for instead.
func (s *source) tryRead(p []byte, peek bool) (n int, wait <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.rest) == 0 && s.last == nil && len(p) > 0 {
		if s.direct && !peek {
			n, err := endOfRead(s.r.Read(p))
			return n, nil, err
		}
		if s.direct {
			s.rest, s.last = s.fill(min(len(p), maxRead))()
			continue
		}
		if wait := s.advanceLocked(max(min(len(p), maxRead), s.ahead)); wait != nil {
			return 0, wait, nil
		}
	}
	n, err = s.takeLocked(p, peek)
	return n, nil, err
}

// advanceLocked moves the pump's result to rest and last; if there is none yet it returns the channel to wait for, with a read of n bytes
// under way.
func (s *source) advanceLocked(n int) (wait <-chan struct{}) {
	b, err, wait := s.pump.take(s.fill(n))
	if wait != nil {
		return wait
	}
	s.rest = b
	if err == nil && len(b) == 0 {
		return nil // nothing happened, says io.Reader
	}
	s.last = err
	return nil
}

// takeLocked hands out what is there already.
func (s *source) takeLocked(p []byte, peek bool) (int, error) {
	if n := copy(p, s.rest); n > 0 || len(p) == 0 {
		if !peek {
			s.rest = s.rest[n:]
		}
		return n, nil
	}
	err := s.last
	if !peek {
		s.last = nil // a terminal goes on after its end of file
	}
	return endOfRead(0, err)
}

// endOfRead makes io.EOF what the functions want: 0 and no error.
func endOfRead(n int, err error) (int, error) {
	n = max(n, 0)
	if n > 0 || err == nil || errors.Is(err, io.EOF) {
		return n, nil
	}
	return 0, fsbox.ErrnoOf(err)
}

// poll says what a read would find, EAGAIN if it would wait.
func (s *source) poll() (fsbox.Readiness, <-chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.rest) == 0 && s.last == nil && s.direct {
		s.rest, s.last = s.fill(pollRead)()
	}
	for len(s.rest) == 0 && s.last == nil {
		if wait := s.advanceLocked(pollRead); wait != nil {
			return fsbox.Readiness{}, wait, fsbox.EAGAIN
		}
	}
	return fsbox.Readiness{Bytes: uint64(len(s.rest)), Hangup: len(s.rest) == 0}, nil, nil
}

// await is poll with the wait.
func (s *source) await(ctx context.Context) (fsbox.Readiness, error) {
	for {
		r, wait, err := s.poll()
		if wait == nil {
			return r, err
		}
		if err := waitFor(ctx, wait, false); err != nil {
			return r, err
		}
	}
}
