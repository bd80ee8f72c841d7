package binary

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// tablePrefix begins a table with an initializer, followed by a zero byte.
const tablePrefix = 0x40

func (d *decoder) importSection() {
	d.setText(d.rest())
	n := d.count(0, wasm.MaxImports, limitImports)
	m := d.m
	m.Imports = make([]wasm.Import, 0, d.room(n, 4))
	for i := uint32(0); i < n && d.ok(); i++ {
		m.Imports = append(m.Imports, wasm.Import{})
		d.importEntry(&m.Imports[i])
	}
	if !d.ok() {
		return
	}
	m.Index()
	for _, l := range [...]struct {
		kind wasm.ExternKind
		max  uint64
		name string
	}{
		{wasm.ExternFunc, wasm.MaxFuncs, limitFuncs},
		{wasm.ExternTable, wasm.MaxTables, limitTables},
		{wasm.ExternMemory, wasm.MaxMemories, limitMemories},
		{wasm.ExternGlobal, wasm.MaxGlobals, limitGlobals},
		{wasm.ExternTag, wasm.MaxTags, limitTags},
	} {
		if !d.within(uint64(m.ImportCount(l.kind)), l.max, l.name) {
			return
		}
	}
}

func (d *decoder) importEntry(im *wasm.Import) {
	im.Offset = d.r.Offset()
	im.Module = d.name()
	im.Name = d.name()
	im.Kind = d.externKind(msgImportKind)
	if !d.ok() {
		return
	}
	switch im.Kind {
	case wasm.ExternFunc:
		im.Func = wasm.TypeIdx(d.r.U32())
	case wasm.ExternTable:
		im.Table = d.tableType()
	case wasm.ExternMemory:
		im.Mem = d.memType()
	case wasm.ExternGlobal:
		im.Global = d.globalType()
	case wasm.ExternTag:
		im.Tag = d.tagType()
	}
}

// externKind reads the kind of an import or export.
func (d *decoder) externKind(msg string) wasm.ExternKind {
	at := d.r.Offset()
	k := wasm.ExternKind(d.r.Byte())
	if k > wasm.ExternTag || k == wasm.ExternTag && !hasTags(d.features) {
		d.r.Fail(at, msg)
	}
	return k
}

// rest returns the bytes of the section that are still to be read, without
// reading them.
func (d *decoder) rest() []byte {
	end := int(d.r.Offset()) + d.r.Len()
	return d.m.Bytes[d.r.Offset():end]
}

func (d *decoder) functionSection() {
	n := d.count(d.m.ImportCount(wasm.ExternFunc), wasm.MaxFuncs, limitFuncs)
	d.m.Funcs = make([]wasm.TypeIdx, n)
	for i := range d.m.Funcs {
		d.m.Funcs[i] = wasm.TypeIdx(d.r.U32())
	}
}

func (d *decoder) tableSection() {
	n := d.count(d.m.ImportCount(wasm.ExternTable), wasm.MaxTables, limitTables)
	d.m.Tables = make([]wasm.Table, 0, d.room(n, 3))
	for i := uint32(0); i < n && d.ok(); i++ {
		var t wasm.Table
		b, _ := d.r.Peek()
		hasInit := b == tablePrefix && d.features.Has(op.FeatureFunctionReferences)
		if hasInit {
			d.r.Byte()
			at := d.r.Offset()
			if d.r.Byte() != 0 {
				d.r.Fail(at, msgZeroByte)
			}
		}
		t.Type = d.tableType()
		if hasInit {
			t.Init = d.expr()
		}
		d.m.Tables = append(d.m.Tables, t)
	}
}

func (d *decoder) memorySection() {
	n := d.count(d.m.ImportCount(wasm.ExternMemory), wasm.MaxMemories, limitMemories)
	d.m.Memories = make([]wasm.MemType, n)
	for i := range d.m.Memories {
		d.m.Memories[i] = d.memType()
	}
}

func (d *decoder) tagSection() {
	n := d.count(d.m.ImportCount(wasm.ExternTag), wasm.MaxTags, limitTags)
	d.m.Tags = make([]wasm.TypeIdx, n)
	for i := range d.m.Tags {
		d.m.Tags[i] = d.tagType()
	}
}

func (d *decoder) globalSection() {
	n := d.count(d.m.ImportCount(wasm.ExternGlobal), wasm.MaxGlobals, limitGlobals)
	d.m.Globals = make([]wasm.Global, 0, d.room(n, 3))
	for i := uint32(0); i < n && d.ok(); i++ {
		d.m.Globals = append(d.m.Globals, wasm.Global{Type: d.globalType(), Init: d.expr()})
	}
}

func (d *decoder) exportSection() {
	d.setText(d.rest())
	n := d.count(0, wasm.MaxExports, limitExports)
	d.m.Exports = make([]wasm.Export, 0, d.room(n, 3))
	for i := uint32(0); i < n && d.ok(); i++ {
		at := d.r.Offset()
		d.m.Exports = append(d.m.Exports, wasm.Export{
			Name: d.name(), Kind: d.externKind(msgExportKind), Index: d.r.U32(), Offset: at,
		})
	}
}

// expr reads a constant expression up to the end that matches its beginning,
// and keeps its bytes. Which instructions are constant is for package valid.
func (d *decoder) expr() wasm.Expr {
	at := d.r.Offset()
	for depth := 1; depth > 0; {
		if b, ok := d.r.Peek(); ok && depth == 1 && (b == byte(op.Else) || b == byte(op.Catch) || b == byte(op.Delegate) || b == byte(op.CatchAll)) {
			// These end a sequence of instructions as end does, but nothing
			// here can have begun with if or try.
			d.r.Fail(d.r.Offset(), msgEndOpcode)
		}
		if !d.r.Instr(&d.in) {
			return wasm.Expr{Offset: at}
		}
		switch d.in.Op {
		case op.Block, op.Loop, op.If, op.Try, op.TryTable:
			depth++
		case op.End, op.Delegate:
			depth--
		}
	}
	return wasm.Expr{Offset: at, Bytes: d.m.Bytes[at:d.r.Offset():d.r.Offset()]}
}
