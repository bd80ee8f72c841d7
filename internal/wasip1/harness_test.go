package wasip1

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// ram is a program's memory as a slice of bytes.
type ram []byte

func (r ram) View(offset, n uint32) ([]byte, bool) {
	if uint64(offset)+uint64(n) > uint64(len(r)) {
		return nil, false
	}
	return r[offset:][:n], true
}

// program is a system with a memory, and the means to call functions as a program does.
type program struct {
	t   testing.TB
	s   *System
	mem ram
	ctx context.Context
	top uint32 // the next free byte of mem for arguments
	fns []Function
}

func newProgram(t testing.TB, cfg Config) *program {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &program{t: t, s: s, mem: make(ram, 256<<10), ctx: context.Background(), top: 1024, fns: Functions}
}

// in is a program with one directory, at descriptor 3.
func in(t testing.TB, fsys *fsbox.FS) *program {
	return newProgram(t, Config{Preopens: []Preopen{{"/", fsys}}})
}

// try calls a function; integers become arguments, strings are put into memory and become pointer and length.
func (p *program) try(name string, args ...any) (Errno, error) {
	p.t.Helper()
	i := slices.IndexFunc(p.fns, func(f Function) bool { return f.Name == name })
	if i < 0 {
		p.t.Fatalf("no function %s", name)
	}
	var a []uint64
	for _, arg := range args {
		switch arg := arg.(type) {
		case int:
			a = append(a, uint64(arg))
		case uint32:
			a = append(a, uint64(arg))
		case uint64:
			a = append(a, arg)
		case rights:
			a = append(a, uint64(arg))
		case string:
			a = append(a, uint64(p.put([]byte(arg))), uint64(len(arg)))
		default:
			p.t.Fatalf("argument %T", arg)
		}
	}
	if len(a) != len(p.fns[i].Params) {
		p.t.Fatalf("%s has %d parameters, got %d arguments", name, len(p.fns[i].Params), len(a))
	}
	return p.fns[i].Call(p.ctx, p.s, p.mem, a)
}

// call is try for functions that don't end the program.
func (p *program) call(name string, args ...any) Errno {
	p.t.Helper()
	e, err := p.try(name, args...)
	if err != nil {
		p.t.Fatalf("%s ended the program: %v", name, err)
	}
	return e
}

// ok is call with success expected.
func (p *program) ok(name string, args ...any) {
	p.t.Helper()
	p.fails(fsbox.ESUCCESS, name, args...)
}

// fails is call with a certain result expected.
func (p *program) fails(want Errno, name string, args ...any) {
	p.t.Helper()
	if e := p.call(name, args...); e != want {
		p.t.Errorf("%s%v: %v, want %v", name, args, e, want)
	}
}

// put places bytes in memory.
func (p *program) put(b []byte) uint32 {
	at := p.alloc(uint32(len(b)))
	copy(p.mem[at:], b)
	return at
}

// alloc finds room in memory, from the start again when it is used up.
func (p *program) alloc(n uint32) uint32 {
	n = (n + 7) &^ 7
	if uint64(p.top)+uint64(n) > uint64(len(p.mem)) {
		p.top = 1024
	}
	at := p.top
	p.top += n
	clear(p.mem[at : at+n])
	return at
}

func (p *program) u16(at uint32) uint16 { return binary.LittleEndian.Uint16(p.mem[at:]) }
func (p *program) u32(at uint32) uint32 { return binary.LittleEndian.Uint32(p.mem[at:]) }
func (p *program) u64(at uint32) uint64 { return binary.LittleEndian.Uint64(p.mem[at:]) }

// iovs lays out vectors for reading, with buffers of the given sizes, and returns the array's address and the buffers'.
func (p *program) iovs(sizes ...int) (array uint32, bufs []uint32) {
	array = p.alloc(uint32(8 * len(sizes)))
	for i, n := range sizes {
		b := p.alloc(uint32(n))
		bufs = append(bufs, b)
		binary.LittleEndian.PutUint32(p.mem[array+uint32(8*i):], b)
		binary.LittleEndian.PutUint32(p.mem[array+uint32(8*i)+4:], uint32(n))
	}
	return array, bufs
}

// ciovs lays out vectors for writing.
func (p *program) ciovs(parts ...string) uint32 {
	var sizes []int
	for _, s := range parts {
		sizes = append(sizes, len(s))
	}
	array, bufs := p.iovs(sizes...)
	for i, s := range parts {
		copy(p.mem[bufs[i]:], s)
	}
	return array
}

// write writes the parts with one fd_write.
func (p *program) write(fd uint32, parts ...string) (uint32, Errno) {
	n := p.alloc(4)
	e := p.call("fd_write", fd, p.ciovs(parts...), len(parts), n)
	return p.u32(n), e
}

// read reads with one fd_read into buffers of the given sizes.
func (p *program) read(fd uint32, sizes ...int) (string, Errno) {
	array, bufs := p.iovs(sizes...)
	out := p.alloc(4)
	e := p.call("fd_read", fd, array, len(sizes), out)
	n := int(p.u32(out))
	if e != 0 {
		n = 0
	}
	var s []byte
	for i, b := range bufs {
		k := min(n, sizes[i])
		s = append(s, p.mem[b:][:k]...)
		n -= k
	}
	return string(s), e
}

// openWith is path_open with everything said.
func (p *program) openWith(dir uint32, lookup int, path string, oflags int, base, inheriting rights, fdflags int) (uint32, Errno) {
	out := p.alloc(4)
	e := p.call("path_open", dir, lookup, path, oflags, base, inheriting, fdflags, out)
	return p.u32(out), e
}

// readWrite are the rights of a file that is read and written.
const readWrite = fileRights

// open is path_open that follows links and must succeed.
func (p *program) open(dir uint32, path string, oflags int) uint32 {
	p.t.Helper()
	base := rights(readWrite)
	if oflags&oflagDirectory != 0 {
		base = directoryRights
	}
	fd, e := p.openWith(dir, lookupSymlinkFollow, path, oflags, base, treeRights, 0)
	if e != 0 {
		p.t.Fatalf("open %s: %v", path, e)
	}
	return fd
}

// create makes a file.
func (p *program) create(dir uint32, path, content string) {
	p.t.Helper()
	fd := p.open(dir, path, oflagCreat|oflagTrunc)
	if n, e := p.write(fd, content); e != 0 || int(n) != len(content) {
		p.t.Fatalf("write %s: %d %v", path, n, e)
	}
	p.ok("fd_close", fd)
}

// content reads a file.
func (p *program) content(dir uint32, path string) string {
	p.t.Helper()
	fd, e := p.openWith(dir, lookupSymlinkFollow, path, 0, rightFDRead, 0, 0)
	if e != 0 {
		p.t.Fatalf("open %s: %v", path, e)
	}
	defer p.ok("fd_close", fd)
	s, e := p.read(fd, 1000)
	if e != 0 {
		p.t.Fatalf("read %s: %v", path, e)
	}
	return s
}

// stat is fd_filestat_get or path_filestat_get.
func (p *program) stat(fd uint32, path ...string) fsbox.Stat {
	p.t.Helper()
	at := p.alloc(64)
	if len(path) == 0 {
		p.ok("fd_filestat_get", fd, at)
	} else {
		p.ok("path_filestat_get", fd, 0, path[0], at)
	}
	return fsbox.Stat{
		Dev: p.u64(at), Ino: p.u64(at + 8), Type: fsbox.FileType(p.mem[at+16]), Nlink: p.u64(at + 24), Size: p.u64(at + 32),
		Atim: int64(p.u64(at + 40)), Mtim: int64(p.u64(at + 48)), Ctim: int64(p.u64(at + 56)),
	}
}

// fdstat is fd_fdstat_get.
func (p *program) fdstat(fd uint32) (kind fsbox.FileType, flags uint16, base, inheriting rights) {
	p.t.Helper()
	at := p.alloc(24)
	p.ok("fd_fdstat_get", fd, at)
	return fsbox.FileType(p.mem[at]), p.u16(at + 2), rights(p.u64(at + 8)), rights(p.u64(at + 16))
}

func exitCode(err error) int {
	var exit *ExitError
	if errors.As(err, &exit) {
		return int(exit.Code)
	}
	return -1
}
