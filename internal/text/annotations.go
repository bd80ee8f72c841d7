package text

import (
	"unicode/utf8"

	"github.com/wamr-go/wamr/internal/wasm"
)

// annotKind says which annotation it is, of those that have a meaning here.
type annotKind uint8

const (
	annotOther  annotKind = iota
	annotCustom           // (@custom "name" placement? "data"*)
	annotName             // (@name "name")
	annotHint             // (@metadata.code.branch_hint "\00")
)

// annot is an annotation that has a meaning. Tokens do not include it.
type annot struct {
	kind     annotKind
	pos      uint32 // where it begins in the text
	at       uint32 // index of the token that follows it
	from, to uint32 // its contents in annotToks
}

// annotation lexes an annotation, which begins at l.i with "(@".
func (l *lexer) annotation() bool {
	start := l.i
	end, strings, _, m, ok := l.scanID(start + 2)
	if !ok {
		return l.fail(start, start+2, m)
	}
	if end == start+2 {
		return l.fail(start, start+2, msgEmptyAnnotation)
	}
	id := l.text[start+2 : end]
	if strings {
		id = appendString(nil, id)
		if len(id) == 0 {
			return l.fail(start, end, msgEmptyAnnotation)
		}
		if !utf8.Valid(id) {
			return l.fail(start, end, msgMalformedUTF8)
		}
	}
	a := annot{pos: uint32(start), at: uint32(len(l.toks)), from: uint32(len(l.annotToks))}
	switch string(id) {
	case "custom":
		a.kind = annotCustom
	case "name":
		a.kind = annotName
	case "metadata.code.branch_hint":
		a.kind = annotHint
	}
	l.i = end
	if !l.annotationBody(start, a.kind != annotOther) {
		return false
	}
	if a.kind != annotOther {
		a.to = uint32(len(l.annotToks))
		l.annots = append(l.annots, a)
	}
	return true
}

// scanID steps over the identifier of an annotation at position i: characters
// of identifiers or one string.
func (l *lexer) scanID(i int) (next int, isString, reserved bool, m msg, ok bool) {
	if i < len(l.text) && l.text[i] == '"' {
		next, m, ok = l.scanString(i)
		if m == msgIllegalControl || m == msgUnclosedString {
			m = msgEmptyAnnotation
		}
		return next, true, false, m, ok
	}
	for i < len(l.text) && class[l.text[i]] == chID {
		i++
	}
	return i, false, false, 0, true
}

// annotationBody lexes to the parenthesis that closes the annotation which
// began at start. Its tokens are kept if keep is set.
func (l *lexer) annotationBody(start int, keep bool) bool {
	for depth := 1; l.i < len(l.text); {
		at := l.i
		t := token{pos: uint32(at), kind: tokAtom}
		switch class[l.text[at]] {
		case chSpace:
			l.i++
			continue
		case chLParen:
			if at+1 < len(l.text) && l.text[at+1] == ';' {
				if !l.blockComment() {
					return false
				}
				continue
			}
			l.i++
			depth++
			t.kind = tokLParen
		case chRParen:
			l.i++
			if depth--; depth == 0 {
				return true
			}
			t.kind = tokRParen
		case chBad:
			return l.badChar(at)
		default:
			if l.text[at] == ';' && at+1 < len(l.text) && l.text[at+1] == ';' {
				if !l.lineComment() {
					return false
				}
				continue
			}
			end, strings, _, m, ok := l.scanAtom(at)
			if !ok {
				return l.fail(end, min(end+1, len(l.text)), m)
			}
			l.i = end
			if strings && l.text[at] == '"' {
				if e, _, _ := l.scanString(at); e == end {
					t.kind = tokString
				}
			}
		}
		if keep {
			t.end = uint32(l.i)
			l.annotToks = append(l.annotToks, t)
		}
	}
	return l.fail(start, start+2, msgUnclosedAnnotation)
}

// takeAnnot returns the next annotation if it stands before the current token
// and is of the given kind. Annotations that were passed by are misplaced.
func (p *parser) takeAnnot(k annotKind) (annot, bool) {
	if p.annot >= p.annotEnd {
		return annot{}, false
	}
	a := p.annots[p.annot]
	if int(a.at) > p.pos {
		return annot{}, false
	}
	if int(a.at) < p.pos {
		p.misplaced(a)
		return annot{}, false
	}
	if a.kind != k {
		return annot{}, false
	}
	p.annot++
	return a, true
}

// noAnnots reports the first annotation that was not taken.
func (p *parser) noAnnots() {
	if p.err == nil && p.annot < p.annotEnd {
		p.misplaced(p.annots[p.annot])
	}
}

func (p *parser) misplaced(a annot) {
	switch a.kind {
	case annotCustom:
		p.failPos(a.pos, errCustomMisplaced)
	case annotName:
		p.failPos(a.pos, errNameMisplaced)
	case annotHint:
		p.failPos(a.pos, errHintMisplaced)
	}
}

// nameAnnot takes the name annotations before the current token; false if
// there is none.
func (p *parser) nameAnnot() (string, bool) {
	a, ok := p.takeAnnot(annotName)
	if !ok {
		return "", false
	}
	toks := p.annotToks[a.from:a.to]
	if len(toks) != 1 || toks[0].kind != tokString {
		p.failPos(a.pos, errNameToken)
		return "", false
	}
	name := appendString(nil, p.text[toks[0].pos:toks[0].end])
	if !utf8.Valid(name) {
		p.failPos(a.pos, errNameUTF8)
		return "", false
	}
	return string(name), true
}

// hintAnnot takes the branch hint before the current token; false if there is
// none.
func (p *parser) hintAnnot() (byte, bool) {
	if p.annot >= p.annotEnd || int(p.annots[p.annot].at) > p.pos {
		return 0, false
	}
	a, ok := p.takeAnnot(annotHint)
	if !ok {
		return 0, false
	}
	toks := p.annotToks[a.from:a.to]
	var data []byte
	for _, t := range toks {
		if t.kind != tokString {
			p.failPos(a.pos, errHintToken)
			return 0, false
		}
		data = appendString(data, p.text[t.pos:t.end])
	}
	if len(data) != 1 || data[0] > 1 {
		p.failPos(a.pos, errHintToken)
		return 0, false
	}
	if p.annot < p.annotEnd && int(p.annots[p.annot].at) == p.pos && p.annots[p.annot].kind == annotHint {
		p.failPos(p.annots[p.annot].pos, errHintDuplicate)
		return 0, false
	}
	return data[0], true
}

// sectionOrder lists the sections as they follow each other in the binary
// format; custom sections may be placed around each.
var sectionOrder = [...]struct {
	word string
	id   wasm.SectionID
}{
	{"type", wasm.SectionType},
	{"import", wasm.SectionImport},
	{"func", wasm.SectionFunction},
	{"table", wasm.SectionTable},
	{"memory", wasm.SectionMemory},
	{"tag", wasm.SectionTag},
	{"global", wasm.SectionGlobal},
	{"export", wasm.SectionExport},
	{"start", wasm.SectionStart},
	{"elem", wasm.SectionElement},
	{"datacount", wasm.SectionDataCount},
	{"code", wasm.SectionCode},
	{"data", wasm.SectionData},
}

// customs takes the @custom annotations before the current token.
func (p *parser) customs() {
	for {
		a, ok := p.takeAnnot(annotCustom)
		if !ok {
			return
		}
		p.custom(a)
	}
}

// custom reads one @custom annotation. Its place is the number of sections in
// sectionOrder that come before it.
func (p *parser) custom(a annot) {
	toks := p.annotToks[a.from:a.to]
	word := func(i int) string {
		if i < len(toks) && toks[i].kind == tokAtom {
			return string(p.text[toks[i].pos:toks[i].end])
		}
		return ""
	}
	isKind := func(i int, k kind) bool { return i < len(toks) && toks[i].kind == k }
	if !isKind(0, tokString) {
		p.failPos(a.pos, errCustomName)
		return
	}
	name := appendString(nil, p.text[toks[0].pos:toks[0].end])
	if !utf8.Valid(name) {
		p.failPos(a.pos, errCustomUTF8)
		return
	}
	place := len(sectionOrder)
	i := 1
	if isKind(i, tokLParen) {
		var before bool
		switch word(i + 1) {
		case "before":
			before = true
		case "after":
		default:
			p.failPos(a.pos, errCustomPlacement)
			return
		}
		section := word(i + 2)
		place = -1
		switch section {
		case "first":
			place = 0
		case "last":
			place = len(sectionOrder)
		}
		for k, s := range sectionOrder {
			if s.word == section {
				place = k
				if !before {
					place++
				}
			}
		}
		if place < 0 {
			p.failPos(a.pos, errCustomSection)
			return
		}
		if !isKind(i+3, tokRParen) {
			p.failPos(a.pos, errCustomToken)
			return
		}
		i += 4
	}
	data := []byte{}
	for ; i < len(toks); i++ {
		if toks[i].kind != tokString {
			p.failPos(a.pos, errCustomToken)
			return
		}
		data = appendString(data, p.text[toks[i].pos:toks[i].end])
	}
	p.placed = append(p.placed, placedCustom{place, wasm.Custom{Name: string(name), Data: data}})
}

// placedCustom is a custom section and its place among the others.
type placedCustom struct {
	place int // sections in sectionOrder before it
	wasm.Custom
}
