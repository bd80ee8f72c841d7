package binary

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Bytes that begin a definition type, besides the composite types, which are
// the values of wasm.CompKind.
const (
	defRec      = 0x4E
	defSubFinal = 0x4F
	defSub      = 0x50
)

// typeSection reads the recursive groups.
func (d *decoder) typeSection() {
	n := d.count(0, wasm.MaxRecGroups, limitRecGroups)
	m := d.m
	m.RecGroups = make([]wasm.RecGroup, 0, d.room(n, 2))
	m.Types = make([]wasm.SubType, 0, d.room(n, 2))
	for range n {
		if !d.ok() {
			return
		}
		g := wasm.RecGroup{Start: uint32(len(m.Types)), Len: 1}
		if b, _ := d.r.Peek(); b == defRec && d.features.Has(op.FeatureGC) {
			d.r.Byte()
			g.Explicit = true
			g.Len = d.count(0, wasm.MaxRecGroupTypes, limitRecGroupTypes)
		}
		if !d.within(uint64(len(m.Types))+uint64(g.Len), wasm.MaxTypes, limitTypes) {
			return
		}
		for i := uint32(0); i < g.Len && d.ok(); i++ {
			m.Types = append(m.Types, wasm.SubType{})
			d.subType(&m.Types[len(m.Types)-1])
		}
		m.RecGroups = append(m.RecGroups, g)
	}
}

func (d *decoder) subType(t *wasm.SubType) {
	t.Final = true
	at := d.r.Offset()
	b := d.r.Byte()
	if (b == defSub || b == defSubFinal) && d.features.Has(op.FeatureGC) {
		t.Final = b == defSubFinal
		n := d.count(0, wasm.MaxTypes, limitTypes)
		t.Supers = make([]wasm.TypeIdx, n)
		for i := range t.Supers {
			t.Supers[i] = wasm.TypeIdx(d.r.U32())
		}
		at = d.r.Offset()
		b = d.r.Byte()
	}
	if !d.ok() {
		return
	}
	t.Kind = wasm.CompKind(b)
	switch {
	case t.Kind == wasm.KindFunc:
		t.Func.Params = d.valTypes(wasm.MaxParams, limitParams)
		t.Func.Results = d.valTypes(wasm.MaxResults, limitResults)
	case t.Kind == wasm.KindStruct && d.features.Has(op.FeatureGC):
		t.Fields = d.fields.take(int(d.count(0, wasm.MaxStructFields, limitFields)))
	case t.Kind == wasm.KindArray && d.features.Has(op.FeatureGC):
		t.Fields = d.fields.take(1)
	case b >= 0x80: // the byte is an s7, of which this would be the first half
		d.r.Fail(at, msgTooLong)
	default:
		d.r.Fail(at, msgDefType)
	}
	for i := range t.Fields {
		t.Fields[i] = wasm.FieldType{Type: d.r.StorageType(), Mutable: d.mutability()}
	}
}

func (d *decoder) valTypes(max uint64, name string) []wasm.ValType {
	ts := d.types.take(int(d.count(0, max, name)))
	for i := range ts {
		ts[i] = d.r.ValType()
	}
	return ts
}

func (d *decoder) mutability() bool {
	at := d.r.Offset()
	b := d.r.Byte()
	if b > 1 {
		d.r.Fail(at, msgMutability)
	}
	return b == 1
}

// Bits of the flags byte of limits.
const (
	limitsMax      = 1 << 0
	limitsShared   = 1 << 1
	limitsAddr64   = 1 << 2
	limitsPageSize = 1 << 3
)

// limits reads the flags byte, of which only the bits in allowed may be set,
// minimum and maximum.
func (d *decoder) limits(allowed byte) (l wasm.Limits, flags byte) {
	if d.features.Has(op.FeatureMemory64) {
		allowed |= limitsAddr64
	}
	at := d.r.Offset()
	flags = d.r.Byte()
	if flags&^(allowed|limitsMax) != 0 {
		d.r.Fail(at, msgLimitsFlags)
		return l, 0
	}
	l.HasMax = flags&limitsMax != 0
	l.Addr64 = flags&limitsAddr64 != 0
	l.Min = d.bound()
	if l.HasMax {
		l.Max = d.bound()
	}
	return l, flags
}

// bound reads one limit: since the memory64 proposal a u64 for either index
// type; package valid checks the range.
func (d *decoder) bound() uint64 {
	if d.features.Has(op.FeatureMemory64) {
		return d.r.U64()
	}
	return uint64(d.r.U32())
}

func (d *decoder) memType() (t wasm.MemType) {
	var allowed byte
	if d.features.Has(op.FeatureThreads) {
		allowed |= limitsShared
	}
	if d.features.Has(op.FeatureCustomPageSizes) {
		allowed |= limitsPageSize
	}
	var flags byte
	t.Limits, flags = d.limits(allowed)
	t.Shared = flags&limitsShared != 0
	t.PageSizeLog2 = wasm.PageSizeLog2
	if flags&limitsPageSize != 0 {
		at := d.r.Offset()
		n := d.r.U32()
		if n >= 64 {
			d.r.Fail(at, msgPageSize)
			return t
		}
		t.CustomPageSize, t.PageSizeLog2 = true, uint8(n)
	}
	return t
}

func (d *decoder) tableType() (t wasm.TableType) {
	t.Elem = d.r.ElemType()
	t.Limits, _ = d.limits(0)
	return t
}

func (d *decoder) globalType() wasm.GlobalType {
	return wasm.GlobalType{Type: d.r.ValType(), Mutable: d.mutability()}
}

// tagType reads the attribute byte, of which zero (exception) is the only
// value, and the type index.
func (d *decoder) tagType() wasm.TypeIdx {
	at := d.r.Offset()
	if d.r.Byte() != 0 {
		d.r.Fail(at, msgTagAttribute)
	}
	return wasm.TypeIdx(d.r.U32())
}
