package num

import "testing"

// TestNaNResults holds every operator that takes a NaN to the rule for its
// result: quiet, and canonical if the NaNs it was given are.
func TestNaNResults(t *testing.T) {
	check32 := func(name string, got uint32, canonical bool) {
		t.Helper()
		if !isNaN32(got) || got&quiet32 == 0 || canonical && got&^sign32 != nan32 {
			t.Errorf("%s = %#x (canonical operands: %v)", name, got, canonical)
		}
	}
	check64 := func(name string, got uint64, canonical bool) {
		t.Helper()
		if !isNaN64(got) || got&quiet64 == 0 || canonical && got&^sign64 != nan64 {
			t.Errorf("%s = %#x (canonical operands: %v)", name, got, canonical)
		}
	}
	canon32 := func(a uint32) bool { return !isNaN32(a) || a&^sign32 == nan32 }
	canon64 := func(a uint64) bool { return !isNaN64(a) || a&^sign64 == nan64 }

	bin32 := map[string]func(a, b uint32) uint32{
		"f32.add": F32Add, "f32.sub": F32Sub, "f32.mul": F32Mul, "f32.div": F32Div, "f32.min": F32Min, "f32.max": F32Max,
		"fma32 a": func(a, b uint32) uint32 { return fma32(a, b, 0x3f800000) },
		"fma32 b": func(a, b uint32) uint32 { return fma32(0x3f800000, a, b) },
		"fma32 0": func(a, b uint32) uint32 { return fma32(a, b, 0) },
	}
	un32 := map[string]func(a uint32) uint32{
		"f32.sqrt": F32Sqrt, "f32.ceil": F32Ceil, "f32.floor": F32Floor, "f32.trunc": F32Trunc, "f32.nearest": F32Nearest,
	}
	bin64 := map[string]func(a, b uint64) uint64{
		"f64.add": F64Add, "f64.sub": F64Sub, "f64.mul": F64Mul, "f64.div": F64Div, "f64.min": F64Min, "f64.max": F64Max,
		"fma64 a": func(a, b uint64) uint64 { return fma64(a, b, 0x3ff0000000000000) },
		"fma64 b": func(a, b uint64) uint64 { return fma64(0x3ff0000000000000, a, b) },
		"fma64 0": func(a, b uint64) uint64 { return fma64(a, b, 0) },
	}
	un64 := map[string]func(a uint64) uint64{
		"f64.sqrt": F64Sqrt, "f64.ceil": F64Ceil, "f64.floor": F64Floor, "f64.trunc": F64Trunc, "f64.nearest": F64Nearest,
	}
	others32 := append([]uint32{0, sign32, 0x3f800000, inf32, 1}, nans32...)
	for _, a := range nans32 {
		for name, f := range un32 {
			check32(name, f(a), canon32(a))
		}
		check64("f64.promote_f32", F64PromoteF32(a), canon32(a))
		for _, b := range others32 {
			for name, f := range bin32 {
				check32(name, f(a, b), canon32(a) && canon32(b))
				check32(name, f(b, a), canon32(a) && canon32(b))
			}
		}
	}
	others64 := append([]uint64{0, sign64, 0x3ff0000000000000, inf64, 1}, nans64...)
	for _, a := range nans64 {
		for name, f := range un64 {
			check64(name, f(a), canon64(a))
		}
		check32("f32.demote_f64", F32DemoteF64(a), canon64(a))
		for _, b := range others64 {
			for name, f := range bin64 {
				check64(name, f(a, b), canon64(a) && canon64(b))
				check64(name, f(b, a), canon64(a) && canon64(b))
			}
		}
	}
	check32("f32.sqrt -1", F32Sqrt(0xbf800000), true)
	check64("f64.sqrt -1", F64Sqrt(0xbff0000000000000), true)
	check32("f32.div 0 0", F32Div(0, 0), true)
	check64("f64.sub inf inf", F64Sub(inf64, inf64), true)
}
