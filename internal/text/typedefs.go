package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// scanTypes finds the type definitions of a (type ...) or (rec ...) field,
// which the current token begins, and binds their identifiers.
func (p *parser) scanTypes() {
	if p.opens(wordType) {
		p.types.bind(p, p.peekAt(2))
		return
	}
	p.pos += 2
	for p.opens(wordType) {
		p.types.bind(p, p.peekAt(2))
		p.skip()
	}
}

// typeField reads a (type ...) field, a recursion group of its own.
func (p *parser) typeField() {
	start := uint32(len(p.m.Types))
	p.typeDef()
	p.addGroup(wasm.RecGroup{Start: start, Len: 1})
}

// recField reads a (rec ...) field.
func (p *parser) recField() {
	p.needs(p.peek(), op.FeatureGC)
	p.pos += 2
	start := uint32(len(p.m.Types))
	for p.opens(wordType) {
		p.typeDef()
	}
	p.close()
	p.addGroup(wasm.RecGroup{Start: start, Len: uint32(len(p.m.Types)) - start, Explicit: true})
}

// addGroup adds a recursion group whose types have been added. Only final
// function types without supertypes, alone in their group, are what a type use
// without an index means.
func (p *parser) addGroup(g wasm.RecGroup) {
	p.m.RecGroups = append(p.m.RecGroups, g)
	if g.Len != 1 || p.err != nil {
		return
	}
	t := &p.m.Types[g.Start]
	if t.Final && len(t.Supers) == 0 && t.Kind == wasm.KindFunc {
		key := p.typeKey(&t.Func)
		if _, dup := p.implicit[string(key)]; !dup {
			p.implicit[string(key)] = wasm.TypeIdx(g.Start)
		}
	}
}

// typeDef reads (type id? subtype).
func (p *parser) typeDef() {
	p.pos += 2
	x := uint32(len(p.m.Types))
	addName(&p.names.Types, x, p.optID())
	p.m.Types = append(p.m.Types, wasm.SubType{Final: true})
	var t wasm.SubType
	if at := p.peek(); p.open(wordSub) {
		p.needs(at, op.FeatureGC)
		if p.isWord(wordFinal) {
			p.pos++
			t.Final = true
		}
		for p.isIndex() {
			t.Supers = append(t.Supers, p.typeIndex())
		}
		p.compType(x, &t)
		p.close()
	} else {
		t.Final = true
		p.compType(x, &t)
	}
	p.close()
	p.m.Types[x] = t
}

// compType reads a composite type; x is the index of its definition.
func (p *parser) compType(x uint32, t *wasm.SubType) {
	at := p.peek()
	switch {
	case p.open(wordFunc):
		t.Kind = wasm.KindFunc
		t.Func = p.signature(func(param) {})
	case p.open(wordStruct):
		p.needs(at, op.FeatureGC)
		t.Kind = wasm.KindStruct
		p.structFields(x, t)
	case p.open(wordArray):
		p.needs(at, op.FeatureGC)
		t.Kind = wasm.KindArray
		t.Fields = []wasm.FieldType{p.fieldType()}
	default:
		if at.kind == tokLParen {
			at = p.peekAt(1)
		}
		p.unexpected(at, "func, struct or array")
		return
	}
	p.close()
}

// structFields reads (field id? t)* and (field t*)*.
func (p *parser) structFields(x uint32, t *wasm.SubType) {
	s := &space{what: "field"}
	named := false
	for p.open(wordField) {
		if id := p.peek(); id.kind == tokID {
			s.bind(p, id)
			addInner(&p.names.Fields, x, uint32(len(t.Fields)), p.optID())
			t.Fields = append(t.Fields, p.fieldType())
			named = true
		} else {
			for p.err == nil && p.peek().kind != tokRParen {
				s.bind(p, token{})
				t.Fields = append(t.Fields, p.fieldType())
			}
		}
		p.close()
	}
	if named {
		if p.fields == nil {
			p.fields = make(map[uint32]*space)
		}
		p.fields[x] = s
	}
}

// fieldIndex returns the index of a field of struct type x, which must be next.
func (p *parser) fieldIndex(x uint32) uint32 {
	s := p.fields[x]
	if s == nil {
		s = &space{what: "field"}
	}
	return p.index(s)
}
