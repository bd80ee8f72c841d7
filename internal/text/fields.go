package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// kindOf maps keywords to kinds of imports and exports.
var kindOf = map[word]wasm.ExternKind{
	wordFunc: wasm.ExternFunc, wordTable: wasm.ExternTable, wordMemory: wasm.ExternMemory,
	wordGlobal: wasm.ExternGlobal, wordTag: wasm.ExternTag,
}

// externKind reads ( and the keyword of a kind of imports or exports.
func (p *parser) externKind() (wasm.ExternKind, word) {
	if t := p.next(); t.kind != tokLParen {
		p.unexpected(t, "(")
		return 0, 0
	}
	t := p.next()
	k, ok := kindOf[t.word]
	if t.kind != tokWord || !ok {
		p.unexpected(t, "func, table, memory, global or tag")
	}
	return k, t.word
}

// export reads the rest of an export: (kind index).
func (p *parser) export(name string) {
	k, w := p.externKind()
	if p.err != nil {
		return
	}
	x := p.index(p.spaceOf(w))
	p.close()
	p.m.Exports = append(p.m.Exports, wasm.Export{Name: name, Kind: k, Index: x})
}

// inlineExports reads (export "name")* for the item that is being defined.
func (p *parser) inlineExports(k wasm.ExternKind, x uint32) {
	for p.open(wordExport) {
		p.m.Exports = append(p.m.Exports, wasm.Export{Name: p.name(), Kind: k, Index: x})
		p.close()
	}
}

// importField reads (import "module" "name" (kind id? type)).
func (p *parser) importField(at token) {
	im := wasm.Import{Module: p.name(), Name: p.name()}
	var w word
	im.Kind, w = p.externKind()
	if p.err != nil {
		return
	}
	addName(p.namesOf(w), p.nextIndex(im.Kind), p.optID())
	p.importType(at, &im)
	p.close()
}

// inlineImport reads (import "module" "name"), if it is next.
func (p *parser) inlineImport(at token, k wasm.ExternKind) (wasm.Import, bool) {
	if !p.open(wordImport) {
		return wasm.Import{}, false
	}
	im := wasm.Import{Kind: k, Module: p.name(), Name: p.name()}
	p.close()
	return im, p.err == nil
}

// importType reads the type of an import and adds the import.
func (p *parser) importType(at token, im *wasm.Import) {
	if p.firstDef != "" {
		p.fail(at, "import after "+p.firstDef)
		return
	}
	switch im.Kind {
	case wasm.ExternFunc:
		x := p.nextIndex(wasm.ExternFunc)
		var n uint32
		im.Func = p.useType(func(d param) {
			addInner(&p.names.Locals, x, n, p.paramName(d))
			n++
		})
	case wasm.ExternTable:
		im.Table = p.tableType(p.addrType())
	case wasm.ExternMemory:
		im.Mem = p.memType(p.addrType())
	case wasm.ExternGlobal:
		im.Global = p.globalType()
	case wasm.ExternTag:
		im.Tag = p.useType(func(param) {})
	}
	p.m.Imports = append(p.m.Imports, *im)
	p.imports[im.Kind]++
}

// paramName returns the name of a parameter or local, empty if it has none.
func (p *parser) paramName(d param) string {
	if d.name == "" && d.id.kind == tokID {
		return string(p.idBytes(d.id))
	}
	return d.name
}

// nextIndex returns the index of the next item of kind k.
func (p *parser) nextIndex(k wasm.ExternKind) uint32 {
	n := p.imports[k]
	switch k {
	case wasm.ExternFunc:
		n += len(p.m.Funcs)
	case wasm.ExternTable:
		n += len(p.m.Tables)
	case wasm.ExternMemory:
		n += len(p.m.Memories)
	case wasm.ExternGlobal:
		n += len(p.m.Globals)
	case wasm.ExternTag:
		n += len(p.m.Tags)
	}
	return uint32(n)
}

// begin reads what func, table, memory, global and tag fields begin with: an
// identifier, exports, and perhaps an import, with which the field is complete.
func (p *parser) begin(at token, w word) (imported bool) {
	k := kindOf[w]
	x := p.nextIndex(k)
	addName(p.namesOf(w), x, p.optID())
	p.inlineExports(k, x)
	if im, ok := p.inlineImport(at, k); ok {
		p.importType(at, &im)
		return true
	}
	if p.firstDef == "" {
		p.firstDef = map[word]string{wordFunc: "function"}[w]
		if p.firstDef == "" {
			p.firstDef = k.String()
		}
	}
	return false
}

func (p *parser) tagField(at token) {
	p.needs(at, op.FeatureExceptions)
	if !p.begin(at, wordTag) {
		p.m.Tags = append(p.m.Tags, p.useType(func(param) {}))
	}
}

func (p *parser) globalField(at token) {
	if !p.begin(at, wordGlobal) {
		t := p.globalType()
		p.m.Globals = append(p.m.Globals, wasm.Global{Type: t, Init: p.expr()})
	}
}

func (p *parser) memoryField(at token) {
	x := p.nextIndex(wasm.ExternMemory)
	if p.begin(at, wordMemory) {
		return
	}
	addr64 := p.addrType()
	t := wasm.MemType{PageSizeLog2: wasm.PageSizeLog2}
	if p.peek().kind == tokLParen {
		p.pageSize(&t)
	}
	if !p.open(wordData) {
		if t.CustomPageSize {
			p.unexpected(p.peek(), "(data")
			return
		}
		p.m.Memories = append(p.m.Memories, p.memType(addr64))
		return
	}
	init := p.strings()
	p.close()
	pages := (uint64(len(init)) + 1<<t.PageSizeLog2 - 1) >> t.PageSizeLog2
	t.Limits = wasm.Limits{Min: pages, Max: pages, HasMax: true, Addr64: addr64}
	p.m.Memories = append(p.m.Memories, t)
	p.addData(wasm.Data{Mode: wasm.Active, Mem: wasm.MemIdx(x), At: zeroOffset(addr64), Init: init})
}

func (p *parser) tableField(at token) {
	x := p.nextIndex(wasm.ExternTable)
	if p.begin(at, wordTable) {
		return
	}
	addr64 := p.addrType()
	if p.peek().kind == tokNat {
		t := wasm.Table{Type: p.tableType(addr64)}
		if p.peek().kind != tokRParen {
			t.Init = p.expr()
		}
		p.m.Tables = append(p.m.Tables, t)
		return
	}
	elem := p.refType()
	if !p.open(wordElem) {
		p.unexpected(p.peek(), "(elem")
		return
	}
	e := wasm.Elem{Mode: wasm.Active, Table: wasm.TableIdx(x), At: zeroOffset(addr64)}
	e.Type = elem
	if p.peek().kind == tokLParen {
		p.elemExprs(&e)
	} else if p.elemFuncs(&e); elem == wasm.FuncRef {
		e.Type = elemFuncType // the shorter form will do
	} else {
		spellOut(&e)
	}
	p.close()
	n := uint64(e.Len())
	p.m.Tables = append(p.m.Tables, wasm.Table{Type: wasm.TableType{
		Limits: wasm.Limits{Min: n, Max: n, HasMax: true, Addr64: addr64}, Elem: elem,
	}})
	p.addElem(e)
}

// zeroOffset returns the expression i32.const 0 or i64.const 0.
func zeroOffset(addr64 bool) wasm.Expr {
	in := instr.Instr{Op: op.I32Const}
	if addr64 {
		in.Op = op.I64Const
	}
	return wasm.Expr{Bytes: append(instr.Append(nil, &in), byte(op.End))}
}

// strings reads a sequence of strings and joins them.
func (p *parser) strings() []byte {
	b := []byte{}
	for p.peek().kind == tokString {
		b = appendString(b, p.bytes(p.next()))
	}
	return b
}

// dataField reads (data id? memory? offset? string*).
func (p *parser) dataField() {
	addName(&p.names.Data, uint32(len(p.m.Data)), p.optID())
	var d wasm.Data
	if p.open(wordMemory) {
		d.Mode, d.Mem, d.Flags = wasm.Active, wasm.MemIdx(p.index(&p.memories)), 2
		p.close()
		d.At = p.offset()
	} else if p.isIndex() {
		// The memory as a bare index, from before bulk memory.
		d.Mode, d.Mem = wasm.Active, wasm.MemIdx(p.index(&p.memories))
		d.At = p.offset()
	} else if p.peek().kind == tokLParen {
		d.Mode, d.At = wasm.Active, p.offset()
	}
	d.Init = p.strings()
	p.addData(d)
}

// addData adds a data segment in the shortest binary form, but for an explicit memory.
func (p *parser) addData(d wasm.Data) {
	switch {
	case d.Mode == wasm.Passive:
		d.Flags = 1
	case d.Mem != 0:
		d.Flags = 2
	}
	p.m.Data = append(p.m.Data, d)
}
