package wasm

// Module is a module's abstract syntax. It is immutable once it has been
// decoded or parsed; its byte slices alias the input.
//
// Index spaces begin with the imports: function i is import number i of kind
// func, or Funcs[i-ImportCount(ExternFunc)]; use FuncType, TableType and so on to look through both.
type Module struct {
	Types     []SubType
	RecGroups []RecGroup // partition Types in order

	Imports  []Import
	Funcs    []TypeIdx // of the functions defined here; their code is in Code
	Tables   []Table
	Memories []MemType
	Tags     []TypeIdx
	Globals  []Global
	Exports  []Export
	Start    FuncIdx // meaningful only if HasStart
	HasStart bool
	Elems    []Elem
	Data     []Data
	// DataCount is the content of the data count section, meaningful only if
	// HasDataCount.
	DataCount    uint32
	HasDataCount bool
	Code         []Code
	Customs      []Custom

	// Bytes is the binary that the module was decoded from; nil for modules
	// from text. Code bodies and expressions alias it.
	Bytes []byte

	// importOf lists, by kind, the positions in Imports.
	importOf [5][]uint32
}

// Import is one import. Exactly the field that Kind names is meaningful.
type Import struct {
	Module, Name string
	Kind         ExternKind
	Func         TypeIdx // type of a function
	Table        TableType
	Mem          MemType
	Global       GlobalType
	Tag          TypeIdx // type of a tag
	Offset       Offset
}

// Export is one export: a name for the item Index of the index space of Kind.
type Export struct {
	Name   string
	Kind   ExternKind
	Index  uint32
	Offset Offset
}

// Expr is a constant expression: instructions in binary form, with the final
// end (0x0B).
type Expr struct {
	Offset Offset
	Bytes  []byte
}

// Table is a table defined by the module. Init is empty (no bytes) where the
// table was declared without an initializer and so begins as nulls.
type Table struct {
	Type TableType
	Init Expr
}

// Global is a global defined by the module.
type Global struct {
	Type GlobalType
	Init Expr
}

// SegmentMode says what happens to an element or data segment at instantiation.
type SegmentMode uint8

// The segment modes.
const (
	Passive SegmentMode = iota
	Active
	Declarative // element segments only
)

// Elem is an element segment. Its items are either function indices (Funcs) or
// constant expressions (Exprs); the other slice is nil.
type Elem struct {
	Mode   SegmentMode
	Table  TableIdx // Active
	At     Expr     // Active: the offset in the table
	Type   ValType
	Funcs  []FuncIdx
	Exprs  []Expr
	Offset Offset
	// Flags is the binary form that was decoded (0..7), kept so that encoding
	// gives the same bytes.
	Flags uint8
}

// Len returns the number of elements.
func (e *Elem) Len() int { return len(e.Funcs) + len(e.Exprs) }

// Data is a data segment.
type Data struct {
	Mode   SegmentMode
	Mem    MemIdx // Active
	At     Expr   // Active: the offset in the memory
	Init   []byte
	Offset Offset
	Flags  uint8 // binary form, 0..2
}

// Locals is a run of locals of one type.
type Locals struct {
	Count uint32
	Type  ValType
}

// Code is the body of a function defined by the module.
type Code struct {
	Locals []Locals // runs as written; counts add up to at most MaxLocals
	// Body is the instruction sequence in binary form, with the final end.
	Body []byte
	// Offset is the position of Body's first byte; Start that of the whole
	// entry, its size field excluded.
	Offset, Start Offset
}

// SectionID identifies a section of the binary format.
type SectionID uint8

// The section ids.
const (
	SectionCustom SectionID = iota
	SectionType
	SectionImport
	SectionFunction
	SectionTable
	SectionMemory
	SectionGlobal
	SectionExport
	SectionStart
	SectionElement
	SectionCode
	SectionData
	SectionDataCount
	SectionTag
)

// Custom is a custom section.
type Custom struct {
	Name string
	Data []byte
	// After is the id of the last non-custom section before it; SectionCustom
	// if it comes before all others.
	After  SectionID
	Offset Offset // of Data
}

// Custom returns the data of the first custom section with the given name.
func (m *Module) Custom(name string) ([]byte, bool) {
	for i := range m.Customs {
		if m.Customs[i].Name == name {
			return m.Customs[i].Data, true
		}
	}
	return nil, false
}

// Index prepares the look-up of imports by kind. Whoever builds a Module calls
// it once, after Imports is complete.
func (m *Module) Index() {
	m.importOf = [5][]uint32{}
	for i := range m.Imports {
		k := m.Imports[i].Kind
		m.importOf[k] = append(m.importOf[k], uint32(i))
	}
}

// ImportCount returns the number of imports of the given kind.
func (m *Module) ImportCount(k ExternKind) int { return len(m.importOf[k]) }

// ImportOf returns the i-th import of the given kind; i must be below
// ImportCount(k).
func (m *Module) ImportOf(k ExternKind, i int) *Import { return &m.Imports[m.importOf[k][i]] }

// NumFuncs returns the size of the function index space.
func (m *Module) NumFuncs() int { return len(m.importOf[ExternFunc]) + len(m.Funcs) }

// NumTables returns the size of the table index space.
func (m *Module) NumTables() int { return len(m.importOf[ExternTable]) + len(m.Tables) }

// NumMemories returns the size of the memory index space.
func (m *Module) NumMemories() int { return len(m.importOf[ExternMemory]) + len(m.Memories) }

// NumGlobals returns the size of the global index space.
func (m *Module) NumGlobals() int { return len(m.importOf[ExternGlobal]) + len(m.Globals) }

// NumTags returns the size of the tag index space.
func (m *Module) NumTags() int { return len(m.importOf[ExternTag]) + len(m.Tags) }

// FuncTypeIdx returns the type index of function x, which must exist.
func (m *Module) FuncTypeIdx(x FuncIdx) TypeIdx {
	if n := len(m.importOf[ExternFunc]); int(x) >= n {
		return m.Funcs[int(x)-n]
	}
	return m.ImportOf(ExternFunc, int(x)).Func
}

// FuncType returns the type of function x; x and its type index must be valid.
func (m *Module) FuncType(x FuncIdx) *FuncType { return &m.Types[m.FuncTypeIdx(x)].Func }

// TableType returns the type of table x, which must exist.
func (m *Module) TableType(x TableIdx) *TableType {
	if n := len(m.importOf[ExternTable]); int(x) >= n {
		return &m.Tables[int(x)-n].Type
	}
	return &m.ImportOf(ExternTable, int(x)).Table
}

// MemType returns the type of memory x, which must exist.
func (m *Module) MemType(x MemIdx) *MemType {
	if n := len(m.importOf[ExternMemory]); int(x) >= n {
		return &m.Memories[int(x)-n]
	}
	return &m.ImportOf(ExternMemory, int(x)).Mem
}

// GlobalType returns the type of global x, which must exist.
func (m *Module) GlobalType(x GlobalIdx) *GlobalType {
	if n := len(m.importOf[ExternGlobal]); int(x) >= n {
		return &m.Globals[int(x)-n].Type
	}
	return &m.ImportOf(ExternGlobal, int(x)).Global
}

// TagTypeIdx returns the type index of tag x, which must exist.
func (m *Module) TagTypeIdx(x TagIdx) TypeIdx {
	if n := len(m.importOf[ExternTag]); int(x) >= n {
		return m.Tags[int(x)-n]
	}
	return m.ImportOf(ExternTag, int(x)).Tag
}
