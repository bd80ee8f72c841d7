package text

import (
	"unicode/utf8"

	"github.com/wamr-go/wamr/internal/wasm"
)

// cursor walks over the tokens of a source. Its first error is kept; from then
// on it stands at the end, so that all loops of its users come to theirs.
type cursor struct {
	*source
	pos, end int // indices of tokens: the current one, the first not to be read
	err      *Error
}

// peek returns the current token.
func (c *cursor) peek() token {
	if c.pos < c.end {
		return c.toks[c.pos]
	}
	return token{kind: tokEOF, pos: c.endPos(), end: c.endPos()}
}

// peekAt returns the token n positions after the current one.
func (c *cursor) peekAt(n int) token {
	if c.pos+n < c.end {
		return c.toks[c.pos+n]
	}
	return token{kind: tokEOF, pos: c.endPos(), end: c.endPos()}
}

func (c *cursor) endPos() uint32 {
	if c.end < len(c.toks) {
		return c.toks[c.end].pos
	}
	return uint32(len(c.text))
}

// next returns the current token and steps over it.
func (c *cursor) next() token {
	t := c.peek()
	if c.pos < c.end {
		c.pos++
	}
	return t
}

// bytes returns the text of a token.
func (c *cursor) bytes(t token) []byte { return c.text[t.pos:t.end] }

// failPos records an error at a position of the text.
func (c *cursor) failPos(pos uint32, text string) {
	if c.err == nil {
		c.err = errorAt(c.text, int(pos), text)
		c.pos = c.end
	}
}

// fail records an error about token t. A token that is an error itself takes
// precedence.
func (c *cursor) fail(t token, text string) {
	if t.kind == tokError {
		text = msgTexts[t.word]
		if msg(t.word) == msgUnknownOperator {
			text += " " + quoteForError(c.bytes(t))
		}
	}
	c.failPos(t.pos, text)
}

// quoteForError shortens text from the input to what a message can bear.
func quoteForError(b []byte) string {
	const most = 60
	if len(b) > most {
		n := most
		for n > 0 && !utf8.RuneStart(b[n]) {
			n--
		}
		return string(b[:n]) + "..."
	}
	return string(b)
}

// unexpected reports token t where something else had to be.
func (c *cursor) unexpected(t token, want string) {
	text := errUnexpected
	switch t.kind {
	case tokEOF:
		text += ": end of text"
	case tokLParen:
		text += " ("
	default:
		text += " " + quoteForError(c.bytes(t))
	}
	c.fail(t, text+", expected "+want)
}

// isWord says whether the current token is the given keyword.
func (c *cursor) isWord(w word) bool { return c.peek().word == w && c.peek().kind == tokWord }

// opens says whether the current tokens are a parenthesis and keyword w.
func (c *cursor) opens(w word) bool {
	if c.pos+1 >= c.end {
		return false
	}
	t := c.toks[c.pos+1]
	return c.toks[c.pos].kind == tokLParen && t.word == w && (t.kind == tokWord || t.kind == tokOp)
}

// open steps over a parenthesis and keyword w if they are next.
func (c *cursor) open(w word) bool {
	if c.opens(w) {
		c.pos += 2
		return true
	}
	return false
}

// close steps over a closing parenthesis, which must be next.
func (c *cursor) close() {
	if t := c.next(); t.kind != tokRParen {
		c.unexpected(t, ")")
	}
}

// skip steps over the parenthesized text that begins with the current token.
func (c *cursor) skip() {
	t := c.peek()
	if t.end == 0 || int(t.end) >= c.end {
		c.unclosed()
		return
	}
	c.pos = int(t.end) + 1
}

// unclosed reports that the text ends inside of parentheses: because of the
// lexical error where the lexer stopped, if there is one.
func (c *cursor) unclosed() {
	c.pos = c.end
	t := c.peek()
	if n := len(c.toks) - 2; n >= 0 && c.toks[n].kind == tokError {
		t = c.toks[n]
	}
	c.unexpected(t, ")")
}

// string returns the bytes of a string, which must be next.
func (c *cursor) string() []byte {
	t := c.next()
	if t.kind != tokString {
		c.unexpected(t, "string")
		return nil
	}
	return appendString(nil, c.bytes(t))
}

// name returns a string that is valid UTF-8, which must be next.
func (c *cursor) name() string {
	t := c.peek()
	b := c.string()
	if !utf8.Valid(b) {
		c.fail(t, msgTexts[msgMalformedUTF8])
		return ""
	}
	return string(b)
}

// idBytes returns what an identifier token stands for, without the $. The
// result may alias the text.
func (c *cursor) idBytes(t token) []byte {
	if t.word == 1 {
		return appendString(nil, c.text[t.pos+1:t.end])
	}
	return c.text[t.pos+1 : t.end]
}

// id returns the identifier that is next, or nil if there is none.
func (c *cursor) id() []byte {
	if t := c.peek(); t.kind == tokID {
		c.pos++
		return c.idBytes(t)
	}
	return nil
}

// isIndex says whether the current token is a number or identifier.
func (c *cursor) isIndex() bool {
	k := c.peek().kind
	return k == tokNat || k == tokID
}

// u32 returns an unsigned integer of 32 bits, which must be next.
func (c *cursor) u32(what string) uint32 {
	t := c.next()
	if t.kind != tokNat {
		c.unexpected(t, what)
		return 0
	}
	v, ok := parseNat(c.bytes(t))
	if !ok || v > 1<<32-1 {
		c.fail(t, "i32 "+errConstRange)
		return 0
	}
	return uint32(v)
}

// u64 returns an unsigned integer of 64 bits, which must be next.
func (c *cursor) u64(what string) uint64 {
	t := c.next()
	if t.kind != tokNat {
		c.unexpected(t, what)
		return 0
	}
	v, ok := parseNat(c.bytes(t))
	if !ok {
		c.fail(t, "i64 "+errConstRange)
	}
	return v
}

// space is an index space and the identifiers bound in it.
type space struct {
	what string // in messages
	ids  map[string]uint32
	n    uint32 // size so far
}

// bind gives the identifier in token t to the next index, which it also
// counts. t may be any other token: then the index stays anonymous.
func (s *space) bind(p *parser, t token) uint32 {
	x := s.n
	s.n++
	if t.kind == tokID {
		s.set(p, t, x)
	}
	return x
}

// set gives the identifier in token t to index x.
func (s *space) set(p *parser, t token, x uint32) {
	id := p.idBytes(t)
	if _, dup := s.ids[string(id)]; dup {
		p.fail(t, "duplicate "+s.what+" $"+quoteForError(id))
		return
	}
	if s.ids == nil {
		s.ids = make(map[string]uint32)
	}
	s.ids[string(id)] = x
}

// index returns an index in space s, which must be next.
func (p *parser) index(s *space) uint32 {
	t := p.peek()
	if t.kind != tokID {
		return p.u32(s.what + " index")
	}
	p.pos++
	id := p.idBytes(t)
	x, ok := s.ids[string(id)]
	if !ok {
		p.fail(t, "unknown "+s.what+" $"+quoteForError(id))
	}
	return x
}

// parser makes a module of the tokens of one.
type parser struct {
	cursor
	annot, annotEnd int // indices in source.annots
	features        wasm.Feature
	m               *wasm.Module

	types, funcs, tables, memories, globals, tags, elems, datas space
	fields                                                      map[uint32]*space // by index of the struct type
	// implicit maps encoded function types to the lowest index of a type
	// definition that stands for them.
	implicit map[string]wasm.TypeIdx

	firstDef string // kind of the first definition, which no import may follow
	placed   []placedCustom
	names    wasm.Names
	hints    wasm.BranchHints
	usesData bool   // code has indices of data segments
	imports  [5]int // by kind

	body body
	key  []byte // scratch for implicit
}
