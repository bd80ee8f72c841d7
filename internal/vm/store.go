package vm

import (
	"github.com/wamr-go/wamr/internal/wasm"
)

// Limits bound what the instances of one store may use together. Zero values
// mean the defaults.
type Limits struct {
	Memory    uint64 // bytes of all linear memories; default 4 GiB
	Table     uint64 // elements of all tables; default wasm.MaxTableSize
	GCHeap    uint64 // bytes of the garbage-collected heap; default 64 MiB
	Stack     uint64 // bytes of value stack; default 1 MiB
	CallDepth uint64 // nested Wasm calls; default: bounded by Stack alone
	Instances uint64 // default 10,000
	HasFuel   bool
	Fuel      uint64 // see Store.Fuel
}

// Store is a unit of isolation and lifetime. The instances in it may refer to
// one another; its limits hold for all of them. One goroutine at a time may
// use it.
type Store struct {
	Types  *Types
	Engine Engine
	Limits Limits
	Exec   Exec
	Heap   Heap
	// Funcs maps function references to functions. Entries are nil until
	// their function is first needed; use Func.
	Funcs []*Func
	// Fuel is what is left of the fuel when Limits.HasFuel is set.
	Fuel int64
}

// Instance is a module instance.
type Instance struct {
	Store  *Store
	Module *Module
	// FuncBase plus a function index is that function's reference.
	FuncBase Ref
	Imports  []*Func // imported functions, by function index
	Memories []*Memory
	Tables   []*Table
	Globals  []*Global
	Tags     []*Tag
	// Elems and Data are the segments; nil once dropped.
	Elems [][]Ref
	Data  [][]byte
}

// Module is a validated module, prepared for instantiation by the stores of
// one Types registry. It is immutable and safe for concurrent use.
type Module struct {
	*wasm.Module
	TypeIDs []TypeID // by type index
	// Code belongs to the engine.
	Code any
}

// Global is a global. Its value is in Lo, and Hi for v128.
type Global struct {
	Lo, Hi uint64
	Type   wasm.GlobalType // concrete heap types in it are TypeIDs
}

// Tag is an exception tag. Its identity is its address.
type Tag struct {
	Type TypeID
	Sig  *wasm.FuncType
}

// Table is a table.
type Table struct {
	Elems []Ref
	Type  wasm.TableType // concrete heap types in it are TypeIDs; limits are the declared ones
}
