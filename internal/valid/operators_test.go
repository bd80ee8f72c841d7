package valid_test

import (
	"context"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

var letters = map[byte]wasm.ValType{
	'i': wasm.I32, 'I': wasm.I64, 'f': wasm.F32, 'F': wasm.F64, 'v': wasm.V128,
}

// natural is the exponent of an access's natural alignment.
func natural(row *op.Info) uint32 {
	n := uint32(0)
	for w := row.Width; w > 1; w /= 2 {
		n++
	}
	return n
}

// applied is a module whose only function applies row to its parameters, which
// are of the types params, and returns the results.
func applied(row *op.Info, params, results []wasm.ValType, memory wasm.MemType, change func(in *instr.Instr)) *wasm.Module {
	var body []byte
	for k := range params {
		body = instr.Append(body, &instr.Instr{Op: op.LocalGet, X: uint32(k)})
	}
	in := instr.Instr{Op: row.Code, Align: natural(row)}
	if change != nil {
		change(&in)
	}
	body = instr.Append(body, &in)
	body = append(body, byte(op.End))
	at := []byte{byte(op.I32Const), 0, byte(op.End)}
	if memory.Addr64 {
		at[0] = byte(op.I64Const)
	}
	return &wasm.Module{
		Types: []wasm.SubType{{
			Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Params: params, Results: results},
		}},
		RecGroups: []wasm.RecGroup{{Len: 1}},
		Funcs:     []wasm.TypeIdx{0},
		Memories:  []wasm.MemType{memory},
		Data:      []wasm.Data{{Mode: wasm.Active, At: wasm.Expr{Bytes: at}}},
		Code:      []wasm.Code{{Body: body}},
	}
}

func types(sig string, addr wasm.ValType) []wasm.ValType {
	var ts []wasm.ValType
	for k := range len(sig) {
		if sig[k] == 'a' {
			ts = append(ts, addr)
		} else {
			ts = append(ts, letters[sig[k]])
		}
	}
	return ts
}

// plainRows calls f for each row of the table that gives a type, with memories
// of both index types.
func plainRows(f func(row *op.Info, params, results []wasm.ValType, memory wasm.MemType)) {
	all := op.All()
	for k := range all {
		params, results, ok := strings.Cut(all[k].Sig, ":")
		if !ok {
			continue
		}
		for _, memory := range []wasm.MemType{
			{PageSizeLog2: wasm.PageSizeLog2},
			{PageSizeLog2: wasm.PageSizeLog2, Limits: wasm.Limits{Addr64: true}},
		} {
			f(&all[k], types(params, memory.AddrType()), types(results, memory.AddrType()), memory)
		}
	}
}

func checkAll(m *wasm.Module) error { return check(m, op.FeaturesAll) }

// TestOperators checks each plain operator with operands of the right types,
// with one operand of a wrong type, and with one operand too few.
func TestOperators(t *testing.T) {
	n := 0
	plainRows(func(row *op.Info, params, results []wasm.ValType, memory wasm.MemType) {
		n++
		wantError(t, row.Name, checkAll(applied(row, params, results, memory, nil)), "")
		for k := range params {
			for _, wrong := range letters {
				if wrong == params[k] {
					continue
				}
				ts := append([]wasm.ValType(nil), params...)
				ts[k] = wrong
				wantError(t, row.Name, checkAll(applied(row, ts, results, memory, nil)), "type mismatch: instruction requires ")
			}
		}
		if len(params) > 0 {
			wantError(t, row.Name, checkAll(applied(row, params[1:], results, memory, nil)), "type mismatch: instruction requires ")
		}
		wantError(t, row.Name, checkAll(applied(row, params, append(results, wasm.F32), memory, nil)), "type mismatch: ")
	})
	if n < 700 {
		t.Errorf("only %d operators", n)
	}
}

// TestOperatorsUnreachable checks that in unreachable code any operands do, and
// that the results are of the operator's types even so.
func TestOperatorsUnreachable(t *testing.T) {
	plainRows(func(row *op.Info, params, results []wasm.ValType, memory wasm.MemType) {
		m := applied(row, nil, results, memory, nil)
		m.Code[0].Body = append([]byte{byte(op.Unreachable)}, m.Code[0].Body...)
		wantError(t, row.Name, checkAll(m), "")
		if len(results) == 0 {
			return
		}
		wrong := wasm.F32
		if results[len(results)-1] == wasm.F32 {
			wrong = wasm.I64
		}
		m.Types[0].Func.Results = []wasm.ValType{wrong}
		wantError(t, row.Name, checkAll(m), "type mismatch: ")
	})
}

// TestOperatorFeatures checks that each operator is refused without the
// proposal that brought it, and named as needed with it.
func TestOperatorFeatures(t *testing.T) {
	plainRows(func(row *op.Info, params, results []wasm.ValType, memory wasm.MemType) {
		if row.Feature == 0 || row.Feature == op.FeatureSIMD { // v128 is refused as a type
			return
		}
		m := applied(row, params, results, memory, nil)
		wantError(t, row.Name, check(m, op.FeaturesAll&^row.Feature|op.FeatureSIMD), "illegal opcode")
		info, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll})
		if err != nil || !info.Needed.Has(row.Feature) {
			t.Errorf("%s: %v, needed %v", row.Name, err, info.Needed)
		}
	})
}

// TestMemargs checks alignments, offsets and memory indices of all accesses.
func TestMemargs(t *testing.T) {
	plainRows(func(row *op.Info, params, results []wasm.ValType, memory wasm.MemType) {
		if row.Width == 0 {
			return
		}
		try := func(want string, change func(in *instr.Instr)) {
			t.Helper()
			wantError(t, row.Name, checkAll(applied(row, params, results, memory, change)), want)
		}
		try("alignment must not be larger than natural", func(in *instr.Instr) { in.Align++ })
		if in := natural(row); in > 0 {
			want := ""
			if row.Class == op.ClassAtomic {
				want = "atomic alignment must be natural"
			}
			try(want, func(in *instr.Instr) { in.Align-- })
		}
		try("", func(in *instr.Instr) { in.Val = 1<<32 - 1 })
		want := "offset out of range"
		if memory.Addr64 {
			want = ""
		}
		try(want, func(in *instr.Instr) { in.Val = 1 << 32 })
		try("unknown memory 1", func(in *instr.Instr) { in.X = 1 })
		if row.Imm == op.ImmMemargLane {
			try("", func(in *instr.Instr) { in.Lane = 16/row.Width - 1 })
			try("invalid lane index", func(in *instr.Instr) { in.Lane = 16 / row.Width })
		}
	})
}

// TestLanes checks lane indices at their bounds.
func TestLanes(t *testing.T) {
	plainRows(func(row *op.Info, params, results []wasm.ValType, memory wasm.MemType) {
		switch row.Imm {
		case op.ImmShuffle:
			for k := range 16 {
				for lane, want := range map[byte]string{31: "", 32: "invalid lane index"} {
					wantError(t, row.Name, checkAll(applied(row, params, results, memory, func(in *instr.Instr) { in.Vec[k] = lane })), want)
				}
			}
		case op.ImmLane:
			n := map[string]uint8{"i8": 16, "i1": 8, "i3": 4, "i6": 2, "f3": 4, "f6": 2}[row.Name[:2]]
			for lane, want := range map[uint8]string{n - 1: "", n: "invalid lane index", 255: "invalid lane index"} {
				wantError(t, row.Name, checkAll(applied(row, params, results, memory, func(in *instr.Instr) { in.Lane = lane })), want)
			}
		}
	})
}
