// Package text reads and writes the text format of WebAssembly, modules (.wat)
// and scripts (.wast). Code in its modules is in binary form already, so that
// consumers need not know where a module came from. It checks what the text
// format demands, resolves identifiers, and leaves types to package valid. It
// does no I/O; its parser never recurses on the depth of its input.
//
// Start at ParseModule, ParseScript and Print. Specification: chapter "Text
// Format", appendix "Custom Sections and Annotations".
package text

import (
	"sort"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/custom"
)

// ParseModule parses the text of one module: (module ...), or its fields
// alone. Identifiers and @name annotations become a name section, @custom
// annotations custom sections, branch hints a metadata.code.branch_hint
// section.
//
// Offsets in the result count through the code section's contents as the
// binary format would have it, from 0; those of other expressions begin at 0
// each. The result does not alias src. Errors are of type *Error.
func ParseModule(src []byte, features wasm.Feature) (*wasm.Module, error) {
	s := lex(src)
	c := cursor{source: s, end: len(s.toks) - 1}
	annots := len(s.annots)
	if c.opens(wordModule) {
		m, err := parseModule(s, 0, int(s.toks[0].end), 0, annots, features)
		if err != nil {
			return nil, err
		}
		if t := s.toks[s.toks[0].end+1]; t.kind != tokEOF {
			c.unexpected(t, "end of text")
			return nil, c.err
		}
		return m, nil
	}
	return parseModule(s, -1, c.end, 0, annots, features)
}

// parseModule parses the module whose opening parenthesis is token open, -1 if
// it has none, and whose closing one, or the end of text, is token end.
func parseModule(s *source, open, end, annot, annotEnd int, features wasm.Feature) (*wasm.Module, error) {
	p := &parser{
		cursor: cursor{source: s, pos: open + 1, end: end}, annot: annot, annotEnd: annotEnd,
		features: features, m: &wasm.Module{}, implicit: make(map[string]wasm.TypeIdx),
		types: space{what: "type"}, funcs: space{what: "func"}, tables: space{what: "table"},
		memories: space{what: "memory"}, globals: space{what: "global"}, tags: space{what: "tag"},
		elems: space{what: "elem"}, datas: space{what: "data"},
	}
	if open >= 0 {
		if end == 0 { // the parenthesis has no match
			p.end = len(s.toks) - 1
		}
		p.pos++
		id := p.id()
		p.moduleName(id)
	}
	p.fieldsOfModule()
	if open >= 0 && end == 0 {
		p.unclosed()
	}
	p.noAnnots()
	if p.err != nil {
		return nil, p.err
	}
	p.finish()
	return p.m, nil
}

// moduleName takes the identifier of the module and the annotation after it.
func (p *parser) moduleName(id []byte) {
	p.names.Module, p.names.HasModule = string(id), id != nil
	if p.annot < p.annotEnd && int(p.annots[p.annot].at) <= p.pos && p.annots[p.annot].kind == annotName {
		p.names.Module, p.names.HasModule = p.optID(), true
		if p.annot < p.annotEnd && int(p.annots[p.annot].at) == p.pos && p.annots[p.annot].kind == annotName {
			p.failPos(p.annots[p.annot].pos, errNameMultiple)
		}
	}
}

// fieldsOfModule reads the fields: first it binds the identifiers of all, then
// it reads the types, which anything may refer to, then everything else.
func (p *parser) fieldsOfModule() {
	start := p.pos
	p.eachField(func(w word) {
		switch w {
		case wordType, wordRec:
			p.scanTypes()
		case wordImport:
			p.scanImport()
		default:
			p.scanField(w)
		}
	})
	annot, annots := p.annot, p.annotEnd
	p.pos = start
	p.eachField(func(w word) {
		if w != wordType && w != wordRec {
			return
		}
		// Only what stands inside of the type is its business.
		for p.annot < annots && int(p.annots[p.annot].at) <= p.pos {
			p.annot++
		}
		p.annotEnd = p.annot
		for close := p.peek().end; p.annotEnd < annots && p.annots[p.annotEnd].at <= close; {
			p.annotEnd++
		}
		if w == wordType {
			p.typeField()
		} else {
			p.recField()
		}
		p.noAnnots()
	})
	p.annot, p.annotEnd = annot, annots
	if p.err != nil {
		return
	}
	p.pos = start
	p.customs()
	for p.err == nil && p.pos < p.end {
		t := p.peek()
		w := p.peekAt(1)
		if t.kind != tokLParen || w.kind != tokWord {
			if t.kind == tokLParen {
				t = w
			}
			p.unexpected(t, "module field")
			return
		}
		p.field(w)
		p.customs()
	}
}

// eachField calls f with the cursor on the parenthesis of each field. It
// leaves errors of syntax outside of fields to others.
func (p *parser) eachField(f func(word)) {
	for p.err == nil && p.peek().kind == tokLParen {
		close := p.peek().end
		if close == 0 || int(close) >= p.end {
			p.skip()
			return
		}
		if t := p.peekAt(1); t.kind == tokWord {
			f(t.word)
		}
		if p.err == nil {
			p.pos = int(close) + 1
		}
	}
}

// scanImport binds the identifier of (import "" "" (kind id? ...)).
func (p *parser) scanImport() {
	if p.peekAt(4).kind != tokLParen || p.peekAt(5).kind != tokWord {
		return
	}
	if s := p.spaceOf(p.peekAt(5).word); s != nil {
		s.bind(p, p.peekAt(6))
	}
}

// spaceOf returns the index space that a keyword stands for, nil if none.
func (p *parser) spaceOf(w word) *space {
	switch w {
	case wordFunc:
		return &p.funcs
	case wordTable:
		return &p.tables
	case wordMemory:
		return &p.memories
	case wordGlobal:
		return &p.globals
	case wordTag:
		return &p.tags
	}
	return nil
}

// scanField binds the identifier of any other field, and counts the segments
// that it defines.
func (p *parser) scanField(w word) {
	id := p.peekAt(2)
	inner, inline := wordNone, (*space)(nil)
	switch w {
	case wordElem:
		p.elems.bind(p, id)
		return
	case wordData:
		p.datas.bind(p, id)
		return
	case wordTable:
		inner, inline = wordElem, &p.elems
	case wordMemory:
		inner, inline = wordData, &p.datas
	}
	if s := p.spaceOf(w); s != nil {
		s.bind(p, id)
	}
	if inline == nil {
		return
	}
	for close := int(p.peek().end); p.pos < close; {
		if p.opens(inner) {
			inline.bind(p, token{})
		}
		if p.pos++; p.peek().kind == tokLParen {
			if p.opens(inner) {
				continue
			}
			p.skip()
			p.pos--
		}
	}
}

// field reads one field, which the current token begins; w is the keyword
// after it.
func (p *parser) field(w token) {
	at := p.peek()
	switch w.word {
	case wordType, wordRec:
		// It was read before, with the annotations inside.
		if p.annot < p.annotEnd && int(p.annots[p.annot].at) <= p.pos {
			p.misplaced(p.annots[p.annot])
			return
		}
		for p.annot < p.annotEnd && p.annots[p.annot].at <= at.end {
			p.annot++
		}
		p.skip()
		return
	}
	p.pos += 2
	switch w.word {
	case wordImport:
		p.importField(at)
	case wordFunc:
		p.funcField(at)
	case wordTable:
		p.tableField(at)
	case wordMemory:
		p.memoryField(at)
	case wordGlobal:
		p.globalField(at)
	case wordTag:
		p.tagField(at)
	case wordExport:
		name := p.name()
		p.export(name)
	case wordStart:
		if p.m.HasStart {
			p.fail(at, errMultipleStart)
			return
		}
		p.m.HasStart, p.m.Start = true, wasm.FuncIdx(p.index(&p.funcs))
	case wordElem:
		p.elemField()
	case wordData:
		p.dataField()
	default:
		p.unexpected(w, "module field")
		return
	}
	p.close()
}

// finish completes the module: what depends on all fields.
func (p *parser) finish() {
	m := p.m
	m.Index()
	p.placeCode()
	if p.usesData {
		m.HasDataCount, m.DataCount = true, uint32(len(m.Data))
	}
	if len(p.hints) > 0 {
		// The section has to come before the code.
		const code = 11
		p.placed = append(p.placed, placedCustom{code, wasm.Custom{Name: custom.BranchHintSection, Data: custom.AppendBranchHints(nil, p.hints)}})
	}
	for i := range p.placed {
		if p.placed[i].Name == custom.NameSection {
			p.names = wasm.Names{} // which the module's own section stands for
		}
	}
	if !p.names.Empty() {
		p.placed = append(p.placed, placedCustom{len(sectionOrder), wasm.Custom{Name: custom.NameSection, Data: custom.AppendNames(nil, &p.names)}})
	}
	sort.SliceStable(p.placed, func(i, j int) bool { return p.placed[i].place < p.placed[j].place })
	for _, c := range p.placed {
		c.After = p.lastSection(c.place)
		m.Customs = append(m.Customs, c.Custom)
	}
}

// lastSection returns the last of the first n sections of sectionOrder that
// the module has.
func (p *parser) lastSection(n int) wasm.SectionID {
	m := p.m
	for n--; n >= 0; n-- {
		var has bool
		switch id := sectionOrder[n].id; id {
		case wasm.SectionType:
			has = len(m.RecGroups) > 0
		case wasm.SectionImport:
			has = len(m.Imports) > 0
		case wasm.SectionFunction:
			has = len(m.Funcs) > 0
		case wasm.SectionTable:
			has = len(m.Tables) > 0
		case wasm.SectionMemory:
			has = len(m.Memories) > 0
		case wasm.SectionTag:
			has = len(m.Tags) > 0
		case wasm.SectionGlobal:
			has = len(m.Globals) > 0
		case wasm.SectionExport:
			has = len(m.Exports) > 0
		case wasm.SectionStart:
			has = m.HasStart
		case wasm.SectionElement:
			has = len(m.Elems) > 0
		case wasm.SectionDataCount:
			has = m.HasDataCount
		case wasm.SectionCode:
			has = len(m.Code) > 0
		case wasm.SectionData:
			has = len(m.Data) > 0
		}
		if has {
			return sectionOrder[n].id
		}
	}
	return wasm.SectionCustom
}
