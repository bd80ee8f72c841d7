package text

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/custom"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// PrintOptions says how a module is printed. The zero value prints flat
// instructions, numbers for indices, and all custom sections as annotations.
type PrintOptions struct {
	// Folded prints expressions folded: operands inside of the instructions
	// that take them.
	Folded bool
	// Names are the module's names, printed as identifiers; where a name is
	// used twice a @name annotation follows. If it is not nil the name section
	// is not printed as an annotation.
	Names *wasm.Names
	// Hints are the module's branch hints, printed as annotations of
	// instructions; if they are not nil their section is not printed as an
	// annotation.
	Hints wasm.BranchHints
	// NoCustoms leaves custom sections out.
	NoCustoms bool
}

// Print writes m in the text format. Parsing the text gives the same module
// again: the same bytes when encoded, if m came from ParseModule, and an
// equivalent module in its usual encoding if not. The error is that of w, a
// *wasm.DecodeError where code is not well-formed, or a *wasm.LimitError.
func Print(w io.Writer, m *wasm.Module, opt PrintOptions) error {
	p := &printer{Writer: bufio.NewWriterSize(w, 1<<16), m: m, opt: opt}
	p.r.Features = op.FeaturesAll
	if opt.Names == nil {
		p.opt.Names = &wasm.Names{}
	}
	p.makeIDs()
	p.module()
	if p.err != nil {
		return p.err
	}
	return p.Flush()
}

// printer holds the state of printing one module. Errors of writing stay in
// the bufio.Writer until it is flushed.
type printer struct {
	*bufio.Writer
	m   *wasm.Module
	opt PrintOptions
	err error // of decoding

	types, funcs, tables, memories, globals, tags, elems, datas []ident
	fields                                                      [][]ident // by type

	r    instr.Reader
	in   instr.Instr
	body printBody
	buf  []byte
}

// str writes strings.
func (p *printer) str(parts ...string) {
	for _, s := range parts {
		p.WriteString(s)
	}
}

func (p *printer) num(x uint64) {
	p.Write(strconv.AppendUint(p.AvailableBuffer(), x, 10))
}

// quoted writes b as a string.
func (p *printer) quoted(b []byte) {
	p.buf = quote(p.buf[:0], b)
	p.Write(p.buf)
}

// quote appends b as a string literal.
func quote(dst, b []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
			i++
		case c >= ' ' && c < 0x7F:
			dst = append(dst, c)
			i++
		default:
			if r, n := utf8.DecodeRune(b[i:]); n > 1 && strconv.IsPrint(r) {
				dst = append(dst, b[i:i+n]...)
				i += n
				continue
			}
			dst = append(dst, '\\', hex[c>>4], hex[c&15])
			i++
		}
	}
	return append(dst, '"')
}

func (p *printer) module() {
	p.str("(module")
	if n := p.opt.Names; n.HasModule {
		switch {
		case n.Module != "" && utf8.ValidString(n.Module):
			p.str(" ", formatID(n.Module))
		default:
			p.str(" (@name ")
			p.quoted([]byte(n.Module))
			p.str(")")
		}
	}
	m := p.m
	for i := range m.RecGroups {
		p.recGroup(&m.RecGroups[i])
	}
	for i := range m.Imports {
		p.importField(&m.Imports[i])
	}
	for i := range m.Tables {
		p.table(i)
	}
	for i := range m.Memories {
		p.define("memory", p.memories, m.ImportCount(wasm.ExternMemory)+i)
		p.memType(&m.Memories[i])
		p.str(")")
	}
	for i, t := range m.Tags {
		p.define("tag", p.tags, m.ImportCount(wasm.ExternTag)+i)
		p.typeUse(t, nil)
		p.str(")")
	}
	for i := range m.Globals {
		p.define("global", p.globals, m.ImportCount(wasm.ExternGlobal)+i)
		p.str(" ")
		p.globalType(&m.Globals[i].Type)
		p.str(" ")
		p.expr(&m.Globals[i].Init, "")
		p.str(")")
	}
	for i := range m.Exports {
		p.export(&m.Exports[i])
	}
	if m.HasStart {
		p.str("\n  (start")
		p.index(p.funcs, uint32(m.Start))
		p.str(")")
	}
	for i := range m.Elems {
		p.elem(i)
	}
	for i := range m.Code {
		p.function(i)
	}
	for i := range m.Data {
		p.data(i)
	}
	p.customs()
	p.str(")\n")
}

// define writes the beginning of the definition of item x: its keyword and
// identifier, or its index in a comment.
func (p *printer) define(keyword string, ids []ident, x int) {
	p.str("\n  (", keyword)
	p.binding(ids, uint32(x))
}

// binding writes what stands for item x where it is bound.
func (p *printer) binding(ids []ident, x uint32) {
	if int64(x) < int64(len(ids)) && ids[x].id != "" {
		p.str(" ")
		p.ident(ids[x])
		return
	}
	p.str(" (;")
	p.num(uint64(x))
	p.str(";)")
}

// ident writes an identifier where it is bound.
func (p *printer) ident(id ident) {
	p.str(id.id)
	if id.name != "" {
		p.str(" (@name ")
		p.quoted([]byte(id.name))
		p.str(")")
	}
}

// index writes a blank and what stands for item x where it is used.
func (p *printer) index(ids []ident, x uint32) {
	p.str(" ")
	if int64(x) < int64(len(ids)) && ids[x].id != "" {
		p.str(ids[x].id)
		return
	}
	p.num(uint64(x))
}

func (p *printer) importField(im *wasm.Import) {
	p.str("\n  (import ")
	p.quoted([]byte(im.Module))
	p.str(" ")
	p.quoted([]byte(im.Name))
	p.str(" (", im.Kind.String())
	p.binding(p.idsOf(im.Kind), p.body.imports[im.Kind])
	switch im.Kind {
	case wasm.ExternFunc:
		n := 0
		if f := p.funcType(im.Func); f != nil {
			n = len(f.Params)
		}
		p.typeUse(im.Func, p.localIDs(p.body.imports[im.Kind], n))
	case wasm.ExternTable:
		p.tableType(&im.Table)
	case wasm.ExternMemory:
		p.memType(&im.Mem)
	case wasm.ExternGlobal:
		p.str(" ")
		p.globalType(&im.Global)
	case wasm.ExternTag:
		p.typeUse(im.Tag, nil)
	}
	p.body.imports[im.Kind]++
	p.str("))")
}

// idsOf returns the identifiers of the index space of kind k.
func (p *printer) idsOf(k wasm.ExternKind) []ident {
	switch k {
	case wasm.ExternFunc:
		return p.funcs
	case wasm.ExternTable:
		return p.tables
	case wasm.ExternMemory:
		return p.memories
	case wasm.ExternGlobal:
		return p.globals
	}
	return p.tags
}

func (p *printer) export(e *wasm.Export) {
	p.str("\n  (export ")
	p.quoted([]byte(e.Name))
	p.str(" (", e.Kind.String())
	p.index(p.idsOf(e.Kind), e.Index)
	p.str("))")
}

func (p *printer) table(i int) {
	t := &p.m.Tables[i]
	p.define("table", p.tables, p.m.ImportCount(wasm.ExternTable)+i)
	p.tableType(&t.Type)
	if len(t.Init.Bytes) > 0 {
		p.str(" ")
		p.expr(&t.Init, "")
	}
	p.str(")")
}

func (p *printer) elem(i int) {
	e := &p.m.Elems[i]
	p.define("elem", p.elems, i)
	switch e.Mode {
	case wasm.Declarative:
		p.str(" declare")
	case wasm.Active:
		if e.Table != 0 || e.Flags&2 != 0 {
			p.str(" (table")
			p.index(p.tables, uint32(e.Table))
			p.str(")")
		}
		p.str(" ")
		p.expr(&e.At, "offset")
	}
	if e.Exprs == nil {
		p.str(" func")
		for _, x := range e.Funcs {
			p.index(p.funcs, uint32(x))
		}
	} else {
		p.str(" ")
		p.valType(e.Type)
		for j := range e.Exprs {
			p.str(" ")
			p.expr(&e.Exprs[j], "item")
		}
	}
	p.str(")")
}

// dataLine is the number of bytes of a data segment on one line.
const dataLine = 64

func (p *printer) data(i int) {
	d := &p.m.Data[i]
	p.define("data", p.datas, i)
	if d.Mode == wasm.Active {
		if d.Mem != 0 || d.Flags == 2 {
			p.str(" (memory")
			p.index(p.memories, uint32(d.Mem))
			p.str(")")
		}
		p.str(" ")
		p.expr(&d.At, "offset")
	}
	p.bytes(d.Init)
	p.str(")")
}

// bytes writes a blank and strings that make up b.
func (p *printer) bytes(b []byte) {
	if len(b) <= dataLine {
		p.str(" ")
		p.quoted(b)
		return
	}
	for len(b) > 0 {
		n := min(len(b), dataLine)
		p.str("\n    ")
		p.quoted(b[:n])
		b = b[n:]
	}
}

func (p *printer) customs() {
	if p.opt.NoCustoms {
		return
	}
	for i := range p.m.Customs {
		c := &p.m.Customs[i]
		if c.Name == custom.NameSection && !p.opt.Names.Empty() || c.Name == custom.BranchHintSection && p.opt.Hints != nil {
			continue
		}
		p.str("\n  (@custom ")
		p.quoted([]byte(c.Name))
		place := " (before first)"
		for _, s := range sectionOrder {
			if s.id == c.After && s.id != wasm.SectionCustom {
				place = fmt.Sprintf(" (after %s)", s.word)
			}
		}
		p.str(place)
		p.bytes(c.Data)
		p.str(")")
	}
}
