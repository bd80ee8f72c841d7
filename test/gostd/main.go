// Gostd runs the tests of Go's standard library, built for WASI, with iwasm:
//
//	go run ./test/gostd [-iwasm FILE] [-v] [package...]
//
// Without packages it runs those listed below. A test that is known
// to fail, for a reason that is not this project's, stands in exceptions.txt
// with that reason; one that fails without standing there fails the run, and
// so does one that stands there and passes.
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// packages are those whose tests say something about a runtime: arithmetic,
// strings and sorting for the instructions, compression and hashes for the hot
// loops, os, io and time for WASI, reflect and sync for Go's own runtime on it.
var packages = []string{
	"bytes", "compress/bzip2", "compress/flate", "compress/gzip", "compress/lzw", "compress/zlib",
	"crypto/sha256", "encoding/json", "io", "io/fs", "io/ioutil", "math", "math/big", "math/bits",
	"math/cmplx", "math/rand", "math/rand/v2", "os", "path/filepath", "reflect", "regexp",
	"regexp/syntax", "sort", "strconv", "strings", "sync", "time",
}

//go:embed exceptions.txt
var exceptionsText string

func main() {
	iwasm := flag.String("iwasm", "", "the iwasm to test (default: built from ./cmd/iwasm)")
	verbose := flag.Bool("v", false, "print the name of each test")
	jobs := flag.Int("j", 2, "packages at a time")
	flag.Parse()
	if err := run(*iwasm, *verbose, *jobs, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "gostd:", err)
		os.Exit(1)
	}
}

func run(iwasm string, verbose bool, jobs int, names []string) error {
	exceptions, err := parseExceptions(exceptionsText)
	if err != nil {
		return err
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	goroot := strings.TrimSpace(string(out))
	if iwasm == "" {
		dir, err := os.MkdirTemp("", "gostd-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		iwasm = filepath.Join(dir, "iwasm")
		if out, err := exec.Command("go", "build", "-o", iwasm, "./cmd/iwasm").CombinedOutput(); err != nil {
			return fmt.Errorf("building iwasm: %w\n%s", err, out)
		}
	}
	if iwasm, err = filepath.Abs(iwasm); err != nil {
		return err
	}
	if len(names) == 0 {
		names = packages
	}

	reports := make([]report, len(names))
	slots := make(chan struct{}, max(jobs, 1))
	var wg sync.WaitGroup
	for i, name := range names {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			reports[i] = testPackage(goroot, iwasm, name, exceptions[name])
			reports[i].print(os.Stdout, verbose)
		})
	}
	wg.Wait()
	bad := 0
	for _, r := range reports {
		if len(r.problems) > 0 {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d packages failed", bad, len(names))
	}
	return nil
}

// exceptions gives, for each package, the reasons of its failing tests by name.
type exceptions map[string]map[string]string

// parseExceptions reads lines of "package test reason", and comments with #.
func parseExceptions(text string) (exceptions, error) {
	all := exceptions{}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			return nil, fmt.Errorf("exceptions.txt:%d: want a package, a test and a reason", i+1)
		}
		if all[fields[0]] == nil {
			all[fields[0]] = map[string]string{}
		}
		all[fields[0]][fields[1]] = strings.Join(fields[2:], " ")
	}
	return all, nil
}

// A report is the outcome of one package.
type report struct {
	name                    string
	tests                   []string // "pass Name", in the order of their ends
	passed, failed, skipped int
	problems                []string
	took                    time.Duration
}

func (r *report) print(w io.Writer, verbose bool) {
	var b bytes.Buffer
	status := "ok"
	if len(r.problems) > 0 {
		status = "FAIL"
	}
	fmt.Fprintf(&b, "%-4s %-16s %4d passed, %d failed as expected, %d skipped, %.1fs\n", status, r.name, r.passed, r.failed, r.skipped, r.took.Seconds())
	if verbose {
		for _, t := range r.tests {
			fmt.Fprintln(&b, "    ", t)
		}
	}
	for _, p := range r.problems {
		fmt.Fprintln(&b, "    ", strings.ReplaceAll(strings.TrimSpace(p), "\n", "\n     "))
	}
	w.Write(b.Bytes()) // at once: several packages print at the same time
}

// An event is a line of go test -json.
type event struct {
	Action string
	Test   string
	Output string
}

// testPackage builds a package's tests for WASI and runs them in iwasm, with
// the whole file system granted, the package's directory as the working
// directory, and 8 MiB of stack, as Go's own script for other runtimes does.
func testPackage(goroot, iwasm, name string, expected map[string]string) report {
	r := report{name: name}
	start := time.Now()
	wrapper := []string{quote(iwasm), "--dir=/", "--stack-size=8388608", quote("--env=PWD=" + filepath.Join(goroot, "src", filepath.FromSlash(name))), quote("--env=PATH=" + os.Getenv("PATH"))}
	cmd := exec.Command("go", "test", "-short", "-json", "-count=1", "-timeout=20m", "-exec", strings.Join(wrapper, " "), name)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		r.problems = append(r.problems, err.Error())
		return r
	}
	r.read(stdout, expected)
	err = cmd.Wait()
	r.took = time.Since(start)
	var exit *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exit):
		r.problems = append(r.problems, err.Error())
	case err != nil && r.failed == 0 && len(r.problems) == 0:
		// Failed, but not one of its tests: the build did, or the runtime.
		r.problems = append(r.problems, stderr.String()+strings.Join(r.tests, "\n"))
	}
	if r.passed == 0 && len(r.problems) == 0 {
		r.problems = append(r.problems, "no test passed")
	}
	return r
}

// read counts the events of one package's tests. Sub-tests count with the test
// that they belong to.
func (r *report) read(events io.Reader, expected map[string]string) {
	output := map[string]string{}     // by the full names of tests and sub-tests
	failures := map[string][]string{} // of a test: the full names of what failed in it
	scanner := bufio.NewScanner(events)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var e event
		if json.Unmarshal(scanner.Bytes(), &e) != nil {
			continue // a line of the build's
		}
		test, _, sub := strings.Cut(e.Test, "/")
		switch e.Action {
		case "output":
			output[e.Test] += e.Output
		case "fail":
			failures[test] = append(failures[test], e.Test)
			fallthrough
		case "pass", "skip":
			if sub {
				continue
			}
			if test == "" {
				if e.Action == "fail" && r.failed == 0 && len(r.problems) == 0 {
					r.problems = append(r.problems, "failed:\n"+last(output[""]))
				}
				continue
			}
			r.tests = append(r.tests, e.Action+" "+test)
			r.count(e.Action, test, expected[test], func() string {
				var b strings.Builder
				for _, name := range failures[test][:min(5, len(failures[test]))] {
					b.WriteString(output[name])
				}
				return last(b.String())
			})
		}
	}
	if err := scanner.Err(); err != nil {
		r.problems = append(r.problems, err.Error())
	}
}

// count records that a test ended with action. reason is why it may fail, empty
// if it may not.
func (r *report) count(action, test, reason string, output func() string) {
	switch {
	case action == "pass" && reason != "":
		r.problems = append(r.problems, test+" passes: remove it from exceptions.txt ("+reason+")")
	case action == "pass":
		r.passed++
	case action == "skip":
		r.skipped++
	case reason != "":
		r.failed++
	default:
		r.problems = append(r.problems, test+" failed:\n"+output())
	}
}

// last returns what fits on a few screens of the end of an output.
func last(output string) string {
	const most = 6000
	if len(output) > most {
		return "..." + output[len(output)-most:]
	}
	return output
}

// quote makes one word of s for go test's -exec, which splits at spaces.
func quote(s string) string { return "'" + s + "'" }
