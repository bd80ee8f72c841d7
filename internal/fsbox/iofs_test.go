package fsbox

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestFromFS(t *testing.T) {
	root := openRoot(t, FromFS(fstest.MapFS{
		"f":    {Data: []byte("content")},
		"d/g":  {Data: []byte("deep")},
		"link": {Data: []byte("d/g"), Mode: fs.ModeSymlink},
		"dl":   {Data: []byte("d"), Mode: fs.ModeSymlink},
		"out":  {Data: []byte("../../etc/passwd"), Mode: fs.ModeSymlink},
		"abs":  {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink},
	}))
	for path, content := range map[string]string{"f": "content", "d/g": "deep", "d/../f": "content", "link": "deep", "dl/g": "deep"} {
		if s, err := get(root, path); s != content || err != nil {
			t.Errorf("%s: %q %v", path, s, err)
		}
	}
	for path, e := range map[string]Errno{"out": EPERM, "abs": EPERM, "..": EPERM, "nope": ENOENT, "f/x": ENOTDIR, "f/": ENOTDIR} {
		_, err := get(root, path)
		want(t, path, err, e)
	}
	_, err := root.OpenAt("f", false, OpenWrite, 0)
	want(t, "write", err, EROFS)
	want(t, "mkdir", root.MkdirAt("x"), EROFS)
	if got := names(t, root); !slices.Equal(got, []string{"abs", "d", "dl", "f", "link", "out"}) {
		t.Error(got)
	}
	a, _ := root.StatAt("f", false)
	b, _ := root.StatAt("d/g", false)
	if a.Ino == b.Ino || a.Size != 7 {
		t.Errorf("%+v %+v", a, b)
	}
}

// TestFromZip reads files that can't seek.
func TestFromZip(t *testing.T) {
	content := strings.Repeat("0123456789", 5000)
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	f, err := w.Create("dir/file")
	must(t, err)
	io.WriteString(f, content)
	must(t, w.Close())
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	must(t, err)
	root := openRoot(t, FromFS(z))
	g, err := root.OpenAt("dir/file", true, OpenRead, 0)
	must(t, err)
	defer g.Close()
	b := make([]byte, 7)
	for _, offset := range []int64{0, 30001, 12, 49998, 60000, 5} {
		n, err := g.ReadAt(b, offset)
		wanted := content[min(offset, 50000):min(offset+7, 50000)]
		if string(b[:n]) != wanted || err != nil {
			t.Errorf("at %d: %q %v", offset, b[:n], err)
		}
	}
	if at, err := g.Seek(-3, io.SeekEnd); at != 49997 || err != nil {
		t.Fatal(at, err)
	}
	if n, err := g.Read(ctx, b); string(b[:n]) != "789" || err != nil {
		t.Fatal(n, err)
	}
	if got := names(t, root); !slices.Equal(got, []string{"dir"}) {
		t.Error(got)
	}
}

func TestFromDirFS(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	must(t, os.WriteFile(secret, []byte("secret"), 0o600))
	inside := filepath.Join(dir, "inside")
	must(t, os.Mkdir(inside, 0o700))
	must(t, os.Symlink(secret, filepath.Join(inside, "abs")))
	must(t, os.Symlink("../secret", filepath.Join(inside, "rel")))
	must(t, os.Symlink("..", filepath.Join(inside, "up")))
	root := openRoot(t, FromFS(os.DirFS(inside)))
	for _, path := range []string{"abs", "rel", "up/secret"} {
		s, err := get(root, path)
		want(t, path+s, err, EPERM)
	}
}
