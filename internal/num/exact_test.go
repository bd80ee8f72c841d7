package num

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Exact arithmetic on rationals: the oracle of the float operators. Rounding
// is left to math/big, which rounds once, to nearest even.

var boundary32 = []uint32{
	0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 127, 128, 129, 255, 256, 0x7fff, 0x8000, 0x8001, 0xffff, 0x10000,
	0x12345678, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0xaaaaaaaa, 0x55555555,
}

var boundary64 = func() []uint64 {
	v := []uint64{0x7fffffffffffffff, 1 << 63, 1<<63 + 1, 1 << 32, 1<<32 + 1, 0x123456789abcdef0,
		0xffffffff7fffffff, 0xaaaaaaaaaaaaaaaa, 0x5555555555555555, 0xffffffffffff8000}
	for _, x := range boundary32 {
		v = append(v, uint64(x), uint64(int64(int32(x))))
	}
	return v
}()

// finite32 has zeros, subnormals, powers of two, ties, and the extremes.
var finite32 = []uint32{
	0, 1, 2, 0x007fffff, 0x00800000, 0x00800001, 0x3f800000, 0x3f800001, 0x3f7fffff, 0x3f000000, 0x3fc00000,
	0x40200000, 0x40600000, 0x40490fdb, 0x4b000000, 0x4b000001, 0x4b7fffff, 0x4b800000, 0x4b800001, 0x4a800001, 0x4effffff,
	0x4f000000, 0x4f000001, 0x4f7fffff, 0x4f800000, 0x5effffff, 0x5f000000, 0x5f7fffff, 0x5f800000,
	0x7f7fffff, 0x7f7ffffe, 0x7f000000, 0x33800000, 0x33000000, 0x34000000,
}

var finite64 = func() []uint64 {
	v := []uint64{
		0, 1, 2, 0x000fffffffffffff, 0x0010000000000000, 0x3ff0000000000000, 0x3ff0000000000001, 0x3fefffffffffffff,
		0x3fe0000000000000, 0x3ff8000000000000, 0x4004000000000000, 0x400921fb54442d18, 0x4330000000000000, 0x4330000000000001,
		0x433fffffffffffff, 0x4340000000000001, 0x41dfffffffc00000, 0x41dfffffffe00000, 0x41e0000000000000, 0x41e0000000200000,
		0x41e00000001fffff, 0x41efffffffe00000, 0x41efffffffffffff, 0x41f0000000000000, 0x43dfffffffffffff, 0x43e0000000000000,
		0x43efffffffffffff, 0x43f0000000000000, 0x7fefffffffffffff, 0x7fe0000000000000, 0x3ca0000000000000, 0x3cb0000000000000,
		// around the limits and ties of f32
		0x47efffffe0000000, 0x47efffffefffffff, 0x47effffff0000000, 0x36a0000000000000, 0x3690000000000000, 0x3690000000000001,
		0x3ff0000010000000, 0x3ff0000030000000, 0x3ff0000010000001, 0x380fffffe0000000, 0x380fffffffffffff,
	}
	for _, x := range finite32 {
		v = append(v, math.Float64bits(float64(math.Float32frombits(x))))
	}
	return v
}()

var nans32 = []uint32{nan32, nan32 | sign32, 0x7f800001, 0xff800001, 0x7fa00000, 0x7fbfffff, 0x7fffffff, 0xffc12345}

var nans64 = []uint64{nan64, nan64 | sign64, 0x7ff0000000000001, 0xfff0000000000001, 0x7ff4000000000000, 0x7ff7ffffffffffff,
	0x7fffffffffffffff, 0xfff8000012345678}

// signed returns the values and their negations, and infinities.
func signed32(v []uint32) []uint32 {
	r := []uint32{inf32, inf32 | sign32}
	for _, x := range v {
		r = append(r, x, x|sign32)
	}
	return r
}

func signed64(v []uint64) []uint64 {
	r := []uint64{inf64, inf64 | sign64}
	for _, x := range v {
		r = append(r, x, x|sign64)
	}
	return r
}

// random32 gives n float bit patterns, dense in exponents near each other so
// that sums cancel and round.
func random32(rng *rand.Rand, n int) []uint32 {
	r := make([]uint32, n)
	for i := range r {
		r[i] = rng.Uint32()
		if i&1 == 0 {
			r[i] = r[i]&^inf32 | (120+rng.Uint32N(16))<<23
		}
		if isNaN32(r[i]) {
			r[i] &^= 1 << 30
		}
	}
	return r
}

func random64(rng *rand.Rand, n int) []uint64 {
	r := make([]uint64, n)
	for i := range r {
		r[i] = rng.Uint64()
		if i&1 == 0 {
			r[i] = r[i]&^inf64 | (1016+rng.Uint64N(16))<<52
		}
		if isNaN64(r[i]) {
			r[i] &^= 1 << 62
		}
	}
	return r
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func isInf32(a uint32) bool  { return a&^sign32 == inf32 }
func isInf64(a uint64) bool  { return a&^sign64 == inf64 }
func isZero32(a uint32) bool { return a&^sign32 == 0 }
func isZero64(a uint64) bool { return a&^sign64 == 0 }

// rat32 is the exact value of finite bits, made from the fields so that no
// float instruction takes part.
func rat32(a uint32) *big.Rat {
	m, e := int64(a&0x7fffff), int(a>>23&0xff)
	if e == 0 {
		e = 1
	} else {
		m |= 1 << 23
	}
	return scaled(m, e-150, a>>31 != 0)
}

func rat64(a uint64) *big.Rat {
	m, e := int64(a&(1<<52-1)), int(a>>52&0x7ff)
	if e == 0 {
		e = 1
	} else {
		m |= 1 << 52
	}
	return scaled(m, e-1075, a>>63 != 0)
}

func scaled(m int64, exp int, neg bool) *big.Rat {
	if neg {
		m = -m
	}
	num, den := big.NewInt(m), big.NewInt(1)
	if exp >= 0 {
		num.Lsh(num, uint(exp))
	} else {
		den.Lsh(den, uint(-exp))
	}
	return new(big.Rat).SetFrac(num, den)
}

// round32 rounds to f32; a result of zero takes the sign neg.
func round32(r *big.Rat, neg bool) uint32 {
	if r.Sign() != 0 {
		neg = r.Sign() < 0
	}
	f, _ := new(big.Rat).Abs(r).Float32()
	bits := math.Float32bits(f)
	if neg {
		bits |= sign32
	}
	return bits
}

func round64(r *big.Rat, neg bool) uint64 {
	if r.Sign() != 0 {
		neg = r.Sign() < 0
	}
	f, _ := new(big.Rat).Abs(r).Float64()
	bits := math.Float64bits(f)
	if neg {
		bits |= sign64
	}
	return bits
}

// TestOracle checks the oracle against values known by their definition.
func TestOracle(t *testing.T) {
	if r := rat32(0x40490fdb); r.Cmp(big.NewRat(0x490fdb|1<<23, 1<<22)) != 0 {
		t.Errorf("rat32(pi) = %v", r)
	}
	for _, a := range signed64(finite64)[2:] {
		if got := round64(rat64(a), a>>63 != 0); got != a {
			t.Errorf("round64(rat64(%#x)) = %#x", a, got)
		}
	}
	for _, a := range signed32(finite32)[2:] {
		if got := round32(rat32(a), a>>31 != 0); got != a {
			t.Errorf("round32(rat32(%#x)) = %#x", a, got)
		}
	}
}
