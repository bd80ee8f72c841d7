package programs

// A program is a source file (for Go: a directory) and one way to run it.
type program struct {
	lang  string
	name  string
	args  []string
	env   []string // KEY=VALUE
	stdin string
	exit  int
	// files says that the program works in an empty directory, which is granted
	// to it in each way there is. The others are granted nothing.
	files bool
	// options of iwasm that the program needs.
	options []string
	// trap says that the program dies: natively by a signal or by its language's
	// own exit code, in iwasm by a trap, which is exit code 1 and a message with
	// the trap's text.
	trap string
}

const text = "line one\n\nlast without newline"

var programs = []program{
	{lang: "c", name: "arguments", args: []string{"7", "two words", "", "ünï", "-f", "--dir=/"}, env: []string{"A=1", "LONG=x y=z", "EMPTY="}, stdin: text, exit: 7},
	{lang: "c", name: "directories", files: true},
	{lang: "c", name: "files", files: true},
	{lang: "c", name: "floats"},
	{lang: "c", name: "integers"},
	{lang: "c", name: "memory"},
	{lang: "c", name: "recursion", options: []string{"--stack-size=8388608"}}, // as much as a native program has,
	{lang: "c", name: "sorting"},
	{lang: "c", name: "text"},
	{lang: "c", name: "trap", trap: "unreachable"},

	{lang: "cpp", name: "algorithms"},
	{lang: "cpp", name: "containers"},
	{lang: "cpp", name: "objects"},
	{lang: "cpp", name: "streams", stdin: text, exit: 3, files: true},

	{lang: "rust", name: "collections"},
	{lang: "rust", name: "environment", args: []string{"250", "two words", "", "ünï"}, env: []string{"A=1", "LONG=x y=z"}, stdin: text, exit: 250},
	{lang: "rust", name: "files", files: true},
	{lang: "rust", name: "formatting"},
	{lang: "rust", name: "panic", trap: "unreachable"},

	{lang: "go", name: "collections"},
	{lang: "go", name: "environment", args: []string{"113", "two words", "", "ünï"}, env: []string{"A=1", "LONG=x y=z"}, stdin: text, exit: 113},
	{lang: "go", name: "files", files: true},
	{lang: "go", name: "goroutines"},
	{lang: "go", name: "numbers"},
	{lang: "go", name: "panics", exit: 2},
	{lang: "go", name: "reflection"},
}
