package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
)

// funcField reads the rest of a func field.
func (p *parser) funcField(at token) {
	x := p.nextIndex(wasm.ExternFunc)
	if p.begin(at, wordFunc) {
		return
	}
	b := &p.body
	ids := b.locals.ids
	clear(ids)
	b.reset(ids)
	b.inFunc = true
	declare := func(d param) {
		i := b.locals.bind(p, d.id)
		addInner(&p.names.Locals, x, i, p.paramName(d))
	}
	ti, sig, explicit := p.typeUse(declare)
	if p.err != nil {
		return
	}
	if !explicit {
		ti = p.implicitType(sig)
	} else if b.locals.n == 0 && int64(ti) < int64(len(p.m.Types)) {
		b.locals.n = uint32(len(p.m.Types[ti].Func.Params))
	}
	var c wasm.Code
	p.declarations(wordLocal, true, func(d param) {
		declare(d)
		if n := len(c.Locals); n > 0 && c.Locals[n-1].Type == d.t {
			c.Locals[n-1].Count++
			return
		}
		c.Locals = append(c.Locals, wasm.Locals{Count: 1, Type: d.t})
	})
	b.code = appendLocals(b.code, c.Locals)
	b.prefix = uint32(len(b.code))
	b.code = b.code[:0]
	p.instrs(false)
	if p.err != nil {
		return
	}
	c.Body = p.takeExpr().Bytes
	c.Offset = wasm.Offset(b.prefix) // from the entry's start; finish adds that
	p.m.Funcs = append(p.m.Funcs, ti)
	p.m.Code = append(p.m.Code, c)
	if len(b.labelNames) > 0 {
		p.names.Labels = append(p.names.Labels, wasm.IndirectNameAssoc{Index: x, Names: b.labelNames})
	}
	if len(b.hints) > 0 {
		p.hints = append(p.hints, wasm.FuncHints{Func: wasm.FuncIdx(x), Hints: b.hints})
	}
}

// placeCode sets the offsets of the code entries.
func (p *parser) placeCode() {
	pos := uint32(len(instr.AppendU32(nil, uint32(len(p.m.Code)))))
	for i := range p.m.Code {
		c := &p.m.Code[i]
		prefix := uint32(c.Offset)
		size := prefix + uint32(len(c.Body))
		pos += uint32(len(instr.AppendU32(nil, size)))
		c.Start, c.Offset = wasm.Offset(pos), wasm.Offset(pos+prefix)
		pos += size
	}
}
