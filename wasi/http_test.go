package wasi_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/wasi"
)

// TestHTTPServer runs a Go program that serves HTTP on a socket it is lent: non-blocking accepts, reads and writes of many connections at
// once, through Go's own network poller.
func TestHTTPServer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command to build the program with")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback network:", err)
	}
	defer l.Close()
	file := filepath.Join(t.TempDir(), "httpserver.wasm")
	build := exec.Command(goTool, "build", "-o", file, "testdata/httpserver/main.go")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	program, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	mod, err := rt.Compile(ctx, program)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	ln := wamr.NewLinker()
	if err := wasi.Add(ln, wasi.Config{Stdout: &out, Listeners: []net.Listener{l}}); err != nil {
		t.Fatal(err)
	}
	inst, err := ln.Instantiate(ctx, nil, mod)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if code, err := wasi.Run(ctx, inst); code != 0 || err != nil {
			t.Errorf("exit code %d, %v", code, err)
		}
	}()

	client := http.Client{Timeout: time.Minute}
	get := func(path string) (string, error) {
		r, err := client.Get("http://" + l.Addr().String() + path)
		if err != nil {
			return "", err
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		return string(b), err
	}
	var clients sync.WaitGroup
	for i := range 20 {
		clients.Go(func() {
			path := fmt.Sprintf("/%d", i)
			if got, err := get(path); got != "hello "+path || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	clients.Wait()
	if got, err := get("/big"); len(got) != 3<<20 || err != nil {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := get("/stop"); err != nil {
		t.Error(err)
	}
	<-done
	if out.String() != "stopped\n" {
		t.Errorf("%q", out.String())
	}
}
