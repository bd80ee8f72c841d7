package op

import (
	"github.com/wamr-go/wamr/internal/test/suite"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wantRows is the number of instructions: 199 of one byte, 31 of garbage
// collection, 22 of 0xFC, 256 vector and relaxed vector, 67 of threads.
var wantRows = []struct {
	prefix byte
	n      int
}{{0, 199}, {0xFB, 31}, {0xFC, 22}, {0xFD, 256}, {0xFE, 67}}

func TestRowCount(t *testing.T) {
	have := map[byte]int{}
	for i := range table {
		prefix, _ := table[i].Code.Prefix()
		have[prefix]++
	}
	sum := 0
	for _, w := range wantRows {
		sum += w.n
		if have[w.prefix] != w.n {
			t.Errorf("prefix %#02x has %d rows, want %d", w.prefix, have[w.prefix], w.n)
		}
	}
	if len(All()) != sum {
		t.Errorf("%d rows, want %d", len(All()), sum)
	}
}

func TestCodesAscend(t *testing.T) {
	for i := range table {
		if table[i].Code >= NumCodes {
			t.Errorf("%s: code %#x is not below NumCodes", table[i].Name, table[i].Code)
		}
		if i > 0 && table[i].Code <= table[i-1].Code {
			t.Errorf("%s: code %#x does not follow %#x", table[i].Name, table[i].Code, table[i-1].Code)
		}
	}
}

// TestKnownCodes checks rows against numbers of the specification's index of
// instructions: the first and last of each run without gaps, so that a missing
// or doubled row anywhere shows.
func TestKnownCodes(t *testing.T) {
	for _, tc := range []struct {
		prefix byte
		sub    uint32
		name   string
	}{
		{0, 0x00, "unreachable"}, {0, 0x0B, "end"}, {0, 0x15, "return_call_ref"}, {0, 0x1C, "select"}, {0, 0x1F, "try_table"},
		{0, 0x20, "local.get"}, {0, 0x28, "i32.load"}, {0, 0x35, "i64.load32_u"}, {0, 0x36, "i32.store"}, {0, 0x3E, "i64.store32"},
		{0, 0x41, "i32.const"}, {0, 0x45, "i32.eqz"}, {0, 0x50, "i64.eqz"}, {0, 0x5B, "f32.eq"}, {0, 0x66, "f64.ge"},
		{0, 0x67, "i32.clz"}, {0, 0x79, "i64.clz"}, {0, 0x8B, "f32.abs"}, {0, 0xA6, "f64.copysign"},
		{0, 0xA7, "i32.wrap_i64"}, {0, 0xBF, "f64.reinterpret_i64"}, {0, 0xC4, "i64.extend32_s"},
		{0, 0xD0, "ref.null"}, {0, 0xD3, "ref.eq"}, {0, 0xD6, "br_on_non_null"},
		{0xFB, 0, "struct.new"}, {0xFB, 6, "array.new"}, {0xFB, 15, "array.len"}, {0xFB, 19, "array.init_elem"},
		{0xFB, 20, "ref.test"}, {0xFB, 23, "ref.cast"}, {0xFB, 24, "br_on_cast"}, {0xFB, 26, "any.convert_extern"}, {0xFB, 30, "i31.get_u"},
		{0xFC, 7, "i64.trunc_sat_f64_u"}, {0xFC, 8, "memory.init"}, {0xFC, 17, "table.fill"}, {0xFC, 19, "i64.add128"}, {0xFC, 22, "i64.mul_wide_u"},
		{0xFD, 0, "v128.load"}, {0xFD, 12, "v128.const"}, {0xFD, 34, "f64x2.replace_lane"}, {0xFD, 35, "i8x16.eq"}, {0xFD, 76, "f64x2.ge"},
		{0xFD, 83, "v128.any_true"}, {0xFD, 93, "v128.load64_zero"}, {0xFD, 103, "f32x4.ceil"}, {0xFD, 127, "i32x4.extadd_pairwise_i16x8_u"},
		{0xFD, 148, "f64x2.nearest"}, {0xFD, 153, "i16x8.max_u"}, {0xFD, 155, "i16x8.avgr_u"}, {0xFD, 163, "i32x4.all_true"},
		{0xFD, 174, "i32x4.add"}, {0xFD, 177, "i32x4.sub"}, {0xFD, 181, "i32x4.mul"}, {0xFD, 186, "i32x4.dot_i16x8_s"},
		{0xFD, 188, "i32x4.extmul_low_i16x8_s"}, {0xFD, 195, "i64x2.all_true"}, {0xFD, 206, "i64x2.add"}, {0xFD, 209, "i64x2.sub"},
		{0xFD, 213, "i64x2.mul"}, {0xFD, 223, "i64x2.extmul_high_i32x4_u"}, {0xFD, 227, "f32x4.sqrt"}, {0xFD, 235, "f32x4.pmax"},
		{0xFD, 239, "f64x2.sqrt"}, {0xFD, 247, "f64x2.pmax"}, {0xFD, 255, "f64x2.convert_low_i32x4_u"},
		{0xFD, 0x100, "i8x16.relaxed_swizzle"}, {0xFD, 0x109, "i8x16.relaxed_laneselect"}, {0xFD, 0x113, "i32x4.relaxed_dot_i8x16_i7x16_add_s"},
		{0xFE, 0, "memory.atomic.notify"}, {0xFE, 3, "atomic.fence"}, {0xFE, 0x10, "i32.atomic.load"}, {0xFE, 0x17, "i32.atomic.store"},
		{0xFE, 0x1E, "i32.atomic.rmw.add"}, {0xFE, 0x41, "i32.atomic.rmw.xchg"}, {0xFE, 0x4E, "i64.atomic.rmw32.cmpxchg_u"},
	} {
		code, ok := FromPrefix(tc.prefix, tc.sub)
		if tc.prefix == 0 {
			code, ok = Opcode(tc.sub), true
		}
		if !ok || code.String() != tc.name {
			t.Errorf("%#02x %d is %s, want %s", tc.prefix, tc.sub, code, tc.name)
		}
	}
}

func TestUnusedCodes(t *testing.T) {
	for _, code := range []Opcode{
		0x16, 0x17, 0x1d, 0x1e, 0x27, 0xc5, 0xcf, 0xd7, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
		BaseFB + 31, BaseFC + 18, BaseFC + 23, BaseFD + 154, BaseFD + 226, BaseFD + 238, BaseFD + 0x114,
		BaseFE + 4, BaseFE + 0x0f, BaseFE + 0x4f, NumCodes - 1, NumCodes, 0xffff,
	} {
		if r := Lookup(code); r != nil {
			t.Errorf("%#x is %s, want no instruction", code, r.Name)
		}
		if got := code.String(); got != "unknown" {
			t.Errorf("String of %#x is %q, want \"unknown\"", code, got)
		}
	}
}

// TestSignatures checks that a row has a type exactly where its class says
// that the row alone describes the instruction, and that it is well formed.
func TestSignatures(t *testing.T) {
	// Rows whose type is in the row although their class has functions of
	// its own, or the other way round.
	exceptions := map[string]string{
		"nop":         "control, but has no operands in any context",
		"memory.copy": "its operand types depend on two memories",
		"memory.init": "one operand has the memory's index type, but the row has two indices",
	}
	for i := range table {
		r := &table[i]
		want := r.Class >= ClassConst
		if exceptions[r.Name] != "" {
			want = !want
		}
		if (r.Sig != "") != want {
			t.Errorf("%s: signature %q of class %d", r.Name, r.Sig, r.Class)
		}
		if r.Sig == "" {
			continue
		}
		operands, results, ok := strings.Cut(r.Sig, ":")
		if !ok || strings.Trim(operands+results, "iIfFva") != "" {
			t.Errorf("%s: malformed signature %q", r.Name, r.Sig)
		}
		if strings.Contains(r.Sig, "a") && r.Imm != ImmMemarg && r.Imm != ImmMemargLane && r.Imm != ImmMemory {
			t.Errorf("%s: signature %q has an index type, but the immediates name no memory", r.Name, r.Sig)
		}
		if r.Imm == ImmMemarg || r.Imm == ImmMemargLane {
			if operands == "" || operands[0] != 'a' {
				t.Errorf("%s: signature %q of an access does not begin with the address", r.Name, r.Sig)
			}
		}
	}
}

// TestNamesAgreeWithSignatures checks the signature of scalar operators
// against their text name, whose part before the dot is the result type or,
// for tests and comparisons, the operand type.
func TestNamesAgreeWithSignatures(t *testing.T) {
	letters := map[string]string{"i32": "i", "i64": "I", "f32": "f", "f64": "F", "v128": "v",
		"i8x16": "v", "i16x8": "v", "i32x4": "v", "i64x2": "v", "f32x4": "v", "f64x2": "v"}
	for i := range table {
		r := &table[i]
		typ, _, dotted := strings.Cut(r.Name, ".")
		letter := letters[typ]
		if !dotted || letter == "" {
			continue
		}
		operands, results, _ := strings.Cut(r.Sig, ":")
		switch {
		case results == letter:
		case strings.HasPrefix(strings.TrimPrefix(operands, "a"), letter): // test, comparison, store, lane
		case results == "II": // wide arithmetic
		default:
			if !strings.HasSuffix(r.Name, ".splat") {
				t.Errorf("%s: signature %q has no %s", r.Name, r.Sig, typ)
			}
		}
	}
}

func TestWidths(t *testing.T) {
	for i := range table {
		r := &table[i]
		access := r.Imm == ImmMemarg || r.Imm == ImmMemargLane
		switch r.Class {
		case ClassLoad, ClassStore, ClassVecLoad, ClassVecStore:
			if !access {
				t.Errorf("%s: an access without memarg", r.Name)
			}
		case ClassAtomic:
			if access == (r.Imm == ImmFence) {
				t.Errorf("%s: immediates %d", r.Name, r.Imm)
			}
		default:
			if access {
				t.Errorf("%s: memarg in class %d", r.Name, r.Class)
			}
		}
		if !access {
			if r.Width != 0 {
				t.Errorf("%s: width %d, but no memarg", r.Name, r.Width)
			}
			continue
		}
		if want := widthOfName(r.Name); r.Width != want {
			t.Errorf("%s: width %d, want %d", r.Name, r.Width, want)
		}
	}
}

// widthOfName derives the bytes of an access from the text name: the number
// after load, store, rmw or wait (times the lanes for 8x8 and its like), else
// the size of the type.
func widthOfName(name string) uint8 {
	if name == "memory.atomic.notify" {
		return 4
	}
	typ, rest, _ := strings.Cut(name, ".")
	for _, verb := range []string{"load", "store", "rmw", "wait"} {
		_, after, ok := strings.Cut(rest, verb)
		if !ok {
			continue
		}
		for _, n := range []struct {
			text  string
			bytes uint8
		}{{"8x8", 8}, {"16x4", 8}, {"32x2", 8}, {"8", 1}, {"16", 2}, {"32", 4}, {"64", 8}} {
			if strings.HasPrefix(after, n.text) {
				return n.bytes
			}
		}
	}
	return map[string]uint8{"i32": 4, "f32": 4, "i64": 8, "f64": 8, "v128": 16}[typ]
}

// TestEffects checks the effects that follow from the class or the name.
func TestEffects(t *testing.T) {
	for i := range table {
		r := &table[i]
		var want Effect
		switch r.Class {
		case ClassLoad, ClassVecLoad:
			want = Traps | Reads
		case ClassStore, ClassVecStore:
			want = Traps | Writes
		case ClassNumeric:
			_, o, _ := strings.Cut(r.Name, ".")
			if strings.HasPrefix(o, "div_") || strings.HasPrefix(o, "rem_") || // f32.div and f64.div do not trap
				strings.HasPrefix(o, "trunc_") && !strings.HasPrefix(o, "trunc_sat") {
				want = Traps
			}
		case ClassConst, ClassVec, ClassVecLane, ClassParametric:
			want = 0
		default:
			if r.Class != ClassControl && r.Effects&Transfers != 0 {
				t.Errorf("%s transfers control, but is not of ClassControl", r.Name)
			}
			continue
		}
		if r.Effects != want {
			t.Errorf("%s: effects %04b, want %04b", r.Name, r.Effects, want)
		}
	}
}

func TestFeatures(t *testing.T) {
	for _, tc := range []struct {
		set  Feature
		rows int
	}{{Features1_0, 172}, {Features2_0, 437}, {FeaturesAll, 575}} {
		n := 0
		for i := range table {
			if tc.set.Has(table[i].Feature) {
				n++
			}
		}
		if n != tc.rows {
			t.Errorf("%d instructions in %q, want %d", n, tc.set, tc.rows)
		}
	}
	for i := range table {
		r := &table[i]
		if prefix, _ := r.Code.Prefix(); prefix == 0xFE != r.Feature.Has(FeatureThreads) {
			t.Errorf("%s: feature %q with prefix %#x", r.Name, r.Feature, prefix)
		}
	}
}

func TestRoundTrips(t *testing.T) {
	for i := range table {
		r := &table[i]
		if Lookup(r.Code) != r {
			t.Errorf("Lookup(%#x) is not the row of %s", r.Code, r.Name)
		}
		code, ok := ByName(r.Name)
		_, later := laterRows[r.Code]
		if !ok || (code == r.Code) == later || code > r.Code {
			t.Errorf("ByName(%q) = %#x, %t; row has %#x", r.Name, code, ok, r.Code)
		}
	}
	for code := BaseFB; code < NumCodes; code++ {
		prefix, sub := code.Prefix()
		if back, ok := FromPrefix(prefix, sub); !ok || back != code {
			t.Errorf("%#x becomes %#x %d, and back %#x, %t", code, prefix, sub, back, ok)
		}
	}
	if _, ok := ByName("i32.loads"); ok {
		t.Error("ByName finds i32.loads")
	}
}

func TestFromPrefixRange(t *testing.T) {
	for _, tc := range []struct {
		prefix byte
		sub    uint32
		ok     bool
	}{
		{0xFA, 0, false}, {0xFF, 0, false}, {0, 0, false},
		{0xFB, 0xFF, true}, {0xFB, 0x100, false}, {0xFC, 0x100, false},
		{0xFD, 0x1FF, true}, {0xFD, 0x200, false}, {0xFE, 0x100, false}, {0xFE, 1<<32 - 1, false}, {0xFD, 0x10000, false},
	} {
		if code, ok := FromPrefix(tc.prefix, tc.sub); ok != tc.ok {
			t.Errorf("FromPrefix(%#x, %#x) = %#x, %t; want %t", tc.prefix, tc.sub, code, ok, tc.ok)
		}
	}
}

func TestFeatureNames(t *testing.T) {
	for i := range numFeatures {
		f := Feature(1) << i
		if got, ok := ParseFeature(f.String()); !ok || got != f {
			t.Errorf("ParseFeature(%q) = %#x, %t; want %#x", f, got, ok, f)
		}
	}
	if f, ok := ParseFeature(""); ok {
		t.Errorf("ParseFeature of the empty name = %#x", f)
	}
	if got := len(FeaturesAll.Names()); got != numFeatures {
		t.Errorf("%d names, want %d", got, numFeatures)
	}
}

// TestNamesInSpecSuite checks the spelling of every name against the text of
// the specification's test suite.
func TestNamesInSpecSuite(t *testing.T) {
	// Names that the suite never uses.
	absent := map[string]string{
		"atomic.fence": "the suite of the threads proposal has no test of it; the name is from the proposal's overview",
	}
	words := map[string]bool{}
	err := filepath.WalkDir(suite.Dir(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".wast") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for word := range strings.FieldsFuncSeq(string(text), func(c rune) bool {
			return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '.')
		}) {
			words[word] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range table {
		name := table[i].Name
		if len(name) < 3 {
			continue // would match anything
		}
		reason, listed := absent[name]
		switch {
		case words[name] && listed:
			t.Errorf("%s occurs in the suite, but is listed as absent (%s)", name, reason)
		case !words[name] && !listed:
			t.Errorf("%s does not occur in the suite", name)
		}
	}
}
