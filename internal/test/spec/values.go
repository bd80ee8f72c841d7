package spec

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/wasm"
)

// hostNumber is the Go value that (ref.extern n) and (ref.host n) stand for.
type hostNumber uint64

// argument makes the value of an argument.
func (s *session) argument(ctx context.Context, v *text.Value) (wamr.Value, error) {
	switch v.Type {
	case wamr.TypeI32:
		return wamr.I32(int32(v.Bits)), nil
	case wamr.TypeI64:
		return wamr.I64(int64(v.Bits)), nil
	case wamr.TypeF32:
		return wamr.F32(math.Float32frombits(uint32(v.Bits))), nil
	case wamr.TypeF64:
		return wamr.F64(math.Float64frombits(v.Bits)), nil
	case wamr.TypeV128:
		return wamr.V128(binary.LittleEndian.Uint64(v.V128[:8]), binary.LittleEndian.Uint64(v.V128[8:])), nil
	}
	switch v.Ref {
	case text.RefNull:
		return wamr.NullRef(v.Type), nil
	case text.RefExtern:
		return wamr.ExternRef(hostNumber(v.Bits)), nil
	case text.RefHost:
		return s.internalize(ctx, wamr.ExternRef(hostNumber(v.Bits)))
	}
	return wamr.Value{}, fmt.Errorf("unknown argument of type %v", v.Type)
}

// internalize converts an external reference to an internal one. That takes
// Wasm code.
func (s *session) internalize(ctx context.Context, v wamr.Value) (wamr.Value, error) {
	if s.internal == nil {
		mod, err := s.rt.Compile(ctx, []byte(`(module (func (export "f") (param externref) (result anyref)
			(any.convert_extern (local.get 0))))`))
		if err != nil {
			return wamr.Value{}, err
		}
		if s.internal, err = s.linker.Instantiate(ctx, s.store, mod); err != nil {
			return wamr.Value{}, err
		}
	}
	res, err := s.internal.Call(ctx, "f", v)
	if err != nil {
		return wamr.Value{}, err
	}
	return res[0], nil
}

// matches says whether a result is one that the pattern allows.
func matches(v wamr.Value, p *text.Result) bool {
	if p.Either != nil {
		for i := range p.Either {
			if matches(v, &p.Either[i]) {
				return true
			}
		}
		return false
	}
	switch {
	case p.Type == wamr.TypeV128:
		return v.Type() == wamr.TypeV128 && matchLanes(v, p.Lanes)
	case p.Type == 0 || p.Type.IsRef():
		return v.Type().IsRef() && matchRef(v, p)
	}
	return v.Type() == p.Type && matchNumber(v.Bits(), p)
}

// Bits of the NaNs: those of a canonical one, which are also those that all
// arithmetic ones have, and all but the sign.
const (
	nan32, all32 = 0x7FC00000, 0x7FFFFFFF
	nan64, all64 = 0x7FF8000000000000, 0x7FFFFFFFFFFFFFFF
)

// matchNumber says whether a number with the given bits is one that the
// pattern allows.
func matchNumber(bits uint64, p *text.Result) bool {
	nan, all := uint64(nan64), uint64(all64)
	if p.Type == wamr.TypeF32 {
		nan, all = nan32, all32
	}
	switch p.NaN {
	case text.NaNCanonical:
		return bits&all == nan
	case text.NaNArithmetic:
		return bits&nan == nan
	}
	return bits == p.Bits
}

// laneBytes returns the size of a lane.
func laneBytes(t wamr.ValueType) int {
	switch t {
	case wasm.I8:
		return 1
	case wasm.I16:
		return 2
	case wasm.I32, wasm.F32:
		return 4
	}
	return 8
}

func matchLanes(v wamr.Value, lanes []text.Result) bool {
	var b [16]byte
	lo, hi := v.V128()
	binary.LittleEndian.PutUint64(b[:8], lo)
	binary.LittleEndian.PutUint64(b[8:], hi)
	at := 0
	for i := range lanes {
		n := laneBytes(lanes[i].Type)
		var bits uint64
		for k := n - 1; k >= 0; k-- {
			bits = bits<<8 | uint64(b[at+k])
		}
		if !matchNumber(bits, &lanes[i]) {
			return false
		}
		at += n
	}
	return true
}

// matchRef says whether a reference is one that the pattern allows.
func matchRef(v wamr.Value, p *text.Result) bool {
	if p.Ref == text.RefNull {
		return v.IsNull()
	}
	if v.IsNull() {
		return false
	}
	if p.Ref == text.RefFunc {
		return v.Func() != nil
	}
	kind := ""
	if r := v.Ref(); r != nil {
		kind = r.Kind()
	}
	switch p.Ref {
	case text.RefExtern, text.RefHost:
		host, ok := v.Extern()
		// Without a number any external reference will do, also of what
		// is Wasm's own.
		if !p.HasBits {
			return v.Type() == wamr.TypeExternRef || ok
		}
		n, isNumber := host.(hostNumber)
		return ok && isNumber && uint64(n) == p.Bits && (p.Ref == text.RefExtern) == inExtern(v.Type())
	case text.RefI31:
		return kind == "i31"
	case text.RefStruct:
		return kind == "struct"
	case text.RefArray:
		return kind == "array"
	case text.RefExn:
		return kind == "exn"
	case text.RefEq:
		return kind == "i31" || kind == "struct" || kind == "array"
	case text.RefAny:
		return v.Func() == nil && !inExtern(v.Type()) && kind != "exn"
	}
	return false
}

// inExtern says whether t is in the hierarchy of external references.
func inExtern(t wamr.ValueType) bool {
	return t.Heap() == wasm.HeapExtern || t.Heap() == wasm.HeapNoExtern
}

// format returns a value as messages show it, floats with their bits.
func format(v wamr.Value) string {
	switch v.Type() {
	case wamr.TypeF32, wamr.TypeF64:
		return fmt.Sprintf("%v (%#x)", v, v.Bits())
	}
	return v.String()
}

// formatPattern returns a pattern as messages show it.
func formatPattern(p *text.Result) string {
	if p.Either != nil {
		list := make([]string, len(p.Either))
		for i := range p.Either {
			list[i] = formatPattern(&p.Either[i])
		}
		return "either " + strings.Join(list, " or ")
	}
	switch {
	case p.NaN == text.NaNCanonical:
		return p.Type.String() + ":nan:canonical"
	case p.NaN == text.NaNArithmetic:
		return p.Type.String() + ":nan:arithmetic"
	case p.Type == wamr.TypeV128:
		var b strings.Builder
		b.WriteString("v128")
		for i := range p.Lanes {
			b.WriteString(" " + formatPattern(&p.Lanes[i]))
		}
		return b.String()
	case p.Type.IsRef() || p.Type == 0:
		if p.HasBits {
			return fmt.Sprintf("%v:%d", p.Type, p.Bits)
		}
		return fmt.Sprintf("reference %v of kind %d", p.Type, p.Ref)
	}
	return fmt.Sprintf("%v:%#x", p.Type, p.Bits)
}
