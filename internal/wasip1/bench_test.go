package wasip1

import (
	"testing"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// benchmark prepares a program and a function with its arguments.
func benchmark(b *testing.B, fsys *fsbox.FS, prepare func(p *program) (name string, args []uint64)) {
	p := in(b, fsys)
	p.create(3, "file", "content")
	p.ok("path_create_directory", 3, "a")
	p.ok("path_create_directory", 3, "a/b")
	p.create(3, "a/b/file", "content")
	name, args := prepare(p)
	var fn *Function
	for i := range Functions {
		if Functions[i].Name == name {
			fn = &Functions[i]
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if e, err := fn.Call(p.ctx, p.s, p.mem, args); e != 0 || err != nil {
			b.Fatal(e, err)
		}
	}
}

func BenchmarkClockTimeGet(b *testing.B) {
	benchmark(b, fsbox.NewMem(0), func(p *program) (string, []uint64) { return "clock_time_get", []uint64{1, 0, 64} })
}

func BenchmarkWriteStdout(b *testing.B) {
	benchmark(b, fsbox.NewMem(0), func(p *program) (string, []uint64) {
		return "fd_write", []uint64{1, uint64(p.ciovs("hello")), 1, uint64(p.alloc(4))}
	})
}

func benchmarkPread(b *testing.B, fsys *fsbox.FS) {
	benchmark(b, fsys, func(p *program) (string, []uint64) {
		fd := p.open(3, "file", 0)
		iov, _ := p.iovs(7)
		return "fd_pread", []uint64{uint64(fd), uint64(iov), 1, 0, uint64(p.alloc(4))}
	})
}

func BenchmarkPreadMem(b *testing.B)  { benchmarkPread(b, fsbox.NewMem(0)) }
func BenchmarkPreadHost(b *testing.B) { benchmarkPread(b, fsbox.HostDir(b.TempDir())) }

func benchmarkStat(b *testing.B, fsys *fsbox.FS, path string) {
	benchmark(b, fsys, func(p *program) (string, []uint64) {
		at := p.put([]byte(path))
		return "path_filestat_get", []uint64{3, 0, uint64(at), uint64(len(path)), uint64(p.alloc(64))}
	})
}

func BenchmarkStatMem(b *testing.B)      { benchmarkStat(b, fsbox.NewMem(0), "file") }
func BenchmarkStatHost(b *testing.B)     { benchmarkStat(b, fsbox.HostDir(b.TempDir()), "file") }
func BenchmarkStatHostDeep(b *testing.B) { benchmarkStat(b, fsbox.HostDir(b.TempDir()), "a/b/file") }
