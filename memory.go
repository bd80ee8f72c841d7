package wamr

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"unsafe"

	"github.com/wamr-go/wamr/internal/vm"
)

// Memory is a linear memory. Offsets and lengths are in bytes, and every access
// is checked. Views are live: they alias the memory.
type Memory struct {
	st *Store
	m  *vm.Memory
}

// Size returns the memory's current size in bytes.
func (m *Memory) Size() uint64 { return m.m.ByteSize() }

// Pages returns the memory's current size in pages of its page size.
func (m *Memory) Pages() uint64 { return m.m.Pages() }

// Type returns the memory's type, with its current size as the minimum.
func (m *Memory) Type() *MemoryType {
	t := m.m.Type
	t.Min = m.Pages()
	return &t
}

// Grow adds delta pages and returns the size before, in pages. It returns
// false, and changes nothing, where the memory's maximum or the store's limit
// does not allow that many.
func (m *Memory) Grow(delta uint64) (previous uint64, ok bool) {
	if m.st.enter() != nil {
		return m.Pages(), false
	}
	return m.m.Grow(m.st.s, delta)
}

// View returns the n bytes at offset. They alias the memory: what Wasm code
// writes shows in them and the other way round. They stay valid when the memory
// grows if [Memory.Fixed] says so, as it does on 64-bit systems; never use them
// after the store has been closed.
func (m *Memory) View(offset, n uint64) ([]byte, error) {
	if err := m.st.enter(); err != nil {
		return nil, err
	}
	b, ok := m.m.View(offset, n)
	if !ok {
		return nil, &RangeError{Offset: offset, Len: n, Size: m.Size()}
	}
	return b, nil
}

// Fixed says whether the memory never moves, so that views of it outlive its
// growth.
func (m *Memory) Fixed() bool { return m.m.Fixed }

// Read copies the n bytes at offset.
func (m *Memory) Read(offset, n uint64) ([]byte, error) {
	b, err := m.View(offset, n)
	if err != nil {
		return nil, err
	}
	return append([]byte(nil), b...), nil
}

// Write copies b into the memory at offset, all of it or nothing.
func (m *Memory) Write(offset uint64, b []byte) error {
	v, err := m.View(offset, uint64(len(b)))
	if err == nil {
		copy(v, b)
	}
	return err
}

// String returns the n bytes at offset as a string. It does not check that they
// are UTF-8.
func (m *Memory) String(offset, n uint64) (string, error) {
	b, err := m.View(offset, n)
	return string(b), err
}

// CString returns the bytes at offset up to, and without, the first zero byte.
// It fails if there is none before the memory ends.
func (m *Memory) CString(offset uint64) (string, error) {
	if err := m.st.enter(); err != nil {
		return "", err
	}
	size := m.Size()
	if offset >= size {
		return "", &RangeError{Offset: offset, Len: 1, Size: size}
	}
	b, err := m.View(offset, size-offset)
	if err != nil {
		return "", err
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return string(b[:i]), nil
	}
	return "", fmt.Errorf("wamr: the string at offset %#x has no end: %w", offset, &RangeError{Offset: offset, Len: size - offset + 1, Size: size})
}

// hasCString says whether a zero byte follows at or after offset.
func (m *Memory) hasCString(offset uint64) bool {
	b, ok := m.m.View(offset, m.Size()-min(offset, m.Size()))
	return ok && bytes.IndexByte(b, 0) >= 0
}

// ReadAt implements [io.ReaderAt].
func (m *Memory) ReadAt(p []byte, off int64) (int, error) {
	v, err := m.clip(off, len(p))
	n := copy(p, v)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// WriteAt implements [io.WriterAt]. A write that does not fit writes what fits
// and returns [io.ErrShortWrite].
func (m *Memory) WriteAt(p []byte, off int64) (int, error) {
	v, err := m.clip(off, len(p))
	n := copy(v, p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return n, err
}

// clip returns as many of the n bytes at off as there are.
func (m *Memory) clip(off int64, n int) ([]byte, error) {
	if err := m.st.enter(); err != nil {
		return nil, err
	}
	size := m.Size()
	if off < 0 {
		return nil, fmt.Errorf("wamr: negative offset %d in a memory", off)
	}
	if uint64(off) >= size {
		return nil, nil
	}
	return m.View(uint64(off), min(uint64(n), size-uint64(off)))
}

// Scalar is the set of Go types that [Load] and [Put] read and write: those
// of one to eight bytes in little-endian order.
type Scalar interface {
	~int8 | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64 | ~float32 | ~float64
}

// Load reads a T at offset, little-endian, at any alignment.
func Load[T Scalar](m *Memory, offset uint64) (T, error) {
	var v T
	b, err := m.View(offset, uint64(unsafe.Sizeof(v)))
	if err != nil {
		return v, err
	}
	// safe: v has as many bytes as each case writes, and no pointers.
	switch unsafe.Sizeof(v) {
	case 1:
		*(*uint8)(unsafe.Pointer(&v)) = b[0]
	case 2:
		*(*uint16)(unsafe.Pointer(&v)) = binary.LittleEndian.Uint16(b)
	case 4:
		*(*uint32)(unsafe.Pointer(&v)) = binary.LittleEndian.Uint32(b)
	case 8:
		*(*uint64)(unsafe.Pointer(&v)) = binary.LittleEndian.Uint64(b)
	}
	return v, nil
}

// Put writes a T at offset, little-endian, at any alignment.
func Put[T Scalar](m *Memory, offset uint64, v T) error {
	b, err := m.View(offset, uint64(unsafe.Sizeof(v)))
	if err != nil {
		return err
	}
	// safe: v has as many bytes as each case reads, and no pointers.
	switch unsafe.Sizeof(v) {
	case 1:
		b[0] = *(*uint8)(unsafe.Pointer(&v))
	case 2:
		binary.LittleEndian.PutUint16(b, *(*uint16)(unsafe.Pointer(&v)))
	case 4:
		binary.LittleEndian.PutUint32(b, *(*uint32)(unsafe.Pointer(&v)))
	case 8:
		binary.LittleEndian.PutUint64(b, *(*uint64)(unsafe.Pointer(&v)))
	}
	return nil
}

// Slice returns the n values of type T at offset. Where the host is
// little-endian and offset is aligned for T they alias the memory like
// [Memory.View]; elsewhere Slice fails rather than hand out a copy that looks
// alive.
func Slice[T Scalar](m *Memory, offset, n uint64) ([]T, error) {
	var v T
	size := uint64(unsafe.Sizeof(v))
	if n > math.MaxUint64/size {
		return nil, &RangeError{Offset: offset, Len: math.MaxUint64, Size: m.Size()}
	}
	b, err := m.View(offset, n*size)
	if err != nil || n == 0 {
		return nil, err
	}
	// safe: b has n*size bytes, is aligned (checked here), and T has no
	// pointers.
	p := unsafe.Pointer(unsafe.SliceData(b))
	if uintptr(p)%unsafe.Alignof(v) != 0 {
		return nil, fmt.Errorf("wamr: offset %#x is not aligned for elements of %d bytes", offset, size)
	}
	if size > 1 && !littleEndian {
		return nil, fmt.Errorf("wamr: elements of %d bytes can't be aliased on a big-endian host: use Load", size)
	}
	return unsafe.Slice((*T)(p), n), nil
}

var littleEndian = func() bool {
	x := uint16(1)
	return binary.NativeEndian.Uint16([]byte{1, 0}) == x
}()

func limitsString(l *SizeLimits) string {
	s := fmt.Sprint(l.Min)
	if l.HasMax {
		s += fmt.Sprintf(" %d", l.Max)
	}
	if l.Addr64 {
		s = "i64 " + s
	}
	return s
}
