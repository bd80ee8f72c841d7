package smith

import (
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// parts fills all sections but types and code. Initial sizes are small: all
// memories together take at most 512 KiB, all tables 100 elements.
func (b *builder) parts() {
	m := b.m
	m.Index()
	funcs := b.funcTypes(func(*wasm.FuncType) bool { return true })
	for n := 1 + b.intn(6); n > 0; n-- {
		m.Funcs = append(m.Funcs, funcs[b.intn(len(funcs))])
	}
	b.tags()
	b.memories()
	b.tables() // before globals, which their initializers can't name
	b.globals()
	b.elems()
	b.data()
	b.exports()
	if start := b.funcOf(0); start >= 0 && b.oneIn(8) {
		m.HasStart, m.Start = true, wasm.FuncIdx(start)
	}
}

// funcOf returns a function of type x, or -1.
func (b *builder) funcOf(x wasm.TypeIdx) int {
	for k, t := range b.m.Funcs {
		if t == x {
			return k
		}
	}
	return -1
}

func (b *builder) tags() {
	if b.cfg.Features&(op.FeatureExceptions|op.FeatureLegacyExceptions) == 0 {
		return
	}
	types := b.funcTypes(func(t *wasm.FuncType) bool { return len(t.Results) == 0 })
	for n := 1 + b.intn(3); n > 0; n-- {
		b.m.Tags = append(b.m.Tags, types[b.intn(len(types))])
	}
}

func (b *builder) memories() {
	n := b.intn(3)
	if b.has(op.FeatureMultiMemory) {
		n = b.intn(5)
	}
	for ; n > 0; n-- {
		if len(b.m.Memories) == 1 && !b.has(op.FeatureMultiMemory) {
			return
		}
		t := wasm.MemType{PageSizeLog2: wasm.PageSizeLog2}
		t.Min = 1 + uint64(b.intn(2))
		if b.oneIn(10) {
			t.Min = 0
		}
		if b.has(op.FeatureCustomPageSizes) && b.oneIn(4) {
			t.PageSizeLog2, t.CustomPageSize = 0, true
			t.Min = uint64(b.intn(8192))
		}
		t.Addr64 = b.has(op.FeatureMemory64) && b.oneIn(3)
		t.HasMax = b.intn(2) == 0
		if b.has(op.FeatureThreads) && b.oneIn(3) {
			t.Shared, t.HasMax = true, true
		}
		if t.HasMax {
			t.Max = t.Min + uint64(b.intn(4))
		}
		b.m.Memories = append(b.m.Memories, t)
	}
}

func (b *builder) globals() {
	for n := b.intn(7); n > 0; n-- {
		t := b.valType(len(b.m.Types))
		init, ok := b.constExpr(t)
		if !ok {
			t = wasm.I64
			init, _ = b.constExpr(t)
		}
		b.m.Globals = append(b.m.Globals, wasm.Global{Type: wasm.GlobalType{Type: t, Mutable: !b.oneIn(3)}, Init: init})
	}
}

func (b *builder) tables() {
	n := 1
	if b.has(op.FeatureReferenceTypes) {
		n = b.intn(4)
	}
	for ; n > 0; n-- {
		t := wasm.Table{Type: wasm.TableType{Elem: wasm.FuncRef}}
		if b.has(op.FeatureReferenceTypes) && b.intn(2) == 0 {
			t.Type.Elem = b.refType(len(b.m.Types))
		}
		if b.has(op.FeatureFunctionReferences) && (!t.Type.Elem.Nullable() || b.oneIn(3)) {
			init, ok := b.constExpr(t.Type.Elem)
			if !ok {
				t.Type.Elem = wasm.Ref(true, t.Type.Elem.Heap())
			} else {
				t.Init = init
			}
		}
		t.Type.Min = uint64(1 + b.intn(25))
		if b.oneIn(10) {
			t.Type.Min = 0
		}
		t.Type.Addr64 = b.has(op.FeatureMemory64) && b.oneIn(3)
		if b.intn(2) == 0 {
			t.Type.HasMax, t.Type.Max = true, t.Type.Min+uint64(b.intn(20))
		}
		b.m.Tables = append(b.m.Tables, t)
	}
}

func (b *builder) elems() {
	m := b.m
	if b.has(op.FeatureBulkMemory) {
		// Every function may be referred to.
		all := wasm.Elem{Mode: wasm.Declarative, Type: wasm.Ref(false, wasm.HeapFunc)}
		for k := range m.Funcs {
			all.Funcs = append(all.Funcs, wasm.FuncIdx(k))
		}
		m.Elems = append(m.Elems, all)
	}
	for n := b.intn(5); n > 0; n-- {
		b.elem()
	}
}

func (b *builder) elem() {
	m := b.m
	var e wasm.Elem
	if b.has(op.FeatureBulkMemory) && (len(m.Tables) == 0 || b.intn(2) == 0) {
		e.Mode = wasm.Passive
		e.Type = wasm.FuncRef
		if b.has(op.FeatureReferenceTypes) {
			e.Type = b.refType(len(m.Types))
		}
	} else {
		if len(m.Tables) == 0 {
			return
		}
		e.Mode = wasm.Active
		e.Table = wasm.TableIdx(b.intn(len(m.Tables)))
		e.Type = m.Tables[e.Table].Type.Elem
	}
	size := uint64(8)
	if e.Mode == wasm.Active {
		size = m.Tables[e.Table].Type.Min
	}
	count := min(b.intn(6), int(size))
	if e.Type == wasm.FuncRef && b.intn(4) != 0 {
		e.Type = wasm.Ref(false, wasm.HeapFunc)
		for range count {
			e.Funcs = append(e.Funcs, wasm.FuncIdx(b.intn(len(m.Funcs))))
		}
	} else {
		if !b.has(op.FeatureReferenceTypes) {
			return
		}
		e.Exprs = []wasm.Expr{}
		for range count {
			x, ok := b.constExpr(e.Type)
			if !ok {
				break
			}
			e.Exprs = append(e.Exprs, x)
		}
	}
	if e.Mode == wasm.Active {
		t := &m.Tables[e.Table].Type
		at := uint64(b.intn(int(size) - e.Len() + 1))
		if b.oneIn(32) {
			at = size // traps unless the segment is empty
		}
		e.At = b.offset(&t.Limits, at)
		for k, f := range e.Funcs {
			b.placed = append(b.placed, placed{e.Table, at + uint64(k), f})
		}
	}
	m.Elems = append(m.Elems, e)
}

func (b *builder) data() {
	m := b.m
	m.HasDataCount = b.has(op.FeatureBulkMemory)
	for n := b.intn(4); n > 0; n-- {
		d := wasm.Data{Init: make([]byte, b.intn(40))}
		for k := range d.Init {
			d.Init[k] = b.byte()
		}
		switch {
		case len(m.Memories) > 0 && (!b.has(op.FeatureBulkMemory) || b.intn(2) == 0):
			d.Mode = wasm.Active
			if b.has(op.FeatureBulkMemory) { // which brought the form with an index
				d.Mem = wasm.MemIdx(b.intn(len(m.Memories)))
			}
			t := &m.Memories[d.Mem]
			room := int(t.Min<<t.PageSizeLog2) - len(d.Init)
			if room < 0 && !b.oneIn(16) {
				d.Init, room = nil, int(t.Min<<t.PageSizeLog2)
			}
			d.At = b.offset(&t.Limits, uint64(b.intn(max(room, 0)+1)))
		case !b.has(op.FeatureBulkMemory):
			continue
		}
		m.Data = append(m.Data, d)
	}
	if m.HasDataCount {
		m.DataCount = uint32(len(m.Data))
	}
}

// offset returns the constant expression for a position in what l bounds.
func (b *builder) offset(l *wasm.Limits, at uint64) wasm.Expr {
	in := instr.Instr{Op: op.I32Const, Val: at}
	if l.Addr64 {
		in.Op = op.I64Const
	}
	return wasm.Expr{Bytes: append(instr.Append(nil, &in), byte(op.End))}
}

func (b *builder) exports() {
	m := b.m
	add := func(prefix string, kind wasm.ExternKind, n int) {
		for k := range n {
			if kind == wasm.ExternGlobal && m.Globals[k].Type.Mutable && !b.has(op.FeatureMutableGlobal) {
				continue
			}
			m.Exports = append(m.Exports, wasm.Export{Name: fmt.Sprint(prefix, k), Kind: kind, Index: uint32(k)})
		}
	}
	add("f", wasm.ExternFunc, len(m.Funcs))
	add("t", wasm.ExternTable, len(m.Tables))
	add("m", wasm.ExternMemory, len(m.Memories))
	add("g", wasm.ExternGlobal, len(m.Globals))
	add("e", wasm.ExternTag, len(m.Tags))
}
