package main

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// The section on the speed of code: how long a program runs in an instance
// that is ready.

const sectionSpeed = "Code speed"

// prepared is a program compiled by one engine.
type prepared struct {
	engine engine
	rt     runtime
	mod    module
	inst   instance // nil for commands
	call   func([]uint64) error
}

// prepare compiles and instantiates a program.
func prepare(e engine, p *program, wasm []byte) (*prepared, error) {
	rt, err := e.open(options{})
	if err != nil {
		return nil, err
	}
	x := &prepared{engine: e, rt: rt}
	if x.mod, err = rt.compile(wasm); err == nil && !p.isCommand() {
		if x.inst, err = x.mod.instantiate(); err == nil {
			x.call, err = x.inst.raw("run")
		}
	}
	if err != nil {
		rt.close()
		return nil, fmt.Errorf("%s: %w", e.name(), err)
	}
	return x, nil
}

// once runs the program and returns its checksum.
func (x *prepared) once(p *program, n int) (string, error) {
	if !p.isCommand() {
		slots := []uint64{uint64(n)}
		err := x.call(slots)
		return strconv.FormatUint(slots[0], 16), err
	}
	var out bytes.Buffer
	err := x.mod.run([]string{p.name, strconv.Itoa(n)}, &out)
	return out.String(), err
}

// fresh makes a new instance, so that every run starts from the same state.
func (x *prepared) fresh(p *program) (err error) {
	if p.isCommand() {
		return nil
	}
	if err := x.inst.close(); err != nil {
		return err
	}
	if x.inst, err = x.mod.instantiate(); err == nil {
		x.call, err = x.inst.raw("run")
	}
	return err
}

func (x *prepared) close() {
	if x.inst != nil {
		x.inst.close()
	}
	x.mod.close()
	x.rt.close()
}

// compare prepares a program for all engines and calls visit with each, in
// rounds whose order alternates. It fails where checksums differ.
func compare(list []engine, p *program, n, rounds int, visit func(e engine, took time.Duration)) error {
	wasm, err := build(p.source)
	if err != nil {
		return err
	}
	ready := make([]*prepared, len(list))
	for i, e := range list {
		if ready[i], err = prepare(e, p, wasm); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		defer ready[i].close()
		if _, err := ready[i].once(p, 1); err != nil { // warm up: compile what is compiled on demand
			return fmt.Errorf("%s: %s: %w", p.name, e.name(), err)
		}
	}
	want := ""
	for round := range rounds {
		for k := range ready {
			if round%2 == 1 {
				k = len(ready) - 1 - k
			}
			x := ready[k]
			if err := x.fresh(p); err != nil {
				return fmt.Errorf("%s: %s: %w", p.name, x.engine.name(), err)
			}
			settle()
			before := now()
			sum, err := x.once(p, n)
			took := now() - before
			if err != nil {
				return fmt.Errorf("%s: %s: %w", p.name, x.engine.name(), err)
			}
			if want == "" {
				want = sum
			} else if sum != want {
				return fmt.Errorf("%s: %s gives %s, not %s as the others", p.name, x.engine.name(), sum, want)
			}
			visit(x.engine, took)
		}
	}
	return nil
}

// measureSpeed runs all programs.
func measureSpeed(r *results, list []engine, c config) error {
	for i := range programs {
		p := &programs[i]
		err := compare(list, p, max(1, int(float64(p.n)*c.scale)), c.rounds, func(e engine, took time.Duration) {
			r.add(sectionSpeed, p.name, e, unitTime, float64(took))
		})
		if err != nil {
			return err
		}
		c.progress(p.name)
	}
	return nil
}
