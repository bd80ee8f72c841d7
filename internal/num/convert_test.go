package num

import (
	"math/big"
	"testing"
)

// truncation is one pair of truncating operators with its integer range.
type truncation struct {
	name     string
	w        uint
	signed   bool
	f32      func(uint32) (uint64, Trap)
	f64      func(uint64) (uint64, Trap)
	sat32    func(uint32) uint64
	sat64    func(uint64) uint64
	min, max *big.Int
}

func wideTrap[T uint32 | uint64](f func(T) (uint32, Trap)) func(T) (uint64, Trap) {
	return func(a T) (uint64, Trap) { x, trap := f(a); return uint64(x), trap }
}

func wideSat[T uint32 | uint64](f func(T) uint32) func(T) uint64 {
	return func(a T) uint64 { return uint64(f(a)) }
}

func truncations() []truncation {
	pow := func(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }
	less1 := func(x *big.Int) *big.Int { return new(big.Int).Sub(x, big.NewInt(1)) }
	return []truncation{
		{"i32 s", 32, true, wideTrap(I32TruncF32S), wideTrap(I32TruncF64S), wideSat(I32TruncSatF32S), wideSat(I32TruncSatF64S),
			new(big.Int).Neg(pow(31)), less1(pow(31))},
		{"i32 u", 32, false, wideTrap(I32TruncF32U), wideTrap(I32TruncF64U), wideSat(I32TruncSatF32U), wideSat(I32TruncSatF64U),
			new(big.Int), less1(pow(32))},
		{"i64 s", 64, true, I64TruncF32S, I64TruncF64S, I64TruncSatF32S, I64TruncSatF64S,
			new(big.Int).Neg(pow(63)), less1(pow(63))},
		{"i64 u", 64, false, I64TruncF32U, I64TruncF64U, I64TruncSatF32U, I64TruncSatF64U, new(big.Int), less1(pow(64))},
	}
}

// expect gives the results of truncating r, or of an infinity with sign inf.
func (c *truncation) expect(r *big.Rat, inf int) (value uint64, trap Trap, sat uint64) {
	var n *big.Int
	if inf == 0 {
		n = integral(r, 't').Num()
		if n.Cmp(c.min) >= 0 && n.Cmp(c.max) <= 0 {
			return modulo(n, c.w), NoTrap, modulo(n, c.w)
		}
		inf = n.Sign()
	}
	if inf < 0 {
		return 0, IntegerOverflow, modulo(c.min, c.w)
	}
	return 0, IntegerOverflow, modulo(c.max, c.w)
}

func TestTruncation(t *testing.T) {
	for _, c := range truncations() {
		for _, a := range append(signed32(finite32), random32(newRand(), 300)...) {
			var want, sat uint64
			var trap Trap
			if isInf32(a) {
				want, trap, sat = c.expect(nil, 1-2*int(a>>31))
			} else {
				want, trap, sat = c.expect(rat32(a), 0)
			}
			if got, gotTrap := c.f32(a); got != want || gotTrap != trap {
				t.Errorf("%s trunc_f32 %#x = %#x, %v, want %#x, %v", c.name, a, got, gotTrap, want, trap)
			}
			if got := c.sat32(a); got != sat {
				t.Errorf("%s trunc_sat_f32 %#x = %#x, want %#x", c.name, a, got, sat)
			}
		}
		for _, a := range append(signed64(finite64), random64(newRand(), 300)...) {
			var want, sat uint64
			var trap Trap
			if isInf64(a) {
				want, trap, sat = c.expect(nil, 1-2*int(a>>63))
			} else {
				want, trap, sat = c.expect(rat64(a), 0)
			}
			if got, gotTrap := c.f64(a); got != want || gotTrap != trap {
				t.Errorf("%s trunc_f64 %#x = %#x, %v, want %#x, %v", c.name, a, got, gotTrap, want, trap)
			}
			if got := c.sat64(a); got != sat {
				t.Errorf("%s trunc_sat_f64 %#x = %#x, want %#x", c.name, a, got, sat)
			}
		}
		for _, a := range nans32 {
			if got, trap := c.f32(a); got != 0 || trap != InvalidConversion {
				t.Errorf("%s trunc_f32 %#x = %#x, %v", c.name, a, got, trap)
			}
			if got := c.sat32(a); got != 0 {
				t.Errorf("%s trunc_sat_f32 %#x = %#x", c.name, a, got)
			}
		}
		for _, a := range nans64 {
			if got, trap := c.f64(a); got != 0 || trap != InvalidConversion {
				t.Errorf("%s trunc_f64 %#x = %#x, %v", c.name, a, got, trap)
			}
			if got := c.sat64(a); got != 0 {
				t.Errorf("%s trunc_sat_f64 %#x = %#x", c.name, a, got)
			}
		}
	}
}

// convertible has integers that lie on, and one beside, the ties of f32 and
// f64: the ones that rounding twice gets wrong.
func convertible() []uint64 {
	v := append([]uint64(nil), boundary64...)
	for shift := uint(0); shift < 40; shift++ {
		for _, m := range []uint64{0x1000001, 0x1000003, 0x1fffffff, 1<<24 - 1, 1<<25 + 2, 1<<25 + 6} {
			x := m << shift
			v = append(v, x, x-1, x+1, -x, -x-1, -x+1)
		}
	}
	for shift := uint(0); shift < 10; shift++ {
		for _, m := range []uint64{1<<53 + 1, 1<<54 + 2, 1<<54 + 6, 1<<53 - 1} {
			x := m << shift
			v = append(v, x, x-1, x+1, -x, -x-1, -x+1)
		}
	}
	rng := newRand()
	for range 300 {
		v = append(v, rng.Uint64()>>rng.UintN(64))
	}
	return v
}

func TestConvertFromInteger(t *testing.T) {
	rat := func(a *big.Int) *big.Rat { return new(big.Rat).SetInt(a) }
	check := func(name string, a, got, want uint64) {
		if got != want {
			t.Errorf("%s %#x = %#x, want %#x", name, a, got, want)
		}
	}
	for _, a := range convertible() {
		x := new(big.Int).SetUint64(a)
		y := new(big.Int).SetUint64(uint64(uint32(a)))
		check("f32.convert_i64_s", a, uint64(F32ConvertI64S(a)), uint64(round32(rat(signedInt(x, 64)), false)))
		check("f32.convert_i64_u", a, uint64(F32ConvertI64U(a)), uint64(round32(rat(x), false)))
		check("f64.convert_i64_s", a, F64ConvertI64S(a), round64(rat(signedInt(x, 64)), false))
		check("f64.convert_i64_u", a, F64ConvertI64U(a), round64(rat(x), false))
		check("f32.convert_i32_s", a, uint64(F32ConvertI32S(uint32(a))), uint64(round32(rat(signedInt(y, 32)), false)))
		check("f32.convert_i32_u", a, uint64(F32ConvertI32U(uint32(a))), uint64(round32(rat(y), false)))
		check("f64.convert_i32_s", a, F64ConvertI32S(uint32(a)), round64(rat(signedInt(y, 32)), false))
		check("f64.convert_i32_u", a, F64ConvertI32U(uint32(a)), round64(rat(y), false))
		check("i32.wrap_i64", a, uint64(I32WrapI64(a)), a&0xffffffff)
		check("i64.extend_i32_s", a, I64ExtendI32S(uint32(a)), modulo(signedInt(y, 32), 64))
		check("i64.extend_i32_u", a, I64ExtendI32U(uint32(a)), a&0xffffffff)
	}
}

func TestPromoteDemote(t *testing.T) {
	for _, a := range append(signed32(finite32), random32(newRand(), 300)...) {
		want := uint64(a>>31)<<63 | inf64
		if !isInf32(a) {
			want = round64(rat32(a), a>>31 != 0)
		}
		if got := F64PromoteF32(a); got != want {
			t.Errorf("f64.promote_f32 %#x = %#x, want %#x", a, got, want)
		}
	}
	for _, a := range append(signed64(finite64), random64(newRand(), 300)...) {
		want := uint32(a>>63)<<31 | inf32
		if !isInf64(a) {
			want = round32(rat64(a), a>>63 != 0)
		}
		if got := F32DemoteF64(a); got != want {
			t.Errorf("f32.demote_f64 %#x = %#x, want %#x", a, got, want)
		}
	}
}

func TestReinterpretKeepsSignallingNaNs(t *testing.T) {
	for _, a := range nans32 {
		if I32ReinterpretF32(a) != a || F32ReinterpretI32(a) != a {
			t.Errorf("reinterpreting %#x changes it", a)
		}
	}
	for _, a := range nans64 {
		if I64ReinterpretF64(a) != a || F64ReinterpretI64(a) != a {
			t.Errorf("reinterpreting %#x changes it", a)
		}
	}
}
