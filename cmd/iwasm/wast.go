package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"sort"
	"strings"
	"text/tabwriter"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/test/spec"
	"github.com/wamr-go/wamr/internal/text"
)

var wastCommand = &command{
	name: "wast", args: "[options] FILE|DIR...", summary: "run specification test scripts",
	run: wast,
	details: `
DIR stands for all .wast files below it, custom-descriptors excepted. For each
file the counts of its assertions are printed by kind; the last line is
"N passed, M failed, K skipped". Exit status 1 if any failed.

Example:
  iwasm wast testsuite/i32.wast testsuite/proposals
`,
}

func wast(c *command, std streams, args []string) int {
	fs := c.flags(std)
	engine := fs.String("engine", "interp", "what executes the code: interp")
	quiet := fs.Bool("q", false, "print failures and the totals only")
	asJSON := fs.Bool("json", false, "print a JSON object for each file")
	if code, ok := parse(fs, args); !ok {
		return code
	}
	if *engine != "interp" {
		return fail(std, exitFailure, fmt.Errorf("unknown engine %q (known: interp)", *engine))
	}
	if fs.NArg() == 0 {
		fs.Usage()
		return exitFailure
	}
	var files []string
	for _, path := range fs.Args() {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			files = append(files, path) // reading it reports what is wrong
			continue
		}
		found, err := spec.Find(path)
		if err != nil {
			return fail(std, exitFailure, err)
		}
		files = append(files, found...)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if !*quiet && !*asJSON {
		fmt.Fprintf(std.out, "engine: %s\n", *engine)
	}
	r := spec.Run(ctx, spec.Config{Runtime: wamr.Config{Engine: wamr.Engine(*engine)}, Known: spec.SuiteKnown}, files)
	var sum tally
	for i := range r.Files {
		one := tallyOf(&r.Files[i])
		sum.add(one)
		if err := printScript(std, &r.Files[i], one, *quiet, *asJSON); err != nil {
			return fail(std, exitFailure, err)
		}
	}
	fmt.Fprintf(std.out, "%d passed, %d failed, %d skipped\n", sum.Passed, sum.Failed, sum.Known)
	if sum.Failed > 0 || !r.OK() {
		return exitFailure
	}
	return exitOK
}

// tally adds up the commands of scripts. Failures that are expected count as
// skipped.
type tally struct {
	Passed int `json:"passed"`
	Failed int `json:"failed"`
	Known  int `json:"skipped"`
}

func (t *tally) add(u tally) {
	t.Passed += u.Passed
	t.Failed += u.Failed
	t.Known += u.Known
}

func tallyOf(f *spec.FileResult) tally {
	var t tally
	for _, c := range f.Counts {
		t.add(tally{c.Passed, c.Failed, c.Known})
	}
	t.Failed += len(f.Passes)
	if f.Err != nil {
		t.Failed++
	}
	return t
}

func printScript(std streams, f *spec.FileResult, t tally, quiet, asJSON bool) error {
	if asJSON {
		counts := make(map[string]tally, len(f.Counts))
		for k, c := range f.Counts {
			counts[k.String()] = tally{c.Passed, c.Failed, c.Known}
		}
		line := struct {
			File string `json:"file"`
			tally
			Counts map[string]tally `json:"counts"`
			Error  string           `json:"error,omitempty"`
		}{File: f.Path, tally: t, Counts: counts}
		if f.Err != nil {
			line.Error = f.Err.Error()
		}
		return json.NewEncoder(std.out).Encode(line)
	}
	if f.Err != nil {
		fmt.Fprintf(std.err, "%s: %v\n", f.Path, f.Err)
	}
	for _, x := range f.Failures {
		fmt.Fprintf(std.err, "%s:%d: %v: %s\n", f.Path, x.Line, x.Command, x.Message)
	}
	for _, x := range f.Passes {
		fmt.Fprintf(std.err, "%s:%d: passes, though it is listed as a known failure: %s\n", f.Path, x.Line, x.Reason)
	}
	if quiet {
		return nil
	}
	kinds := make([]text.CommandKind, 0, len(f.Counts))
	for k := range f.Counts {
		kinds = append(kinds, k)
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i] < kinds[j] })
	var b strings.Builder
	for _, k := range kinds {
		c := f.Counts[k]
		fmt.Fprintf(&b, "  %v %d", k, c.Passed)
		if c.Failed+c.Known > 0 {
			fmt.Fprintf(&b, " of %d", c.Passed+c.Failed+c.Known)
		}
	}
	w := tabwriter.NewWriter(std.out, 40, 0, 1, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\n", f.Path, b.String())
	return w.Flush()
}
