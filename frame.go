package wamr

import (
	"bytes"
	"cmp"
	"debug/dwarf"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"sync"

	"github.com/wamr-go/wamr/internal/vm"
)

// Frame is one call on a Wasm stack.
type Frame struct {
	Module *Module // nil for host functions
	Func   uint32  // index of the function in its module
	Name   string  // from the name section or an export; empty if unknown
	Offset uint32  // of the instruction, in bytes from the start of the binary
	// File and Line are the source position, where the module carries DWARF
	// line tables; else empty and 0.
	File string
	Line int
}

// String returns the frame in the form of WAMR's call stack dump, without the
// number in front: "0x01a2 - name", and the source position if it is known.
func (f Frame) String() string {
	name := f.Name
	if name == "" {
		name = fmt.Sprintf("$f%d", f.Func)
	}
	s := fmt.Sprintf("0x%04x - %s", f.Offset, name)
	if f.File != "" {
		s += fmt.Sprintf(" (%s:%d)", f.File, f.Line)
	}
	return s
}

// Frames returns the Wasm stack of a trap, innermost frame first, with source
// positions where the modules carry them. It returns nil if err holds no
// [Trap].
func Frames(err error) []Frame {
	var trap *Trap
	if !errors.As(err, &trap) {
		return nil
	}
	return resolveFrames(trap.Frames)
}

func resolveFrames(frames []vm.Frame) []Frame {
	out := make([]Frame, len(frames))
	for i, f := range frames {
		out[i] = Frame{Func: uint32(f.Func), Name: f.Name, Offset: uint32(f.Offset)}
		if f.Inst == nil {
			continue
		}
		if inst, ok := f.Inst.Owner.(*Instance); ok {
			out[i].Module = inst.mod
			out[i].Name = inst.mod.FuncName(out[i].Func)
			out[i].File, out[i].Line = inst.mod.source(uint32(f.Offset))
		}
	}
	return out
}

// lineTable is a module's DWARF line table, read at the first trap.
type lineTable struct {
	once sync.Once
	rows []lineRow // by offset
}

type lineRow struct {
	offset uint32 // in the binary
	file   string // empty at the end of a sequence
	line   int
}

// maxLineRows bounds what a line table may take; a hostile one is cut off.
const maxLineRows = 1 << 21

// source returns the source position of an instruction.
func (m *Module) source(offset uint32) (string, int) {
	m.lines.once.Do(func() { m.lines.rows = m.readLines() })
	rows := m.lines.rows
	i := sort.Search(len(rows), func(i int) bool { return rows[i].offset > offset })
	if i == 0 {
		return "", 0
	}
	return rows[i-1].file, rows[i-1].line
}

// readLines reads the line table from the .debug_* custom sections. Addresses
// in it count from the start of the code section's content. Broken tables give
// as many rows as could be read.
func (m *Module) readLines() []lineRow {
	section := func(name string) []byte {
		b, _ := m.m.Custom(".debug_" + name)
		return b
	}
	if len(section("line")) == 0 || len(m.m.Module.Code) == 0 {
		return nil
	}
	data, err := dwarf.New(section("abbrev"), nil, nil, section("info"), section("line"), nil, section("ranges"), section("str"))
	if err != nil {
		return nil
	}
	for _, name := range []string{"addr", "line_str", "str_offsets", "rnglists"} {
		if b := section(name); b != nil && data.AddSection(".debug_"+name, b) != nil {
			return nil
		}
	}
	base := m.codeStart()
	var rows []lineRow
	units := data.Reader()
	seen := make(map[any]bool) // line tables, which units may share
	for len(rows) < maxLineRows {
		unit, err := units.Next()
		if unit == nil || err != nil {
			break
		}
		units.SkipChildren()
		table := unit.Val(dwarf.AttrStmtList)
		if seen[table] {
			continue
		}
		seen[table] = true
		lines, err := data.LineReader(unit)
		if lines == nil || err != nil {
			continue
		}
		var e dwarf.LineEntry
		for len(rows) < maxLineRows && lines.Next(&e) == nil {
			if e.Address > math.MaxUint32-uint64(base) {
				continue // linkers mark code that they dropped so
			}
			row := lineRow{offset: base + uint32(e.Address)}
			if !e.EndSequence && e.File != nil {
				row.file, row.line = e.File.Name, e.Line
			}
			rows = append(rows, row)
		}
	}
	// Where one sequence begins at the end of another, its row is the later.
	slices.SortStableFunc(rows, func(a, b lineRow) int {
		if a.offset != b.offset {
			return cmp.Compare(a.offset, b.offset)
		}
		return cmp.Compare(min(a.line, 1), min(b.line, 1))
	})
	return rows
}

// codeStart returns the offset of the code section's content: the first entry
// is preceded by its size and by the count of entries.
func (m *Module) codeStart() uint32 {
	first := uint32(m.m.Module.Code[0].Start)
	size := uint32(m.m.Module.Code[0].Offset) - first + uint32(len(m.m.Module.Code[0].Body))
	// The size and the count are LEB128 integers, which producers may pad to
	// five bytes: look back for the section's header.
	b := m.m.Module.Bytes
	for back := uint32(2); back <= 10 && back <= first; back++ {
		start := first - back
		var count, length uint64
		var n, k int
		if count, n = uleb(b[start:first]); n == 0 || count != uint64(len(m.m.Module.Code)) {
			continue
		}
		if length, k = uleb(b[start+uint32(n) : first]); k == 0 || n+k != int(back) || length != uint64(size) {
			continue
		}
		return start
	}
	return first
}

func uleb(b []byte) (v uint64, n int) {
	for n < len(b) && n < 5 {
		v |= uint64(b[n]&0x7F) << (7 * n)
		n++
		if b[n-1] < 0x80 {
			return v, n
		}
	}
	return 0, 0
}

// Trace formats the Wasm stack of a trap as WAMR's iwasm prints it: one line a
// frame, numbered from the innermost. It is empty if err holds no trap.
func Trace(err error) string {
	var b bytes.Buffer
	for i, f := range Frames(err) {
		fmt.Fprintf(&b, "#%02d: %s\n", i, f)
	}
	return b.String()
}
