package text

import (
	"bytes"
	"math"
	"strconv"
)

// numberKind says which kind of number b is: tokNat, tokInt or tokFloat, or
// tokError if it is none.
func numberKind(b []byte) kind {
	k := tokNat
	if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
		k = tokInt
		b = b[1:]
	}
	switch {
	case len(b) == 0:
		return tokError
	case b[0] == 'i':
		if string(b) == "inf" {
			return tokFloat
		}
		return tokError
	case b[0] == 'n':
		if string(b) == "nan" || len(b) > 6 && string(b[:6]) == "nan:0x" && digits(b[6:], true) == len(b)-6 {
			return tokFloat
		}
		return tokError
	}
	hex := len(b) > 2 && b[0] == '0' && b[1] == 'x'
	exp := byte('e')
	if hex {
		b = b[2:]
		exp = 'p'
	}
	n := digits(b, hex)
	if n == 0 {
		return tokError
	}
	if b = b[n:]; len(b) == 0 {
		return k
	}
	if b[0] == '.' {
		b = b[1:]
		if len(b) > 0 && b[0]|0x20 != exp {
			if n = digits(b, hex); n == 0 {
				return tokError
			}
			b = b[n:]
		}
	}
	if len(b) > 0 {
		if b[0]|0x20 != exp {
			return tokError
		}
		b = b[1:]
		if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if n = digits(b, false); n == 0 || n != len(b) {
			return tokError
		}
	}
	return tokFloat
}

// digits returns the length of the number at the start of b: digits, with
// single underscores between them; 0 if there is none.
func digits(b []byte, hex bool) int {
	i := 0
	for i < len(b) {
		c := b[i]
		switch {
		case c >= '0' && c <= '9', hex && hexDigit(c) >= 0:
		case c == '_' && i > 0 && b[i-1] != '_' && i+1 < len(b) &&
			(b[i+1] >= '0' && b[i+1] <= '9' || hex && hexDigit(b[i+1]) >= 0):
		default:
			return i
		}
		i++
	}
	return i
}

// parseNat returns the value of an unsigned integer token, false if it does
// not fit in 64 bits.
func parseNat(b []byte) (uint64, bool) {
	base := uint64(10)
	if len(b) > 2 && b[1] == 'x' {
		base = 16
		b = b[2:]
	}
	var v uint64
	for _, c := range b {
		if c == '_' {
			continue
		}
		d := uint64(hexDigit(c))
		if v > (math.MaxUint64-d)/base {
			return 0, false
		}
		v = v*base + d
	}
	return v, true
}

// parseInt returns the bits of an integer of the given width, which may be
// written signed or unsigned; false if it is out of range.
func parseInt(b []byte, bits uint) (uint64, bool) {
	neg := b[0] == '-'
	signed := neg || b[0] == '+'
	if signed {
		b = b[1:]
	}
	v, ok := parseNat(b)
	if !ok {
		return 0, false
	}
	mask := uint64(math.MaxUint64) >> (64 - bits)
	half := uint64(1) << (bits - 1)
	switch {
	case neg:
		return -v & mask, v <= half
	case signed:
		// A plus sign does not make the number a signed one.
		return v, v <= mask
	}
	return v, v <= mask
}

// parseFloat returns the bits of a floating-point number of 32 or 64 bits,
// rounded once to nearest, ties to even; false if it is out of range. b is a
// number token of any kind.
func parseFloat(b []byte, bits int) (uint64, bool) {
	signBit, infinity, payload := uint64(1)<<63, uint64(0x7FF)<<52, uint64(1)<<52
	if bits == 32 {
		signBit, infinity, payload = 1<<31, 0xFF<<23, 1<<23
	}
	var sign uint64
	num := b
	if b[0] == '-' || b[0] == '+' {
		if b[0] == '-' {
			sign = signBit
		}
		num = b[1:]
	}
	switch {
	case num[0] == 'i':
		return sign | infinity, true
	case len(num) == 3 && num[0] == 'n':
		return sign | infinity | payload>>1, true
	case num[0] == 'n':
		v, ok := parseNat(num[4:])
		return sign | infinity | v, ok && v != 0 && v < payload
	}
	if bytes.IndexByte(num, '_') >= 0 {
		num = bytes.ReplaceAll(num, []byte{'_'}, nil)
	}
	if len(num) > 2 && num[1] == 'x' && !bytes.ContainsAny(num, "pP") {
		num = append(num[:len(num):len(num)], "p0"...) // which strconv demands
	}
	v, err := strconv.ParseFloat(string(num), bits)
	if err != nil {
		return 0, false
	}
	if bits == 32 {
		return sign | uint64(math.Float32bits(float32(v))), true
	}
	return sign | math.Float64bits(v), true
}
