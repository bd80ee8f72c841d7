// Command iwasm runs, checks, inspects and converts WebAssembly modules.
//
//	iwasm [options] FILE [args...]      runs a module, as WAMR's iwasm does
//	iwasm validate|inspect|wat|wasm|wast ...
//
// Each sub-command is a file of its own; "iwasm help COMMAND" documents it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// Exit codes. A WASI program's own code is passed through.
const (
	exitOK      = 0
	exitFailure = 1   // usage, guest exception, failed look-up, failed assertion
	exitLoad    = 255 // the module could not be read, loaded or instantiated
)

// streams are the process's standard streams, so that tests can replace them.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// command is a sub-command.
type command struct {
	name, args, summary string
	run                 func(c *command, std streams, args []string) int
	// details follows the option list in the command's help.
	details string
}

var commands []*command

func init() {
	commands = []*command{runCommand, validateCommand, inspectCommand, watCommand, wasmCommand, wastCommand}
}

func main() {
	os.Exit(iwasm(streams{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
}

func iwasm(std streams, args []string) int {
	if len(args) == 0 {
		usage(std.err)
		return exitFailure
	}
	switch args[0] {
	case "help", "-h", "--help", "-help":
		return help(std, args[1:])
	case "--version", "-version", "version":
		printVersion(std.out)
		return exitOK
	}
	for _, c := range commands {
		if c.name == args[0] {
			return c.run(c, std, args[1:])
		}
	}
	return runCommand.run(runCommand, std, args)
}

func usage(w io.Writer) {
	fmt.Fprint(w, `iwasm runs WebAssembly modules.

Usage:
  iwasm [options] FILE [args...]   run FILE (.wasm or .wat)
  iwasm COMMAND [options] ...

Commands:
`)
	for _, c := range commands {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, `
Examples:
  iwasm hello.wasm                           run a WASI program
  iwasm --dir=. --env=LANG=C tool.wasm x y   with a directory, a variable and arguments
  iwasm -f add lib.wasm 1 2                  call the export add
  iwasm wast testsuite/                      run specification tests

"iwasm help COMMAND" has a command's options; "iwasm help run" those of running.
`)
}

func help(std streams, args []string) int {
	if len(args) == 0 {
		usage(std.out)
		return exitOK
	}
	for _, c := range commands {
		if c.name == args[0] {
			c.run(c, streams{std.in, std.out, std.out}, []string{"--help"})
			return exitOK
		}
	}
	fmt.Fprintf(std.err, "iwasm: there is no command %q; \"iwasm help\" lists them\n", args[0])
	return exitFailure
}

// flags returns an empty flag set that prints the command's help.
func (c *command) flags(std streams) *flag.FlagSet {
	fs := flag.NewFlagSet("iwasm "+c.name, flag.ContinueOnError)
	fs.SetOutput(std.err)
	fs.Usage = func() {
		fmt.Fprintf(std.err, "Usage: iwasm %s %s\n\n%s.\n", c.name, c.args, strings.ToUpper(c.summary[:1])+c.summary[1:])
		some := false
		fs.VisitAll(func(*flag.Flag) { some = true })
		if some {
			fmt.Fprint(std.err, "\nOptions:\n")
			fs.PrintDefaults()
		}
		fmt.Fprint(std.err, c.details)
	}
	return fs
}

// parse parses args; ok is false where the command ends here, with code.
func parse(fs *flag.FlagSet, args []string) (code int, ok bool) {
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK, false
	case err != nil:
		return exitFailure, false
	}
	return exitOK, true
}

// fail prints an error with what was being done.
func fail(std streams, code int, err error) int {
	fmt.Fprintf(std.err, "iwasm: %v\n", err)
	return code
}
