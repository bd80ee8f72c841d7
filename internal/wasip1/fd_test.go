package wasip1

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// onEach runs a test with a directory of the host and with one in memory at descriptor 3.
func onEach(t *testing.T, test func(t *testing.T, p *program)) {
	t.Run("host", func(t *testing.T) { test(t, in(t, fsbox.HostDir(t.TempDir()))) })
	t.Run("mem", func(t *testing.T) { test(t, in(t, fsbox.NewMem(0))) })
}

func TestReadWriteSeek(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		fd := p.open(3, "f", oflagCreat|oflagExcl)
		if n, e := p.write(fd, "hello", "", " ", "world"); n != 11 || e != 0 {
			t.Fatal(n, e)
		}
		out := p.alloc(8)
		seek := func(offset int64, whence int) uint64 {
			t.Helper()
			p.ok("fd_seek", fd, uint64(offset), whence, out)
			return p.u64(out)
		}
		if at := seek(-5, whenceEnd); at != 6 {
			t.Error(at)
		}
		if at := seek(1, whenceCur); at != 7 {
			t.Error(at)
		}
		p.ok("fd_tell", fd, out)
		if at := p.u64(out); at != 7 {
			t.Error(at)
		}
		seek(0, whenceSet)
		if s, e := p.read(fd, 3, 0, 100); s != "hello world" || e != 0 {
			t.Errorf("%q %v", s, e)
		}
		if s, e := p.read(fd, 3, 5); s != "" || e != 0 {
			t.Errorf("at the end: %q %v", s, e)
		}
		p.fails(fsbox.EINVAL, "fd_seek", fd, uint64(math.MaxUint64-50), whenceCur, out)
		p.fails(fsbox.EINVAL, "fd_seek", fd, 0, 3, out)

		iov, bufs := p.iovs(2, 3)
		p.ok("fd_pread", fd, iov, 2, 6, out)
		if got := string(p.mem[bufs[0]:][:2]) + string(p.mem[bufs[1]:][:3]); p.u32(out) != 5 || got != "world" {
			t.Errorf("pread %d %q", p.u32(out), got)
		}
		p.ok("fd_pwrite", fd, p.ciovs("W", "ORLD"), 2, 6, out)
		p.ok("fd_tell", fd, out)
		if at := p.u64(out); at != 11 {
			t.Error("pread or pwrite moved the offset to", at)
		}
		p.fails(fsbox.EINVAL, "fd_pread", fd, iov, 2, uint64(math.MaxInt64), out)
		p.fails(fsbox.EINVAL, "fd_pwrite", fd, iov, 2, uint64(1<<63), out)
		if got := p.content(3, "f"); got != "hello WORLD" {
			t.Errorf("%q", got)
		}
		p.ok("fd_sync", fd)
		p.ok("fd_datasync", fd)
		p.ok("fd_advise", fd, 0, 0, 3)
		p.fails(fsbox.EINVAL, "fd_advise", fd, 0, 0, 6)
		p.fails(fsbox.EINVAL, "fd_advise", fd, uint64(1<<63), 0, 0)
		p.ok("fd_allocate", fd, 10, 10)
		p.fails(fsbox.EINVAL, "fd_allocate", fd, 0, 0)
		p.fails(fsbox.EFBIG, "fd_allocate", fd, uint64(1<<63), 1)
		p.fails(fsbox.EFBIG, "fd_allocate", fd, uint64(math.MaxInt64), 5)
		if st := p.stat(fd); st.Size != 20 || st.Type != fsbox.TypeRegular || st.Nlink != 1 || st.Ino == 0 {
			t.Errorf("%+v", st)
		}
		p.ok("fd_filestat_set_size", fd, 5)
		p.fails(fsbox.EFBIG, "fd_filestat_set_size", fd, uint64(1<<63))
		if got := p.content(3, "f"); got != "hello" {
			t.Errorf("%q", got)
		}
		p.ok("fd_close", fd)
		p.fails(fsbox.EBADF, "fd_close", fd)
	})
}

func TestLargeVectors(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		fd := p.open(3, "f", oflagCreat)
		a, b := strings.Repeat("a", gatherSize), strings.Repeat("b", 100)
		if n, e := p.write(fd, a, b); int(n) != len(a)+len(b) || e != 0 {
			t.Fatal(n, e)
		}
		out := p.alloc(8)
		p.ok("fd_seek", fd, 0, whenceSet, out)
		if s, e := p.read(fd, 10, gatherSize, 1000); s != a+b || e != 0 {
			t.Fatal(len(s), e)
		}
		p.ok("fd_seek", fd, 0, whenceSet, out)
		many := make([]string, maxIovecs)
		for i := range many {
			many[i] = "x"
		}
		if n, e := p.write(fd, many...); n != maxIovecs || e != 0 {
			t.Fatal(n, e)
		}
		if _, e := p.write(fd, append(many, "x")...); e != fsbox.EINVAL {
			t.Fatal("more vectors than allowed:", e)
		}
		if n, e := p.write(fd); n != 0 || e != 0 {
			t.Fatal("no vectors:", n, e)
		}
	})
}

func TestVectorsOutOfBounds(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		fd := p.open(3, "f", oflagCreat)
		iov, _ := p.iovs(10, 10)
		out := p.alloc(8)
		end := uint32(len(p.mem))
		put32(p.mem[iov+8:], end-5)
		for _, name := range []string{"fd_read", "fd_write"} {
			p.fails(fsbox.EFAULT, name, fd, iov, 2, out)
			p.fails(fsbox.EFAULT, name, fd, end-4, 1, out)
			p.fails(fsbox.EFAULT, name, fd, iov, 1, end-3)
			p.fails(fsbox.EINVAL, name, fd, 0, uint32(1<<29), out)
		}
		put32(p.mem[iov+8:], 0)
		put32(p.mem[iov+12:], math.MaxUint32)
		p.fails(fsbox.EFAULT, "fd_write", fd, iov, 2, out)
		if st := p.stat(fd); st.Size != 0 {
			t.Error("a write with a bad vector wrote", st.Size, "bytes")
		}
	})
}

func TestAppendFlag(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		p.create(3, "log", "one ")
		fd, e := p.openWith(3, 0, "log", 0, readWrite, 0, fdflagAppend|fdflagSync)
		if e != 0 {
			t.Fatal(e)
		}
		p.write(fd, "two ")
		if _, flags, _, _ := p.fdstat(fd); flags != fdflagAppend|fdflagSync {
			t.Errorf("flags %x", flags)
		}
		out := p.alloc(8)
		p.ok("fd_seek", fd, 0, whenceSet, out)
		p.write(fd, "three")
		p.ok("fd_fdstat_set_flags", fd, 0)
		p.ok("fd_seek", fd, 0, whenceSet, out)
		p.write(fd, "ONE")
		if got := p.content(3, "log"); got != "ONE two three" {
			t.Errorf("%q", got)
		}
		p.fails(fsbox.EINVAL, "fd_fdstat_set_flags", fd, 32)
	})
}

func TestDescriptorNumbers(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		a, b, c := p.open(3, "a", oflagCreat), p.open(3, "b", oflagCreat), p.open(3, "c", oflagCreat)
		if a != 4 || b != 5 || c != 6 {
			t.Fatal(a, b, c)
		}
		p.ok("fd_close", b)
		p.ok("fd_close", a)
		if fd := p.open(3, "a", 0); fd != 4 {
			t.Error("not the lowest free number:", fd)
		}
		p.write(4, "in a")
		p.ok("fd_renumber", 4, 6)
		p.fails(fsbox.EBADF, "fd_close", 4)
		p.write(6, " too")
		if got := p.content(3, "a"); got != "in a too" {
			t.Errorf("%q", got)
		}
		p.ok("fd_renumber", 6, 6)
		p.fails(fsbox.EBADF, "fd_renumber", 6, 4)
		p.fails(fsbox.EBADF, "fd_renumber", 4, 6)
		p.fails(fsbox.EBADF, "fd_renumber", 6, uint32(1<<31))
		p.ok("fd_renumber", 6, 3)
		p.fails(fsbox.EBADF, "fd_prestat_get", 3, p.alloc(8))
		p.fails(fsbox.ENOTDIR, "path_create_directory", 3, "d")
		for fd := range 3 {
			p.ok("fd_close", fd)
		}
		if _, e := p.write(1, "x"); e != fsbox.EBADF {
			t.Error("write to a closed stdout:", e)
		}
	})
}

func TestDescriptorLimit(t *testing.T) {
	p := newProgram(t, Config{Preopens: []Preopen{{"/", fsbox.NewMem(0)}}, MaxDescriptors: 10})
	for i := 4; i < 10; i++ {
		p.open(3, fmt.Sprint("f", i), oflagCreat)
	}
	if _, e := p.openWith(3, 0, "one more", oflagCreat, 0, 0, 0); e != fsbox.EMFILE {
		t.Error(e)
	}
	p.fails(fsbox.ENOENT, "path_unlink_file", 3, "one more")
	p.ok("fd_close", 7)
	if fd := p.open(3, "one more", oflagCreat); fd != 7 {
		t.Error(fd)
	}
}

func TestPrestat(t *testing.T) {
	p := newProgram(t, Config{Preopens: []Preopen{{"/data", fsbox.NewMem(0)}, {".", fsbox.NewMem(0)}, {"", fsbox.NewMem(0)}}})
	for i, want := range []string{"/data", ".", ""} {
		fd := uint32(3 + i)
		out := p.alloc(8)
		p.ok("fd_prestat_get", fd, out)
		if p.mem[out] != 0 || int(p.u32(out+4)) != len(want) {
			t.Errorf("%x", p.mem[out:out+8])
		}
		buf := p.alloc(8)
		p.ok("fd_prestat_dir_name", fd, buf, 8)
		if got := string(p.mem[buf:][:len(want)]); got != want {
			t.Errorf("%q", got)
		}
		if want != "" {
			p.fails(fsbox.ENAMETOOLONG, "fd_prestat_dir_name", fd, buf, len(want)-1)
		}
	}
	p.fails(fsbox.EBADF, "fd_prestat_get", 2, p.alloc(8))
	p.fails(fsbox.EBADF, "fd_prestat_get", 6, p.alloc(8))
	p.fails(fsbox.EBADF, "fd_prestat_dir_name", 0, p.alloc(8), 8)
	sub := p.open(3, ".", oflagDirectory)
	p.fails(fsbox.EBADF, "fd_prestat_get", sub, p.alloc(8))
}

// (By path, because qemu-s390x's fstat drops the fractions of seconds.)
func TestTimes(t *testing.T) {
	now := time.Unix(1_600_000_000, 5000)
	for name, fsys := range map[string]*fsbox.FS{"host": fsbox.HostDir(t.TempDir()), "mem": fsbox.NewMem(0)} {
		t.Run(name, func(t *testing.T) {
			p := newProgram(t, Config{Preopens: []Preopen{{"/", fsys}}, Realtime: func() time.Time { return now }})
			p.create(3, "f", "")
			fd := p.open(3, "f", 0)
			const a, m uint64 = 1_000_000_000_000_007_000, 1_100_000_000_000_009_000
			p.ok("fd_filestat_set_times", fd, a, m, fstflagAtim|fstflagMtim)
			if st := p.stat(3, "f"); st.Atim != int64(a) || st.Mtim != int64(m) {
				t.Errorf("%+v", st)
			}
			p.ok("path_filestat_set_times", 3, 0, "f", 5000, 6000, fstflagMtim)
			if st := p.stat(3, "f"); st.Atim != int64(a) || st.Mtim != 6000 {
				t.Errorf("%+v", st)
			}
			p.ok("fd_filestat_set_times", fd, 0, 0, fstflagAtimNow|fstflagMtimNow)
			if st := p.stat(3, "f"); st.Atim != now.UnixNano() || st.Mtim != now.UnixNano() {
				t.Errorf("%+v", st)
			}
			p.ok("fd_filestat_set_times", fd, 1, 1, 0)
			for _, flags := range []int{fstflagAtim | fstflagAtimNow, fstflagMtim | fstflagMtimNow, 16, 15} {
				p.fails(fsbox.EINVAL, "fd_filestat_set_times", fd, 0, 0, flags)
				p.fails(fsbox.EINVAL, "path_filestat_set_times", 3, 0, "f", 0, 0, flags)
			}
			p.fails(fsbox.EINVAL, "fd_filestat_set_times", fd, uint64(1<<63), 0, fstflagAtim)
			if st := p.stat(3, "f"); st.Atim != now.UnixNano() || st.Mtim != now.UnixNano() {
				t.Errorf("changed by a call that failed: %+v", st)
			}
			p.ok("path_symlink", "f", 3, "l")
			p.ok("path_filestat_set_times", 3, lookupSymlinkFollow, "l", 0, 7000, fstflagMtim)
			p.ok("path_filestat_set_times", 3, 0, "l", 0, 8000, fstflagMtim)
			if f, l := p.stat(3, "f"), p.stat(3, "l"); f.Mtim != 7000 || l.Mtim != 8000 {
				t.Errorf("%d %d", f.Mtim, l.Mtim)
			}
		})
	}
}

func TestUnstable(t *testing.T) {
	p := in(t, fsbox.NewMem(0))
	p.create(3, "f", "0123456789")
	fd := p.open(3, "f", 0)
	p.fns = FunctionsUnstable
	out := p.alloc(64)
	for _, c := range []struct {
		offset, whence int
		want           uint64
	}{{4, 2, 4}, {3, 0, 7}, {-1, 1, 9}} {
		p.ok("fd_seek", fd, uint64(int64(c.offset)), c.whence, out)
		if got := p.u64(out); got != c.want {
			t.Errorf("seek %d with whence %d: %d, want %d", c.offset, c.whence, got, c.want)
		}
	}
	for i := range 64 {
		p.mem[out+uint32(i)] = 0xee
	}
	p.ok("fd_filestat_get", fd, out)
	if p.mem[out+16] != 4 || p.u32(out+20) != 1 || p.u64(out+24) != 10 || p.u64(out+40) == 0 || p.mem[out+55] == 0xee || p.mem[out+56] != 0xee {
		t.Errorf("filestat %x", p.mem[out:out+64])
	}
	p.ok("path_filestat_get", 3, 0, "f", out)
	if p.u64(out+24) != 10 {
		t.Errorf("filestat %x", p.mem[out:out+64])
	}
}

func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f"), []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := in(t, fsbox.HostDir(dir).ReadOnly())
	if got := p.content(3, "f"); got != "content" {
		t.Errorf("%q", got)
	}
	for _, base := range []rights{rightFDWrite, rightFDAllocate, rightFDFilestatSetSize, fileRights} {
		if _, e := p.openWith(3, 0, "f", 0, base, 0, 0); e != fsbox.EROFS {
			t.Errorf("open with rights %x: %v", base, e)
		}
	}
	if _, e := p.openWith(3, 0, "f", oflagTrunc, rightFDRead, 0, 0); e != fsbox.EROFS {
		t.Error(e)
	}
	fd, e := p.openWith(3, 0, "f", 0, fileRights&^(rightFDWrite|rightFDAllocate|rightFDFilestatSetSize), 0, 0)
	if e != 0 {
		t.Fatal(e)
	}
	p.fails(fsbox.EROFS, "fd_filestat_set_times", fd, 0, 0, fstflagMtimNow)
	p.fails(fsbox.EROFS, "path_unlink_file", 3, "f")
	p.fails(fsbox.EROFS, "path_rename", 3, "f", 3, "g")
	p.fails(fsbox.EROFS, "path_link", 3, 0, "f", 3, "g")
	if got := p.content(3, "f"); got != "content" {
		t.Errorf("%q", got)
	}
}
