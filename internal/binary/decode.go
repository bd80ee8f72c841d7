// Package binary reads and writes the binary format of modules, and the custom
// sections that tools agree on: names, producers, dynamic linking, branch
// hints. It leaves function bodies as bytes and checks only what makes a
// module well-formed; package valid does the rest.
//
// Start at Decode and Encode. Specification: chapter "Binary Format".
package binary

import (
	"unicode/utf8"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// magic and version begin every module.
const (
	magic         = "\x00asm"
	version       = "\x01\x00\x00\x00"
	layerModule   = 0 // the upper half of the version field
	layerOffset   = 6
	preambleBytes = len(magic) + len(version)
)

// order gives the position of each non-custom section in a module; sections
// must ascend by it. Ids don't ascend: later proposals fitted theirs in.
var order = [...]uint8{
	wasm.SectionType:      1,
	wasm.SectionImport:    2,
	wasm.SectionFunction:  3,
	wasm.SectionTable:     4,
	wasm.SectionMemory:    5,
	wasm.SectionTag:       6,
	wasm.SectionGlobal:    7,
	wasm.SectionExport:    8,
	wasm.SectionStart:     9,
	wasm.SectionElement:   10,
	wasm.SectionDataCount: 11,
	wasm.SectionCode:      12,
	wasm.SectionData:      13,
}

var sectionNames = [...]string{
	wasm.SectionCustom:    "custom section",
	wasm.SectionType:      "type section",
	wasm.SectionImport:    "import section",
	wasm.SectionFunction:  "function section",
	wasm.SectionTable:     "table section",
	wasm.SectionMemory:    "memory section",
	wasm.SectionGlobal:    "global section",
	wasm.SectionExport:    "export section",
	wasm.SectionStart:     "start section",
	wasm.SectionElement:   "element section",
	wasm.SectionCode:      "code section",
	wasm.SectionData:      "data section",
	wasm.SectionDataCount: "data count section",
	wasm.SectionTag:       "tag section",
}

// decoder is the state of one call of Decode.
type decoder struct {
	m        *wasm.Module
	features wasm.Feature
	r        instr.Reader
	in       instr.Instr // for skipping constant expressions
	limit    *wasm.LimitError
	// readingOn says that this is the second reading of a section, only for
	// the error's message.
	readingOn bool
	// fn is the index of the function whose body is being read, or -1.
	fn int

	// text is a copy of the current section as a string, of which names are
	// parts: one allocation for all names of a section.
	text string

	types     arena[wasm.ValType]
	fields    arena[wasm.FieldType]
	locals    arena[wasm.Locals]
	elemExprs uint64 // element expressions so far
}

// Decode reads a module. The result aliases b, which must not change as long
// as the module is in use; function bodies and constant expressions stay in
// binary form.
//
// The error is a *wasm.DecodeError if b is malformed, given the features, or a
// *wasm.LimitError if a limit of package wasm is exceeded. Time and memory are
// linear in the length of b. Bodies of functions are not looked into, except
// that their last byte must be an end opcode.
func Decode(b []byte, features wasm.Feature) (*wasm.Module, error) {
	if uint64(len(b)) > wasm.MaxModuleSize {
		return nil, &wasm.LimitError{Name: limitModule, Have: uint64(len(b)), Max: wasm.MaxModuleSize}
	}
	if err := preamble(b); err != nil {
		return nil, err
	}
	d := &decoder{m: &wasm.Module{Bytes: b}, features: features, fn: -1}
	d.r.Features = features
	if err := d.sections(b); err != nil {
		return nil, err
	}
	return d.m, nil
}

func malformed(at int, msg string) *wasm.DecodeError {
	return &wasm.DecodeError{Offset: wasm.Offset(at), Func: -1, Msg: msg}
}

func preamble(b []byte) error {
	switch {
	case len(b) < len(magic):
		return malformed(len(b), msgEnd)
	case string(b[:len(magic)]) != magic:
		return malformed(0, msgMagic)
	case len(b) < preambleBytes:
		return malformed(len(b), msgEnd)
	case string(b[len(magic):preambleBytes]) != version:
		msg := msgVersion
		if b[layerOffset] != layerModule {
			msg += ": this is not a module but a component"
		}
		return malformed(len(magic), msg)
	}
	return nil
}

// sections reads everything after the preamble.
func (d *decoder) sections(b []byte) error {
	var frame instr.Reader // reads ids and sizes; d.r reads the content
	frame.Reset(b, 0)
	frame.Bytes(uint32(preambleBytes))
	last := wasm.SectionCustom
	for frame.Len() > 0 {
		at := frame.Pos()
		id := wasm.SectionID(frame.Byte())
		if int(id) >= len(sectionNames) || id == wasm.SectionTag && !hasTags(d.features) ||
			id == wasm.SectionDataCount && !d.features.Has(op.FeatureBulkMemory) {
			return malformed(at, msgSectionID)
		}
		sizeAt := frame.Pos()
		size := frame.U32()
		if err := frame.Err(); err != nil {
			return err
		}
		if uint64(size) > uint64(frame.Len()) {
			err := malformed(sizeAt, msgLength)
			err.Section = sectionNames[id]
			return err
		}
		if id != wasm.SectionCustom {
			if order[id] <= order[last] {
				return malformed(at, msgSectionOrder)
			}
			last = id
		}
		start := frame.Offset()
		d.r.Reset(frame.Bytes(size), start)
		d.section(id, last, b)
		if d.limit != nil {
			return d.limit
		}
		if d.r.Len() > 0 {
			d.r.Fail(d.r.Offset(), msgSectionSize)
		}
		if err := d.r.Err(); err != nil {
			if err.Msg == msgEnd && frame.Len() > 0 {
				d.readOn(err, id, last, b, start)
			}
			if err.Section == "" {
				err.Section = sectionNames[id]
			}
			err.Func = d.fn
			return err
		}
	}
	// Only now, because a second code or data section is the graver error.
	m := d.m
	switch {
	case len(m.Code) != len(m.Funcs):
		return malformed(len(b), msgFuncCode)
	case m.HasDataCount && uint64(m.DataCount) != uint64(len(m.Data)):
		return malformed(len(b), msgDataCount)
	}
	return nil
}

// readOn refines the error that section id, at offset start, ends too early.
// The specification's decoder doesn't stop at the end of a section that is too
// short but reads on, and where it then finds a malformed integer, the test
// suite expects that message. So the section is read once more without its
// end; what it gives is thrown away.
func (d *decoder) readOn(err *wasm.DecodeError, id, last wasm.SectionID, b []byte, start wasm.Offset) {
	again := decoder{m: &wasm.Module{Bytes: b}, features: d.features, readingOn: true}
	again.r.Features = d.features
	again.r.Reset(b[start:], start)
	again.section(id, last, b)
	if e := again.r.Err(); e != nil && again.limit == nil {
		switch e.Msg {
		case msgTooLong, msgTooLarge, msgLength:
			err.Offset, err.Msg = e.Offset, e.Msg
		}
	}
}

// failLength records that a length at the given offset goes beyond the rest.
func (d *decoder) failLength(at wasm.Offset) {
	if d.readingOn {
		d.r.Fail(at, msgLength)
		return
	}
	d.r.Fail(at, msgEnd)
}

// section reads the content of one section from d.r; last is the last
// non-custom section so far.
func (d *decoder) section(id, last wasm.SectionID, b []byte) {
	switch id {
	case wasm.SectionCustom:
		d.custom(last)
	case wasm.SectionType:
		d.typeSection()
	case wasm.SectionImport:
		d.importSection()
	case wasm.SectionFunction:
		d.functionSection()
	case wasm.SectionTable:
		d.tableSection()
	case wasm.SectionMemory:
		d.memorySection()
	case wasm.SectionTag:
		d.tagSection()
	case wasm.SectionGlobal:
		d.globalSection()
	case wasm.SectionExport:
		d.exportSection()
	case wasm.SectionStart:
		d.m.Start, d.m.HasStart = wasm.FuncIdx(d.r.U32()), true
	case wasm.SectionElement:
		d.elementSection()
	case wasm.SectionDataCount:
		d.m.DataCount, d.m.HasDataCount = d.r.U32(), true
	case wasm.SectionCode:
		d.codeSection(b)
	case wasm.SectionData:
		d.dataSection()
	}
}

// hasTags says whether the features include tags, which both proposals for
// exceptions have.
func hasTags(f wasm.Feature) bool {
	return f&(op.FeatureExceptions|op.FeatureLegacyExceptions) != 0
}

func (d *decoder) custom(last wasm.SectionID) {
	name := d.r.Name()
	at := d.r.Offset()
	data := d.r.Bytes(uint32(d.r.Len()))
	if d.r.Err() != nil {
		return
	}
	d.m.Customs = append(d.m.Customs, wasm.Custom{Name: name, Data: data, After: last, Offset: at})
}

// ok says whether decoding may go on.
func (d *decoder) ok() bool { return d.r.Err() == nil }

// within fails with a LimitError if have is above max.
func (d *decoder) within(have, max uint64, name string) bool {
	if have > max {
		if d.limit == nil && d.ok() {
			d.limit = &wasm.LimitError{Name: name, Have: have, Max: max}
			d.r.Fail(d.r.Offset(), name) // stops the loops; d.limit is what is returned
		}
		return false
	}
	return true
}

// count reads the length of a vector, of which base further items exist
// already, and checks it against a limit. An item takes at least one byte, so a
// length beyond the section's rest is malformed before it is too large.
func (d *decoder) count(base int, max uint64, name string) uint32 {
	at := d.r.Offset()
	n := d.r.U32()
	if uint64(n) > uint64(d.r.Len()) {
		d.failLength(at)
		return 0
	}
	if !d.within(uint64(base)+uint64(n), max, name) {
		return 0
	}
	return n
}

// room returns the capacity to reserve for n items of which each takes at
// least size bytes of the section's rest: never more than the input backs.
func (d *decoder) room(n uint32, size int) int {
	return min(int(n), d.r.Len()/size+1)
}

// name reads a name; setText must have been called for the section.
func (d *decoder) name() string {
	at := d.r.Offset()
	n := d.r.U32()
	start := len(d.text) - d.r.Len()
	if uint64(n) > uint64(d.r.Len()) {
		d.failLength(at)
		return ""
	}
	b := d.r.Bytes(n)
	if !d.ok() || !d.within(uint64(n), wasm.MaxNameSize, limitNameSize) {
		return ""
	}
	if !utf8.Valid(b) {
		d.r.Fail(at, msgUTF8)
		return ""
	}
	return d.text[start : start+int(n)]
}

// setText prepares name for the section whose whole content is still to be
// read.
func (d *decoder) setText(content []byte) { d.text = string(content) }

// arena hands out small slices from large blocks.
type arena[T any] struct{ free []T }

// take returns n zero values, at full capacity.
func (a *arena[T]) take(n int) []T {
	const block = 512
	if n == 0 {
		return nil
	}
	if n > len(a.free) {
		if n > block/4 {
			return make([]T, n)
		}
		a.free = make([]T, block)
	}
	s := a.free[:n:n]
	a.free = a.free[n:]
	return s
}
