package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
)

func Example() {
	if err := run(context.Background(), rot13, strings.NewReader("Hello, world!\nUryyb\n"), os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// plug-in: letters turned: 10
	// Uryyb, jbeyq!
	// plug-in: letters turned: 5
	// Hello
}

// TestHostile passes a line to plug-ins that misbehave.
func TestHostile(t *testing.T) {
	tests := []struct {
		name, src string
		want      error
	}{
		{"endless", `(module (memory (export "memory") 1) (func (export "buffer") (result i32) (i32.const 0))
			(func (export "transform") (param i32 i32) (loop $l (br $l))))`, wamr.ErrInterrupted},
		{"greedy", `(module (memory (export "memory") 17) (func (export "buffer") (result i32) (i32.const 0))
			(func (export "transform") (param i32 i32)))`, nil},
		{"outside", `(module (memory (export "memory") 1) (func (export "buffer") (result i32) (i32.const -1))
			(func (export "transform") (param i32 i32)))`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := run(context.Background(), []byte(tt.src), strings.NewReader("line\n"), new(strings.Builder))
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}
