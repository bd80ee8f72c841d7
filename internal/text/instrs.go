package text

import (
	"encoding/binary"
	"math/bits"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// immediates reads the immediates of a plain instruction into in, whose opcode
// is set; t is its token.
func (p *parser) immediates(t token, in *instr.Instr) {
	info := in.Info()
	switch info.Imm {
	case op.ImmNone, op.ImmFence:
		if in.Op == op.Select && p.opens(wordResult) {
			p.selectTypes(in)
		}
	case op.ImmLabel:
		in.X = p.label()
	case op.ImmBrTable:
		p.brTable(in)
	case op.ImmFunc:
		in.X = p.index(&p.funcs)
	case op.ImmType:
		in.X = p.index(&p.types)
	case op.ImmLocal:
		in.X = p.index(&p.body.locals)
	case op.ImmGlobal:
		in.X = p.index(&p.globals)
	case op.ImmTag:
		in.X = p.index(&p.tags)
	case op.ImmElem:
		in.X = p.index(&p.elems)
	case op.ImmData:
		in.X = p.index(&p.datas)
		p.usesData = true
	case op.ImmTable:
		in.X = p.optIndex(&p.tables)
	case op.ImmMemory:
		in.X = p.optIndex(&p.memories)
	case op.ImmTableTable:
		in.X, in.Y = p.twoIndices(&p.tables)
	case op.ImmMemoryMemory:
		in.X, in.Y = p.twoIndices(&p.memories)
	case op.ImmElemTable:
		in.Y, in.X = p.segment(&p.tables, &p.elems)
	case op.ImmDataMemory:
		in.Y, in.X = p.segment(&p.memories, &p.datas)
		p.usesData = true
	case op.ImmCallIndirect:
		in.Y = p.optIndex(&p.tables)
		in.X = uint32(p.useType(nil))
	case op.ImmMemarg, op.ImmMemargLane:
		p.memarg(info, in)
	case op.ImmLane:
		in.Lane = p.lane()
	case op.ImmShuffle:
		p.shuffle(t, in)
	case op.ImmI32:
		in.Val = p.constInt(32)
	case op.ImmI64:
		in.Val = p.constInt(64)
	case op.ImmF32:
		in.Val = p.constFloat(32)
	case op.ImmF64:
		in.Val = p.constFloat(64)
	case op.ImmV128:
		p.constV128(in)
	case op.ImmHeapType:
		p.heapTypeImm(in)
	case op.ImmBrOnCast:
		p.brOnCast(in)
	case op.ImmTypeField:
		in.X = p.index(&p.types)
		in.Y = p.fieldIndex(in.X)
	case op.ImmTypeN:
		in.X = p.index(&p.types)
		in.Y = p.u32("count")
	case op.ImmTypeData:
		in.X, in.Y = p.index(&p.types), p.index(&p.datas)
		p.usesData = true
	case op.ImmTypeElem:
		in.X, in.Y = p.index(&p.types), p.index(&p.elems)
	case op.ImmTypeType:
		in.X, in.Y = p.index(&p.types), p.index(&p.types)
	default: // the block instructions, which the caller handles
		p.unexpected(t, "plain instruction")
	}
}

// optIndex returns the index that is next, 0 if there is none.
func (p *parser) optIndex(s *space) uint32 {
	if p.isIndex() {
		return p.index(s)
	}
	return 0
}

// twoIndices reads no index or two.
func (p *parser) twoIndices(s *space) (x, y uint32) {
	if p.isIndex() {
		return p.index(s), p.index(s)
	}
	return 0, 0
}

// segment reads an optional index in space outer and the index of a segment.
func (p *parser) segment(outer, segments *space) (x, y uint32) {
	if k := p.peekAt(1).kind; k == tokNat || k == tokID {
		x = p.index(outer)
	}
	return x, p.index(segments)
}

func (p *parser) brTable(in *instr.Instr) {
	b := &p.body
	b.labelBuf = append(b.labelBuf[:0], p.label())
	for p.isIndex() {
		b.labelBuf = append(b.labelBuf, p.label())
	}
	in.Labels = b.labelBuf
}

// selectTypes reads (result t*)* and makes in the select with types.
func (p *parser) selectTypes(in *instr.Instr) {
	in.Op = op.SelectT
	p.needs(p.peekAt(1), in.Info().Feature)
	p.declarations(wordResult, false, func(d param) { in.Types = append(in.Types, d.t) })
}

// heapTypeImm reads the heap type of ref.null, or the reference type of
// ref.test and ref.cast, whose opcode says whether it is nullable.
func (p *parser) heapTypeImm(in *instr.Instr) {
	if in.Op == op.RefNull {
		in.Heap = p.heapType()
		return
	}
	t := p.refType()
	in.Heap = t.Heap()
	if t.Nullable() {
		in.Op++
	}
}

func (p *parser) brOnCast(in *instr.Instr) {
	in.X = p.label()
	from, to := p.refType(), p.refType()
	in.Heap, in.Heap2 = from.Heap(), to.Heap()
	in.Nulls = 0
	if from.Nullable() {
		in.Nulls |= 1
	}
	if to.Nullable() {
		in.Nulls |= 2
	}
}

// memarg reads memidx? offset=n? align=n?, and the lane of instructions that
// have one, before which a single number is the lane.
func (p *parser) memarg(info *op.Info, in *instr.Instr) {
	lane := info.Imm == op.ImmMemargLane
	if p.isIndex() {
		k := p.peekAt(1).kind
		if !lane || k == tokNat || k == tokOffset || k == tokAlign {
			in.X = p.index(&p.memories)
		}
	}
	if t := p.peek(); t.kind == tokOffset {
		p.pos++
		v, ok := parseNat(p.text[t.pos+7 : t.end])
		if !ok {
			p.fail(t, "i64 "+errConstRange)
		}
		in.Val = v
	}
	in.Align = uint32(bits.TrailingZeros8(info.Width))
	if t := p.peek(); t.kind == tokAlign {
		p.pos++
		v, ok := parseNat(p.text[t.pos+6 : t.end])
		if !ok || bits.OnesCount64(v) != 1 {
			p.fail(t, errAlign)
			return
		}
		in.Align = uint32(bits.TrailingZeros64(v))
	}
	if lane {
		in.Lane = p.lane()
	}
}

// lane reads a lane index.
func (p *parser) lane() uint8 {
	t := p.next()
	if t.kind != tokNat {
		p.unexpected(t, "lane index")
		return 0
	}
	v, ok := parseNat(p.bytes(t))
	if !ok || v > 255 {
		p.fail(t, "i8 "+errConstRange)
	}
	return uint8(v)
}

func isNumber(k kind) bool { return k == tokNat || k == tokInt || k == tokFloat }

// lexErrorOr returns token t if it is a lexical error, which explains what is
// wrong better than anything else, or else token u.
func (p *parser) lexErrorOr(t, u token) token {
	if t.kind == tokError {
		return t
	}
	return u
}

// shuffle reads the 16 lanes of i8x16.shuffle.
func (p *parser) shuffle(t token, in *instr.Instr) {
	n := 0
	for ; isNumber(p.peek().kind); n++ {
		lane := p.next()
		v, ok := parseNat(p.bytes(lane))
		if lane.kind != tokNat || !ok || v > 255 {
			p.fail(lane, "i8 "+errConstRange)
			return
		}
		if n < len(in.Vec) {
			in.Vec[n] = uint8(v)
		}
	}
	if n != len(in.Vec) {
		p.fail(p.lexErrorOr(p.peek(), t), errLaneLength)
	}
}

// constInt reads an integer constant of the given width.
func (p *parser) constInt(bits uint) uint64 {
	t := p.next()
	if t.kind != tokNat && t.kind != tokInt {
		p.unexpected(t, "integer")
		return 0
	}
	v, ok := parseInt(p.bytes(t), bits)
	if !ok {
		p.fail(t, errConstRange)
	}
	return v
}

// constFloat reads a floating-point constant of the given width.
func (p *parser) constFloat(bits int) uint64 {
	t := p.next()
	if !isNumber(t.kind) {
		p.unexpected(t, "number")
		return 0
	}
	v, ok := parseFloat(p.bytes(t), bits)
	if !ok {
		p.fail(t, errConstRange)
	}
	return v
}

// shape is a division of a vector into lanes.
type shape struct {
	lanes, bits int
	float       bool
}

// shapes maps keywords to shapes.
var shapes = map[word]shape{
	wordI8x16: {16, 8, false}, wordI16x8: {8, 16, false}, wordI32x4: {4, 32, false}, wordI64x2: {2, 64, false},
	wordF32x4: {4, 32, true}, wordF64x2: {2, 64, true},
}

// constV128 reads a shape and that many lanes.
func (p *parser) constV128(in *instr.Instr) {
	t := p.next()
	s, ok := shapes[t.word]
	if t.kind != tokWord || !ok {
		p.unexpected(t, "shape of a vector")
		return
	}
	n := 0
	for isNumber(p.peekAt(n).kind) {
		n++
	}
	if n != s.lanes {
		p.fail(p.lexErrorOr(p.peekAt(n), t), errLaneCount)
		return
	}
	for i := range n {
		setLane(&in.Vec, s, i, p.laneBits(s))
	}
}

// laneBits reads one lane of a vector.
func (p *parser) laneBits(s shape) uint64 {
	switch t := p.peek(); {
	case s.float:
		return p.constFloat(s.bits)
	case t.kind == tokFloat:
		p.fail(t, errConstRange)
		return 0
	}
	return p.constInt(uint(s.bits))
}

// setLane stores lane i of a vector.
func setLane(v *[16]byte, s shape, i int, x uint64) {
	switch b := v[i*s.bits/8:]; s.bits {
	case 8:
		b[0] = byte(x)
	case 16:
		binary.LittleEndian.PutUint16(b, uint16(x))
	case 32:
		binary.LittleEndian.PutUint32(b, uint32(x))
	case 64:
		binary.LittleEndian.PutUint64(b, x)
	}
}

// catchClauses reads (catch x l)* and the like, of try_table.
func (p *parser) catchClauses() []instr.Catch {
	var list []instr.Catch
	for p.err == nil {
		var c instr.Catch
		switch {
		case p.open(word(op.Catch)):
			c.Kind = instr.Catch_
		case p.open(wordCatchRef):
			c.Kind = instr.CatchRef
		case p.open(word(op.CatchAll)):
			c.Kind = instr.CatchAll
		case p.open(wordCatchAllRef):
			c.Kind = instr.CatchAllRef
		default:
			return list
		}
		if c.Kind.HasTag() {
			c.Tag = p.index(&p.tags)
		}
		c.Label = p.label()
		p.close()
		list = append(list, c)
	}
	return list
}

// appendLocals appends the binary form of runs of locals.
func appendLocals(b []byte, runs []wasm.Locals) []byte {
	b = instr.AppendU32(b, uint32(len(runs)))
	for _, r := range runs {
		b = instr.AppendValType(instr.AppendU32(b, r.Count), r.Type)
	}
	return b
}
