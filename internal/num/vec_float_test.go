package num

import "testing"

// sameFloats reports whether the lanes are equal, any two quiet NaNs counting
// as equal: which operand's payload survives is the compiler's choice at each
// call.
func sameFloats(v, w V128, width uint) bool {
	x, y := lanesOf(v, width), lanesOf(w, width)
	for i := range x {
		quiet := x[i]&y[i]&quiet64 != 0 && isNaN64(x[i]) && isNaN64(y[i])
		if width == 32 {
			quiet = x[i]&y[i]&quiet32 != 0 && isNaN32(uint32(x[i])) && isNaN32(uint32(y[i]))
		}
		if x[i] != y[i] && !quiet {
			return false
		}
	}
	return true
}

// TestFloatVectors compares the float shapes with the scalar operators, which
// have oracles of their own, lane by lane.
func TestFloatVectors(t *testing.T) {
	rng := newRand()
	pool32 := append(append(signed32(finite32), nans32...), random32(rng, 50)...)
	pool64 := append(append(signed64(finite64), nans64...), random64(rng, 50)...)
	mask32 := func(f func(a, b uint32) uint32) func(a, b uint32) uint32 {
		return func(a, b uint32) uint32 { return uint32(maskIf(f(a, b) == 1)) }
	}
	mask64 := func(f func(a, b uint64) uint32) func(a, b uint64) uint64 {
		return func(a, b uint64) uint64 { return maskIf(f(a, b) == 1) }
	}
	ops := []struct {
		name  string
		f32x4 func(a, b V128) V128
		f32   func(a, b uint32) uint32
		f64x2 func(a, b V128) V128
		f64   func(a, b uint64) uint64
	}{
		{"add", F32x4Add, F32Add, F64x2Add, F64Add},
		{"sub", F32x4Sub, F32Sub, F64x2Sub, F64Sub},
		{"mul", F32x4Mul, F32Mul, F64x2Mul, F64Mul},
		{"div", F32x4Div, F32Div, F64x2Div, F64Div},
		{"min", F32x4Min, F32Min, F64x2Min, F64Min},
		{"max", F32x4Max, F32Max, F64x2Max, F64Max},
		{"relaxed_min", F32x4RelaxedMin, F32Min, F64x2RelaxedMin, F64Min},
		{"relaxed_max", F32x4RelaxedMax, F32Max, F64x2RelaxedMax, F64Max},
		{"pmin", F32x4Pmin, pmin32, F64x2Pmin, pmin64},
		{"pmax", F32x4Pmax, pmax32, F64x2Pmax, pmax64},
		{"eq", F32x4Eq, mask32(F32Eq), F64x2Eq, mask64(F64Eq)},
		{"ne", F32x4Ne, mask32(F32Ne), F64x2Ne, mask64(F64Ne)},
		{"lt", F32x4Lt, mask32(F32Lt), F64x2Lt, mask64(F64Lt)},
		{"gt", F32x4Gt, mask32(F32Gt), F64x2Gt, mask64(F64Gt)},
		{"le", F32x4Le, mask32(F32Le), F64x2Le, mask64(F64Le)},
		{"ge", F32x4Ge, mask32(F32Ge), F64x2Ge, mask64(F64Ge)},
		{"sqrt", one(F32x4Sqrt), unary32(F32Sqrt), one(F64x2Sqrt), unary64(F64Sqrt)},
		{"ceil", one(F32x4Ceil), unary32(F32Ceil), one(F64x2Ceil), unary64(F64Ceil)},
		{"floor", one(F32x4Floor), unary32(F32Floor), one(F64x2Floor), unary64(F64Floor)},
		{"trunc", one(F32x4Trunc), unary32(F32Trunc), one(F64x2Trunc), unary64(F64Trunc)},
		{"nearest", one(F32x4Nearest), unary32(F32Nearest), one(F64x2Nearest), unary64(F64Nearest)},
	}
	for _, op := range ops {
		for range rounds() {
			var x, y, r [4]uint64
			for i := range x {
				a, b := pool32[rng.IntN(len(pool32))], pool32[rng.IntN(len(pool32))]
				x[i], y[i], r[i] = uint64(a), uint64(b), uint64(op.f32(a, b))
			}
			if got, want := op.f32x4(vectorOf(x[:], 32), vectorOf(y[:], 32)), vectorOf(r[:], 32); !sameFloats(got, want, 32) {
				t.Fatalf("f32x4.%s %x, %x = %x, want %x", op.name, x, y, got, want)
			}
			a, b := V128{pool64[rng.IntN(len(pool64))], pool64[rng.IntN(len(pool64))]}, V128{pool64[rng.IntN(len(pool64))], pool64[rng.IntN(len(pool64))]}
			if got, want := op.f64x2(a, b), (V128{op.f64(a.Lo, b.Lo), op.f64(a.Hi, b.Hi)}); !sameFloats(got, want, 64) {
				t.Fatalf("f64x2.%s %x, %x = %x, want %x", op.name, a, b, got, want)
			}
		}
	}
}

func TestVectorConversions(t *testing.T) {
	rng := newRand()
	pool32 := append(append(signed32(finite32), nans32...), boundary32...)
	pool64 := append(append(signed64(finite64), nans64...), random64(rng, 50)...)
	fourToFour := []struct {
		name string
		vec  func(V128) V128
		lane func(uint32) uint32
	}{
		{"f32x4.convert_i32x4_s", F32x4ConvertI32x4S, F32ConvertI32S},
		{"f32x4.convert_i32x4_u", F32x4ConvertI32x4U, F32ConvertI32U},
		{"i32x4.trunc_sat_f32x4_s", I32x4TruncSatF32x4S, I32TruncSatF32S},
		{"i32x4.trunc_sat_f32x4_u", I32x4TruncSatF32x4U, I32TruncSatF32U},
		{"i32x4.relaxed_trunc_f32x4_s", I32x4RelaxedTruncF32x4S, I32TruncSatF32S},
		{"i32x4.relaxed_trunc_f32x4_u", I32x4RelaxedTruncF32x4U, I32TruncSatF32U},
	}
	lowToTwo := []struct {
		name string
		vec  func(V128) V128
		lane func(uint32) uint64
	}{
		{"f64x2.convert_low_i32x4_s", F64x2ConvertLowI32x4S, F64ConvertI32S},
		{"f64x2.convert_low_i32x4_u", F64x2ConvertLowI32x4U, F64ConvertI32U},
		{"f64x2.promote_low_f32x4", F64x2PromoteLowF32x4, F64PromoteF32},
	}
	twoToLow := []struct {
		name string
		vec  func(V128) V128
		lane func(uint64) uint32
	}{
		{"i32x4.trunc_sat_f64x2_s_zero", I32x4TruncSatF64x2SZero, I32TruncSatF64S},
		{"i32x4.trunc_sat_f64x2_u_zero", I32x4TruncSatF64x2UZero, I32TruncSatF64U},
		{"i32x4.relaxed_trunc_f64x2_s_zero", I32x4RelaxedTruncF64x2SZero, I32TruncSatF64S},
		{"i32x4.relaxed_trunc_f64x2_u_zero", I32x4RelaxedTruncF64x2UZero, I32TruncSatF64U},
		{"f32x4.demote_f64x2_zero", F32x4DemoteF64x2Zero, F32DemoteF64},
	}
	for range rounds() {
		var x [4]uint64
		for i := range x {
			x[i] = uint64(pool32[rng.IntN(len(pool32))])
		}
		v := vectorOf(x[:], 32)
		for _, op := range fourToFour {
			var r [4]uint64
			for i := range r {
				r[i] = uint64(op.lane(uint32(x[i])))
			}
			if got, want := op.vec(v), vectorOf(r[:], 32); got != want {
				t.Fatalf("%s %x = %x, want %x", op.name, v, got, want)
			}
		}
		for _, op := range lowToTwo {
			if got, want := op.vec(v), vectorOf([]uint64{op.lane(uint32(x[0])), op.lane(uint32(x[1]))}, 64); got != want {
				t.Fatalf("%s %x = %x, want %x", op.name, v, got, want)
			}
		}
		w := V128{pool64[rng.IntN(len(pool64))], pool64[rng.IntN(len(pool64))]}
		for _, op := range twoToLow {
			if got, want := op.vec(w), vectorOf([]uint64{uint64(op.lane(w.Lo)), uint64(op.lane(w.Hi)), 0, 0}, 32); got != want {
				t.Fatalf("%s %x = %x, want %x", op.name, w, got, want)
			}
		}
	}
}

// TestRelaxedMadd has the operands by which the specification's suite tells
// fused from separate rounding, one set for each lane.
func TestRelaxedMadd(t *testing.T) {
	a := vectorOf([]uint64{0x7f7fffff, 0x3f800002, 0xbf800002, 0x40000000}, 32)
	b := vectorOf([]uint64{0x40000000, 0x3f800100, 0x3f800100, 0x40400000}, 32)
	c := vectorOf([]uint64{0xff7fffff, 0xbf800102, 0x3f800102, 0x3f800000}, 32)
	want := vectorOf([]uint64{0x7f7fffff, 0x2d000000, 0xad000000, 0x40e00000}, 32)
	if got := F32x4RelaxedMadd(a, b, c); got != want {
		t.Errorf("f32x4.relaxed_madd = %x, want %x", got, want)
	}
	if got := F32x4RelaxedNmadd(F32x4Neg(a), b, c); got != want {
		t.Errorf("f32x4.relaxed_nmadd, first operand negated = %x, want %x", got, want)
	}
	if got := F32x4RelaxedNmadd(a, F32x4Neg(b), c); got != want {
		t.Errorf("f32x4.relaxed_nmadd, second operand negated = %x, want %x", got, want)
	}
	p := V128{0x7fefffffffffffff, 0x3ff0000000400000}
	q := V128{0x4000000000000000, 0x3ff0000020000000}
	r := V128{0xffefffffffffffff, 0xbff0000020400000}
	want = V128{0x7fefffffffffffff, 0x3ca0000000000000}
	if got := F64x2RelaxedMadd(p, q, r); got != want {
		t.Errorf("f64x2.relaxed_madd = %x, want %x", got, want)
	}
	if got := F64x2RelaxedNmadd(F64x2Neg(p), q, r); got != want {
		t.Errorf("f64x2.relaxed_nmadd = %x, want %x", got, want)
	}
}
