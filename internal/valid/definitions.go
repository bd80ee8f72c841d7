package valid

import (
	"math"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// imports checks the types of imports.
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
