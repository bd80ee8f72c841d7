package interp

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/test/smith"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// TestFusion runs random modules with and without the peephole optimizations:
// they must do the same.
func TestFusion(t *testing.T) {
	n := uint64(1500)
	if testing.Short() {
		n = 200
	}
	for seed := range n {
		cfg := smith.Config{Features: op.FeaturesAll, Size: 40 + int(seed%8)*40, Deterministic: true}
		bytes := smith.Seeded(seed, cfg)
		got, want := behaviour(t, bytes, seed, false), behaviour(t, bytes, seed, true)
		if got != want {
			t.Errorf("seed %d: with fusion\n%swithout\n%s", seed, got, want)
			if t.Failed() {
				return
			}
		}
	}
}

// behaviour calls every export of a module with random arguments and tells
// what happened.
func behaviour(t *testing.T, bytes []byte, seed uint64, apart bool) string {
	t.Helper()
	m, err := binary.Decode(bytes, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, vm.Limits{HasFuel: true, Fuel: 20_000, CallDepth: 50, Memory: 4 << 20, GCHeap: 1 << 20, Table: 10_000}, Options{Metered: true})
	defer w.store.Close()
	info, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll, Parallelism: 1})
	if err != nil {
		t.Fatal(err)
	}
	p, err := vm.NewModule(w.types, m)
	if err != nil {
		t.Fatal(err)
	}
	mc, err := Compile(p, info, w.opts)
	if err != nil {
		t.Fatal(err)
	}
	mc.apart = apart
	var b strings.Builder
	i, err := vm.Instantiate(context.Background(), w.store, p, nil)
	if err != nil {
		return "instantiation: " + cause(err)
	}
	random := rand.New(rand.NewPCG(seed, 1))
	for _, e := range p.Exports {
		if e.Kind != wasm.ExternFunc {
			continue
		}
		f := i.Func(wasm.FuncIdx(e.Index))
		for range 3 {
			slots := arguments(random, f)
			w.store.Fuel = 20_000
			err := w.store.Exec.Call(context.Background(), f, slots)
			fmt.Fprintf(&b, "%s: %s, fuel %d:", e.Name, cause(err), w.store.Fuel)
			if err == nil {
				fmt.Fprintf(&b, " %x", results(f, slots))
			}
			b.WriteByte('\n')
		}
	}
	h := fnv.New64a()
	for _, mem := range i.Memories {
		h.Write(mem.Bytes())
	}
	fmt.Fprintf(&b, "memories %x, globals", h.Sum64())
	for _, g := range i.Globals {
		if !g.Type.Type.IsRef() {
			fmt.Fprintf(&b, " %x", withoutNaN(g.Type.Type, g.Lo))
		}
	}
	b.WriteByte('\n')
	return b.String()
}

// cause names the kind of an error.
func cause(err error) string {
	var trap *vm.Trap
	if errors.As(err, &trap) {
		return trap.Kind.String()
	}
	if err != nil {
		return err.Error()
	}
	return "returns"
}

// arguments makes arguments for f; references are null or i31.
func arguments(random *rand.Rand, f *vm.Func) []uint64 {
	slots := make([]uint64, max(f.ParamSlots, f.ResultSlots))
	at := 0
	for _, p := range f.Sig.Params {
		v := random.Uint64() >> random.IntN(64)
		switch p {
		case wasm.I32, wasm.F32:
			v = uint64(uint32(v))
		case wasm.V128:
			slots[at] = random.Uint64()
			at++
		}
		if p.IsRef() {
			v = 0
		}
		slots[at] = v
		at++
	}
	return slots
}

// results returns the result slots without what may differ: references, and
// the bits of NaNs.
func results(f *vm.Func, slots []uint64) (r []uint64) {
	at := 0
	for _, t := range f.Sig.Results {
		switch {
		case t.IsRef():
			r = append(r, min(slots[at], 1))
		case t == wasm.V128:
			r = append(r, slots[at], slots[at+1])
			at++
		default:
			r = append(r, withoutNaN(t, slots[at]))
		}
		at++
	}
	return r
}

func withoutNaN(t wasm.ValType, v uint64) uint64 {
	switch {
	case t == wasm.F32 && v&0x7fffffff > 0x7f800000:
		return 0x7fc00000
	case t == wasm.F64 && v&(1<<63-1) > 0x7ff<<52:
		return 0x7ff8 << 48
	}
	return v
}
