// Numbers and time: floating point at its edges, conversions, big integers,
// bits, formatting, and the calendar.
package main

import (
	"crypto/md5"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"math/cmplx"
	"strconv"
	"time"
)

func floats() {
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 0.1, 1e21, 1e-7, math.MaxFloat64, math.SmallestNonzeroFloat64, 2.5, 1 << 53, math.Inf(-1), math.NaN()} {
		fmt.Println(x, strconv.FormatFloat(x, 'e', 5, 64), strconv.FormatFloat(x, 'b', -1, 64), strconv.FormatFloat(x, 'x', -1, 64), float32(x), math.Float64bits(x))
		fmt.Printf("%8.3f|%-12g|%+.2e|%G\n", x, x, x, x)
		fmt.Println(math.Floor(x), math.Ceil(x), math.Trunc(x), math.RoundToEven(x), math.Round(x), math.Sqrt(x), math.Abs(x), math.Signbit(x))
	}
	for _, s := range []string{"1e400", "0x1p-1074", "4.9e-325", "1_0.5", "infinity", "9007199254740993", "", "2.2250738585072011e-308"} {
		v, err := strconv.ParseFloat(s, 64)
		w, err32 := strconv.ParseFloat(s, 32)
		fmt.Println(s, math.Float64bits(v), err, w, err32)
	}
	fmt.Println(math.FMA(0.1, 10, -1), math.Mod(-7.5, 2), math.Remainder(7.5, 2), math.Nextafter(1, 2), math.Hypot(3e200, 4e200))
	fmt.Println(math.Min(math.Copysign(0, -1), 0), math.Max(math.NaN(), 1), math.Ldexp(0.5, -1073), math.Log1p(1e-10), math.Gamma(5))
	for x := -3.0; x <= 3; x += 0.75 {
		fmt.Printf("%.12g %.12g %.12g %.12g %.12g\n", math.Sin(x), math.Exp(x), math.Atan2(x, 2), math.Tanh(x), math.Erf(x))
	}
	fmt.Printf("%.10g %.10g\n", cmplx.Sqrt(-1+2i), cmplx.Exp(1i*math.Pi))
	var f32 float32
	for i := range 100000 {
		f32 += 1 / float32(i+1)
	}
	fmt.Println(f32, int64(math.Trunc(-1.9)), uint8(200+f32/f32), int32(float32(16777217)))
}

func integers() {
	a, b := uint64(0xfedcba9876543210), uint64(0x0f1e2d3c4b5a6978)
	hi, lo := bits.Mul64(a, b)
	q, r := bits.Div64(hi%b, lo, b)
	s, carry := bits.Add64(a, b, 1)
	fmt.Println(hi, lo, q, r, s, carry, bits.LeadingZeros64(b), bits.TrailingZeros32(0x500), bits.OnesCount64(a), bits.Reverse64(a), bits.RotateLeft32(0x12345678, 12))
	minimum := int64(math.MinInt64)
	shift := uint(70)
	fmt.Println(minimum/-1, minimum%-1, -7/2, -7%2, a>>shift, int64(a)>>shift, a<<shift, int8(a), int16(-a>>3))
	x := uint64(88172645463325252)
	var mix uint64
	for range 300000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		mix = mix*31 + x/(x>>40|1) + x%(x>>23|1) + uint64(int64(x)/int64(x>>9|1)) + uint64(uint32(x)/uint32(x>>32|1))
	}
	fmt.Println(mix)
	for _, text := range []string{"9223372036854775808", "-0x80", "0b1012", "0o17", "1_000", "+5"} {
		v, err := strconv.ParseInt(text, 0, 64)
		fmt.Println(v, err)
	}
	buf := binary.LittleEndian.AppendUint32(nil, 0xdeadbeef)
	buf = binary.BigEndian.AppendUint64(buf, a)
	buf = binary.AppendVarint(buf, -123456789)
	fmt.Printf("%x %x\n", buf, binary.BigEndian.Uint32(buf[2:]))
	fmt.Printf("%d|%6d|%-6d|%06d|%+d|%x|%#X|%o|%b|%c|%U|%q\n", 42, 42, 42, 42, 42, 48879, 48879, 8, 5, 0x1F980, 0x1F980, 'x')
}

func large() {
	factorial := new(big.Int).MulRange(1, 200)
	fmt.Println(factorial, factorial.BitLen())
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 521), big.NewInt(1))
	fmt.Println(p.ProbablyPrime(5), new(big.Int).ModInverse(big.NewInt(65537), p).Text(36))
	fmt.Println(new(big.Int).Exp(big.NewInt(3), big.NewInt(100000), p).Text(16)[:40])
	third := big.NewRat(1, 3)
	for i := int64(1); i < 30; i++ {
		third.Add(third, big.NewRat(1, i*i))
	}
	fmt.Println(third.FloatString(40))
	two, _ := new(big.Float).SetPrec(300).SetString("2")
	fmt.Println(two.Sqrt(two).Text('g', 80))
	fmt.Printf("%x %x\n", sha512.Sum512([]byte("abc")), md5.Sum(factorial.Bytes()))
}

func calendar() {
	t := time.Date(2024, time.February, 29, 23, 59, 58, 987654321, time.UTC)
	fmt.Println(t.Format(time.RFC3339Nano), t.AddDate(1, 0, 0).Format(time.DateOnly), t.YearDay(), t.Weekday(), t.Unix())
	zone := time.FixedZone("TST", 5*3600+1800)
	fmt.Println(t.In(zone), t.Truncate(time.Hour).Equal(t.Round(time.Hour)))
	parsed, err := time.Parse("Jan _2, 2006 at 3:04pm (MST)", "Feb  3, 2013 at 7:54pm (UTC)")
	fmt.Println(parsed, err)
	_, err = time.Parse(time.RFC3339, "2023-02-30T00:00:00Z")
	fmt.Println(err)
	d, err := time.ParseDuration("1h15m30.918s")
	fmt.Println(d, err, d.Round(time.Minute), time.Duration(1500)*time.Microsecond)
	fmt.Println(time.Now().After(t), time.Until(t) < 0)
}

func main() {
	floats()
	integers()
	large()
	calendar()
}
