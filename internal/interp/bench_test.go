package interp

import (
	"testing"

	"github.com/wamr-go/wamr/internal/vm"
)

const benchModule = `(module
	(import "" "h" (func $h (param i32) (result i32)))
	(func (export "empty"))
	(func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
	(func (export "host") (param i32) (result i32) (local $i i32)
		(loop $l
			(local.set $i (call $h (local.get $i)))
			(br_if $l (i32.lt_s (local.get $i) (local.get 0))))
		(local.get $i))
	(func $fib (export "fib") (param i32) (result i32)
		(if (i32.lt_s (local.get 0) (i32.const 2)) (then (return (local.get 0))))
		(i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))`

func benchInstance(b *testing.B) instance {
	w := newWorld(b, vm.Limits{}, Options{})
	return w.instantiate(benchModule, w.host("i:i", func(_ *vm.Exec, s []uint64) error { s[0] = uint64(uint32(s[0]) + 1); return nil }))
}

// BenchmarkCall calls from Go into Wasm.
func BenchmarkCall(b *testing.B) {
	i := benchInstance(b)
	for _, name := range []string{"empty", "add"} {
		b.Run(name, func(b *testing.B) {
			f, slots := i.fn(name), make([]uint64, 2)
			for b.Loop() {
				if err := i.w.store.Exec.Call(i.w.ctx, f, slots); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkHost calls from Wasm into Go.
func BenchmarkHost(b *testing.B) {
	i := benchInstance(b)
	f, slots := i.fn("host"), []uint64{uint64(b.N)}
	b.ResetTimer()
	if err := i.w.store.Exec.Call(i.w.ctx, f, slots); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkFib makes 2.7 million calls.
func BenchmarkFib(b *testing.B) {
	i := benchInstance(b)
	for b.Loop() {
		i.call("fib", 30)
	}
}
