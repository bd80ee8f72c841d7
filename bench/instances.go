package main

import "fmt"

// The section on making instances and getting from bytes to a result.

const sectionInstances = "Instances"

const (
	rowSmall    = "instantiate and close a small module"
	rowData     = "the same, with 1 MB of data"
	rowFromWasm = "compile, instantiate, call, close a small module"
)

func measureInstances(r *results, list []engine, c config) error {
	small, err := build(smallSource)
	if err != nil {
		return err
	}
	data, err := withData(1 << 20)
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
		for _, m := range []struct {
			row  string
			wasm []byte
		}{{rowSmall, small}, {rowData, data}} {
			mod, err := rt.compile(m.wasm)
			if err != nil {
				return fmt.Errorf("%s: %w", e.name(), err)
			}
			defer mod.close()
			all[i] = append(all[i], op{m.row, func(n int) error {
				for range n {
					inst, err := mod.instantiate()
					if err != nil {
						return err
					}
					if err := inst.close(); err != nil {
						return err
					}
				}
				return nil
			}, 1})
		}
		all[i] = append(all[i], op{rowFromWasm, func(n int) error {
			for range n {
				if err := fromWasm(rt, small); err != nil {
					return err
				}
			}
			return nil
		}, 1})
	}
	return interleave(r, sectionInstances, list, all, c, func(o op) int {
		switch o.row {
		case rowData:
			return c.count(100)
		case rowFromWasm:
			return c.count(200)
		}
		return c.count(2000)
	})
}

// fromWasm is one way from bytes to the result of a call.
func fromWasm(rt runtime, wasm []byte) error {
	mod, err := rt.compile(wasm)
	if err != nil {
		return err
	}
	inst, err := mod.instantiate()
	if err != nil {
		return err
	}
	add, err := inst.raw("add")
	if err != nil {
		return err
	}
	slots := []uint64{20, 22}
	if err := add(slots); err != nil {
		return err
	}
	if slots[0] != 42 {
		return fmt.Errorf("20 + 22 = %d", slots[0])
	}
	if err := inst.close(); err != nil {
		return err
	}
	return mod.close()
}
