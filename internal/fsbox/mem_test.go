package fsbox

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestMemQuota(t *testing.T) {
	root := openRoot(t, NewMem(10*chunkSize))
	f, err := root.OpenAt("f", false, OpenRead|OpenWrite|OpenCreate, 0)
	must(t, err)
	big := make([]byte, 20*chunkSize)
	n, err := f.Write(ctx, big)
	if n >= 10*chunkSize || n < 9*chunkSize || err != nil {
		t.Fatal(n, err)
	}
	_, err = f.Write(ctx, big)
	want(t, "write to a full file system", err, ENOSPC)
	must(t, root.UnlinkAt("f"))
	put := func(e Errno) {
		g, err := root.OpenAt("g", false, OpenWrite|OpenCreate, 0)
		must(t, err)
		defer g.Close()
		_, err = g.Write(ctx, big[:2*chunkSize])
		want(t, "write beside an unlinked open file", err, e)
	}
	put(ENOSPC)
	if n, err := f.ReadAt(big[:5], 3); n != 5 || err != nil {
		t.Fatal("an unlinked open file can't be read:", n, err)
	}
	must(t, f.Close())
	put(ESUCCESS)
	must(t, root.UnlinkAt("g"))
	var last error
	for i := range 10000 {
		if last = root.MkdirAt(strings.Repeat("d", 1+i%200) + string(rune('a'+i/200))); last != nil {
			break
		}
	}
	want(t, "directories without end", last, ENOSPC)
}

// TestMemSpaceReturns makes and removes everything; what the file system charges must come back to what it was.
func TestMemSpaceReturns(t *testing.T) {
	fsys := NewMem(0)
	root := openRoot(t, fsys)
	used := func() int64 { return root.node.(*memDir).n.fs.used }
	before := used()
	for range 3 {
		must(t, root.MkdirAt("d"))
		put(t, root, "d/f", "hello")
		must(t, root.SymlinkAt("some/where", "d/link"))
		must(t, root.LinkAt("d/f", false, root, "second"))
		must(t, root.RenameAt("d/f", root, "a much longer name"))
		put(t, root, "victim", "x")
		must(t, root.RenameAt("second", root, "victim"))
		must(t, root.RenameAt("d", root, "e"))
		must(t, root.UnlinkAt("e/link"))
		must(t, root.RmdirAt("e"))
		must(t, root.UnlinkAt("victim"))
		must(t, root.UnlinkAt("a much longer name"))
		if used() != before {
			t.Fatalf("%d bytes used, %d before", used(), before)
		}
	}
}

func TestMemSparse(t *testing.T) {
	root := openRoot(t, NewMem(1<<20))
	f, err := root.OpenAt("f", false, OpenRead|OpenWrite|OpenCreate, 0)
	must(t, err)
	defer f.Close()
	must(t, f.Truncate(math.MaxInt64))
	b := []byte{1, 2, 3}
	if n, err := f.ReadAt(b, 1<<60); n != 3 || err != nil || b[0]|b[1]|b[2] != 0 {
		t.Fatal(n, err, b)
	}
	want(t, "allocate more than the limit", f.Allocate(0, 1<<40), ENOSPC)
	if _, err := f.Seek(0, 2); err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(ctx, b)
	want(t, "write beyond the last offset", err, EFBIG)
}

// TestMemContent compares the chunked content with a plain slice under random operations.
func TestMemContent(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var c memContent
	var model []byte
	free := func(int64) error { return nil }
	for range 3000 {
		at := rnd.IntN(5 * chunkSize)
		switch rnd.IntN(3) {
		case 0:
			p := bytes.Repeat([]byte{byte(rnd.IntN(255) + 1)}, rnd.IntN(2*chunkSize)+1)
			if at+len(p) > len(model) {
				model = append(model, make([]byte, at+len(p)-len(model))...)
			}
			copy(model[at:], p)
			c.writeAt(p, int64(at), free)
		case 1:
			if rnd.IntN(4) > 0 {
				continue
			}
			c.truncate(int64(at))
			if at > len(model) {
				model = append(model, make([]byte, at-len(model))...)
			}
			model = append([]byte(nil), model[:at]...)
		case 2:
			p := make([]byte, rnd.IntN(2*chunkSize)+1)
			n := c.readAt(p, int64(at))
			if !bytes.Equal(p[:n], model[min(at, len(model)):min(at+len(p), len(model))]) {
				t.Fatal("content differs from the model")
			}
		}
		if c.size != int64(len(model)) {
			t.Fatal(c.size, len(model))
		}
	}
}

func TestMemRemovedDirectory(t *testing.T) {
	root := openRoot(t, NewMem(0))
	must(t, root.MkdirAt("d"))
	d, err := root.OpenAt("d", false, OpenRead, 0)
	must(t, err)
	defer d.Close()
	must(t, root.RmdirAt("d"))
	want(t, "mkdir in a removed directory", d.MkdirAt("x"), ENOENT)
	_, err = d.OpenAt("f", false, OpenWrite|OpenCreate, 0)
	want(t, "create in a removed directory", err, ENOENT)
	put(t, root, "f", "f")
	want(t, "rename into a removed directory", root.RenameAt("f", d, "f"), ENOENT)
	want(t, "link into a removed directory", root.LinkAt("f", false, d, "f"), ENOENT)
	if s, err := get(root, "f"); s != "f" || err != nil {
		t.Fatal(s, err)
	}
}
