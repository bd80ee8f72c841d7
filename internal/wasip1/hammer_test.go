package wasip1

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// TestThreads has several threads of one program open, use, renumber and close descriptors of each other. Under -race this shows whether
// the table and the objects are safe; what a call returns doesn't matter, only that each returns and that no file is used after its
// close (which the race detector and a wrong content would show).
func TestThreads(t *testing.T) {
	for name, fsys := range map[string]*fsbox.FS{"host": fsbox.HostDir(t.TempDir()), "mem": fsbox.NewMem(0)} {
		t.Run(name, func(t *testing.T) {
			r, w := io.Pipe()
			defer w.Close()
			p := newProgram(t, Config{Preopens: []Preopen{{"/", fsys}}, Stdin: r, MaxDescriptors: 24})
			go func() {
				for {
					if _, err := w.Write([]byte("input")); err != nil {
						return
					}
				}
			}()
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			p.ctx = ctx
			stopAt := time.Now().Add(time.Second)
			if testing.Short() {
				stopAt = time.Now().Add(200 * time.Millisecond)
			}
			var wg sync.WaitGroup
			for n := range 4 {
				q := *p
				q.mem, q.top = make(ram, 256<<10), 1024
				rnd := rand.New(rand.NewPCG(uint64(n), 1))
				wg.Go(func() {
					for time.Now().Before(stopAt) {
						q.anything(rnd)
					}
				})
			}
			wg.Wait()
		})
	}
}

// anything does one random thing with random descriptors.
func (p *program) anything(r *rand.Rand) {
	fd := uint32(r.IntN(24))
	if fd == 3 || fd == 0 && r.IntN(10) > 0 {
		fd = 4
	}
	name := fmt.Sprintf("f%d", r.IntN(5))
	switch r.IntN(14) {
	case 0, 1, 2:
		p.openWith(3, 0, name, oflagCreat, fileRights, 0, r.IntN(4))
	case 3:
		p.openWith(3, 0, ".", oflagDirectory, directoryRights, treeRights, 0)
	case 4:
		p.call("fd_close", fd)
	case 5:
		p.call("fd_renumber", fd, max(4, uint32(r.IntN(24))))
	case 6:
		p.write(fd, "some", "text")
	case 7:
		p.read(fd, 3, 5)
	case 8:
		p.call("fd_seek", fd, r.IntN(10), r.IntN(3), p.alloc(8))
	case 9:
		p.call("fd_readdir", fd, p.alloc(500), 500, r.IntN(5), p.alloc(4))
	case 10:
		p.call("fd_filestat_set_size", fd, r.IntN(100))
	case 11:
		p.call("fd_fdstat_set_flags", fd, r.IntN(4))
		p.call("fd_fdstat_get", fd, p.alloc(24))
	case 12:
		p.call("path_unlink_file", 3, name)
		p.call("path_rename", 3, name, fd, "g")
	case 13:
		at := p.subs(&subscriptionV1, sub{kind: eventFDRead, id: fd}, sub{kind: eventClock, id: clockMonotonic, timeout: time.Millisecond})
		p.call("poll_oneoff", at, p.alloc(64), 2, p.alloc(4))
	}
}

// TestNothingStays runs programs that wait and are stopped; their goroutines must end, and their descriptors be closed.
func TestNothingStays(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback network:", err)
	}
	before, files := runtime.NumGoroutine(), openFiles()
	for range 20 {
		r, w := io.Pipe()
		s, err := New(Config{Stdin: r, Preopens: []Preopen{{"/", fsbox.HostDir(t.TempDir())}}, Listeners: []net.Listener{l}})
		if err != nil {
			t.Fatal(err)
		}
		p := &program{t: t, s: s, mem: make(ram, 64<<10), top: 1024, fns: Functions}
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		p.ctx = ctx
		at := p.subs(&subscriptionV1, sub{kind: eventFDRead, id: 0}, sub{kind: eventFDRead, id: 4})
		if _, err := p.try("poll_oneoff", at, p.alloc(64), 2, p.alloc(4)); err == nil {
			t.Error("a poll of what is never ready returned")
		}
		cancel()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		w.Close()
	}
	l.Close()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines before, %d after", before, n)
	}
	if n := openFiles(); n > files {
		t.Errorf("%d files open before, %d after", files, n)
	}
}

// openFiles is the number of the process's open files, 0 where that isn't known.
func openFiles() int {
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}
