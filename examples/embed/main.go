// Embed is a program with plug-ins: it passes each line of its input through a
// WebAssembly module that it does not trust.
//
//	echo Hello | go run ./examples/embed
//
// The module gets one host function and nothing else, at most a mebibyte of
// memory, and a second for each line.
package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/wamr-go/wamr"
)

//go:embed rot13.wat
var rot13 []byte

func main() {
	if err := run(context.Background(), rot13, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "embed:", err)
		os.Exit(1)
	}
}

// A plugin's exports, as Go functions.
type plugin struct {
	Buffer    func(context.Context) (int32, error)      `wasm:"buffer"`
	Transform func(context.Context, int32, int32) error `wasm:"transform"`
}

// run passes the lines of in through the module with the text or binary src.
func run(ctx context.Context, src []byte, in io.Reader, out io.Writer) error {
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		return err
	}
	defer rt.Close()
	mod, err := rt.Compile(ctx, src)
	if err != nil {
		return err
	}

	ln := wamr.NewLinker()
	// The guest passes an address and a length; text arrives, checked.
	ln.Func("host", "report", func(_ *wamr.Caller, text wamr.String, count int32) {
		fmt.Fprintln(out, "plug-in:", text, count)
	})
	store := rt.NewStore(wamr.Limits{Memory: 1 << 20})
	defer store.Close()
	inst, err := ln.Instantiate(ctx, store, mod)
	if err != nil {
		return err
	}
	var p plugin
	if err := inst.Bind(&p); err != nil {
		return err
	}

	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line, err := p.apply(ctx, inst, lines.Bytes())
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", line)
	}
	return lines.Err()
}

// apply returns line as the plug-in changed it.
func (p *plugin) apply(ctx context.Context, inst *wamr.Instance, line []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	at, err := p.Buffer(ctx)
	if err != nil {
		return nil, err
	}
	// A view of the guest's own memory: no copies but this one.
	view, err := inst.Memory("memory").View(uint64(uint32(at)), uint64(len(line)))
	if err != nil {
		return nil, err
	}
	copy(view, line)
	return view, p.Transform(ctx, at, int32(len(line)))
}
