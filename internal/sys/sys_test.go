package sys

import (
	"bytes"
	"testing"
	"unsafe"
)

func region(t *testing.T, pages int) (unsafe.Pointer, func(from, to int) []byte) {
	t.Helper()
	if !CanReserve {
		t.Skip("this system can't reserve address space")
	}
	n := uintptr(pages) * PageSize()
	p, err := Reserve(n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := Release(p, n); err != nil {
			t.Error(err)
		}
	})
	return p, func(from, to int) []byte {
		return unsafe.Slice((*byte)(unsafe.Add(p, uintptr(from)*PageSize())), (to-from)*int(PageSize()))
	}
}

func all(b []byte, v byte) bool { return bytes.Count(b, []byte{v}) == len(b) }

func fill(b []byte, v byte) {
	for i := range b {
		b[i] = v
	}
}

func TestCommit(t *testing.T) {
	p, bytes := region(t, 8)
	page := PageSize()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(Commit(p, 2*page))
	if !all(bytes(0, 2), 0) {
		t.Error("new memory is not zero")
	}
	fill(bytes(0, 2), 1)
	// Committing again, and more, changes nothing.
	must(Commit(p, 4*page))
	if !all(bytes(0, 2), 1) || !all(bytes(2, 4), 0) {
		t.Error("contents after a second Commit")
	}
	fill(bytes(0, 4), 2)
	must(Decommit(unsafe.Add(p, 2*page), 6*page))
	must(Commit(unsafe.Add(p, 2*page), 2*page))
	if !all(bytes(0, 2), 2) || !all(bytes(2, 4), 0) {
		t.Error("contents after Decommit and Commit")
	}
	fill(bytes(0, 4), 3)
	must(Discard(unsafe.Add(p, page), page))
	if !all(bytes(0, 1), 3) || !all(bytes(1, 2), 0) || !all(bytes(2, 4), 3) {
		t.Error("contents after Discard")
	}
	must(Zero(unsafe.Add(p, 2*page), page))
	if !all(bytes(0, 1), 3) || !all(bytes(1, 3), 0) || !all(bytes(3, 4), 3) {
		t.Error("contents after Zero")
	}
	fill(bytes(0, 4), 4)
	// Nothing is nothing.
	must(Commit(p, 0))
	must(Decommit(p, 0))
	must(Discard(p, 0))
	must(Zero(p, 0))
	if !all(bytes(0, 4), 4) {
		t.Error("contents after nothing")
	}
}

func TestImage(t *testing.T) {
	p, mem := region(t, 8)
	page := PageSize()
	img, err := NewImage(int64(3*page), func(writeAt func([]byte, int64) error) error {
		return writeAt(bytes.Repeat([]byte{7}, int(page)), int64(page)+1)
	})
	if !CanMapImage {
		if err == nil {
			t.Error("an image was made where none can be")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := Commit(p, 8*page); err != nil {
		t.Fatal(err)
	}
	want := make([]byte, 3*page)
	fill(want[page+1:2*page+1], 7)
	a, b := mem(0, 3), mem(4, 7)
	for _, at := range []uintptr{0, 4} {
		if err := img.Map(unsafe.Add(p, at*page), 3*page); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a, want) || !bytes.Equal(b, want) {
		t.Error("contents")
	}
	fill(a, 9)
	if !bytes.Equal(b, want) {
		t.Error("mappings share what is written")
	}
	if err := img.Close(); err != nil {
		t.Error(err)
	}
	if err := Discard(p, 3*page); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, want) {
		t.Error("Discard didn't bring the image back")
	}
	if err := Zero(p, 3*page); err != nil {
		t.Fatal(err)
	}
	if !all(a, 0) {
		t.Error("Zero didn't remove the image")
	}
}

func TestRoundUp(t *testing.T) {
	page := PageSize()
	if page&(page-1) != 0 {
		t.Fatalf("page size %d", page)
	}
	for n, want := range map[uintptr]uintptr{0: 0, 1: page, page - 1: page, page: page, page + 1: 2 * page} {
		if got := RoundUp(n); got != want {
			t.Errorf("RoundUp(%d) = %d, want %d", n, got, want)
		}
	}
}
