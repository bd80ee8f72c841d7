package wasi_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wamr-go/wamr/wasi"
)

func TestFiles(t *testing.T) {
	for name, f := range map[string]wasi.FS{"memory": wasi.MemFS(), "host": wasi.Dir(t.TempDir())} {
		t.Run(name, func(t *testing.T) {
			if err := f.MkdirAll("a/./b//c/"); err != nil {
				t.Fatal(err)
			}
			if err := f.MkdirAll("a/b"); err != nil {
				t.Fatal(err)
			}
			big := strings.Repeat("0123456789", 10000)
			if err := f.WriteFile("a/b/c/f", []byte(big)); err != nil {
				t.Fatal(err)
			}
			if b, err := f.ReadFile("a/b/../b/c/f"); string(b) != big || err != nil {
				t.Error(len(b), err)
			}
			if err := f.WriteFile("a/b/c/f", []byte("short")); err != nil {
				t.Fatal(err)
			}
			if b, err := f.ReadFile("a/b/c/f"); string(b) != "short" || err != nil {
				t.Error(len(b), err)
			}
			if err := f.MkdirAll("a/b/c/f"); err == nil {
				t.Error("made a directory of a file")
			}
			if err := f.MkdirAll("."); err != nil {
				t.Error(err)
			}
			for _, name := range []string{"../x", "/x", "a/../../x"} {
				if err := f.WriteFile(name, nil); !errors.Is(err, fs.ErrPermission) {
					t.Errorf("write %s: %v", name, err)
				}
				if err := f.MkdirAll(name); !errors.Is(err, fs.ErrPermission) {
					t.Errorf("make %s: %v", name, err)
				}
			}
			if _, err := f.ReadFile("nope"); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
		})
	}
	if err := wasi.FSDir(fstest.MapFS{}).WriteFile("f", nil); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
	if err := wasi.MemFS(wasi.MaxSize(1000)).WriteFile("f", make([]byte, 100000)); err == nil {
		t.Error("wrote more than the limit")
	}
	if _, err := (wasi.FS{}).ReadFile("f"); !errors.Is(err, wasi.ErrNoFS) {
		t.Error(err)
	}
}
