package wamr

import (
	"context"
	"errors"
	"sync"

	"github.com/wamr-go/wamr/internal/vm"
)

// Limits bound what the instances of a [Store] may use together. Zero values
// mean the defaults.
type Limits struct {
	Memory    uint64 // bytes of all linear memories; default 4 GiB
	Tables    uint64 // elements of all tables; default 10,000,000
	GCHeap    uint64 // bytes of the heap for structures and arrays; default 64 MiB
	Stack     uint64 // bytes of the value stack; default 1 MiB
	CallDepth uint64 // nested calls of Wasm functions; default: as Stack allows
	Instances uint64 // default 10,000
	// AppHeap is the size in bytes of the heap that [Instance.Malloc] and
	// library functions of the host allocate from, inside the instance's
	// memory, if the module does not export an allocator. Default: none.
	AppHeap uint64
	// Fuel, if it is not 0, is how many Wasm instructions may be executed
	// before [ErrFuel]; see [Store.AddFuel].
	Fuel uint64
}

// Store is a unit of isolation and lifetime: its instances may refer to one
// another, its limits hold for all of them, and closing it frees them all. One
// goroutine at a time may use it.
type Store struct {
	rt      *Runtime
	s       *vm.Store
	limits  Limits
	scratch [maxScratch]uint64
	caller  Caller
	data    map[any]any
	// resolved is what Resolvers of linkers returned for the store.
	resolved map[resolvedName]*Instance
	// dropped are references that Go no longer holds; see Ref.
	dropped *droppedRoots

	closeMu sync.Mutex // guards what follows
	closed  bool
	onClose []func()
}

// maxScratch is the number of slots that typed calls may need: six parameters.
const maxScratch = 6

// NewStore makes an empty store.
func (rt *Runtime) NewStore(limits Limits) *Store {
	st := &Store{rt: rt, limits: limits, dropped: new(droppedRoots)}
	st.s = vm.NewStore(rt.types, rt.engine, vm.Limits{
		Memory: limits.Memory, Table: limits.Tables, GCHeap: limits.GCHeap, Stack: limits.Stack,
		CallDepth: limits.CallDepth, Instances: limits.Instances, HasFuel: limits.Fuel != 0, Fuel: limits.Fuel,
	})
	st.s.Owner, st.s.OnGrow = st, rt.cfg.Hooks.Grow
	st.s.OnPanic = func(x *vm.Exec, p any) any { return hostPanic(x, p) }
	st.caller = Caller{st: st, x: &st.s.Exec}
	return st
}

// Runtime returns the store's runtime.
func (st *Store) Runtime() *Runtime { return st.rt }

// Close frees what the store's instances hold. Using them afterwards is an
// error, but views of their memories must no longer be touched. Calls that are
// active are interrupted, and the last of them frees the store. It may be called
// from any goroutine, and always returns nil. A store that is forgotten is
// closed by the collector; Close is for promptness.
func (st *Store) Close() error {
	st.s.Close()
	st.closeMu.Lock()
	fns := st.onClose
	st.closed, st.onClose = true, nil
	st.closeMu.Unlock()
	for i := len(fns) - 1; i >= 0; i-- {
		fns[i]()
	}
	return nil
}

// OnClose has fn called by [Store.Close], the last one first, for what host code
// keeps open on the store's behalf; at once if the store is closed already. A
// call into the store may still be active then, and about to end. It may be
// called from any goroutine. Stores that are forgotten instead of closed don't
// call fn.
func (st *Store) OnClose(fn func()) {
	st.closeMu.Lock()
	closed := st.closed
	if !closed {
		st.onClose = append(st.onClose, fn)
	}
	st.closeMu.Unlock()
	if closed {
		fn()
	}
}

// enter is the check that stands before every use of the store.
func (st *Store) enter() error {
	if st.s.Closed() {
		return &ClosedError{"store"}
	}
	return nil
}

// call runs f with arguments and results in slots.
func (st *Store) call(ctx context.Context, f *vm.Func, slots []uint64) error {
	if st.dropped.some.Load() {
		st.dropRoots()
	}
	return st.s.Exec.Call(ctx, f, slots)
}

// Interrupt stops the Wasm code that runs in the store, or that will run next,
// with a [Trap] of kind [ErrInterrupted] whose cause is cause. It may be called
// from any goroutine.
func (st *Store) Interrupt(cause error) { st.s.Interrupt(cause) }

// Fuel returns what is left of the store's fuel; 0 if it is not limited.
func (st *Store) Fuel() uint64 { return st.s.FuelLeft() }

// AddFuel adds to the fuel of a store that was made with Limits.Fuel. Every
// Wasm instruction but nop, block, loop, else and end takes one unit.
func (st *Store) AddFuel(n uint64) { st.s.AddFuel(n) }

// StoreStats say what a store uses.
type StoreStats = vm.Stats

// Stats returns what the store uses now.
func (st *Store) Stats() StoreStats { return st.s.Stats() }

// Snapshot is the state of a store's memories, globals, tables and segments at
// one moment.
type Snapshot struct {
	st *Store
	s  *vm.Snapshot
}

// Snapshot copies the contents of the store's memories, globals and tables. It
// must not be called during a call. Objects of the garbage-collected heap are
// shared with the snapshot, not copied.
func (st *Store) Snapshot() (*Snapshot, error) {
	if err := st.enter(); err != nil {
		return nil, err
	}
	s, err := st.s.Snapshot()
	if err != nil {
		return nil, err
	}
	return &Snapshot{st, s}, nil
}

// Restore puts the contents of a snapshot of the same store back. Memories and
// tables that have grown since shrink to what they were.
func (st *Store) Restore(s *Snapshot) error {
	if err := st.enter(); err != nil {
		return err
	}
	if s.st != st {
		return errors.New("wamr: the snapshot is of another store")
	}
	return st.s.Restore(s.s)
}

// Key names a typed value that host code keeps in a store. Make one with new:
//
//	var counter = new(wamr.Key[*Counter])
type Key[T any] struct{ _ byte }

// Set keeps v in the store under the key.
func (k *Key[T]) Set(st *Store, v T) {
	if st.data == nil {
		st.data = make(map[any]any)
	}
	st.data[k] = v
}

// Get returns the value that the store keeps under the key; false if there is
// none.
func (k *Key[T]) Get(st *Store) (T, bool) {
	v, ok := st.data[k].(T)
	return v, ok
}

// countTrap counts the trap that a call ended with, if it did.
func (st *Store) countTrap(err error) {
	var trap *Trap
	if !errors.As(err, &trap) {
		return
	}
	st.rt.stats.traps.Add(1)
	if hook := st.rt.cfg.Hooks.Trap; hook != nil {
		hook(trap)
	}
}
