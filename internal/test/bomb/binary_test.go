package bomb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/wasm"
)

// bomb is a family of inputs that grow with n.
type bomb struct {
	name  string
	small int // n for an input of at most 64 KiB
	large int // n for a large one; 0: there is none
	make  func(n int) []byte
	// fails says that the input is refused, for which it suffices to have read
	// a part of it.
	fails bool
}

const (
	manyParams = "\xe8\x07" // 1,000
	block      = "\x02\x40"
)

// wide is the function type with a thousand parameters and results.
var wide = "\x60" + vec(1000, "\x7e") + vec(1000, "\x7e")

// wideStruct has ten thousand fields.
var wideStruct = "\x5f" + vec(10_000, "\x7e\x01")

// binaries are hostile modules in the binary format.
var binaries = []bomb{
	{"nested blocks", 15_000, 100_000, func(n int) []byte {
		return function(strings.Repeat(block, n) + strings.Repeat("\x0b", n))
	}, false},
	{"nested loops that are not closed", 30_000, 100_000, func(n int) []byte {
		return function(strings.Repeat("\x03\x40", n))
	}, true},
	{"nested ifs with results", 8_000, 100_000, func(n int) []byte {
		return function(strings.Repeat("\x41\x00\x04\x7f", n) + "\x41\x00" + strings.Repeat("\x05\x41\x00\x0b", n) + "\x1a")
	}, false},
	{"nested try_tables", 9_000, 100_000, func(n int) []byte {
		return function(strings.Repeat("\x1f\x40\x01\x02\x00", n) + strings.Repeat("\x0b", n))
	}, false},
	{"nested legacy tries", 10_000, 100_000, func(n int) []byte {
		return function(strings.Repeat("\x06\x40", n) + strings.Repeat("\x19\x0b", n))
	}, false},
	{"nested blocks of a thousand results", 8_000, 100_000, func(n int) []byte {
		return function(strings.Repeat("\x02\x01", n)+"\x00"+strings.Repeat("\x0b", n)+"\x00", "\x60\x00"+vec(1000, "\x7f"))
	}, false},
	{"nested blocks that pass on a thousand operands", 15_000, 50_000, func(n int) []byte {
		return function("\x00"+strings.Repeat("\x02\x01", n)+strings.Repeat("\x0b", n)+"\x00", wide)
	}, true},
	{"calls with a thousand operands", 25_000, 100_000, func(n int) []byte {
		return functions(1, []string{"\x60" + vec(1000, "\x7e") + vec(1000, "\x7e")}, "\x00", "\x00"+strings.Repeat("\x10\x00", n))
	}, true},
	{"dead struct.new of ten thousand fields", 10_000, 200_000, func(n int) []byte {
		return function("\x00"+strings.Repeat("\xfb\x00\x01\x1a", n), wideStruct)
	}, true},
	{"struct.new_default of ten thousand fields", 10_000, 200_000, func(n int) []byte {
		return function(strings.Repeat("\xfb\x01\x01\x1a", n), wideStruct)
	}, true},
	{"dead array.new_fixed of ten thousand", 10_000, 200_000, func(n int) []byte {
		return function("\x00"+strings.Repeat("\xfb\x08\x01\x90\x4e\x1a", n), "\x5e\x7f\x00")
	}, true},
	{"br_table with many targets", 60_000, 1_000_000, func(n int) []byte {
		return function("\x41\x00\x0e" + vec(n, "\x00") + "\x00")
	}, false},
	{"br_tables with many labels", 60_000, 1_000_000, func(n int) []byte {
		depth := n / 12
		labels := ""
		for k := range depth {
			labels += leb(k)
		}
		table := "\x41\x00\x0e" + leb(depth) + labels + "\x00"
		return function(strings.Repeat(block, depth) + table + strings.Repeat("\x0b", depth))
	}, false},
	{"br_table to many blocks of a thousand results", 60_000, 1_000_000, func(n int) []byte {
		depth := n / 12
		var labels strings.Builder
		for k := range depth {
			labels.WriteString(leb(k))
		}
		return function(strings.Repeat("\x02\x01", depth)+"\x00\x0e"+leb(depth)+labels.String()+"\x00"+strings.Repeat("\x0b", depth)+"\x00", "\x60\x00"+vec(1000, "\x7f"))
	}, false},
	{"empty functions", 16_000, 900_000, func(n int) []byte { return functions(n, []string{noType}, "\x00", "") }, false},
	{"functions with fifty thousand locals", 7_000, 100_000, func(n int) []byte {
		return functions(n, []string{noType}, "\x01\xd0\x86\x03\x7f", "")
	}, false},
	{"functions with fifty thousand locals in turn with control", 3_500, 50_000, func(n int) []byte {
		return functions(n, []string{noType}, "\x01\xd0\x86\x03\x7f", "\x20\xcf\x86\x03\x04\x40\x0b")
	}, false},
	{"functions whose frames may be large", 1_100, 20_000, func(n int) []byte {
		types := []string{noType, "\x60\x00" + vec(1000, "\x7b")}
		return functions(n, types, "\x01\xd0\x86\x03\x7f", strings.Repeat("\x01", 45))
	}, false},
	{"functions that use the last of fifty thousand v128 locals", 5_000, 100_000, func(n int) []byte {
		return functions(n, []string{noType}, "\x01\xd0\x86\x03\x7b", "\x20\xcf\x86\x03\x1a")
	}, true}, // a frame exceeds what the interpreter addresses
	{"a function with many runs of locals", 20_000, 50_000, func(n int) []byte {
		return functions(1, []string{noType}, vec(n, "\x01\x7f"), "")
	}, false},
	{"runs of no locals", 20_000, 50_000, func(n int) []byte {
		return functions(1, []string{noType}, vec(n, "\x00\x7b"), "")
	}, false},
	{"functions of a thousand parameters", 10_000, 100_000, func(n int) []byte {
		return functions(n, []string{"\x60" + vec(1000, "\x7b") + "\x00"}, "\x00", "")
	}, false},
	{"a chain of subtypes", 10_000, 900_000, func(n int) []byte {
		types := []string{"\x50\x00\x5f\x00"}
		for k := range n {
			types = append(types, "\x50\x01"+leb(k)+"\x5f\x00")
		}
		return module(typeSection(types...))
	}, true},
	{"subtypes at the greatest depth", 9_000, 100_000, func(n int) []byte {
		types := []string{"\x50\x00\x5f\x00"}
		for k := range n {
			types = append(types, "\x50\x01"+leb(k%63)+"\x5f\x00")
		}
		return module(typeSection(types...))
	}, false},
	{"subtypes of a structure with many fields", 10_000, 100_000, func(n int) []byte {
		// Each repeats all fields, so the input is quadratic and the number
		// of types a root.
		fields := min(n/50, 2000)
		types := []string{"\x50\x00\x5f" + vec(fields, "\x7f\x00")}
		for range 40 {
			types = append(types, "\x50\x01\x00\x5f"+vec(fields, "\x7f\x00"))
		}
		return module(typeSection(types...))
	}, false},
	{"a recursion group whose types name each other", 9_000, 300_000, func(n int) []byte {
		types := make([]string, n)
		for k := range types {
			types[k] = "\x5f\x01\x63" + sleb(n-1-k) + "\x00"
		}
		return module(section(wasm.SectionType, "\x01\x4e"+leb(n)+strings.Join(types, "")))
	}, false},
	{"equal recursion groups", 10_000, 200_000, func(n int) []byte {
		return module(section(wasm.SectionType, vec(n, "\x4e\x01\x5f\x00")))
	}, false},
	{"types that name the one before", 6_000, 200_000, func(n int) []byte {
		types := []string{"\x5f\x00"}
		for k := range n {
			types = append(types, "\x5f\x02\x63"+sleb(k)+"\x00\x63"+sleb(k)+"\x00")
		}
		return module(typeSection(types...))
	}, false},
	{"empty recursion groups", 30_000, 900_000, func(n int) []byte {
		return module(section(wasm.SectionType, vec(n, "\x4e\x00")))
	}, false},
	{"custom sections", 21_000, 1_000_000, func(n int) []byte {
		return module(strings.Repeat("\x00\x01\x00", n))
	}, false},
	{"name sections", 9_000, 300_000, func(n int) []byte {
		return module(strings.Repeat(custom("name", ""), n))
	}, false},
	{"function names", 15_000, 500_000, func(n int) []byte {
		var b strings.Builder
		for k := range n {
			b.WriteString(leb(k) + "\x00")
		}
		return module(custom("name", "\x01"+sized(leb(n)+b.String())))
	}, false},
	{"local names of functions that are not there", 15_000, 500_000, func(n int) []byte {
		var b strings.Builder
		for k := range n {
			b.WriteString(leb(k) + "\x00")
		}
		return module(custom("name", "\x02"+sized(leb(n)+b.String())))
	}, false},
	{"name subsections", 20_000, 500_000, func(n int) []byte {
		return module(custom("name", strings.Repeat("\x7f\x00", n)))
	}, false},
	{"branch hints", 15_000, 500_000, func(n int) []byte {
		return module(typeSection(noType), section(wasm.SectionFunction, "\x01\x00"),
			custom("metadata.code.branch_hint", "\x01\x00"+vec(n, "\x00\x01\x00")),
			section(wasm.SectionCode, "\x01\x02\x00\x0b"))
	}, false},
	{"missing imports", 10_000, 300_000, func(n int) []byte {
		return module(typeSection(noType), section(wasm.SectionImport, vec(n, "\x01a\x01b\x00\x00")))
	}, true},
	{"a missing import with long names", 30_000, 100_000, func(n int) []byte {
		name := sized(strings.Repeat("x", n))
		return module(typeSection(noType), section(wasm.SectionImport, "\x01"+name+name+"\x00\x00"))
	}, true},
	{"exports", 9_000, 500_000, func(n int) []byte {
		var b strings.Builder
		for k := range n {
			fmt.Fprintf(&b, "\x04%04x\x00\x00", k&0xFFFF)
		}
		return module(typeSection(noType), section(wasm.SectionFunction, "\x01\x00"),
			section(wasm.SectionExport, leb(n)+b.String()), section(wasm.SectionCode, "\x01\x02\x00\x0b"))
	}, true}, // the large one has names twice
	{"an export with a long name", 60_000, 100_000, func(n int) []byte {
		return module(typeSection(noType), section(wasm.SectionFunction, "\x01\x00"),
			section(wasm.SectionExport, "\x01"+sized(strings.Repeat("x", n))+"\x00\x00"), section(wasm.SectionCode, "\x01\x02\x00\x0b"))
	}, false},
	{"tables", 20_000, 100_000, func(n int) []byte {
		return module(section(wasm.SectionTable, vec(n, "\x70\x00\x00")))
	}, false},
	{"globals", 12_000, 900_000, func(n int) []byte {
		return module(section(wasm.SectionGlobal, vec(n, "\x7f\x00\x41\x00\x0b")))
	}, false},
	{"tags", 30_000, 900_000, func(n int) []byte {
		return module(typeSection(noType), section(wasm.SectionTag, vec(n, "\x00\x00")))
	}, false},
	{"a segment of functions", 60_000, 1_000_000, func(n int) []byte {
		return module(typeSection(noType), section(wasm.SectionFunction, "\x01\x00"),
			section(wasm.SectionTable, "\x01\x70\x00"+leb(n)),
			section(wasm.SectionElement, "\x01\x00\x41\x00\x0b"+vec(n, "\x00")), section(wasm.SectionCode, "\x01\x02\x00\x0b"))
	}, false},
	{"passive segments of expressions", 15_000, 300_000, func(n int) []byte {
		return module(section(wasm.SectionElement, "\x01\x05\x70"+vec(n, "\xd0\x70\x0b")))
	}, false},
	{"empty element segments", 20_000, 1_000_000, func(n int) []byte {
		return module(section(wasm.SectionElement, vec(n, "\x01\x00\x00")))
	}, false},
	{"data segments", 12_000, 100_000, func(n int) []byte {
		return module(section(wasm.SectionMemory, "\x01\x00\x01"), section(wasm.SectionData, vec(n, "\x00\x41\x00\x0b\x00")))
	}, false},
	{"a long constant expression", 20_000, 1_000_000, func(n int) []byte {
		return module(section(wasm.SectionGlobal, "\x01\x7f\x00\x41\x00"+strings.Repeat("\x41\x01\x6a", n)+"\x0b"))
	}, false},
	{"a deep constant expression", 20_000, 900_000, func(n int) []byte {
		return module(section(wasm.SectionGlobal, "\x01\x7f\x00\x41\x00"+strings.Repeat("\x41\x01", n)+strings.Repeat("\x6a", n)+"\x0b"))
	}, false},
	{"a high operand stack", 30_000, 60_000, func(n int) []byte {
		return function(strings.Repeat("\x41\x00", n) + "\x00")
	}, false},
	{"a high stack of vectors", 3_000, 30_000, func(n int) []byte {
		return function(strings.Repeat("\xfd\x0c0123456789abcdef", n) + "\x00")
	}, false},
	{"nops", 60_000, 7_000_000, func(n int) []byte { return function(strings.Repeat("\x01", n)) }, false},
	{"locals without default, set in nested blocks", 7_000, 200_000, func(n int) []byte {
		body := strings.Repeat(block+"\x41\x00\xfb\x1c\x21\x00", n) + strings.Repeat("\x0b", n)
		return functions(1, []string{noType}, "\x01\xd0\x86\x03\x64\x6c", body)
	}, false},
	{"many catch clauses", 20_000, 1_000_000, func(n int) []byte {
		return function("\x1f\x40" + vec(n, "\x02\x00") + "\x0b")
	}, false},
	{"select with many types", 60_000, 1_000_000, func(n int) []byte {
		return function("\x1c" + vec(n, "\x7f"))
	}, true},
}

// TestBinary loads hostile modules of up to 64 KiB and large ones, with all
// functions compiled and with none.
func TestBinary(t *testing.T) {
	for _, eager := range []bool{false, true} {
		rt := newRuntime(t, wamr.Config{Eager: eager})
		for _, b := range binaries {
			name := b.name
			if eager {
				name += ", compiled at once"
			}
			for _, n := range []int{b.small, b.large} {
				if n == 0 || n == b.large && testing.Short() {
					continue
				}
				src := b.make(n)
				if n == b.small && len(src) > small {
					t.Errorf("%s: %d bytes are not small", b.name, len(src))
				}
				_, err := checkLoad(t, rt, fmt.Sprintf("%s (%d)", name, n), src)
				if err != nil && !b.fails {
					t.Errorf("%s (%d): %v", name, n, err)
				}
			}
		}
	}
}
