package vm

import "github.com/wamr-go/wamr/internal/wasm"

// This file is what an embedding API asks about references and stores, in terms
// of value types whose concrete heap types are TypeIDs.

// IsFuncHeap says whether h is of the func hierarchy.
func (s *Store) IsFuncHeap(h wasm.HeapType) bool {
	if x, ok := h.Concrete(); ok {
		return s.Types.Info(TypeID(x)).Kind == wasm.KindFunc
	}
	return h == wasm.HeapFunc || h == wasm.HeapNoFunc
}

// top returns the top of h's hierarchy.
func (s *Store) top(h wasm.HeapType) wasm.HeapType {
	if s.IsFuncHeap(h) {
		return wasm.HeapFunc
	}
	switch h {
	case wasm.HeapExtern, wasm.HeapNoExtern:
		return wasm.HeapExtern
	case wasm.HeapExn, wasm.HeapNoExn:
		return wasm.HeapExn
	}
	return wasm.HeapAny
}

// NullMatches says whether a null of type from is a value of type to.
func (s *Store) NullMatches(from, to wasm.ValType) bool {
	return to.Nullable() && from.IsRef() && s.top(from.Heap()) == s.top(to.Heap())
}

// FuncRefMatches says whether the function that r refers to is of heap type h.
// r may be any number.
func (s *Store) FuncRefMatches(r Ref, h wasm.HeapType) bool {
	return s.ValidFunc(r) && s.IsFuncHeap(h) && s.RefTest(r, false, h)
}

// RefMatches says whether r, a reference of type from, is a value of type to.
func (s *Store) RefMatches(r Ref, from, to wasm.ValType) bool {
	if !from.IsRef() || !to.IsRef() || s.top(from.Heap()) != s.top(to.Heap()) {
		return false
	}
	if s.IsFuncHeap(to.Heap()) {
		return r == Null && to.Nullable() || s.FuncRefMatches(r, to.Heap())
	}
	if r&7 == 0 && r != Null && !s.IsObject(r) {
		return false // of a closed store
	}
	return s.RefTest(r, to.Nullable(), to.Heap())
}

// RefKind returns what r, which is not of the func hierarchy, refers to: "null",
// "i31", "extern", "struct", "array" or "exn"; empty if the store is closed.
func (s *Store) RefKind(r Ref) string {
	switch {
	case r == Null:
		return "null"
	case r.IsI31():
		return "i31"
	case r.IsHost():
		return "extern"
	case !s.IsObject(r):
		return ""
	}
	switch s.Info(r).Kind {
	case wasm.KindStruct:
		return "struct"
	case wasm.KindArray:
		return "array"
	}
	return "exn"
}

// ObjectLen returns the number of elements of an array or of fields of a struct,
// and 0 for everything else.
func (s *Store) ObjectLen(r Ref) int {
	if !s.IsObject(r) {
		return 0
	}
	switch t := s.Info(r); t.Kind {
	case wasm.KindStruct:
		return len(t.Fields)
	case wasm.KindArray:
		return int(s.ArrayLen(r))
	}
	return 0
}

// Field puts field i of a struct, or element i of an array, into slots, which
// has room for two, and returns its type, unpacked; false if there is none.
// Packed values are zero-extended.
func (s *Store) Field(r Ref, i int, slots []uint64) (wasm.ValType, bool) {
	if i < 0 || i >= s.ObjectLen(r) {
		return 0, false
	}
	t := s.Info(r)
	f := &t.Fields[0]
	if t.Kind == wasm.KindStruct {
		f = &t.Fields[i]
		slots[0], slots[1] = s.GetField(r, f)
	} else {
		slots[0], slots[1] = s.Elem(r, t, uint32(i))
	}
	return f.Type.Unpacked(), true
}

// Stats say what a store uses.
type Stats struct {
	Instances   uint64
	MemoryBytes uint64 // of linear memories
	TableElems  uint64
	HeapBytes   uint64 // of the garbage-collected heap, garbage included
	Collections uint64 // of that heap
}

// Stats returns what the store uses now. It may be called from any goroutine.
func (s *Store) Stats() Stats {
	s.mu.Lock()
	instances := len(s.instances)
	s.mu.Unlock()
	return Stats{
		Instances:   uint64(instances),
		MemoryBytes: s.memoryBytes.Load(),
		TableElems:  s.tableElements.Load(),
		HeapBytes:   s.Heap.Used(),
		Collections: s.Heap.Collections(),
	}
}

// FuelLeft returns what is left of the fuel; 0 if it is not limited.
func (s *Store) FuelLeft() uint64 {
	if !s.Limits.HasFuel {
		return 0
	}
	return uint64(max(s.Fuel, 0))
}

// AddFuel adds to the fuel, if it is limited.
func (s *Store) AddFuel(n uint64) {
	if s.Limits.HasFuel {
		left := s.FuelLeft()
		s.Fuel = int64(min(saturatingAdd(left, n), 1<<63-1))
	}
}
