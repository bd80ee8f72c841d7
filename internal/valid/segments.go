package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

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
