package main

// program is one benchmark of code speed, made from programs/ (build.go).
type program struct {
	name   string
	source string // under programs/: a .wat or .c file, or a folder with a Go command
	// n is what run(n), or the Go command, gets as the amount of work. It is
	// such that a slow interpreter takes some tenths of a second.
	n int
	// what is measured, for the table's reader
	about string
}

func (p *program) isCommand() bool { return p.source == "gowork" }

var programs = []program{
	{"fib", "fib.wat", 27, "recursive calls"},
	{"sieve", "sieve.c", 12, "byte loads and stores in short loops"},
	{"matrix", "matrix.c", 10, "f64 multiplication of matrices"},
	{"sha256", "sha256.c", 80, "32-bit logic and rotations"},
	{"mandelbrot", "mandelbrot.c", 150, "f64 arithmetic and comparison"},
	{"nbody", "nbody.c", 40000, "f64 with square roots, on structures"},
	{"sort", "sort.c", 6, "unpredictable branches, recursion, call_indirect"},
	{"strings", "strings.c", 20, "byte loops: length, copy, search, case"},
	{"json", "json.c", 60, "a tokenizer: state machine, br_table"},
	{"machine", "machine.c", 100, "a register machine: br_table, i64"},
	{"simd", "simd.c", 30, "128-bit vectors of bytes and f32"},
	{"go", "gowork", 6, "Go on wasip1: maps, sort, JSON, collector"},
}

// Modules for the other sections.
const (
	callsSource = "calls.wat"
	smallSource = "small.wat"
	helloSource = "hello.wat"
	largeSource = "gowork"
)
