// Package spec runs the script files (.wast) of the WebAssembly test suite
// against this runtime, through the embedding API as any embedder would use
// it, and counts what their assertions find. It knows no engine: the caller's
// configuration names the one to test.
//
// Start at Run. Specification: the suite's "interpreter" documentation, section
// "Scripts".
package spec

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Config says how scripts are run. The zero value runs them with the default
// engine and without output.
type Config struct {
	// Runtime configures the runtime of each file. Proposals are disabled by
	// Features in addition to those it disables.
	Runtime wamr.Config
	// Limits are those of each file's store.
	Limits wamr.Limits
	// Features returns the proposals that are on for a file; nil means
	// SuiteFeatures.
	Features func(path string) wamr.Feature
	// Timeout bounds each action; 0 means a minute.
	Timeout time.Duration
	// Known lists failures that are expected; others, and those of the list
	// that don't happen, are failures of the run.
	Known []Known
	// Output takes what the spectest.print functions print; nil discards it.
	Output io.Writer
}

// Known is a failure that is expected, and why.
type Known struct {
	File   string // end of the path, with slashes
	Line   int
	Reason string
}

// Failure is a command that did not do what it should have done.
type Failure struct {
	Line    int
	Command text.CommandKind
	Message string
}

// Count says how many commands of a kind there were.
type Count struct {
	Passed, Failed int
	Known          int // failed as expected
}

// FileResult is the outcome of one script.
type FileResult struct {
	Path string
	// Err says why the file could not be run at all.
	Err error
	// Counts holds the commands that ran, by kind.
	Counts   map[text.CommandKind]Count
	Failures []Failure // unexpected ones
	// Passes lists the known failures that did not happen.
	Passes []Known
	Took   time.Duration
}

// OK says whether the file did as expected.
func (f *FileResult) OK() bool { return f.Err == nil && len(f.Failures) == 0 && len(f.Passes) == 0 }

// Results are the outcomes of a run, in the order of the files.
type Results struct {
	Files []FileResult
}

// OK says whether all files did as expected.
func (r *Results) OK() bool {
	for i := range r.Files {
		if !r.Files[i].OK() {
			return false
		}
	}
	return true
}

// Totals adds up the counts of all files.
func (r *Results) Totals() map[text.CommandKind]Count {
	total := make(map[text.CommandKind]Count)
	for _, f := range r.Files {
		for k, c := range f.Counts {
			t := total[k]
			t.Passed += c.Passed
			t.Failed += c.Failed
			t.Known += c.Known
			total[k] = t
		}
	}
	return total
}

// WriteTo writes the failures of each file and a table of totals.
func (r *Results) WriteTo(w io.Writer) (n int64, err error) {
	var b strings.Builder
	good := 0
	for i := range r.Files {
		f := &r.Files[i]
		if f.OK() {
			good++
		}
		if f.Err != nil {
			fmt.Fprintf(&b, "%s: %v\n", f.Path, f.Err)
		}
		for _, x := range f.Failures {
			fmt.Fprintf(&b, "%s:%d: %v: %s\n", f.Path, x.Line, x.Command, x.Message)
		}
		for _, x := range f.Passes {
			fmt.Fprintf(&b, "%s:%d: passes, though it is listed as a known failure: %s\n", f.Path, x.Line, x.Reason)
		}
	}
	total := r.Totals()
	kinds := make([]text.CommandKind, 0, len(total))
	for k := range total {
		kinds = append(kinds, k)
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i] < kinds[j] })
	fmt.Fprintf(&b, "%-24s %8s %8s %8s\n", "command", "passed", "failed", "known")
	var sum Count
	for _, k := range kinds {
		c := total[k]
		fmt.Fprintf(&b, "%-24s %8d %8d %8d\n", k, c.Passed, c.Failed, c.Known)
		sum.Passed += c.Passed
		sum.Failed += c.Failed
		sum.Known += c.Known
	}
	fmt.Fprintf(&b, "%-24s %8d %8d %8d\n", "all", sum.Passed, sum.Failed, sum.Known)
	fmt.Fprintf(&b, "%d of %d files as expected\n", good, len(r.Files))
	m, err := io.WriteString(w, b.String())
	return int64(m), err
}

// Run runs scripts, one after the other, each in a runtime and a store of its
// own.
func Run(ctx context.Context, cfg Config, files []string) *Results {
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Minute
	}
	if cfg.Features == nil {
		cfg.Features = SuiteFeatures
	}
	r := &Results{}
	for _, path := range files {
		if ctx.Err() != nil {
			r.Files = append(r.Files, FileResult{Path: path, Err: context.Cause(ctx)})
			continue
		}
		r.Files = append(r.Files, runFile(ctx, &cfg, path))
	}
	return r
}

func runFile(ctx context.Context, cfg *Config, path string) (res FileResult) {
	res.Path = path
	start := time.Now()
	defer func() { res.Took = time.Since(start) }()
	src, err := os.ReadFile(path)
	if err != nil {
		res.Err = err
		return res
	}
	script, err := text.ParseScript(src)
	if err != nil {
		res.Err = err
		return res
	}
	s, err := newSession(cfg, path)
	if err != nil {
		res.Err = err
		return res
	}
	defer s.close()
	s.run(ctx, script.Commands)
	s.tally.settle(&res, cfg.Known)
	return res
}

// SuiteFeatures returns the proposals that the suite has a file for: those of
// WebAssembly 3.0 at the top, those of the proposal in directories of their
// own, where a file of the same name may say something else.
func SuiteFeatures(path string) wamr.Feature {
	path = filepath.ToSlash(path)
	switch {
	case strings.Contains(path, "proposals/threads/"):
		// This proposal's fork of the suite is older than the proposals for
		// several tables and for wider limits.
		return op.Features2_0&^op.FeatureReferenceTypes | op.FeatureThreads
	case strings.Contains(path, "legacy/"):
		return op.Features3_0 | op.FeatureLegacyExceptions
	case strings.Contains(path, "proposals/custom-page-sizes/"):
		return op.Features3_0 | op.FeatureCustomPageSizes
	case strings.Contains(path, "proposals/wide-arithmetic/"):
		return op.Features3_0 | op.FeatureWideArithmetic
	case strings.Contains(path, "proposals/"):
		return op.FeaturesAll
	}
	return op.Features3_0
}

// Find returns the scripts below a directory that this runtime is meant to
// run, in lexical order.
func Find(root string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "custom-descriptors":
			return filepath.SkipDir // a proposal that is not implemented
		case !d.IsDir() && strings.HasSuffix(path, ".wast"):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}
