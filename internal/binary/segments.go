package binary

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Bits of the flags of an element segment. Bit 1 says for active segments that
// a table index follows, for all others that they are declarative.
const (
	elemNotActive = 1 << 0
	elemExplicit  = 1 << 1
	elemExprs     = 1 << 2
	elemAllFlags  = elemNotActive | elemExplicit | elemExprs
)

// The flags of a data segment.
const (
	dataActive    = 0
	dataPassive   = 1
	dataActiveMem = 2 // with a memory index
)

// funcRefNonNull is the type of segments of function indices.
var funcRefNonNull = wasm.Ref(false, wasm.HeapFunc)

func (d *decoder) elementSection() {
	n := d.count(0, wasm.MaxElemSegments, limitElems)
	d.m.Elems = make([]wasm.Elem, 0, d.room(n, 3))
	for i := uint32(0); i < n && d.ok(); i++ {
		d.m.Elems = append(d.m.Elems, wasm.Elem{})
		d.elem(&d.m.Elems[i])
	}
}

func (d *decoder) elem(e *wasm.Elem) {
	e.Offset = d.r.Offset()
	flags := d.r.U32()
	if flags > elemAllFlags || flags != 0 && !d.features.Has(op.FeatureBulkMemory) {
		d.r.Fail(e.Offset, msgElemFlags)
		return
	}
	e.Flags = uint8(flags)
	switch {
	case flags&elemNotActive == 0:
		e.Mode = wasm.Active
		if flags&elemExplicit != 0 {
			e.Table = wasm.TableIdx(d.r.U32())
		}
		e.At = d.expr()
	case flags&elemExplicit != 0:
		e.Mode = wasm.Declarative
	default:
		e.Mode = wasm.Passive
	}
	short := flags&(elemNotActive|elemExplicit) == 0 // the type is implied
	switch {
	case flags&elemExprs == 0:
		e.Type = funcRefNonNull
		if at := d.r.Offset(); !short && d.r.Byte() != 0 {
			d.r.Fail(at, msgElemKind)
		}
	case short:
		e.Type = wasm.FuncRef
	default:
		e.Type = d.r.ElemType()
	}
	n := d.count(0, wasm.MaxSegmentLen, limitElemLen)
	if flags&elemExprs == 0 {
		e.Funcs = make([]wasm.FuncIdx, n)
		for i := range e.Funcs {
			e.Funcs[i] = wasm.FuncIdx(d.r.U32())
		}
		return
	}
	// An expression takes much more room decoded than in the module, so their
	// number is limited over all segments too.
	d.elemExprs += uint64(n)
	if !d.within(d.elemExprs, wasm.MaxSegmentLen, limitElemExprs) {
		return
	}
	e.Exprs = make([]wasm.Expr, 0, d.room(n, 3))
	for i := uint32(0); i < n && d.ok(); i++ {
		e.Exprs = append(e.Exprs, d.expr())
	}
}

func (d *decoder) dataSection() {
	n := d.count(0, wasm.MaxDataSegments, limitData)
	d.m.Data = make([]wasm.Data, 0, d.room(n, 2))
	for i := uint32(0); i < n && d.ok(); i++ {
		d.m.Data = append(d.m.Data, wasm.Data{})
		d.data(&d.m.Data[i])
	}
}

func (d *decoder) data(s *wasm.Data) {
	s.Offset = d.r.Offset()
	flags := d.r.U32()
	if flags > dataActiveMem || flags != dataActive && !d.features.Has(op.FeatureBulkMemory) {
		d.r.Fail(s.Offset, msgDataFlags)
		return
	}
	s.Flags = uint8(flags)
	if flags != dataPassive {
		s.Mode = wasm.Active
		if flags == dataActiveMem {
			s.Mem = wasm.MemIdx(d.r.U32())
		}
		s.At = d.expr()
	}
	s.Init = d.r.Bytes(d.r.U32())
}
