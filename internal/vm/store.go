package vm

import (
	"errors"
	"math"
	"math/bits"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/wamr-go/wamr/internal/wasm"
)

// Limits bound what the instances of one store may use together. Zero values
// mean the defaults.
type Limits struct {
	Memory    uint64 // bytes of all linear memories; default 4 GiB (32-bit hosts: 512 MiB)
	Table     uint64 // elements of all tables; default wasm.MaxTableSize
	GCHeap    uint64 // bytes of the garbage-collected heap; default 64 MiB, at most 4 GiB
	Stack     uint64 // bytes of value stack; default 1 MiB
	CallDepth uint64 // nested Wasm calls; default: bounded by Stack alone
	Instances uint64 // default 10,000
	HasFuel   bool
	Fuel      uint64 // see Store.Fuel
}

// The default limits.
const (
	DefaultMemory    = 4<<30*(bits.UintSize/64) + 512<<20*(1-bits.UintSize/64)
	DefaultTable     = wasm.MaxTableSize
	DefaultGCHeap    = 64 << 20
	DefaultStack     = 1 << 20
	DefaultInstances = 10_000

	maxGCHeap = 1 << 32
	minStack  = 4 << 10
	maxStack  = 1 << 30
)

// withDefaults returns l with the defaults filled in.
func (l Limits) withDefaults() Limits {
	set := func(v *uint64, d uint64) {
		if *v == 0 {
			*v = d
		}
	}
	set(&l.Memory, DefaultMemory)
	set(&l.Table, DefaultTable)
	set(&l.GCHeap, DefaultGCHeap)
	set(&l.Stack, DefaultStack)
	set(&l.Instances, DefaultInstances)
	l.GCHeap = min(l.GCHeap, maxGCHeap)
	l.Stack = min(max(l.Stack, minStack), maxStack) &^ 7
	return l
}

// ErrClosed is the error of using a store, or what is in it, after Close.
var ErrClosed = errors.New("the store is closed")

// ErrBusy is the error of a call from Go into a store that another goroutine is
// using.
var ErrBusy = errors.New("the store is in use by another goroutine")

// Store is a unit of isolation and lifetime. The instances in it may refer to
// one another; its limits hold for all of them. One goroutine at a time may
// use it; Interrupt and Close alone may be called from any.
type Store struct {
	Types  *Types
	Engine Engine
	Limits Limits // with the defaults filled in
	Exec   Exec
	Heap   Heap
	// Funcs maps function references to functions. Entries are nil until
	// their function is first needed; use Func.
	Funcs []*Func
	// Fuel is what is left of the fuel when Limits.HasFuel is set; below 0 it
	// is used up. Use FuelLeft and AddFuel between calls.
	Fuel int64
	// Owner belongs to the embedder.
	Owner any
	// OnGrow, if it is not nil, is called after a memory has been enlarged on
	// behalf of the store, with the new size in bytes.
	OnGrow func(bytes uint64)
	// OnPanic, if it is set, gives a panic that leaves a call the value to go
	// on with.
	OnPanic func(x *Exec, p any) any

	instances []*Instance // in the order of their FuncBase
	tags      []*Tag      // those that exceptions were made of
	roots     map[Ref]int // references held by the host, counted
	snapshots []weak.Pointer[Snapshot]
	// operands is the operand stack of the constant expression that is being
	// evaluated, a conservative root of the heap.
	operands []uint64

	memoryBytes   atomic.Uint64 // in use of Limits.Memory
	tableElements atomic.Uint64 // in use of Limits.Table
	ran           bool          // a call was made: memories may have changed

	mu      sync.Mutex // guards what follows
	closed  atomic.Bool
	freed   atomic.Bool
	owned   *offHeap // what has to be freed; nil if there is nothing
	cleanup runtime.Cleanup
}

// NewStore returns an empty store. It takes no resources beyond Go memory until
// something is put into it.
func NewStore(types *Types, engine Engine, lim Limits) *Store {
	s := &Store{Types: types, Engine: engine, Limits: lim.withDefaults()}
	s.Exec.Store = s
	s.Fuel = math.MaxInt64
	if lim.HasFuel {
		s.Fuel = int64(min(lim.Fuel, math.MaxInt64))
	}
	return s
}

// Closed says whether Close was called.
func (s *Store) Closed() bool { return s.closed.Load() }

// Close ends the store: calls that are active in it are interrupted, all others
// fail with ErrClosed from now on, and what it uses is freed, as soon as no call
// is active. Views of its memories become invalid.
//
// It may be called while a call runs in another goroutine, but not at the moment
// at which one begins.
func (s *Store) Close() {
	s.mu.Lock()
	if s.closed.Swap(true) {
		s.mu.Unlock()
		return
	}
	h := s.Exec.hold
	s.mu.Unlock()
	if h != nil {
		s.Types.pools.stacks.mark(h)
	}
	if s.tryFree() {
		return
	}
	s.Exec.stop(TrapInterrupted, ErrClosed)
	// The call frees the store when it ends, unless it has ended just now.
	s.Types.watch.add(&s.Exec)
}

// tryFree frees a closed store, once, if no call is active. It returns false if
// one is.
func (s *Store) tryFree() bool {
	if h := s.Exec.hold; h != nil && h.state.Load() != holdIdle {
		return false
	}
	if !s.freed.Swap(true) {
		s.free()
	}
	return true
}

// free gives back everything outside Go's heap. It runs once, when no call is
// active.
func (s *Store) free() {
	for _, i := range s.instances {
		for _, m := range i.Memories {
			m.forget(s)
		}
	}
	s.Heap.forget()
	if s.Exec.hold != nil {
		s.Types.pools.stacks.put(s.Exec.hold)
	}
	if s.owned != nil {
		s.cleanup.Stop()
		s.owned.unchanged = !s.ran
		s.owned.free()
		s.owned = nil
	}
}

// own makes sure that r is freed with the store, or when the store is
// unreachable.
func (s *Store) own(r resource) {
	if s.owned == nil {
		s.owned = &offHeap{}
		s.cleanup = runtime.AddCleanup(s, (*offHeap).free, s.owned)
	}
	s.owned.resources = append(s.owned.resources, r)
}

// resource is something outside Go's heap.
type resource interface{ free() }

// offHeap is what a store owns outside Go's heap. It doesn't refer to the
// store, so that it can outlive it until the cleanup runs.
type offHeap struct {
	resources []resource
	// unchanged says that no code ran that could have changed memories
	// without saying so.
	unchanged bool
}

func (o *offHeap) free() {
	for _, r := range o.resources {
		if s, ok := r.(*slot); ok && !o.unchanged {
			s.dirty = true
		}
		r.free()
	}
	o.resources = nil
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
	// Elems and Data are the segments; nil once dropped. Data is nil if the
	// module has no code that could use it.
	Elems [][]Ref
	Data  [][]byte
	// Owner belongs to the embedder.
	Owner any
}

// Global is a global. Its value is in Lo, and Hi for v128.
type Global struct {
	Lo, Hi uint64
	Type   wasm.GlobalType // concrete heap types in it are TypeIDs
	// store is the one whose references it holds; nil before it is imported,
	// and always for numbers and vectors.
	store *Store
}

// Tag is an exception tag. Its identity is its address.
type Tag struct {
	Type TypeID
	Sig  *wasm.FuncType // Types.Info(Type).Func

	store *Store // nil before it is imported
	index uint32 // in the store's tags, plus one; 0: not there yet
}

// Func returns the function that r refers to, and creates it on first need. r
// must be a function reference of this store, not null.
func (s *Store) Func(r Ref) *Func {
	if f := s.Funcs[r]; f != nil {
		return f
	}
	return s.makeFunc(r)
}

func (s *Store) makeFunc(r Ref) *Func {
	n := sort.Search(len(s.instances), func(i int) bool { return s.instances[i].FuncBase > r })
	i := s.instances[n-1]
	x := wasm.FuncIdx(r - i.FuncBase)
	id := i.Module.TypeIDs[i.Module.FuncTypeIdx(x)]
	f := &Func{Inst: i, Index: x}
	f.setType(s.Types, id)
	s.Funcs[r] = f
	return f
}

func (f *Func) setType(t *Types, id TypeID) {
	f.Type = id
	f.Sig = t.Info(id).Func
	f.ParamSlots, f.ResultSlots = slotCount(f.Sig.Params), slotCount(f.Sig.Results)
}

func slotCount(types []wasm.ValType) uint32 {
	n := len(types)
	for _, t := range types {
		if t == wasm.V128 {
			n++
		}
	}
	return uint32(n)
}

// ValidFunc says whether r is a function reference of this store, not null.
func (s *Store) ValidFunc(r Ref) bool { return r != Null && uint64(r) < uint64(len(s.Funcs)) }

// Func returns function x of the instance, which must exist.
func (i *Instance) Func(x wasm.FuncIdx) *Func { return i.Store.Func(i.FuncBase + Ref(x)) }

// FuncRef returns the reference of function x.
func (i *Instance) FuncRef(x wasm.FuncIdx) Ref { return i.FuncBase + Ref(x) }

// NewHostFunc returns a function of the given function type that belongs to no
// store, so that all stores of the registry may import it.
func NewHostFunc(t *Types, id TypeID, name string, fn HostFunc) *Func {
	f := &Func{Host: fn, Name: name}
	f.setType(t, id)
	return f
}

// NewHostFunc returns a function of the given function type and a reference to
// it. It fails with a *wasm.LimitError.
func (s *Store) NewHostFunc(id TypeID, name string, fn HostFunc) (*Func, Ref, error) {
	f := NewHostFunc(s.Types, id, name, fn)
	r, err := s.AddFunc(f)
	return f, r, err
}

// AddFunc returns a reference to a host function. It fails with a
// *wasm.LimitError.
func (s *Store) AddFunc(f *Func) (Ref, error) {
	base, err := s.reserveFuncs(1)
	if err != nil {
		return Null, err
	}
	s.Funcs[base] = f
	return base, nil
}

// maxFuncRefs bounds the function references of a store, so that they stay
// apart from small integers' sign and fit the memory of a host.
const maxFuncRefs = 1 << 28

// reserveFuncs makes room for n functions and returns the first one's reference.
func (s *Store) reserveFuncs(n int) (Ref, error) {
	if len(s.Funcs) == 0 {
		s.Funcs = make([]*Func, 1, 1+n) // 0 is null
	}
	base := len(s.Funcs)
	if have := uint64(base) + uint64(n); have > maxFuncRefs {
		return Null, &wasm.LimitError{Name: "functions of a store", Have: have, Max: maxFuncRefs}
	}
	s.Funcs = append(s.Funcs, make([]*Func, n)...)
	return Ref(base), nil
}

// NewGlobal returns a global; concrete heap types in t are TypeIDs. Globals of
// reference type belong to the store that first imports them. References in it
// keep what they refer to alive from then on; before, the host has to hold them
// with AddRoot.
func NewGlobal(t wasm.GlobalType, lo, hi uint64) *Global {
	return &Global{Lo: lo, Hi: hi, Type: t}
}

// NewTag returns a tag whose arguments are the parameters of the given function
// type. It belongs to the store that first imports it.
func NewTag(t *Types, id TypeID) *Tag { return &Tag{Type: id, Sig: t.Info(id).Func} }
