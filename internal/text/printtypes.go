package text

import "github.com/wamr-go/wamr/internal/wasm"

func (p *printer) recGroup(g *wasm.RecGroup) {
	group := g.Explicit || g.Len != 1
	if group {
		p.str("\n  (rec")
	}
	for x := g.Start; x < g.Start+g.Len; x++ {
		if group {
			p.str("\n    (type")
		} else {
			p.str("\n  (type")
		}
		p.binding(p.types, x)
		p.str(" ")
		p.subType(x)
		p.str(")")
	}
	if group {
		p.str(")")
	}
}

func (p *printer) subType(x uint32) {
	t := &p.m.Types[x]
	sub := !t.Final || len(t.Supers) > 0
	if sub {
		p.str("(sub")
		if t.Final {
			p.str(" final")
		}
		for _, s := range t.Supers {
			p.index(p.types, uint32(s))
		}
		p.str(" ")
	}
	switch t.Kind {
	case wasm.KindStruct:
		p.str("(struct")
		for i := range t.Fields {
			p.str(" (field")
			if ids := p.fields[x]; i < len(ids) && ids[i].id != "" {
				p.str(" ")
				p.ident(ids[i])
			}
			p.fieldType(&t.Fields[i])
			p.str(")")
		}
		p.str(")")
	case wasm.KindArray:
		p.str("(array")
		for i := range t.Fields {
			p.fieldType(&t.Fields[i])
		}
		p.str(")")
	default:
		p.str("(func")
		p.signature(&t.Func, nil)
		p.str(")")
	}
	if sub {
		p.str(")")
	}
}

func (p *printer) fieldType(f *wasm.FieldType) {
	if f.Mutable {
		p.str(" (mut ")
		p.valType(f.Type)
		p.str(")")
		return
	}
	p.str(" ")
	p.valType(f.Type)
}

func (p *printer) globalType(t *wasm.GlobalType) {
	if t.Mutable {
		p.str("(mut ")
		p.valType(t.Type)
		p.str(")")
		return
	}
	p.valType(t.Type)
}

// valType writes a type, concrete heap types by their identifiers.
func (p *printer) valType(t wasm.ValType) {
	if !t.IsRef() {
		p.str(t.String())
		return
	}
	if _, concrete := t.Heap().Concrete(); !concrete {
		p.str(t.String())
		return
	}
	p.refType(t.Nullable(), t.Heap())
}

// refType writes a reference type in its long form.
func (p *printer) refType(nullable bool, h wasm.HeapType) {
	p.str("(ref")
	if nullable {
		p.str(" null")
	}
	p.heapType(h)
	p.str(")")
}

// heapType writes a blank and a heap type.
func (p *printer) heapType(h wasm.HeapType) {
	if x, concrete := h.Concrete(); concrete {
		p.index(p.types, uint32(x))
		return
	}
	p.str(" ", h.String())
}

// signature writes parameters, with the identifiers ids has for them, and
// results.
func (p *printer) signature(f *wasm.FuncType, ids []ident) {
	p.declare("param", f.Params, ids)
	p.declare("result", f.Results, nil)
}

// declare writes (keyword t*), and each type for itself that has an
// identifier.
func (p *printer) declare(keyword string, types []wasm.ValType, ids []ident) {
	open := false
	for i, t := range types {
		named := i < len(ids) && ids[i].id != ""
		if open && named {
			p.str(")")
			open = false
		}
		if !open {
			p.str(" (", keyword)
			open = true
		}
		p.str(" ")
		if named {
			p.ident(ids[i])
			p.str(" ")
		}
		p.valType(t)
		if named {
			p.str(")")
			open = false
		}
	}
	if open {
		p.str(")")
	}
}

// typeUse writes the use of type x and, where it is a function type, the
// parameters and results.
func (p *printer) typeUse(x wasm.TypeIdx, ids []ident) {
	p.str(" (type")
	p.index(p.types, uint32(x))
	p.str(")")
	if f := p.funcType(x); f != nil {
		p.signature(f, ids)
	}
}

// funcType returns the function type with index x; nil if there is none.
func (p *printer) funcType(x wasm.TypeIdx) *wasm.FuncType {
	if int64(x) < int64(len(p.m.Types)) && p.m.Types[x].Kind == wasm.KindFunc {
		return &p.m.Types[x].Func
	}
	return nil
}

func (p *printer) limits(l *wasm.Limits) {
	if l.Addr64 {
		p.str(" i64")
	}
	p.str(" ")
	p.num(l.Min)
	if l.HasMax {
		p.str(" ")
		p.num(l.Max)
	}
}

func (p *printer) memType(t *wasm.MemType) {
	p.limits(&t.Limits)
	if t.Shared {
		p.str(" shared")
	}
	if t.CustomPageSize {
		p.str(" (pagesize ")
		p.num(1 << t.PageSizeLog2)
		p.str(")")
	}
}

func (p *printer) tableType(t *wasm.TableType) {
	p.limits(&t.Limits)
	p.str(" ")
	p.valType(t.Elem)
}
