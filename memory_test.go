package wamr_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"runtime"
	"testing"

	"github.com/wamr-go/wamr"
)

func newMemory(t *testing.T, minPages, maxPages uint64) *wamr.Memory {
	t.Helper()
	st := newRuntime(t, wamr.Config{}).NewStore(wamr.Limits{})
	t.Cleanup(func() { st.Close() })
	m, err := st.NewMemory(wamr.MemoryType{Limits: wamr.SizeLimits{Min: minPages, Max: maxPages, HasMax: true}})
	noError(t, err)
	return m
}

// edges are accesses of a memory of one page: offset, length, and whether they
// fit.
var edges = []struct {
	offset, n uint64
	ok        bool
}{
	{0, 0, true}, {0, 65536, true}, {65535, 1, true}, {65536, 0, true}, {1, 65535, true},
	{0, 65537, false}, {1, 65536, false}, {65536, 1, false}, {65537, 0, false},
	{math.MaxUint64, 0, false}, {math.MaxUint64, 1, false}, {1, math.MaxUint64, false},
	{math.MaxUint64, math.MaxUint64, false}, {1 << 63, 1 << 63, false}, {1 << 32, 1, false}, {0, 1 << 32, false},
}

func TestMemoryBounds(t *testing.T) {
	m := newMemory(t, 1, 3)
	for _, e := range edges {
		check := func(what string, err error) {
			t.Helper()
			var out *wamr.RangeError
			if (err == nil) != e.ok || !e.ok && !errors.As(err, &out) {
				t.Errorf("%s(%#x, %#x): %v", what, e.offset, e.n, err)
			}
			if out != nil && out.Size != 65536 {
				t.Errorf("%s: size %d", what, out.Size)
			}
		}
		v, err := m.View(e.offset, e.n)
		check("View", err)
		if err == nil && uint64(len(v)) != e.n {
			t.Errorf("View: %d bytes of %d", len(v), e.n)
		}
		_, err = m.Read(e.offset, e.n)
		check("Read", err)
		_, err = m.String(e.offset, e.n)
		check("String", err)
		_, err = wamr.Slice[byte](m, e.offset, e.n)
		check("Slice", err)
		if e.n <= 1<<17 {
			check("Write", m.Write(e.offset, make([]byte, e.n)))
		}
	}
	for _, offset := range []uint64{65529, 65536, math.MaxUint64, math.MaxUint64 - 7, 1 << 32} {
		_, err := wamr.Load[uint64](m, offset)
		wantAs[*wamr.RangeError](t, err)
		wantAs[*wamr.RangeError](t, wamr.Put[float64](m, offset, 1))
	}
	for _, n := range []uint64{1 << 61, 1<<61 + 1, math.MaxUint64, 8193} {
		_, err := wamr.Slice[uint64](m, 0, n)
		wantAs[*wamr.RangeError](t, err)
	}
}

func TestMemoryWriteIsAllOrNothing(t *testing.T) {
	m := newMemory(t, 1, 1)
	wantAs[*wamr.RangeError](t, m.Write(65534, []byte("abc")))
	b, err := m.Read(65534, 2)
	noError(t, err)
	equal(t, "bytes", b, []byte{0, 0})
}

func loadPut[T wamr.Scalar](t *testing.T, m *wamr.Memory, v T, want ...byte) {
	t.Helper()
	const offset = 0x101 // unaligned
	noError(t, wamr.Put(m, offset, v))
	b, err := m.Read(offset, uint64(len(want)))
	noError(t, err)
	equal(t, "bytes", b, want)
	x, err := wamr.Load[T](m, offset)
	noError(t, err)
	equal(t, "value", x, v)
}

func TestLoadPut(t *testing.T) {
	m := newMemory(t, 1, 1)
	loadPut[int8](t, m, -2, 0xFE)
	loadPut[uint8](t, m, 0xFE, 0xFE)
	loadPut[int16](t, m, -2, 0xFE, 0xFF)
	loadPut[uint16](t, m, 0x0102, 2, 1)
	loadPut[int32](t, m, -2, 0xFE, 0xFF, 0xFF, 0xFF)
	loadPut[uint32](t, m, 0x01020304, 4, 3, 2, 1)
	loadPut[int64](t, m, -2, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)
	loadPut[uint64](t, m, 0x0102030405060708, 8, 7, 6, 5, 4, 3, 2, 1)
	loadPut[float32](t, m, 1, 0, 0, 0x80, 0x3F)
	loadPut(t, m, 1.0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F)
	loadPut[myInt](t, m, 1, 1, 0, 0, 0)
}

func TestMemorySlice(t *testing.T) {
	m := newMemory(t, 1, 1)
	noError(t, m.Write(8, []byte{1, 0, 0, 0, 2, 0, 0, 0}))
	s, err := wamr.Slice[int32](m, 8, 2)
	if err != nil {
		wantError(t, err, "big-endian")
		return
	}
	equal(t, "elements", s, []int32{1, 2})
	s[1] = 7
	x, err := wamr.Load[int32](m, 12)
	noError(t, err)
	equal(t, "through the slice", x, 7)
	_, err = wamr.Slice[int32](m, 9, 1)
	wantError(t, err, "not aligned")
	none, err := wamr.Slice[int32](m, 9, 0)
	if err != nil || len(none) != 0 {
		t.Errorf("empty slice: %v %v", none, err)
	}
}

func TestMemoryStrings(t *testing.T) {
	m := newMemory(t, 1, 1)
	noError(t, m.Write(10, []byte("ab\x00cd")))
	noError(t, m.Write(65534, []byte("yz")))
	s, err := m.String(10, 5)
	noError(t, err)
	equal(t, "string", s, "ab\x00cd")
	for offset, want := range map[uint64]string{10: "ab", 12: "", 13: "cd", 0: ""} {
		s, err := m.CString(offset)
		noError(t, err)
		equal(t, "C string", s, want)
	}
	for _, offset := range []uint64{65534, 65535, 65536, math.MaxUint64} {
		_, err := m.CString(offset)
		wantAs[*wamr.RangeError](t, err)
	}
}

func TestMemoryIO(t *testing.T) {
	m := newMemory(t, 1, 1)
	n, err := m.WriteAt([]byte("abc"), 65533)
	if n != 3 || err != nil {
		t.Errorf("WriteAt: %d %v", n, err)
	}
	for _, c := range []struct {
		off  int64
		n    int
		want int
		eof  bool
	}{{65533, 3, 3, false}, {65533, 2, 2, false}, {65533, 4, 3, true}, {65536, 1, 0, true}, {65536, 0, 0, false}, {math.MaxInt64, 1, 0, true}} {
		b := make([]byte, c.n)
		n, err := m.ReadAt(b, c.off)
		if n != c.want || (err == io.EOF) != c.eof || err != nil && err != io.EOF || !bytes.Equal(b[:n], []byte("abc")[:n]) {
			t.Errorf("ReadAt(%d, %d): %d %v %q", c.n, c.off, n, err, b)
		}
		n, err = m.WriteAt([]byte("abcd")[:c.n], c.off)
		if n != c.want || (err == io.ErrShortWrite) != c.eof {
			t.Errorf("WriteAt(%d, %d): %d %v", c.n, c.off, n, err)
		}
	}
	_, err = m.ReadAt(make([]byte, 1), -1)
	wantError(t, err, "negative offset")
	_, err = m.WriteAt(make([]byte, 1), -1)
	wantError(t, err, "negative offset")
	all, err := io.ReadAll(io.NewSectionReader(m, 0, 1<<20))
	if err != nil || len(all) != 65536 {
		t.Errorf("%d bytes, %v", len(all), err)
	}
}

func TestMemoryGrow(t *testing.T) {
	m := newMemory(t, 1, 3)
	view, err := m.View(0, 4)
	noError(t, err)
	for _, delta := range []uint64{3, 1 << 16, 1 << 48, math.MaxUint64} {
		if old, ok := m.Grow(delta); ok || old != 1 {
			t.Errorf("Grow(%d): %d %v", delta, old, ok)
		}
	}
	if old, ok := m.Grow(0); !ok || old != 1 {
		t.Errorf("Grow(0): %d %v", old, ok)
	}
	if old, ok := m.Grow(2); !ok || old != 1 {
		t.Errorf("Grow(2): %d %v", old, ok)
	}
	equal(t, "size", m.Size(), 3<<16)
	equal(t, "pages", m.Pages(), 3)
	equal(t, "type", m.Type().Limits, wamr.SizeLimits{Min: 3, Max: 3, HasMax: true})
	_, err = m.View(3<<16-1, 1)
	noError(t, err)
	if runtime.GOOS == "linux" && math.MaxInt > math.MaxInt32 && !m.Fixed() {
		t.Error("the memory moves")
	}
	if m.Fixed() {
		view[0] = 7
		x, err := wamr.Load[byte](m, 0)
		noError(t, err)
		equal(t, "through a view from before", x, 7)
	}
}

func TestMemoryLimit(t *testing.T) {
	st := newRuntime(t, wamr.Config{}).NewStore(wamr.Limits{Memory: 2 << 16})
	inst := instantiateIn(t, nil, st, `(module (memory (export "m") 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`)
	equal(t, "beyond the limit", call1(t, inst, "grow", wamr.I32(2)).I32(), -1)
	equal(t, "within", call1(t, inst, "grow", wamr.I32(1)).I32(), 1)
	if _, ok := inst.Memory("m").Grow(1); ok {
		t.Error("Go code may exceed the limit")
	}
	_, err := st.NewMemory(wamr.MemoryType{Limits: wamr.SizeLimits{Min: 1}})
	wantAs[*wamr.LimitError](t, err)
}
