package text

import (
	"unicode/utf8"
)

// maxSource bounds the size of a text, so that positions fit in a token.
const maxSource = 1 << 30

// source is a text and its tokens. It is immutable once lexed.
type source struct {
	text []byte
	// toks ends with a token of kind tokEOF.
	toks   []token
	annots []annot
	// annotToks holds the contents of annots.
	annotToks []token
}

// Character classes.
const (
	chBad      = iota // control characters and bytes above 0x7F
	chSpace           // blank, tab, newline, carriage return
	chID              // may occur in identifiers, numbers and keywords
	chReserved        // , [ ] { }
	chSemi
	chQuote
	chLParen
	chRParen
)

var class = func() (t [256]uint8) {
	for c := '!'; c <= '~'; c++ {
		t[c] = chID
	}
	for _, c := range ",[]{}" {
		t[c] = chReserved
	}
	for _, c := range " \t\n\r" {
		t[c] = chSpace
	}
	t[';'], t['"'], t['('], t[')'] = chSemi, chQuote, chLParen, chRParen
	return t
}()

// lexer makes tokens of text. It works through the text in one loop; nothing
// in it recurses.
type lexer struct {
	source
	i    int
	open []uint32 // indices of the opening parentheses not closed yet
}

// lex splits text into tokens. Lexical errors become tokens, so that an error
// of syntax before one of them is reported first; after all but unknown
// keywords the rest of the text is not looked at.
func lex(text []byte) *source {
	l := &lexer{source: source{text: text}}
	if len(text) > maxSource {
		l.toks = []token{{kind: tokError, word: word(msgTooLong)}, {kind: tokEOF}}
		return &l.source
	}
	l.toks = make([]token, 0, len(text)/5+8)
	l.run()
	l.toks = append(l.toks, token{pos: uint32(len(text)), end: uint32(len(text)), kind: tokEOF})
	return &l.source
}

func (l *lexer) run() {
	for l.i < len(l.text) {
		start := l.i
		switch class[l.text[start]] {
		case chSpace:
			l.i++
		case chLParen:
			if start+1 < len(l.text) {
				if c := l.text[start+1]; c == ';' {
					if !l.blockComment() {
						return
					}
					continue
				} else if c == '@' {
					if !l.annotation() {
						return
					}
					continue
				}
			}
			l.i++
			l.open = append(l.open, uint32(len(l.toks)))
			l.toks = append(l.toks, token{pos: uint32(start), kind: tokLParen})
		case chRParen:
			l.i++
			if n := len(l.open); n > 0 {
				l.toks[l.open[n-1]].end = uint32(len(l.toks))
				l.open = l.open[:n-1]
			}
			l.toks = append(l.toks, token{pos: uint32(start), end: uint32(l.i), kind: tokRParen})
		case chSemi:
			if start+1 < len(l.text) && l.text[start+1] == ';' {
				if !l.lineComment() {
					return
				}
				continue
			}
			fallthrough
		default:
			if !l.atom() {
				return
			}
		}
	}
}

// fail appends an error token; lexing stops.
func (l *lexer) fail(start, end int, m msg) bool {
	l.toks = append(l.toks, token{pos: uint32(start), end: uint32(end), kind: tokError, word: word(m)})
	return false
}

// badChar reports the character at position i, which cannot begin a token.
func (l *lexer) badChar(i int) bool {
	if r, n := utf8.DecodeRune(l.text[i:]); r == utf8.RuneError && n <= 1 && l.text[i] >= utf8.RuneSelf {
		return l.fail(i, i+1, msgMalformedUTF8)
	}
	return l.fail(i, i+1, msgIllegalCharacter)
}

// multibyte steps over the character at position i, which is not ASCII.
func (l *lexer) multibyte(i int) (next int, ok bool) {
	r, n := utf8.DecodeRune(l.text[i:])
	return i + n, r != utf8.RuneError || n > 1
}

func (l *lexer) lineComment() bool {
	for i := l.i + 2; ; {
		if i >= len(l.text) {
			l.i = i
			return true
		}
		c := l.text[i]
		if c == '\n' || c == '\r' {
			l.i = i + 1
			return true
		}
		if c < utf8.RuneSelf {
			i++
			continue
		}
		next, ok := l.multibyte(i)
		if !ok {
			return l.fail(i, i+1, msgMalformedUTF8)
		}
		i = next
	}
}

func (l *lexer) blockComment() bool {
	start, depth := l.i, 1
	for i := start + 2; i < len(l.text); {
		c := l.text[i]
		switch {
		case c == ';' && i+1 < len(l.text) && l.text[i+1] == ')':
			i += 2
			if depth--; depth == 0 {
				l.i = i
				return true
			}
		case c == '(' && i+1 < len(l.text) && l.text[i+1] == ';':
			i += 2
			depth++
		case c < utf8.RuneSelf:
			i++
		default:
			next, ok := l.multibyte(i)
			if !ok {
				return l.fail(i, i+1, msgMalformedUTF8)
			}
			i = next
		}
	}
	return l.fail(start, start+2, msgUnclosedComment)
}

// scanString steps over the string that begins at position i, with a quote.
// It returns the position after it, or where and what the error is.
func (l *lexer) scanString(i int) (next int, m msg, ok bool) {
	text := l.text
	for i++; i < len(text); {
		c := text[i]
		switch {
		case c == '"':
			return i + 1, 0, true
		case c == '\\':
			n := escapeLen(text[i:])
			if n == 0 {
				return i, msgIllegalEscape, false
			}
			i += n
		case c == '\n':
			return i, msgUnclosedString, false
		case c < ' ' || c == 0x7F:
			return i, msgIllegalControl, false
		case c < utf8.RuneSelf:
			i++
		default:
			var valid bool
			at := i
			if i, valid = l.multibyte(i); !valid {
				return at, msgMalformedUTF8, false
			}
		}
	}
	return i, msgUnclosedString, false
}

// scanAtom steps over a run of strings and characters of atoms. The first of
// them is at position i. It says whether there were strings and whether there
// were characters that only reserved tokens have.
func (l *lexer) scanAtom(i int) (next int, strings, reserved bool, m msg, ok bool) {
	text := l.text
	for i < len(text) {
		switch class[text[i]] {
		case chID:
			i++
			continue
		case chReserved:
			reserved = true
			i++
			continue
		case chSemi:
			if i+1 < len(text) && text[i+1] == ';' {
				return i, strings, reserved, 0, true
			}
			reserved = true
			i++
			continue
		case chQuote:
			strings = true
			if i, m, ok = l.scanString(i); !ok {
				return i, strings, reserved, m, false
			}
			continue
		}
		break
	}
	return i, strings, reserved, 0, true
}

// atom lexes a string, identifier, number, keyword or reserved token.
func (l *lexer) atom() bool {
	start := l.i
	first := l.text[start]
	if class[first] == chBad {
		return l.badChar(start)
	}
	end, strings, reserved, m, ok := l.scanAtom(start)
	if !ok {
		if first == '$' && l.text[start+1] == '"' && (m == msgIllegalControl || m == msgUnclosedString) {
			return l.fail(start, start+1, msgEmptyIdentifier)
		}
		return l.fail(end, min(end+1, len(l.text)), m)
	}
	l.i = end
	t := token{pos: uint32(start), end: uint32(end), kind: tokError, word: word(msgUnknownOperator)}
	switch {
	case reserved:
	case strings:
		if e, _, _ := l.scanString(start); first == '"' && e == end {
			t.kind, t.word = tokString, 0
		} else if first == '$' && l.text[start+1] == '"' {
			if e, _, _ := l.scanString(start + 1); e == end {
				id := appendString(nil, l.text[start+1:end])
				if len(id) == 0 {
					return l.fail(start, end, msgEmptyIdentifier)
				}
				if !utf8.Valid(id) {
					return l.fail(start, end, msgMalformedUTF8)
				}
				t.kind, t.word = tokID, 1
			}
		}
	case first == '$':
		if end == start+1 {
			return l.fail(start, end, msgEmptyIdentifier)
		}
		t.kind, t.word = tokID, 0
	default:
		t.kind, t.word = classify(l.text[start:end])
	}
	l.toks = append(l.toks, t)
	return true
}

// classify says what an atom without strings is.
func classify(b []byte) (kind, word) {
	if c := b[0]; c >= 'a' && c <= 'z' {
		if w, ok := words[string(b)]; ok {
			if w < wordNone {
				return tokOp, w
			}
			return tokWord, w
		}
		switch {
		case len(b) > 7 && string(b[:7]) == "offset=" && numberKind(b[7:]) == tokNat:
			return tokOffset, 0
		case len(b) > 6 && string(b[:6]) == "align=" && numberKind(b[6:]) == tokNat:
			return tokAlign, 0
		}
	}
	if k := numberKind(b); k != tokError {
		return k, 0
	}
	return tokError, word(msgUnknownOperator)
}
