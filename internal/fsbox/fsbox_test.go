package fsbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var ctx = context.Background()

// writable are the backends that can be written, each with a fresh empty root.
var writable = []struct {
	name string
	open func(t *testing.T) *File
}{
	{"host", func(t *testing.T) *File { return openRoot(t, HostDir(t.TempDir())) }},
	{"osroot", func(t *testing.T) *File {
		dir := t.TempDir()
		return openRoot(t, &FS{root: func() (file, error) { return openRootDir(dir) }})
	}},
	{"mem", func(t *testing.T) *File { return openRoot(t, NewMem(0)) }},
}

func openRoot(t *testing.T, fsys *FS) *File {
	t.Helper()
	f, err := fsys.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// onEach runs a test on each writable backend.
func onEach(t *testing.T, test func(t *testing.T, root *File)) {
	for _, b := range writable {
		t.Run(b.name, func(t *testing.T) { test(t, b.open(t)) })
	}
}

func want(t *testing.T, what string, got error, want Errno) {
	t.Helper()
	if want == ESUCCESS && got == nil {
		return
	}
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func put(t *testing.T, dir *File, path, content string) {
	t.Helper()
	f, err := dir.OpenAt(path, true, OpenWrite|OpenCreate|OpenTruncate, 0)
	if err != nil {
		t.Fatalf("create %s: %v", path, err)
	}
	defer f.Close()
	if n, err := f.Write(ctx, []byte(content)); n != len(content) || err != nil {
		t.Fatalf("write %s: %d, %v", path, n, err)
	}
}

func get(dir *File, path string) (string, error) {
	f, err := dir.OpenAt(path, true, OpenRead, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b := make([]byte, 1000)
	n, err := f.Read(ctx, b)
	return string(b[:n]), err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir *File) []string {
	t.Helper()
	var all []string
	for pos := uint64(0); ; {
		entries, err := dir.ReadDir(pos, 3)
		must(t, err)
		for _, e := range entries {
			all = append(all, e.Name)
		}
		pos += uint64(len(entries))
		if len(entries) < 3 {
			slices.Sort(all)
			return all
		}
	}
}

func TestFileIO(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		f, err := root.OpenAt("f", false, OpenRead|OpenWrite|OpenCreate|OpenExclusive, 0)
		must(t, err)
		defer f.Close()
		n, err := f.Write(ctx, []byte("hello world"))
		if n != 11 || err != nil {
			t.Fatal(n, err)
		}
		if at, err := f.Seek(-5, io.SeekCurrent); at != 6 || err != nil {
			t.Fatal(at, err)
		}
		b := make([]byte, 20)
		if n, err = f.Read(ctx, b); string(b[:n]) != "world" || err != nil {
			t.Fatal(n, err)
		}
		if n, err = f.Read(ctx, b); n != 0 || err != nil {
			t.Fatal("at the end:", n, err)
		}
		if n, err = f.ReadAt(b[:4], 1); string(b[:n]) != "ello" || err != nil {
			t.Fatal(n, err)
		}
		if n, err = f.WriteAt([]byte("J"), 0); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if at, _ := f.Seek(0, io.SeekCurrent); at != 11 {
			t.Fatal("ReadAt and WriteAt moved the offset to", at)
		}
		must(t, f.Truncate(4))
		must(t, f.Truncate(8))
		if s, err := get(root, "f"); s != "Jell\x00\x00\x00\x00" || err != nil {
			t.Fatalf("%q %v", s, err)
		}
		must(t, f.Allocate(4, 12))
		must(t, f.Sync(true))
		must(t, f.Sync(false))
		must(t, f.Advise(0, 0, AdviceWillNeed))
		st, err := f.Stat()
		if err != nil || st.Size != 16 || st.Type != TypeRegular || st.Nlink != 1 {
			t.Fatalf("%+v %v", st, err)
		}
		_, err = f.Seek(-1, io.SeekStart)
		want(t, "seek before the start", err, EINVAL)
		_, err = f.Seek(0, 9)
		want(t, "seek with an odd whence", err, EINVAL)
		want(t, "negative size", f.Truncate(-1), EINVAL)
		want(t, "allocate nothing", f.Allocate(0, 0), EINVAL)
		want(t, "allocate too much", f.Allocate(math.MaxInt64, 1), EFBIG)
		_, err = f.ReadAt(b, -1)
		want(t, "read at -1", err, EINVAL)
		_, err = f.WriteAt(b, math.MaxInt64)
		want(t, "write at the end of the world", err, EFBIG)
	})
}

func TestAppend(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		put(t, root, "log", "one ")
		f, err := root.OpenAt("log", false, OpenRead|OpenWrite, StatusAppend)
		must(t, err)
		defer f.Close()
		put := func(s string) {
			t.Helper()
			if n, err := f.Write(ctx, []byte(s)); n != len(s) || err != nil {
				t.Fatal(n, err)
			}
		}
		put("two ")
		if _, err := f.WriteAt([]byte("ONE"), 0); err != nil {
			t.Fatal("write at an offset of a file that appends:", err)
		}
		put("three")
		must(t, f.SetStatus(StatusDataSync))
		f.Seek(4, io.SeekStart)
		put("TWO")
		if s, err := get(root, "log"); s != "ONE TWO three" || err != nil {
			t.Fatalf("%q %v", s, err)
		}
	})
}

func TestAccessModes(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		put(t, root, "f", "x")
		r, err := root.OpenAt("f", false, OpenRead, 0)
		must(t, err)
		defer r.Close()
		w, err := root.OpenAt("f", false, OpenWrite, 0)
		must(t, err)
		defer w.Close()
		b := make([]byte, 1)
		_, err = r.Write(ctx, b)
		want(t, "write to a file open for reading", err, EBADF)
		_, err = r.WriteAt(b, 0)
		want(t, "write at", err, EBADF)
		want(t, "truncate", r.Truncate(0), EBADF)
		want(t, "allocate", r.Allocate(0, 9), EBADF)
		_, err = w.Read(ctx, b)
		want(t, "read of a file open for writing", err, EBADF)
		_, err = w.ReadAt(b, 0)
		want(t, "read at", err, EBADF)
		_, err = root.Read(ctx, b)
		want(t, "read of a directory", err, EISDIR)
	})
}

func TestClosedFile(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		put(t, root, "f", "x")
		f, err := root.OpenAt("f", false, OpenRead, 0)
		must(t, err)
		must(t, f.Close())
		want(t, "second close", f.Close(), EBADF)
		_, err = f.Read(ctx, make([]byte, 1))
		want(t, "read", err, EBADF)
		_, err = f.Stat()
		want(t, "stat", err, EBADF)
		must(t, root.Close())
		_, err = root.OpenAt("f", false, OpenRead, 0)
		want(t, "open below a closed directory", err, EBADF)
		_, err = root.ReadDir(0, 1)
		want(t, "list", err, EBADF)
	})
}

func TestTree(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		must(t, root.MkdirAt("d"))
		must(t, root.MkdirAt("d/e/"))
		put(t, root, "d/e/f", "deep")
		want(t, "mkdir again", root.MkdirAt("d"), EEXIST)
		want(t, "mkdir over a file", root.MkdirAt("d/e/f"), EEXIST)
		want(t, "mkdir below nothing", root.MkdirAt("x/y"), ENOENT)
		want(t, "mkdir below a file", root.MkdirAt("d/e/f/g"), ENOTDIR)
		want(t, "mkdir .", root.MkdirAt("."), EEXIST)
		want(t, "rmdir full", root.RmdirAt("d"), ENOTEMPTY)
		want(t, "rmdir file", root.RmdirAt("d/e/f"), ENOTDIR)
		want(t, "rmdir .", root.RmdirAt("d/."), EINVAL)
		want(t, "unlink directory", root.UnlinkAt("d"), EISDIR)
		want(t, "unlink directory/", root.UnlinkAt("d/"), EISDIR)
		want(t, "unlink file/", root.UnlinkAt("d/e/f/"), ENOTDIR)
		want(t, "unlink nothing", root.UnlinkAt("d/x"), ENOENT)
		for path, content := range map[string]string{"d/e/f": "deep", "./d//e/./f": "deep", "d/e/../e/f": "deep", "d/../d/e/f": "deep"} {
			if s, err := get(root, path); s != content || err != nil {
				t.Errorf("%s: %q %v", path, s, err)
			}
		}
		_, err := root.OpenAt("d/e/f/", true, OpenRead, 0)
		want(t, "open file/", err, ENOTDIR)
		_, err = root.OpenAt("d/new/", true, OpenWrite|OpenCreate, 0)
		want(t, "create file/", err, EISDIR)
		_, err = root.OpenAt("d", true, OpenRead|OpenWrite, 0)
		want(t, "open a directory for writing", err, EISDIR)
		_, err = root.OpenAt("d/e/f", true, OpenRead|OpenDirectory, 0)
		want(t, "open a file as directory", err, ENOTDIR)
		_, err = root.OpenAt("d/e/f", true, OpenRead|OpenCreate|OpenExclusive, 0)
		want(t, "create what exists", err, EEXIST)
		_, err = root.OpenAt("d/e/f", true, OpenRead|OpenCreate|OpenDirectory, 0)
		want(t, "create a directory by open", err, EINVAL)
		_, err = root.StatAt("d/e/f/x", true)
		want(t, "stat below a file", err, ENOTDIR)
		_, err = root.StatAt("d/e/f/", true)
		want(t, "stat file/", err, ENOTDIR)

		d, err := root.OpenAt("d", false, OpenRead|OpenDirectory, 0)
		must(t, err)
		defer d.Close()
		if s, err := get(d, "e/f"); s != "deep" || err != nil {
			t.Errorf("below a subdirectory: %q %v", s, err)
		}
		_, err = get(d, "../d/e/f")
		want(t, ".. above a subdirectory", err, EPERM)
		must(t, root.UnlinkAt("d/e/f"))
		must(t, root.RmdirAt("d/e/"))
		must(t, root.RmdirAt("d"))
		if got := names(t, root); len(got) != 0 {
			t.Error("left over:", got)
		}
	})
}

func TestSymlinks(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		must(t, root.MkdirAt("d"))
		put(t, root, "d/f", "content")
		for name, target := range map[string]string{
			"tofile": "d/f", "todir": "d", "tolink": "todir/f", "d/up": "../d/f", "slash": "d/", "dangling": "nothing", "loop": "loop",
			"out": "../x", "d/out": "../../x", "loop1": "loop2", "loop2": "loop1", "newdir": "d/new",
		} {
			must(t, root.SymlinkAt(target, name))
			if got, err := root.ReadlinkAt(name); got != target || err != nil {
				t.Errorf("readlink %s: %q %v", name, got, err)
			}
		}
		for _, path := range []string{"tofile", "todir/f", "tolink", "d/up", "todir/up", "slash/f", "todir/../tofile"} {
			if s, err := get(root, path); s != "content" || err != nil {
				t.Errorf("%s: %q %v", path, s, err)
			}
		}
		for path, e := range map[string]Errno{"dangling": ENOENT, "loop": ELOOP, "loop1/x": ELOOP, "out": EPERM, "d/out": EPERM, "tofile/x": ENOTDIR, "tofile/": ENOTDIR} {
			_, err := get(root, path)
			want(t, path, err, e)
			_, err = root.StatAt(path, true)
			want(t, "stat "+path, err, e)
		}
		_, err := root.OpenAt("tofile", false, OpenRead, 0)
		want(t, "open a link without following", err, ELOOP)
		if st, err := root.StatAt("tofile", false); err != nil || st.Type != TypeSymlink || st.Size != 3 && st.Size != 0 {
			t.Errorf("lstat: %+v %v", st, err)
		}
		if st, err := root.StatAt("tofile", true); err != nil || st.Type != TypeRegular {
			t.Errorf("stat: %+v %v", st, err)
		}
		if st, err := root.StatAt("todir/", false); err != nil || st.Type != TypeDirectory {
			t.Errorf("lstat link/: %+v %v", st, err)
		}
		put(t, root, "newdir", "through a dangling link")
		if s, err := get(root, "d/new"); s != "through a dangling link" || err != nil {
			t.Errorf("%q %v", s, err)
		}
		_, err = root.OpenAt("dangling", true, OpenWrite|OpenCreate|OpenExclusive, 0)
		want(t, "exclusive creation over a link", err, EEXIST)
		want(t, "absolute target", root.SymlinkAt("/etc/passwd", "abs"), EPERM)
		want(t, "empty target", root.SymlinkAt("", "abs"), ENOENT)
		want(t, "existing name", root.SymlinkAt("x", "tofile"), EEXIST)
		want(t, "new name/", root.SymlinkAt("x", "new/"), ENOENT)
		want(t, "directory/", root.SymlinkAt("x", "d/"), EEXIST)
		_, err = root.ReadlinkAt("d/f")
		want(t, "readlink of a file", err, EINVAL)
		_, err = root.ReadlinkAt("nope")
		want(t, "readlink of nothing", err, ENOENT)
		_, err = root.ReadlinkAt("todir/")
		want(t, "readlink link/", err, EINVAL)
		want(t, "rmdir link", root.RmdirAt("todir"), ENOTDIR)
		must(t, root.UnlinkAt("todir"))
		if s, err := get(root, "d/f"); s != "content" {
			t.Errorf("unlinking a link went through it: %q %v", s, err)
		}
	})
}

func TestRename(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		must(t, root.MkdirAt("a"))
		must(t, root.MkdirAt("b"))
		must(t, root.MkdirAt("empty"))
		put(t, root, "a/f", "f")
		put(t, root, "g", "g")
		b, err := root.OpenAt("b", false, OpenRead|OpenDirectory, 0)
		must(t, err)
		defer b.Close()
		must(t, root.RenameAt("a/f", b, "h"))
		if s, err := get(root, "b/h"); s != "f" || err != nil {
			t.Errorf("%q %v", s, err)
		}
		must(t, root.RenameAt("g", root, "b/h"))
		if s, err := get(b, "h"); s != "g" || err != nil {
			t.Errorf("replaced: %q %v", s, err)
		}
		must(t, root.RenameAt("a/", root, "empty/"))
		want(t, "directory over a full one", root.RenameAt("empty", root, "b"), ENOTEMPTY)
		want(t, "file over a directory", root.RenameAt("b/h", root, "empty"), EISDIR)
		want(t, "directory over a file", root.RenameAt("empty", root, "b/h"), ENOTDIR)
		want(t, "into itself", root.RenameAt("b", root, "b/c"), EINVAL)
		want(t, "nothing", root.RenameAt("nope", root, "x"), ENOENT)
		want(t, "file/", root.RenameAt("b/h/", root, "x"), ENOTDIR)
		want(t, "to file/", root.RenameAt("b/h", root, "x/"), ENOTDIR)
		want(t, "dot", root.RenameAt("b/.", root, "x"), EBUSY)
		want(t, "out", root.RenameAt("b", root, "../x"), EPERM)
		want(t, "to another file system", root.RenameAt("b/h", openRoot(t, NewMem(0)), "h"), EXDEV)
		must(t, root.RenameAt("b", root, "empty/b"))
		if s, err := get(root, "empty/b/h"); s != "g" || err != nil {
			t.Errorf("%q %v", s, err)
		}
		if s, err := get(b, "h"); s != "g" || err != nil {
			t.Errorf("below a directory moved while open: %q %v", s, err)
		}
	})
}

func TestLink(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		put(t, root, "f", "f")
		must(t, root.MkdirAt("d"))
		must(t, root.LinkAt("f", false, root, "d/g"))
		if s, err := get(root, "d/g"); s != "f" || err != nil {
			t.Errorf("%q %v", s, err)
		}
		want(t, "over an existing file", root.LinkAt("f", false, root, "d/g"), EEXIST)
		want(t, "directory", root.LinkAt("d", false, root, "e"), EPERM)
		want(t, "nothing", root.LinkAt("x", false, root, "e"), ENOENT)
		want(t, "to name/", root.LinkAt("f", false, root, "e/"), ENOENT)
		want(t, "from file/", root.LinkAt("f/", false, root, "e"), ENOTDIR)
		must(t, root.SymlinkAt("f", "s"))
		must(t, root.LinkAt("s", true, root, "followed"))
		if st, err := root.StatAt("followed", false); err != nil || st.Type != TypeRegular {
			t.Errorf("link with follow: %+v %v", st, err)
		}
		must(t, root.UnlinkAt("f"))
		if s, err := get(root, "followed"); s != "f" || err != nil {
			t.Errorf("%q %v", s, err)
		}
	})
}

func TestReadDir(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		var all []string
		for i := range 300 {
			all = append(all, fmt.Sprintf("file-%03d", i))
			put(t, root, all[i], "")
		}
		must(t, root.MkdirAt("zdir"))
		all = append(all, "zdir")
		if got := names(t, root); !slices.Equal(got, all) {
			t.Fatalf("got %d names: %v", len(got), got)
		}
		// A position means the same entry whenever it is asked for.
		seen := map[uint64]string{}
		for _, pos := range []uint64{1, 250, 7, 299, 1, 7, 250} {
			e, err := root.ReadDir(pos, 1)
			if err != nil || len(e) != 1 {
				t.Fatal(e, err)
			}
			if was, ok := seen[pos]; ok && was != e[0].Name {
				t.Errorf("position %d was %s and is %s", pos, was, e[0].Name)
			}
			seen[pos] = e[0].Name
		}
		for _, e := range []string{"file-000", "zdir"} {
			entries, _ := root.ReadDir(0, 1000)
			i := slices.IndexFunc(entries, func(d DirEntry) bool { return d.Name == e })
			st, err := root.StatAt(e, false)
			must(t, err)
			if entries[i].Type != st.Type || entries[i].Ino != 0 && entries[i].Ino != st.Ino {
				t.Errorf("%+v, but %+v", entries[i], st)
			}
		}
		if e, err := root.ReadDir(1<<40, 5); len(e) != 0 || err != nil {
			t.Error("far beyond the end:", e, err)
		}
		put(t, root, "new", "")
		if got := names(t, root); !slices.Contains(got, "new") {
			t.Error("reading anew doesn't show a new file")
		}
	})
}

func TestTimes(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		put(t, root, "f", "")
		const a, m = 1_000_000_123_456_000, 2_000_000_987_654_000
		must(t, root.SetTimesAt("f", false, Times{Atim: Timestamp{true, a}, Mtim: Timestamp{true, m}}))
		st, err := root.StatAt("f", false)
		if err != nil || st.Mtim != m {
			t.Errorf("%+v %v", st, err)
		}
		must(t, root.SetTimesAt("f", false, Times{Atim: Timestamp{true, a + 5000}}))
		if st, _ := root.StatAt("f", false); st.Mtim != m {
			t.Errorf("an omitted time was set: %+v", st)
		}
	})
}

func TestBadPaths(t *testing.T) {
	onEach(t, func(t *testing.T, root *File) {
		for path, e := range map[string]Errno{
			"": ENOENT, "/": EPERM, "/etc": EPERM, "..": EPERM, "a/../..": ENOENT, "./..": EPERM, "a\x00b": EINVAL, "\x00": EINVAL,
			"\xff": EILSEQ, strings.Repeat("a", 5000): ENAMETOOLONG, strings.Repeat("a", 300): ENAMETOOLONG,
			strings.Repeat("./", 3000): ENAMETOOLONG,
		} {
			_, err := root.StatAt(path, true)
			want(t, fmt.Sprintf("stat %.20q", path), err, e)
			want(t, fmt.Sprintf("mkdir %.20q", path), root.MkdirAt(path), e)
		}
	})
}

func TestDepthIsBounded(t *testing.T) {
	root := openRoot(t, NewMem(0))
	dir := root
	for range maxDepth + 10 {
		must(t, dir.MkdirAt("d"))
		sub, err := dir.OpenAt("d", false, OpenRead, 0)
		must(t, err)
		defer sub.Close()
		dir = sub
	}
	_, err := root.StatAt(strings.Repeat("d/", maxDepth)+"d", true)
	must(t, err)
	_, err = root.StatAt(strings.Repeat("d/", maxDepth+1)+"d", true)
	want(t, "one deeper", err, ENAMETOOLONG)
	_, err = root.StatAt(strings.Repeat("d/../", 500)+"d", true)
	must(t, err)
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "f"), []byte("f"), 0o666))
	root := openRoot(t, HostDir(dir).ReadOnly())
	if s, err := get(root, "f"); s != "f" || err != nil {
		t.Fatal(s, err)
	}
	f, err := root.OpenAt("f", false, OpenRead, 0)
	must(t, err)
	defer f.Close()
	stamp := Times{Mtim: Timestamp{true, 5}}
	_, werr := root.OpenAt("f", false, OpenWrite, 0)
	_, terr := root.OpenAt("f", false, OpenRead|OpenTruncate, 0)
	_, cerr := root.OpenAt("g", false, OpenRead|OpenCreate, 0)
	for what, err := range map[string]error{
		"open for writing": werr, "truncate": terr, "create": cerr, "mkdir": root.MkdirAt("d"), "unlink": root.UnlinkAt("f"),
		"rmdir": root.RmdirAt("d"), "rename": root.RenameAt("f", root, "g"), "link": root.LinkAt("f", false, root, "g"),
		"symlink": root.SymlinkAt("f", "g"), "times": root.SetTimesAt("f", false, stamp), "times of the open file": f.SetTimes(stamp),
		"times of the directory": root.SetTimes(stamp),
	} {
		want(t, what, err, EROFS)
	}
}
