package num

import (
	"math/big"
	"testing"
)

// floatOp is a binary operator on one float type, with the rules that are its
// own: exact finite arithmetic, the sign of a zero result, and infinities.
type floatOp struct {
	name  string
	f32   func(a, b uint32) uint32
	f64   func(a, b uint64) uint64
	exact func(a, b *big.Rat) *big.Rat
	// zeroNeg is the sign of a result of exactly zero, or that rounds to
	// zero, from the operands' signs.
	zeroNeg func(a, b bool) bool
	// inf gives the result with infinities or a zero divisor: +1 or -1 for an
	// infinity, 2 for a NaN, 0 for zero; false if the case is finite.
	inf func(a, b operand) (int, bool)
}

type operand struct{ neg, inf, zero bool }

func (o operand) sign() int {
	if o.neg {
		return -1
	}
	return 1
}

func addInf(a, b operand) (int, bool) {
	switch {
	case a.inf && b.inf && a.neg != b.neg:
		return 2, true
	case a.inf:
		return a.sign(), true
	case b.inf:
		return b.sign(), true
	}
	return 0, false
}

var floatOps = []floatOp{
	{"add", F32Add, F64Add, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) },
		func(a, b bool) bool { return a && b }, addInf},
	{"sub", F32Sub, F64Sub, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) },
		func(a, b bool) bool { return a && !b }, func(a, b operand) (int, bool) { b.neg = !b.neg; return addInf(a, b) }},
	{"mul", F32Mul, F64Mul, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) },
		func(a, b bool) bool { return a != b },
		func(a, b operand) (int, bool) {
			if a.inf && b.zero || a.zero && b.inf {
				return 2, true
			}
			return a.sign() * b.sign(), a.inf || b.inf
		}},
	{"div", F32Div, F64Div, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) },
		func(a, b bool) bool { return a != b },
		func(a, b operand) (int, bool) {
			switch {
			case a.inf && b.inf || a.zero && b.zero:
				return 2, true
			case a.inf || b.zero:
				return a.sign() * b.sign(), true
			}
			return 0, b.inf
		}},
}

func TestF32Arithmetic(t *testing.T) {
	ops := append(signed32(finite32), random32(newRand(), 60)...)
	for _, op := range floatOps {
		for _, a := range ops {
			for _, b := range ops {
				got := op.f32(a, b)
				an, bn := a>>31 != 0, b>>31 != 0
				var want uint32
				if k, special := op.inf(operand{an, isInf32(a), isZero32(a)}, operand{bn, isInf32(b), isZero32(b)}); special {
					switch k {
					case 2:
						if got&^sign32 != nan32 {
							t.Errorf("f32.%s %#x %#x = %#x, want the canonical NaN", op.name, a, b, got)
						}
						continue
					case 1:
						want = inf32
					case -1:
						want = inf32 | sign32
					case 0:
						want = (a ^ b) & sign32
					}
				} else {
					want = round32(op.exact(rat32(a), rat32(b)), op.zeroNeg(an, bn))
				}
				if got != want {
					t.Errorf("f32.%s %#x %#x = %#x, want %#x", op.name, a, b, got, want)
				}
			}
		}
	}
}

func TestF64Arithmetic(t *testing.T) {
	ops := append(signed64(finite64[:43]), random64(newRand(), 30)...)
	for _, op := range floatOps {
		for i, a := range ops {
			for j, b := range ops {
				if testing.Short() && (i+j)%4 != 0 {
					continue
				}
				got := op.f64(a, b)
				an, bn := a>>63 != 0, b>>63 != 0
				var want uint64
				if k, special := op.inf(operand{an, isInf64(a), isZero64(a)}, operand{bn, isInf64(b), isZero64(b)}); special {
					switch k {
					case 2:
						if got&^sign64 != nan64 {
							t.Errorf("f64.%s %#x %#x = %#x, want the canonical NaN", op.name, a, b, got)
						}
						continue
					case 1:
						want = inf64
					case -1:
						want = inf64 | sign64
					case 0:
						want = (a ^ b) & sign64
					}
				} else {
					want = round64(op.exact(rat64(a), rat64(b)), op.zeroNeg(an, bn))
				}
				if got != want {
					t.Errorf("f64.%s %#x %#x = %#x, want %#x", op.name, a, b, got, want)
				}
			}
		}
	}
}

// TestNotFused has products whose lost bits a fused addition would keep.
func TestNotFused(t *testing.T) {
	x, y, z := uint32(0x3f800002), uint32(0x3f800100), uint32(0xbf800102)
	if got := F32Add(F32Mul(x, y), z); got != 0 {
		t.Errorf("f32: x*y+z = %#x, want 0", got)
	}
	if got := F32Sub(F32Mul(x, y), z^sign32); got != 0 {
		t.Errorf("f32: x*y-z = %#x, want 0", got)
	}
	// 1+2^-30, 1+2^-23, -(1+2^-23+2^-30)
	p, q, r := uint64(0x3ff0000000400000), uint64(0x3ff0000020000000), uint64(0xbff0000020400000)
	if got := F64Add(F64Mul(p, q), r); got != 0 {
		t.Errorf("f64: x*y+z = %#x, want 0", got)
	}
	if got := F64Sub(r^sign64, F64Mul(p, q)); got != 0 {
		t.Errorf("f64: z-x*y = %#x, want 0", got)
	}
}

// between reports whether r is the rounding of the square root of x: whether
// x lies between the squares of the midpoints around r.
func between(x, below, r, above *big.Rat) bool {
	half := big.NewRat(1, 2)
	square := func(a, b *big.Rat) *big.Rat {
		m := new(big.Rat).Add(a, b)
		m.Mul(m, half)
		return m.Mul(m, m)
	}
	return square(below, r).Cmp(x) <= 0 && x.Cmp(square(r, above)) <= 0
}

func TestSqrt(t *testing.T) {
	for _, a := range append(signed32(finite32), random32(newRand(), 300)...) {
		got := F32Sqrt(a)
		switch {
		case isZero32(a) || a == inf32:
			if got != a {
				t.Errorf("f32.sqrt %#x = %#x", a, got)
			}
		case a>>31 != 0:
			if got&^sign32 != nan32 {
				t.Errorf("f32.sqrt %#x = %#x, want the canonical NaN", a, got)
			}
		case !between(rat32(a), rat32(got-1), rat32(got), rat32(got+1)):
			t.Errorf("f32.sqrt %#x = %#x is not the nearest", a, got)
		}
	}
	for _, a := range append(signed64(finite64), random64(newRand(), 300)...) {
		got := F64Sqrt(a)
		switch {
		case isZero64(a) || a == inf64:
			if got != a {
				t.Errorf("f64.sqrt %#x = %#x", a, got)
			}
		case a>>63 != 0:
			if got&^sign64 != nan64 {
				t.Errorf("f64.sqrt %#x = %#x, want the canonical NaN", a, got)
			}
		case !between(rat64(a), rat64(got-1), rat64(got), rat64(got+1)):
			t.Errorf("f64.sqrt %#x = %#x is not the nearest", a, got)
		}
	}
}

// integral rounds exactly. mode: 'c'eil, 'f'loor, 't'runc, 'n'earest.
func integral(r *big.Rat, mode byte) *big.Rat {
	floor := new(big.Int)
	floor.DivMod(r.Num(), r.Denom(), new(big.Int))
	frac := new(big.Rat).Sub(r, new(big.Rat).SetInt(floor))
	up := false
	switch mode {
	case 'c':
		up = frac.Sign() > 0
	case 't':
		up = frac.Sign() > 0 && r.Sign() < 0
	case 'n':
		c := frac.Cmp(big.NewRat(1, 2))
		up = c > 0 || c == 0 && floor.Bit(0) == 1
	}
	if up {
		floor.Add(floor, big.NewInt(1))
	}
	return new(big.Rat).SetInt(floor)
}

func TestIntegralRounding(t *testing.T) {
	modes := []struct {
		name string
		mode byte
		f32  func(uint32) uint32
		f64  func(uint64) uint64
	}{
		{"ceil", 'c', F32Ceil, F64Ceil}, {"floor", 'f', F32Floor, F64Floor},
		{"trunc", 't', F32Trunc, F64Trunc}, {"nearest", 'n', F32Nearest, F64Nearest},
	}
	for _, m := range modes {
		for _, a := range append(signed32(finite32), random32(newRand(), 200)...) {
			want := a
			if !isInf32(a) {
				want = round32(integral(rat32(a), m.mode), a>>31 != 0)
			}
			if got := m.f32(a); got != want {
				t.Errorf("f32.%s %#x = %#x, want %#x", m.name, a, got, want)
			}
		}
		for _, a := range append(signed64(finite64), random64(newRand(), 200)...) {
			want := a
			if !isInf64(a) {
				want = round64(integral(rat64(a), m.mode), a>>63 != 0)
			}
			if got := m.f64(a); got != want {
				t.Errorf("f64.%s %#x = %#x, want %#x", m.name, a, got, want)
			}
		}
	}
}

// order gives each float its place in the order -inf ... -0, +0 ... +inf.
func order32(a uint32) int64 {
	if a>>31 != 0 {
		return -int64(a&^sign32) - 1
	}
	return int64(a)
}

func order64(a uint64) int64 {
	if a>>63 != 0 {
		return -int64(a&^sign64) - 1
	}
	return int64(a)
}

// cmpOrder compares by places, with the two zeros (-1 and 0) equal.
func cmpOrder(a, b int64) int {
	if a == -1 {
		a = 0
	}
	if b == -1 {
		b = 0
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestFloatComparisonMinMax(t *testing.T) {
	check := func(name string, a, b any, got, want uint64) {
		if got != want {
			t.Errorf("%s %#x %#x = %#x, want %#x", name, a, b, got, want)
		}
	}
	truth := func(b bool) uint64 {
		if b {
			return 1
		}
		return 0
	}
	ops32 := append(signed32(finite32), nans32...)
	for _, a := range ops32 {
		for _, b := range ops32 {
			nan := isNaN32(a) || isNaN32(b)
			c := cmpOrder(order32(a), order32(b))
			check("f32.eq", a, b, uint64(F32Eq(a, b)), truth(!nan && c == 0))
			check("f32.ne", a, b, uint64(F32Ne(a, b)), truth(nan || c != 0))
			check("f32.lt", a, b, uint64(F32Lt(a, b)), truth(!nan && c < 0))
			check("f32.gt", a, b, uint64(F32Gt(a, b)), truth(!nan && c > 0))
			check("f32.le", a, b, uint64(F32Le(a, b)), truth(!nan && c <= 0))
			check("f32.ge", a, b, uint64(F32Ge(a, b)), truth(!nan && c >= 0))
			pmin, pmax := a, a
			if !nan && c > 0 {
				pmin = b
			}
			if !nan && c < 0 {
				pmax = b
			}
			check("f32x4.pmin", a, b, uint64(pmin32(a, b)), uint64(pmin))
			check("f32x4.pmax", a, b, uint64(pmax32(a, b)), uint64(pmax))
			if !nan {
				lo, hi := a, b
				if order32(a) > order32(b) {
					lo, hi = b, a
				}
				check("f32.min", a, b, uint64(F32Min(a, b)), uint64(lo))
				check("f32.max", a, b, uint64(F32Max(a, b)), uint64(hi))
			}
		}
	}
	ops64 := append(signed64(finite64), nans64...)
	for _, a := range ops64 {
		for _, b := range ops64 {
			nan := isNaN64(a) || isNaN64(b)
			c := cmpOrder(order64(a), order64(b))
			check("f64.eq", a, b, uint64(F64Eq(a, b)), truth(!nan && c == 0))
			check("f64.ne", a, b, uint64(F64Ne(a, b)), truth(nan || c != 0))
			check("f64.lt", a, b, uint64(F64Lt(a, b)), truth(!nan && c < 0))
			check("f64.gt", a, b, uint64(F64Gt(a, b)), truth(!nan && c > 0))
			check("f64.le", a, b, uint64(F64Le(a, b)), truth(!nan && c <= 0))
			check("f64.ge", a, b, uint64(F64Ge(a, b)), truth(!nan && c >= 0))
			pmin, pmax := a, a
			if !nan && c > 0 {
				pmin = b
			}
			if !nan && c < 0 {
				pmax = b
			}
			check("f64x2.pmin", a, b, pmin64(a, b), pmin)
			check("f64x2.pmax", a, b, pmax64(a, b), pmax)
			if !nan {
				lo, hi := a, b
				if order64(a) > order64(b) {
					lo, hi = b, a
				}
				check("f64.min", a, b, F64Min(a, b), lo)
				check("f64.max", a, b, F64Max(a, b), hi)
			}
		}
	}
}

func TestSignOperators(t *testing.T) {
	for _, a := range append(signed32(finite32), nans32...) {
		if F32Abs(a) != a&0x7fffffff || F32Neg(a) != a^0x80000000 || F32Copysign(a, 0xffffffff) != a|0x80000000 ||
			F32Copysign(a, 0x7fffffff) != a&0x7fffffff {
			t.Errorf("f32 sign operators of %#x", a)
		}
		v := F32x4Splat(a)
		if F32x4Abs(v) != F32x4Splat(F32Abs(a)) || F32x4Neg(v) != F32x4Splat(F32Neg(a)) {
			t.Errorf("f32x4 sign operators of %#x", a)
		}
	}
	for _, a := range append(signed64(finite64), nans64...) {
		if F64Abs(a) != a&0x7fffffffffffffff || F64Neg(a) != a^0x8000000000000000 || F64Copysign(a, 1<<64-1) != a|1<<63 ||
			F64Copysign(a, 1<<63-1) != a&(1<<63-1) {
			t.Errorf("f64 sign operators of %#x", a)
		}
		v := F64x2Splat(a)
		if F64x2Abs(v) != F64x2Splat(F64Abs(a)) || F64x2Neg(v) != F64x2Splat(F64Neg(a)) {
			t.Errorf("f64x2 sign operators of %#x", a)
		}
	}
}

func TestFMA(t *testing.T) {
	rng := newRand()
	n := 4000
	if testing.Short() {
		n = 800
	}
	ops32 := append(signed32(finite32)[2:], random32(rng, 100)...)
	for range n {
		a, b, c := ops32[rng.IntN(len(ops32))], ops32[rng.IntN(len(ops32))], ops32[rng.IntN(len(ops32))]
		if rng.IntN(2) == 0 { // cancel
			c = F32Neg(F32Mul(a, b))
		}
		if isInf32(a) || isInf32(b) || isInf32(c) {
			continue
		}
		p := new(big.Rat).Mul(rat32(a), rat32(b))
		pNeg, cNeg := (a^b)>>31 != 0, c>>31 != 0
		want := round32(p.Add(p, rat32(c)), pNeg && cNeg)
		if got := fma32(a, b, c); got != want {
			t.Errorf("fma32(%#x, %#x, %#x) = %#x, want %#x", a, b, c, got, want)
		}
	}
	ops64 := append(signed64(finite64)[2:], random64(rng, 100)...)
	for range n {
		a, b, c := ops64[rng.IntN(len(ops64))], ops64[rng.IntN(len(ops64))], ops64[rng.IntN(len(ops64))]
		if rng.IntN(2) == 0 {
			c = F64Neg(F64Mul(a, b))
		}
		if isInf64(a) || isInf64(b) || isInf64(c) {
			continue
		}
		p := new(big.Rat).Mul(rat64(a), rat64(b))
		pNeg, cNeg := (a^b)>>63 != 0, c>>63 != 0
		want := round64(p.Add(p, rat64(c)), pNeg && cNeg)
		if got := fma64(a, b, c); got != want {
			t.Errorf("fma64(%#x, %#x, %#x) = %#x, want %#x", a, b, c, got, want)
		}
	}
	inf := []struct{ a, b, c, want uint32 }{
		{inf32, 0x3f800000, 0x3f800000, inf32},
		{inf32, 0xbf800000, 0x3f800000, inf32 | sign32},
		{0x3f800000, 0x3f800000, inf32 | sign32, inf32 | sign32},
		{inf32, 0, 0x3f800000, nan32},
		{inf32, 0x3f800000, inf32 | sign32, nan32},
		{inf32, 0x3f800000, 0, inf32},
		{0x7f7fffff, 0x7f7fffff, inf32 | sign32, inf32 | sign32},
	}
	for _, x := range inf {
		if got := fma32(x.a, x.b, x.c); got != x.want && !(x.want == nan32 && got&^sign32 == nan32) {
			t.Errorf("fma32(%#x, %#x, %#x) = %#x, want %#x", x.a, x.b, x.c, got, x.want)
		}
		got, want := fma64(F64PromoteF32(x.a), F64PromoteF32(x.b), F64PromoteF32(x.c)), F64PromoteF32(x.want)
		if x.a == 0x7f7fffff {
			continue
		}
		if got != want && !(x.want == nan32 && got&^sign64 == nan64) {
			t.Errorf("fma64 of %#x, %#x, %#x = %#x, want %#x", x.a, x.b, x.c, got, want)
		}
	}
}
