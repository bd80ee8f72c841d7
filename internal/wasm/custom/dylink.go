package custom

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
)

// Names of the custom sections that describe a dynamic library: the current
// one and that of older tool chains.
const (
	DylinkSection       = "dylink.0"
	DylinkLegacySection = "dylink"
)

// Dylink says what a dynamic library wants from its loader, following the
// tool conventions' "WebAssembly Dynamic Linking".
type Dylink struct {
	MemorySize  uint32 // bytes of linear memory that the library needs
	MemoryAlign uint32 // their alignment, as an exponent of two
	TableSize   uint32 // table elements that it needs
	TableAlign  uint32 // their alignment, as an exponent of two
	Needed      []string
	Exports     []DylinkExport
	Imports     []DylinkImport
	RuntimePath []string // where to look for the needed libraries
}

// Symbol flags of DylinkExport and DylinkImport.
const (
	DylinkWeak = 0x01 // binding: weak
	DylinkTLS  = 0x100
)

// DylinkExport holds the symbol flags of an export.
type DylinkExport struct {
	Name  string
	Flags uint32
}

// DylinkImport holds the symbol flags of an import.
type DylinkImport struct {
	Module, Name string
	Flags        uint32
}

// The subsections of dylink.0.
const (
	dylinkMemInfo     = 1
	dylinkNeeded      = 2
	dylinkExportInfo  = 3
	dylinkImportInfo  = 4
	dylinkRuntimePath = 5
)

// FindDylink returns the dynamic-linking information of a module; nil if it
// is no dynamic library. The section must be the module's first, by the
// conventions; that isn't checked.
func FindDylink(m *wasm.Module) (*Dylink, error) {
	if content, ok := m.Custom(DylinkSection); ok {
		return DecodeDylink(content)
	}
	if content, ok := m.Custom(DylinkLegacySection); ok {
		return DecodeDylinkLegacy(content)
	}
	return nil, nil
}

// DecodeDylink reads the content of a dylink.0 section. Subsections that it
// does not know are skipped. The error is a *wasm.DecodeError whose offset
// counts from the start of the content.
func DecodeDylink(content []byte) (*Dylink, error) {
	d := new(Dylink)
	var r, sub instr.Reader
	r.Reset(content, 0)
	for r.Len() > 0 && r.Err() == nil {
		id := r.Byte()
		size := r.U32()
		at := r.Offset()
		sub.Reset(r.Bytes(size), at)
		if r.Err() != nil {
			break
		}
		if !d.subsection(id, &sub) {
			continue
		}
		if sub.Len() > 0 {
			sub.Fail(sub.Offset(), msgSubsectionSize)
		}
		if err := sub.Err(); err != nil {
			r.Fail(err.Offset, err.Msg)
		}
	}
	return dylinkResult(d, &r)
}

// subsection reads one subsection; false if it is unknown.
func (d *Dylink) subsection(id byte, r *instr.Reader) bool {
	switch id {
	case dylinkMemInfo:
		d.memInfo(r)
	case dylinkNeeded:
		d.Needed = appendNames(d.Needed, r)
	case dylinkExportInfo:
		for n := vecLen(r); n > 0 && r.Err() == nil; n-- {
			d.Exports = append(d.Exports, DylinkExport{Name: r.Name(), Flags: r.U32()})
		}
	case dylinkImportInfo:
		for n := vecLen(r); n > 0 && r.Err() == nil; n-- {
			d.Imports = append(d.Imports, DylinkImport{Module: r.Name(), Name: r.Name(), Flags: r.U32()})
		}
	case dylinkRuntimePath:
		d.RuntimePath = appendNames(d.RuntimePath, r)
	default:
		return false
	}
	return true
}

// DecodeDylinkLegacy reads the content of a dylink section. The error is as
// that of DecodeDylink.
func DecodeDylinkLegacy(content []byte) (*Dylink, error) {
	d := new(Dylink)
	var r instr.Reader
	r.Reset(content, 0)
	d.memInfo(&r)
	d.Needed = appendNames(nil, &r)
	if r.Len() > 0 {
		r.Fail(r.Offset(), msgSectionSize)
	}
	return dylinkResult(d, &r)
}

func dylinkResult(d *Dylink, r *instr.Reader) (*Dylink, error) {
	if err := r.Err(); err != nil {
		err.Section = "dylink section"
		return nil, err
	}
	return d, nil
}

func (d *Dylink) memInfo(r *instr.Reader) {
	d.MemorySize, d.MemoryAlign = r.U32(), r.U32()
	d.TableSize, d.TableAlign = r.U32(), r.U32()
}

// appendNames reads a vector of names.
func appendNames(names []string, r *instr.Reader) []string {
	for n := vecLen(r); n > 0 && r.Err() == nil; n-- {
		names = append(names, r.Name())
	}
	return names
}
