package wasip1

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// Config is what a program is given. The zero value gives nothing: no arguments, no environment, no files, an empty input, outputs that
// go nowhere; clocks and random numbers of the host.
type Config struct {
	Args []string // the first is the program's own name, by custom
	Env  []string // KEY=VALUE

	Stdin  io.Reader // nil is empty
	Stdout io.Writer // nil discards
	Stderr io.Writer

	// Preopens are the directories that the program finds open, from descriptor 3 on, in this order.
	Preopens []Preopen
	// Listeners follow the directories. They are lent: the program accepts connections from them, but they are not closed here.
	Listeners []net.Listener

	// Random is the source of random_get; nil is crypto/rand.
	Random io.Reader
	// Realtime is the time of day, Monotonic a clock that only goes forward, in nanoseconds from any start but zero; nil are the host's.
	Realtime  func() time.Time
	Monotonic func() int64
	// Sleep waits until d has passed or ctx has ended, whose error it returns then; nil is the host's timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// ClockResolution is the grain of all clocks; 0 is a microsecond.
	ClockResolution time.Duration

	// MaxDescriptors bounds the descriptors open at once; 0 is DefaultMaxDescriptors.
	MaxDescriptors int
}

// Preopen is a directory that a program finds open.
type Preopen struct {
	Path string // the name by which the program knows it, such as "/" or "."
	FS   *fsbox.FS
}

// DefaultMaxDescriptors is how many descriptors a program may have open at once unless its Config says otherwise.
const DefaultMaxDescriptors = 1024

// System is what one program sees of the world. It may be used by several of the program's threads at once.
type System struct {
	args, env stringList
	random    io.Reader
	randomMu  sync.Mutex // guards random, unless that is crypto/rand
	clocks    clocks
	fds       table
}

// New makes a system as cfg says. It opens the directories; Close closes them.
func New(cfg Config) (*System, error) {
	s := &System{random: cfg.Random}
	var err error
	if s.args, err = newStringList(cfg.Args); err != nil {
		return nil, fmt.Errorf("arguments: %w", err)
	}
	if s.env, err = newStringList(cfg.Env); err != nil {
		return nil, fmt.Errorf("environment: %w", err)
	}
	for _, e := range cfg.Env {
		if strings.IndexByte(e, '=') < 1 {
			return nil, fmt.Errorf("environment: %q is not KEY=VALUE", e)
		}
	}
	s.clocks = newClocks(&cfg)
	s.fds.max = cfg.MaxDescriptors
	if s.fds.max <= 0 {
		s.fds.max = DefaultMaxDescriptors
	}
	if need := 3 + len(cfg.Preopens) + len(cfg.Listeners); need > s.fds.max {
		return nil, fmt.Errorf("%d descriptors are granted, but only %d may be open", need, s.fds.max)
	}
	out := newOutput(cfg.Stdout)
	errOut := out
	if !sameWriter(cfg.Stdout, cfg.Stderr) {
		errOut = newOutput(cfg.Stderr)
	}
	s.fds.add(&descriptor{object: newInput(cfg.Stdin), base: streamRights &^ rightFDWrite})
	s.fds.add(&descriptor{object: out, base: streamRights &^ rightFDRead})
	s.fds.add(&descriptor{object: errOut, base: streamRights &^ rightFDRead})
	for _, p := range cfg.Preopens {
		if err := s.preopen(p); err != nil {
			s.Close()
			return nil, err
		}
	}
	for _, l := range cfg.Listeners {
		s.fds.add(&descriptor{object: newListener(l), base: listenerRights, inheriting: connRights})
	}
	return s, nil
}

// preopen opens a directory for the program.
func (s *System) preopen(p Preopen) error {
	if p.FS == nil || strings.IndexByte(p.Path, 0) >= 0 {
		return fmt.Errorf("directory %q: %w", p.Path, fsbox.EINVAL)
	}
	f, err := p.FS.Open()
	if err != nil {
		return fmt.Errorf("directory %q: %w", p.Path, err)
	}
	s.fds.add(&descriptor{object: fileObject{f}, base: directoryRights, inheriting: treeRights, preopen: p.Path, preopened: true})
	return nil
}

// sameWriter reports whether two writers are one, so that their use must not overlap.
func sameWriter(a, b io.Writer) bool {
	return a != nil && b != nil && reflect.TypeOf(a).Comparable() && a == b
}

// Close closes all that the program has open. Functions called later find no descriptors.
func (s *System) Close() error {
	var errs []error
	for _, d := range s.fds.drain() {
		errs = append(errs, d.object.close())
	}
	return errors.Join(errs...)
}

// readRandom fills p from the system's source.
func (s *System) readRandom(p []byte) error {
	if s.random == nil {
		rand.Read(p) // never fails
		return nil
	}
	s.randomMu.Lock()
	defer s.randomMu.Unlock()
	_, err := io.ReadFull(s.random, p)
	return err
}
