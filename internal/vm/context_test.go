package vm

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/wasm"
)

// TestContextEndsWithInterrupt checks that a host function that waits on its
// context is woken by Interrupt and by Close, and sees why.
func TestContextEndsWithInterrupt(t *testing.T) {
	why := errors.New("enough")
	for name, stop := range map[string]func(*Store){
		"Interrupt": func(s *Store) { s.Interrupt(why) },
		"Close":     (*Store).Close,
	} {
		t.Run(name, func(t *testing.T) {
			s, f := contextStore(t, func(x *Exec) error {
				ctx := x.Context()
				go stop(x.Store)
				select {
				case <-ctx.Done():
					return context.Cause(ctx)
				case <-time.After(10 * time.Second):
					return errors.New("nothing happened")
				}
			})
			err := s.Exec.Call(context.Background(), f, nil)
			if name == "Interrupt" && !errors.Is(err, why) || name == "Close" && !errors.Is(err, ErrClosed) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestContextOfNestedCalls checks that each call from Go has a context of its
// own, that it carries the caller's values, and that it ends with the call.
func TestContextOfNestedCalls(t *testing.T) {
	type key struct{}
	var inner, outer context.Context
	depth := 0
	var f *Func
	var s *Store
	s, f = contextStore(t, func(x *Exec) error {
		ctx := x.Context()
		ctx.Done()
		if got := ctx.Value(key{}); got != depth {
			t.Errorf("at depth %d the value is %v", depth, got)
		}
		if depth == 1 {
			inner = ctx
			return nil
		}
		outer = ctx
		depth = 1
		err := x.Call(context.WithValue(context.Background(), key{}, 1), f, nil)
		depth = 0
		if inner.Err() == nil {
			t.Error("the inner context outlives its call")
		}
		if ctx.Err() != nil || x.Context() != ctx {
			t.Errorf("after the inner call: %v, the same %t", ctx.Err(), x.Context() == ctx)
		}
		return err
	})
	if err := s.Exec.Call(context.WithValue(context.Background(), key{}, 0), f, nil); err != nil {
		t.Fatal(err)
	}
	if outer.Err() == nil {
		t.Error("the outer context outlives its call")
	}
}

// contextStore returns a store and a host function of type [] -> [].
func contextStore(t *testing.T, fn func(x *Exec) error) (*Store, *Func) {
	t.Helper()
	types := NewTypes()
	s := NewStore(types, nil, Limits{})
	t.Cleanup(s.Close)
	id, err := types.FuncType(wasm.FuncType{})
	if err != nil {
		t.Fatal(err)
	}
	return s, NewHostFunc(types, id, "fn", func(x *Exec, _ []uint64) error { return fn(x) })
}
