package valid_test

import (
	"context"
	"os"
	"testing"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// benchModule returns the module that WAMR_BENCH_MODULE names, or one whose
// functions are many copies of the one that the fast paths are tested with.
func benchModule(b *testing.B) *wasm.Module {
	name := os.Getenv("WAMR_BENCH_MODULE")
	if name == "" {
		m := parse(b, frequent)
		last := len(m.Code) - 1
		for range 20_000 {
			m.Funcs = append(m.Funcs, m.Funcs[last])
			m.Code = append(m.Code, m.Code[last])
		}
		return m
	}
	bytes, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	m, err := binary.Decode(bytes, op.FeaturesAll)
	if err != nil {
		b.Fatal(err)
	}
	return m
}

func codeBytes(m *wasm.Module) int64 {
	var n int64
	for k := range m.Code {
		n += int64(len(m.Code[k].Body))
	}
	return n
}

// BenchmarkValidate measures bytes of function bodies per second, on one core.
func BenchmarkValidate(b *testing.B) {
	m := benchModule(b)
	b.SetBytes(codeBytes(m))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll, Parallelism: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

type countingVisitor struct{ n int }

func (c *countingVisitor) Visit(*valid.Instr) error { c.n++; return nil }

// BenchmarkVisit is BenchmarkValidate with a visitor that does nothing.
func BenchmarkVisit(b *testing.B) {
	m := benchModule(b)
	info, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(codeBytes(m))
	b.ReportAllocs()
	f := valid.NewFunc(info)
	var c countingVisitor
	for b.Loop() {
		for k := range m.Code {
			if err := f.Walk(k, &c); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(c.n), "ns/instr")
}
