package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// elemFuncType is the type of a segment of function indices.
var elemFuncType = wasm.Ref(false, wasm.HeapFunc)

// elemField reads (elem id? (table x)? offset elemlist), (elem id? elemlist) or
// (elem id? declare elemlist).
func (p *parser) elemField() {
	addName(&p.names.Elems, uint32(len(p.m.Elems)), p.optID())
	e := wasm.Elem{Mode: wasm.Passive}
	bare := false // function indices may come without the keyword
	switch t := p.peek(); {
	case p.isWord(wordDeclare):
		p.pos++
		e.Mode = wasm.Declarative
	case p.open(wordTable):
		e.Mode, e.Table = wasm.Active, wasm.TableIdx(p.index(&p.tables))
		e.Flags = 2 // as written
		p.close()
		e.At = p.offset()
	case t.kind == tokLParen && !p.opens(wordRef):
		e.Mode, e.At = wasm.Active, p.offset()
		bare = true
	case t.kind == tokNat:
		// The table as a bare index, from before bulk memory.
		e.Mode, e.Table = wasm.Active, wasm.TableIdx(p.index(&p.tables))
		e.At = p.offset()
		bare = true
	}
	switch {
	case p.isWord(wordFunc):
		p.pos++
		p.elemFuncs(&e)
		e.Type = elemFuncType
	case bare && (p.isIndex() || p.peek().kind == tokRParen):
		p.elemFuncs(&e)
		e.Type = elemFuncType
	default:
		e.Type = p.refType()
		p.elemExprs(&e)
	}
	p.addElem(e)
}

// elemFuncs reads a sequence of function indices.
func (p *parser) elemFuncs(e *wasm.Elem) {
	e.Funcs = []wasm.FuncIdx{}
	for p.isIndex() {
		e.Funcs = append(e.Funcs, wasm.FuncIdx(p.index(&p.funcs)))
	}
}

// elemExprs reads a sequence of (item instr*) or folded instructions.
func (p *parser) elemExprs(e *wasm.Elem) {
	e.Exprs = []wasm.Expr{}
	for p.err == nil && p.peek().kind == tokLParen {
		e.Exprs = append(e.Exprs, p.wrapped(wordItem))
	}
}

// spellOut turns function indices into expressions, for segments whose type is
// not that of function indices.
func spellOut(e *wasm.Elem) {
	e.Exprs = make([]wasm.Expr, len(e.Funcs))
	for i, x := range e.Funcs {
		in := instr.Instr{Op: op.RefFunc, X: uint32(x)}
		e.Exprs[i].Bytes = append(instr.Append(nil, &in), byte(op.End))
	}
	e.Funcs = nil
}

// addElem adds an element segment in the shortest binary form, but for an explicit table.
func (p *parser) addElem(e wasm.Elem) {
	if e.Exprs != nil {
		e.Flags |= 4
	}
	switch e.Mode {
	case wasm.Passive:
		e.Flags |= 1
	case wasm.Declarative:
		e.Flags |= 3
	case wasm.Active:
		if e.Table != 0 || e.Exprs != nil && e.Type != wasm.FuncRef {
			e.Flags |= 2
		}
	}
	p.m.Elems = append(p.m.Elems, e)
}

// offset reads (offset instr*) or a folded instruction.
func (p *parser) offset() wasm.Expr { return p.wrapped(wordOffset) }

// wrapped reads (w instr*) or a folded instruction.
func (p *parser) wrapped(w word) wasm.Expr {
	if p.open(w) {
		x := p.expr()
		p.close()
		return x
	}
	if t := p.peek(); t.kind != tokLParen {
		p.unexpected(t, "expression")
		return wasm.Expr{}
	}
	p.body.reset(nil)
	p.instrs(true)
	return p.takeExpr()
}

// expr reads instr* up to a closing parenthesis.
func (p *parser) expr() wasm.Expr {
	p.body.reset(nil)
	p.instrs(false)
	return p.takeExpr()
}

// takeExpr returns the expression that was read.
func (p *parser) takeExpr() wasm.Expr {
	b := &p.body
	b.code = append(b.code, byte(op.End))
	return wasm.Expr{Bytes: append([]byte(nil), b.code...)}
}
