package wamr_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
)

var bg = context.Background()

func newRuntime(t testing.TB, cfg wamr.Config) *wamr.Runtime {
	t.Helper()
	rt, err := wamr.NewRuntime(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	return rt
}

func compile(t testing.TB, rt *wamr.Runtime, src string) *wamr.Module {
	t.Helper()
	mod, err := rt.Compile(bg, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return mod
}

// instantiate makes an instance of src in a store of its own, closed with the
// test. A nil ln stands for one without definitions.
func instantiate(t testing.TB, ln *wamr.Linker, limits wamr.Limits, src string) *wamr.Instance {
	t.Helper()
	rt := newRuntime(t, wamr.Config{})
	return instantiateIn(t, ln, rt.NewStore(limits), src)
}

func instantiateIn(t testing.TB, ln *wamr.Linker, st *wamr.Store, src string) *wamr.Instance {
	t.Helper()
	t.Cleanup(func() { st.Close() })
	if ln == nil {
		ln = wamr.NewLinker()
	}
	inst, err := ln.Instantiate(bg, st, compile(t, st.Runtime(), src))
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

// call calls an export that must succeed and returns its results.
func call(t testing.TB, inst *wamr.Instance, name string, args ...wamr.Value) []wamr.Value {
	t.Helper()
	res, err := inst.Call(bg, name, args...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return res
}

// call1 is call for one result.
func call1(t testing.TB, inst *wamr.Instance, name string, args ...wamr.Value) wamr.Value {
	t.Helper()
	res := call(t, inst, name, args...)
	if len(res) != 1 {
		t.Fatalf("%s: %d results", name, len(res))
	}
	return res[0]
}

func equal[T any](t testing.TB, what string, have, want T) {
	t.Helper()
	if !reflect.DeepEqual(have, want) {
		t.Errorf("%s: have %v, want %v", what, have, want)
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError checks that err's text contains part.
func wantError(t testing.TB, err error, part string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", part)
	} else if !strings.Contains(err.Error(), part) {
		t.Errorf("error %q does not contain %q", err, part)
	}
}

// wantIs checks that err is each of targets.
func wantIs(t testing.TB, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Errorf("error %v is not %v", err, target)
		}
	}
}

// wantAs checks that err holds an error of type T and returns it.
func wantAs[T error](t testing.TB, err error) T {
	t.Helper()
	var target T
	if !errors.As(err, &target) {
		t.Fatalf("error %v (%T) holds no %T", err, err, target)
	}
	return target
}
