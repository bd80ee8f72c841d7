package wamr

import (
	"bytes"
	"io"
	"iter"
	"sync"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/interp"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/custom"
)

// Module is a compiled module. It is immutable and safe for concurrent use, and
// may be instantiated any number of times.
type Module struct {
	rt      *Runtime
	m       *vm.Module
	info    *valid.Info
	exports map[string]wasm.Export
	lines   lineTable

	// metered is the module for stores that limit fuel or the depth of
	// calls, made when first needed.
	metered func() (*vm.Module, error)

	namesOnce sync.Once
	names     *wasm.Names // read when first asked for
}

func newModule(rt *Runtime, m *vm.Module, info *valid.Info) *Module {
	mod := &Module{rt: rt, m: m, info: info, exports: make(map[string]wasm.Export, len(m.Exports))}
	for _, e := range m.Exports {
		mod.exports[e.Name] = e
	}
	mod.metered = sync.OnceValues(func() (*vm.Module, error) { return rt.prepare(info, true) })
	return mod
}

// code returns the module as instances in st need it.
func (m *Module) code(st *Store) (*vm.Module, error) {
	if st.limits.Fuel != 0 || st.limits.CallDepth != 0 {
		return m.metered()
	}
	return m.m, nil
}

// Runtime returns the runtime that compiled the module.
func (m *Module) Runtime() *Runtime { return m.rt }

// Name returns the module's name from its name section; empty if it has none.
func (m *Module) Name() string {
	return m.nameSection().Module
}

// ImportType describes an import of a module.
type ImportType struct {
	Module, Name string
	Type         ExternType
}

// ExportType describes an export of a module.
type ExportType struct {
	Name string
	Type ExternType
}

// Imports returns the module's imports in their order.
func (m *Module) Imports() iter.Seq[ImportType] {
	return func(yield func(ImportType) bool) {
		for i := range m.m.Imports {
			im := &m.m.Imports[i]
			if !yield(ImportType{im.Module, im.Name, m.importType(im)}) {
				return
			}
		}
	}
}

// Exports returns the module's exports in their order.
func (m *Module) Exports() iter.Seq[ExportType] {
	return func(yield func(ExportType) bool) {
		for _, e := range m.m.Exports {
			if !yield(ExportType{e.Name, m.exportType(e)}) {
				return
			}
		}
	}
}

// Export returns the type of the export with the given name.
func (m *Module) Export(name string) (ExternType, bool) {
	e, ok := m.exports[name]
	if !ok {
		return ExternType{}, false
	}
	return m.exportType(e), true
}

func (m *Module) importType(im *wasm.Import) ExternType {
	t := ExternType{Kind: im.Kind}
	switch im.Kind {
	case wasm.ExternFunc:
		t.Func = &m.m.Types[im.Func].Func
	case wasm.ExternTag:
		t.Func = &m.m.Types[im.Tag].Func
	case wasm.ExternTable:
		t.Table = &im.Table
	case wasm.ExternMemory:
		t.Memory = &im.Mem
	case wasm.ExternGlobal:
		t.Global = &im.Global
	}
	return t
}

func (m *Module) exportType(e wasm.Export) ExternType {
	t := ExternType{Kind: e.Kind}
	switch e.Kind {
	case wasm.ExternFunc:
		t.Func = m.m.FuncType(wasm.FuncIdx(e.Index))
	case wasm.ExternTag:
		t.Func = &m.m.Types[m.m.TagTypeIdx(wasm.TagIdx(e.Index))].Func
	case wasm.ExternTable:
		t.Table = m.m.TableType(wasm.TableIdx(e.Index))
	case wasm.ExternMemory:
		t.Memory = m.m.MemType(wasm.MemIdx(e.Index))
	case wasm.ExternGlobal:
		t.Global = m.m.GlobalType(wasm.GlobalIdx(e.Index))
	}
	return t
}

// Custom returns the content of the first custom section with the given name.
// It aliases the module and must not be changed.
func (m *Module) Custom(name string) ([]byte, bool) { return m.m.Custom(name) }

// CustomSections returns the names and contents of all custom sections in their
// order. The contents alias the module and must not be changed.
func (m *Module) CustomSections() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for i := range m.m.Customs {
			if !yield(m.m.Customs[i].Name, m.m.Customs[i].Data) {
				return
			}
		}
	}
}

// Needed returns the proposals that the module uses.
func (m *Module) Needed() Feature { return m.info.Needed }

// FuncName returns the name of a function from the module's name section, or
// of an export of it, or ""; index counts imported functions first.
func (m *Module) FuncName(index uint32) string {
	if name, ok := m.nameSection().Funcs.Lookup(index); ok {
		return name
	}
	for _, e := range m.m.Exports {
		if e.Kind == wasm.ExternFunc && e.Index == index {
			return e.Name
		}
	}
	return ""
}

// nameSection returns the content of the module's name section. A malformed one
// gives the names before the mistake.
func (m *Module) nameSection() *wasm.Names {
	m.namesOnce.Do(func() {
		m.names = &wasm.Names{}
		if b, ok := m.m.Custom(custom.NameSection); ok {
			if names, _ := custom.DecodeNames(b); names != nil {
				m.names = names
			}
		}
	})
	return m.names
}

// Binary returns the module in the binary format: the bytes that it was compiled
// from, which must not be changed, or what its text stands for.
func (m *Module) Binary() []byte {
	if m.m.Bytes != nil {
		return m.m.Bytes
	}
	return binary.Encode(m.m.Module)
}

// MarshalBinary returns the module in a form that [Runtime.Compile] accepts, for
// storing. With the interpreter that is the binary format.
func (m *Module) MarshalBinary() ([]byte, error) { return bytes.Clone(m.Binary()), nil }

// TextOptions say how [Module.WriteText] writes.
type TextOptions struct {
	Folded bool // nest instructions in their users, as people write them
}

// WriteText writes the module in the text format.
func (m *Module) WriteText(w io.Writer, o TextOptions) error {
	p := text.PrintOptions{Folded: o.Folded}
	// Sections that can't be read are printed as they are.
	if b, ok := m.m.Custom(custom.NameSection); ok {
		if names, err := custom.DecodeNames(b); err == nil {
			p.Names = names
		}
	}
	if b, ok := m.m.Custom(custom.BranchHintSection); ok {
		if hints, err := custom.DecodeBranchHints(b); err == nil {
			p.Hints = hints
		}
	}
	return text.Print(w, m.m.Module, p)
}

// ModuleStats describe what a module takes.
type ModuleStats struct {
	Functions     int // defined by the module
	Compiled      int // of those, how many have been compiled so far
	WasmCodeBytes int // their bodies in the binary format
	CodeBytes     int // what they were compiled to
}

// Stats returns the module's size before and after compilation.
func (m *Module) Stats() ModuleStats {
	s := ModuleStats{Functions: len(m.m.Module.Code)}
	for i := range m.m.Module.Code {
		s.WasmCodeBytes += len(m.m.Module.Code[i].Body)
	}
	code := m.m.Code.(*interp.ModuleCode).Stats()
	s.Compiled, s.CodeBytes = code.Functions, code.CodeBytes
	return s
}
