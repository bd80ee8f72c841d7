package main

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

func replace(s string, oldnew ...string) string { return strings.NewReplacer(oldnew...).Replace(s) }

// A width is a pair of types that share operators.
type width struct {
	prefix, u, s string // text prefix, Go types
	bits         string
}

// upper is the prefix as it begins names of opcodes.
func (w *width) upper() string { return strings.ToUpper(w.prefix) }

var widths = []width{{"i32", "uint32", "int32", "32"}, {"i64", "uint64", "int64", "64"}}

// scalar lists the operators on numbers, comparisons excepted.
func (g *set) scalar() {
	for _, w := range widths {
		g.integer(w)
	}
	for _, f := range []struct{ t, get, put, bits string }{{"f32", "f32", "putF32", "32"}, {"f64", "f64", "putF64", "64"}} {
		g.float(f.t, f.get, f.put, f.bits)
	}
	g.conversions()
}

// integer lists the operators of i32 or i64.
func (g *set) integer(w width) {
	// binary adds the forms of an operator; expr has X and Y for its operands.
	binary := func(name, expr string, commutes bool) {
		text := w.prefix + "." + name
		n := goName(text)
		rr := replace(expr, "X", w.u+"(*rb(pc, fp))", "Y", w.u+"(*rc(pc, fp))")
		ri := replace(expr, "X", w.u+"(*rb(pc, fp))", "Y", w.u+"(imm(pc))")
		rk := replace(expr, "X", w.u+"(*rb(pc, fp))", "Y", w.u+"(word1(pc))")
		p := plainOp{rr: n, ri: n + "I"}
		g.add(spec{name: n, text: text, form: "dss", body: "*ra(pc, fp) = uint64(" + rr + ")"})
		g.add(spec{name: n + "I", text: text, form: "dsi", body: "*ra(pc, fp) = uint64(" + ri + ")"})
		if !strings.HasPrefix(name, "sh") && !strings.HasPrefix(name, "rot") {
			p.rk = n + "K"
			g.add(spec{name: n + "K", text: text, form: "ds- k", body: "*ra(pc, fp) = uint64(" + rk + ")"})
		}
		if commutes {
			p.fi, p.fk = p.ri, p.rk
		}
		if name == "sub" {
			p.fi, p.fk = w.upper()+"RsubI", w.upper()+"RsubK"
			g.add(spec{name: p.fi, text: w.prefix + ".rsub", form: "dsi", body: "*ra(pc, fp) = uint64(" + w.u + "(imm(pc)) - " + w.u + "(*rb(pc, fp)))"})
			g.add(spec{name: p.fk, text: w.prefix + ".rsub", form: "ds- k", body: "*ra(pc, fp) = uint64(" + w.u + "(word1(pc)) - " + w.u + "(*rb(pc, fp)))"})
		}
		g.exprs[n] = expression{expr, w.u, "dss"}
		g.exprs[n+"I"] = expression{expr, w.u, "dsi"}
		g.plain[text] = p
	}
	mask := map[string]string{"32": "31", "64": "63"}[w.bits]
	binary("add", "X + Y", true)
	binary("sub", "X - Y", false)
	binary("mul", "X * Y", true)
	binary("and", "X & Y", true)
	binary("or", "X | Y", true)
	binary("xor", "X ^ Y", true)
	binary("shl", "X << (Y & "+mask+")", false)
	binary("shr_s", w.u+"("+w.s+"(X) >> (Y & "+mask+"))", false)
	binary("shr_u", "X >> (Y & "+mask+")", false)
	binary("rotl", "bits.RotateLeft"+w.bits+"(X, int(Y&"+mask+"))", false)
	binary("rotr", "bits.RotateLeft"+w.bits+"(X, -int(Y&"+mask+"))", false)

	min := map[string]string{"32": "math.MinInt32", "64": "math.MinInt64"}[w.bits]
	division := func(name, typ, operator string, overflow bool) {
		text := w.prefix + "." + name
		n := goName(text)
		for _, f := range []struct{ suffix, form, y string }{
			{"", "dss", "*rc(pc, fp)"}, {"I", "dsi", "imm(pc)"}, {"K", "ds- k", "word1(pc)"},
		} {
			body := "y := " + typ + "(" + f.y + ")\nif y == 0 {\nbreak loop\n}\nv := " + typ + "(*rb(pc, fp))\n"
			if overflow {
				body += "if y == -1 && v == " + min + " {\nbreak loop\n}\n"
			}
			body += "*ra(pc, fp) = uint64(" + w.u + "(v " + operator + " y))"
			g.add(spec{name: n + f.suffix, text: text, form: f.form, fault: "divideHandler", body: body})
		}
		g.plain[text] = plainOp{rr: n, ri: n + "I", rk: n + "K"}
	}
	division("div_s", w.s, "/", true)
	division("div_u", w.u, "/", false)
	division("rem_s", w.s, "%", false)
	division("rem_u", w.u, "%", false)

	unary := func(name, body string) {
		text := w.prefix + "." + name
		n := goName(text)
		g.add(spec{name: n, text: text, form: "ds-", body: replace(body, "X", w.u+"(*rb(pc, fp))", "SET", "*ra(pc, fp) = ")})
		g.plain[text] = plainOp{rr: n}
	}
	unary("clz", "SETuint64(bits.LeadingZeros"+w.bits+"(X))")
	unary("ctz", "SETuint64(bits.TrailingZeros"+w.bits+"(X))")
	// The machine's own instruction hides behind a check and a call.
	if w.bits == "32" {
		unary("popcnt", `v := X
			v -= v >> 1 & 0x55555555
			v = v>>2&0x33333333 + v&0x33333333
			v = (v>>4 + v) & 0x0f0f0f0f
			SETuint64(v * 0x01010101 >> 24)`)
	} else {
		unary("popcnt", `v := X
			v -= v >> 1 & 0x5555555555555555
			v = v>>2&0x3333333333333333 + v&0x3333333333333333
			v = (v>>4 + v) & 0x0f0f0f0f0f0f0f0f
			SETv * 0x0101010101010101 >> 56`)
	}
	unary("extend8_s", "SETuint64("+w.u+"(int8(X)))")
	unary("extend16_s", "SETuint64("+w.u+"(int16(X)))")
	if w.bits == "64" {
		unary("extend32_s", "SETuint64(int32(X))")
	}
}

// float lists the operators of f32 or f64.
func (g *set) float(t, get, put, bits string) {
	binary := func(name, expr string) {
		text := t + "." + name
		n := goName(text)
		rr := replace(expr, "X", get+"b(pc, fp)", "Y", get+"c(pc, fp)")
		rk := replace(expr, "X", get+"b(pc, fp)", "Y", get+"k(pc)")
		g.add(spec{name: n, text: text, form: "dss", body: put + "(ra(pc, fp), " + rr + ")"})
		g.exprs[n] = expression{expr, t, "dss"}
		g.add(spec{name: n + "K", text: text, form: "ds- k", body: put + "(ra(pc, fp), " + rk + ")"})
		p := plainOp{rr: n, rk: n + "K"}
		if name == "add" || name == "mul" {
			p.fk = p.rk
		}
		g.plain[text] = p
	}
	binary("add", "X + Y")
	binary("sub", "X - Y")
	binary("mul", "X * Y")
	binary("div", "X / Y")

	// Zeros are equal whatever their signs: min unites the signs, max
	// intersects them. NaNs are the driver's.
	both := func(name, less, zero string) {
		text := t + "." + name
		n := goName(text)
		g.add(spec{name: n, text: text, form: "dss", fault: g.numHandler(text), body: replace(`
			v, w := GETb(pc, fp), GETc(pc, fp)
			switch {
			case v LESS w:
				*ra(pc, fp) = *rb(pc, fp)
			case w LESS v:
				*ra(pc, fp) = *rc(pc, fp)
			case v == w:
				*ra(pc, fp) = *rb(pc, fp) ZERO *rc(pc, fp)
			default:
				break loop
			}`, "GET", get, "LESS", less, "ZERO", zero)})
		g.plain[text] = plainOp{rr: n}
	}
	both("min", "<", "|")
	both("max", ">", "&")

	sign := map[string]string{"32": "(1 << 31)", "64": "(1 << 63)"}[bits]
	bitwise := func(name, form, expr string) {
		text := t + "." + name
		g.add(spec{name: goName(text), text: text, form: form, body: "*ra(pc, fp) = " + replace(expr, "X", "*rb(pc, fp)", "Y", "*rc(pc, fp)", "SIGN", sign)})
		g.plain[text] = plainOp{rr: goName(text)}
	}
	bitwise("abs", "ds-", "X &^ SIGN")
	bitwise("neg", "ds-", "X ^ SIGN")
	bitwise("copysign", "dss", "X &^ SIGN | Y & SIGN")

	root := "math.Sqrt(f64b(pc, fp))"
	if bits == "32" {
		root = "float32(math.Sqrt(float64(f32b(pc, fp))))"
	}
	g.add(spec{name: goName(t + ".sqrt"), text: t + ".sqrt", form: "ds-", body: put + "(ra(pc, fp), " + root + ")"})
	g.plain[t+".sqrt"] = plainOp{rr: goName(t + ".sqrt")}

	// Rounding: below the precision's power of two the value fits an integer;
	// above it is integral. NaNs are the driver's.
	round := func(name, expr string) {
		text := t + "." + name
		one := map[string]string{"32": "0x1p23", "64": "0x1p52"}[bits]
		integer := map[string]string{"32": "float32(int32(v))", "64": "float64(int64(v))"}[bits]
		g.add(spec{name: goName(text), text: text, form: "ds-", fault: g.numHandler(text), body: replace(`
			v := GETb(pc, fp)
			if v > -ONE && v < ONE {
				EXPR
				*ra(pc, fp) = uint64(math.FloatBITSbits(r)) | *rb(pc, fp) & SIGN
			} else if v == v {
				*ra(pc, fp) = *rb(pc, fp)
			} else {
				break loop
			}`, "GET", get, "EXPR", replace(expr, "INT", integer, "ONE", one, "T", "float"+bits, "BITS", bits, "SIGN", sign), "ONE", one, "BITS", bits, "SIGN", sign)})
		g.plain[text] = plainOp{rr: goName(text)}
	}
	round("trunc", "r := INT")
	round("floor", "r := INT\nif r > v {\nr -= 1\n}")
	round("ceil", "r := INT\nif r < v {\nr += 1\n}")
	round("nearest", "r := T(T(math.FloatBITSfrombits(uintBITS(*rb(pc, fp) &^ SIGN)) + ONE) - ONE)")
}

// conversions lists the conversions between scalar types.
func (g *set) conversions() {
	simple := func(text, body string) {
		g.add(spec{name: goName(text), text: text, form: "ds-", body: body})
		g.plain[text] = plainOp{rr: goName(text)}
	}
	simple("i32.wrap_i64", "*ra(pc, fp) = uint64(uint32(*rb(pc, fp)))")
	simple("i64.extend_i32_s", "*ra(pc, fp) = uint64(int32(*rb(pc, fp)))")
	g.plain["i64.extend_i32_u"] = plainOp{rr: "Move"}
	for _, t := range []string{"i32.reinterpret_f32", "i64.reinterpret_f64", "f32.reinterpret_i32", "f64.reinterpret_i64"} {
		g.plain[t] = plainOp{rr: "Move"}
	}
	for _, f := range []struct{ t, put string }{{"f32", "putF32"}, {"f64", "putF64"}} {
		gof := "float" + f.t[1:]
		simple(f.t+".convert_i32_s", f.put+"(ra(pc, fp), "+gof+"(int32(*rb(pc, fp))))")
		simple(f.t+".convert_i32_u", f.put+"(ra(pc, fp), "+gof+"(uint32(*rb(pc, fp))))")
		simple(f.t+".convert_i64_s", f.put+"(ra(pc, fp), "+gof+"(int64(*rb(pc, fp))))")
		simple(f.t+".convert_i64_u", f.put+"(ra(pc, fp), "+gof+"(*rb(pc, fp)))")
	}
	simple("f64.promote_f32", "putF64(ra(pc, fp), float64(f32b(pc, fp)))")
	simple("f32.demote_f64", "putF32(ra(pc, fp), float32(f64b(pc, fp)))")

	// Truncations: the bounds as in package num; the driver traps or clamps.
	bounds := map[string]string{
		"i32f32s": "v >= -0x1p31 && v < 0x1p31", "i32f32u": "v > -1 && v < 0x1p32",
		"i32f64s": "v > -0x1p31-1 && v < 0x1p31", "i32f64u": "v > -1 && v < 0x1p32",
		"i64f32s": "v >= -0x1p63 && v < 0x1p63", "i64f32u": "v > -1 && v < 0x1p64",
		"i64f64s": "v >= -0x1p63 && v < 0x1p63", "i64f64u": "v > -1 && v < 0x1p64",
	}
	for _, i := range []string{"i32", "i64"} {
		for _, f := range []string{"f32", "f64"} {
			for _, s := range []string{"s", "u"} {
				conv := map[string]string{"i32s": "uint64(uint32(int32(v)))", "i32u": "uint64(uint32(v))", "i64s": "uint64(int64(v))", "i64u": "uint64(v)"}[i+s]
				if i == "i32" && s == "u" {
					conv = "uint64(uint32(int64(v)))"
				}
				body := "v := " + f + "b(pc, fp)\nif !(" + bounds[i+f+s] + ") {\nbreak loop\n}\n*ra(pc, fp) = " + conv
				for _, sat := range []string{"trunc", "trunc_sat"} {
					text := i + "." + sat + "_" + f + "_" + s
					g.add(spec{name: goName(text), text: text, form: "ds-", fault: g.numHandler(text), body: body})
					g.plain[text] = plainOp{rr: goName(text)}
				}
			}
		}
	}
}
