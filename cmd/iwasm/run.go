package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/wasi"
)

var runCommand = &command{
	name:    "run",
	args:    "[options] FILE [args...]",
	summary: "run a module: its _start or main function, or an export",
	run:     run,
	details: `
The word "run" may be left out. Everything behind FILE belongs to the program.

Examples:
  iwasm hello.wasm
  iwasm --dir=. --map-dir=/data::/srv/data --env=LANG=C tool.wasm in.txt
  iwasm -f fib lib.wasm 30
  iwasm --timeout=500 untrusted.wasm

Exit status: the program's own; 1 after a trap, a failed look-up or a usage
error; 255 if the module can't be read, loaded or instantiated.
`,
}

// maxListed is how often options that collect values may be given, as in WAMR.
const maxListed = 8

// runOptions are the options of run.
type runOptions struct {
	function   string
	dirs, maps list
	env        list
	stackSize  uint64
	heapSize   uint64
	gcHeapSize uint64
	fuel       uint64
	maxMemory  uint64
	timeout    uint64
	logLevel   int
	repl       bool
	engine     string
	disable    list
}

// list collects the values of an option.
type list struct {
	what   string
	values []string
}

func (l *list) String() string { return strings.Join(l.values, ",") }

func (l *list) Set(v string) error {
	if v == "" {
		return errors.New("the value is empty")
	}
	if len(l.values) == maxListed {
		return fmt.Errorf("Only allow max %s number %d", l.what, maxListed) //nolint:staticcheck // WAMR's text
	}
	l.values = append(l.values, v)
	return nil
}

// laterOptions are options of WAMR's iwasm for parts that this one does not
// have. They are refused by name.
var laterOptions = map[string]string{
	"fast-jit": "there is no JIT compiler: the interpreter runs all code", "llvm-jit": "there is no LLVM JIT compiler",
	"multi-tier-jit": "there is no JIT compiler", "jit-codecache-size": "there is no JIT compiler",
	"llvm-jit-size-level": "there is no LLVM JIT compiler", "llvm-jit-opt-level": "there is no LLVM JIT compiler",
	"enable-segue": "there is no native code to apply it to", "enable-linux-perf": "there is no native code to map",
	"disable-bounds-checks": "memory accesses are always checked", "shared-heap-size": "shared heaps are not supported",
	"addr-pool": "socket extensions are not supported", "allow-resolve": "socket extensions are not supported",
	"native-lib": "native libraries are not supported", "module-path": "loading imported modules from files is not supported",
	"max-threads": "threads are not supported", "g": "the debug server is not supported",
	"gen-prof-file": "there are no instrumented AOT files",
}

// refused is the value of an option that is refused.
type refused struct{ why string }

func (r refused) String() string   { return "" }
func (r refused) Set(string) error { return errors.New(r.why) }
func (r refused) IsBoolFlag() bool { return true }

func run(c *command, std streams, args []string) int {
	o := runOptions{
		dirs: list{what: "dir"}, maps: list{what: "map dir"}, env: list{what: "env"}, disable: list{what: "disable"},
	}
	fs := c.flags(std)
	fs.StringVar(&o.function, "f", "", "call the export `NAME` with the words behind FILE as arguments")
	fs.StringVar(&o.function, "function", "", "the same as -f `NAME`")
	fs.IntVar(&o.logLevel, "v", 2, "log `level`: 0 fatal, 1 error, 2 warning, 3 debug, 4 verbose, 5 all")
	fs.Uint64Var(&o.stackSize, "stack-size", 0, "size of the Wasm stack in `bytes` (default 1 MiB)")
	fs.Uint64Var(&o.heapSize, "heap-size", 16384, "size of the app heap in `bytes`")
	fs.Uint64Var(&o.gcHeapSize, "gc-heap-size", 0, "size of the heap of Wasm objects in `bytes` (default 64 MiB)")
	fs.Uint64Var(&o.maxMemory, "max-memory", 0, "limit of all linear memories in `bytes` (default 4 GiB)")
	fs.Uint64Var(&o.fuel, "fuel", 0, "stop after `N` Wasm instructions")
	fs.Uint64Var(&o.timeout, "timeout", 0, "stop the program after `ms` milliseconds")
	fs.BoolVar(&o.repl, "repl", false, "read calls of exports from standard input, one a line")
	fs.Var(&o.env, "env", "set the environment variable `NAME=VALUE`; may be repeated")
	fs.Var(&o.dirs, "dir", "let the program use the directory `DIR` under the same name; may be repeated")
	fs.Var(&o.maps, "map-dir", "let the program use HOST as GUEST (`GUEST::HOST`); may be repeated")
	fs.Var(&o.disable, "disable", "switch the proposal `NAME` off; may be repeated")
	fs.StringVar(&o.engine, "engine", "interp", "what executes the code: interp")
	fs.Bool("interp", true, "the same as --engine=interp")
	fs.Bool("version", false, "print the version and the supported proposals")
	for name, why := range laterOptions {
		fs.Var(refused{why}, name, "(refused: "+why+")")
	}
	if code, ok := parse(fs, args); !ok {
		return code
	}
	if v := fs.Lookup("version"); v.Value.String() == "true" {
		printVersion(std.out)
		return exitOK
	}
	if err := o.check(fs); err != nil {
		fmt.Fprintf(std.err, "iwasm: %v\n", err)
		fs.Usage()
		return exitFailure
	}
	return o.runFile(std, fs.Arg(0), fs.Args())
}

// check checks what the flag package can't.
func (o *runOptions) check(fs *flag.FlagSet) error {
	if fs.NArg() == 0 {
		return errors.New("no file to run")
	}
	if o.logLevel < 0 || o.logLevel > 5 {
		return fmt.Errorf("log level %d is not between 0 and 5", o.logLevel)
	}
	if o.engine != "interp" {
		return fmt.Errorf("unknown engine %q (known: interp)", o.engine)
	}
	for _, e := range o.env.values {
		if key, _, ok := strings.Cut(e, "="); !ok || key == "" {
			return fmt.Errorf("Wasm parse env string failed: expect \"key=value\", got %q", e) //nolint:staticcheck // WAMR's text
		}
	}
	for _, m := range o.maps.values {
		if guest, host, ok := strings.Cut(m, "::"); !ok || guest == "" || host == "" {
			return fmt.Errorf("error while pre-opening mapped directory: invalid map %q, expect GUEST::HOST", m)
		}
	}
	return nil
}

// disabled returns the proposals that --disable names.
func (o *runOptions) disabled() (f wamr.Feature, err error) {
	for _, name := range o.disable.values {
		one, ok := wamr.ParseFeature(name)
		if !ok {
			return 0, fmt.Errorf("unknown proposal %q (known: %s)", name, wamr.FeaturesAll)
		}
		f |= one
	}
	return f, nil
}

// runFile loads the file and runs what the options say. argv is the program's
// argument list, the file's name first.
func (o *runOptions) runFile(std streams, file string, argv []string) int {
	disable, err := o.disabled()
	if err != nil {
		return fail(std, exitFailure, err)
	}
	ctx := context.Background()
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(o.timeout)*time.Millisecond)
		defer cancel()
	}
	src, err := readFile(std, file)
	if err != nil {
		return fail(std, exitLoad, fmt.Errorf("Read file to buffer failed: open file %s failed: %w", file, err)) //nolint:staticcheck // WAMR's text
	}
	rt, err := wamr.NewRuntime(wamr.Config{Engine: wamr.Engine(o.engine), Disable: disable, Logger: o.logger(std)})
	if err != nil {
		return fail(std, exitFailure, err)
	}
	defer rt.Close()
	mod, err := rt.Compile(ctx, src)
	if err != nil {
		return fail(std, exitLoad, fmt.Errorf("WASM module load failed: %s: %w", file, err))
	}
	p := &program{std: std, mod: mod, argv: argv, isWASI: importsWASI(mod)}
	st := rt.NewStore(wamr.Limits{Memory: o.maxMemory, Stack: o.stackSize, GCHeap: o.gcHeapSize, AppHeap: o.heapSize, Fuel: o.fuel})
	defer st.Close()
	ln := wamr.NewLinker()
	if p.isWASI {
		cfg, err := o.wasiConfig(std, argv)
		if err != nil {
			return fail(std, exitLoad, err)
		}
		if err := wasi.Add(ln, cfg); err != nil {
			return fail(std, exitLoad, err)
		}
	}
	if p.inst, err = ln.Instantiate(ctx, st, mod); err != nil {
		return instantiateFailed(std, err)
	}
	switch {
	case o.repl:
		return p.repl(ctx)
	case o.function != "":
		return p.callExport(ctx, o.function, argv[1:])
	}
	return p.main(ctx)
}

// importsWASI says whether the module imports anything of WASI.
func importsWASI(mod *wamr.Module) bool {
	for im := range mod.Imports() {
		if im.Module == "wasi_snapshot_preview1" || im.Module == "wasi_unstable" {
			return true
		}
	}
	return false
}

func (o *runOptions) wasiConfig(std streams, argv []string) (wasi.Config, error) {
	cfg := wasi.Config{Args: argv, Env: o.env.values, Stdin: std.in, Stdout: std.out, Stderr: std.err}
	mount := func(guest, host string) error {
		fs := wasi.Dir(host)
		if err := fs.Check(); err != nil {
			return fmt.Errorf("error while pre-opening directory %s: %w", host, err)
		}
		cfg.Mounts = append(cfg.Mounts, wasi.Mount{Guest: guest, FS: fs})
		return nil
	}
	for _, d := range o.dirs.values {
		if err := mount(d, d); err != nil {
			return cfg, err
		}
	}
	for _, m := range o.maps.values {
		guest, host, _ := strings.Cut(m, "::")
		if err := mount(guest, host); err != nil {
			return cfg, err
		}
	}
	return cfg, nil
}

// logger returns a logger of WAMR's levels.
func (o *runOptions) logger(std streams) *slog.Logger {
	levels := []slog.Level{slog.LevelError + 4, slog.LevelError, slog.LevelWarn, slog.LevelDebug, slog.LevelDebug - 4, slog.LevelDebug - 8}
	return slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: levels[o.logLevel]}))
}
