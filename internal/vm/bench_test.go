package vm

import (
	"context"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
)

// smallModule has a function, a memory of a page with a little data, a table
// and a global.
func smallModule() *wasm.Module {
	return &wasm.Module{
		Types:    []wasm.SubType{funcType(nil, nil)},
		Funcs:    []wasm.TypeIdx{0, 0},
		Memories: []wasm.MemType{memType(1)},
		Tables:   []wasm.Table{{Type: tableType(wasm.FuncRef, 2)}},
		Globals:  []wasm.Global{{Type: wasm.GlobalType{Type: wasm.I32, Mutable: true}, Init: i32(1024)}},
		Elems:    []wasm.Elem{{Mode: wasm.Active, At: i32(0), Type: wasm.FuncRef, Funcs: []wasm.FuncIdx{0, 1}}},
		Data:     []wasm.Data{{Mode: wasm.Active, At: i32(16), Init: []byte("hello, world")}},
		Bytes:    []byte{0},
	}
}

func benchInstantiate(b *testing.B, m *wasm.Module, run bool) {
	types := newTypes(b)
	p := prepare(b, types, m)
	e := goEngine{}
	b.ReportAllocs()
	for b.Loop() {
		s := NewStore(types, e, Limits{})
		i, err := Instantiate(context.Background(), s, p, nil)
		if err != nil {
			b.Fatal(err)
		}
		if run {
			if err := s.Exec.Call(context.Background(), i.Func(0), nil); err != nil {
				b.Fatal(err)
			}
			i.Memories[0].Bytes()[100] = 1
		}
		s.Close()
	}
}

func BenchmarkInstantiateTiny(b *testing.B) {
	benchInstantiate(b, &wasm.Module{Types: []wasm.SubType{funcType(nil, nil)}, Funcs: []wasm.TypeIdx{0}, Bytes: []byte{0}}, false)
}

func BenchmarkInstantiateSmall(b *testing.B)    { benchInstantiate(b, smallModule(), false) }
func BenchmarkInstantiateSmallRun(b *testing.B) { benchInstantiate(b, smallModule(), true) }

func dataModule() *wasm.Module {
	m := smallModule()
	m.Memories[0].Min = 20
	m.Data = []wasm.Data{{Mode: wasm.Active, At: i32(1024), Init: make([]byte, 1<<20)}}
	for i := range m.Data[0].Init {
		m.Data[0].Init[i] = byte(i%255 + 1)
	}
	return m
}

func BenchmarkInstantiateData(b *testing.B)    { benchInstantiate(b, dataModule(), false) }
func BenchmarkInstantiateDataRun(b *testing.B) { benchInstantiate(b, dataModule(), true) }

type emptyEngine struct{}

func (emptyEngine) Call(*Exec, *Func, []uint64) error { return nil }

func (emptyEngine) Backtrace(*Exec) []Frame { return nil }

func BenchmarkCall(b *testing.B) {
	types := newTypes(b)
	s := newStore(b, types, emptyEngine{})
	i := instantiate(b, s, prepare(b, types, smallModule()))
	f := i.Func(0)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Exec.Call(ctx, f, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCallCancellable(b *testing.B) {
	types := newTypes(b)
	s := newStore(b, types, emptyEngine{})
	i := instantiate(b, s, prepare(b, types, smallModule()))
	f := i.Func(0)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Exec.Call(ctx, f, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewStruct(b *testing.B) {
	types := newTypes(b)
	s := newStore(b, types, emptyEngine{})
	p := prepare(b, types, &wasm.Module{Types: []wasm.SubType{structType(mutable(wasm.I32), mutable(wasm.AnyRef))}})
	t := types.Info(p.TypeIDs[0])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.NewStruct(&s.Exec, t); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGrowTo4GiB(b *testing.B) {
	types := newTypes(b)
	for b.Loop() {
		s := NewStore(types, emptyEngine{}, Limits{})
		m, err := s.NewMemory(memType(0))
		if err != nil {
			b.Fatal(err)
		}
		for range 1024 {
			if _, ok := m.Grow(s, 64); !ok {
				b.Fatal("refused")
			}
		}
		s.Close()
	}
}
