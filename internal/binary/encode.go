package binary

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
)

// Encode returns the binary form of m, with all integers as short as they go.
// Sections without content are left out; custom sections keep their place
// among the others. Function bodies and constant expressions are copied.
//
// For a module that Decode returned and whose input was encoded that way, the
// result equals the input. The result is well-formed only if m is: its names
// are UTF-8, its indices are below 2^32, each expression has its final end.
func Encode(m *wasm.Module) []byte {
	e := encoder{m: m}
	e.out = make([]byte, 0, e.sizeHint())
	e.out = append(append(e.out, magic...), version...)
	e.customs(wasm.SectionCustom)
	for _, id := range sectionOrder {
		e.body = e.body[:0]
		if e.section(id) {
			e.write(id, e.body)
		}
		e.customs(id)
	}
	return e.out
}

// sectionOrder lists the non-custom sections in the order of a module.
var sectionOrder = func() (ids [len(order) - 1]wasm.SectionID) {
	for id, place := range order {
		if place > 0 {
			ids[place-1] = wasm.SectionID(id)
		}
	}
	return ids
}()

type encoder struct {
	m    *wasm.Module
	out  []byte
	body []byte // content of the current section
}

// sizeHint estimates the size of the result from what usually makes it up.
func (e *encoder) sizeHint() int {
	n := 1024 + 16*len(e.m.Code)
	for i := range e.m.Code {
		n += len(e.m.Code[i].Body)
	}
	for i := range e.m.Data {
		n += len(e.m.Data[i].Init)
	}
	for i := range e.m.Customs {
		n += len(e.m.Customs[i].Data)
	}
	return n
}

func (e *encoder) write(id wasm.SectionID, content []byte) {
	e.out = instr.AppendU32(append(e.out, byte(id)), uint32(len(content)))
	e.out = append(e.out, content...)
}

// customs writes the custom sections that follow section id.
func (e *encoder) customs(id wasm.SectionID) {
	for i := range e.m.Customs {
		if c := &e.m.Customs[i]; c.After == id {
			e.body = append(instr.AppendName(e.body[:0], c.Name), c.Data...)
			e.write(wasm.SectionCustom, e.body)
		}
	}
}

func (e *encoder) u32(x uint32)           { e.body = instr.AppendU32(e.body, x) }
func (e *encoder) bytes(b ...byte)        { e.body = append(e.body, b...) }
func (e *encoder) name(s string)          { e.body = instr.AppendName(e.body, s) }
func (e *encoder) valType(t wasm.ValType) { e.body = instr.AppendValType(e.body, t) }
func (e *encoder) expr(x *wasm.Expr)      { e.body = append(e.body, x.Bytes...) }

// vec writes a vector by way of f, which writes one item; it returns whether
// there is any.
func vec[T any](e *encoder, items []T, f func(*T)) bool {
	e.u32(uint32(len(items)))
	for i := range items {
		f(&items[i])
	}
	return len(items) > 0
}

// section writes the content of a section to e.body and returns whether there
// is any.
func (e *encoder) section(id wasm.SectionID) bool {
	m := e.m
	switch id {
	case wasm.SectionType:
		return vec(e, m.RecGroups, e.recGroup)
	case wasm.SectionImport:
		return vec(e, m.Imports, e.importEntry)
	case wasm.SectionFunction:
		return vec(e, m.Funcs, func(x *wasm.TypeIdx) { e.u32(uint32(*x)) })
	case wasm.SectionTable:
		return vec(e, m.Tables, e.table)
	case wasm.SectionMemory:
		return vec(e, m.Memories, e.memType)
	case wasm.SectionTag:
		return vec(e, m.Tags, e.tagType)
	case wasm.SectionGlobal:
		return vec(e, m.Globals, func(g *wasm.Global) { e.globalType(&g.Type); e.expr(&g.Init) })
	case wasm.SectionExport:
		return vec(e, m.Exports, func(x *wasm.Export) { e.name(x.Name); e.bytes(byte(x.Kind)); e.u32(x.Index) })
	case wasm.SectionStart:
		e.u32(uint32(m.Start))
		return m.HasStart
	case wasm.SectionElement:
		return vec(e, m.Elems, e.elem)
	case wasm.SectionDataCount:
		e.u32(m.DataCount)
		return m.HasDataCount
	case wasm.SectionCode:
		return vec(e, m.Code, e.code)
	case wasm.SectionData:
		return vec(e, m.Data, e.data)
	}
	return false
}

func (e *encoder) recGroup(g *wasm.RecGroup) {
	if g.Explicit || g.Len != 1 {
		e.bytes(defRec)
		e.u32(g.Len)
	}
	for i := g.Start; i < g.Start+g.Len; i++ {
		e.subType(&e.m.Types[i])
	}
}

func (e *encoder) subType(t *wasm.SubType) {
	if !t.Final || len(t.Supers) > 0 {
		if t.Final {
			e.bytes(defSubFinal)
		} else {
			e.bytes(defSub)
		}
		vec(e, t.Supers, func(x *wasm.TypeIdx) { e.u32(uint32(*x)) })
	}
	e.bytes(byte(t.Kind))
	switch t.Kind {
	case wasm.KindFunc:
		vec(e, t.Func.Params, func(t *wasm.ValType) { e.valType(*t) })
		vec(e, t.Func.Results, func(t *wasm.ValType) { e.valType(*t) })
	case wasm.KindStruct:
		vec(e, t.Fields, e.field)
	case wasm.KindArray:
		e.field(&t.Fields[0])
	}
}

func (e *encoder) field(f *wasm.FieldType) {
	e.valType(f.Type)
	e.flag(f.Mutable)
}

func (e *encoder) flag(set bool) {
	if set {
		e.bytes(1)
	} else {
		e.bytes(0)
	}
}

func (e *encoder) importEntry(im *wasm.Import) {
	e.name(im.Module)
	e.name(im.Name)
	e.bytes(byte(im.Kind))
	switch im.Kind {
	case wasm.ExternFunc:
		e.u32(uint32(im.Func))
	case wasm.ExternTable:
		e.tableType(&im.Table)
	case wasm.ExternMemory:
		e.memType(&im.Mem)
	case wasm.ExternGlobal:
		e.globalType(&im.Global)
	case wasm.ExternTag:
		e.tagType(&im.Tag)
	}
}

func (e *encoder) limits(l *wasm.Limits, flags byte) {
	if l.HasMax {
		flags |= limitsMax
	}
	if l.Addr64 {
		flags |= limitsAddr64
	}
	e.bytes(flags)
	e.body = instr.AppendU64(e.body, l.Min)
	if l.HasMax {
		e.body = instr.AppendU64(e.body, l.Max)
	}
}

func (e *encoder) memType(t *wasm.MemType) {
	var flags byte
	if t.Shared {
		flags |= limitsShared
	}
	// A module built by hand may leave the page size zero without meaning it;
	// only an explicit one is written.
	if t.CustomPageSize {
		flags |= limitsPageSize
	}
	e.limits(&t.Limits, flags)
	if t.CustomPageSize {
		e.u32(uint32(t.PageSizeLog2))
	}
}

func (e *encoder) tableType(t *wasm.TableType) {
	e.valType(t.Elem)
	e.limits(&t.Limits, 0)
}

func (e *encoder) globalType(t *wasm.GlobalType) {
	e.valType(t.Type)
	e.flag(t.Mutable)
}

func (e *encoder) tagType(x *wasm.TypeIdx) {
	e.bytes(0)
	e.u32(uint32(*x))
}

func (e *encoder) table(t *wasm.Table) {
	if len(t.Init.Bytes) > 0 {
		e.bytes(tablePrefix, 0)
	}
	e.tableType(&t.Type)
	e.expr(&t.Init)
}

func (e *encoder) code(c *wasm.Code) {
	size := sizeU32(uint32(len(c.Locals))) + len(c.Body)
	for _, l := range c.Locals {
		size += sizeU32(l.Count) + sizeValType(l.Type)
	}
	e.u32(uint32(size))
	vec(e, c.Locals, func(l *wasm.Locals) { e.u32(l.Count); e.valType(l.Type) })
	e.body = append(e.body, c.Body...)
}

// sizeU32 returns the number of bytes of x in LEB128.
func sizeU32(x uint32) int {
	n := 1
	for ; x >= 0x80; x >>= 7 {
		n++
	}
	return n
}

func sizeValType(t wasm.ValType) int {
	var buf [8]byte
	return len(instr.AppendValType(buf[:0], t))
}
