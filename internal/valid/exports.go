package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// start checks the start section.
func (c *checker) start() error {
	m := c.info.Module
	if !m.HasStart {
		return nil
	}
	c.at = 0
	if uint64(m.Start) >= uint64(m.NumFuncs()) {
		return c.fail(unknown("function", uint32(m.Start)))
	}
	if ft := m.FuncType(m.Start); len(ft.Params)+len(ft.Results) > 0 {
		return c.fail(msgStart + " must have type [] -> [], not " + ft.String())
	}
	return nil
}

func (c *checker) exports() error {
	m := c.info.Module
	seen := make(map[string]struct{}, len(m.Exports))
	for k := range m.Exports {
		e := &m.Exports[k]
		c.at = e.Offset
		if n := len(e.Name); n > wasm.MaxNameSize {
			return &wasm.LimitError{Name: "bytes of a name", Have: uint64(n), Max: wasm.MaxNameSize}
		}
		var size int
		var what string
		switch e.Kind {
		case wasm.ExternFunc:
			size, what = m.NumFuncs(), "function"
		case wasm.ExternTable:
			size, what = m.NumTables(), "table"
		case wasm.ExternMemory:
			size, what = m.NumMemories(), "memory"
		case wasm.ExternGlobal:
			size, what = m.NumGlobals(), "global"
		case wasm.ExternTag:
			size, what = m.NumTags(), "tag"
		}
		if uint64(e.Index) >= uint64(size) {
			return c.fail(unknown(what, e.Index))
		}
		switch e.Kind {
		case wasm.ExternFunc:
			c.info.Declared[e.Index] = true
		case wasm.ExternGlobal:
			if m.GlobalType(wasm.GlobalIdx(e.Index)).Mutable {
				if err := c.need(op.FeatureMutableGlobal, msgMutableGlobal); err != nil {
					return err
				}
			}
		}
		if _, dup := seen[e.Name]; dup {
			return c.fail(msgDuplicateExport + ": " + e.Name)
		}
		seen[e.Name] = struct{}{}
	}
	return nil
}
