package custom

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

func TestNames(t *testing.T) {
	want := &wasm.Names{
		Module: "möd", HasModule: true,
		Funcs:    wasm.NameMap{{Index: 0, Name: "a"}, {Index: 300, Name: ""}},
		Locals:   wasm.IndirectNameMap{{Index: 1, Names: wasm.NameMap{{Index: 2, Name: "x"}}}, {Index: 7, Names: wasm.NameMap{}}},
		Labels:   wasm.IndirectNameMap{{Index: 1, Names: wasm.NameMap{{Index: 0, Name: "loop"}}}},
		Types:    wasm.NameMap{{Index: 1, Name: "t"}},
		Tables:   wasm.NameMap{{Index: 1, Name: "tab"}},
		Memories: wasm.NameMap{{Index: 1, Name: "mem"}},
		Globals:  wasm.NameMap{{Index: 1, Name: "g"}},
		Elems:    wasm.NameMap{{Index: 1, Name: "e"}},
		Data:     wasm.NameMap{{Index: 1, Name: "d"}},
		Fields:   wasm.IndirectNameMap{{Index: 3, Names: wasm.NameMap{{Index: 1, Name: "f"}}}},
		Tags:     wasm.NameMap{{Index: 1, Name: "tag"}},
	}
	b := AppendNames(nil, want)
	got, err := DecodeNames(b)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v\n%+v\n%+v", err, got, want)
	}
	// The order of the subsections is part of the format.
	if ids := subsectionIDs(b); ids != "0123456789ab" {
		t.Errorf("subsections %s", ids)
	}
	if got, err := DecodeNames(nil); err != nil || !got.Empty() {
		t.Errorf("empty section: %+v, %v", got, err)
	}
	if want.Empty() {
		t.Error("names are reported to be empty")
	}
	if b := AppendNames(nil, &wasm.Names{}); len(b) != 0 {
		t.Errorf("no names are encoded as % x", b)
	}
}

func subsectionIDs(b []byte) (ids string) {
	var r instr.Reader
	r.Reset(b, 0)
	for r.Len() > 0 {
		ids += string("0123456789abcdef"[r.Byte()])
		r.Bytes(r.U32())
	}
	return ids
}

func TestNameMapLookup(t *testing.T) {
	m := wasm.NameMap{{Index: 1, Name: "one"}, {Index: 5, Name: "five"}}
	in := wasm.IndirectNameMap{{Index: 4, Names: m}}
	for x, want := range map[uint32]string{0: "", 1: "one", 2: "", 5: "five", 6: ""} {
		if got, ok := m.Lookup(x); got != want || ok != (want != "") {
			t.Errorf("Lookup(%d) = %q, %t", x, got, ok)
		}
		if got, ok := in.Lookup(4, x); got != want || ok != (want != "") {
			t.Errorf("Lookup(4, %d) = %q, %t", x, got, ok)
		}
		if _, ok := in.Lookup(3, x); ok {
			t.Errorf("Lookup(3, %d) found something", x)
		}
	}
}

func TestMalformedNames(t *testing.T) {
	for _, tc := range []struct{ name, text, msg string }{
		{"cut", "\x01", msgEnd},
		{"size", "\x01\x05\x00", msgNameSubsection},
		{"content too long", "\x01\x02\x00\x00", msgSubsectionSize},
		{"content too short", "\x01\x01\x01\x00\x00", msgSubsectionSize},
		{"order", "\x01\x01\x00\x00\x02\x01x", msgNameOrder},
		{"twice", "\x01\x01\x00\x01\x01\x00", msgNameOrder},
		{"indices equal", "\x01\x07\x02\x01\x01x\x01\x01y", msgNameIndices},
		{"functions descend", "\x02\x05\x02\x01\x00\x00\x00", msgNameIndices},
		{"UTF-8", "\x01\x04\x01\x01\x01\xff", msgUTF8},
		{"count", "\x01\x06\xff\xff\xff\xff\x0f\x00", msgEnd},
	} {
		_, err := DecodeNames([]byte(tc.text))
		var de *wasm.DecodeError
		if !errors.As(err, &de) || de.Msg != tc.msg {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.msg)
		}
	}
	// What comes before the error is kept; unknown subsections are skipped.
	n, err := DecodeNames([]byte("\x00\x02\x01m\x20\x01\xff\x21\x00\x01"))
	if err == nil || n.Module != "m" {
		t.Errorf("%+v, %v", n, err)
	}
	if n, err := DecodeNames([]byte("\x00\x02\x01m\x20\x01\xff")); err != nil || n.Module != "m" {
		t.Errorf("%+v, %v", n, err)
	}
	// A bomb: functions without local names, two bytes each.
	many := string(instr.AppendU32(nil, maxNames+1)) + strings.Repeat("\x00", maxNames+1)
	_, err = DecodeNames([]byte("\x01" + leb(uint32(len(many))) + many))
	var le *wasm.LimitError
	if !errors.As(err, &le) || le.Name != limitNames {
		t.Errorf("%d names: %v", maxNames+1, err)
	}
}

func TestProducers(t *testing.T) {
	want := []ProducerField{
		{Name: "language", Values: []Producer{{"Rust", ""}, {"C11", ""}}},
		{Name: "processed-by", Values: []Producer{{"clang", "21.1"}}},
	}
	b := AppendProducers(nil, want)
	if got, err := DecodeProducers(b); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v: %+v", err, got)
	}
	for n := range b {
		if _, err := DecodeProducers(b[:n]); err == nil {
			t.Errorf("%d bytes of %d are accepted", n, len(b))
		}
	}
	if _, err := DecodeProducers(append(b, 0)); err == nil {
		t.Error("a byte too many is accepted")
	}
}

func TestDylink(t *testing.T) {
	text := "\x01\x06\x80\x08\x04\x02\x00" // memory information, one byte short
	if _, err := DecodeDylink([]byte(text)); err == nil {
		t.Error("short content is accepted")
	}
	text = "\x01\x05\x80\x08\x04\x02\x00" + "\x02\x09\x02\x04c.so\x02m\xc3" // name ends inside a character
	if _, err := DecodeDylink([]byte(text)); err == nil {
		t.Error("malformed UTF-8 is accepted")
	}
	text = "\x01\x05\x80\x08\x04\x02\x00" + "\x02\x06\x01\x04c.so" + "\x03\x05\x01\x01f\x81\x02" + "\x04\x06\x01\x01a\x01g\x01" +
		"\x05\x03\x01\x01." + "\x7f\x02??"
	want := &Dylink{MemorySize: 1024, MemoryAlign: 4, TableSize: 2, Needed: []string{"c.so"},
		Exports: []DylinkExport{{"f", DylinkWeak | DylinkTLS}}, Imports: []DylinkImport{{"a", "g", DylinkWeak}}, RuntimePath: []string{"."}}
	got, err := DecodeDylink([]byte(text))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v: %+v", err, got)
	}
	legacy := "\x80\x08\x04\x02\x00\x01\x04c.so"
	want = &Dylink{MemorySize: 1024, MemoryAlign: 4, TableSize: 2, Needed: []string{"c.so"}}
	for _, name := range []string{DylinkLegacySection, DylinkSection} {
		content := legacy
		if name == DylinkSection {
			content = text
			want = got
		}
		m := &wasm.Module{Customs: []wasm.Custom{{Name: name, Data: []byte(content)}}}
		if d, err := FindDylink(m); err != nil || !reflect.DeepEqual(d, want) {
			t.Errorf("%s: %v: %+v", name, err, d)
		}
	}
	if d, err := FindDylink(&wasm.Module{}); d != nil || err != nil {
		t.Errorf("no dynamic library: %+v, %v", d, err)
	}
}

// hintModule has an import and the function
//
//	local.get 0  if  end  local.get 0  br_if 0  end
//
// whose if and br_if are 3 and 8 bytes from the start of its entry.
func hintModule(hints wasm.BranchHints, after wasm.SectionID) *wasm.Module {
	m := &wasm.Module{
		Types:     []wasm.SubType{{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Params: []wasm.ValType{wasm.I32}}}},
		RecGroups: []wasm.RecGroup{{Len: 1}},
		Imports:   []wasm.Import{{Kind: wasm.ExternFunc}},
		Funcs:     []wasm.TypeIdx{0},
		Code:      []wasm.Code{{Start: 100, Offset: 101, Body: []byte("\x20\x00\x04\x40\x0b\x20\x00\x0d\x00\x0b")}},
		Customs:   []wasm.Custom{{Name: BranchHintSection, Data: AppendBranchHints(nil, hints), After: after}},
	}
	m.Index()
	return m
}

func TestBranchHints(t *testing.T) {
	one := func(f wasm.FuncIdx, offsets ...uint32) wasm.BranchHints {
		h := wasm.BranchHints{{Func: f, Hints: []wasm.BranchHint{}}}
		for _, o := range offsets {
			h[0].Hints = append(h[0].Hints, wasm.BranchHint{Offset: o, Likely: o%2 == 0})
		}
		return h
	}
	for _, tc := range []struct {
		name  string
		hints wasm.BranchHints
		after wasm.SectionID
		msg   string
	}{
		{"if and br_if", one(1, 3, 8), wasm.SectionFunction, ""},
		{"no hints", one(1), wasm.SectionFunction, ""},
		{"local.get", one(1, 1), wasm.SectionFunction, msgHintTarget},
		{"inside an instruction", one(1, 4), wasm.SectionFunction, msgHintTarget},
		{"locals", one(1, 0), wasm.SectionFunction, msgHintTarget},
		{"behind the body", one(1, 11), wasm.SectionFunction, msgHintTarget},
		{"far behind", one(1, 1<<32-1), wasm.SectionFunction, msgHintTarget},
		{"import", one(0, 3), wasm.SectionFunction, msgHintFunc},
		{"unknown function", one(2, 3), wasm.SectionFunction, msgHintFunc},
		{"offsets descend", one(1, 8, 3), wasm.SectionFunction, msgHintOrder},
		{"function twice", append(one(1, 3), one(1, 8)...), wasm.SectionFunction, msgHintOrder},
		{"after the code", one(1, 3), wasm.SectionCode, msgHintPlace},
	} {
		got, err := BranchHints(hintModule(tc.hints, tc.after), op.Features3_0)
		if tc.msg == "" {
			if err != nil || !reflect.DeepEqual(got, tc.hints) {
				t.Errorf("%s: %v: %+v", tc.name, err, got)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tc.msg) {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.msg)
		}
	}
	h := one(1, 3, 8)
	if got := h.Of(1); len(got) != 2 || h.Of(0) != nil || h.Of(2) != nil {
		t.Errorf("Of(1) = %+v", got)
	}
	for _, tc := range []struct{ text, msg string }{
		{"", msgEnd},
		{"\x01\x01\x01\x03\x02\x00\x00", msgHintSize},
		{"\x01\x01\x01\x03\x01\x02", msgHintValue},
		{"\x01\x01\x01\x03\x01\x01\x00", msgSectionSize},
		{"\xff\xff\xff\xff\x0f\x00", msgEnd},
	} {
		if _, err := DecodeBranchHints([]byte(tc.text)); err == nil || !strings.Contains(err.Error(), tc.msg) {
			t.Errorf("% x: got %v, want %q", tc.text, err, tc.msg)
		}
	}
	m := hintModule(h, wasm.SectionFunction)
	m.Customs = append(m.Customs, m.Customs[0])
	if _, err := BranchHints(m, op.Features3_0); err == nil || !strings.Contains(err.Error(), msgDuplicateSection) {
		t.Errorf("two sections: %v", err)
	}
}

func leb(n uint32) string { return string(instr.AppendU32(nil, n)) }
