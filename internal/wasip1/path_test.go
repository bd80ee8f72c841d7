package wasip1

import (
	"fmt"
	"slices"
	"testing"

	"github.com/wamr-go/wamr/internal/fsbox"
)

func TestPathFunctions(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		p.ok("path_create_directory", 3, "d")
		p.fails(fsbox.EEXIST, "path_create_directory", 3, "d")
		p.create(3, "d/f", "content")
		if st := p.stat(3, "d"); st.Type != fsbox.TypeDirectory || st.Nlink == 0 {
			t.Errorf("%+v", st)
		}
		p.ok("path_symlink", "d/f", 3, "l")
		buf, n := p.alloc(8), p.alloc(4)
		p.ok("path_readlink", 3, "l", buf, 8, n)
		if got := string(p.mem[buf:][:p.u32(n)]); got != "d/f" {
			t.Errorf("%q", got)
		}
		p.ok("path_readlink", 3, "l", buf, 2, n)
		if got := string(p.mem[buf:][:p.u32(n)]); got != "d/" {
			t.Errorf("cut: %q", got)
		}
		if got := p.content(3, "l"); got != "content" {
			t.Errorf("%q", got)
		}
		if st := p.stat(3, "l"); st.Type != fsbox.TypeSymlink {
			t.Errorf("%+v", st)
		}
		out := p.alloc(64)
		p.ok("path_filestat_get", 3, lookupSymlinkFollow, "l", out)
		if p.mem[out+16] != uint8(fsbox.TypeRegular) {
			t.Error("followed, but not a file")
		}
		p.fails(fsbox.EINVAL, "path_filestat_get", 3, 2, "l", out)
		p.ok("path_link", 3, 0, "d/f", 3, "h")
		if a, b := p.stat(3, "h"), p.stat(3, "d/f"); a.Ino != b.Ino || a.Nlink != 2 {
			t.Errorf("%+v %+v", a, b)
		}
		sub := p.open(3, "d", oflagDirectory)
		p.ok("path_rename", 3, "h", sub, "moved")
		if got := p.content(sub, "moved"); got != "content" {
			t.Errorf("%q", got)
		}
		p.fails(fsbox.ENOTEMPTY, "path_remove_directory", 3, "d")
		p.fails(fsbox.EISDIR, "path_unlink_file", 3, "d")
		p.fails(fsbox.ENOTDIR, "path_remove_directory", 3, "d/f")
		p.ok("path_unlink_file", sub, "moved")
		p.ok("path_unlink_file", 3, "d/f")
		p.ok("path_unlink_file", 3, "l")
		p.ok("path_remove_directory", 3, "d")
		p.fails(fsbox.ENOENT, "path_filestat_get", 3, 0, "d", out)
		file := p.open(3, "file", oflagCreat)
		p.fails(fsbox.ENOTDIR, "path_create_directory", file, "x")
		p.fails(fsbox.ENOTDIR, "path_filestat_get", file, 0, "x", out)
		p.fails(fsbox.EBADF, "path_create_directory", 99, "x")
		for fd := range 3 {
			p.fails(fsbox.ENOTDIR, "path_create_directory", fd, "x")
		}
	})
}

func TestOpenFlags(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		p.create(3, "f", "content")
		p.ok("path_create_directory", 3, "d")
		p.ok("path_symlink", "f", 3, "l")
		for _, c := range []struct {
			path   string
			lookup int
			oflags int
			base   rights
			fdflag int
			want   Errno
		}{
			{"f", 0, 0, rightFDRead, 0, fsbox.ESUCCESS},
			{"f", 0, oflagDirectory, rightFDRead, 0, fsbox.ENOTDIR},
			{"f", 0, oflagCreat | oflagExcl, rightFDRead, 0, fsbox.EEXIST},
			{"f", 0, oflagCreat | oflagDirectory, rightFDRead, 0, fsbox.EINVAL},
			{"f", 2, 0, rightFDRead, 0, fsbox.EINVAL},
			{"f", 0, 16, rightFDRead, 0, fsbox.EINVAL},
			{"f", 0, 0, rightFDRead, 32, fsbox.EINVAL},
			{"nope", 0, 0, rightFDRead, 0, fsbox.ENOENT},
			{"nope", 0, oflagTrunc, rightFDWrite, 0, fsbox.ENOENT},
			{"d", 0, 0, rightFDRead, 0, fsbox.ESUCCESS},
			{"d", 0, oflagDirectory, rightFDRead | rightFDWrite, 0, fsbox.EISDIR},
			{"d", 0, 0, rightFDWrite, 0, fsbox.EISDIR},
			{".", 0, 0, 0, 0, fsbox.ESUCCESS},
			{".", 0, oflagDirectory, rightFDReaddir, 0, fsbox.ESUCCESS},
			{"l", 0, 0, rightFDRead, 0, fsbox.ELOOP},
			{"l", lookupSymlinkFollow, 0, rightFDRead, 0, fsbox.ESUCCESS},
			{"l", lookupSymlinkFollow, oflagCreat | oflagExcl, rightFDRead, 0, fsbox.EEXIST},
			{"f", 0, 0, rightFDRead, fdflagDsync | fdflagRsync | fdflagNonblock, fsbox.ESUCCESS},
			{"f", 0, oflagTrunc, 0, 0, fsbox.ESUCCESS},
		} {
			fd, e := p.openWith(3, c.lookup, c.path, c.oflags, c.base, 0, c.fdflag)
			if e != c.want {
				t.Errorf("%+v: %v", c, e)
			}
			if e == 0 {
				p.ok("fd_close", fd)
			}
		}
		if got := p.content(3, "f"); got != "" {
			t.Errorf("not truncated: %q", got)
		}
		if _, e := p.openWith(3, 0, "new", oflagCreat, rightFDRead, 0, 0); e != 0 {
			t.Error(e)
		}
		p.fails(fsbox.EFAULT, "path_open", 3, 0, "new2", oflagCreat, 0, 0, 0, len(p.mem)-3)
		p.fails(fsbox.ENOENT, "path_unlink_file", 3, "new2")
	})
}

func TestRights(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		p.create(3, "f", "content")
		kind, _, base, inheriting := p.fdstat(3)
		if kind != fsbox.TypeDirectory || base != directoryRights || inheriting != treeRights {
			t.Errorf("%v %x %x", kind, base, inheriting)
		}

		// A descriptor has the rights asked for, as far as they make sense on what was opened.
		fd, e := p.openWith(3, 0, "f", 0, rightFDRead|rightFDSeek|rightPathOpen|rightFDReaddir, treeRights, 0)
		if _, _, base, inheriting := p.fdstat(fd); e != 0 || base != rightFDRead|rightFDSeek || inheriting != 0 {
			t.Errorf("%v %x %x", e, base, inheriting)
		}
		_, e = p.write(fd, "x")
		if e != fsbox.ENOTCAPABLE {
			t.Error("write without the right:", e)
		}
		p.fails(fsbox.ENOTCAPABLE, "fd_filestat_get", fd, 0)
		p.fails(fsbox.ENOTCAPABLE, "fd_filestat_set_size", fd, 0)
		p.fails(fsbox.ENOTCAPABLE, "fd_filestat_set_times", fd, 0, 0, 0)
		p.fails(fsbox.ENOTCAPABLE, "fd_sync", fd)
		p.fails(fsbox.ENOTCAPABLE, "fd_datasync", fd)
		p.fails(fsbox.ENOTCAPABLE, "fd_advise", fd, 0, 0, 0)
		p.fails(fsbox.ENOTCAPABLE, "fd_allocate", fd, 0, 1)
		p.fails(fsbox.ENOTCAPABLE, "fd_fdstat_set_flags", fd, 0)
		p.ok("fd_tell", fd, p.alloc(8))

		// Rights can be given up, not taken back.
		p.ok("fd_fdstat_set_rights", fd, rightFDRead, 0)
		p.fails(fsbox.ENOTCAPABLE, "fd_fdstat_set_rights", fd, rightFDRead|rightFDSeek, 0)
		p.fails(fsbox.ENOTCAPABLE, "fd_fdstat_set_rights", fd, rightFDRead, rightFDRead)
		p.fails(fsbox.ENOTCAPABLE, "fd_seek", fd, 0, 0, p.alloc(8))
		p.fails(fsbox.ENOTCAPABLE, "fd_tell", fd, p.alloc(8))
		p.fails(fsbox.ENOTCAPABLE, "fd_pread", fd, 0, 0, 0, p.alloc(8))
		p.fails(fsbox.EBADF, "fd_fdstat_set_rights", 99, 0, 0)

		// A right to tell is one to seek by nothing.
		teller, _ := p.openWith(3, 0, "f", 0, rightFDTell, 0, 0)
		p.ok("fd_seek", teller, 0, whenceCur, p.alloc(8))
		p.fails(fsbox.ENOTCAPABLE, "fd_seek", teller, 1, whenceCur, p.alloc(8))

		// What a directory may not hand on can't be had through it.
		p.ok("path_create_directory", 3, "d")
		p.create(3, "d/f", "content")
		ro, e := p.openWith(3, 0, "d", oflagDirectory, directoryRights, rightFDRead|rightPathOpen, 0)
		if e != 0 {
			t.Fatal(e)
		}
		for _, base := range []rights{rightFDWrite, rightFDRead | rightFDWrite, rightFDSeek} {
			if _, e := p.openWith(ro, 0, "f", 0, base, 0, 0); e != fsbox.ENOTCAPABLE {
				t.Errorf("rights %x: %v", base, e)
			}
			if _, e := p.openWith(ro, 0, ".", oflagDirectory, rightPathOpen, base, 0); e != fsbox.ENOTCAPABLE {
				t.Errorf("inheriting rights %x: %v", base, e)
			}
		}
		if _, e := p.openWith(ro, 0, "f", 0, rightFDRead, 0, fdflagDsync); e != fsbox.ENOTCAPABLE {
			t.Error("DSYNC without the right:", e)
		}
		if _, e := p.openWith(ro, 0, "f", 0, rightFDRead, 0, fdflagSync); e != fsbox.ENOTCAPABLE {
			t.Error("SYNC without the right:", e)
		}
		if _, e := p.openWith(ro, 0, "f", 0, rightFDRead|1<<40, 0, 0); e != 0 {
			t.Error("a right that doesn't exist was missed:", e)
		}

		// Each path function needs its right.
		out := p.alloc(64)
		for right, call := range map[rights]func() Errno{
			rightPathCreateDirectory:  func() Errno { return p.call("path_create_directory", 3, "x") },
			rightPathFilestatGet:      func() Errno { return p.call("path_filestat_get", 3, 0, "f", out) },
			rightPathFilestatSetTimes: func() Errno { return p.call("path_filestat_set_times", 3, 0, "f", 0, 0, 0) },
			rightPathLinkSource:       func() Errno { return p.call("path_link", 3, 0, "f", 3, "g") },
			rightPathLinkTarget:       func() Errno { return p.call("path_link", 3, 0, "f", 3, "g") },
			rightPathOpen:             func() Errno { _, e := p.openWith(3, 0, "f", 0, 0, 0, 0); return e },
			rightPathCreateFile:       func() Errno { _, e := p.openWith(3, 0, "g", oflagCreat, 0, 0, 0); return e },
			rightPathReadlink:         func() Errno { return p.call("path_readlink", 3, "f", out, 64, out) },
			rightPathRemoveDirectory:  func() Errno { return p.call("path_remove_directory", 3, "d") },
			rightPathRenameSource:     func() Errno { return p.call("path_rename", 3, "f", 3, "g") },
			rightPathRenameTarget:     func() Errno { return p.call("path_rename", 3, "f", 3, "g") },
			rightPathSymlink:          func() Errno { return p.call("path_symlink", "f", 3, "g") },
			rightPathUnlinkFile:       func() Errno { return p.call("path_unlink_file", 3, "f") },
			rightFDReaddir:            func() Errno { return p.call("fd_readdir", 3, out, 64, 0, out) },
			rightFDFilestatGet:        func() Errno { return p.call("fd_filestat_get", 3, out) },
			rightFDFilestatSetTimes:   func() Errno { return p.call("fd_filestat_set_times", 3, 0, 0, 0) },
			rightFDSync:               func() Errno { return p.call("fd_sync", 3) },
			rightFDDatasync:           func() Errno { return p.call("fd_datasync", 3) },
			rightFDFdstatSetFlags:     func() Errno { return p.call("fd_fdstat_set_flags", 3, 0) },
		} {
			old := p.s.fds.entries[3].base
			p.s.fds.entries[3].base &^= right
			if e := call(); e != fsbox.ENOTCAPABLE {
				t.Errorf("without right %x: %v", right, e)
			}
			p.s.fds.entries[3].base = old
		}
		// Truncation takes the directory's right, or the right to set sizes below it.
		p.ok("fd_fdstat_set_rights", 3, directoryRights, treeRights&^rightFDFilestatSetSize)
		if fd, e := p.openWith(3, 0, "d/f", oflagTrunc, 0, 0, 0); e != 0 {
			t.Error(e)
		} else {
			p.ok("fd_close", fd)
		}
		p.ok("fd_fdstat_set_rights", 3, directoryRights&^rightPathFilestatSetSize, treeRights&^rightFDFilestatSetSize)
		if _, e := p.openWith(3, 0, "f", oflagTrunc, 0, 0, 0); e != fsbox.ENOTCAPABLE {
			t.Error("truncated without a right:", e)
		}
		if got := p.content(3, "f"); got != "content" {
			t.Errorf("%q", got)
		}
	})
}

// TestDirectoryIsNoFile does to a directory what only files have.
func TestDirectoryIsNoFile(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		out := p.alloc(8)
		iov, _ := p.iovs(8)
		p.fails(fsbox.EISDIR, "fd_read", 3, iov, 1, out)
		p.fails(fsbox.EISDIR, "fd_pread", 3, iov, 1, 0, out)
		p.fails(fsbox.EISDIR, "fd_write", 3, iov, 1, out)
		p.fails(fsbox.EISDIR, "fd_pwrite", 3, iov, 1, 0, out)
		p.fails(fsbox.EBADF, "fd_seek", 3, 0, 0, out)
		p.fails(fsbox.EBADF, "fd_tell", 3, out)
		p.fails(fsbox.EBADF, "fd_allocate", 3, 0, 1)
		p.fails(fsbox.EBADF, "fd_filestat_set_size", 3, 0)
		p.fails(fsbox.EBADF, "fd_advise", 3, 0, 0, 0)
		p.fails(fsbox.ENOTSOCK, "sock_accept", 3, 0, out)
		p.fails(fsbox.ENOTSOCK, "sock_recv", 3, iov, 1, 0, out, out)
		p.fails(fsbox.ENOTSOCK, "sock_send", 3, iov, 1, 0, out)
		p.fails(fsbox.ENOTSOCK, "sock_shutdown", 3, 1)
		p.create(3, "f", "")
		p.fails(fsbox.ENOTDIR, "fd_readdir", p.open(3, "f", 0), out, 8, 0, out)
		p.fails(fsbox.ESPIPE, "fd_seek", 0, 0, 0, out)
		p.fails(fsbox.ESPIPE, "fd_tell", 1, out)
		p.fails(fsbox.ESPIPE, "fd_pread", 0, iov, 1, 0, out)
	})
}

// dirent is an entry as fd_readdir gives it.
type dirent struct {
	next, ino uint64
	kind      fsbox.FileType
	name      string
}

// readdir is one fd_readdir; full says that the buffer was.
func (p *program) readdir(fd uint32, size int, cookie uint64) (entries []dirent, full bool) {
	p.t.Helper()
	buf, n := p.alloc(uint32(size)), p.alloc(4)
	p.ok("fd_readdir", fd, buf, size, cookie, n)
	used := p.u32(n)
	for b := p.mem[buf:][:used]; len(b) >= sizeDirent; {
		namelen := get32(b[direntNamelen:])
		if len(b) < sizeDirent+int(namelen) {
			break
		}
		entries = append(entries, dirent{get64(b), get64(b[direntIno:]), fsbox.FileType(b[direntType]), string(b[sizeDirent:][:namelen])})
		b = b[sizeDirent+namelen:]
	}
	return entries, int(used) == size
}

// list is all of a directory, read through buffers of a size.
func (p *program) list(fd uint32, size int) []dirent {
	var all []dirent
	for cookie := uint64(0); ; {
		entries, full := p.readdir(fd, size, cookie)
		all = append(all, entries...)
		if !full {
			return all
		}
		if len(entries) == 0 {
			p.t.Fatalf("a buffer of %d bytes takes no entry", size)
		}
		cookie = entries[len(entries)-1].next
	}
}

func TestReaddir(t *testing.T) {
	onEach(t, func(t *testing.T, p *program) {
		self := p.stat(3)
		if got := p.list(3, 256); len(got) != 2 || got[0].name != "." || got[1].name != ".." || got[0].ino != self.Ino ||
			got[1].ino == 0 || got[0].kind != fsbox.TypeDirectory {
			t.Errorf("empty directory: %+v", got)
		}
		want := []string{".", "..", "d", "l"}
		p.ok("path_create_directory", 3, "d")
		p.ok("path_symlink", "d", 3, "l")
		for i := range 200 {
			want = append(want, fmt.Sprintf("file%d", i))
			p.create(3, want[len(want)-1], "")
		}
		slices.Sort(want)
		var first []dirent
		for _, size := range []int{32, 57, 256, 4096, 65536} {
			all := p.list(3, size)
			var got []string
			for _, e := range all {
				got = append(got, e.name)
				if e.name == ".." {
					continue
				}
				if st := p.stat(3, e.name); st.Ino != e.ino || st.Type != e.kind {
					t.Errorf("%+v, but %+v", e, st)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("with buffers of %d bytes: %d entries", size, len(got))
			}
			first = all
		}
		// A cookie leads to the same entry whenever it is used.
		for _, i := range []int{150, 3, 199, 0, 77} {
			e, _ := p.readdir(3, 64, first[i].next)
			if len(e) == 0 || e[0].name != first[i+1].name {
				t.Errorf("after entry %d: %v, want %s", i, e, first[i+1].name)
			}
		}
		if e, full := p.readdir(3, 64, 1<<60); len(e) != 0 || full {
			t.Error("with a cookie out of the blue:", e)
		}
		if e, full := p.readdir(3, 0, 0); len(e) != 0 || !full {
			t.Error("without a buffer:", e)
		}
		p.create(3, "late", "")
		if got := p.list(3, 4096); len(got) != len(want)+1 {
			t.Error("reading from the start doesn't show a new file")
		}
	})
}
