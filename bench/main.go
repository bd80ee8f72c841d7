// Bench compares this repository's runtime with others, side by side in one
// run: every round measures each engine once, in alternating order, and of all
// rounds the least number counts. README.md says how to read the tables.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// config is what the flags say.
type config struct {
	rounds int
	scale  float64 // of the amount of work
	quiet  bool
}

// count scales a number of repetitions.
func (c config) count(n int) int { return max(1, int(float64(n)*c.scale)) }

// progress says on standard error that something is done.
func (c config) progress(what string) {
	if !c.quiet {
		fmt.Fprint(os.Stderr, what, " ")
	}
}

// sections in the order of the output, by their names on the command line.
var sections = []struct {
	name    string
	titles  []string
	measure func(*results, []engine, config) error
}{
	{"speed", []string{sectionSpeed}, measureSpeed},
	{"calls", []string{sectionCalls}, measureCalls},
	{"instances", []string{sectionInstances}, measureInstances},
	{"memory", []string{sectionLarge, sectionIdle}, measureChildren},
	{"process", []string{sectionProcess}, measureProcess},
}

func main() {
	if err := mainError(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func mainError() error {
	var c config
	flag.IntVar(&c.rounds, "rounds", 5, "how often to measure everything")
	flag.Float64Var(&c.scale, "scale", 1, "factor on the amount of work")
	flag.BoolVar(&c.quiet, "quiet", false, "say nothing of progress")
	only := flag.String("only", "", "comma-separated sections: speed, calls, instances, memory, process; default all")
	names := flag.String("engines", "", "comma-separated engines; default all")
	jsonPath := flag.String("json", "", "also write all numbers to this file; - is standard output, instead of tables")
	dir := flag.String("C", "", "the directory with programs/; default the current one")
	child := flag.String("child", "", "for the runner's own use")
	flag.Parse()
	if *dir != "" {
		if err := os.Chdir(*dir); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join("programs", callsSource)); err != nil {
		return fmt.Errorf("no programs here; run me in the folder bench, or with -C: %w", err)
	}
	list, err := chosen(*names)
	if err != nil {
		return err
	}
	if *child != "" {
		return runChild(*child, list, c)
	}
	var r results
	var titles []string
	for _, s := range sections {
		if *only != "" && !strings.Contains(","+*only+",", ","+s.name+",") {
			continue
		}
		if err := s.measure(&r, list, c); err != nil {
			return err
		}
		titles = append(titles, s.titles...)
	}
	c.progress("\n")
	if *jsonPath == "-" {
		return r.writeJSON(os.Stdout)
	}
	for _, title := range titles {
		r.print(os.Stdout, title, list)
	}
	if *jsonPath == "" {
		return nil
	}
	f, err := os.Create(*jsonPath)
	if err != nil {
		return err
	}
	if err := r.writeJSON(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
