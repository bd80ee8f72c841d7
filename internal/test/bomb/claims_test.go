package bomb

import (
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/wasm"
)

// TestClaims loads modules of a few bytes that announce 2^32-1 of something.
func TestClaims(t *testing.T) {
	const huge = "\xff\xff\xff\xff\x0f"
	funcs := typeSection(noType) + section(wasm.SectionFunction, "\x01\x00")
	pads := []string{"", "\x00", strings.Repeat("\x00", 12), strings.Repeat("\x01", 12), strings.Repeat("\x7f", 12)}
	body := func(s string) string { return funcs + section(wasm.SectionCode, "\x01"+sized("\x00"+s+"\x0b")) }
	rt := newRuntime(t, wamr.Config{Eager: true})
	for _, tc := range []struct {
		name, before string
		id           wasm.SectionID
		content      string
	}{
		{"types", "", wasm.SectionType, ""},
		{"types of a group", "", wasm.SectionType, "\x01\x4e"},
		{"groups", "", wasm.SectionType, "\xff\xff\xff\xff\x0f\x4e"},
		{"supertypes", "", wasm.SectionType, "\x01\x50"},
		{"parameters", "", wasm.SectionType, "\x01\x60"},
		{"results", "", wasm.SectionType, "\x01\x60\x00"},
		{"fields", "", wasm.SectionType, "\x01\x5f"},
		{"imports", "", wasm.SectionImport, ""},
		{"module name", "", wasm.SectionImport, "\x01"},
		{"item name", "", wasm.SectionImport, "\x01\x00"},
		{"functions", "", wasm.SectionFunction, ""},
		{"tables", "", wasm.SectionTable, ""},
		{"memories", "", wasm.SectionMemory, ""},
		{"tags", "", wasm.SectionTag, ""},
		{"globals", "", wasm.SectionGlobal, ""},
		{"exports", "", wasm.SectionExport, ""},
		{"export name", "", wasm.SectionExport, "\x01"},
		{"element segments", "", wasm.SectionElement, ""},
		{"functions of a segment", "", wasm.SectionElement, "\x01\x01\x00"},
		{"expressions of a segment", "", wasm.SectionElement, "\x01\x05\x70"},
		{"bodies", funcs, wasm.SectionCode, ""},
		{"body size", funcs, wasm.SectionCode, "\x01"},
		{"runs of locals", funcs, wasm.SectionCode, "\x01\x10"},
		{"locals of a run", funcs, wasm.SectionCode, "\x01\x08\x01"},
		{"data segments", "", wasm.SectionData, ""},
		{"bytes of a segment", "", wasm.SectionData, "\x01\x01"},
		{"data count", "", wasm.SectionDataCount, ""},
		{"custom section name", "", wasm.SectionCustom, ""},
		{"name subsection", "", wasm.SectionCustom, "\x04name\x01"},
		{"function names", "", wasm.SectionCustom, "\x04name\x01\x08"},
		{"local names", "", wasm.SectionCustom, "\x04name\x02\x08"},
		{"local names of a function", "", wasm.SectionCustom, "\x04name\x02\x08\x01\x00"},
		{"module name in names", "", wasm.SectionCustom, "\x04name\x00\x08"},
		{"branch hints", "", wasm.SectionCustom, sized("metadata.code.branch_hint")},
		{"producers", "", wasm.SectionCustom, sized("producers")},
		{"dylink", "", wasm.SectionCustom, sized("dylink.0") + "\x02"},
	} {
		for _, pad := range pads {
			checkLoad(t, rt, tc.name, module(tc.before, section(tc.id, tc.content+huge+pad)))
			// A section that claims to be longer than the module.
			checkLoad(t, rt, tc.name, module(tc.before, string(rune(tc.id))+huge+tc.content+huge+pad))
		}
	}
	for name, code := range map[string]string{
		"br_table": "\x41\x00\x0e" + huge, "select": "\x1c" + huge, "try_table": "\x1f\x40" + huge,
		"array.new_fixed": "\xfb\x08\x00" + huge, "block type": "\x02" + huge, "call": "\x10" + huge,
		"local": "\x20" + huge, "memory": "\x3f" + huge, "br": "\x0c" + huge, "struct.get": "\xfb\x02\x00" + huge,
	} {
		for _, pad := range pads {
			checkLoad(t, rt, name, module(body(code+pad)))
		}
	}
}

// TestGiantSizes loads modules that ask for giant memories and tables. The store
// refuses what exceeds its limits.
func TestGiantSizes(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	for _, tc := range []struct{ name, text string }{
		{"memory of 4 GiB", `(memory 65536)`},
		{"memory of 2^48 pages", `(memory i64 0x1000000000000)`},
		{"memory of 2^64-1 bytes", `(memory i64 0xffffffffffffffff (pagesize 1))`},
		{"memories that add up", strings.Repeat(`(memory 100)`, 100)},
		{"shared memory", `(memory 1 65536 shared)` + strings.Repeat(`(memory 65536 65536 shared)`, 5)},
		{"table of 2^32-1", `(table 0xffffffff funcref)`},
		{"table of 2^64-1", `(table i64 0xffffffffffffffff funcref)`},
		{"table of 2^32-1 with an initializer", `(table 0xffffffff (ref func) (ref.func 0)) (func)`},
		{"tables that add up", strings.Repeat(`(table 1000000 externref)`, 50)},
		{"global arrays", strings.Repeat(`(global (ref 0) (array.new_default 0 (i32.const 100000000)))`, 50) + `(type (array i64))`},
		{"an array of 2^32-1", `(type (array i8)) (global (ref 0) (array.new_default 0 (i32.const -1)))`},
		{"arrays filled by an initializer", strings.Repeat(`(global (ref 0) (array.new 0 (i64.const 1) (i32.const 400000)))`, 500) + `(type (array i64))`},
	} {
		if _, err := checkLoad(t, rt, tc.name, []byte(tc.text)); err == nil {
			t.Errorf("%s: instantiated", tc.name)
		}
	}
	for _, tc := range []struct{ name, text string }{
		{"memory with a giant maximum", `(memory 0 65536) (memory i64 0 0x1000000000000)`},
		{"table with a giant maximum", `(table 0 0xffffffff funcref) (table i64 0 0xffffffffffffffff funcref)`},
	} {
		if _, err := checkLoad(t, rt, tc.name, []byte(tc.text)); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}
