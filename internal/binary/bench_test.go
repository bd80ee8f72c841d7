package binary

import (
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

func benchmarkDecode(b *testing.B, funcs int, body string) {
	text := preambleText + section(wasm.SectionType, "\x01\x60\x00\x00") +
		section(wasm.SectionFunction, leb(uint32(funcs))+strings.Repeat("\x00", funcs)) +
		section(wasm.SectionCode, leb(uint32(funcs))+strings.Repeat(leb(uint32(len(body)))+body, funcs))
	module := []byte(text)
	b.SetBytes(int64(len(module)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(module, op.Features3_0); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecodeEmpty decodes a million empty functions.
func BenchmarkDecodeEmpty(b *testing.B) { benchmarkDecode(b, 1_000_000, "\x00\x0b") }

// BenchmarkDecodeUsual decodes functions of usual size: 200 bytes of code, two
// runs of locals.
func BenchmarkDecodeUsual(b *testing.B) {
	benchmarkDecode(b, 50_000, "\x02\x03\x7f\x01\x7e"+strings.Repeat("\x41\x01\x1a\x01", 50)+"\x0b")
}
