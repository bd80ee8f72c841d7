package wamr_test

import (
	"testing"

	"github.com/wamr-go/wamr"
)

func TestBind(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, funcsModule)
	type api struct {
		F0   func(ctx) (float64, error)                      `wasm:"f0"`
		F1   func(ctx, uint64) (uint64, error)               `wasm:"f1"`
		F2   func(ctx, float32, float64) (float64, error)    `wasm:"f2"`
		F3   func(ctx, int32, uint32, myInt) (uint32, error) `wasm:"f3"`
		F4   func(ctx, bool, bool, bool, bool) (bool, error) `wasm:"f4"`
		Void func(ctx, int32) error                          `wasm:"void"`
		Trap func(ctx, int32) (int32, error)                 `wasm:"trap"`
		None func()
		word int
	}
	var a api
	noError(t, inst.Bind(&a))
	x, err := a.F0(bg)
	noError(t, err)
	equal(t, "f0", x, 0.5)
	u, err := a.F1(bg, 1<<63)
	noError(t, err)
	equal(t, "f1", u, 1<<63+1)
	x, err = a.F2(bg, 1.5, 2)
	noError(t, err)
	equal(t, "f2", x, 3.5)
	n, err := a.F3(bg, 1, 2, 3)
	noError(t, err)
	equal(t, "f3", n, 123)
	yes, err := a.F4(bg, true, false, false, false)
	noError(t, err)
	equal(t, "f4", yes, true)
	noError(t, a.Void(bg, 1))
	n32, err := a.Trap(bg, 1)
	wantIs(t, err, wamr.ErrUnreachable)
	equal(t, "result of a trap", n32, 0)
	if a.None != nil || a.word != 0 {
		t.Error("fields without a tag are changed")
	}
}

func TestBindErrors(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, funcsModule)
	for _, bad := range []any{nil, 1, struct{}{}, new(int), (*struct{})(nil)} {
		wantError(t, inst.Bind(bad), "pointer to a struct")
	}
	var api struct {
		Good     func(ctx) (float64, error)      `wasm:"f0"`
		Missing  func(ctx) error                 `wasm:"nope"`
		Type     func(ctx) (float32, error)      `wasm:"f0"`
		private  func(ctx) error                 `wasm:"f0"`
		NoFunc   int                             `wasm:"f0"`
		Variadic func(ctx, ...int32) error       `wasm:"f0"`
		NoCtx    func(int32) error               `wasm:"f0"`
		NoErr    func(ctx) float64               `wasm:"f0"`
		Nothing  func(ctx)                       `wasm:"f0"`
		Many     func(ctx) (int32, int32, error) `wasm:"f0"`
		Param    func(ctx, string) error         `wasm:"f0"`
		Result   func(ctx) (int, error)          `wasm:"f0"`
	}
	err := inst.Bind(&api)
	for _, part := range []string{
		`field Missing: wamr: the module exports no func named "nope"`, "field Type: wamr: function", "field private: it is not exported",
		"field NoFunc: its type is int", "field Variadic: its type", "field NoCtx: its first parameter", "field NoErr: it must return an error",
		"field Nothing: it must return an error", "field Many: it must return an error", "field Param: parameter 1 has type string",
		"field Result: the result has type int",
	} {
		wantError(t, err, part)
	}
	if api.Good != nil || api.private != nil {
		t.Error("something is bound all the same")
	}
}
