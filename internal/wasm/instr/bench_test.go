package instr

import (
	"bytes"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm/op"
)

// BenchmarkInstr reads a mix of instructions as compilers make them.
func BenchmarkInstr(b *testing.B) {
	body := bytes.Repeat([]byte("\x20\x00\x20\x01\x6a\x28\x02\x08\x22\x02\x41\x80\x08\x36\x02\x10\x02\x40\x20\x02\x45\x0d\x00\x10\x85\x01\x0b\x42\x7f\x21\x03"), 10_000)
	r := Reader{Features: op.Features3_0}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var in Instr
		r.Reset(body, 0)
		for r.Len() > 0 {
			if !r.Instr(&in) {
				b.Fatal(r.Err())
			}
		}
	}
}
