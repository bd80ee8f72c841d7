package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"
)

// The section on whole processes: each engine's own command runs a module that
// says hello.

const sectionProcess = "A whole process that says hello"

func measureProcess(r *results, list []engine, c config) error {
	if _, err := build(helloSource); err != nil {
		return err
	}
	hello := filepath.Join(buildDir, "hello.wasm")
	commands := make([][]string, len(list))
	built := make(map[string]string) // by package
	for i, e := range list {
		args := e.command()
		if args == nil {
			continue
		}
		if built[args[0]] == "" {
			path, err := buildCommand(args[0])
			if err != nil {
				return err
			}
			built[args[0]] = path
		}
		commands[i] = append(append([]string{built[args[0]]}, args[1:]...), hello)
	}
	for round := range max(3, 4*c.rounds) {
		for k, e := range list {
			if round%2 == 1 {
				k = len(list) - 1 - k
				e = list[k]
			}
			if commands[k] == nil {
				continue
			}
			cmd := exec.Command(commands[k][0], commands[k][1:]...)
			var out bytes.Buffer
			cmd.Stdout = &out
			start := time.Now()
			if err := cmd.Run(); err != nil {
				return fmt.Errorf("%s: %w", e.name(), err)
			}
			took := time.Since(start)
			if out.String() != "hello\n" {
				return fmt.Errorf("%s says %q", e.name(), out.String())
			}
			r.add(sectionProcess, "processor time", e, unitTime, float64(cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()))
			r.add(sectionProcess, "time on the wall", e, unitTime, float64(took))
			if rss := peakResident(commands[k][0], commands[k][1:]...); rss > 0 {
				r.add(sectionProcess, "resident memory at the peak", e, unitBytes, rss)
			}
		}
	}
	c.progress("hello")
	return nil
}
