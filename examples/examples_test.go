// Package examples checks the files beside it: that the binary is what the text
// beside it says.
package examples

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/wamr-go/wamr"
)

// TestHello holds hello.wasm to hello.wat, from which it was made.
func TestHello(t *testing.T) {
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	var texts [2]bytes.Buffer
	for i, file := range []string{"hello.wat", "hello.wasm"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mod, err := rt.Compile(context.Background(), src)
		if err != nil {
			t.Fatal(err)
		}
		if err := mod.WriteText(&texts[i], wamr.TextOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if texts[0].String() != texts[1].String() {
		t.Errorf("hello.wasm is not hello.wat: make it again with iwasm wasm\n%s\n%s", &texts[0], &texts[1])
	}
}

// TestFib runs the functions of fib.wat as its comment shows them.
func TestFib(t *testing.T) {
	ctx := context.Background()
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	src, err := os.ReadFile("fib.wat")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := rt.Compile(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	inst, err := wamr.NewLinker().Instantiate(ctx, nil, mod)
	if err != nil {
		t.Fatal(err)
	}
	fib, err := wamr.Func1[int32, int64](inst, "fib")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := fib(ctx, 90); err != nil || got != 0x27f80ddaa1ba7878 {
		t.Errorf("fib(90) = %#x, %v", got, err)
	}
	recursive, err := wamr.Func1[int32, int32](inst, "recursive")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := recursive(ctx, 30); err != nil || got != 0xcb228 {
		t.Errorf("recursive(30) = %#x, %v", got, err)
	}
}
