package wasi_test

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/wasi"
)

// TestManyRuns runs a program with a directory many times. Neither files nor goroutines may pile up, without the collector's help.
func TestManyRuns(t *testing.T) {
	var out bytes.Buffer
	ln := wamr.NewLinker()
	if err := wasi.Add(ln, wasi.Config{Stdout: &out, FS: wasi.Dir(t.TempDir())}); err != nil {
		t.Fatal(err)
	}
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	mod, err := rt.Compile(context.Background(), []byte("(module "+imports+programs["hello"]+")"))
	if err != nil {
		t.Fatal(err)
	}
	const runs = 2000
	goroutines, files := runtime.NumGoroutine(), openFiles()
	for range runs {
		st := rt.NewStore(wamr.Limits{})
		inst, err := ln.Instantiate(context.Background(), st, mod)
		if err != nil {
			t.Fatal(err)
		}
		if code, err := wasi.Run(context.Background(), inst); code != 0 || err != nil {
			t.Fatal(code, err)
		}
		st.Close()
	}
	if n := openFiles(); n > files+2 {
		t.Errorf("%d files open before, %d after", files, n)
	}
	if n := runtime.NumGoroutine(); n > goroutines+2 {
		t.Errorf("%d goroutines before, %d after", goroutines, n)
	}
	if out.Len() != runs*len("hello\n") {
		t.Errorf("%d bytes of output", out.Len())
	}
}

// openFiles is the number of the process's open files, 0 where that isn't known.
func openFiles() int {
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}
