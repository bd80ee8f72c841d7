package vm

import (
	"context"
	"errors"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// goEngine is an engine whose code are Go functions, by module and index of the
// function among the module's own.
type goEngine map[*Module][]func(x *Exec, f *Func, slots []uint64) error

func (e goEngine) Call(x *Exec, f *Func, slots []uint64) error {
	if f.Host != nil {
		return f.Host(x, slots)
	}
	code := e[f.Inst.Module]
	own := int(f.Index) - f.Inst.Module.ImportCount(wasm.ExternFunc)
	if own >= len(code) {
		return nil
	}
	return code[own](x, f, slots)
}

func (goEngine) Backtrace(*Exec) []Frame { return nil }

// expr encodes a constant expression.
func expr(ins ...instr.Instr) wasm.Expr {
	var b []byte
	for i := range ins {
		b = instr.Append(b, &ins[i])
	}
	return wasm.Expr{Bytes: append(b, 0x0B)}
}

func i32(v uint32) wasm.Expr { return expr(instr.Instr{Op: op.I32Const, Val: uint64(v)}) }

func global(x uint32) wasm.Expr { return expr(instr.Instr{Op: op.GlobalGet, X: x}) }

// prepare makes a Module of hand-written syntax.
func prepare(t testing.TB, types *Types, m *wasm.Module) *Module {
	t.Helper()
	if m.RecGroups == nil {
		for i := range m.Types {
			m.RecGroups = append(m.RecGroups, wasm.RecGroup{Start: uint32(i), Len: 1})
		}
	}
	m.Index()
	p, err := NewModule(types, m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func funcType(params, results []wasm.ValType) wasm.SubType {
	return wasm.SubType{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Params: params, Results: results}}
}

func structType(fields ...wasm.FieldType) wasm.SubType {
	return wasm.SubType{Final: true, Kind: wasm.KindStruct, Fields: fields}
}

func arrayType(t wasm.ValType) wasm.SubType {
	return wasm.SubType{Final: true, Kind: wasm.KindArray, Fields: []wasm.FieldType{{Type: t, Mutable: true}}}
}

func mutable(t wasm.ValType) wasm.FieldType { return wasm.FieldType{Type: t, Mutable: true} }

func limits(min uint64, max ...uint64) wasm.Limits {
	l := wasm.Limits{Min: min}
	if len(max) > 0 {
		l.Max, l.HasMax = max[0], true
	}
	return l
}

func memType(min uint64, max ...uint64) wasm.MemType {
	return wasm.MemType{Limits: limits(min, max...), PageSizeLog2: wasm.PageSizeLog2}
}

func tableType(elem wasm.ValType, min uint64, max ...uint64) wasm.TableType {
	return wasm.TableType{Limits: limits(min, max...), Elem: elem}
}

// instantiate instantiates without imports.
func instantiate(t testing.TB, s *Store, m *Module, imports ...Extern) *Instance {
	t.Helper()
	i, err := Instantiate(context.Background(), s, m, imports)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// newStore returns a store that is closed when the test ends.
func newStore(t testing.TB, types *Types, e Engine) *Store {
	s := NewStore(types, e, Limits{})
	t.Cleanup(s.Close)
	return s
}

func newTypes(t testing.TB) *Types {
	types := NewTypes()
	t.Cleanup(types.Close)
	return types
}

func wantTrap(t *testing.T, err error, kind TrapKind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("error is %v, want a trap: %v", err, kind)
	}
}
