package wasi

import (
	"context"
	"io"
	"io/fs"
	"net"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
	"github.com/wamr-go/wamr/internal/wasip1"
)

// Config is what programs are given. The zero value gives nothing.
type Config struct {
	Args []string // the first is, by custom, the program's own name
	Env  []string // as KEY=VALUE

	// Stdin, Stdout and Stderr are the standard streams; nil is an empty input and outputs that go nowhere. A read that waits ends when the
	// program is stopped, but goes on in the background if the reader has no way to end it, and what it gets is kept for the program's next
	// read. Writes that wait on files, pipes of package io and anything with a SetWriteDeadline end as well; other writers are waited for.
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	// FS is the directory that programs see as "/".
	FS FS
	// Mounts are further directories, which programs see under the names given there.
	Mounts []Mount
	// Listeners are sockets that programs may accept connections from. Their descriptors follow those of the directories. They are lent:
	// neither a program nor the end of its store closes them. They start in blocking mode, as sockets do; Go programs want to call
	// syscall.SetNonblock on theirs first, or all of their goroutines wait with the one that accepts.
	Listeners []net.Listener

	Clock  Clock
	Random io.Reader // the source of random numbers; nil is crypto/rand

	// MaxDescriptors bounds how many descriptors a program has open at once; 0 is 1024.
	MaxDescriptors int
}

// Mount is a directory and the name under which programs see it.
type Mount struct {
	Guest string // such as "/data" or "."
	FS    FS
}

// Clock is the time that programs see. Its zero value is the host's.
type Clock struct {
	Now        func() time.Time     // the time of day
	Monotonic  func() time.Duration // since any moment in the past: never 0, never going back
	Resolution time.Duration        // the grain of all clocks; 0 is a microsecond
	// Sleep waits until d has passed or ctx has ended, whose error it returns then. It is used where a program waits for time alone.
	Sleep func(ctx context.Context, d time.Duration) error
}

// system is the configuration as package wasip1 takes it.
func (c *Config) system() wasip1.Config {
	s := wasip1.Config{
		Args: c.Args, Env: c.Env, Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr, Listeners: c.Listeners, Random: c.Random,
		Realtime: c.Clock.Now, Sleep: c.Clock.Sleep, ClockResolution: c.Clock.Resolution, MaxDescriptors: c.MaxDescriptors,
	}
	if monotonic := c.Clock.Monotonic; monotonic != nil {
		s.Monotonic = func() int64 { return int64(monotonic()) }
	}
	if c.FS != (FS{}) {
		s.Preopens = append(s.Preopens, wasip1.Preopen{Path: "/", FS: c.FS.box})
	}
	for _, m := range c.Mounts {
		s.Preopens = append(s.Preopens, wasip1.Preopen{Path: m.Guest, FS: m.FS.box})
	}
	return s
}

// FS is a file system that programs can be given: [Dir], [FSDir] or [MemFS]. It may be given to several programs, and used by several
// goroutines, at once. The zero value is none.
type FS struct{ box *fsbox.FS }

// Option changes how a file system is given.
type Option func(*options)

type options struct {
	readOnly bool
	maxSize  int64
}

// ReadOnly gives a file system without any means to change it.
func ReadOnly(o *options) { o.readOnly = true }

// MaxSize bounds a file system of [MemFS], in bytes of content and names.
func MaxSize(n int64) Option { return func(o *options) { o.maxSize = n } }

// apply collects options.
func apply(opts []Option) (o options) {
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// with makes an FS with the options that all kinds have.
func (o options) with(box *fsbox.FS) FS {
	if o.readOnly {
		box = box.ReadOnly()
	}
	return FS{box}
}

// Check reports why the file system can't be opened, if it can't.
func (f FS) Check() error {
	if f.box == nil {
		return ErrNoFS
	}
	root, err := f.box.Open()
	if err != nil {
		return err
	}
	return root.Close()
}

// Dir is the directory of the host at path. It is opened when a program first uses WASI; [Add] checks that it can be.
func Dir(path string, opts ...Option) FS { return apply(opts).with(fsbox.HostDir(path)) }

// FSDir is the tree of any [io/fs.FS], such as an embed.FS or a zip archive, read-only. For a directory of the host use [Dir]: os.DirFS
// follows symbolic links out of it, should they be made while a program runs.
func FSDir(fsys fs.FS) FS { return FS{fsbox.FromFS(fsys)} }

// MemFS is a new empty file system in memory. It holds at most 256 MiB, or what [MaxSize] says, and lives as long as the FS and the stores
// it was given to.
func MemFS(opts ...Option) FS {
	o := apply(opts)
	return o.with(fsbox.NewMem(o.maxSize))
}
