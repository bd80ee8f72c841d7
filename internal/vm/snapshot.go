package vm

import (
	"errors"
	"slices"
	"weak"

	"github.com/wamr-go/wamr/internal/sys"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Snapshot is what the memories, globals, tables and segments of a store's
// instances held at one moment. References in it keep objects alive, as long as
// it is reachable itself.
type Snapshot struct {
	store    *Store
	memories map[*Memory][]byte
	tables   map[*Table][]Ref
	globals  map[*Global][2]uint64
	elems    [][][]Ref // by instance
	data     [][][]byte
}

// Snapshot copies the state of all instances. Objects of the heap are not
// copied. It fails during a call, and for shared memories, which other stores
// may be changing.
func (s *Store) Snapshot() (*Snapshot, error) {
	if err := s.quiet(); err != nil {
		return nil, err
	}
	n := &Snapshot{store: s, memories: map[*Memory][]byte{}, tables: map[*Table][]Ref{}, globals: map[*Global][2]uint64{}}
	for _, i := range s.instances {
		for _, m := range i.Memories {
			if m.shared != nil {
				return nil, errors.New("a shared memory can't be part of a snapshot")
			}
			if _, done := n.memories[m]; !done {
				n.memories[m] = slices.Clone(m.Bytes())
			}
		}
		for _, t := range i.Tables {
			if _, done := n.tables[t]; !done {
				n.tables[t] = slices.Clone(t.Elems)
			}
		}
		for _, g := range i.Globals {
			if g.Type.Mutable {
				n.globals[g] = [2]uint64{g.Lo, g.Hi}
			}
		}
		// Segments are dropped, never changed.
		n.elems = append(n.elems, slices.Clone(i.Elems))
		n.data = append(n.data, slices.Clone(i.Data))
	}
	s.snapshots = append(s.liveSnapshots(), weak.Make(n))
	return n, nil
}

// Restore puts a snapshot of s back. Memories and tables that have grown since
// shrink to what they were; instances that have come into the store since stay
// as they are. It fails during a call.
func (s *Store) Restore(n *Snapshot) error {
	if err := s.quiet(); err != nil {
		return err
	}
	if n.store != s {
		return errors.New("the snapshot is of another store")
	}
	for m, data := range n.memories {
		if err := m.restore(data); err != nil {
			return err
		}
	}
	for t, elems := range n.tables {
		s.tableElements.Add(-uint64(len(t.Elems) - len(elems)))
		t.Elems = t.Elems[:len(elems)]
		copy(t.Elems, elems)
	}
	for g, v := range n.globals {
		g.Lo, g.Hi = v[0], v[1]
	}
	for x, i := range s.instances[:len(n.elems)] {
		copy(i.Elems, n.elems[x])
		copy(i.Data, n.data[x])
	}
	return nil
}

// quiet says why the store's state can't be copied or replaced now.
func (s *Store) quiet() error {
	if s.closed.Load() {
		return ErrClosed
	}
	if s.Exec.Depth > 0 {
		return errors.New("a call is active in the store")
	}
	return nil
}

// restore makes the memory as large as data, and gives it its contents.
func (m *Memory) restore(data []byte) error {
	size := uint64(len(data))
	if grown := m.Size - size; grown > 0 {
		// What the memory grows by later must be zero.
		if m.slot != nil {
			clear(m.Bytes()[size:min(m.Size, uint64(sys.RoundUp(uintptr(size))))])
			if !m.slot.shrink(size) {
				return errors.New("the system refuses to shrink a memory")
			}
		} else {
			clear(m.Bytes()[size:])
			m.plain = m.plain[:(size+7)/8]
		}
		m.Size = size
		m.store.memoryBytes.Add(-grown)
	}
	copy(m.Bytes(), data)
	return nil
}

// liveSnapshots drops the snapshots that are unreachable and returns the others.
func (s *Store) liveSnapshots() []weak.Pointer[Snapshot] {
	s.snapshots = slices.DeleteFunc(s.snapshots, func(w weak.Pointer[Snapshot]) bool { return w.Value() == nil })
	return s.snapshots
}

// markSnapshots marks what snapshots refer to.
func (s *Store) markSnapshots() {
	mark := func(t wasm.ValType, refs []Ref) {
		if s.Types.InHeap(t) {
			s.markRefs(refs)
		}
	}
	for _, w := range s.liveSnapshots() {
		n := w.Value()
		if n == nil {
			continue
		}
		for g, v := range n.globals {
			mark(g.Type.Type, []Ref{Ref(v[0])})
		}
		for t, elems := range n.tables {
			mark(t.Type.Elem, elems)
		}
		for x, segments := range n.elems {
			m := s.instances[x].Module
			for e, refs := range segments {
				mark(m.canonical(m.Elems[e].Type), refs)
			}
		}
	}
}
