package binary

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// TestLimits decodes, for each limit, a module with exactly as much as is
// allowed and one with one more.
func TestLimits(t *testing.T) {
	many := func(n int, item string) string { return leb(uint32(n)) + strings.Repeat(item, n) }
	funcs := func(n int) string {
		return section(wasm.SectionType, "\x01\x60\x00\x00") + section(wasm.SectionFunction, many(n, "\x00"))
	}
	body := func(size int, content string) string {
		return funcs(1) + section(wasm.SectionCode, "\x01"+leb(uint32(size))+content)
	}
	imp := func(name string, kind string) string { return leb(uint32(len(name))) + name + "\x00" + kind }
	importAnd := func(kind string, id wasm.SectionID) func(int, string) string {
		return func(n int, item string) string {
			return section(wasm.SectionImport, "\x01"+imp("", kind)) + section(id, many(n-1, item))
		}
	}
	twoSegments := func(n int) string {
		return section(wasm.SectionElement, "\x02\x05\x70\x01\x0b\x05\x70"+many(n-1, "\x0b"))
	}
	for _, tc := range []struct {
		name  string
		max   int
		build func(n int) string
	}{
		{limitTypes, wasm.MaxTypes, func(n int) string {
			return section(wasm.SectionType, "\x02\x5f\x00\x4e"+many(n-1, "\x5f\x00"))
		}},
		{limitRecGroups, wasm.MaxRecGroups, func(n int) string { return section(wasm.SectionType, many(n, "\x4e\x00")) }},
		{limitRecGroupTypes, wasm.MaxRecGroupTypes, func(n int) string {
			return section(wasm.SectionType, "\x01\x4e"+many(n, "\x5f\x00"))
		}},
		{limitParams, wasm.MaxParams, func(n int) string { return section(wasm.SectionType, "\x01\x60"+many(n, "\x7f")+"\x00") }},
		{limitResults, wasm.MaxResults, func(n int) string { return section(wasm.SectionType, "\x01\x60\x00"+many(n, "\x7f")) }},
		{limitFields, wasm.MaxStructFields, func(n int) string { return section(wasm.SectionType, "\x01\x5f"+many(n, "\x7f\x00")) }},
		{limitImports, wasm.MaxImports, func(n int) string {
			return section(wasm.SectionImport, leb(uint32(n))+imp("", "\x03\x7f\x00")+strings.Repeat(imp("", "\x00\x00"), n-1))
		}},
		{limitFuncs, wasm.MaxFuncs, func(n int) string {
			return section(wasm.SectionImport, "\x01"+imp("", "\x00\x00")) + section(wasm.SectionFunction, many(n-1, "\x00")) +
				section(wasm.SectionCode, many(n-1, "\x02\x00\x0b"))
		}},
		{limitTables, wasm.MaxTables, func(n int) string { return importAnd("\x01\x70\x00\x00", wasm.SectionTable)(n, "\x70\x00\x00") }},
		{limitMemories, wasm.MaxMemories, func(n int) string { return importAnd("\x02\x00\x00", wasm.SectionMemory)(n, "\x00\x00") }},
		{limitGlobals, wasm.MaxGlobals, func(n int) string { return importAnd("\x03\x7f\x00", wasm.SectionGlobal)(n, "\x7f\x00\x0b") }},
		{limitTags, wasm.MaxTags, func(n int) string { return importAnd("\x04\x00\x00", wasm.SectionTag)(n, "\x00\x00") }},
		{limitTables, wasm.MaxTables, func(n int) string { return section(wasm.SectionImport, many(n, imp("", "\x01\x70\x00\x00"))) }},
		{limitMemories, wasm.MaxMemories, func(n int) string { return section(wasm.SectionImport, many(n, imp("", "\x02\x00\x00"))) }},
		{limitExports, wasm.MaxExports, func(n int) string { return section(wasm.SectionExport, many(n, "\x00\x00\x00")) }},
		{limitElemLen, wasm.MaxSegmentLen, func(n int) string { return section(wasm.SectionElement, "\x01\x01\x00"+many(n, "\x00")) }},
		{limitElemExprs, wasm.MaxSegmentLen, twoSegments},
		{limitData, wasm.MaxDataSegments, func(n int) string { return section(wasm.SectionData, many(n, "\x01\x00")) }},
		{limitFuncSize, wasm.MaxFuncSize, func(n int) string { return body(n, strings.Repeat("\x00", n-1)+"\x0b") }},
		{limitLocals, wasm.MaxLocals, func(n int) string {
			c := "\x02\x01\x7f" + leb(uint32(n-1)) + "\x7e\x0b"
			return body(len(c), c)
		}},
		{limitLocalRuns, wasm.MaxLocals, func(n int) string {
			c := many(n, "\x00\x7f") + "\x0b"
			return body(len(c), c)
		}},
		{limitNameSize, wasm.MaxNameSize, func(n int) string {
			return section(wasm.SectionImport, "\x01"+imp(strings.Repeat("x", n), "\x03\x7f\x00"))
		}},
		{limitNameSize, wasm.MaxNameSize, func(n int) string {
			return section(wasm.SectionExport, "\x01"+leb(uint32(n))+strings.Repeat("x", n)+"\x00\x00")
		}},
	} {
		if testing.Short() && tc.max > 100_000 {
			continue
		}
		if _, err := Decode([]byte(preambleText+tc.build(tc.max)), op.FeaturesAll); err != nil {
			t.Errorf("%d %s: %v", tc.max, tc.name, err)
		}
		_, err := Decode([]byte(preambleText+tc.build(tc.max+1)), op.FeaturesAll)
		if !isLimit(err, wasm.LimitError{Name: tc.name, Have: uint64(tc.max) + 1, Max: uint64(tc.max)}) {
			t.Errorf("%d %s: got %v", tc.max+1, tc.name, err)
		}
	}
}

// TestLimitsTooLargeToReach checks limits whose allowed maximum would take too
// much memory for a test.
func TestLimitsTooLargeToReach(t *testing.T) {
	n := uint32(wasm.MaxElemSegments + 1)
	_, err := Decode([]byte(preambleText+section(wasm.SectionElement, leb(n)+strings.Repeat("\x00", int(n)))), op.FeaturesAll)
	if want := (wasm.LimitError{Name: limitElems, Have: uint64(n), Max: wasm.MaxElemSegments}); !isLimit(err, want) {
		t.Errorf("%d element segments: %v", n, err)
	}
	if testing.Short() || strconv.IntSize == 32 {
		return
	}
	// The pages of this slice are never touched.
	_, err = Decode(make([]byte, wasm.MaxModuleSize+1), op.FeaturesAll)
	if want := (wasm.LimitError{Name: limitModule, Have: wasm.MaxModuleSize + 1, Max: wasm.MaxModuleSize}); !isLimit(err, want) {
		t.Errorf("too many bytes: %v", err)
	}
}

func isLimit(err error, want wasm.LimitError) bool {
	var le *wasm.LimitError
	return errors.As(err, &le) && *le == want
}
