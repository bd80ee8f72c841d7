package vm

import (
	"runtime"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Module is a validated module, prepared for instantiation by the stores of
// one Types registry. It is immutable and safe for concurrent use.
type Module struct {
	*wasm.Module
	TypeIDs []TypeID // by type index
	// Code belongs to the engine.
	Code any

	types *Types
	// What constant expressions come to as far as that is known without an
	// instance, by position in the corresponding section.
	globalInit []constant
	tableInit  []constant
	elemAt     []constant
	dataAt     []constant
	elems      [][]constant // of segments with expressions; nil for the others
	resources  *moduleResources
	// hasBulkData says that code may refer to data segments.
	hasBulkData bool
}

// moduleResources are what a module has beyond Go memory, or shares with
// others. They don't refer to the module, so that they are freed when it is
// unreachable. Instances keep their module reachable.
type moduleResources struct {
	types  *Types
	groups []*typeGroup
	image  lazyImage
}

func (r *moduleResources) free() {
	r.image.close(&r.types.pools.slots)
	r.types.release(r.groups)
}

// NewModule prepares a valid module. It fails with a *wasm.LimitError. The
// caller sets Code.
func NewModule(types *Types, m *wasm.Module) (*Module, error) {
	ids, groups, err := types.register(m)
	if err != nil {
		return nil, err
	}
	p := &Module{Module: m, TypeIDs: ids, types: types, resources: &moduleResources{types: types, groups: groups}}
	p.hasBulkData = m.HasDataCount || m.Bytes == nil
	p.prepareConstants()
	if start, size, ok := p.imageRange(); ok {
		p.resources.image.start, p.resources.image.size = start, size
	}
	runtime.AddCleanup(p, (*moduleResources).free, p.resources)
	return p, nil
}

// Close frees what the module holds of the operating system's resources; the
// rest goes when it is unreachable. The module and its instances go on to work.
func (m *Module) Close() { m.resources.image.close(&m.types.pools.slots) }

// TypeInfo returns the description of the module's type x, which must exist.
func (m *Module) TypeInfo(x wasm.TypeIdx) *TypeInfo { return m.types.Info(m.TypeIDs[x]) }

// canonical returns a type of the module with TypeIDs for type indices.
func (m *Module) canonical(v wasm.ValType) wasm.ValType {
	if v.IsRef() {
		if x, ok := v.Heap().Concrete(); ok {
			return wasm.Ref(v.Nullable(), wasm.HeapType(m.TypeIDs[x]))
		}
	}
	return v
}

func (m *Module) prepareConstants() {
	var r instr.Reader
	r.Features = op.FeaturesAll
	m.globalInit = make([]constant, len(m.Globals))
	for i := range m.Globals {
		m.globalInit[i] = prepareConstant(&r, &m.Globals[i].Init)
	}
	m.tableInit = make([]constant, len(m.Tables))
	for i := range m.Tables {
		m.tableInit[i] = prepareConstant(&r, &m.Tables[i].Init)
	}
	m.elemAt = make([]constant, len(m.Elems))
	m.elems = make([][]constant, len(m.Elems))
	for i := range m.Elems {
		e := &m.Elems[i]
		if e.Mode == wasm.Active {
			m.elemAt[i] = prepareConstant(&r, &e.At)
		}
		if e.Exprs != nil && e.Mode != wasm.Declarative {
			m.elems[i] = make([]constant, len(e.Exprs))
			for j := range e.Exprs {
				m.elems[i][j] = prepareConstant(&r, &e.Exprs[j])
			}
		}
	}
	m.dataAt = make([]constant, len(m.Data))
	for i := range m.Data {
		if m.Data[i].Mode == wasm.Active {
			m.dataAt[i] = prepareConstant(&r, &m.Data[i].At)
		}
	}
}
