package smith

import (
	"math"
	"math/rand/v2"
)

// source supplies choices, from bytes or from a generator of random numbers.
// When the bytes are used up every choice is the first one, and done says so.
type source struct {
	data []byte
	pos  int
	rng  *rand.Rand // nil: data
}

func seededSource(seed uint64) *source {
	return &source{rng: rand.New(rand.NewPCG(seed, 0x9E3779B97F4A7C15))}
}

// done says whether the entropy is used up.
func (s *source) done() bool { return s.rng == nil && s.pos >= len(s.data) }

func (s *source) byte() byte {
	if s.rng != nil {
		return byte(s.rng.Uint32())
	}
	if s.pos >= len(s.data) {
		return 0
	}
	s.pos++
	return s.data[s.pos-1]
}

// intn returns a number in [0, n); n is positive and at most 1<<24.
func (s *source) intn(n int) int {
	if n <= 1 {
		return 0
	}
	x := int(s.byte())
	for m := n - 1; m >= 256; m >>= 8 {
		x = x<<8 | int(s.byte())
	}
	return x % n
}

// oneIn is true once in n times.
func (s *source) oneIn(n int) bool { return s.intn(n) == n-1 }

func (s *source) uint64() uint64 {
	var x uint64
	for range 8 {
		x = x<<8 | uint64(s.byte())
	}
	return x
}

// Values at which instructions change their behaviour.
var (
	edgeInts = [...]uint64{
		0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
		0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 32, 1<<63 - 1, 1 << 63, math.MaxUint64, math.MaxUint64 - 1,
	}
	edgeF32s = [...]uint32{
		0, 0x80000000, 0x3F800000, 0xBF800000, 0x3F000000, 0x00000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF,
		0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00000, 0x7FA00000, 0x4F000000, 0xCF000000, 0x5F000000, 0x40490FDB,
	}
	edgeF64s = [...]uint64{
		0, 1 << 63, 0x3FF0000000000000, 0xBFF0000000000000, 0x3FE0000000000000, 1, 0x000FFFFFFFFFFFFF,
		0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000, 0xFFF8000000000000,
		0x7FF4000000000000, 0x41E0000000000000, 0xC1E0000000200000, 0x43E0000000000000, 0x400921FB54442D18,
	}
)

// integer returns a 64-bit integer, often one at an edge.
func (s *source) integer() uint64 {
	switch s.intn(4) {
	case 0:
		return uint64(s.intn(16))
	case 1:
		return edgeInts[s.intn(len(edgeInts))]
	case 2:
		return uint64(s.intn(1 << 16))
	}
	return s.uint64()
}

// f32 returns the bits of an f32.
func (s *source) f32() uint32 {
	switch s.intn(3) {
	case 0:
		return math.Float32bits(float32(s.intn(200) - 100))
	case 1:
		return edgeF32s[s.intn(len(edgeF32s))]
	}
	return uint32(s.uint64())
}

// f64 returns the bits of an f64.
func (s *source) f64() uint64 {
	switch s.intn(3) {
	case 0:
		return math.Float64bits(float64(s.intn(200) - 100))
	case 1:
		return edgeF64s[s.intn(len(edgeF64s))]
	}
	return s.uint64()
}

// vec returns the bytes of a v128.
func (s *source) vec() (v [16]byte) {
	switch s.intn(3) {
	case 0:
		b := s.byte()
		for k := range v {
			v[k] = b
		}
	case 1:
		lanes := s.f32()
		for k := range v {
			v[k] = byte(lanes >> (8 * (k % 4)))
		}
	default:
		for k := range v {
			v[k] = s.byte()
		}
	}
	return v
}
