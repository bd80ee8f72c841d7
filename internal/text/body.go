package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// frameKind says what a frame of the stack of open instructions waits for.
type frameKind uint8

const (
	framePlain   frameKind = iota // folded plain instruction: operands, )
	frameBlock                    // folded block, loop, try_table: instructions, )
	frameIfCond                   // folded if: operands, (then
	frameThen                     // instructions of (then, )
	frameIfThen                   // after (then ...): (else or )
	frameElse                     // instructions of (else, )
	frameIfElse                   // after (else ...): )
	frameTry                      // folded try: (do
	frameDo                       // instructions of (do, )
	frameTryDo                    // after (do ...): (catch, (catch_all, (delegate or )
	frameCatch                    // instructions of (catch, )
	frameTryMore                  // after (catch ...): (catch, (catch_all or )
	frameLast                     // instructions of (catch_all, )
	frameTryEnd                   // after (catch_all ...): )
	frameFlat                     // flat block instruction: end and the like
)

// inBody says, by frameKind, whether any instruction may be next.
var inBody = [...]bool{
	frameBlock: true, frameThen: true, frameElse: true, frameDo: true, frameCatch: true, frameLast: true,
	frameFlat: true,
}

// frame is an instruction that is not complete yet.
type frame struct {
	kind frameKind
	// code is of a flat block instruction the last keyword it had.
	code op.Opcode
	// pending is where the bytes begin in body.pending that are to be written
	// when the operands have been.
	pending uint32
	id      token  // of the label of a folded if
	name    string // of that label, if it has an annotation
	hint    int8   // branch hint; -1: none
}

// label is a label in scope.
type label struct {
	name string // empty: none
	// shadowed is the outer label of that name; -1: none.
	shadowed int32
}

// body is the state of reading one expression. Its buffers serve all
// expressions of a module, one after the other.
type body struct {
	code    []byte
	frames  []frame
	pending []byte
	labels  []label
	byName  map[string]int32 // innermost label of each name in scope
	locals  space

	inFunc     bool
	prefix     uint32 // bytes of the function's entry before the code
	blocks     uint32 // begun so far
	labelNames wasm.NameMap
	hints      []wasm.BranchHint
	labelBuf   []uint32
	in         instr.Instr
}

// reset prepares for the next expression; locals are those of a function or
// nil.
func (b *body) reset(locals map[string]uint32) {
	b.code, b.frames, b.pending, b.labels = b.code[:0], b.frames[:0], b.pending[:0], b.labels[:0]
	clear(b.byName)
	b.locals = space{what: "local", ids: locals}
	b.inFunc, b.prefix, b.blocks = false, 0, 0
	b.labelNames, b.hints = nil, nil
}

// pushLabel brings a label into scope; t is its identifier, if it has one.
func (p *parser) pushLabel(t token, name string) {
	b := &p.body
	l := label{shadowed: -1}
	if t.kind == tokID {
		l.name = string(p.idBytes(t))
		if outer, ok := b.byName[l.name]; ok {
			l.shadowed = outer
		}
		if b.byName == nil {
			b.byName = make(map[string]int32)
		}
		b.byName[l.name] = int32(len(b.labels))
		if name == "" {
			name = l.name
		}
	}
	if b.inFunc {
		addName(&b.labelNames, b.blocks, name)
	}
	b.blocks++
	b.labels = append(b.labels, l)
}

// popLabel ends the scope of the innermost label.
func (b *body) popLabel() {
	n := len(b.labels) - 1
	if l := b.labels[n]; l.name != "" {
		if l.shadowed >= 0 {
			b.byName[l.name] = l.shadowed
		} else {
			delete(b.byName, l.name)
		}
	}
	b.labels = b.labels[:n]
}

// label returns a label index, which must be next.
func (p *parser) label() uint32 {
	t := p.peek()
	if t.kind != tokID {
		return p.u32("label")
	}
	p.pos++
	id := p.idBytes(t)
	x, ok := p.body.byName[string(id)]
	if !ok {
		p.fail(t, "unknown label $"+quoteForError(id))
		return 0
	}
	return uint32(len(p.body.labels) - 1 - int(x))
}

// sameLabel reads the optional identifier that repeats the innermost label.
func (p *parser) sameLabel() {
	t := p.peek()
	if t.kind != tokID {
		return
	}
	p.pos++
	if l := p.body.labels[len(p.body.labels)-1]; l.name != string(p.idBytes(t)) {
		p.fail(t, errMismatchingLabel)
	}
}

// labelID reads the optional identifier of a block and its name annotation.
func (p *parser) labelID() (token, string) {
	var id token
	if id = p.peek(); id.kind == tokID {
		p.pos++
	}
	name, _ := p.nameAnnot()
	return id, name
}

// instrs reads instructions up to a closing parenthesis that is not theirs, or
// just one folded instruction if single is set. It keeps its own stack: input
// may nest without limit.
func (p *parser) instrs(single bool) {
	b := &p.body
	for p.err == nil {
		t := p.peek()
		hint := int8(-1)
		if p.annot < p.annotEnd && b.inFunc {
			hint = p.hint()
		}
		switch t.kind {
		case tokLParen:
			p.folded(t, hint)
		case tokRParen:
			if len(b.frames) == 0 {
				return
			}
			p.pos++
			p.closeFrame(t)
		case tokOp:
			if n := len(b.frames); single && n == 0 || n > 0 && !inBody[b.frames[n-1].kind] {
				p.unexpected(t, "folded instruction")
				return
			}
			p.pos++
			p.flat(t, hint)
		default:
			if len(b.frames) == 0 && t.kind == tokEOF {
				return
			}
			p.unexpected(t, "instruction")
			return
		}
		if single && len(b.frames) == 0 {
			return
		}
	}
}

// hint reads the branch hint before the current instruction; -1 if there is
// none.
func (p *parser) hint() int8 {
	h, ok := p.hintAnnot()
	if !ok {
		return -1
	}
	t := p.peek()
	if t.kind == tokLParen {
		t = p.peekAt(1)
	}
	if code := op.Opcode(t.word); t.kind != tokOp || code != op.If && code != op.BrIf {
		p.fail(t, errHintTarget)
	}
	return int8(h)
}

// emit writes the instruction in b.in.
func (p *parser) emit(hint int8) {
	p.noteHint(hint)
	p.body.code = instr.Append(p.body.code, &p.body.in)
}

// emitOp writes an instruction without immediates.
func (b *body) emitOp(code op.Opcode) { b.code = instr.AppendOpcode(b.code, code) }

// noteHint records a branch hint for the instruction that is written next.
func (p *parser) noteHint(hint int8) {
	if hint < 0 {
		return
	}
	b := &p.body
	b.hints = append(b.hints, wasm.BranchHint{Offset: b.prefix + uint32(len(b.code)), Likely: hint != 0})
}

// blockHeader reads label, block type and catch clauses into b.in.
func (p *parser) blockHeader(code op.Opcode) (id token, name string) {
	id, name = p.labelID()
	p.body.in = instr.Instr{Op: code, Block: p.blockType()}
	if code == op.TryTable {
		p.body.in.Catches = p.catchClauses()
	}
	return id, name
}

// flat reads an instruction in flat form, after its keyword t.
func (p *parser) flat(t token, hint int8) {
	b := &p.body
	code := op.Opcode(t.word)
	var top *frame
	if n := len(b.frames); n > 0 && b.frames[n-1].kind == frameFlat {
		top = &b.frames[n-1]
	}
	switch code {
	case op.Block, op.Loop, op.If, op.Try, op.TryTable:
		p.enabled(t)
		id, name := p.blockHeader(code)
		p.emit(hint)
		p.pushLabel(id, name)
		b.frames = append(b.frames, frame{kind: frameFlat, code: code})
		return
	case op.Else:
		if top == nil || top.code != op.If {
			break
		}
		p.sameLabel()
		b.emitOp(code)
		top.code = code
		return
	case op.End:
		if top == nil {
			break
		}
		p.sameLabel()
		p.endBlock()
		return
	case op.Catch, op.CatchAll:
		if top == nil || top.code != op.Try && top.code != op.Catch {
			break
		}
		top.code = code
		p.catch(code)
		return
	case op.Delegate:
		if top == nil || top.code != op.Try {
			break
		}
		p.delegate()
		return
	default:
		p.plain(t)
		p.emit(hint)
		return
	}
	p.unexpected(t, "instruction")
}

// enabled reports the instruction t if its proposal is not switched on.
func (p *parser) enabled(t token) {
	info := op.Lookup(op.Opcode(t.word))
	// What names several opcodes brought later is checked by package valid.
	if !p.features.Has(info.Feature) && !p.alsoEnabled(info) {
		p.fail(t, msgTexts[msgUnknownOperator]+" "+info.Name+": needs "+info.Feature.String())
	}
}

// alsoEnabled says whether an instruction came with another proposal than the
// one of its row: legacy exceptions have throw too.
func (p *parser) alsoEnabled(info *op.Info) bool {
	return info.Code == op.Throw && p.features.Has(op.FeatureLegacyExceptions)
}

// plain reads a plain instruction into b.in, after its keyword t.
func (p *parser) plain(t token) {
	p.enabled(t)
	p.body.in = instr.Instr{Op: op.Opcode(t.word)}
	p.immediates(t, &p.body.in)
}

// catch writes a catch or catch_all of the legacy proposal, after its keyword.
func (p *parser) catch(code op.Opcode) {
	p.body.in = instr.Instr{Op: code}
	if code == op.Catch {
		p.body.in.X = p.index(&p.tags)
	}
	p.emit(-1)
}

// delegate ends a try, after the keyword. Its label counts from outside of
// the try.
func (p *parser) delegate() {
	b := &p.body
	b.popLabel()
	b.in = instr.Instr{Op: op.Delegate, X: p.label()}
	p.emit(-1)
	b.frames = b.frames[:len(b.frames)-1]
}

// endBlock writes the end of the innermost block.
func (p *parser) endBlock() {
	b := &p.body
	b.emitOp(op.End)
	b.popLabel()
	b.frames = b.frames[:len(b.frames)-1]
}

// folded reads the beginning of a folded instruction or of a clause of one, at
// the parenthesis open.
func (p *parser) folded(open token, hint int8) {
	b := &p.body
	p.pos++
	t := p.next()
	if n := len(b.frames); n > 0 {
		f := &b.frames[n-1]
		if f.kind == frameIfCond && t.kind == tokWord && t.word == wordThen {
			p.noteHint(f.hint)
			b.flush(f)
			f.kind = frameThen
			p.pushLabel(f.id, f.name)
			return
		}
		if f.kind != framePlain && f.kind != frameIfCond && !inBody[f.kind] {
			p.clause(f, t)
			return
		}
	}
	if t.kind != tokOp {
		p.unexpected(t, "instruction")
		return
	}
	code := op.Opcode(t.word)
	switch code {
	case op.Block, op.Loop, op.TryTable, op.Try:
		p.enabled(t)
		id, name := p.blockHeader(code)
		p.emit(hint)
		p.pushLabel(id, name)
		kind := frameBlock
		if code == op.Try {
			kind = frameTry
		}
		b.frames = append(b.frames, frame{kind: kind})
	case op.If:
		id, name := p.blockHeader(code)
		f := frame{kind: frameIfCond, pending: uint32(len(b.pending)), id: id, name: name, hint: hint}
		b.pending = instr.Append(b.pending, &b.in)
		b.frames = append(b.frames, f)
	case op.Else, op.End, op.Catch, op.CatchAll, op.Delegate:
		p.unexpected(t, "instruction")
	default:
		p.plain(t)
		if p.peek().kind == tokRParen { // no operands: the usual end of nesting
			p.pos++
			p.emit(hint)
			return
		}
		b.frames = append(b.frames, frame{kind: framePlain, pending: uint32(len(b.pending)), hint: hint})
		b.pending = instr.Append(b.pending, &b.in)
	}
}

// flush writes the pending bytes of a frame.
func (b *body) flush(f *frame) {
	b.code = append(b.code, b.pending[f.pending:]...)
	b.pending = b.pending[:f.pending]
}

// clause reads the beginning of (else, (do, (catch, (catch_all or (delegate,
// after its keyword t, in frame f.
func (p *parser) clause(f *frame, t token) {
	b := &p.body
	isOp := func(code op.Opcode) bool { return t.kind == tokOp && op.Opcode(t.word) == code }
	handler := f.kind == frameTryDo || f.kind == frameTryMore
	switch {
	case f.kind == frameIfThen && isOp(op.Else):
		b.emitOp(op.Else)
		f.kind = frameElse
	case f.kind == frameTry && t.kind == tokWord && t.word == wordDo:
		f.kind = frameDo
	case handler && isOp(op.Catch):
		f.kind = frameCatch
		p.catch(op.Catch)
	case handler && isOp(op.CatchAll):
		f.kind = frameLast
		p.catch(op.CatchAll)
	case f.kind == frameTryDo && isOp(op.Delegate):
		p.delegate()
		p.close()
		p.close()
	default:
		p.unexpected(t, ")")
	}
}

// closeFrame ends the innermost folded instruction or clause, after the
// closing parenthesis t.
func (p *parser) closeFrame(t token) {
	b := &p.body
	f := &b.frames[len(b.frames)-1]
	switch f.kind {
	case framePlain:
		p.noteHint(f.hint)
		b.flush(f)
		b.frames = b.frames[:len(b.frames)-1]
	case frameBlock, frameIfThen, frameIfElse, frameTryDo, frameTryMore, frameTryEnd:
		p.endBlock()
	case frameThen, frameElse, frameDo, frameCatch, frameLast:
		f.kind++
	case frameIfCond:
		p.unexpected(t, "(then")
	case frameTry:
		p.unexpected(t, "(do")
	case frameFlat:
		p.unexpected(t, "end")
	}
}
