package vm

import (
	"fmt"
	"strings"

	"github.com/wamr-go/wamr/internal/wasm"
)

// Extern is something that can be imported and exported. Exactly the field
// that Kind names is set; the zero value is nothing at all.
type Extern struct {
	Kind wasm.ExternKind
	Func *Func
	// FuncRef is the reference of Func in the store, if the exporter knows
	// it; importing does not need it.
	FuncRef Ref
	Table   *Table
	Memory  *Memory
	Global  *Global
	Tag     *Tag
}

// present says whether x is anything.
func (x *Extern) present() bool {
	switch x.Kind {
	case wasm.ExternFunc:
		return x.Func != nil
	case wasm.ExternTable:
		return x.Table != nil
	case wasm.ExternMemory:
		return x.Memory != nil
	case wasm.ExternGlobal:
		return x.Global != nil
	case wasm.ExternTag:
		return x.Tag != nil
	}
	return false
}

// ImportError says why one import cannot be satisfied.
type ImportError struct {
	Module, Name string
	Kind         wasm.ExternKind
	Msg          string // "unknown import" or "incompatible import type"
	Detail       string // such as types; may be empty
}

// Error describes the error, beginning with the specification's wording.
func (e *ImportError) Error() string {
	s := fmt.Sprintf("%s: %s %q.%q", e.Msg, e.Kind, e.Module, e.Name)
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// LinkError lists all imports that cannot be satisfied, in the module's order.
type LinkError struct {
	Imports []ImportError
}

// Error lists the imports. It begins with the specification's wording for the
// first.
func (e *LinkError) Error() string {
	var b strings.Builder
	for i := range e.Imports {
		if i == 8 {
			fmt.Fprintf(&b, "; and %d more", len(e.Imports)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(e.Imports[i].Error())
	}
	return b.String()
}

// Messages, in the specification's wording.
const (
	msgUnknownImport      = "unknown import"
	msgIncompatibleImport = "incompatible import type"
)

// CheckImport decides whether x may be linked to the i-th import of m. It
// returns nil or an *ImportError. Specification: section "External Subtyping".
func CheckImport(m *Module, i int, x *Extern) *ImportError {
	imp := &m.Imports[i]
	fail := func(msg, detail string) *ImportError {
		return &ImportError{Module: imp.Module, Name: imp.Name, Kind: imp.Kind, Msg: msg, Detail: detail}
	}
	if !x.present() {
		return fail(msgUnknownImport, "")
	}
	if x.Kind != imp.Kind {
		return fail(msgIncompatibleImport, fmt.Sprintf("it is a %s", x.Kind))
	}
	t := m.types
	switch imp.Kind {
	case wasm.ExternFunc:
		want := m.TypeIDs[imp.Func]
		if !t.IsSubtype(x.Func.Type, want) {
			return fail(msgIncompatibleImport, fmt.Sprintf("have %s, want %s", x.Func.Sig, t.Info(want).Func))
		}
	case wasm.ExternTable:
		have, want := &x.Table.Type, imp.Table
		want.Elem = m.canonical(want.Elem)
		if have.Elem != want.Elem {
			return fail(msgIncompatibleImport, fmt.Sprintf("have elements %s, want %s", have.Elem, want.Elem))
		}
		if d := checkLimits(&have.Limits, &want.Limits, uint64(len(x.Table.Elems))); d != "" {
			return fail(msgIncompatibleImport, d)
		}
	case wasm.ExternMemory:
		have, want := &x.Memory.Type, &imp.Mem
		switch {
		case have.Shared != want.Shared:
			return fail(msgIncompatibleImport, "one is shared, one is not")
		case have.PageSizeLog2 != want.PageSizeLog2:
			return fail(msgIncompatibleImport, "page sizes differ")
		}
		if d := checkLimits(&have.Limits, &want.Limits, x.Memory.Pages()); d != "" {
			return fail(msgIncompatibleImport, d)
		}
	case wasm.ExternGlobal:
		have, want := x.Global.Type, imp.Global
		want.Type = m.canonical(want.Type)
		if have.Mutable != want.Mutable {
			return fail(msgIncompatibleImport, "one is mutable, one is not")
		}
		if have.Type != want.Type && (have.Mutable || !wasm.Matches(t, have.Type, want.Type)) {
			return fail(msgIncompatibleImport, fmt.Sprintf("have %s, want %s", have.Type, want.Type))
		}
	case wasm.ExternTag:
		if want := m.TypeIDs[imp.Tag]; x.Tag.Type != want {
			return fail(msgIncompatibleImport, fmt.Sprintf("have %s, want %s", x.Tag.Sig, t.Info(want).Func))
		}
	}
	return nil
}

// checkLimits says why something of size now, declared with limits have, does
// not match limits want; empty if it does.
func checkLimits(have, want *wasm.Limits, now uint64) string {
	switch {
	case have.Addr64 != want.Addr64:
		return fmt.Sprintf("index type is %s, want %s", have.AddrType(), want.AddrType())
	case now < want.Min:
		return fmt.Sprintf("size is %d, want at least %d", now, want.Min)
	case want.HasMax && !have.HasMax:
		return fmt.Sprintf("maximum is missing, want at most %d", want.Max)
	case want.HasMax && have.Max > want.Max:
		return fmt.Sprintf("maximum is %d, want at most %d", have.Max, want.Max)
	}
	return ""
}
