package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/wamr-go/wamr"
)

// program is a module that has been instantiated, with its arguments.
type program struct {
	std    streams
	mod    *wamr.Module
	inst   *wamr.Instance
	argv   []string
	isWASI bool
}

// main runs the program by WAMR's rules for entry points: the initializers of a
// reactor, then _start, or the first of main, __main_argc_argv and _main.
func (p *program) main(ctx context.Context) int {
	if code, ok := p.initialize(ctx); !ok {
		return code
	}
	if p.isWASI && p.isVoid("_start") {
		return p.outcome(p.inst.Call(ctx, "_start"))
	}
	for _, name := range []string{"main", "__main_argc_argv", "_main"} {
		if f := p.inst.Func(name); f != nil {
			return p.callMain(ctx, f)
		}
	}
	if p.isVoid("_start") {
		return p.outcome(p.inst.Call(ctx, "_start"))
	}
	return p.exception("lookup the entry point symbol (like _start, main, _main, __main_argc_argv) failed")
}

// initialize runs the functions that have to run before any other export.
func (p *program) initialize(ctx context.Context) (code int, ok bool) {
	var names []string
	if p.isWASI {
		names = append(names, "_initialize")
	}
	names = append(names, "__post_instantiate")
	if !p.isWASI {
		names = append(names, "__wasm_call_ctors")
	}
	for _, name := range names {
		if !p.isVoid(name) {
			continue
		}
		if _, err := p.inst.Call(ctx, name); err != nil {
			return instantiateFailed(p.std, err), false
		}
	}
	return exitOK, true
}

// instantiateFailed reports that a module could not be instantiated, of which
// its initializers are a part, and returns the exit code.
func instantiateFailed(std streams, err error) int {
	var exit *wamr.ExitError
	if errors.As(err, &exit) {
		return int(exit.Code & 0xFF)
	}
	var trap *wamr.Trap
	if errors.As(err, &trap) {
		if trace := wamr.Trace(err); trace != "" {
			fmt.Fprintf(std.out, "\n%s\n", trace)
		}
		return fail(std, exitLoad, fmt.Errorf("WASM module instantiate failed: %s", exceptionText(err)))
	}
	return fail(std, exitLoad, fmt.Errorf("WASM module instantiate failed: %w", err))
}

// isVoid says whether the instance exports a function of that name that takes
// and returns nothing.
func (p *program) isVoid(name string) bool {
	f := p.inst.Func(name)
	return f != nil && f.Type().Equal(&wamr.FuncType{})
}

// callMain calls a C main function, with or without arguments. What it returns
// is not the exit status: WAMR ignores it.
func (p *program) callMain(ctx context.Context, f *wamr.Func) int {
	t := f.Type()
	results := len(t.Results) == 0 || len(t.Results) == 1 && t.Results[0] == wamr.TypeI32
	is := func(params ...wamr.ValueType) bool {
		return (&wamr.FuncType{Params: t.Params}).Equal(&wamr.FuncType{Params: params})
	}
	switch {
	case results && is():
		return p.outcome(f.Call(ctx))
	case results && is(wamr.TypeI32, wamr.TypeI32):
		at, err := p.putArgv(ctx, 4)
		if err != nil {
			return p.exception("allocate memory failed: " + err.Error())
		}
		return p.outcome(f.Call(ctx, wamr.I32(int32(len(p.argv))), wamr.I32(int32(at))))
	case results && is(wamr.TypeI32, wamr.TypeI64):
		at, err := p.putArgv(ctx, 8)
		if err != nil {
			return p.exception("allocate memory failed: " + err.Error())
		}
		return p.outcome(f.Call(ctx, wamr.I32(int32(len(p.argv))), wamr.I64(int64(at))))
	}
	return p.exception("invalid function type of main function")
}

// putArgv puts the arguments into one block of the app heap, the strings first,
// and returns the address of the array of pointers, of the given size each.
func (p *program) putArgv(ctx context.Context, pointer int) (uint64, error) {
	var strs []byte
	var offsets []int
	for _, a := range p.argv {
		offsets = append(offsets, len(strs))
		strs = append(append(strs, a...), 0)
	}
	for len(strs)%pointer != 0 {
		strs = append(strs, 0)
	}
	at, err := p.inst.Malloc(ctx, uint64(len(strs)+pointer*len(offsets)))
	if err != nil {
		return 0, err
	}
	block := strs
	for _, o := range offsets {
		if pointer == 8 {
			block = binary.LittleEndian.AppendUint64(block, at+uint64(o))
		} else {
			block = binary.LittleEndian.AppendUint32(block, uint32(at)+uint32(o))
		}
	}
	return at + uint64(len(strs)), p.inst.DefaultMemory().Write(at, block)
}

// callExport calls an export and prints its results.
func (p *program) callExport(ctx context.Context, name string, words []string) int {
	if code, ok := p.initialize(ctx); !ok {
		return code
	}
	line, err := p.call(ctx, name, words)
	if err != nil {
		return p.outcome(nil, err)
	}
	fmt.Fprintln(p.std.out, line)
	return exitOK
}

// call calls an export with the words as arguments and formats its results.
func (p *program) call(ctx context.Context, name string, words []string) (string, error) {
	f := p.inst.Func(name)
	if f == nil {
		return "", fmt.Errorf("lookup function %s failed", name)
	}
	args, err := parseArgs(f.Type().Params, words)
	if err != nil {
		return "", err
	}
	res, err := f.Call(ctx, args...)
	if err != nil {
		return "", err
	}
	return formatValues(res), nil
}

// repl reads calls from standard input until it ends or __exit__ is read.
func (p *program) repl(ctx context.Context) int {
	if code, ok := p.initialize(ctx); !ok {
		return code
	}
	in := bufio.NewScanner(p.std.in)
	in.Buffer(nil, 1<<20)
	for {
		fmt.Fprint(p.std.out, "webassembly> ")
		if !in.Scan() {
			break
		}
		words := strings.Fields(in.Text())
		if len(words) == 0 {
			continue
		}
		if words[0] == "__exit__" {
			fmt.Fprintln(p.std.out, "exit repl mode")
			break
		}
		line, err := p.call(ctx, strings.ReplaceAll(words[0], `\`, " "), words[1:])
		if err != nil {
			var exit *wamr.ExitError
			if errors.As(err, &exit) {
				return int(exit.Code & 0xFF)
			}
			p.exception(exceptionText(err))
			continue
		}
		fmt.Fprintln(p.std.out, line)
	}
	return exitOK
}

// outcome turns how a call ended into an exit code, and prints the exception
// with its stack trace if it failed.
func (p *program) outcome(_ []wamr.Value, err error) int {
	if err == nil {
		return exitOK
	}
	var exit *wamr.ExitError
	if errors.As(err, &exit) {
		return int(exit.Code & 0xFF)
	}
	if trace := wamr.Trace(err); trace != "" {
		fmt.Fprintf(p.std.out, "\n%s\n", trace)
	}
	return p.exception(exceptionText(err))
}

// exception prints an exception in WAMR's form.
func (p *program) exception(text string) int {
	fmt.Fprintf(p.std.out, "Exception: %s\n", text)
	return exitFailure
}

// exceptionText words an error as WAMR does where it has a text for it.
func exceptionText(err error) string {
	switch {
	case errors.Is(err, wamr.ErrStackOverflow):
		return "wasm operand stack overflow"
	case errors.Is(err, wamr.ErrInterrupted):
		return "terminated by user"
	}
	var trap *wamr.Trap
	if !errors.As(err, &trap) {
		return err.Error()
	}
	if trap.Cause != nil {
		return trap.Cause.Error()
	}
	return trap.Kind.String()
}
