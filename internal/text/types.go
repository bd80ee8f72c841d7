package text

import (
	"math"
	"math/bits"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// numTypes maps keywords to number, vector and packed types; refTypes to the
// shorthands of reference types; heapTypes to abstract heap types.
var (
	numTypes = map[word]wasm.ValType{
		wordI32: wasm.I32, wordI64: wasm.I64, wordF32: wasm.F32, wordF64: wasm.F64, wordV128: wasm.V128,
		wordI8: wasm.I8, wordI16: wasm.I16,
	}
	refTypes = map[word]wasm.HeapType{
		wordAnyref: wasm.HeapAny, wordEqref: wasm.HeapEq, wordI31ref: wasm.HeapI31,
		wordStructref: wasm.HeapStruct, wordArrayref: wasm.HeapArray, wordNullref: wasm.HeapNone,
		wordFuncref: wasm.HeapFunc, wordNullfuncref: wasm.HeapNoFunc, wordExnref: wasm.HeapExn,
		wordNullexnref: wasm.HeapNoExn, wordExternref: wasm.HeapExtern, wordNullexternref: wasm.HeapNoExtern,
	}
	heapTypes = map[word]wasm.HeapType{
		wordAny: wasm.HeapAny, wordEq: wasm.HeapEq, wordI31: wasm.HeapI31, wordStruct: wasm.HeapStruct,
		wordArray: wasm.HeapArray, wordNone_: wasm.HeapNone, wordFunc: wasm.HeapFunc,
		wordNofunc: wasm.HeapNoFunc, wordExn: wasm.HeapExn, wordNoexn: wasm.HeapNoExn,
		wordExtern: wasm.HeapExtern, wordNoextern: wasm.HeapNoExtern,
	}
)

// typeIndex returns a type index, which must be next.
func (p *parser) typeIndex() wasm.TypeIdx { return wasm.TypeIdx(p.index(&p.types)) }

// heapType returns a heap type, which must be next.
func (p *parser) heapType() wasm.HeapType {
	t := p.peek()
	if t.kind == tokWord {
		if h, ok := heapTypes[t.word]; ok {
			p.pos++
			return h
		}
	}
	if t.kind != tokNat && t.kind != tokID {
		p.unexpected(t, "heap type")
		return 0
	}
	// Indices that no module has all become one, which stays unknown.
	return wasm.HeapType(min(p.typeIndex(), wasm.MaxTypes))
}

// isRefType says whether a reference type is next.
func (p *parser) isRefType() bool {
	if p.opens(wordRef) {
		return true
	}
	t := p.peek()
	if t.kind != tokWord {
		return false
	}
	_, ok := refTypes[t.word]
	return ok
}

// refType returns a reference type, which must be next.
func (p *parser) refType() wasm.ValType {
	if p.open(wordRef) {
		nullable := p.isWord(wordNull)
		if nullable {
			p.pos++
		}
		h := p.heapType()
		p.close()
		return wasm.Ref(nullable, h)
	}
	t := p.next()
	if t.kind == tokWord {
		if h, ok := refTypes[t.word]; ok {
			return wasm.Ref(true, h)
		}
	}
	p.unexpected(t, "reference type")
	return 0
}

// valType returns a value type, which must be next.
func (p *parser) valType() wasm.ValType {
	t := p.peek()
	if t.kind == tokWord {
		if v, ok := numTypes[t.word]; ok && !v.IsPacked() {
			p.pos++
			return v
		}
	}
	if !p.isRefType() {
		p.unexpected(t, "value type")
		return 0
	}
	return p.refType()
}

// storageType returns the type of a field, which must be next.
func (p *parser) storageType() wasm.ValType {
	t := p.peek()
	if t.kind == tokWord {
		if v, ok := numTypes[t.word]; ok {
			p.pos++
			return v
		}
	}
	return p.valType()
}

// fieldType returns a field type, which must be next.
func (p *parser) fieldType() wasm.FieldType {
	if p.open(wordMut) {
		t := p.storageType()
		p.close()
		return wasm.FieldType{Type: t, Mutable: true}
	}
	return wasm.FieldType{Type: p.storageType()}
}

// globalType returns a global type, which must be next.
func (p *parser) globalType() wasm.GlobalType {
	if p.open(wordMut) {
		t := p.valType()
		p.close()
		return wasm.GlobalType{Type: t, Mutable: true}
	}
	return wasm.GlobalType{Type: p.valType()}
}

// param is a parameter or local with the place of its identifier.
type param struct {
	id   token // tokID, or any other if it has none
	name string
	t    wasm.ValType
}

// declarations reads a sequence of (w t*) and (w $id t) and calls f for each
// type. Identifiers are refused unless ids is set.
func (p *parser) declarations(w word, ids bool, f func(param)) {
	for p.open(w) {
		if t := p.peek(); t.kind == tokID {
			if !ids {
				p.unexpected(t, "value type")
				return
			}
			p.pos++
			d := param{id: t}
			d.name, _ = p.nameAnnot()
			d.t = p.valType()
			f(d)
			p.close()
			continue
		}
		if name, ok := p.nameAnnot(); ok && ids {
			f(param{name: name, t: p.valType()})
			p.close()
			continue
		}
		for p.err == nil && p.peek().kind != tokRParen {
			f(param{t: p.valType()})
		}
		p.close()
	}
}

// signature reads (param ...)* (result ...)*. Where params is not nil it is
// called for each parameter, and parameters may have identifiers.
func (p *parser) signature(params func(param)) wasm.FuncType {
	var f wasm.FuncType
	p.declarations(wordParam, params != nil, func(d param) {
		f.Params = append(f.Params, d.t)
		if params != nil {
			params(d)
		}
	})
	p.declarations(wordResult, false, func(d param) { f.Results = append(f.Results, d.t) })
	return f
}

// typeKey encodes a function type for use as a map key.
func (p *parser) typeKey(f *wasm.FuncType) []byte {
	b := instr.AppendU32(p.key[:0], uint32(len(f.Params)))
	for _, t := range f.Params {
		b = instr.AppendU32(b, uint32(t))
	}
	for _, t := range f.Results {
		b = instr.AppendU32(b, uint32(t))
	}
	p.key = b
	return b
}

// implicitType returns the first type definition that stands for f, which is
// added after all others if there is none.
func (p *parser) implicitType(f wasm.FuncType) wasm.TypeIdx {
	key := p.typeKey(&f)
	if x, ok := p.implicit[string(key)]; ok {
		return x
	}
	x := wasm.TypeIdx(len(p.m.Types))
	p.m.Types = append(p.m.Types, wasm.SubType{Final: true, Kind: wasm.KindFunc, Func: f})
	p.m.RecGroups = append(p.m.RecGroups, wasm.RecGroup{Start: uint32(x), Len: 1})
	p.implicit[string(key)] = x
	return x
}

// typeUse reads a type use: (type x)? (param ...)* (result ...)*. It returns
// what was written, and params is called for the parameters as in signature.
// explicit says that there was a (type x).
func (p *parser) typeUse(params func(param)) (x wasm.TypeIdx, f wasm.FuncType, explicit bool) {
	start := p.peek()
	if explicit = p.open(wordType); explicit {
		x = p.typeIndex()
		p.close()
	}
	f = p.signature(params)
	if t := p.peekAt(1); p.opens(wordType) || p.opens(wordParam) {
		p.unexpected(t, "type uses in the order type, param, result")
	}
	if explicit && len(f.Params)+len(f.Results) > 0 {
		p.checkInline(start, x, &f)
	}
	return x, f, explicit
}

// checkInline checks that the type written inline is the one with index x.
func (p *parser) checkInline(at token, x wasm.TypeIdx, f *wasm.FuncType) {
	if p.err != nil {
		return
	}
	if int64(x) >= int64(len(p.m.Types)) {
		p.fail(at, "unknown type")
		return
	}
	if t := &p.m.Types[x]; t.Kind != wasm.KindFunc || !t.Func.Equal(f) {
		p.fail(at, errInlineType)
	}
}

// useType is typeUse where an absent (type x) stands for an implicit type.
func (p *parser) useType(params func(param)) wasm.TypeIdx {
	x, f, explicit := p.typeUse(params)
	if !explicit && p.err == nil {
		x = p.implicitType(f)
	}
	return x
}

// blockType reads the type of a block.
func (p *parser) blockType() instr.BlockType {
	x, f, explicit := p.typeUse(nil)
	switch {
	case p.err != nil:
	case explicit:
	case len(f.Params) == 0 && len(f.Results) == 0:
		return instr.BlockType{Kind: instr.BlockEmpty}
	case len(f.Params) == 0 && len(f.Results) == 1:
		return instr.BlockType{Kind: instr.BlockValue, Type: f.Results[0]}
	default:
		x = p.implicitType(f)
	}
	return instr.BlockType{Kind: instr.BlockIndex, X: x}
}

// needs reports token t where the proposal g is not switched on.
func (p *parser) needs(t token, g wasm.Feature) {
	if !p.features.Has(g) {
		p.unexpected(t, "nothing that needs "+g.String())
	}
}

// addrType reads the optional index type of a table or memory.
func (p *parser) addrType() (addr64 bool) {
	switch t := p.peek(); {
	case p.isWord(wordI32):
		p.pos++
	case p.isWord(wordI64):
		p.needs(t, op.FeatureMemory64)
		p.pos++
		return true
	}
	return false
}

// limits reads n or n m. Whether they suit the index type is a matter of
// validation.
func (p *parser) limits(addr64 bool) wasm.Limits {
	l := wasm.Limits{Addr64: addr64, Min: p.limit()}
	if p.peek().kind == tokNat {
		l.Max, l.HasMax = p.limit(), true
	}
	return l
}

// limit reads one number of limits. The memory64 proposal widened them to 64
// bits and left what does not suit the index type to validation.
func (p *parser) limit() uint64 {
	at := p.peek()
	n := p.u64("limits")
	if n > math.MaxUint32 && !p.features.Has(op.FeatureMemory64) {
		p.fail(at, errLimitRange)
	}
	return n
}

// memType reads a memory type after its index type.
func (p *parser) memType(addr64 bool) wasm.MemType {
	t := wasm.MemType{Limits: p.limits(addr64), PageSizeLog2: wasm.PageSizeLog2}
	if p.isWord(wordShared) {
		p.needs(p.peek(), op.FeatureThreads)
		p.pos++
		t.Shared = true
	}
	p.pageSize(&t)
	return t
}

// pageSize reads the optional (pagesize n).
func (p *parser) pageSize(t *wasm.MemType) {
	at := p.peek()
	if !p.open(wordPagesize) {
		return
	}
	p.needs(at, op.FeatureCustomPageSizes)
	n := p.u32("page size")
	if p.err == nil && bits.OnesCount32(n) != 1 {
		p.fail(at, errPageSize)
		return
	}
	t.PageSizeLog2, t.CustomPageSize = uint8(bits.TrailingZeros32(n)), true
	p.close()
}

// tableType reads a table type after its index type.
func (p *parser) tableType(addr64 bool) wasm.TableType {
	l := p.limits(addr64)
	return wasm.TableType{Limits: l, Elem: p.refType()}
}
