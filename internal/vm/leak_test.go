package vm

import (
	"context"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// usage is what a process holds of the system.
type usage struct {
	mappings, files, goroutines int
	resident                    int // pages
}

func measure(t *testing.T) usage {
	t.Helper()
	runtime.GC()
	var u usage
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Skip("no /proc on this host")
	}
	u.mappings = strings.Count(string(maps), "\n")
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc on this host")
	}
	u.files = len(fds)
	u.goroutines = runtime.NumGoroutine()
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		for i, f := range strings.Fields(string(statm)) {
			if i == 1 {
				for _, c := range f {
					u.resident = 10*u.resident + int(c-'0')
				}
			}
		}
	}
	return u
}

// Many instances of several kinds come and go, and nothing is left.
func TestNoLeaks(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	gc := newGCTypes(t, types)
	small, data := prepare(t, types, smallModule()), prepare(t, types, dataModule())
	e[small] = []func(*Exec, *Func, []uint64) error{func(x *Exec, f *Func, _ []uint64) error {
		x.Stack[0] = 1
		f.Inst.Memories[0].Bytes()[7] = 7
		return nil
	}}
	cycle := func(n int) {
		for k := range n {
			s := NewStore(types, e, Limits{})
			m := small
			if k%4 == 0 {
				m = data
			}
			i, err := Instantiate(context.Background(), s, m, nil)
			if err != nil {
				t.Fatal(err)
			}
			if k%3 == 0 {
				if err := s.Exec.Call(context.Background(), i.Func(0), nil); err != nil {
					t.Fatal(err)
				}
			}
			if k%16 == 0 {
				if _, err := s.NewStruct(&s.Exec, gc.node); err != nil {
					t.Fatal(err)
				}
				if _, err := s.NewMemory(sharedType(1, 2)); err != nil {
					t.Fatal(err)
				}
				i.Memories[0].Grow(s, 100)
			}
			if k%1000 != 999 { // some are forgotten
				s.Close()
			}
		}
	}
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	cycle(n)
	before := measure(t)
	cycle(n)
	after := measure(t)
	// Pools and the collector's timing make a difference, but not one that
	// grows with n.
	if after.mappings > before.mappings+100 || after.files > before.files+5 || after.goroutines > before.goroutines+5 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if after.resident > 2*before.resident+4096 {
		t.Errorf("resident pages: %d before, %d after", before.resident, after.resident)
	}
}

// A registry that is closed gives everything back.
func TestClosedTypesKeepNothing(t *testing.T) {
	before := measure(t)
	for range 3 {
		types := NewTypes()
		m := prepare(t, types, dataModule())
		var stores []*Store
		for range 40 {
			s := NewStore(types, emptyEngine{}, Limits{})
			i := instantiate(t, s, m)
			if err := s.Exec.Call(context.Background(), i.Func(0), nil); err != nil {
				t.Fatal(err)
			}
			stores = append(stores, s)
		}
		for k, s := range stores {
			if k == 20 {
				m.Close()
				types.Close()
			}
			s.Close()
		}
		if n := len(types.pools.slots.free) + len(types.pools.stacks.free) + len(types.pools.stacks.held); n != 0 {
			t.Errorf("%d things are left in closed pools", n)
		}
	}
	if after := measure(t); after.mappings > before.mappings+40 || after.files > before.files+2 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

// Many goroutines instantiate, call and close over the same modules.
func TestInstantiateConcurrently(t *testing.T) {
	types := newTypes(t)
	small, data := prepare(t, types, smallModule()), prepare(t, types, dataModule())
	rounds := 200
	if testing.Short() {
		rounds = 20
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for n := range rounds {
				s := NewStore(types, emptyEngine{}, Limits{})
				m := []*Module{small, data}[(g+n)%2]
				i, err := Instantiate(context.Background(), s, m, nil)
				if err != nil {
					t.Error(err)
					return
				}
				b := i.Memories[0].Bytes()
				if m == data && b[1024] != 1 || m == small && (string(b[16:21]) != "hello" || b[1024] != 0) {
					t.Error("wrong contents")
				}
				if b[len(b)-1] != 0 || b[0] != 0 {
					t.Error("somebody else's contents")
				}
				b[0], b[len(b)-1], b[1024] = 9, 9, 9
				ctx, cancel := context.WithCancel(context.Background())
				if n%2 == 0 {
					cancel()
				}
				_ = s.Exec.Call(ctx, i.Func(1), nil)
				cancel()
				switch n % 5 {
				case 0: // forgotten
				case 1:
					go s.Close()
				default:
					s.Close()
				}
			}
		})
	}
	wg.Wait()
}

// An idle instance takes little of Go's heap.
func TestInstanceSize(t *testing.T) {
	types := newTypes(t)
	m := prepare(t, types, smallModule())
	n := 500
	if testing.Short() {
		n = 50
	}
	stores := make([]*Store, n)
	// What earlier tests left is freed by and by, some of it by clean-ups.
	heap := func() int64 {
		least := int64(math.MaxInt64)
		for range 5 {
			runtime.GC()
			time.Sleep(5 * time.Millisecond)
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			least = min(least, int64(s.HeapAlloc))
		}
		return least
	}
	before := heap()
	for k := range stores {
		stores[k] = NewStore(types, emptyEngine{}, Limits{})
		i := instantiate(t, stores[k], m)
		if err := stores[k].Exec.Call(context.Background(), i.Func(0), nil); err != nil {
			t.Fatal(err)
		}
		if i.Memories[0].slot == nil {
			t.Skip("memory is in Go's heap on this host")
		}
	}
	if each := (heap() - before) / int64(n); each > 4096 {
		t.Errorf("%d bytes each", each)
	} else {
		t.Logf("%d bytes each", each)
	}
	for _, s := range stores {
		s.Close()
	}
}

// When there are no slots left, memories are in Go's heap, and work.
func TestNoSlotsLeft(t *testing.T) {
	defer liveSlots.Add(-maxLiveSlots)
	liveSlots.Add(maxLiveSlots)
	types := newTypes(t)
	m := prepare(t, types, dataModule())
	s := newStore(t, types, emptyEngine{})
	i, j := instantiate(t, s, m), instantiate(t, s, m)
	mem := i.Memories[0]
	if mem.slot != nil || mem.Fixed || mem.Guarded {
		t.Fatal("there is a slot")
	}
	if mem.Bytes()[1024] != 1 {
		t.Error("contents")
	}
	if old, ok := mem.Grow(s, 5); !ok || old != 20 || len(mem.Bytes()) != 25<<16 || mem.Bytes()[1024] != 1 {
		t.Errorf("Grow = %d, %v", old, ok)
	}
	mem.Bytes()[1024] = 2
	if j.Memories[0].Bytes()[1024] != 1 {
		t.Error("memory is shared")
	}
	shared, err := s.NewMemory(sharedType(1, 3))
	if err != nil || !shared.Fixed {
		t.Fatalf("shared memory: %v", err)
	}
	base := shared.Base
	if _, ok := shared.Grow(s, 2); !ok || shared.Base != base || shared.Bytes()[3<<16-1] != 0 {
		t.Error("shared memory moved")
	}
	if _, err := s.NewMemory(sharedType(1, 65536)); err == nil {
		t.Error("a shared memory of 4 GiB was allocated")
	}
}
