package custom

import (
	"unicode/utf8"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
)

// NameSection is the name of the custom section that DecodeNames reads.
const NameSection = "name"

// The subsections of the name section.
const (
	namesModule = iota
	namesFunc
	namesLocal
	namesLabel
	namesType
	namesTable
	namesMemory
	namesGlobal
	namesElem
	namesData
	namesField
	namesTag
	numNameSubsections
)

// nameMap returns the map that subsection id holds, direct or indirect; both
// are nil for the module's name and for unknown subsections.
func nameMap(n *wasm.Names, id uint8) (*wasm.NameMap, *wasm.IndirectNameMap) {
	switch id {
	case namesFunc:
		return &n.Funcs, nil
	case namesLocal:
		return nil, &n.Locals
	case namesLabel:
		return nil, &n.Labels
	case namesType:
		return &n.Types, nil
	case namesTable:
		return &n.Tables, nil
	case namesMemory:
		return &n.Memories, nil
	case namesGlobal:
		return &n.Globals, nil
	case namesElem:
		return &n.Elems, nil
	case namesData:
		return &n.Data, nil
	case namesField:
		return nil, &n.Fields
	case namesTag:
		return &n.Tags, nil
	}
	return nil, nil
}

// maxNames bounds the names of one name section, which take much more memory
// decoded than encoded: every function, and nine locals for each.
const maxNames = 10 * wasm.MaxFuncs

type namesDecoder struct {
	r     instr.Reader
	text  string // the whole section, of which all names are parts
	left  int    // how many names are still allowed
	limit bool
}

// DecodeNames reads the content of a name section. Subsections that it does
// not know are skipped.
//
// A module with a malformed name section is still valid, so callers that run
// modules ignore the error; what was read before it is returned with it. The
// error is a *wasm.DecodeError whose offset counts from the start of the
// section's content, or a *wasm.LimitError.
func DecodeNames(content []byte) (*wasm.Names, error) {
	n := new(wasm.Names)
	d := namesDecoder{text: string(content), left: maxNames}
	d.r.Reset(content, 0)
	next := uint8(0) // the lowest id that may follow
	for d.r.Len() > 0 && d.r.Err() == nil {
		at := d.r.Offset()
		id := d.r.Byte()
		size := d.r.U32()
		if d.r.Err() == nil && uint64(size) > uint64(d.r.Len()) {
			d.r.Fail(at, msgNameSubsection)
		}
		if id < next {
			d.r.Fail(at, msgNameOrder)
		}
		if d.r.Err() != nil {
			break
		}
		next = id + 1
		if id >= numNameSubsections {
			next = numNameSubsections
			d.r.Bytes(size)
			continue
		}
		end := d.r.Pos() + int(size)
		d.subsection(n, id)
		if d.r.Err() == nil && d.r.Pos() != end {
			d.r.Fail(at, msgSubsectionSize)
		}
	}
	if d.limit {
		return n, &wasm.LimitError{Name: limitNames, Have: maxNames + 1, Max: maxNames}
	}
	if err := d.r.Err(); err != nil {
		err.Section = "name section"
		return n, err
	}
	return n, nil
}

func (d *namesDecoder) subsection(n *wasm.Names, id uint8) {
	if id == namesModule {
		n.Module = d.name()
		n.HasModule = d.r.Err() == nil
		return
	}
	direct, indirect := nameMap(n, id)
	if direct != nil {
		*direct = d.nameMap()
		return
	}
	count := d.count()
	m := make(wasm.IndirectNameMap, 0, min(count, d.r.Len()/2+1))
	for i := 0; i < count && d.r.Err() == nil; i++ {
		at := d.r.Offset()
		x := d.r.U32()
		if i > 0 && d.r.Err() == nil && m[i-1].Index >= x {
			d.r.Fail(at, msgNameIndices)
		}
		if names := d.nameMap(); d.r.Err() == nil {
			m = append(m, wasm.IndirectNameAssoc{Index: x, Names: names})
		}
	}
	*indirect = m
}

func (d *namesDecoder) nameMap() wasm.NameMap {
	count := d.count()
	m := make(wasm.NameMap, 0, min(count, d.r.Len()/2+1))
	for i := 0; i < count && d.r.Err() == nil; i++ {
		at := d.r.Offset()
		x := d.r.U32()
		if i > 0 && d.r.Err() == nil && m[i-1].Index >= x {
			d.r.Fail(at, msgNameIndices)
		}
		if name := d.name(); d.r.Err() == nil {
			m = append(m, wasm.NameAssoc{Index: x, Name: name})
		}
	}
	return m
}

// count reads the length of a map and takes it off what is allowed.
func (d *namesDecoder) count() int {
	at := d.r.Offset()
	n := d.r.U32()
	if uint64(n) > uint64(d.r.Len()) {
		d.r.Fail(at, msgEnd)
		return 0
	}
	if d.left -= int(n); d.left < 0 {
		d.limit = true
		d.r.Fail(at, limitNames)
		return 0
	}
	return int(n)
}

func (d *namesDecoder) name() string {
	at := d.r.Offset()
	n := d.r.U32()
	start := d.r.Pos()
	if b := d.r.Bytes(n); !utf8.Valid(b) {
		d.r.Fail(at, msgUTF8)
	}
	if d.r.Err() != nil {
		return ""
	}
	return d.text[start : start+int(n)]
}

// AppendNames appends the content of a name section to b. Empty maps are left
// out.
func AppendNames(b []byte, n *wasm.Names) []byte {
	var content []byte
	for id := uint8(0); id < numNameSubsections; id++ {
		content = content[:0]
		direct, indirect := nameMap(n, id)
		switch {
		case id == namesModule && n.HasModule:
			content = instr.AppendName(content, n.Module)
		case direct != nil && len(*direct) > 0:
			content = appendNameMap(content, *direct)
		case indirect != nil && len(*indirect) > 0:
			content = instr.AppendU32(content, uint32(len(*indirect)))
			for _, a := range *indirect {
				content = appendNameMap(instr.AppendU32(content, a.Index), a.Names)
			}
		default:
			continue
		}
		b = instr.AppendU32(append(b, id), uint32(len(content)))
		b = append(b, content...)
	}
	return b
}

func appendNameMap(b []byte, m wasm.NameMap) []byte {
	b = instr.AppendU32(b, uint32(len(m)))
	for _, a := range m {
		b = instr.AppendName(instr.AppendU32(b, a.Index), a.Name)
	}
	return b
}
