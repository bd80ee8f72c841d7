package text

import "unicode/utf8"

// hexDigit returns the value of a hexadecimal digit, or -1.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// escapeLen returns the length of the escape that b begins with, or 0 if it is
// none.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case 'n', 't', 'r', '"', '\'', '\\':
		return 2
	case 'u':
		_, n := unicodeEscape(b)
		return n
	}
	if len(b) >= 3 && hexDigit(b[1]) >= 0 && hexDigit(b[2]) >= 0 {
		return 3
	}
	return 0
}

// unicodeEscape reads \u{hexnum}; n is its length, or 0 if it is malformed or
// no Unicode scalar value.
func unicodeEscape(b []byte) (r rune, n int) {
	if len(b) < 5 || b[2] != '{' {
		return 0, 0
	}
	digit := false // the last character was a digit
	for i := 3; i < len(b); i++ {
		switch c := b[i]; {
		case c == '_' && digit:
			digit = false
		case c == '}' && digit && utf8.ValidRune(r):
			return r, i + 1
		case hexDigit(c) >= 0:
			digit = true
			if r = r<<4 | rune(hexDigit(c)); r > utf8.MaxRune {
				return 0, 0
			}
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// appendString appends the bytes that a string token stands for; lit has its
// quotes and was accepted by the lexer.
func appendString(dst, lit []byte) []byte {
	lit = lit[1 : len(lit)-1]
	for i := 0; i < len(lit); {
		c := lit[i]
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		n := escapeLen(lit[i:])
		switch c = lit[i+1]; c {
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case 'r':
			dst = append(dst, '\r')
		case '"', '\'', '\\':
			dst = append(dst, c)
		case 'u':
			r, _ := unicodeEscape(lit[i:])
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, byte(hexDigit(c)<<4|hexDigit(lit[i+2])))
		}
		i += n
	}
	return dst
}
