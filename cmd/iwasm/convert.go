package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/wamr-go/wamr"
)

var watCommand = &command{
	name: "wat", args: "[options] FILE", summary: "print a module in the text format",
	run: func(c *command, std streams, args []string) int {
		fs := c.flags(std)
		out := fs.String("o", "", "write to `FILE` instead of standard output")
		folded := fs.Bool("fold", false, "print folded instructions")
		if code, ok := parse(fs, args); !ok {
			return code
		}
		return convert(std, fs.Args(), fs.Usage, *out, func(mod *wamr.Module, w io.Writer) error {
			return mod.WriteText(w, wamr.TextOptions{Folded: *folded})
		})
	},
	details: "\nExample:\n  iwasm wat -o lib.wat lib.wasm\n",
}

var wasmCommand = &command{
	name: "wasm", args: "[options] FILE", summary: "write a module in the binary format",
	run: func(c *command, std streams, args []string) int {
		fs := c.flags(std)
		out := fs.String("o", "", "write to `FILE` instead of standard output")
		if code, ok := parse(fs, args); !ok {
			return code
		}
		return convert(std, fs.Args(), fs.Usage, *out, func(mod *wamr.Module, w io.Writer) error {
			_, err := w.Write(mod.Binary())
			return err
		})
	},
	details: "\nExample:\n  iwasm wasm -o lib.wasm lib.wat\n",
}

// convert compiles the one file that args must name and writes it with write.
// Nothing is written unless all of it could be converted.
func convert(std streams, args []string, usage func(), out string, write func(*wamr.Module, io.Writer) error) int {
	if len(args) != 1 {
		fmt.Fprintln(std.err, "iwasm: exactly one FILE is needed")
		usage()
		return exitFailure
	}
	mod, err := compileFile(std, args[0])
	if err != nil {
		return fail(std, exitFailure, fmt.Errorf("%s: %w", args[0], err))
	}
	defer mod.Runtime().Close()
	var b bytes.Buffer
	if err := write(mod, &b); err != nil {
		return fail(std, exitFailure, fmt.Errorf("converting %s: %w", args[0], err))
	}
	if out == "" {
		_, err = std.out.Write(b.Bytes())
	} else {
		err = os.WriteFile(out, b.Bytes(), 0o644)
	}
	if err != nil {
		return fail(std, exitFailure, err)
	}
	return exitOK
}

// compileFile reads and validates a module with a runtime of its own.
func compileFile(std streams, file string) (*wamr.Module, error) {
	src, err := readFile(std, file)
	if err != nil {
		return nil, err
	}
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		return nil, err
	}
	return rt.Compile(context.Background(), src)
}

// maxStdin bounds what is read from standard input.
const maxStdin = 1 << 30

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxStdin+1))
	if err == nil && len(b) > maxStdin {
		err = fmt.Errorf("standard input is larger than %d bytes", maxStdin)
	}
	return b, err
}
