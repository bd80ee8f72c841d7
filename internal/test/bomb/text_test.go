package bomb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
)

// nest repeats open n times, then middle, then shut n times.
func nest(n int, open, middle, shut string) []byte {
	return []byte(strings.Repeat(open, n) + middle + strings.Repeat(shut, n))
}

func join(n int, item func(k int) string) string {
	var b strings.Builder
	for k := range n {
		b.WriteString(item(k))
	}
	return b.String()
}

// texts are hostile modules in the text format.
var texts = []bomb{
	{"parentheses", 60_000, 1_000_000, func(n int) []byte { return nest(n, "(", "", "") }, true},
	{"closed parentheses", 30_000, 1_000_000, func(n int) []byte { return nest(n, "(", "", ")") }, true},
	{"nested modules", 6_000, 100_000, func(n int) []byte { return nest(n, "(module ", "", ")") }, true},
	{"folded operators", 6_000, 100_000, func(n int) []byte {
		return append(append([]byte("(func (drop "), nest(n, "(i32.eqz ", "(i32.const 0)", ")")...), "))"...)
	}, false},
	{"folded blocks", 6_000, 100_000, func(n int) []byte {
		return append(append([]byte("(func "), nest(n, "(block ", "", ")")...), ')')
	}, false},
	{"folded ifs", 2_000, 100_000, func(n int) []byte {
		return append(append([]byte("(func "), nest(n, "(if (i32.const 0) (then ", "", "))")...), ')')
	}, false},
	{"flat blocks", 6_000, 100_000, func(n int) []byte {
		return append(append([]byte("(func "), nest(n, "block ", "", "end ")...), ')')
	}, false},
	{"comments", 15_000, 1_000_000, func(n int) []byte { return nest(n, "(;", "", ";)") }, false},
	{"open comments", 30_000, 1_000_000, func(n int) []byte { return nest(n, "(;", "", "") }, true},
	{"annotations", 12_000, 300_000, func(n int) []byte { return nest(n, "(@a ", "", ")") }, false},
	{"open annotations", 16_000, 300_000, func(n int) []byte { return nest(n, "(@a ", "", "") }, true},
	{"labels with one name", 4_000, 100_000, func(n int) []byte {
		return append(append([]byte("(func "), nest(n, "block $l ", "br $l ", "end ")...), ')')
	}, false},
	{"labels with names of their own", 3_000, 100_000, func(n int) []byte {
		return []byte("(func " + join(n, func(k int) string { return fmt.Sprintf("block $l%d ", k) }) + "br $l0 " + strings.Repeat("end ", n) + ")")
	}, false},
	{"branches to the outermost label", 1_500, 30_000, func(n int) []byte {
		return []byte("(func " + join(n, func(k int) string { return fmt.Sprintf("block $l%d ", k) }) +
			strings.Repeat("br $l0 ", n) + strings.Repeat("end ", n) + ")")
	}, false},
	{"an integer with many digits", 60_000, 1_000_000, func(n int) []byte {
		return []byte("(func (drop (i32.const " + strings.Repeat("1", n) + ")))")
	}, true},
	{"an integer with many zeros", 60_000, 1_000_000, func(n int) []byte {
		return []byte("(func (drop (i32.const " + strings.Repeat("0", n) + ")))")
	}, false},
	{"a float with many digits", 60_000, 1_000_000, func(n int) []byte {
		return []byte("(func (drop (f64.const 0." + strings.Repeat("1", n) + ")))")
	}, false},
	{"a hexadecimal float with many digits", 60_000, 1_000_000, func(n int) []byte {
		return []byte("(func (drop (f64.const 0x0." + strings.Repeat("1", n) + ")))")
	}, false},
	{"a float with a large exponent", 60_000, 1_000_000, func(n int) []byte {
		return []byte("(func (drop (f64.const 1e-" + strings.Repeat("9", n) + ")))")
	}, false},
	{"a long string", 20_000, 1_000_000, func(n int) []byte {
		return []byte(`(memory 1) (data "` + strings.Repeat(`\ff`, n) + `")`)
	}, false},
	{"a long identifier", 60_000, 1_000_000, func(n int) []byte {
		return []byte("(func $" + strings.Repeat("x", n) + ")")
	}, false},
	{"identifiers", 2_800, 100_000, func(n int) []byte {
		return []byte(join(n, func(k int) string { return fmt.Sprintf("(func $f%d call %d)", k, n-1-k) }))
	}, false},
	{"functions with types of their own", 600, 20_000, func(n int) []byte {
		return []byte(join(n, func(k int) string {
			s := "(func (param"
			for bit := range 16 {
				s += [2]string{" i32", " i64"}[k>>bit&1]
			}
			return s + "))"
		}))
	}, false},
	{"types", 4_000, 100_000, func(n int) []byte { return []byte(strings.Repeat("(type (func))", n)) }, false},
	{"fields of a structure", 10_000, 0, func(n int) []byte {
		return []byte("(type (struct (field" + strings.Repeat(" i8", n) + ")))")
	}, false},
	{"garbage", 60_000, 1_000_000, func(n int) []byte { return []byte("(module " + strings.Repeat("\x01", n)) }, true},
	{"words", 30_000, 1_000_000, func(n int) []byte { return []byte("(module " + strings.Repeat("x ", n)) }, true},
	{"lines", 60_000, 1_000_000, func(n int) []byte { return []byte("(module " + strings.Repeat("\n", n)) }, true},
}

// TestText loads hostile texts.
func TestText(t *testing.T) {
	rt := newRuntime(t, wamr.Config{Eager: true})
	for _, b := range texts {
		for _, n := range []int{b.small, b.large} {
			if n == 0 || n == b.large && testing.Short() {
				continue
			}
			src := b.make(n)
			if n == b.small && len(src) > small {
				t.Errorf("%s: %d bytes are not small", b.name, len(src))
			}
			_, err := checkLoad(t, rt, fmt.Sprintf("%s (%d)", b.name, n), src)
			if (err != nil) != b.fails {
				t.Errorf("%s (%d): error %v", b.name, n, err)
			}
		}
	}
}
