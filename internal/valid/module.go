package valid

import (
	"context"
	"math"

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

func (c *checker) imports() error {
	m := c.info.Module
	for k := range m.Imports {
		im := &m.Imports[k]
		c.at = im.Offset
		if n := max(len(im.Module), len(im.Name)); n > wasm.MaxNameSize {
			return &wasm.LimitError{Name: "bytes of a name", Have: uint64(n), Max: wasm.MaxNameSize}
		}
		var err error
		switch im.Kind {
		case wasm.ExternFunc:
			err = c.funcIndex(im.Func)
		case wasm.ExternTable:
			err = c.tableType(&im.Table)
		case wasm.ExternMemory:
			err = c.memType(&im.Mem)
		case wasm.ExternGlobal:
			if err = c.valType(im.Global.Type, uint32(len(m.Types))); err == nil && im.Global.Mutable {
				err = c.need(op.FeatureMutableGlobal, msgMutableGlobal)
			}
		case wasm.ExternTag:
			err = c.tagType(im.Tag)
		}
		if err != nil {
			return err
		}
		if err := c.cancelled(1); err != nil {
			return err
		}
	}
	return nil
}

// funcIndex checks that type x is a function type.
func (c *checker) funcIndex(x wasm.TypeIdx) error {
	if ft, msg := c.info.funcTypeAt(uint32(x)); ft == nil {
		return c.fail(msg)
	}
	return nil
}

func (c *checker) tagType(x wasm.TypeIdx) error {
	c.needed |= op.FeatureExceptions
	if c.info.Features&(op.FeatureExceptions|op.FeatureLegacyExceptions) == 0 {
		return c.fail(needs("a tag", op.FeatureExceptions))
	}
	ft, msg := c.info.funcTypeAt(uint32(x))
	if ft == nil {
		return c.fail(msg)
	}
	if len(ft.Results) > 0 {
		return c.fail(msgTagResult)
	}
	return nil
}

func (c *checker) funcs() error {
	m := c.info.Module
	for k, x := range m.Funcs {
		c.at = m.Code[k].Start
		if err := c.funcIndex(x); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) tags() error {
	c.at = 0
	for _, x := range c.info.Module.Tags {
		if err := c.tagType(x); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) memories() error {
	m := c.info.Module
	c.at = 0
	for k := range m.Memories {
		if err := c.memType(&m.Memories[k]); err != nil {
			return err
		}
	}
	if m.NumMemories() > 1 {
		return c.need(op.FeatureMultiMemory, msgMultiMemories)
	}
	return nil
}

func (c *checker) memType(t *wasm.MemType) error {
	if t.CustomPageSize || t.PageSizeLog2 != wasm.PageSizeLog2 {
		if err := c.need(op.FeatureCustomPageSizes, "a page size"); err != nil {
			return err
		}
		if t.PageSizeLog2 != 0 && t.PageSizeLog2 != wasm.PageSizeLog2 {
			return c.fail(msgPageSize)
		}
	}
	var most uint64
	var msg string
	switch {
	case t.Addr64:
		if err := c.need(op.FeatureMemory64, "a memory indexed by i64"); err != nil {
			return err
		}
		if most, msg = 1<<48, msgMemory64; t.PageSizeLog2 == 0 {
			most = math.MaxUint64
		}
	case t.PageSizeLog2 == 0:
		most, msg = math.MaxUint32, msgMemoryBytes32
	default:
		most, msg = 1<<16, msgMemory32
	}
	if err := c.limits(&t.Limits, most, msg); err != nil {
		return err
	}
	if !t.Shared {
		return nil
	}
	if err := c.need(op.FeatureThreads, "a shared memory"); err != nil {
		return err
	}
	if !t.HasMax {
		return c.fail(msgShared)
	}
	return nil
}

// limits checks that limits are in order and at most most, otherwise fails with
// msg.
func (c *checker) limits(l *wasm.Limits, most uint64, msg string) error {
	switch {
	case l.Min > most || l.HasMax && l.Max > most:
		return c.fail(msg)
	case l.HasMax && l.Min > l.Max:
		return c.fail(msgLimits)
	}
	return nil
}

func (c *checker) tableType(t *wasm.TableType) error {
	// Tables of functions are older than reference types.
	if t.Elem != wasm.FuncRef {
		if !t.Elem.IsRef() {
			return c.fail(msgTypeMismatch + ": table of " + t.Elem.String())
		}
		if err := c.valType(t.Elem, uint32(len(c.info.Module.Types))); err != nil {
			return err
		}
	}
	if t.Addr64 {
		if err := c.need(op.FeatureMemory64, "a table indexed by i64"); err != nil {
			return err
		}
		return c.limits(&t.Limits, math.MaxUint64, "")
	}
	return c.limits(&t.Limits, math.MaxUint32, msgTableSize32)
}

func (c *checker) tables() error {
	m := c.info.Module
	c.at = 0
	for k := range m.Tables {
		t := &m.Tables[k]
		if err := c.tableType(&t.Type); err != nil {
			return err
		}
		if len(t.Init.Bytes) > 0 {
			c.at = t.Init.Offset
			if err := c.need(op.FeatureFunctionReferences, "a table with an initializer"); err != nil {
				return err
			}
			if err := c.f.constExpr(t.Init, t.Type.Elem, m.ImportCount(wasm.ExternGlobal)); err != nil {
				return err
			}
		} else if !t.Type.Elem.Defaultable() {
			return c.fail(msgTypeMismatch + ": table of " + t.Type.Elem.String() + " without an initializer")
		}
	}
	if m.NumTables() > 1 {
		return c.need(op.FeatureReferenceTypes, msgMultiTables)
	}
	return nil
}

func (c *checker) globals() error {
	m := c.info.Module
	imported := m.ImportCount(wasm.ExternGlobal)
	for k := range m.Globals {
		g := &m.Globals[k]
		c.at = g.Init.Offset
		if err := c.valType(g.Type.Type, uint32(len(m.Types))); err != nil {
			return err
		}
		visible := imported
		if c.info.Features.Has(op.FeatureGC) {
			visible += k
		}
		if err := c.f.constExpr(g.Init, g.Type.Type, visible); err != nil {
			return err
		}
		if err := c.cancelled(1); err != nil {
			return err
		}
	}
	return nil
}

// constGlobals returns the number of globals that the offsets and items of
// segments may name.
func (c *checker) constGlobals() int {
	if c.info.Features.Has(op.FeatureGC) {
		return c.info.Module.NumGlobals()
	}
	return c.info.Module.ImportCount(wasm.ExternGlobal)
}

func (c *checker) elems() error {
	m := c.info.Module
	for k := range m.Elems {
		if err := c.elem(&m.Elems[k]); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) elem(e *wasm.Elem) error {
	m := c.info.Module
	c.at = e.Offset
	if n := e.Len(); n > wasm.MaxSegmentLen {
		return &wasm.LimitError{Name: "elements of a segment", Have: uint64(n), Max: wasm.MaxSegmentLen}
	}
	if e.Flags != 0 {
		c.needed |= op.FeatureBulkMemory // the binary form is
	}
	if e.Mode != wasm.Active {
		if err := c.need(op.FeatureBulkMemory, "an element segment that is not active"); err != nil {
			return err
		}
	}
	if !e.Type.IsRef() {
		return c.fail(msgTypeMismatch + ": element segment of " + e.Type.String())
	}
	// Segments of function indices are older than reference types.
	if len(e.Exprs) > 0 || e.Type.Heap() != wasm.HeapFunc {
		if err := c.valType(e.Type, uint32(len(m.Types))); err != nil {
			return err
		}
	}
	if e.Mode == wasm.Active {
		if uint64(e.Table) >= uint64(m.NumTables()) {
			return c.fail(unknown("table", uint32(e.Table)))
		}
		t := m.TableType(e.Table)
		if !c.info.Subtype(e.Type, t.Elem) {
			return c.fail(msgTypeMismatch + ": segment of " + e.Type.String() + " for a table of " + t.Elem.String())
		}
		if err := c.f.constExpr(e.At, t.AddrType(), c.constGlobals()); err != nil {
			return err
		}
	}
	for _, x := range e.Funcs {
		if uint64(x) >= uint64(m.NumFuncs()) {
			return c.fail(unknown("function", uint32(x)))
		}
		if e.Type.Heap() != wasm.HeapFunc && !c.info.Subtype(wasm.Ref(false, wasm.HeapType(m.FuncTypeIdx(x))), e.Type) {
			return c.fail(msgTypeMismatch + ": function in a segment of " + e.Type.String())
		}
		c.info.Declared[x] = true
	}
	globals := c.constGlobals()
	for _, expr := range e.Exprs {
		if err := c.f.constExpr(expr, e.Type, globals); err != nil {
			return err
		}
		if err := c.cancelled(1); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) data() error {
	m := c.info.Module
	for k := range m.Data {
		d := &m.Data[k]
		c.at = d.Offset
		if d.Flags != 0 {
			c.needed |= op.FeatureBulkMemory // the binary form is
		}
		if d.Mode != wasm.Active {
			if err := c.need(op.FeatureBulkMemory, "a data segment that is not active"); err != nil {
				return err
			}
			continue
		}
		if uint64(d.Mem) >= uint64(m.NumMemories()) {
			return c.fail(unknown("memory", uint32(d.Mem)))
		}
		if err := c.f.constExpr(d.At, m.MemType(d.Mem).AddrType(), c.constGlobals()); err != nil {
			return err
		}
	}
	return nil
}

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
