package vm

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/wasm"
)

// oneFunc is a module with n functions of type [] -> [].
func funcs(t testing.TB, types *Types, n int) *Module {
	return prepare(t, types, &wasm.Module{Types: []wasm.SubType{funcType(nil, nil)}, Funcs: make([]wasm.TypeIdx, n)})
}

// spin waits until x is interrupted, as an engine's loop does.
func spin(x *Exec) error {
	for {
		if atomic.LoadUint32(&x.Interrupted) != 0 {
			if err := x.Pending(); err != nil {
				return err
			}
		}
		time.Sleep(100 * time.Microsecond)
	}
}

func TestCallState(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	m := funcs(t, types, 2)
	s := newStore(t, types, e)
	i := instantiate(t, s, m)
	x := &s.Exec
	type key struct{}
	inner := context.WithValue(context.Background(), key{}, 1)
	boom := errors.New("boom")
	e[m] = []func(*Exec, *Func, []uint64) error{
		func(x *Exec, f *Func, slots []uint64) error {
			if len(x.Stack) != DefaultStack/8 || x.SP != 0 || x.Depth != 1 {
				t.Errorf("stack of %d slots, SP %d, depth %d", len(x.Stack), x.SP, x.Depth)
			}
			x.SP = 100
			outer := x.Ctx
			if err := x.Call(inner, i.Func(1), slots); err != boom {
				t.Errorf("the nested call returned %v", err)
			}
			if x.SP != 100 || x.Depth != 1 || x.Ctx != outer {
				t.Errorf("after the nested call: SP %d, depth %d, context %v", x.SP, x.Depth, x.Ctx)
			}
			return nil
		},
		func(x *Exec, f *Func, slots []uint64) error {
			if x.SP != 100 || x.Depth != 2 || x.Ctx != inner {
				t.Errorf("in the nested call: SP %d, depth %d, context %v", x.SP, x.Depth, x.Ctx)
			}
			x.SP = 200
			slots[0]++
			return boom
		},
	}
	slots := []uint64{41}
	for range 3 {
		if err := x.Call(context.Background(), i.Func(0), slots); err != nil {
			t.Fatal(err)
		}
		if x.SP != 0 || x.Depth != 0 || x.Ctx != nil {
			t.Errorf("after the call: SP %d, depth %d, context %v", x.SP, x.Depth, x.Ctx)
		}
	}
	if slots[0] != 44 {
		t.Errorf("slot is %d", slots[0])
	}
}

func TestHostFunctionFromGo(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	id, _ := types.FuncType(wasm.FuncType{})
	boom := errors.New("boom")
	var result error
	f, r, err := s.NewHostFunc(id, "f", func(x *Exec, _ []uint64) error {
		if x.Caller != nil {
			t.Error("Go is no instance")
		}
		return result
	})
	if err != nil || s.Func(r) != f || !s.ValidFunc(r) {
		t.Fatalf("NewHostFunc: %v", err)
	}
	if err := s.Exec.Call(context.Background(), f, nil); err != nil {
		t.Error(err)
	}
	result = boom
	err = s.Exec.Call(context.Background(), f, nil)
	wantTrap(t, err, TrapHost)
	if !errors.Is(err, boom) {
		t.Errorf("%v doesn't wrap the cause", err)
	}
	trap := NewTrap(TrapUnreachable)
	result = trap
	if err := s.Exec.Call(context.Background(), f, nil); err != trap {
		t.Errorf("a trap became %v", err)
	}
}

func TestHostPanic(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	id, _ := types.FuncType(wasm.FuncType{})
	f := NewHostFunc(types, id, "f", func(x *Exec, _ []uint64) error { x.SP = 9; panic("boom") })
	func() {
		defer func() {
			if r := recover(); r != "boom" {
				t.Errorf("recovered %v", r)
			}
		}()
		_ = s.Exec.Call(context.Background(), f, nil)
	}()
	if x := &s.Exec; x.Depth != 0 || x.SP != 0 || x.hold.state.Load() != holdIdle {
		t.Error("the panic left the store in a call")
	}
	ok := NewHostFunc(types, id, "f", func(*Exec, []uint64) error { return nil })
	if err := s.Exec.Call(context.Background(), ok, nil); err != nil {
		t.Error(err)
	}
}

func TestCancellation(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	m := funcs(t, types, 3)
	e[m] = []func(*Exec, *Func, []uint64) error{
		func(x *Exec, f *Func, _ []uint64) error { return spin(x) },
		// Calls the first function with a context of its own and goes on.
		func(x *Exec, f *Func, _ []uint64) error {
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			defer cancel()
			err := x.Call(ctx, f.Inst.Func(0), nil)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("nested call: %v", err)
			}
			return x.poll()
		},
		// Swallows the interruption of the whole call, and is stopped all
		// the same.
		func(x *Exec, f *Func, _ []uint64) error {
			if err := x.Call(context.Background(), f.Inst.Func(0), nil); !errors.Is(err, TrapInterrupted) {
				t.Errorf("nested call: %v", err)
			}
			return spin(x)
		},
	}
	s := newStore(t, types, e)
	i := instantiate(t, s, m)
	call := func(ctx context.Context, f wasm.FuncIdx) error { return s.Exec.Call(ctx, i.Func(f), nil) }
	cause := errors.New("enough")

	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(cause)
		err := call(ctx, 0)
		wantTrap(t, err, TrapInterrupted)
		if !errors.Is(err, cause) {
			t.Errorf("%v doesn't wrap the cause", err)
		}
	})
	t.Run("during", func(t *testing.T) {
		for _, f := range []wasm.FuncIdx{0, 2} {
			ctx, cancel := context.WithCancelCause(context.Background())
			time.AfterFunc(2*time.Millisecond, func() { cancel(cause) })
			err := call(ctx, f)
			wantTrap(t, err, TrapInterrupted)
			if !errors.Is(err, cause) {
				t.Errorf("%v doesn't wrap the cause", err)
			}
		}
	})
	t.Run("deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		if err := call(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	t.Run("only the nested call", func(t *testing.T) {
		if err := call(context.Background(), 1); err != nil {
			t.Error(err)
		}
	})
	t.Run("Interrupt", func(t *testing.T) {
		for _, f := range []wasm.FuncIdx{0, 2} {
			time.AfterFunc(2*time.Millisecond, func() { s.Interrupt(cause) })
			err := call(context.Background(), f)
			wantTrap(t, err, TrapInterrupted)
			if !errors.Is(err, cause) {
				t.Errorf("%v doesn't wrap the cause", err)
			}
		}
	})
	t.Run("Interrupt before", func(t *testing.T) {
		s.Interrupt(nil)
		if err := call(context.Background(), 0); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	// Nothing of all this is left.
	if err := call(context.Background(), 1); err != nil || s.Exec.Interrupted != 0 {
		t.Errorf("afterwards: %v, Interrupted %d", err, s.Exec.Interrupted)
	}
	// The watcher ends.
	for n := 0; ; n++ {
		types.watch.mu.Lock()
		running := types.watch.running
		types.watch.mu.Unlock()
		if !running {
			break
		}
		if n == 1000 {
			t.Fatal("the watcher goes on")
		}
		time.Sleep(watchInterval)
	}
}

func TestCloseDuringCall(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	m := prepare(t, types, smallModule())
	started := make(chan bool)
	e[m] = []func(*Exec, *Func, []uint64) error{func(x *Exec, f *Func, _ []uint64) error {
		close(started)
		err := spin(x)
		if f.Inst.Memories[0].Bytes() == nil {
			t.Error("the memory went away during the call")
		}
		return err
	}}
	s := NewStore(types, e, Limits{})
	i := instantiate(t, s, m)
	mem := i.Memories[0]
	go func() {
		<-started
		s.Close()
	}()
	err := s.Exec.Call(context.Background(), i.Func(0), nil)
	if !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if mem.Bytes() != nil {
		t.Error("the memory is still there")
	}
	if err := s.Exec.Call(context.Background(), i.Func(0), nil); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestBusyStore(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	m := funcs(t, types, 1)
	started, end := make(chan bool), make(chan bool)
	e[m] = []func(*Exec, *Func, []uint64) error{func(x *Exec, f *Func, _ []uint64) error {
		close(started)
		<-end
		return nil
	}}
	s := newStore(t, types, e)
	f := instantiate(t, s, m).Func(0)
	var wg sync.WaitGroup
	wg.Go(func() { _ = s.Exec.Call(context.Background(), f, nil) })
	<-started
	// What another goroutine's call meets.
	if h := s.Exec.hold; h.state.Load() != holdActive {
		t.Error("the store is not active")
	}
	if err := s.Exec.enter(); !errors.Is(err, ErrBusy) {
		t.Errorf("enter: %v", err)
	}
	close(end)
	wg.Wait()
}

// More stores than stacks that are kept call, in turn and at the same time.
func TestStacksMove(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	m := funcs(t, types, 1)
	e[m] = []func(*Exec, *Func, []uint64) error{func(x *Exec, f *Func, _ []uint64) error {
		mine := x.Stack
		mine[0], mine[len(mine)-1] = 7, 8
		if mine[0] != 7 || &mine[0] != &x.Stack[0] {
			t.Error("the stack went away during the call")
		}
		return nil
	}}
	var stores []*Store
	var fs []*Func
	for range 3 * maxHeldStacks {
		s := newStore(t, types, e)
		stores = append(stores, s)
		fs = append(fs, instantiate(t, s, m).Func(0))
	}
	var wg sync.WaitGroup
	const goroutines = 4
	for g := range goroutines {
		wg.Go(func() {
			for n := range 3000 {
				// Each store has one goroutine.
				x := (n*goroutines + g) % (len(stores) / goroutines * goroutines)
				if err := stores[x].Exec.Call(context.Background(), fs[x], nil); err != nil {
					t.Error(err)
				}
				if n%300 == 0 {
					time.Sleep(watchInterval) // for stacks to be revoked
				}
			}
		})
	}
	wg.Wait()
	p := &types.pools.stacks
	held := func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.held)
	}
	for n := 0; held() > maxHeldStacks; n++ {
		if n == 1000 {
			t.Fatalf("%d stacks are held for long", held())
		}
		time.Sleep(watchInterval)
	}
	for _, s := range stores {
		s.Close()
	}
	if n := held(); n != 0 {
		t.Errorf("%d stacks are held by closed stores", n)
	}
	if n := len(p.free); n > maxFreeStacks {
		t.Errorf("%d stacks are free", n)
	}
}

// A stack is taken only from a store that stays idle after it was revoked.
func TestReclaim(t *testing.T) {
	var p stackPool
	t.Cleanup(p.abandon)
	holds := make([]hold, maxHeldStacks+3)
	for i := range holds {
		h := &holds[i]
		h.index = -1
		h.state.Store(holdActive)
		ok, crowded := p.get(h, DefaultStack)
		if !ok || crowded != (i >= maxHeldStacks) {
			t.Fatalf("get %d: %v, %v", i, ok, crowded)
		}
	}
	now := time.Now()
	pass := func(d time.Duration) bool { now = now.Add(d); return p.reclaim(now) }
	if !pass(0) || !pass(2*revokeGrace) || len(p.held) != len(holds) {
		t.Fatal("stacks of active stores were taken")
	}
	for i := range holds {
		holds[i].state.Store(holdIdle)
	}
	if !pass(0) || !pass(revokeGrace-1) || len(p.held) != len(holds) {
		t.Fatal("stacks were taken at once")
	}
	// The last one calls meanwhile.
	last := &holds[len(holds)-1]
	last.state.Store(holdActive)
	if last.flags.Load() != flagRevoked {
		t.Fatal("it is not revoked")
	}
	stack := &last.slots[0]
	if ok, _ := p.get(last, DefaultStack); !ok || &last.slots[0] != stack || last.flags.Load() != 0 {
		t.Error("it didn't keep its stack")
	}
	if pass(1) || len(p.held) != maxHeldStacks || last.slots == nil {
		t.Errorf("%d stacks are held", len(p.held))
	}
	for i := range holds {
		if h := &holds[i]; (h.slots != nil) != (h.index >= 0) || h.index >= 0 && p.held[h.index] != h {
			t.Errorf("hold %d: index %d", i, h.index)
		}
	}
}

func TestStackSize(t *testing.T) {
	types := newTypes(t)
	for _, size := range []uint64{1, 64 << 10, 3 << 20} {
		e := goEngine{}
		m := funcs(t, types, 1)
		var got int
		e[m] = []func(*Exec, *Func, []uint64) error{func(x *Exec, f *Func, _ []uint64) error {
			got = len(x.Stack)
			x.Stack[got-1] = 1
			return nil
		}}
		s := NewStore(types, e, Limits{Stack: size})
		if err := s.Exec.Call(context.Background(), instantiate(t, s, m).Func(0), nil); err != nil {
			t.Fatal(err)
		}
		if want := int(max(size, minStack) / 8); got != want {
			t.Errorf("stack of %d slots, want %d", got, want)
		}
		s.Close()
	}
}

func TestCallDoesNotAllocate(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, emptyEngine{})
	f := instantiate(t, s, funcs(t, types, 1)).Func(0)
	for name, ctx := range map[string]context.Context{"background": context.Background(), "cancellable": t.Context()} {
		slots := make([]uint64, 2)
		if n := testing.AllocsPerRun(100, func() { _ = s.Exec.Call(ctx, f, slots) }); n != 0 {
			t.Errorf("%s: %v allocations for a call", name, n)
		}
	}
}
