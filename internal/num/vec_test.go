package num

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// lanesOf splits a vector by way of its bytes in memory.
func lanesOf(v V128, w uint) []uint64 {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:8], v.Lo)
	binary.LittleEndian.PutUint64(b[8:], v.Hi)
	r := make([]uint64, 0, 16)
	for i := uint(0); i < 16; i += w / 8 {
		var x uint64
		for j := range w / 8 {
			x |= uint64(b[i+j]) << (8 * j)
		}
		r = append(r, x)
	}
	return r
}

// vectorOf is the inverse of lanesOf; lanes are taken modulo 2^w.
func vectorOf(lanes []uint64, w uint) V128 {
	var b [16]byte
	for i, x := range lanes {
		for j := range w / 8 {
			b[uint(i)*w/8+j] = byte(x >> (8 * j))
		}
	}
	return V128{binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])}
}

// sx extends the sign of a lane of width w.
func sx(x uint64, w uint) int64 { return int64(x<<(64-w)) >> (64 - w) }

// testVector draws lanes of width w that are often at a limit or equal.
func testVector(rng *rand.Rand, w uint) V128 {
	lanes := make([]uint64, 128/w)
	top := uint64(1) << (w - 1)
	for i := range lanes {
		edge := []uint64{0, 1, 2, top - 1, top, top + 1, 2*top - 1, 2*top - 2}
		if k := rng.IntN(len(edge) + 5); k < len(edge) {
			lanes[i] = edge[k]
		} else {
			lanes[i] = rng.Uint64()
		}
	}
	return vectorOf(lanes, w)
}

// rounds is the number of random vectors for each operator.
func rounds() int {
	if testing.Short() {
		return 60
	}
	return 400
}

func clamp(x, lo, hi int64) uint64 { return uint64(max(lo, min(hi, x))) }

func maskIf(b bool) uint64 {
	if b {
		return ^uint64(0)
	}
	return 0
}

// laneOp is a binary operator of an integer shape and its meaning on lanes;
// nil where the shape does not have it. Lanes below 64 bits are exact in int64.
type laneOp struct {
	name                       string
	i8x16, i16x8, i32x4, i64x2 func(a, b V128) V128
	want                       func(a, b uint64, w uint) uint64
}

func one(f func(V128) V128) func(a, b V128) V128 {
	return func(a, _ V128) V128 { return f(a) }
}

// shiftBy makes a shift whose count is the second vector's low lane.
func shiftBy(f func(V128, uint32) V128) func(a, b V128) V128 {
	return func(a, b V128) V128 { return f(a, uint32(b.Lo)) }
}

var laneOps = []laneOp{
	{"add", I8x16Add, I16x8Add, I32x4Add, I64x2Add, func(a, b uint64, w uint) uint64 { return a + b }},
	{"sub", I8x16Sub, I16x8Sub, I32x4Sub, I64x2Sub, func(a, b uint64, w uint) uint64 { return a - b }},
	{"mul", nil, I16x8Mul, I32x4Mul, I64x2Mul, func(a, b uint64, w uint) uint64 { return a * b }},
	{"neg", one(I8x16Neg), one(I16x8Neg), one(I32x4Neg), one(I64x2Neg), func(a, _ uint64, w uint) uint64 { return -a }},
	{"abs", one(I8x16Abs), one(I16x8Abs), one(I32x4Abs), one(I64x2Abs), func(a, _ uint64, w uint) uint64 {
		if x := sx(a, w); x < 0 {
			return uint64(-x)
		}
		return a
	}},
	{"add_sat_s", I8x16AddSatS, I16x8AddSatS, nil, nil, func(a, b uint64, w uint) uint64 {
		return clamp(sx(a, w)+sx(b, w), -1<<(w-1), 1<<(w-1)-1)
	}},
	{"add_sat_u", I8x16AddSatU, I16x8AddSatU, nil, nil, func(a, b uint64, w uint) uint64 {
		return clamp(int64(a+b), 0, 1<<w-1)
	}},
	{"sub_sat_s", I8x16SubSatS, I16x8SubSatS, nil, nil, func(a, b uint64, w uint) uint64 {
		return clamp(sx(a, w)-sx(b, w), -1<<(w-1), 1<<(w-1)-1)
	}},
	{"sub_sat_u", I8x16SubSatU, I16x8SubSatU, nil, nil, func(a, b uint64, w uint) uint64 {
		return clamp(int64(a)-int64(b), 0, 1<<w-1)
	}},
	{"avgr_u", I8x16AvgrU, I16x8AvgrU, nil, nil, func(a, b uint64, w uint) uint64 { return (a + b + 1) / 2 }},
	{"min_s", I8x16MinS, I16x8MinS, I32x4MinS, nil, func(a, b uint64, w uint) uint64 { return uint64(min(sx(a, w), sx(b, w))) }},
	{"min_u", I8x16MinU, I16x8MinU, I32x4MinU, nil, func(a, b uint64, w uint) uint64 { return min(a, b) }},
	{"max_s", I8x16MaxS, I16x8MaxS, I32x4MaxS, nil, func(a, b uint64, w uint) uint64 { return uint64(max(sx(a, w), sx(b, w))) }},
	{"max_u", I8x16MaxU, I16x8MaxU, I32x4MaxU, nil, func(a, b uint64, w uint) uint64 { return max(a, b) }},
	{"eq", I8x16Eq, I16x8Eq, I32x4Eq, I64x2Eq, func(a, b uint64, w uint) uint64 { return maskIf(a == b) }},
	{"ne", I8x16Ne, I16x8Ne, I32x4Ne, I64x2Ne, func(a, b uint64, w uint) uint64 { return maskIf(a != b) }},
	{"lt_s", I8x16LtS, I16x8LtS, I32x4LtS, I64x2LtS, func(a, b uint64, w uint) uint64 { return maskIf(sx(a, w) < sx(b, w)) }},
	{"gt_s", I8x16GtS, I16x8GtS, I32x4GtS, I64x2GtS, func(a, b uint64, w uint) uint64 { return maskIf(sx(a, w) > sx(b, w)) }},
	{"le_s", I8x16LeS, I16x8LeS, I32x4LeS, I64x2LeS, func(a, b uint64, w uint) uint64 { return maskIf(sx(a, w) <= sx(b, w)) }},
	{"ge_s", I8x16GeS, I16x8GeS, I32x4GeS, I64x2GeS, func(a, b uint64, w uint) uint64 { return maskIf(sx(a, w) >= sx(b, w)) }},
	{"lt_u", I8x16LtU, I16x8LtU, I32x4LtU, nil, func(a, b uint64, w uint) uint64 { return maskIf(a < b) }},
	{"gt_u", I8x16GtU, I16x8GtU, I32x4GtU, nil, func(a, b uint64, w uint) uint64 { return maskIf(a > b) }},
	{"le_u", I8x16LeU, I16x8LeU, I32x4LeU, nil, func(a, b uint64, w uint) uint64 { return maskIf(a <= b) }},
	{"ge_u", I8x16GeU, I16x8GeU, I32x4GeU, nil, func(a, b uint64, w uint) uint64 { return maskIf(a >= b) }},
	{"popcnt", one(I8x16Popcnt), nil, nil, nil, func(a, _ uint64, w uint) uint64 { return uint64(I32Popcnt(uint32(a))) }},
	{"q15mulr_sat_s", nil, I16x8Q15mulrSatS, nil, nil, func(a, b uint64, w uint) uint64 {
		return clamp((sx(a, w)*sx(b, w)+0x4000)>>15, -0x8000, 0x7fff)
	}},
	{"relaxed_q15mulr_s", nil, I16x8RelaxedQ15mulrS, nil, nil, func(a, b uint64, w uint) uint64 {
		return clamp((sx(a, w)*sx(b, w)+0x4000)>>15, -0x8000, 0x7fff)
	}},
}

var laneShifts = []laneOp{
	{"shl", shiftBy(I8x16Shl), shiftBy(I16x8Shl), shiftBy(I32x4Shl), shiftBy(I64x2Shl), func(a, n uint64, w uint) uint64 { return a << n }},
	{"shr_u", shiftBy(I8x16ShrU), shiftBy(I16x8ShrU), shiftBy(I32x4ShrU), shiftBy(I64x2ShrU), func(a, n uint64, w uint) uint64 { return a >> n }},
	{"shr_s", shiftBy(I8x16ShrS), shiftBy(I16x8ShrS), shiftBy(I32x4ShrS), shiftBy(I64x2ShrS), func(a, n uint64, w uint) uint64 {
		return uint64(sx(a, w) >> n)
	}},
}

func (op *laneOp) shapes() map[uint]func(a, b V128) V128 {
	return map[uint]func(a, b V128) V128{8: op.i8x16, 16: op.i16x8, 32: op.i32x4, 64: op.i64x2}
}

func TestLaneOperators(t *testing.T) {
	rng := newRand()
	for _, op := range laneOps {
		for w, f := range op.shapes() {
			if f == nil {
				continue
			}
			for range rounds() {
				a, b := testVector(rng, w), testVector(rng, w)
				x, y := lanesOf(a, w), lanesOf(b, w)
				for i := range x {
					x[i] = op.want(x[i], y[i], w)
				}
				if got, want := f(a, b), vectorOf(x, w); got != want {
					t.Fatalf("%s on lanes of %d bits: %x, %x = %x, want %x", op.name, w, a, b, got, want)
				}
			}
		}
	}
}

func TestLaneShifts(t *testing.T) {
	rng := newRand()
	for _, op := range laneShifts {
		for w, f := range op.shapes() {
			for n := range uint64(3 * w) {
				n |= rng.Uint64N(2) << 31 // the count is modulo w, however great
				a := testVector(rng, w)
				x := lanesOf(a, w)
				for i := range x {
					x[i] = op.want(x[i], n%uint64(w), w)
				}
				if got, want := f(a, V128{Lo: n}), vectorOf(x, w); got != want {
					t.Fatalf("%s on lanes of %d bits: %x by %d = %x, want %x", op.name, w, a, n, got, want)
				}
			}
		}
	}
}

func TestBitmaskAllTrue(t *testing.T) {
	rng := newRand()
	ops := map[uint][2]func(V128) uint32{
		8: {I8x16Bitmask, I8x16AllTrue}, 16: {I16x8Bitmask, I16x8AllTrue},
		32: {I32x4Bitmask, I32x4AllTrue}, 64: {I64x2Bitmask, I64x2AllTrue},
	}
	for w, f := range ops {
		for range rounds() {
			a := testVector(rng, w)
			if rng.IntN(2) == 0 { // few or no zero lanes
				for i := range 128 / w {
					if rng.IntN(20) > 0 {
						a = a.withLane(i*w, w, 1<<rng.UintN(w))
					}
				}
			}
			var mask, all uint32 = 0, 1
			for i, x := range lanesOf(a, w) {
				mask |= uint32(x>>(w-1)) << i
				if x == 0 {
					all = 0
				}
			}
			if got := f[0](a); got != mask {
				t.Fatalf("bitmask of lanes of %d bits of %x = %#x, want %#x", w, a, got, mask)
			}
			if got := f[1](a); got != all {
				t.Fatalf("all_true of lanes of %d bits of %x = %d, want %d", w, a, got, all)
			}
		}
	}
	for i := range 64 {
		if V128AnyTrue(V128{Lo: 1 << i}) != 1 || V128AnyTrue(V128{Hi: 1 << i}) != 1 {
			t.Errorf("any_true misses bit %d", i)
		}
	}
	if V128AnyTrue(V128{}) != 0 {
		t.Error("any_true of zero")
	}
}

func TestBitwiseVectors(t *testing.T) {
	rng := newRand()
	for range rounds() {
		a, b, c := testVector(rng, 8), testVector(rng, 8), testVector(rng, 8)
		x, y, z := lanesOf(a, 8), lanesOf(b, 8), lanesOf(c, 8)
		check := func(name string, got V128, want func(a, b, c uint64) uint64) {
			t.Helper()
			lanes := make([]uint64, 16)
			for i := range lanes {
				lanes[i] = want(x[i], y[i], z[i])
			}
			if w := vectorOf(lanes, 8); got != w {
				t.Errorf("%s of %x, %x, %x = %x, want %x", name, a, b, c, got, w)
			}
		}
		check("not", V128Not(a), func(a, b, c uint64) uint64 { return ^a })
		check("and", V128And(a, b), func(a, b, c uint64) uint64 { return a & b })
		check("andnot", V128Andnot(a, b), func(a, b, c uint64) uint64 { return a & ^b })
		check("or", V128Or(a, b), func(a, b, c uint64) uint64 { return a | b })
		check("xor", V128Xor(a, b), func(a, b, c uint64) uint64 { return a ^ b })
		selected := func(a, b, c uint64) uint64 { return a&c | b&^c }
		check("bitselect", V128Bitselect(a, b, c), selected)
		check("i8x16.relaxed_laneselect", I8x16RelaxedLaneselect(a, b, c), selected)
		check("i16x8.relaxed_laneselect", I16x8RelaxedLaneselect(a, b, c), selected)
		check("i32x4.relaxed_laneselect", I32x4RelaxedLaneselect(a, b, c), selected)
		check("i64x2.relaxed_laneselect", I64x2RelaxedLaneselect(a, b, c), selected)
	}
}

func TestLaneAccess(t *testing.T) {
	rng := newRand()
	v := testVector(rng, 64)
	for range rounds() {
		v = V128{rng.Uint64(), rng.Uint64()}
		x := rng.Uint64()
		check := func(w uint, lane int, got V128) {
			t.Helper()
			lanes := lanesOf(v, w)
			lanes[lane] = x
			if want := vectorOf(lanes, w); got != want {
				t.Errorf("replacing lane %d of %d bits in %x by %x = %x, want %x", lane, w, v, x, got, want)
			}
		}
		for i, want := range lanesOf(v, 8) {
			if got := I8x16ExtractLaneU(v, uint8(i)); got != uint32(want) {
				t.Errorf("i8x16.extract_lane_u %d of %x = %#x", i, v, got)
			}
			if got := I8x16ExtractLaneS(v, uint8(i)); got != uint32(sx(want, 8)) {
				t.Errorf("i8x16.extract_lane_s %d of %x = %#x", i, v, got)
			}
			check(8, i, I8x16ReplaceLane(v, uint32(x), uint8(i)))
		}
		for i, want := range lanesOf(v, 16) {
			if got := I16x8ExtractLaneU(v, uint8(i)); got != uint32(want) {
				t.Errorf("i16x8.extract_lane_u %d of %x = %#x", i, v, got)
			}
			if got := I16x8ExtractLaneS(v, uint8(i)); got != uint32(sx(want, 16)) {
				t.Errorf("i16x8.extract_lane_s %d of %x = %#x", i, v, got)
			}
			check(16, i, I16x8ReplaceLane(v, uint32(x), uint8(i)))
		}
		for i, want := range lanesOf(v, 32) {
			if got := I32x4ExtractLane(v, uint8(i)); got != uint32(want) || F32x4ExtractLane(v, uint8(i)) != got {
				t.Errorf("extract_lane %d of %x = %#x", i, v, got)
			}
			check(32, i, I32x4ReplaceLane(v, uint32(x), uint8(i)))
			check(32, i, F32x4ReplaceLane(v, uint32(x), uint8(i)))
		}
		for i, want := range lanesOf(v, 64) {
			if got := I64x2ExtractLane(v, uint8(i)); got != want || F64x2ExtractLane(v, uint8(i)) != got {
				t.Errorf("extract_lane %d of %x = %#x", i, v, got)
			}
			check(64, i, I64x2ReplaceLane(v, x, uint8(i)))
			check(64, i, F64x2ReplaceLane(v, x, uint8(i)))
		}
		for w, got := range map[uint][]V128{
			8: {I8x16Splat(uint32(x))}, 16: {I16x8Splat(uint32(x))}, 32: {I32x4Splat(uint32(x)), F32x4Splat(uint32(x))},
			64: {I64x2Splat(x), F64x2Splat(x)},
		} {
			lanes := make([]uint64, 128/w)
			for i := range lanes {
				lanes[i] = x
			}
			for _, g := range got {
				if want := vectorOf(lanes, w); g != want {
					t.Errorf("splat of lanes of %d bits of %x = %x, want %x", w, x, g, want)
				}
			}
		}
	}
}

func TestShuffleSwizzle(t *testing.T) {
	rng := newRand()
	for range rounds() {
		a, b, s := testVector(rng, 32), testVector(rng, 32), testVector(rng, 8)
		x, y, idx := lanesOf(a, 8), lanesOf(b, 8), lanesOf(s, 8)
		both := append(append([]uint64(nil), x...), y...)
		shuffled, swizzled, lanes := make([]uint64, 16), make([]uint64, 16), make([]uint64, 16)
		if rng.IntN(2) == 0 {
			for i := range idx {
				idx[i] = rng.Uint64N(20)
			}
		}
		for i := range idx {
			lanes[i] = rng.Uint64N(32)
			shuffled[i] = both[lanes[i]]
			if idx[i] < 16 {
				swizzled[i] = x[idx[i]]
			}
		}
		if got, want := I8x16Shuffle(a, b, vectorOf(lanes, 8)), vectorOf(shuffled, 8); got != want {
			t.Fatalf("shuffle %v of %x, %x = %x, want %x", lanes, a, b, got, want)
		}
		sv, want := vectorOf(idx, 8), vectorOf(swizzled, 8)
		if got := I8x16Swizzle(a, sv); got != want || I8x16RelaxedSwizzle(a, sv) != want {
			t.Fatalf("swizzle %v of %x = %x, want %x", idx, a, got, want)
		}
	}
}
