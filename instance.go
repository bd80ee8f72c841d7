package wamr

import (
	"context"
	"fmt"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Instance is an instance of a module. It is anonymous: names for imports live
// in linkers.
type Instance struct {
	st  *Store
	mod *Module
	in  *vm.Instance
	// alloc is where Malloc takes blocks from; nil until it is first called.
	alloc allocator
}

func wrapInstance(st *Store, mod *Module, in *vm.Instance) *Instance {
	inst := &Instance{st: st, mod: mod, in: in}
	in.Owner = inst
	return inst
}

// Module returns the module that this is an instance of.
func (inst *Instance) Module() *Module { return inst.mod }

// Store returns the store that the instance lives in.
func (inst *Instance) Store() *Store { return inst.st }

// export returns the index of the export with the given kind and name.
func (inst *Instance) export(kind ExternKind, name string) (uint32, bool) {
	e, ok := inst.mod.exports[name]
	return e.Index, ok && e.Kind == kind
}

// extern returns what an export stands for.
func (inst *Instance) extern(e wasm.Export) vm.Extern {
	x := vm.Extern{Kind: e.Kind}
	switch e.Kind {
	case ExternFunc:
		x.Func, x.FuncRef = inst.in.Func(wasm.FuncIdx(e.Index)), inst.in.FuncRef(wasm.FuncIdx(e.Index))
	case ExternTable:
		x.Table = inst.in.Tables[e.Index]
	case ExternMemory:
		x.Memory = inst.in.Memories[e.Index]
	case ExternGlobal:
		x.Global = inst.in.Globals[e.Index]
	case ExternTag:
		x.Tag = inst.in.Tags[e.Index]
	}
	return x
}

// Func returns the exported function with the given name; nil if there is none.
func (inst *Instance) Func(name string) *Func {
	x, ok := inst.export(ExternFunc, name)
	if !ok || inst.st.enter() != nil {
		return nil
	}
	return newFunc(inst.st, inst.in.Func(wasm.FuncIdx(x)), inst.in.FuncRef(wasm.FuncIdx(x)))
}

// Memory returns the exported memory with the given name; nil if there is none.
func (inst *Instance) Memory(name string) *Memory {
	x, ok := inst.export(ExternMemory, name)
	if !ok {
		return nil
	}
	return &Memory{st: inst.st, m: inst.in.Memories[x]}
}

// DefaultMemory returns the memory that host functions work on: the one
// exported as "memory", else the instance's first, else nil.
func (inst *Instance) DefaultMemory() *Memory {
	if m := inst.Memory("memory"); m != nil {
		return m
	}
	if len(inst.in.Memories) == 0 {
		return nil
	}
	return &Memory{st: inst.st, m: inst.in.Memories[0]}
}

// Table returns the exported table with the given name; nil if there is none.
func (inst *Instance) Table(name string) *Table {
	x, ok := inst.export(ExternTable, name)
	if !ok {
		return nil
	}
	return &Table{st: inst.st, t: inst.in.Tables[x]}
}

// Global returns the exported global with the given name; nil if there is none.
func (inst *Instance) Global(name string) *Global {
	x, ok := inst.export(ExternGlobal, name)
	if !ok {
		return nil
	}
	return &Global{st: inst.st, g: inst.in.Globals[x]}
}

// Tag returns the exported exception tag with the given name; nil if there is
// none.
func (inst *Instance) Tag(name string) *Tag {
	x, ok := inst.export(ExternTag, name)
	if !ok {
		return nil
	}
	return &Tag{st: inst.st, t: inst.in.Tags[x]}
}

// Call calls the exported function with the given name. The arguments must
// have the types of its parameters.
func (inst *Instance) Call(ctx context.Context, name string, args ...Value) ([]Value, error) {
	f := inst.Func(name)
	if f == nil {
		if err := inst.st.enter(); err != nil {
			return nil, err
		}
		return nil, &LookupError{Kind: ExternFunc, Name: name}
	}
	res, err := f.Call(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("call of %q: %w", name, err)
	}
	return res, nil
}
