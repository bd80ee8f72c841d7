package num

import (
	"math/big"
	"testing"
)

// intOp is the meaning of a binary operator on integers of width w, given
// unsigned values; the result is taken modulo 2^w.
type intOp struct {
	name string
	i32  func(a, b uint32) uint32
	i64  func(a, b uint64) uint64
	want func(a, b *big.Int, w uint) *big.Int
}

// signedInt interprets an unsigned integer of width w as signed.
func signedInt(a *big.Int, w uint) *big.Int {
	if a.Bit(int(w)-1) == 0 {
		return a
	}
	return new(big.Int).Sub(a, new(big.Int).Lsh(big.NewInt(1), w))
}

// modulo is a modulo 2^w.
func modulo(a *big.Int, w uint) uint64 {
	m := new(big.Int).Lsh(big.NewInt(1), w)
	return new(big.Int).Mod(a, m).Uint64()
}

func shiftCount(b *big.Int, w uint) uint { return uint(modulo(b, w) % uint64(w)) }

func truth(b bool) *big.Int {
	if b {
		return big.NewInt(1)
	}
	return new(big.Int)
}

func unary32(f func(uint32) uint32) func(a, b uint32) uint32 {
	return func(a, _ uint32) uint32 { return f(a) }
}

func unary64(f func(uint64) uint64) func(a, b uint64) uint64 {
	return func(a, _ uint64) uint64 { return f(a) }
}

// widen makes a comparison of i64 one that gives an i64.
func widen(f func(a, b uint64) uint32) func(a, b uint64) uint64 {
	return func(a, b uint64) uint64 { return uint64(f(a, b)) }
}

func compare(signed bool, holds func(c int) bool) func(a, b *big.Int, w uint) *big.Int {
	return func(a, b *big.Int, w uint) *big.Int {
		if signed {
			a, b = signedInt(a, w), signedInt(b, w)
		}
		return truth(holds(a.Cmp(b)))
	}
}

func signExtension(from uint) func(a, b *big.Int, w uint) *big.Int {
	return func(a, _ *big.Int, w uint) *big.Int {
		low := new(big.Int).SetUint64(modulo(a, from))
		return signedInt(low, from)
	}
}

var intOps = []intOp{
	{"add", I32Add, I64Add, func(a, b *big.Int, w uint) *big.Int { return new(big.Int).Add(a, b) }},
	{"sub", I32Sub, I64Sub, func(a, b *big.Int, w uint) *big.Int { return new(big.Int).Sub(a, b) }},
	{"mul", I32Mul, I64Mul, func(a, b *big.Int, w uint) *big.Int { return new(big.Int).Mul(a, b) }},
	{"and", I32And, I64And, func(a, b *big.Int, w uint) *big.Int { return new(big.Int).And(a, b) }},
	{"or", I32Or, I64Or, func(a, b *big.Int, w uint) *big.Int { return new(big.Int).Or(a, b) }},
	{"xor", I32Xor, I64Xor, func(a, b *big.Int, w uint) *big.Int { return new(big.Int).Xor(a, b) }},
	{"shl", I32Shl, I64Shl, func(a, b *big.Int, w uint) *big.Int { return new(big.Int).Lsh(a, shiftCount(b, w)) }},
	{"shr_u", I32ShrU, I64ShrU, func(a, b *big.Int, w uint) *big.Int { return new(big.Int).Rsh(a, shiftCount(b, w)) }},
	{"shr_s", I32ShrS, I64ShrS, func(a, b *big.Int, w uint) *big.Int {
		return new(big.Int).Rsh(signedInt(a, w), shiftCount(b, w))
	}},
	{"rotl", I32Rotl, I64Rotl, func(a, b *big.Int, w uint) *big.Int {
		n := shiftCount(b, w)
		return new(big.Int).Or(new(big.Int).Lsh(a, n), new(big.Int).Rsh(a, w-n))
	}},
	{"rotr", I32Rotr, I64Rotr, func(a, b *big.Int, w uint) *big.Int {
		n := shiftCount(b, w)
		return new(big.Int).Or(new(big.Int).Rsh(a, n), new(big.Int).Lsh(a, w-n))
	}},
	{"eq", I32Eq, widen(I64Eq), compare(false, func(c int) bool { return c == 0 })},
	{"ne", I32Ne, widen(I64Ne), compare(false, func(c int) bool { return c != 0 })},
	{"lt_s", I32LtS, widen(I64LtS), compare(true, func(c int) bool { return c < 0 })},
	{"lt_u", I32LtU, widen(I64LtU), compare(false, func(c int) bool { return c < 0 })},
	{"gt_s", I32GtS, widen(I64GtS), compare(true, func(c int) bool { return c > 0 })},
	{"gt_u", I32GtU, widen(I64GtU), compare(false, func(c int) bool { return c > 0 })},
	{"le_s", I32LeS, widen(I64LeS), compare(true, func(c int) bool { return c <= 0 })},
	{"le_u", I32LeU, widen(I64LeU), compare(false, func(c int) bool { return c <= 0 })},
	{"ge_s", I32GeS, widen(I64GeS), compare(true, func(c int) bool { return c >= 0 })},
	{"ge_u", I32GeU, widen(I64GeU), compare(false, func(c int) bool { return c >= 0 })},
	{"eqz", unary32(I32Eqz), widen(func(a, _ uint64) uint32 { return I64Eqz(a) }),
		func(a, _ *big.Int, w uint) *big.Int { return truth(a.Sign() == 0) }},
	{"clz", unary32(I32Clz), unary64(I64Clz), func(a, _ *big.Int, w uint) *big.Int {
		return big.NewInt(int64(w) - int64(a.BitLen()))
	}},
	{"ctz", unary32(I32Ctz), unary64(I64Ctz), func(a, _ *big.Int, w uint) *big.Int {
		if a.Sign() == 0 {
			return big.NewInt(int64(w))
		}
		return big.NewInt(int64(a.TrailingZeroBits()))
	}},
	{"popcnt", unary32(I32Popcnt), unary64(I64Popcnt), func(a, _ *big.Int, w uint) *big.Int {
		n := int64(0)
		for i := range int(w) {
			n += int64(a.Bit(i))
		}
		return big.NewInt(n)
	}},
	{"extend8_s", unary32(I32Extend8S), unary64(I64Extend8S), signExtension(8)},
	{"extend16_s", unary32(I32Extend16S), unary64(I64Extend16S), signExtension(16)},
	{"extend32_s", nil, unary64(I64Extend32S), signExtension(32)},
}

func TestIntegerOperators(t *testing.T) {
	for _, op := range intOps {
		if op.i32 != nil {
			for _, a := range boundary32 {
				for _, b := range boundary32 {
					want := modulo(op.want(new(big.Int).SetUint64(uint64(a)), new(big.Int).SetUint64(uint64(b)), 32), 32)
					if got := op.i32(a, b); uint64(got) != want {
						t.Errorf("i32.%s %#x %#x = %#x, want %#x", op.name, a, b, got, want)
					}
				}
			}
		}
		for _, a := range boundary64 {
			for _, b := range boundary64 {
				want := modulo(op.want(new(big.Int).SetUint64(a), new(big.Int).SetUint64(b), 64), 64)
				if got := op.i64(a, b); got != want {
					t.Errorf("i64.%s %#x %#x = %#x, want %#x", op.name, a, b, got, want)
				}
			}
		}
	}
}

func TestDivision(t *testing.T) {
	ops := []struct {
		name     string
		i32      func(a, b uint32) (uint32, Trap)
		i64      func(a, b uint64) (uint64, Trap)
		signed   bool
		divide   func(a, b *big.Int) *big.Int
		overflow bool
	}{
		{"div_s", I32DivS, I64DivS, true, func(a, b *big.Int) *big.Int { return new(big.Int).Quo(a, b) }, true},
		{"div_u", I32DivU, I64DivU, false, func(a, b *big.Int) *big.Int { return new(big.Int).Quo(a, b) }, false},
		{"rem_s", I32RemS, I64RemS, true, func(a, b *big.Int) *big.Int { return new(big.Int).Rem(a, b) }, false},
		{"rem_u", I32RemU, I64RemU, false, func(a, b *big.Int) *big.Int { return new(big.Int).Rem(a, b) }, false},
	}
	for _, op := range ops {
		expect := func(a, b uint64, w uint) (uint64, Trap) {
			x, y := new(big.Int).SetUint64(a), new(big.Int).SetUint64(b)
			if op.signed {
				x, y = signedInt(x, w), signedInt(y, w)
			}
			if y.Sign() == 0 {
				return 0, DivByZero
			}
			q := op.divide(x, y)
			if op.overflow && q.Cmp(new(big.Int).Lsh(big.NewInt(1), w-1)) == 0 {
				return 0, IntegerOverflow
			}
			return modulo(q, w), NoTrap
		}
		for _, a := range boundary32 {
			for _, b := range boundary32 {
				want, wantTrap := expect(uint64(a), uint64(b), 32)
				if got, trap := op.i32(a, b); uint64(got) != want || trap != wantTrap {
					t.Errorf("i32.%s %#x %#x = %#x, %v, want %#x, %v", op.name, a, b, got, trap, want, wantTrap)
				}
			}
		}
		for _, a := range boundary64 {
			for _, b := range boundary64 {
				want, wantTrap := expect(a, b, 64)
				if got, trap := op.i64(a, b); got != want || trap != wantTrap {
					t.Errorf("i64.%s %#x %#x = %#x, %v, want %#x, %v", op.name, a, b, got, trap, want, wantTrap)
				}
			}
		}
	}
}

func TestWideArithmetic(t *testing.T) {
	join := func(lo, hi uint64) *big.Int {
		x := new(big.Int).SetUint64(hi)
		return x.Add(x.Lsh(x, 64), new(big.Int).SetUint64(lo))
	}
	check := func(name string, lo, hi uint64, want *big.Int) {
		t.Helper()
		want = new(big.Int).Mod(want, new(big.Int).Lsh(big.NewInt(1), 128))
		if got := join(lo, hi); got.Cmp(want) != 0 {
			t.Errorf("%s = %x, want %x", name, got, want)
		}
	}
	for i, a := range boundary64 {
		for j, b := range boundary64 {
			x, y := new(big.Int).SetUint64(a), new(big.Int).SetUint64(b)
			lo, hi := I64MulWideU(a, b)
			check("i64.mul_wide_u", lo, hi, new(big.Int).Mul(x, y))
			lo, hi = I64MulWideS(a, b)
			check("i64.mul_wide_s", lo, hi, new(big.Int).Mul(signedInt(x, 64), signedInt(y, 64)))
			c, d := boundary64[(i+1)%len(boundary64)], boundary64[(j+3)%len(boundary64)]
			lo, hi = I64Add128(a, c, b, d)
			check("i64.add128", lo, hi, new(big.Int).Add(join(a, c), join(b, d)))
			lo, hi = I64Sub128(a, c, b, d)
			check("i64.sub128", lo, hi, new(big.Int).Sub(join(a, c), join(b, d)))
		}
	}
}

func TestTrapText(t *testing.T) {
	for trap, want := range map[Trap]string{
		DivByZero:         "integer divide by zero",
		IntegerOverflow:   "integer overflow",
		InvalidConversion: "invalid conversion to integer",
	} {
		if got := trap.String(); got != want {
			t.Errorf("Trap(%d) = %q, want %q", trap, got, want)
		}
	}
}
