package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/wamr-go/wamr"
)

var validateCommand = &command{
	name: "validate", args: "FILE...", summary: "check that modules are valid",
	run: func(c *command, std streams, args []string) int {
		fs := c.flags(std)
		quiet := fs.Bool("q", false, "print errors only")
		if code, ok := parse(fs, args); !ok {
			return code
		}
		return eachFile(std, fs.Args(), fs.Usage, func(file string, mod *wamr.Module) error {
			if !*quiet {
				fmt.Fprintf(std.out, "%s: valid\n", file)
			}
			return nil
		})
	},
	details: "\nFILE may be in the binary or the text format; - is standard input.\nExit status 1 if any is malformed or invalid.\n\nExample:\n  iwasm validate plugin.wasm\n",
}

var inspectCommand = &command{
	name: "inspect", args: "[options] FILE...", summary: "show a module's imports, exports, sizes and needed proposals",
	run: func(c *command, std streams, args []string) int {
		fs := c.flags(std)
		asJSON := fs.Bool("json", false, "print a JSON object for each file")
		if code, ok := parse(fs, args); !ok {
			return code
		}
		return eachFile(std, fs.Args(), fs.Usage, func(file string, mod *wamr.Module) error {
			d := describe(file, mod)
			if *asJSON {
				e := json.NewEncoder(std.out)
				e.SetIndent("", "  ")
				return e.Encode(d)
			}
			d.print(std)
			return nil
		})
	},
	details: "\nExample:\n  iwasm inspect --json plugin.wasm\n",
}

// eachFile compiles each file and calls fn with it. It returns the exit code.
func eachFile(std streams, files []string, usage func(), fn func(file string, mod *wamr.Module) error) int {
	if len(files) == 0 {
		fmt.Fprintln(std.err, "iwasm: no file")
		usage()
		return exitFailure
	}
	code := exitOK
	for _, file := range files {
		err := func() error {
			mod, err := compileFile(std, file)
			if err != nil {
				return err
			}
			defer mod.Runtime().Close()
			return fn(file, mod)
		}()
		if err != nil {
			fmt.Fprintf(std.err, "iwasm: %s: %v\n", file, err)
			code = exitFailure
		}
	}
	return code
}

// moduleInfo is what inspect shows.
type moduleInfo struct {
	File      string       `json:"file"`
	Name      string       `json:"name,omitempty"`
	Bytes     int          `json:"bytes"`
	Functions int          `json:"functions"`
	CodeBytes int          `json:"codeBytes"`
	Proposals []string     `json:"proposals"`
	Imports   []externInfo `json:"imports"`
	Exports   []externInfo `json:"exports"`
	Sections  []sizeInfo   `json:"customSections"`
}

type externInfo struct {
	Module string `json:"module,omitempty"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Type   string `json:"type"`
}

type sizeInfo struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

func describe(file string, mod *wamr.Module) *moduleInfo {
	s := mod.Stats()
	d := &moduleInfo{
		File: file, Name: mod.Name(), Bytes: len(mod.Binary()), Functions: s.Functions, CodeBytes: s.WasmCodeBytes,
		Proposals: mod.Needed().Names(), Imports: []externInfo{}, Exports: []externInfo{}, Sections: []sizeInfo{},
	}
	if d.Proposals == nil {
		d.Proposals = []string{}
	}
	for im := range mod.Imports() {
		d.Imports = append(d.Imports, externInfo{im.Module, im.Name, im.Type.Kind.String(), im.Type.String()})
	}
	for ex := range mod.Exports() {
		d.Exports = append(d.Exports, externInfo{"", ex.Name, ex.Type.Kind.String(), ex.Type.String()})
	}
	for name, data := range mod.CustomSections() {
		d.Sections = append(d.Sections, sizeInfo{name, len(data)})
	}
	return d
}

func (d *moduleInfo) print(std streams) {
	fmt.Fprintf(std.out, "%s: %d bytes, %d functions of %d bytes of code\n", d.File, d.Bytes, d.Functions, d.CodeBytes)
	if d.Name != "" {
		fmt.Fprintf(std.out, "name: %s\n", d.Name)
	}
	fmt.Fprint(std.out, "needs:")
	if len(d.Proposals) == 0 {
		fmt.Fprint(std.out, " WebAssembly 1.0")
	}
	for _, p := range d.Proposals {
		fmt.Fprint(std.out, " ", p)
	}
	fmt.Fprintln(std.out)
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	if len(d.Imports) > 0 {
		fmt.Fprintln(w, "imports:")
		for _, im := range d.Imports {
			fmt.Fprintf(w, "  %s.%s\t%s\n", im.Module, im.Name, im.Type)
		}
	}
	if len(d.Exports) > 0 {
		fmt.Fprintln(w, "exports:")
		for _, ex := range d.Exports {
			fmt.Fprintf(w, "  %s\t%s\n", ex.Name, ex.Type)
		}
	}
	if len(d.Sections) > 0 {
		fmt.Fprintln(w, "custom sections:")
		for _, s := range d.Sections {
			fmt.Fprintf(w, "  %s\t%d bytes\n", s.Name, s.Bytes)
		}
	}
	w.Flush()
}

// readFile reads a file, or standard input for "-".
func readFile(std streams, file string) ([]byte, error) {
	if file == "-" {
		return readAll(std.in)
	}
	return os.ReadFile(file)
}
