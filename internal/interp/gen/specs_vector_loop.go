package main

import "strings"

// The vector operators in the loop: those that compilers emit most and that
// can be written in a few lines. The others are handlers.

// vectorBodies holds their bodies, by text name.
var vectorBodies = func() map[string]string {
	m := map[string]string{}
	// halves does the same with both halves of its operands.
	halves := func(name, expr string) {
		body := "q, r := rb(pc, fp), rc(pc, fp)\n"
		if !strings.Contains(expr, "Y") {
			body = "q := rb(pc, fp)\n"
		}
		part := func(x, y string) string { return replace(expr, "X", x, "Y", y) }
		m[name] = body + "v, w := " + part("*q", "*r") + ", " + part("*next(q)", "*next(r)") + "\np := ra(pc, fp)\n*p = v\n*next(p) = w"
	}
	halves("v128.and", "X & Y")
	halves("v128.or", "X | Y")
	halves("v128.xor", "X ^ Y")
	halves("v128.andnot", "X &^ Y")
	halves("v128.not", "^X")
	halves("i64x2.add", "X + Y")
	halves("i64x2.sub", "X - Y")
	halves("i64x2.mul", "X * Y")
	halves("i64x2.neg", "-X")
	// Lanes in a word: without the highest bits no carry leaves a lane; those
	// are added apart.
	for _, l := range []struct{ shape, high string }{{"i8x16", "0x8080808080808080"}, {"i16x8", "0x8000800080008000"}} {
		halves(l.shape+".add", replace("(X&^H + Y&^H) ^ (X^Y)&H", "H", l.high))
		halves(l.shape+".sub", replace("(X|H - Y&^H) ^ (^(X ^ Y))&H", "H", l.high))
	}
	two := func(op string) string {
		return "uint64(uint32(X) " + op + " uint32(Y)) | uint64(uint32(X>>32) " + op + " uint32(Y>>32))<<32"
	}
	halves("i32x4.add", two("+"))
	halves("i32x4.sub", two("-"))
	halves("i32x4.mul", two("*"))
	halves("i16x8.mul", "X*(Y&0xffff)&0xffff | (X>>16*(Y>>16&0xffff)&0xffff)<<16 | (X>>32*(Y>>32&0xffff)&0xffff)<<32 | X>>48*(Y>>48)<<48")
	// A lane is zero exactly if neither its low bits plus all ones nor the
	// lane itself reach its highest bit; flags become masks by multiplication.
	for _, l := range []struct{ shape, high, shift, mask string }{
		{"i8x16", "0x8080808080808080", "7", "0xff"}, {"i16x8", "0x8000800080008000", "15", "0xffff"}, {"i32x4", "0x8000000080000000", "31", "0xffffffff"},
	} {
		nonzero := replace("(((X^Y)&^H + ^uint64(H) | (X^Y)) & H)", "H", l.high)
		halves(l.shape+".ne", "("+nonzero+" >> "+l.shift+") * "+l.mask)
		halves(l.shape+".eq", "(("+nonzero+" ^ "+l.high+") >> "+l.shift+") * "+l.mask)
	}
	// A shift's count is a scalar.
	shift := func(name, expr string) {
		m[name] = "n := uint32(*rc(pc, fp))\nq := rb(pc, fp)\nv, w := " + replace(expr, "X", "*q") + ", " + replace(expr, "X", "*next(q)") + "\np := ra(pc, fp)\n*p = v\n*next(p) = w"
	}
	shift("i64x2.shl", "X << (n & 63)")
	shift("i64x2.shr_u", "X >> (n & 63)")
	shift("i64x2.shr_s", "uint64(int64(X) >> (n & 63))")
	shift("i32x4.shl", "uint64(uint32(X) << (n & 31)) | X >> 32 << (n & 31 + 32)")
	shift("i32x4.shr_u", "uint64(uint32(X) >> (n & 31)) | X >> (n & 31 + 32) << 32")
	shift("i32x4.shr_s", "uint64(uint32(int32(X) >> (n & 31))) | uint64(int64(X) >> (n & 31 + 32) << 32)")

	// Floats, where the machine's NaNs are the specification's.
	for name, op := range map[string]string{"add": "+", "sub": "-", "mul": "*", "div": "/"} {
		m["f64x2."+name] = machine + replace(`q, r := rb(pc, fp), rc(pc, fp)
			v, w := f64at(q) OP f64at(r), f64at(next(q)) OP f64at(next(r))
			p := ra(pc, fp)
			putF64(p, v)
			putF64(next(p), w)`, "OP", op)
		halves("f32x4."+name, "uint64(math.Float32bits(f32of(X) "+op+" f32of(Y))) | uint64(math.Float32bits(f32of(X>>32) "+op+" f32of(Y>>32)))<<32")
		m["f32x4."+name] = machine + m["f32x4."+name]
	}

	// Halves of narrow lanes as wide ones.
	widen := func(shape, from, unsigned, signed string) {
		for _, half := range []struct{ name, get string }{{"low", "*q"}, {"high", "*next(q)"}} {
			for _, sign := range []struct{ name, expr string }{{"u", unsigned}, {"s", signed}} {
				m[shape+".extend_"+half.name+"_"+from+"_"+sign.name] = "q := rb(pc, fp)\nx := " + half.get + "\np := ra(pc, fp)\n*p = " +
					replace(sign.expr, "X", "x") + "\n*next(p) = " + replace(sign.expr, "X", "(x>>32)")
			}
		}
	}
	widen("i16x8", "i8x16", widen8U, widen8S)
	widen("i32x4", "i16x8", widen16U, widen16S)
	widen("i64x2", "i32x4", "X & 0xffffffff", "uint64(int32(X))")

	splat := func(name, expr string) {
		m[name] = "v := " + expr + "\np := ra(pc, fp)\n*p = v\n*next(p) = v"
	}
	splat("i8x16.splat", "uint64(uint8(*rb(pc, fp))) * 0x0101010101010101")
	splat("i16x8.splat", "uint64(uint16(*rb(pc, fp))) * 0x0001000100010001")
	splat("i32x4.splat", "uint64(uint32(*rb(pc, fp))) * 0x0000000100000001")
	splat("i64x2.splat", "*rb(pc, fp)")
	m["f32x4.splat"], m["f64x2.splat"] = m["i32x4.splat"], m["i64x2.splat"]

	// Lane i is in slot i/n of the vector, n lanes to a slot.
	lane := func(name, per, width, result string) {
		m[name] = replace("n := uintptr(uc(pc))\nv := *(*uint64)(unsafe.Add(unsafe.Pointer(rb(pc, fp)), n/PER*8)) >> (n % PER * WIDTH)\n*ra(pc, fp) = ", "PER", per, "WIDTH", width) + result
	}
	lane("i8x16.extract_lane_u", "8", "8", "uint64(uint8(v))")
	lane("i8x16.extract_lane_s", "8", "8", "uint64(uint32(int8(v)))")
	lane("i16x8.extract_lane_u", "4", "16", "uint64(uint16(v))")
	lane("i16x8.extract_lane_s", "4", "16", "uint64(uint32(int16(v)))")
	lane("i32x4.extract_lane", "2", "32", "uint64(uint32(v))")
	lane("i64x2.extract_lane", "1", "64", "v")
	m["f32x4.extract_lane"], m["f64x2.extract_lane"] = m["i32x4.extract_lane"], m["i64x2.extract_lane"]
	m["i64x2.extract_lane"] = "*ra(pc, fp) = *(*uint64)(unsafe.Add(unsafe.Pointer(rb(pc, fp)), uintptr(uc(pc))*8))"
	m["f64x2.extract_lane"] = m["i64x2.extract_lane"]

	// The top bits of all lanes, gathered by multiplication.
	m["i8x16.bitmask"] = `q := rb(pc, fp)
		v := *q >> 7 & 0x0101010101010101 * 0x0102040810204080 >> 56
		w := *next(q) >> 7 & 0x0101010101010101 * 0x0102040810204080 >> 56
		*ra(pc, fp) = v | w<<8`
	m["v128.any_true"] = "q := rb(pc, fp)\nvar v uint64\nif *q|*next(q) != 0 {\nv = 1\n}\n*ra(pc, fp) = v"
	m["v128.bitselect"] = `q, r, s := rb(pc, fp), rc(pc, fp), r1(pc, fp)
		v, w := *q&*s|*r&^*s, *next(q)&*next(s)|*next(r)&^*next(s)
		p := ra(pc, fp)
		*p = v
		*next(p) = w`
	return m
}()

// The low four bytes, or two 16-bit lanes, of X as lanes of twice the width.
const (
	widen8U  = "X&0xff | X&0xff00<<8 | X&0xff0000<<16 | X&0xff000000<<24"
	widen8S  = "uint64(uint16(int8(X))) | uint64(uint16(int8(X>>8)))<<16 | uint64(uint16(int8(X>>16)))<<32 | uint64(uint16(int8(X>>24)))<<48"
	widen16U = "X&0xffff | X&0xffff0000<<16"
	widen16S = "uint64(uint32(int16(X))) | uint64(uint32(int16(X>>16)))<<32"
)

// vectorLoads lists the loads of v128 that widen, repeat or fill, at an address
// in a register plus a 16-bit offset.
func (g *set) vectorLoads() {
	for _, l := range []struct{ name, size, load, low, high string }{
		{"v128.load8x8_s", "8", "le64(p)", widen8S, replace(widen8S, "X", "(x>>32)")},
		{"v128.load8x8_u", "8", "le64(p)", widen8U, replace(widen8U, "X", "(x>>32)")},
		{"v128.load16x4_s", "8", "le64(p)", widen16S, replace(widen16S, "X", "(x>>32)")},
		{"v128.load16x4_u", "8", "le64(p)", widen16U, replace(widen16U, "X", "(x>>32)")},
		{"v128.load32x2_s", "8", "le64(p)", "uint64(int32(X))", "uint64(int64(x)>>32)"},
		{"v128.load32x2_u", "8", "le64(p)", "X & 0xffffffff", "x >> 32"},
		{"v128.load8_splat", "1", "uint64(*(*uint8)(p)) * 0x0101010101010101", "X", "x"},
		{"v128.load16_splat", "2", "uint64(le16(p)) * 0x0001000100010001", "X", "x"},
		{"v128.load32_splat", "4", "uint64(le32(p)) * 0x0000000100000001", "X", "x"},
		{"v128.load64_splat", "8", "le64(p)", "X", "x"},
		{"v128.load32_zero", "4", "uint64(le32(p))", "X", "0"},
		{"v128.load64_zero", "8", "le64(p)", "X", "0"},
	} {
		g.add(spec{name: goName(l.name), text: l.name, form: "Dsu", fault: "memoryHandler",
			body: "ea := uint64(uint32(*rb(pc, fp))) + uint64(uc(pc))\nif ea+" + l.size + " > size {\nbreak loop\n}\np := unsafe.Add(mem, ea)\nx := " + l.load +
				"\nq := ra(pc, fp)\n*q = " + replace(l.low, "X", "x") + "\n*next(q) = " + l.high})
		g.plain[l.name] = plainOp{rr: goName(l.name)}
	}
}

// machine leaves the loop where the machine's NaNs need care.
const machine = "if !machineNaN {\nbreak loop\n}\n"
