package main

import (
	"fmt"
	goruntime "runtime"
)

// The section on the cost of one call between Go and Wasm.

const sectionCalls = "Calls between Go and Wasm"

// op is something to do n times.
type op struct {
	row string
	do  func(n int) error
	// per is how many of the things measured one of n is.
	per int
}

// settle collects garbage, so that no engine pays for another's.
func settle() { goruntime.GC() }

// measure does an op n times in a row and reports the time and the allocations
// of one.
func measure(r *results, section string, e engine, o op, n int) error {
	var before, after goruntime.MemStats
	settle()
	goruntime.ReadMemStats(&before)
	start := now()
	err := o.do(n)
	took := now() - start
	goruntime.ReadMemStats(&after)
	if err != nil {
		return fmt.Errorf("%s: %s: %w", e.name(), o.row, err)
	}
	count := float64(n * o.per)
	r.add(section, o.row, e, unitTime, float64(took)/count)
	// A few allocations are the measurement's own.
	r.add(section, o.row, e, unitAllocs, float64(int(float64(after.Mallocs-before.Mallocs)/count+0.01)))
	return nil
}

// callOps are the calls that an engine has.
func callOps(inst instance) ([]op, error) {
	var ops []op
	for _, h := range []struct{ row, export string }{
		{"host function () -> ()", "host_nop"},
		{"host function (i32 i32) -> i32", "host_add"},
		{"the same, of any Go type", "host_any"},
	} {
		call, err := inst.raw(h.export)
		if err != nil {
			return nil, err
		}
		slots := make([]uint64, 1)
		ops = append(ops, op{h.row, func(n int) error {
			slots[0] = uint64(n)
			return call(slots)
		}, 8})
	}
	empty, err := inst.raw("empty")
	if err != nil {
		return nil, err
	}
	ops = append(ops, op{"export () -> (), slots", func(n int) error {
		for range n {
			if err := empty(nil); err != nil {
				return err
			}
		}
		return nil
	}, 1})
	sum, err := inst.raw("sum")
	if err != nil {
		return nil, err
	}
	slots := make([]uint64, 2)
	ops = append(ops, op{"export (i32 i32) -> i32, slots", func(n int) error {
		for i := range n {
			slots[0], slots[1] = uint64(uint32(i)), 2
			if err := sum(slots); err != nil {
				return err
			}
			if uint32(slots[0]) != uint32(i)+2 {
				return fmt.Errorf("%d + 2 = %d", i, slots[0])
			}
		}
		return nil
	}, 1})
	for _, kind := range []struct {
		row string
		get func(string) (func(a, b int32) (int32, error), error)
	}{{"the same, typed", inst.typed}, {"the same, dynamic", inst.dynamic}} {
		f, err := kind.get("sum")
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue
		}
		ops = append(ops, op{kind.row, func(n int) error {
			for i := range n {
				if got, err := f(int32(i), 2); err != nil {
					return err
				} else if got != int32(i)+2 {
					return fmt.Errorf("%d + 2 = %d", i, got)
				}
			}
			return nil
		}, 1})
	}
	return ops, nil
}

func measureCalls(r *results, list []engine, c config) error {
	wasm, err := build(callsSource)
	if err != nil {
		return err
	}
	all := make([][]op, len(list))
	for i, e := range list {
		rt, err := e.open(options{})
		if err != nil {
			return err
		}
		defer rt.close()
		mod, err := rt.compile(wasm)
		if err != nil {
			return fmt.Errorf("%s: %w", e.name(), err)
		}
		inst, err := mod.instantiate()
		if err != nil {
			return fmt.Errorf("%s: %w", e.name(), err)
		}
		defer inst.close()
		if all[i], err = callOps(inst); err != nil {
			return fmt.Errorf("%s: %w", e.name(), err)
		}
	}
	return interleave(r, sectionCalls, list, all, c, func(op) int { return c.count(200_000) })
}

// interleave measures the ops of all engines in rounds whose order alternates.
func interleave(r *results, section string, list []engine, all [][]op, c config, count func(op) int) error {
	for round := range c.rounds {
		for k := range list {
			if round%2 == 1 {
				k = len(list) - 1 - k
			}
			for _, o := range all[k] {
				if round == 0 { // warm up
					if err := o.do(10); err != nil {
						return fmt.Errorf("%s: %s: %w", list[k].name(), o.row, err)
					}
				}
				if err := measure(r, section, list[k], o, count(o)); err != nil {
					return err
				}
			}
		}
	}
	c.progress(section)
	return nil
}
