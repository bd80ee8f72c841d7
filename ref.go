package wamr

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/wamr-go/wamr/internal/vm"
)

// Ref is a reference that came out of Wasm code: to a structure, an array, an
// i31, an exception or a host value. It keeps what it refers to alive; when the
// Ref is forgotten, so may be the object.
type Ref struct {
	st  *Store
	ref vm.Ref
	typ ValueType // static
}

// wrapRef makes what Go code holds for a non-null reference of type t.
func (st *Store) wrapRef(r vm.Ref, t ValueType) any {
	if st.s.IsFuncHeap(t.Heap()) {
		return newFunc(st, st.s.Func(r), r)
	}
	if st.dropped.some.Load() {
		st.dropRoots()
	}
	ref := &Ref{st, r, t}
	if st.s.AddRoot(r) {
		runtime.AddCleanup(ref, st.dropped.add, r)
	}
	return ref
}

// droppedRoots collects, from the goroutine that runs clean-ups, the roots that
// the store's own goroutine shall drop. It does not refer to the store, which
// the clean-ups must not keep alive.
type droppedRoots struct {
	some atomic.Bool // refs is not empty
	mu   sync.Mutex  // guards refs
	refs []vm.Ref
}

// add notes that Go no longer holds a root.
func (d *droppedRoots) add(r vm.Ref) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refs = append(d.refs, r)
	d.some.Store(true)
}

// dropRoots drops the roots that Go has forgotten.
func (st *Store) dropRoots() {
	d := st.dropped
	d.mu.Lock()
	refs := d.refs
	d.refs = nil
	d.some.Store(false)
	d.mu.Unlock()
	for _, r := range refs {
		st.s.DropRoot(r)
	}
}

// pins are references that a collection must not take while more are made, until
// they are where the collector looks.
type pins []vm.Ref

func (p *pins) add(st *Store, r vm.Ref) {
	if st.s.AddRoot(r) {
		*p = append(*p, r)
	}
}

func (p *pins) drop(st *Store) {
	for _, r := range *p {
		st.s.DropRoot(r)
	}
}

// Extern returns the Go value that the reference stands for; false if it refers
// to something of Wasm's own.
func (r *Ref) Extern() (any, bool) { return r.st.s.HostValue(r.ref) }

// I31 returns the signed value of an i31 reference; false for all others.
func (r *Ref) I31() (int32, bool) {
	if !r.ref.IsI31() {
		return 0, false
	}
	return r.ref.I31Signed(), true
}

// Kind returns what the reference refers to: "i31", "struct", "array", "exn" or
// "extern".
func (r *Ref) Kind() string { return r.st.s.RefKind(r.ref) }

// Len returns the number of elements of an array, or of fields of a structure;
// 0 for all others.
func (r *Ref) Len() int { return r.st.s.ObjectLen(r.ref) }

// Field returns field i of a structure or element i of an array; packed ones
// zero-extended.
func (r *Ref) Field(i int) (Value, error) {
	if err := r.st.enter(); err != nil {
		return Value{}, err
	}
	var slots [2]uint64
	t, ok := r.st.s.Field(r.ref, i, slots[:])
	if !ok {
		return Value{}, fmt.Errorf("wamr: %s of %d has no element %d", r.Kind(), r.Len(), i)
	}
	return r.st.get(slots[:], t), nil
}

// String describes the reference.
func (r *Ref) String() string { return fmt.Sprintf("%s@%#x", r.Kind(), uint32(r.ref)) }
