package text

import (
	"math"
	"testing"
)

func TestNumberKind(t *testing.T) {
	for in, want := range map[string]kind{
		"0": tokNat, "12_345": tokNat, "0x0_F": tokNat, "+1": tokInt, "-0x8": tokInt,
		"1.": tokFloat, "1.5": tokFloat, "1e5": tokFloat, "1.E-5": tokFloat, "0x1.": tokFloat, "0x1p3": tokFloat,
		"0x1.8P+3": tokFloat, "inf": tokFloat, "-inf": tokFloat, "nan": tokFloat, "+nan:0x1_0": tokFloat,
		"": tokError, "+": tokError, "_1": tokError, "1_": tokError, "1__0": tokError, "0x": tokError, "0x_1": tokError,
		"0xg": tokError, "1x": tokError, ".5": tokError, "1e": tokError, "1e+": tokError, "1_.0": tokError, "1._0": tokError,
		"0x1p": tokError, "0x1pA": tokError, "1.0e_1": tokError, "nan:1": tokError, "nan:0x": tokError, "nan:0x1_": tokError,
		"infinity": tokError, "--1": tokError, "0X1": tokError, "1p3": tokError,
	} {
		if got := numberKind([]byte(in)); got != want {
			t.Errorf("numberKind(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestParseInt(t *testing.T) {
	for _, c := range []struct {
		in   string
		bits uint
		want uint64
		ok   bool
	}{
		{"0", 32, 0, true},
		{"-0", 32, 0, true},
		{"-1", 32, 0xFFFFFFFF, true},
		{"+0xffff_ffff", 32, 0xFFFFFFFF, true},
		{"4294967295", 32, 0xFFFFFFFF, true},
		{"4294967296", 32, 0, false},
		{"-2147483648", 32, 0x80000000, true},
		{"-2147483649", 32, 0, false},
		{"18446744073709551615", 64, math.MaxUint64, true},
		{"18446744073709551616", 64, 0, false},
		{"-0x8000000000000000", 64, 1 << 63, true},
		{"-0x8000000000000001", 64, 0, false},
		{"255", 8, 255, true},
		{"256", 8, 0, false},
		{"-128", 8, 128, true},
		{"-129", 8, 0, false},
	} {
		got, ok := parseInt([]byte(c.in), c.bits)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("parseInt(%q, %d) = %#x, %v, want %#x, %v", c.in, c.bits, got, ok, c.want, c.ok)
		}
	}
}

// TestParseFloat checks rounding where rounding twice (to float64 first) or
// cutting digits off would give another result.
func TestParseFloat(t *testing.T) {
	for _, c := range []struct {
		in   string
		bits int
		want uint64
		ok   bool
	}{
		{"0x1.000001p0", 32, 0x3F800000, true},            // tie: to even
		{"0x1.000003p0", 32, 0x3F800002, true},            // tie: to even
		{"0x1.00000100000000001p0", 32, 0x3F800001, true}, // just above: via float64 it would be a tie
		{"0x1.000000fffffffffffp0", 32, 0x3F800000, true},
		{"+0x1.00000500000000001p-50", 32, 0x26800003, true},
		{"1.00000017881393432617187499", 32, 0x3F800001, true}, // below the tie of 0x1.000003p0
		{"1.000000178813934326171875", 32, 0x3F800002, true},   // the tie
		{"1.00000017881393432617187501", 32, 0x3F800002, true}, // above
		{"0x0.000001p-126", 32, 0, true},                       // half of the smallest: to even
		{"0x0.00000100000000001p-126", 32, 1, true},
		{"0x1p-149", 32, 1, true},
		{"0x1.fffffep127", 32, 0x7F7FFFFF, true},
		{"0x1.fffffefffffffffffp127", 32, 0x7F7FFFFF, true},
		{"0x1.ffffffp127", 32, 0, false},
		{"340282356779733661637539395458142568447", 32, 0x7F7FFFFF, true},
		{"340282356779733661637539395458142568448", 32, 0, false},
		{"0x1.00000000000008p0", 64, 0x3FF0000000000000, true},
		{"0x1.000000000000080000000000000001p0", 64, 0x3FF0000000000001, true},
		{"0x0.00000000000008p-1022", 64, 0, true},
		{"0x1_000.8", 64, 0x40B0008000000000, true},
		{"123_456", 64, math.Float64bits(123456), true},
		{"-0", 64, 1 << 63, true},
		{"1e309", 64, 0, false},
		{"inf", 32, 0x7F800000, true},
		{"-inf", 64, 0xFFF0000000000000, true},
		{"nan", 32, 0x7FC00000, true},
		{"-nan", 64, 0xFFF8000000000000, true},
		{"nan:0x1", 32, 0x7F800001, true},
		{"-nan:0x7f_ffff", 32, 0xFFFFFFFF, true},
		{"nan:0x80_0000", 32, 0, false},
		{"nan:0x0", 64, 0, false},
		{"nan:0xf_ffff_ffff_ffff", 64, 0x7FFFFFFFFFFFFFFF, true},
	} {
		got, ok := parseFloat([]byte(c.in), c.bits)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("parseFloat(%q, %d) = %#x, %v, want %#x, %v", c.in, c.bits, got, ok, c.want, c.ok)
		}
	}
}

// TestFormatFloat checks that what is printed reads back bit by bit.
func TestFormatFloat(t *testing.T) {
	for _, x := range []uint64{
		0, 1, 1 << 63, 1<<63 | 1, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000,
		0xFFF8000000000000, 0x7FF0000000000001, 0xFFFFFFFFFFFFFFFF, 0x3FF0000000000001, 0x0010000000000000,
		0x4330000000000001, 0x7E37E43C8800759C,
	} {
		s := formatFloat(x, 64)
		if got, ok := parseFloat([]byte(s), 64); !ok || got != x || numberKind([]byte(s)) == tokError {
			t.Errorf("%#x prints as %q, which reads %#x, %v", x, s, got, ok)
		}
		y := x >> 32
		s = formatFloat(y, 32)
		if got, ok := parseFloat([]byte(s), 32); !ok || got != y || numberKind([]byte(s)) == tokError {
			t.Errorf("f32 %#x prints as %q, which reads %#x, %v", y, s, got, ok)
		}
	}
}

func TestStrings(t *testing.T) {
	for in, want := range map[string]string{
		`""`:                       "",
		`"a\t\n\r\"\'\\b"`:         "a\t\n\r\"'\\b",
		`"\00\ff\4A"`:              "\x00\xffJ",
		`"\u{41}\u{1_F600}\u{e9}"`: "A\U0001F600é",
		`"λ"`:                      "λ",
	} {
		s := lex([]byte(in))
		if s.toks[0].kind != tokString {
			t.Errorf("%s is no string", in)
			continue
		}
		if got := string(appendString(nil, []byte(in))); got != want {
			t.Errorf("%s is %q, want %q", in, got, want)
		}
		back := quote(nil, []byte(want))
		if got := string(appendString(nil, back)); got != want {
			t.Errorf("%q quotes as %s, which is %q", want, back, got)
		}
	}
	for in, want := range map[string]msg{
		`"a`: msgUnclosedString, "\"a\n\"": msgUnclosedString, "\"\x01\"": msgIllegalControl, `"\x"`: msgIllegalEscape,
		`"\4"`: msgIllegalEscape, `"\u{}"`: msgIllegalEscape, `"\u{d800}"`: msgIllegalEscape, `"\u{110000}"`: msgIllegalEscape,
		`"\u{1__0}"`: msgIllegalEscape, `"\u41"`: msgIllegalEscape, "\"\xff\"": msgMalformedUTF8, `"a"b`: msgUnknownOperator,
		`"a""b"`: msgUnknownOperator, `$"a"b`: msgUnknownOperator, `$""`: msgEmptyIdentifier, `$`: msgEmptyIdentifier,
		"(; (; ;)": msgUnclosedComment, "(;\xff;)": msgMalformedUTF8, ";;\xff": msgMalformedUTF8, "é": msgIllegalCharacter,
		"(@": msgEmptyAnnotation, "(@a": msgUnclosedAnnotation, "(@a \xff)": msgMalformedUTF8, "\x7f": msgIllegalCharacter,
		"i32.foo": msgUnknownOperator, "offset=-1": msgUnknownOperator, "align=": msgUnknownOperator, "a,b": msgUnknownOperator,
	} {
		s := lex([]byte(in))
		last := s.toks[len(s.toks)-2]
		if last.kind != tokError || msg(last.word) != want {
			t.Errorf("lex(%q): kind %d, message %q, want %q", in, last.kind, msgTexts[last.word], msgTexts[want])
		}
	}
}
