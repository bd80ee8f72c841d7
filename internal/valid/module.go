package valid

import (
	"context"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Module checks m and returns what validation learned about it. Errors are
// *wasm.DecodeError (for bodies and constant expressions that are malformed),
// *wasm.ValidationError, *wasm.LimitError, and those of ctx. Of several invalid
// functions the error is about the one with the lowest index.
//
// The time taken is linear in the size of the module, times the number of
// operands that single instructions may take (see the limits of package wasm).
func Module(ctx context.Context, m *wasm.Module, cfg Config) (*Info, error) {
	info := &Info{Module: m, Features: cfg.Features, fast: fastOps}
	c := &checker{info: info, ctx: ctx}
	if err := c.module(); err != nil {
		return nil, err
	}
	info.Needed |= c.needed
	if err := c.bodies(cfg.Parallelism); err != nil {
		return nil, err
	}
	// What two proposals brought is in order with either.
	info.Needed &= cfg.Features
	return info, nil
}

// checker checks what is outside of functions.
type checker struct {
	info   *Info
	ctx    context.Context
	f      *Func       // for constant expressions
	at     wasm.Offset // of the item being checked
	needed wasm.Feature
	steps  int // see cancelled
}

// fail returns a validation error about the current item.
func (c *checker) fail(msg string) error {
	return &wasm.ValidationError{Func: -1, Offset: c.at, Msg: msg}
}

// need records that the module needs the proposals in fs, and fails if they
// are not all on.
func (c *checker) need(fs wasm.Feature, what string) error {
	c.needed |= fs
	if missing := fs &^ c.info.Features; missing != 0 {
		return c.fail(needs(what, missing))
	}
	return nil
}

// cancelled looks at the context once in a while; n is the number of items that
// have been checked since the last call.
func (c *checker) cancelled(n int) error {
	const interval = 1 << 12
	if c.steps += n; c.steps < interval {
		return nil
	}
	c.steps = 0
	return context.Cause(c.ctx)
}

func (c *checker) module() error {
	m := c.info.Module
	for _, check := range []func() error{c.counts, c.types, c.imports, c.funcs, c.tags, c.memories} {
		if err := check(); err != nil {
			return err
		}
	}
	if m.NumMemories() > 0 {
		c.info.mem0 = m.MemType(0).AddrType()
	}
	if c.info.Features.Has(op.FeatureBranchHinting) {
		if c.info.hints = branchHints(m); len(c.info.hints) > 0 {
			c.needed |= op.FeatureBranchHinting
		}
	}
	c.info.funcs = make([]*wasm.FuncType, m.NumFuncs())
	for k := range c.info.funcs {
		c.info.funcs[k] = m.FuncType(wasm.FuncIdx(k))
	}
	c.info.Declared = make([]bool, m.NumFuncs())
	c.f = newFunc(c.ctx, c.info)
	for _, check := range []func() error{c.tables, c.globals, c.elems, c.data, c.start, c.exports} {
		if err := check(); err != nil {
			return err
		}
	}
	c.needed |= c.f.needed
	return nil
}

// counts checks the sizes of the index spaces.
func (c *checker) counts() error {
	m := c.info.Module
	for _, l := range []struct {
		name      string
		have, max int
	}{
		{"types", len(m.Types), wasm.MaxTypes},
		{"recursion groups", len(m.RecGroups), wasm.MaxRecGroups},
		{"functions", m.NumFuncs(), wasm.MaxFuncs},
		{"imports", len(m.Imports), wasm.MaxImports},
		{"exports", len(m.Exports), wasm.MaxExports},
		{"globals", m.NumGlobals(), wasm.MaxGlobals},
		{"tags", m.NumTags(), wasm.MaxTags},
		{"tables", m.NumTables(), wasm.MaxTables},
		{"memories", m.NumMemories(), wasm.MaxMemories},
		{"element segments", len(m.Elems), wasm.MaxElemSegments},
		{"data segments", len(m.Data), wasm.MaxDataSegments},
	} {
		if l.have > l.max {
			return &wasm.LimitError{Name: l.name, Have: uint64(l.have), Max: uint64(l.max)}
		}
	}
	if len(m.Code) != len(m.Funcs) {
		return &wasm.DecodeError{Func: -1, Msg: "function and code section have inconsistent lengths"}
	}
	if m.HasDataCount {
		c.needed |= op.FeatureBulkMemory
	}
	return nil
}
