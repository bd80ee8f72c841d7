package vm

// hostTag is the low two bits of references to host values.
const hostTag = 2

// hostValueSize is what a host value counts against the limit of the heap, in
// bytes.
const hostValueSize = 16

// hostTable holds the Go values behind host references.
type hostTable struct {
	values []any
	marks  []bool // reachable, while the collector runs; also: in use
	free   []uint32
	budget int // len(values) at which to collect
}

// minHostBudget is how many host values there may be before the first
// collection for their sake.
const minHostBudget = 1024

// freshRef is a reference that was made while as many calls were active as depth
// says.
type freshRef struct {
	ref   Ref
	depth int
}

// maxFresh bounds the fresh references; the older half is dropped then.
const maxFresh = 1 << 16

// NewHostRef returns a reference to a Go value. The value is kept alive as long
// as the reference is reachable for the collector, and in any case until the
// host function that made it returns, or, if none did, until the end of the next
// call: long enough to put it into slots or a table. To keep it longer takes
// AddRoot. (Of more than 32,768 such references the oldest may go earlier.)
//
// Host values count against Limits.GCHeap. If there are too many the reference
// is good all the same, but the Wasm code that runs is stopped by a trap of kind
// TrapOutOfMemory.
func (s *Store) NewHostRef(v any) Ref {
	t := &s.Heap.host
	if gcStress || len(t.free) == 0 && len(t.values) >= max(t.budget, minHostBudget) {
		s.Collect()
		if uint64(len(t.values)-len(t.free))*hostValueSize > s.Limits.GCHeap && s.Exec.Depth > 0 {
			s.Exec.stop(TrapOutOfMemory, nil)
		}
	}
	var x uint32
	if n := len(t.free); n > 0 {
		x = t.free[n-1]
		t.free = t.free[:n-1]
		t.values[x], t.marks[x] = v, true
	} else {
		x = uint32(len(t.values))
		t.values, t.marks = append(t.values, v), append(t.marks, true)
	}
	r := Ref(x<<2 | hostTag)
	s.Exec.keepFresh(r)
	return r
}

// keepFresh keeps r alive for the Go code that runs.
func (x *Exec) keepFresh(r Ref) {
	if len(x.fresh) >= maxFresh {
		x.fresh = x.fresh[:copy(x.fresh, x.fresh[maxFresh/2:])]
	}
	x.fresh = append(x.fresh, freshRef{r, x.Depth})
}

// returned drops the fresh references of host functions that have returned:
// Wasm code runs in the innermost call.
func (x *Exec) returned() {
	n := len(x.fresh)
	for n > 0 && x.fresh[n-1].depth >= x.Depth {
		n--
	}
	x.fresh = x.fresh[:n]
}

// HostValue returns the Go value that r refers to; false if r is no reference
// to one.
func (s *Store) HostValue(r Ref) (any, bool) {
	t := &s.Heap.host
	if x := uint32(r) >> 2; r&3 == hostTag && uint64(x) < uint64(len(t.values)) && t.marks[x] {
		return t.values[x], true
	}
	return nil, false
}

func (t *hostTable) clearMarks() { clear(t.marks) }

// mark marks the value of r, which may be any number with the right tag.
func (t *hostTable) mark(r Ref) {
	if x := uint32(r) >> 2; uint64(x) < uint64(len(t.marks)) {
		t.marks[x] = true
	}
}

// sweep forgets the values that are not marked.
func (t *hostTable) sweep() {
	t.free = t.free[:0]
	live := 0
	for x := len(t.marks) - 1; x >= 0; x-- {
		if t.marks[x] {
			live++
		} else {
			t.values[x] = nil
			t.free = append(t.free, uint32(x))
		}
	}
	t.budget = max(2*live, minHostBudget)
}

// AddRoot keeps what r, which is not of the func hierarchy, refers to alive
// until as many DropRoots. It returns false if there is nothing to keep alive
// and so no DropRoot is due: null and i31.
func (s *Store) AddRoot(r Ref) bool {
	if r == Null || r&1 != 0 {
		return false
	}
	if s.roots == nil {
		s.roots = map[Ref]int{}
	}
	s.roots[r]++
	return true
}

// DropRoot undoes one AddRoot.
func (s *Store) DropRoot(r Ref) {
	if n := s.roots[r]; n > 1 {
		s.roots[r] = n - 1
	} else {
		delete(s.roots, r)
	}
}
