package instr

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

func reader(text string) *Reader {
	r := &Reader{Features: op.FeaturesAll}
	r.Reset([]byte(text), 100)
	return r
}

// TestIntegers checks LEB128 at the borders of each width: minimal and padded
// forms, one bit too many, one byte too many, and missing bytes.
func TestIntegers(t *testing.T) {
	u32 := func(r *Reader) int64 { return int64(r.U32()) }
	u64 := func(r *Reader) int64 { return int64(r.U64()) }
	s32 := func(r *Reader) int64 { return int64(r.S32()) }
	for _, tc := range []struct {
		kind string
		read func(*Reader) int64
		text string
		want int64
		msg  string
	}{
		{"u32", u32, "\x00", 0, ""},
		{"u32", u32, "\x7f", 127, ""},
		{"u32", u32, "\x80\x01", 128, ""},
		{"u32", u32, "\x83\x80\x80\x80\x00", 3, ""},
		{"u32", u32, "\xff\xff\xff\xff\x0f", math.MaxUint32, ""},
		{"u32", u32, "\xff\xff\xff\xff\x1f", 0, msgTooLarge},
		{"u32", u32, "\x80\x80\x80\x80\x70", 0, msgTooLarge},
		{"u32", u32, "\x83\x80\x80\x80\x80\x00", 0, msgTooLong},
		{"u32", u32, "\x80\x80\x80\x80\xff", 0, msgTooLong},
		{"u32", u32, "\x80\x80", 0, msgEnd},
		{"u32", u32, "", 0, msgEnd},
		{"u64", u64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", -1, ""},
		{"u64", u64, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 0, ""},
		{"u64", u64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 0, msgTooLarge},
		{"u64", u64, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 0, msgTooLong},
		{"s32", s32, "\x00", 0, ""},
		{"s32", s32, "\x3f", 63, ""},
		{"s32", s32, "\x40", -64, ""},
		{"s32", s32, "\x7f", -1, ""},
		{"s32", s32, "\xff\x7f", -1, ""},
		{"s32", s32, "\xc0\x00", 64, ""},
		{"s32", s32, "\xff\xff\xff\xff\x07", math.MaxInt32, ""},
		{"s32", s32, "\x80\x80\x80\x80\x78", math.MinInt32, ""},
		{"s32", s32, "\xff\xff\xff\xff\x7f", -1, ""},
		{"s32", s32, "\xff\xff\xff\xff\x0f", 0, msgTooLarge},
		{"s32", s32, "\x80\x80\x80\x80\x70", 0, msgTooLarge},
		{"s32", s32, "\x80\x80\x80\x80\x08", 0, msgTooLarge},
		{"s32", s32, "\x80\x80\x80\x80\x80\x00", 0, msgTooLong},
		{"s32", s32, "\xff", 0, msgEnd},
		{"s33", (*Reader).S33, "\xff\xff\xff\xff\x0f", math.MaxUint32, ""},
		{"s33", (*Reader).S33, "\x80\x80\x80\x80\x70", math.MinInt32 * 2, ""},
		{"s33", (*Reader).S33, "\x80\x80\x80\x80\x08", 1 << 31, ""},
		{"s33", (*Reader).S33, "\xff\xff\xff\xff\x1f", 0, msgTooLarge},
		{"s33", (*Reader).S33, "\x80\x80\x80\x80\x60", 0, msgTooLarge},
		{"s33", (*Reader).S33, "\x80\x80\x80\x80\x80\x00", 0, msgTooLong},
		{"s33", (*Reader).S33, "\x40", -64, ""},
		{"s64", (*Reader).S64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", math.MaxInt64, ""},
		{"s64", (*Reader).S64, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", math.MinInt64, ""},
		{"s64", (*Reader).S64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 0, msgTooLarge},
		{"s64", (*Reader).S64, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7e", 0, msgTooLarge},
		{"s64", (*Reader).S64, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 0, msgTooLong},
	} {
		r := reader(tc.text)
		got := tc.read(r)
		msg := ""
		if err := r.Err(); err != nil {
			msg = err.Msg
		}
		if got != tc.want || msg != tc.msg {
			t.Errorf("%s % x: got %d, %q; want %d, %q", tc.kind, tc.text, got, msg, tc.want, tc.msg)
		}
		if msg == "" && r.Len() != 0 {
			t.Errorf("%s % x: %d bytes left", tc.kind, tc.text, r.Len())
		}
	}
}

// TestIntegersRoundTrip reads what is written, around every power of two.
func TestIntegersRoundTrip(t *testing.T) {
	for bit := range 64 {
		for d := int64(-1); d <= 1; d++ {
			x := int64(1)<<bit + d
			for _, x := range []int64{x, -x} {
				b := AppendS64(nil, x)
				r := reader(string(b))
				if got := r.S64(); got != x || r.Err() != nil || r.Len() != 0 {
					t.Errorf("s64 %d: % x gives %d, %v", x, b, got, r.Err())
				}
				b = AppendU64(nil, uint64(x))
				r = reader(string(b))
				if got := r.U64(); got != uint64(x) || r.Err() != nil || r.Len() != 0 {
					t.Errorf("u64 %d: % x gives %d, %v", uint64(x), b, got, r.Err())
				}
			}
		}
	}
}

func TestTypes(t *testing.T) {
	val := func(r *Reader) any { return r.ValType() }
	ref := func(r *Reader) any { return r.RefType() }
	elem := func(r *Reader) any { return r.ElemType() }
	storage := func(r *Reader) any { return r.StorageType() }
	heap := func(r *Reader) any { return r.HeapType() }
	block := func(r *Reader) any { return r.BlockType() }
	for _, tc := range []struct {
		kind string
		read func(*Reader) any
		text string
		want any
		msg  string
	}{
		{"value", val, "\x7f", wasm.I32, ""},
		{"value", val, "\x7b", wasm.V128, ""},
		{"value", val, "\x70", wasm.FuncRef, ""},
		{"value", val, "\x63\x70", wasm.FuncRef, ""},
		{"value", val, "\x64\x05", wasm.Ref(false, 5), ""},
		{"value", val, "\x64\x85\x00", wasm.Ref(false, 5), ""},
		{"value", val, "\x63\xc0\x00", wasm.Ref(true, 64), ""},
		{"value", val, "\x63\xff\xff\xff\xff\x0f", wasm.Ref(true, wasm.MaxTypes), ""},
		{"value", val, "\x78", wasm.ValType(0), msgValType},
		{"value", val, "\x40", wasm.ValType(0), msgValType},
		{"value", val, "\x05", wasm.ValType(0), msgValType},
		{"value", val, "\x64\x7f", wasm.ValType(0), msgHeapType},
		{"value", val, "\x64\xf0\x7f", wasm.ValType(0), msgHeapType}, // -16, but in two bytes
		{"value", val, "", wasm.ValType(0), msgEnd},
		{"value", val, "\x64", wasm.ValType(0), msgEnd},
		{"reference", ref, "\x6f", wasm.ExternRef, ""},
		{"reference", ref, "\x7f", wasm.ValType(0), msgRefType},
		{"reference", ref, "\x40", wasm.ValType(0), msgRefType},
		{"element", elem, "\x70", wasm.FuncRef, ""},
		{"element", elem, "\x7e", wasm.ValType(0), msgRefType},
		{"storage", storage, "\x77", wasm.I16, ""},
		{"storage", storage, "\x7c", wasm.F64, ""},
		{"storage", storage, "\x76", wasm.ValType(0), msgStorageType},
		{"heap", heap, "\x69", wasm.HeapExn, ""},
		{"heap", heap, "\x74", wasm.HeapNoExn, ""},
		{"heap", heap, "\x75", wasm.HeapType(0), msgHeapType},
		{"heap", heap, "\x68", wasm.HeapType(0), msgHeapType},
		{"block", block, "\x40", BlockType{}, ""},
		{"block", block, "\x7e", BlockType{Kind: BlockValue, Type: wasm.I64}, ""},
		{"block", block, "\x64\x6b", BlockType{Kind: BlockValue, Type: wasm.Ref(false, wasm.HeapStruct)}, ""},
		{"block", block, "\x3f", BlockType{Kind: BlockIndex, X: 63}, ""},
		{"block", block, "\xc0\x00", BlockType{Kind: BlockIndex, X: 64}, ""},
		{"block", block, "\xff\x7f", BlockType{}, msgBlockType},
		{"block", block, "\x80\x80\x80\x80\x70", BlockType{}, msgBlockType},
	} {
		r := reader(tc.text)
		got := tc.read(r)
		msg := ""
		if err := r.Err(); err != nil {
			msg = err.Msg
			if err.Offset < 100 || int(err.Offset) > 100+len(tc.text) {
				t.Errorf("%s % x: error at offset %d", tc.kind, tc.text, err.Offset)
			}
		}
		if msg != tc.msg || msg == "" && (got != tc.want || r.Len() != 0) {
			t.Errorf("%s % x: got %v, %q; want %v, %q", tc.kind, tc.text, got, msg, tc.want, tc.msg)
		}
	}
}

// sample returns an instruction with the given opcode and immediates that are
// all different, so that a mix-up shows.
func sample(code op.Opcode, imm op.Imm) Instr {
	in := Instr{Op: code}
	switch imm {
	case op.ImmBlockType:
		in.Block = BlockType{Kind: BlockIndex, X: 300}
	case op.ImmLabel, op.ImmFunc, op.ImmType, op.ImmLocal, op.ImmGlobal, op.ImmTable, op.ImmElem, op.ImmData, op.ImmMemory, op.ImmTag:
		in.X = 400
	case op.ImmTableTable, op.ImmElemTable, op.ImmMemoryMemory, op.ImmDataMemory, op.ImmCallIndirect,
		op.ImmTypeField, op.ImmTypeN, op.ImmTypeData, op.ImmTypeElem, op.ImmTypeType:
		in.X, in.Y = 500, 3
	case op.ImmBrTable:
		in.Labels = []uint32{3, 1, 200}
	case op.ImmMemarg, op.ImmMemargLane:
		in.Align, in.X, in.Val = 5, 7, 1<<40
		if imm == op.ImmMemargLane {
			in.Lane = 9
		}
	case op.ImmLane:
		in.Lane = 9
	case op.ImmShuffle, op.ImmV128:
		copy(in.Vec[:], "0123456789abcdef")
	case op.ImmI32:
		in.Val = 0xFFFF_FFFE
	case op.ImmI64:
		in.Val = 1<<64 - 70
	case op.ImmF32:
		in.Val = 0x7FA0_0001
	case op.ImmF64:
		in.Val = 0x7FF4_0000_0000_0001
	case op.ImmHeapType:
		in.Heap = wasm.HeapEq
	case op.ImmValTypes:
		in.Types = []wasm.ValType{wasm.I32, wasm.Ref(false, 70)}
	case op.ImmTryTable:
		in.Block = BlockType{Kind: BlockValue, Type: wasm.ExnRef}
		in.Catches = []Catch{{Catch_, 1, 2}, {CatchRef, 3, 4}, {CatchAll, 0, 5}, {CatchAllRef, 0, 6}}
	case op.ImmBrOnCast:
		in.Nulls, in.X, in.Heap, in.Heap2 = 2, 8, 90, wasm.HeapI31
	}
	return in
}

// TestInstructions writes and reads every instruction, and checks that no
// proper prefix of it is accepted.
func TestInstructions(t *testing.T) {
	for _, info := range op.All() {
		want := sample(info.Code, info.Imm)
		b := Append(nil, &want)
		r := reader(string(b) + "\x00")
		want.Offset = 100
		var got Instr
		if !r.Instr(&got) || r.Pos() != len(b) || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: % x gives\n%+v, want\n%+v (%v)", info.Name, b, got, want, r.Err())
		}
		if again := Append(nil, &got); !bytes.Equal(again, b) {
			t.Errorf("%s: written again: % x, want % x", info.Name, again, b)
		}
		for n := range b {
			r := reader(string(b[:n]))
			if r.Instr(new(Instr)) || r.Err().Msg != msgEnd {
				t.Errorf("%s: % x: %v", info.Name, b[:n], r.Err())
			}
		}
		if info.Feature != 0 {
			r := reader(string(b))
			r.Features &^= info.Feature
			if r.Instr(new(Instr)) || !strings.HasPrefix(r.Err().Msg, msgIllegalOpcode) {
				t.Errorf("%s: without %s: %v", info.Name, info.Feature, r.Err())
			}
		}
	}
}

func TestMalformedInstructions(t *testing.T) {
	for _, tc := range []struct {
		text     string
		features wasm.Feature
		msg      string
	}{
		{"\xff", op.FeaturesAll, "illegal opcode ff"},
		{"\x27", op.FeaturesAll, "illegal opcode 27"},
		{"\xfc\x12", op.FeaturesAll, "illegal opcode fc 12"},
		{"\xfd\xff\xff\xff\xff\x0f", op.FeaturesAll, "illegal opcode fd ffffffff"},
		{"\xfd\xff\xff\xff\xff\x1f", op.FeaturesAll, msgTooLarge},
		{"\x06\x40", op.Features3_0, "illegal opcode 06: try needs legacy-exceptions"},
		{"\x28\x80\x01\x00", op.FeaturesAll, msgMemopFlags},
		{"\x28\x42\x00\x00", op.Features2_0, msgMemopFlags},
		{"\x28\x02\x80\x80\x80\x80\x10", op.Features2_0, msgTooLarge},
		{"\x3f\x01", op.Features2_0, msgZeroByte},
		{"\x3f\x80\x00", op.Features2_0, msgZeroByte},
		{"\x11\x00\x01", 0, msgZeroByte},
		{"\x02\x00", 0, msgBlockType},
		{"\x02\x70", 0, msgBlockType},
		{"\xd0\x6e", op.Features2_0, msgHeapType},
		{"\xd0\x00", op.Features2_0, msgHeapType},
		{"\xfe\x03\x01", op.FeaturesAll, msgZeroByte},
		{"\xfb\x18\x04\x00\x6e\x6e", op.FeaturesAll, msgCastFlags},
		{"\x1f\x40\x01\x04\x00", op.FeaturesAll, msgCatch},
		{"\x0e\xff\xff\xff\xff\x0f\x00", op.FeaturesAll, msgEnd},
		{"\x0e" + string(AppendU32(nil, wasm.MaxBrTableTargets+1)) + strings.Repeat("\x00", wasm.MaxBrTableTargets+2), op.FeaturesAll, msgTargets},
	} {
		r := Reader{Features: tc.features}
		r.Reset([]byte(tc.text), 0)
		if r.Instr(new(Instr)) || r.Err().Msg != tc.msg {
			t.Errorf("% x: got %v, want %q", tc.text[:min(len(tc.text), 20)], r.Err(), tc.msg)
		}
	}
	// The same forms are fine where their proposals are on.
	for _, text := range []string{"\x28\x42\x00\x00", "\x28\x02\x80\x80\x80\x80\x10", "\x3f\x01", "\x11\x00\x01", "\x02\x00", "\xd0\x00"} {
		if r := reader(text); !r.Instr(new(Instr)) || r.Len() != 0 {
			t.Errorf("% x: %v", text, r.Err())
		}
	}
}

// TestSticky checks that nothing is read after an error and that the first
// error stays.
func TestSticky(t *testing.T) {
	r := reader("\xff\x41\x00")
	r.Instr(new(Instr))
	first := r.Err()
	if r.Instr(new(Instr)) || r.U32() != 0 || r.S33() != 0 || r.Byte() != 0 || r.Name() != "" || r.Bytes(1) != nil || r.Err() != first {
		t.Errorf("reading goes on after %v: %v", first, r.Err())
	}
	r.Reset([]byte{5}, 0)
	if r.Byte() != 5 || r.Err() != nil {
		t.Error("Reset doesn't clear the error")
	}
}

func TestName(t *testing.T) {
	for text, msg := range map[string]string{"\x03a\xc3\xa4": "", "\x00": "", "\x02a\xc3": msgUTF8, "\x03\xed\xa0\x80": msgUTF8, "\x02a": msgEnd, "": msgEnd} {
		r := reader(text)
		name := r.Name()
		if got := r.Err(); (got == nil) != (msg == "") || got != nil && (got.Msg != msg || name != "") {
			t.Errorf("% x: %q, %v", text, name, got)
		}
	}
}

// FuzzInstr checks that what is read is written as something that reads the
// same.
func FuzzInstr(f *testing.F) {
	for _, info := range op.All() {
		in := sample(info.Code, info.Imm)
		f.Add(Append(nil, &in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := reader(string(b))
		var in, again Instr
		if !r.Instr(&in) {
			return
		}
		w := Append(nil, &in)
		r2 := reader(string(w))
		if !r2.Instr(&again) || r2.Len() != 0 {
			t.Fatalf("% x is written as % x: %v", b, w, r2.Err())
		}
		if w2 := Append(nil, &again); !bytes.Equal(w, w2) {
			t.Fatalf("% x is written as % x, then % x", b, w, w2)
		}
	})
}
