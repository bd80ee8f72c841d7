package vm

import (
	"unsafe"
)

// refInSlot is the offset of a reference in the eight bytes of its slot.
var refInSlot = func() uint32 {
	if bigEndian {
		return 4
	}
	return 0
}()

// I31 returns the i31 reference of the low 31 bits of v.
func I31(v uint32) Ref { return Ref(v<<1 | 1) }

// I31Signed returns the value of an i31 reference, sign-extended.
func (r Ref) I31Signed() int32 { return int32(r) >> 1 }

// I31Unsigned returns the value of an i31 reference, zero-extended.
func (r Ref) I31Unsigned() uint32 { return uint32(r) >> 1 }

// IsI31 says whether r, which is not of the func hierarchy, is an i31.
func (r Ref) IsI31() bool { return r&1 != 0 }

// IsHost says whether r, which is not of the func hierarchy, refers to a host
// value.
func (r Ref) IsHost() bool { return r&3 == hostTag }

// ArrayLen returns the length of the array r, which must be one.
func (s *Store) ArrayLen(r Ref) uint32 { return s.Heap.header(r)[1] }

// GetField returns the value of a field of the struct r: hi for v128 only, packed
// fields zero-extended. f is of the struct's type or a supertype of it.
func (s *Store) GetField(r Ref, f *Field) (lo, hi uint64) {
	return load(unsafe.Add(s.Heap.Base, uintptr(r)+uintptr(f.Offset)), f.Size)
}

// SetField changes a field of the struct r; packed fields take the low bits.
func (s *Store) SetField(r Ref, f *Field, lo, hi uint64) {
	store(unsafe.Add(s.Heap.Base, uintptr(r)+uintptr(f.Offset)), f.Size, lo, hi)
}

// elem returns the address of element x of the array r.
func (h *Heap) elem(r Ref, t *TypeInfo, x uint32) unsafe.Pointer {
	return unsafe.Add(h.Base, uintptr(r)+ArrayData+uintptr(x)*uintptr(t.ElemSize))
}

// Elem returns element x of the array r of type t, or a subtype of it; x must be
// below its length. Like GetField otherwise.
func (s *Store) Elem(r Ref, t *TypeInfo, x uint32) (lo, hi uint64) {
	return load(s.Heap.elem(r, t, x), t.ElemSize)
}

// SetElem changes element x, which must be below the length.
func (s *Store) SetElem(r Ref, t *TypeInfo, x uint32, lo, hi uint64) {
	store(s.Heap.elem(r, t, x), t.ElemSize, lo, hi)
}

// ArrayBytes returns the memory of n elements of the array r from at on, which
// must be within its length, in the host's byte order. The slice is valid until
// the next allocation unless r is kept alive.
func (s *Store) ArrayBytes(r Ref, t *TypeInfo, at, n uint32) []byte {
	if n == 0 {
		return nil
	}
	// safe: the elements are within the object.
	return unsafe.Slice((*byte)(s.Heap.elem(r, t, at)), int(uint64(n)*uint64(t.ElemSize)))
}

// FillArray sets the n elements from at on, which must be within the array's
// length.
func (s *Store) FillArray(r Ref, t *TypeInfo, at, n uint32, lo, hi uint64) {
	b := s.ArrayBytes(r, t, at, n)
	if lo == 0 && hi == 0 {
		clear(b)
		return
	}
	if n == 0 {
		return
	}
	// The first element, then doubling.
	size := int(t.ElemSize)
	store(unsafe.Pointer(unsafe.SliceData(b)), t.ElemSize, lo, hi)
	for done := size; done < len(b); done *= 2 {
		copy(b[done:], b[:done])
	}
}

// load reads a field of 1, 2, 4, 8 or 16 bytes.
func load(p unsafe.Pointer, size uint8) (lo, hi uint64) {
	// safe: the caller gives the address of a field of that size, which is
	// aligned to it, or to 8.
	switch size {
	case 1:
		return uint64(*(*uint8)(p)), 0
	case 2:
		return uint64(*(*uint16)(p)), 0
	case 4:
		return uint64(*(*uint32)(p)), 0
	case 8:
		return *(*uint64)(p), 0
	}
	v := (*[2]uint64)(p)
	return v[0], v[1]
}

// store writes a field of 1, 2, 4, 8 or 16 bytes.
func store(p unsafe.Pointer, size uint8, lo, hi uint64) {
	// safe: as in load.
	switch size {
	case 1:
		*(*uint8)(p) = uint8(lo)
	case 2:
		*(*uint16)(p) = uint16(lo)
	case 4:
		*(*uint32)(p) = uint32(lo)
	case 8:
		*(*uint64)(p) = lo
	default:
		*(*[2]uint64)(p) = [2]uint64{lo, hi}
	}
}

// NewException returns an exception with the given tag and the slots of its
// arguments, as NewStruct does. References in args must be rooted: on
// Exec.Stack, for instance.
func (s *Store) NewException(x *Exec, tag *Tag, args []uint64) (Ref, error) {
	if tag.index == 0 {
		s.tags = append(s.tags, tag)
		tag.index = uint32(len(s.tags))
	}
	r, err := s.newObject(tag.Type, tag.index-1, uint64(s.Types.Info(tag.Type).Size))
	if err != nil {
		return Null, err
	}
	copy(s.exceptionArgs(r), args)
	return r, nil
}

// Exception returns the tag and the slots of the arguments of the exception r,
// which must be one. The slots are the exception's own.
func (s *Store) Exception(r Ref) (*Tag, []uint64) {
	return s.tags[s.Heap.header(r)[1]], s.exceptionArgs(r)
}

func (s *Store) exceptionArgs(r Ref) []uint64 {
	n := (s.Info(r).Size - ObjectHeader) / 8
	if n == 0 {
		return nil
	}
	// safe: the exception has that many slots after its header.
	return unsafe.Slice((*uint64)(unsafe.Add(s.Heap.Base, uintptr(r)+ObjectHeader)), int(n))
}
