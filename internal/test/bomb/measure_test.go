package bomb

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/wamr-go/wamr"
)

const (
	small     = 64 << 10               // bytes of what counts as a small input
	maxAlloc  = 64 << 20               // bytes that loading a small input may allocate
	slow      = 250 * time.Millisecond // what is logged
	tooLong   = 2 * time.Minute        // what the watchdog takes for a hang
	allowance = maxAlloc / small       // bytes allocated for each byte of a larger input
)

// cost is what an operation took.
type cost struct {
	alloc uint64 // bytes allocated in total, freed ones included
	took  time.Duration
}

// measure runs f under a watchdog.
func measure(t *testing.T, name string, f func()) cost {
	t.Helper()
	watchdog := time.AfterFunc(tooLong, func() { panic(name + " hangs") })
	defer watchdog.Stop()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return cost{after.TotalAlloc - before.TotalAlloc, took}
}

// limits are those of a store that an embedder gives to code that it does not
// trust.
var limits = wamr.Limits{Memory: 16 << 20, Tables: 1 << 20, GCHeap: 4 << 20, Stack: 1 << 20, Fuel: 1_000_000}

func newRuntime(t testing.TB, cfg wamr.Config) *wamr.Runtime {
	rt, err := wamr.NewRuntime(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return rt
}

// load does with an untrusted module what can be done without calling it:
// compile it, every function, look at its names, and instantiate it.
func load(rt *wamr.Runtime, src []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), tooLong)
	defer cancel()
	m, err := rt.Compile(ctx, src)
	if err != nil {
		return err
	}
	_ = m.Name()
	_ = m.FuncName(1 << 31)
	st := rt.NewStore(limits)
	defer st.Close()
	_, err = wamr.NewLinker().Instantiate(ctx, st, m)
	return err
}

// checkLoad loads src, which may fail but only with an error that says why, and
// checks what it costs.
func checkLoad(t *testing.T, rt *wamr.Runtime, name string, src []byte) (c cost, err error) {
	t.Helper()
	c = measure(t, name, func() { err = load(rt, src) })
	if most := max(maxAlloc, uint64(len(src))*allowance); c.alloc > most {
		t.Errorf("%s: %d bytes allocated for %d of input, more than %d", name, c.alloc, len(src), most)
	}
	if c.took > slow {
		t.Logf("SLOW %s: %v and %d KiB allocated for %d bytes of input", name, c.took, c.alloc>>10, len(src))
	}
	if err != nil && !explained(err) {
		t.Errorf("%s: error of type %T: %v", name, err, err)
	}
	return c, err
}

// explained says whether err is one of those that tell an embedder what is
// wrong with a module.
func explained(err error) bool {
	var (
		decode *wamr.DecodeError
		valid  *wamr.ValidationError
		limit  *wamr.LimitError
		text   *wamr.TextError
		link   *wamr.LinkError
		trap   *wamr.Trap
	)
	return errors.As(err, &decode) || errors.As(err, &valid) || errors.As(err, &limit) || errors.As(err, &text) ||
		errors.As(err, &link) || errors.As(err, &trap)
}
