package num

import "testing"

// ext extends a lane of width w to 64 bits.
func ext(x uint64, w uint, signed bool) uint64 {
	if signed {
		return uint64(sx(x, w))
	}
	return x
}

func TestWiden(t *testing.T) {
	type unary = func(V128) V128
	type binary = func(a, b V128) V128
	ops := []struct {
		w               uint // of the operands' lanes
		signed          bool
		low, high       unary
		mulLow, mulHigh binary
		pairwise        unary
	}{
		{8, true, I16x8ExtendLowI8x16S, I16x8ExtendHighI8x16S, I16x8ExtmulLowI8x16S, I16x8ExtmulHighI8x16S, I16x8ExtaddPairwiseI8x16S},
		{8, false, I16x8ExtendLowI8x16U, I16x8ExtendHighI8x16U, I16x8ExtmulLowI8x16U, I16x8ExtmulHighI8x16U, I16x8ExtaddPairwiseI8x16U},
		{16, true, I32x4ExtendLowI16x8S, I32x4ExtendHighI16x8S, I32x4ExtmulLowI16x8S, I32x4ExtmulHighI16x8S, I32x4ExtaddPairwiseI16x8S},
		{16, false, I32x4ExtendLowI16x8U, I32x4ExtendHighI16x8U, I32x4ExtmulLowI16x8U, I32x4ExtmulHighI16x8U, I32x4ExtaddPairwiseI16x8U},
		{32, true, I64x2ExtendLowI32x4S, I64x2ExtendHighI32x4S, I64x2ExtmulLowI32x4S, I64x2ExtmulHighI32x4S, nil},
		{32, false, I64x2ExtendLowI32x4U, I64x2ExtendHighI32x4U, I64x2ExtmulLowI32x4U, I64x2ExtmulHighI32x4U, nil},
	}
	rng := newRand()
	for _, op := range ops {
		n := int(64 / op.w)
		for range rounds() {
			a, b := testVector(rng, op.w), testVector(rng, op.w)
			x, y := lanesOf(a, op.w), lanesOf(b, op.w)
			check := func(name string, got V128, lane func(i int) uint64) {
				t.Helper()
				r := make([]uint64, n)
				for i := range r {
					r[i] = lane(i)
				}
				if want := vectorOf(r, 2*op.w); got != want {
					t.Fatalf("%s of lanes of %d bits, signed %v: %x, %x = %x, want %x", name, op.w, op.signed, a, b, got, want)
				}
			}
			e := func(v []uint64, i int) uint64 { return ext(v[i], op.w, op.signed) }
			check("extend_low", op.low(a), func(i int) uint64 { return e(x, i) })
			check("extend_high", op.high(a), func(i int) uint64 { return e(x, n+i) })
			check("extmul_low", op.mulLow(a, b), func(i int) uint64 { return e(x, i) * e(y, i) })
			check("extmul_high", op.mulHigh(a, b), func(i int) uint64 { return e(x, n+i) * e(y, n+i) })
			if op.pairwise != nil {
				check("extadd_pairwise", op.pairwise(a), func(i int) uint64 { return e(x, 2*i) + e(x, 2*i+1) })
			}
		}
	}
}

func TestNarrow(t *testing.T) {
	ops := []struct {
		w      uint
		f      func(a, b V128) V128
		lo, hi int64
	}{
		{16, I8x16NarrowI16x8S, -128, 127}, {16, I8x16NarrowI16x8U, 0, 255},
		{32, I16x8NarrowI32x4S, -32768, 32767}, {32, I16x8NarrowI32x4U, 0, 65535},
	}
	rng := newRand()
	for _, op := range ops {
		for range rounds() {
			a, b := testVector(rng, op.w), testVector(rng, op.w)
			for i := range 128 / op.w { // values near the narrow limits
				if rng.IntN(2) == 0 {
					a = a.withLane(i*op.w, op.w, uint64(op.hi-1+rng.Int64N(4)))
					b = b.withLane(i*op.w, op.w, uint64(op.lo-2+rng.Int64N(4)))
				}
			}
			r := append(lanesOf(a, op.w), lanesOf(b, op.w)...)
			for i, x := range r {
				r[i] = clamp(sx(x, op.w), op.lo, op.hi)
			}
			if got, want := op.f(a, b), vectorOf(r, op.w/2); got != want {
				t.Fatalf("narrowing lanes of %d bits to [%d, %d]: %x, %x = %x, want %x", op.w, op.lo, op.hi, a, b, got, want)
			}
		}
	}
}

func TestDotProducts(t *testing.T) {
	rng := newRand()
	for range rounds() {
		a, b, c := testVector(rng, 16), testVector(rng, 16), testVector(rng, 32)
		x, y := lanesOf(a, 16), lanesOf(b, 16)
		r := make([]uint64, 4)
		for i := range r {
			r[i] = uint64(sx(x[2*i], 16)*sx(y[2*i], 16) + sx(x[2*i+1], 16)*sx(y[2*i+1], 16))
		}
		if got, want := I32x4DotI16x8S(a, b), vectorOf(r, 32); got != want {
			t.Fatalf("i32x4.dot_i16x8_s %x, %x = %x, want %x", a, b, got, want)
		}
		a, b = testVector(rng, 8), testVector(rng, 8)
		x, y = lanesOf(a, 8), lanesOf(b, 8)
		sums, wide := make([]uint64, 8), lanesOf(c, 32)
		for i := range sums {
			sums[i] = clamp(sx(x[2*i], 8)*sx(y[2*i], 8)+sx(x[2*i+1], 8)*sx(y[2*i+1], 8), -32768, 32767)
			wide[i/2] += sums[i]
		}
		if got, want := I16x8RelaxedDotI8x16I7x16S(a, b), vectorOf(sums, 16); got != want {
			t.Fatalf("i16x8.relaxed_dot_i8x16_i7x16_s %x, %x = %x, want %x", a, b, got, want)
		}
		if got, want := I32x4RelaxedDotI8x16I7x16AddS(a, b, c), vectorOf(wide, 32); got != want {
			t.Fatalf("i32x4.relaxed_dot_i8x16_i7x16_add_s %x, %x, %x = %x, want %x", a, b, c, got, want)
		}
	}
}
