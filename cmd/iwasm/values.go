package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/wamr-go/wamr"
)

// parseArgs reads the words of a command line as values of the given types, as
// WAMR's iwasm does.
func parseArgs(params []wamr.ValueType, words []string) ([]wamr.Value, error) {
	if len(words) != len(params) {
		return nil, fmt.Errorf("invalid input argument count: %d, the function takes %d", len(words), len(params))
	}
	args := make([]wamr.Value, len(words))
	for i, w := range words {
		if w == "" {
			return nil, fmt.Errorf("invalid input argument %d", i)
		}
		v, ok := parseValue(params[i], w)
		if !ok {
			return nil, fmt.Errorf("invalid input argument %d: %s", i, w)
		}
		args[i] = v
	}
	return args, nil
}

func parseValue(t wamr.ValueType, w string) (wamr.Value, bool) {
	switch t {
	case wamr.TypeI32:
		n, ok := parseInt(w)
		return wamr.I32(int32(n)), ok
	case wamr.TypeI64:
		n, ok := parseInt(w)
		return wamr.I64(int64(n)), ok
	case wamr.TypeF32:
		f, ok := parseFloat(w, 32)
		return wamr.F32(math.Float32frombits(uint32(f))), ok
	case wamr.TypeF64:
		f, ok := parseFloat(w, 64)
		return wamr.F64(math.Float64frombits(f)), ok
	case wamr.TypeV128:
		// Two numbers with one character between them, the low half first.
		i := strings.IndexFunc(w, func(r rune) bool {
			return !strings.ContainsRune("0123456789abcdefxABCDEFX+-", r)
		})
		if i < 0 {
			return wamr.Value{}, false
		}
		lo, ok1 := parseInt(w[:i])
		hi, ok2 := parseInt(w[i+1:])
		return wamr.V128(lo, hi), ok1 && ok2
	}
	if w == "null" && t.Nullable() {
		return wamr.NullRef(t), true
	}
	if t == wamr.TypeExternRef {
		n, ok := parseInt(w)
		return wamr.ExternRef(n), ok
	}
	return wamr.Value{}, false
}

// parseInt reads an integer as strtoull with base 0 does: decimal, 0x or octal,
// with a sign. A trailing underscore ends it silently.
func parseInt(w string) (uint64, bool) {
	w, _, _ = strings.Cut(w, "_")
	s, negative := strings.CutPrefix(w, "-")
	if !negative {
		s = strings.TrimPrefix(s, "+")
	}
	base := 10
	switch {
	case strings.HasPrefix(s, "0x") || strings.HasPrefix(s, "0X"):
		s, base = s[2:], 16
	case len(s) > 1 && s[0] == '0':
		s, base = s[1:], 8
	}
	n, err := strconv.ParseUint(s, base, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // strtoull saturates
		return 0, false
	}
	if negative {
		n = -n
	}
	return n, true
}

// parseFloat reads a float of the given size and returns its bits. Besides what
// strtod takes it knows NaNs with a payload, as nan:0x400001.
func parseFloat(w string, size int) (uint64, bool) {
	mantissa, exponent, signBit := uint64(1)<<52-1, uint64(0x7FF)<<52, uint64(1)<<63
	if size == 32 {
		mantissa, exponent, signBit = 1<<23-1, 0xFF<<23, 1<<31
	}
	s, negative := strings.CutPrefix(w, "-")
	if rest, ok := strings.CutPrefix(strings.ToLower(s), "nan"); ok {
		bits := exponent | (mantissa+1)>>1
		if payload, ok := strings.CutPrefix(rest, ":"); ok {
			n, ok := parseInt(payload)
			if !ok || n == 0 || n > mantissa {
				return 0, false
			}
			bits = exponent | n
		} else if rest != "" {
			return 0, false
		}
		if negative {
			bits |= signBit
		}
		return bits, true
	}
	w, _, _ = strings.Cut(w, "_")
	f, err := strconv.ParseFloat(w, size)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	if size == 32 {
		return uint64(math.Float32bits(float32(f))), true
	}
	return math.Float64bits(f), true
}

// formatValues formats the results of a function, joined by commas.
func formatValues(values []wamr.Value) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = formatValue(v)
	}
	return strings.Join(words, ",")
}

func formatValue(v wamr.Value) string {
	switch v.Type() {
	case wamr.TypeI32:
		return fmt.Sprintf("%#x:i32", uint32(v.I32()))
	case wamr.TypeI64:
		return fmt.Sprintf("%#x:i64", uint64(v.I64()))
	case wamr.TypeF32:
		return formatFloat(float64(v.F32()), v.Bits()>>31 != 0) + ":f32"
	case wamr.TypeF64:
		return formatFloat(v.F64(), v.Bits()>>63 != 0) + ":f64"
	case wamr.TypeV128:
		lo, hi := v.V128()
		return fmt.Sprintf("<0x%016x 0x%016x>:v128", lo, hi)
	}
	return formatRef(v)
}

// formatFloat formats a float as printf's %.7g does.
func formatFloat(f float64, negative bool) string {
	var s string
	switch {
	case math.IsNaN(f):
		s = "nan"
	case math.IsInf(f, 0):
		s = "inf"
	default:
		return strconv.FormatFloat(f, 'g', 7, 64)
	}
	if negative {
		s = "-" + s
	}
	return s
}

func formatRef(v wamr.Value) string {
	hierarchy := "any"
	switch v.Type() {
	case wamr.TypeFuncRef:
		hierarchy = "func"
	case wamr.TypeExternRef:
		hierarchy = "extern"
	}
	if v.IsNull() {
		return hierarchy + ":ref.null"
	}
	if f := v.Func(); f != nil {
		return fmt.Sprintf("%d:ref.func", f.Index())
	}
	if x, ok := v.Extern(); ok {
		if n, isNumber := x.(uint64); isNumber {
			return fmt.Sprintf("%#x:ref.extern", n)
		}
		return "ref.extern"
	}
	return "ref." + v.Ref().Kind()
}
