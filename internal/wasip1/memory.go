package wasip1

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// Memory is a program's linear memory. View returns the live bytes at [offset, offset+n), and false if they are not all inside. A view is
// used during one call only; the memory may grow meanwhile.
type Memory interface {
	View(offset, n uint32) ([]byte, bool)
}

// view is the one place where a program's pointer and length are checked.
func view(m Memory, offset, n uint32) ([]byte, error) {
	b, ok := m.View(offset, n)
	if !ok || uint64(len(b)) < uint64(n) {
		return nil, fsbox.EFAULT
	}
	return b[:n:n], nil
}

// viewArray is view for n elements of the given size, in bytes.
func viewArray(m Memory, offset, n, size uint32) ([]byte, error) {
	total := uint64(n) * uint64(size)
	if total > 1<<32-1 {
		return nil, fsbox.EFAULT
	}
	return view(m, offset, uint32(total))
}

// text is a string that the program passes; it must be UTF-8 (witx: string).
func text(m Memory, offset, n uint32) (string, error) {
	b, err := view(m, offset, n)
	if err != nil {
		return "", err
	}
	if len(b) > maxText {
		return "", fsbox.ENAMETOOLONG
	}
	s := string(b) // a copy: the program's other threads may change the bytes after they were checked
	if !utf8.ValidString(s) {
		return "", fsbox.EILSEQ
	}
	return s, nil
}

// maxText is the longest path worth copying out of a program's memory, in bytes; package fsbox is stricter.
const maxText = 64 << 10

func put16(b []byte, v uint16) { binary.LittleEndian.PutUint16(b, v) }
func put32(b []byte, v uint32) { binary.LittleEndian.PutUint32(b, v) }
func put64(b []byte, v uint64) { binary.LittleEndian.PutUint64(b, v) }
func get16(b []byte) uint16    { return binary.LittleEndian.Uint16(b) }
func get32(b []byte) uint32    { return binary.LittleEndian.Uint32(b) }
func get64(b []byte) uint64    { return binary.LittleEndian.Uint64(b) }

// vectors are a program's iovecs, checked.
type vectors struct {
	m     Memory
	array []byte
	total uint32
	// filled counts the vectors that are not empty; only is the last of them.
	filled int
	only   []byte
}

// iovecs checks n iovecs at offset: all in bounds, and their sum a result that fits (EINVAL if not).
func iovecs(m Memory, offset, n uint32) (vectors, error) {
	if n > maxIovecs {
		return vectors{}, fsbox.EINVAL
	}
	array, err := viewArray(m, offset, n, sizeIovec)
	if err != nil {
		return vectors{}, err
	}
	v := vectors{m: m, array: array}
	sum := uint64(0)
	for i := range int(n) {
		b, err := v.at(i)
		if err != nil {
			return vectors{}, err
		}
		if len(b) > 0 {
			v.filled++
			v.only = b
		}
		sum += uint64(len(b))
	}
	if sum > 1<<32-1 {
		return vectors{}, fsbox.EINVAL
	}
	v.total = uint32(sum)
	return v, nil
}

// count is the number of vectors.
func (v *vectors) count() int { return len(v.array) / sizeIovec }

// at is the i-th vector. It is checked each time, because another thread of the program may have changed it.
func (v *vectors) at(i int) ([]byte, error) {
	e := v.array[i*sizeIovec:]
	return view(v.m, get32(e), get32(e[4:]))
}

// gather copies the vectors' bytes into p, as many as fit.
func (v *vectors) gather(p []byte) (int, error) {
	done := 0
	for i := range v.count() {
		b, err := v.at(i)
		if err != nil {
			return done, err
		}
		done += copy(p[done:], b)
	}
	return done, nil
}

// scatter copies p into the vectors.
func (v *vectors) scatter(p []byte) error {
	for i := 0; i < v.count() && len(p) > 0; i++ {
		b, err := v.at(i)
		if err != nil {
			return err
		}
		p = p[copy(b, p):]
	}
	return nil
}
