package vm

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/wamr-go/wamr/internal/sys"
	"github.com/wamr-go/wamr/internal/wasm"
)

func newMemory(t *testing.T, s *Store, mt wasm.MemType) *Memory {
	t.Helper()
	m, err := s.NewMemory(mt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// plainMemory returns a memory as hosts have that can't reserve.
func plainMemory(s *Store, mt wasm.MemType) *Memory {
	size := pagesToBytes(&mt, mt.Min)
	m := &Memory{Type: mt, Size: size, plain: make([]uint64, (size+7)/8), store: s, max: min(pagesToBytes(&mt, maxPages(&mt)), s.Limits.Memory)}
	m.setPlainBase()
	s.memoryBytes.Add(size)
	return m
}

func TestGrow(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	for name, m := range map[string]*Memory{
		"reserved": newMemory(t, s, memType(1, 10)),
		"plain":    plainMemory(s, memType(1, 10)),
	} {
		base := m.Base
		m.Bytes()[65535] = 1
		for _, step := range []struct {
			delta, old uint64
			ok         bool
		}{{0, 1, true}, {1, 1, true}, {9, 2, false}, {1 << 32, 2, false}, {^uint64(0), 2, false}, {8, 2, true}, {1, 10, false}, {0, 10, true}} {
			if old, ok := m.Grow(s, step.delta); old != step.old || ok != step.ok {
				t.Errorf("%s: Grow(%d) = %d, %v; want %d, %v", name, step.delta, old, ok, step.old, step.ok)
			}
			if m.Pages() != uint64(len(m.Bytes()))>>16 {
				t.Errorf("%s: %d pages, %d bytes", name, m.Pages(), len(m.Bytes()))
			}
		}
		b := m.Bytes()
		if b[65535] != 1 {
			t.Errorf("%s: contents are lost", name)
		}
		b[65535] = 0
		if !bytes.Equal(b, make([]byte, 10<<16)) {
			t.Errorf("%s: new pages are not zero", name)
		}
		if m.Fixed && m.Base != base {
			t.Errorf("%s: it moved", name)
		}
	}
	if n := s.memoryBytes.Load(); n != 20<<16 {
		t.Errorf("%d bytes are accounted for", n)
	}
}

func TestMemoryKinds(t *testing.T) {
	types := newTypes(t)
	tests := []struct {
		name    string
		t       wasm.MemType
		grow    uint64
		ok      bool
		size    uint64
		guarded bool
	}{
		{"32-bit", memType(1), 1, true, 2 << 16, true},
		{"empty", memType(0), 1, true, 1 << 16, true},
		{"never anything", memType(0, 0), 1, false, 0, false},
		{"64-bit", wasm.MemType{Limits: wasm.Limits{Min: 1, Addr64: true}, PageSizeLog2: 16}, 2, true, 3 << 16, false},
		{"pages of one byte", wasm.MemType{Limits: limits(3, 20), PageSizeLog2: 0, CustomPageSize: true}, 17, true, 20, false},
		{"too many pages of one byte", wasm.MemType{Limits: limits(3, 20), PageSizeLog2: 0, CustomPageSize: true}, 18, false, 3, false},
		{"shared", wasm.MemType{Limits: limits(1, 3), PageSizeLog2: 16, Shared: true}, 2, true, 3 << 16, true},
	}
	for _, tt := range tests {
		s := newStore(t, types, goEngine{})
		m := newMemory(t, s, tt.t)
		if _, ok := m.Grow(s, tt.grow); ok != tt.ok {
			t.Errorf("%s: Grow(%d) = %v", tt.name, tt.grow, ok)
		}
		if m.ByteSize() != tt.size || uint64(len(m.Bytes())) != tt.size {
			t.Errorf("%s: size %d, want %d", tt.name, m.ByteSize(), tt.size)
		}
		if sys.Reserve4GiB && (m.Guarded != (guarded && tt.guarded) || !m.Fixed) {
			t.Errorf("%s: guarded %v, fixed %v", tt.name, m.Guarded, m.Fixed)
		}
		for i := range m.Bytes() {
			m.Bytes()[i] = byte(i)
		}
	}
}

func TestGrowTo4GiB(t *testing.T) {
	if !sys.Reserve4GiB {
		t.Skip("this host has no address space for it")
	}
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	m := newMemory(t, s, memType(0))
	if old, ok := m.Grow(s, 65536); !ok || old != 0 {
		t.Fatalf("Grow = %d, %v", old, ok)
	}
	if m.Pages() != 65536 || m.Size != 1<<32 {
		t.Errorf("%d pages", m.Pages())
	}
	b := m.Bytes()
	middle := uint64(1 << 31) // more than an int is on some hosts
	b[0], b[middle], b[len(b)-1] = 1, 2, 3
	if _, ok := m.Grow(s, 1); ok {
		t.Error("grew beyond 4 GiB")
	}
}

// A memory of more than 4 GiB, where the store allows it.
func TestLargeMemory64(t *testing.T) {
	if !sys.Reserve4GiB {
		t.Skip("this host has no address space for it")
	}
	types := newTypes(t)
	s := NewStore(types, goEngine{}, Limits{Memory: 12 << 30})
	defer s.Close()
	m := newMemory(t, s, wasm.MemType{Limits: wasm.Limits{Min: 5 << 14, Addr64: true}, PageSizeLog2: 16})
	base := m.Base
	before, after := uint64(5<<30), uint64(12<<30)
	b := m.Bytes()
	if uint64(len(b)) != before {
		t.Fatalf("%d bytes", len(b))
	}
	b[before-1] = 1
	if old, ok := m.Grow(s, 7<<14); !ok || old != 5<<14 {
		t.Errorf("Grow = %d, %v", old, ok)
	}
	if b := m.Bytes(); b[before-1] != 1 || b[after-1] != 0 || m.Base != base || !m.Fixed {
		t.Error("it moved")
	}
	if _, ok := m.Grow(s, 1); ok {
		t.Error("grew beyond the limit")
	}
}

// Slots that were used come back empty, whatever was in them and whatever comes
// next.
func TestSlotsComeBackEmpty(t *testing.T) {
	if !sys.Reserve4GiB {
		t.Skip("there are no slots on this host")
	}
	types := newTypes(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	data := dataModule()
	modules := []*Module{nil, prepare(t, types, data), prepare(t, types, dataModule())}
	var want []byte
	for range 300 {
		s := NewStore(types, goEngine{}, Limits{})
		var m *Memory
		pages := uint64(rnd.IntN(40))
		if mod := modules[rnd.IntN(len(modules))]; mod != nil {
			m = instantiate(t, s, mod).Memories[0]
			want = make([]byte, m.Size)
			copy(want[1024:], data.Data[0].Init)
		} else {
			m = newMemory(t, s, memType(pages))
			want = make([]byte, m.Size)
		}
		if !bytes.Equal(m.Bytes(), want) {
			t.Fatal("a new memory has wrong contents")
		}
		if end := uint64(sys.RoundUp(uintptr(m.Size))); m.slot.committed < end || guarded && m.slot.committed > end {
			t.Fatalf("%d bytes are accessible of a memory of %d", m.slot.committed, m.Size)
		}
		if rnd.IntN(3) > 0 {
			m.Grow(s, uint64(rnd.IntN(3)))
			for b := m.Bytes(); len(b) > 0; b = b[min(len(b), 3000):] {
				b[0] = 0xFF
			}
		}
		s.Close()
	}
}

// Two instances of a module with an image don't see each other's writes, and a
// closed module's instances go on to work.
func TestImageIsPrivate(t *testing.T) {
	types := newTypes(t)
	m := prepare(t, types, dataModule())
	s := newStore(t, types, goEngine{})
	i, j := instantiate(t, s, m), instantiate(t, s, m)
	a, b := i.Memories[0].Bytes(), j.Memories[0].Bytes()
	if !bytes.Equal(a, b) || a[1024] != 1 {
		t.Fatal("contents")
	}
	if sys.CanMapImage && sys.Reserve4GiB && i.Memories[0].slot.img == nil {
		t.Error("no image was used")
	}
	a[2000] = 0
	if b[2000] == 0 {
		t.Error("they share memory")
	}
	m.Close()
	m.Close()
	k := instantiate(t, s, m)
	if !bytes.Equal(k.Memories[0].Bytes(), b) {
		t.Error("contents after Close")
	}
}

func TestImageRange(t *testing.T) {
	if !sys.CanMapImage || !sys.Reserve4GiB {
		t.Skip("no images on this host")
	}
	types := newTypes(t)
	big := make([]byte, minImage)
	seg := func(at uint32, b []byte) wasm.Data { return wasm.Data{Mode: wasm.Active, At: i32(at), Init: b} }
	page := uint64(sys.PageSize())
	tests := []struct {
		name        string
		data        []wasm.Data
		start, size uint64
	}{
		{"none", nil, 0, 0},
		{"small", []wasm.Data{seg(0, big[1:])}, 0, 0},
		{"one", []wasm.Data{seg(1, big)}, 0, minImage + page},
		{"two", []wasm.Data{seg(uint32(3*page), big), seg(uint32(2*page)+1, []byte{1})}, 2 * page, minImage + page},
		{"at the end", []wasm.Data{seg(64<<16-minImage, big)}, 64<<16 - minImage, minImage},
		{"out of bounds", []wasm.Data{seg(64<<16-minImage+1, big)}, 0, 0},
		{"far apart", []wasm.Data{seg(0, big), seg(60<<16, []byte{1})}, 0, 0},
		{"empty far away", []wasm.Data{seg(0, big), seg(60<<16, nil)}, 0, minImage},
		{"not constant", []wasm.Data{{Mode: wasm.Active, At: global(0), Init: big}}, 0, 0},
		{"passive", []wasm.Data{{Mode: wasm.Passive, Init: big}}, 0, 0},
	}
	for _, tt := range tests {
		m := prepare(t, types, &wasm.Module{Memories: []wasm.MemType{memType(64)}, Data: tt.data})
		if l := &m.resources.image; l.start != tt.start || l.size != tt.size {
			t.Errorf("%s: %d bytes at %d, want %d at %d", tt.name, l.size, l.start, tt.size, tt.start)
		}
	}
}

func TestBulkMemory(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	m, o := newMemory(t, s, memType(40)), newMemory(t, s, memType(40))
	x := &s.Exec
	rnd := rand.New(rand.NewPCG(3, 4))
	model, other := make([]byte, 40<<16), make([]byte, 40<<16)
	for i := range model {
		model[i], other[i] = byte(rnd.Uint32()), byte(rnd.Uint32())
	}
	copy(m.Bytes(), model)
	copy(o.Bytes(), other)
	size := uint64(len(model))
	for n := range 60 {
		d, f, l := rnd.Uint64N(size), rnd.Uint64N(size), rnd.Uint64N(size)
		if n%2 == 0 {
			l %= 100
		}
		ok := d+l <= size && f+l <= size
		var err error
		switch n % 4 {
		case 0, 1:
			if err = m.Copy(x, d, m, f, l); ok {
				copy(model[d:d+l], model[f:f+l])
			}
		case 2:
			if err = m.Copy(x, d, o, f, l); ok {
				copy(model[d:d+l], other[f:f+l])
			}
		case 3:
			ok = d+l <= size
			if err = m.Fill(x, d, byte(n), l); ok {
				copy(model[d:d+l], bytes.Repeat([]byte{byte(n)}, int(l)))
			}
		}
		if (err == nil) != ok {
			t.Fatalf("operation %d: %v", n, err)
		}
		if !bytes.Equal(m.Bytes(), model) {
			t.Fatalf("operation %d: contents differ", n)
		}
	}
	for _, err := range []error{
		m.Fill(x, size, 0, 1), m.Fill(x, size+1, 0, 0), m.Fill(x, ^uint64(0), 0, 2), m.Fill(x, 0, 0, ^uint64(0)),
		m.Copy(x, size, m, 0, 1), m.Copy(x, 0, m, size, 1), m.Copy(x, 0, m, 1, ^uint64(0)),
		m.Init(x, 0, []byte("abc"), 2, 2), m.Init(x, 0, nil, 1, 0), m.Init(x, size, []byte("abc"), 0, 1), m.Init(x, 0, []byte("abc"), ^uint64(0), 1),
	} {
		wantTrap(t, err, TrapOutOfBoundsMemory)
	}
	for _, err := range []error{
		m.Fill(x, size, 0, 0), m.Copy(x, size, m, size, 0), m.Init(x, size, []byte("abc"), 3, 0), m.Init(x, 1, []byte("abc"), 1, 2),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if got := string(m.Bytes()[1:3]); got != "bc" {
		t.Errorf("Init wrote %q", got)
	}
}

func TestBulkIsInterrupted(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	mod := funcs(t, types, 1)
	s := newStore(t, types, e)
	m := newMemory(t, s, memType(64)) // four chunks
	for name, op := range map[string]func(x *Exec) error{
		"fill": func(x *Exec) error { return m.Fill(x, 0, 1, m.Size) },
		"copy": func(x *Exec) error { return m.Copy(x, 0, m, 0, m.Size) },
	} {
		clear(m.Bytes())
		e[mod] = []func(*Exec, *Func, []uint64) error{func(x *Exec, f *Func, _ []uint64) error {
			s.Interrupt(nil)
			return op(x)
		}}
		err := s.Exec.Call(context.Background(), instantiate(t, s, mod).Func(0), nil)
		wantTrap(t, err, TrapInterrupted)
		if name == "fill" && m.Bytes()[m.Size-1] != 0 {
			t.Error("it filled everything")
		}
	}
	if atomic.LoadUint32(&s.Exec.Interrupted) != 0 {
		t.Error("the interruption stays")
	}
}

func TestSnapshot(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	for _, mod := range []*wasm.Module{smallModule(), dataModule()} {
		i := instantiate(t, s, prepare(t, types, mod))
		mem, tab, g := i.Memories[0], i.Tables[0], i.Globals[0]
		mem.Bytes()[5] = 5
		want := bytes.Clone(mem.Bytes())
		elems := fmt.Sprint(tab.Elems)
		used := s.Stats()
		snap, err := s.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			mem.Grow(s, 3)
			for x := range mem.Bytes() {
				mem.Bytes()[x] = 0xEE
			}
			tab.Grow(s, 4, i.FuncRef(0))
			tab.Elems[0] = Null
			g.Lo = 99
			if err := s.Restore(snap); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(mem.Bytes(), want) || fmt.Sprint(tab.Elems) != elems || g.Lo != 1024 {
				t.Error("not restored")
			}
			if s.Stats() != used {
				t.Errorf("accounts: %+v, want %+v", s.Stats(), used)
			}
		}
		if _, ok := mem.Grow(s, 1); !ok || !bytes.Equal(mem.Bytes()[len(want):], make([]byte, 65536)) {
			t.Error("what it grows by is not zero")
		}
	}
	if err := newStore(t, types, goEngine{}).Restore(&Snapshot{store: s}); err == nil {
		t.Error("restored into another store")
	}
}

func TestTable(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	s.Limits.Table = 20
	tab, err := s.NewTable(tableType(wasm.AnyRef, 2, 10), I31(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		delta, old uint64
		ok         bool
	}{{0, 2, true}, {9, 2, false}, {1, 2, true}, {^uint64(0), 3, false}, {7, 3, true}, {1, 10, false}} {
		if old, ok := tab.Grow(s, step.delta, I31(uint32(step.delta))); old != step.old || ok != step.ok {
			t.Errorf("Grow(%d) = %d, %v", step.delta, old, ok)
		}
	}
	if got, want := fmt.Sprint(tab.Elems), fmt.Sprint([]Ref{3, 3, 3, 15, 15, 15, 15, 15, 15, 15}); got != want {
		t.Errorf("elements %s, want %s", got, want)
	}
	other, err := s.NewTable(tableType(wasm.AnyRef, 0), Null)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := other.Grow(s, 11, Null); ok {
		t.Error("grew beyond the store's limit")
	}
	if _, ok := other.Grow(s, 10, Null); !ok {
		t.Error("didn't grow to the store's limit")
	}
	for _, err := range []error{
		tab.Fill(8, Null, 3), tab.Fill(11, Null, 0), tab.Fill(^uint64(0), Null, 2),
		tab.Copy(8, tab, 0, 3), tab.Copy(0, other, 8, 3), tab.Init(9, []Ref{1, 3}, 0, 2), tab.Init(0, []Ref{1, 3}, 1, 2), tab.Init(0, nil, 0, 1),
	} {
		wantTrap(t, err, TrapOutOfBoundsTable)
	}
	for _, err := range []error{
		tab.Fill(8, I31(4), 2), tab.Fill(10, Null, 0), tab.Init(0, []Ref{1, 3, 5, 7}, 1, 3), tab.Copy(1, tab, 0, 3), tab.Copy(10, other, 10, 0),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if got, want := fmt.Sprint(tab.Elems), fmt.Sprint([]Ref{3, 3, 5, 7, 15, 15, 15, 15, 9, 9}); got != want {
		t.Errorf("elements %s, want %s", got, want)
	}
}
