package binary

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/custom"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

const preambleText = magic + version

// section returns a section with the given content.
func section(id wasm.SectionID, content string) string {
	return string(instr.AppendU32([]byte{byte(id)}, uint32(len(content)))) + content
}

func leb(n uint32) string { return string(instr.AppendU32(nil, n)) }

// TestMalformed checks messages that the specification's suite has no test for.
func TestMalformed(t *testing.T) {
	funcs := section(wasm.SectionType, "\x01\x60\x00\x00") + section(wasm.SectionFunction, "\x01\x00")
	for _, tc := range []struct {
		name, text, msg string
	}{
		{"component", magic + "\x0d\x00\x01\x00", "unknown binary version: this is not a module but a component"},
		{"section id 14", preambleText + "\x0e\x00", msgSectionID},
		{"tag before memory", preambleText + section(wasm.SectionTag, "\x00") + section(wasm.SectionMemory, "\x00"), msgSectionOrder},
		{"global before tag", preambleText + section(wasm.SectionGlobal, "\x00") + section(wasm.SectionTag, "\x00"), msgSectionOrder},
		{"tag attribute", preambleText + section(wasm.SectionTag, "\x01\x01\x00"), msgTagAttribute},
		{"export kind", preambleText + section(wasm.SectionExport, "\x01\x00\x05\x00"), msgExportKind},
		{"composite type", preambleText + section(wasm.SectionType, "\x01\x5d"), msgDefType},
		{"group in a group", preambleText + section(wasm.SectionType, "\x01\x4e\x01\x4e\x00"), msgDefType},
		{"subtype twice", preambleText + section(wasm.SectionType, "\x01\x50\x00\x50\x00\x5f\x00"), msgDefType},
		{"packed parameter", preambleText + section(wasm.SectionType, "\x01\x60\x01\x78\x00"), "malformed value type"},
		{"storage type", preambleText + section(wasm.SectionType, "\x01\x5e\x40\x00"), "malformed storage type"},
		{"element flags", preambleText + section(wasm.SectionElement, "\x01\x08"), msgElemFlags},
		{"element kind", preambleText + section(wasm.SectionElement, "\x01\x01\x01\x00"), msgElemKind},
		{"data flags", preambleText + section(wasm.SectionData, "\x01\x03"), msgDataFlags},
		{"table initializer prefix", preambleText + section(wasm.SectionTable, "\x01\x40\x01\x70\x00\x00"), msgZeroByte},
		{"shared table", preambleText + section(wasm.SectionTable, "\x01\x70\x03\x00\x00"), msgLimitsFlags},
		{"page size on a table", preambleText + section(wasm.SectionTable, "\x01\x70\x08\x00\x00"), msgLimitsFlags},
		{"page size exponent", preambleText + section(wasm.SectionMemory, "\x01\x08\x00\x40"), msgPageSize},
		{"expression with else", preambleText + section(wasm.SectionGlobal, "\x01\x7f\x00\x05\x0b"), msgEndOpcode},
		{"unclosed block in expression", preambleText + section(wasm.SectionGlobal, "\x01\x7f\x00\x02\x40\x0b"), msgEnd},
		{"body without bytes", preambleText + funcs + section(wasm.SectionCode, "\x01\x00"), msgEnd},
		{"body without instructions", preambleText + funcs + section(wasm.SectionCode, "\x01\x01\x00"), msgEnd},
		{"illegal opcode before a missing end", preambleText + funcs + section(wasm.SectionCode, "\x01\x02\x00\xff"), "illegal opcode ff"},
		{"local type", preambleText + funcs + section(wasm.SectionCode, "\x01\x04\x01\x01\x40\x0b"), "malformed value type"},
		{"start without index", preambleText + section(wasm.SectionStart, ""), msgEnd},
	} {
		_, err := Decode([]byte(tc.text), op.FeaturesAll)
		var de *wasm.DecodeError
		if !errors.As(err, &de) || !strings.HasPrefix(de.Msg, tc.msg) {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.msg)
		}
	}
}

// TestErrorPlace checks what an error says about its place.
func TestErrorPlace(t *testing.T) {
	text := preambleText + section(wasm.SectionType, "\x01\x60\x00\x00") +
		section(wasm.SectionImport, "\x01\x00\x00\x00\x00") + section(wasm.SectionFunction, "\x02\x00\x00")
	at := wasm.Offset(len(text) + 9)
	text += section(wasm.SectionCode, "\x02\x02\x00\x0b\x04\x01\x01\x40\x0b")
	_, err := Decode([]byte(text), op.FeaturesAll)
	want := wasm.DecodeError{Offset: at, Section: "code section", Func: 2, Msg: "malformed value type"}
	var de *wasm.DecodeError
	if !errors.As(err, &de) || *de != want {
		t.Errorf("got %+v, want %+v", de, want)
	}
}

// TestFeatureGates checks that what a proposal added is rejected without it
// and accepted with it.
func TestFeatureGates(t *testing.T) {
	const refs = op.FeatureReferenceTypes
	for _, tc := range []struct {
		name, text string
		without    wasm.Feature // features that the module lacks one of
		with       wasm.Feature
	}{
		{"v128 parameter", section(wasm.SectionType, "\x01\x60\x01\x7b\x00"), 0, op.FeatureSIMD},
		{"funcref parameter", section(wasm.SectionType, "\x01\x60\x01\x70\x00"), 0, refs},
		{"anyref parameter", section(wasm.SectionType, "\x01\x60\x01\x6e\x00"), refs, refs | op.FeatureGC},
		{"exnref parameter", section(wasm.SectionType, "\x01\x60\x01\x69\x00"), refs, refs | op.FeatureExceptions},
		{"(ref func) parameter", section(wasm.SectionType, "\x01\x60\x01\x64\x70\x00"), refs, refs | op.FeatureFunctionReferences},
		{"recursive group", section(wasm.SectionType, "\x01\x4e\x00"), 0, op.FeatureGC},
		{"struct", section(wasm.SectionType, "\x01\x5f\x00"), 0, op.FeatureGC},
		{"subtype", section(wasm.SectionType, "\x01\x50\x00\x60\x00\x00"), 0, op.FeatureGC},
		{"tag section", section(wasm.SectionTag, "\x00"), 0, op.FeatureExceptions},
		{"tag section, legacy", section(wasm.SectionTag, "\x00"), 0, op.FeatureLegacyExceptions},
		{"tag import", section(wasm.SectionImport, "\x01\x00\x00\x04\x00\x00"), 0, op.FeatureExceptions},
		{"tag export", section(wasm.SectionExport, "\x01\x00\x04\x00"), 0, op.FeatureExceptions},
		{"data count", section(wasm.SectionDataCount, "\x00"), 0, op.FeatureBulkMemory},
		{"passive data", section(wasm.SectionData, "\x01\x01\x00"), 0, op.FeatureBulkMemory},
		{"passive elements", section(wasm.SectionElement, "\x01\x01\x00\x00"), 0, op.FeatureBulkMemory},
		{"64-bit memory", section(wasm.SectionMemory, "\x01\x04\x00"), 0, op.FeatureMemory64},
		{"64-bit minimum", section(wasm.SectionMemory, "\x01\x00\x80\x80\x80\x80\x10"), 0, op.FeatureMemory64},
		{"shared memory", section(wasm.SectionMemory, "\x01\x03\x00\x00"), 0, op.FeatureThreads},
		{"page size", section(wasm.SectionMemory, "\x01\x08\x00\x00"), 0, op.FeatureCustomPageSizes},
		{"table initializer", section(wasm.SectionTable, "\x01\x40\x00\x70\x00\x00\xd0\x70\x0b"), refs, refs | op.FeatureFunctionReferences},
	} {
		b := []byte(preambleText + tc.text)
		if _, err := Decode(b, tc.without); err == nil {
			t.Errorf("%s: accepted without its proposal", tc.name)
		}
		if _, err := Decode(b, tc.with); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	// The element type of a table has been there from the start.
	if _, err := Decode([]byte(preambleText+section(wasm.SectionTable, "\x01\x70\x00\x00")), 0); err != nil {
		t.Errorf("table of WebAssembly 1.0: %v", err)
	}
}

// TestBombs checks that a few bytes which claim 2^32-1 items are rejected
// without reserving room for them.
func TestBombs(t *testing.T) {
	const huge = "\xff\xff\xff\xff\x0f"
	pad := strings.Repeat("\x00", 15)
	for _, tc := range []struct{ name, text string }{
		{"types", section(wasm.SectionType, huge+pad)},
		{"types of a group", section(wasm.SectionType, "\x01\x4e"+huge+pad)},
		{"supertypes", section(wasm.SectionType, "\x01\x50"+huge+pad)},
		{"parameters", section(wasm.SectionType, "\x01\x60"+huge+pad)},
		{"results", section(wasm.SectionType, "\x01\x60\x00"+huge+pad)},
		{"fields", section(wasm.SectionType, "\x01\x5f"+huge+pad)},
		{"imports", section(wasm.SectionImport, huge+pad)},
		{"module name", section(wasm.SectionImport, "\x01"+huge+pad)},
		{"functions", section(wasm.SectionFunction, huge+pad)},
		{"tables", section(wasm.SectionTable, huge+pad)},
		{"memories", section(wasm.SectionMemory, huge+pad)},
		{"tags", section(wasm.SectionTag, huge+pad)},
		{"globals", section(wasm.SectionGlobal, huge+pad)},
		{"exports", section(wasm.SectionExport, huge+pad)},
		{"element segments", section(wasm.SectionElement, huge+pad)},
		{"functions of a segment", section(wasm.SectionElement, "\x01\x01\x00"+huge+pad)},
		{"expressions of a segment", section(wasm.SectionElement, "\x01\x05\x70"+huge+pad)},
		{"bodies", section(wasm.SectionCode, huge+pad)},
		{"body size", section(wasm.SectionCode, "\x01"+huge+pad)},
		{"runs of locals", section(wasm.SectionCode, "\x01\x10"+huge+pad)},
		{"data segments", section(wasm.SectionData, huge+pad)},
		{"bytes of a segment", section(wasm.SectionData, "\x01\x01"+huge+pad)},
		{"section", "\x01" + huge + pad},
		{"custom section name", section(wasm.SectionCustom, huge+pad)},
		{"branch targets", section(wasm.SectionGlobal, "\x01\x7f\x00\x0e"+huge+pad)},
		{"types of select", section(wasm.SectionGlobal, "\x01\x7f\x00\x1c"+huge+pad)},
		{"catch clauses", section(wasm.SectionGlobal, "\x01\x7f\x00\x1f\x40"+huge+pad)},
	} {
		b := []byte(preambleText + tc.text)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Decode(b, op.FeaturesAll)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: accepted", tc.name)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 256<<10 {
			t.Errorf("%s: %d bytes allocated for %d of input", tc.name, n, len(b))
		}
	}
}

// richModule has something in every section, in every form.
func richModule() *wasm.Module {
	zero := wasm.Expr{Bytes: []byte("\x41\x00\x0b")}
	ref := wasm.Expr{Bytes: []byte("\xd2\x00\x0b")}
	null := wasm.Expr{Bytes: []byte("\xd0\x70\x0b")}
	m := &wasm.Module{
		Types: []wasm.SubType{
			{Final: true, Kind: wasm.KindFunc, Func: wasm.FuncType{Params: []wasm.ValType{wasm.I32, wasm.V128}, Results: []wasm.ValType{wasm.Ref(false, 1)}}},
			{Kind: wasm.KindStruct, Fields: []wasm.FieldType{{Type: wasm.I8, Mutable: true}, {Type: wasm.Ref(true, 2)}}},
			{Final: true, Supers: []wasm.TypeIdx{1}, Kind: wasm.KindStruct, Fields: []wasm.FieldType{{Type: wasm.I8, Mutable: true}, {Type: wasm.Ref(false, 2)}, {Type: wasm.AnyRef}}},
			{Final: true, Kind: wasm.KindArray, Fields: []wasm.FieldType{{Type: wasm.F64}}},
			{Final: true, Kind: wasm.KindFunc},
		},
		RecGroups: []wasm.RecGroup{{Start: 0, Len: 1}, {Start: 1, Len: 2, Explicit: true}, {Start: 3, Len: 1, Explicit: true}, {Start: 4, Len: 0, Explicit: true}, {Start: 4, Len: 1}},
		Imports: []wasm.Import{
			{Module: "a", Name: "f", Kind: wasm.ExternFunc, Func: 4},
			{Module: "a", Name: "t", Kind: wasm.ExternTable, Table: wasm.TableType{Elem: wasm.ExternRef, Limits: wasm.Limits{Min: 1, Max: 300, HasMax: true}}},
			{Module: "b", Name: "m", Kind: wasm.ExternMemory, Mem: wasm.MemType{Limits: wasm.Limits{Min: 1, Max: 2, HasMax: true}, Shared: true, PageSizeLog2: 16}},
			{Module: "b", Name: "", Kind: wasm.ExternGlobal, Global: wasm.GlobalType{Type: wasm.I64, Mutable: true}},
			{Module: "ü", Name: "e", Kind: wasm.ExternTag, Tag: 4},
		},
		Funcs:    []wasm.TypeIdx{4, 4},
		Tables:   []wasm.Table{{Type: wasm.TableType{Elem: wasm.FuncRef, Limits: wasm.Limits{Min: 1, Addr64: true}}}, {Type: wasm.TableType{Elem: wasm.Ref(false, 4)}, Init: ref}},
		Memories: []wasm.MemType{{Limits: wasm.Limits{Min: 1 << 40, Addr64: true}, PageSizeLog2: 0, CustomPageSize: true}},
		Tags:     []wasm.TypeIdx{4},
		Globals:  []wasm.Global{{Type: wasm.GlobalType{Type: wasm.I32}, Init: zero}},
		Exports:  []wasm.Export{{Name: "f", Kind: wasm.ExternFunc, Index: 1}, {Name: "e", Kind: wasm.ExternTag, Index: 1}},
		Start:    1, HasStart: true,
		Elems: []wasm.Elem{
			{Mode: wasm.Active, At: zero, Type: funcRefNonNull, Funcs: []wasm.FuncIdx{0, 200}},
			{Mode: wasm.Passive, Flags: 1, Type: funcRefNonNull, Funcs: []wasm.FuncIdx{0}},
			{Mode: wasm.Active, Flags: 2, At: zero, Type: funcRefNonNull, Funcs: []wasm.FuncIdx{0}},
			{Mode: wasm.Declarative, Flags: 3, Type: funcRefNonNull, Funcs: []wasm.FuncIdx{}},
			{Mode: wasm.Active, Flags: 4, At: zero, Type: wasm.FuncRef, Exprs: []wasm.Expr{ref, null}},
			{Mode: wasm.Passive, Flags: 5, Type: wasm.ExternRef, Exprs: []wasm.Expr{{Bytes: []byte("\xd0\x6f\x0b")}}},
			{Mode: wasm.Active, Flags: 6, Table: 2, At: zero, Type: wasm.Ref(false, 4), Exprs: []wasm.Expr{ref}},
			{Mode: wasm.Declarative, Flags: 7, Type: wasm.FuncRef, Exprs: []wasm.Expr{ref}},
		},
		Data: []wasm.Data{
			{Mode: wasm.Active, At: zero, Init: []byte("abc")},
			{Mode: wasm.Passive, Flags: 1, Init: []byte{}},
			{Mode: wasm.Active, Flags: 2, Mem: 1, At: zero, Init: []byte("x")},
		},
		DataCount: 3, HasDataCount: true,
		Code: []wasm.Code{
			{Body: []byte{0x0B}},
			{Locals: []wasm.Locals{{Count: 0, Type: wasm.I32}, {Count: 300, Type: wasm.Ref(true, 1)}}, Body: []byte("\x02\x40\x0b\x0b")},
		},
		Customs: []wasm.Custom{
			{Name: "first", Data: []byte("1")}, {Name: "", Data: []byte{}, After: wasm.SectionTag},
			{Name: "x", Data: []byte("2"), After: wasm.SectionDataCount}, {Name: "name", Data: []byte{}, After: wasm.SectionData},
		},
	}
	m.Index()
	return m
}

func TestRichModule(t *testing.T) {
	m := richModule()
	b := Encode(m)
	m2, err := Decode(b, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	checkRoundTrip(t, "rich module", m2, op.FeaturesAll)
	if b2 := Encode(m2); !bytes.Equal(b, b2) {
		t.Errorf("encoded again:\n% x\n% x", b, b2)
	}
	for i, c := range m2.Customs {
		if c.After != m.Customs[i].After || string(b[c.Offset:int(c.Offset)+len(c.Data)]) != string(c.Data) {
			t.Errorf("custom section %d: %+v", i, c)
		}
	}
	for i := range m.Elems {
		if e := &m2.Elems[i]; e.Flags != uint8(i) || e.Mode != m.Elems[i].Mode || e.Type != m.Elems[i].Type || e.Len() != m.Elems[i].Len() {
			t.Errorf("element segment %d: %+v", i, e)
		}
	}
	for i := range m2.Code {
		c := &m2.Code[i]
		if !bytes.Equal(b[c.Offset:int(c.Offset)+len(c.Body)], m.Code[i].Body) {
			t.Errorf("body %d isn't at its offset", i)
		}
	}
	if m2.Types[2].Supers[0] != 1 || !m2.Types[2].Final || m2.Types[1].Final || m2.Types[0].Func.Results[0] != wasm.Ref(false, 1) {
		t.Errorf("types: %+v", m2.Types)
	}
}

// TestEncodeWithoutFlags checks that segments made by hand, with no flags set,
// get a form that expresses them.
func TestEncodeWithoutFlags(t *testing.T) {
	m := richModule()
	for i := range m.Elems {
		m.Elems[i].Flags = 0
	}
	for i := range m.Data {
		m.Data[i].Flags = 0
	}
	// Indices in a segment of nullable references need the form with
	// expressions.
	m.Elems[1].Type = wasm.FuncRef
	m2, err := Decode(Encode(m), op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Elems {
		a, b := &m.Elems[i], &m2.Elems[i]
		if a.Mode != b.Mode || a.Type != b.Type || a.Table != b.Table || a.Len() != b.Len() {
			t.Errorf("element segment %d: got %+v, want %+v", i, b, a)
		}
	}
	if x := m2.Elems[1].Exprs[0].Bytes; string(x) != "\xd2\x00\x0b" {
		t.Errorf("index became % x", x)
	}
	for i := range m.Data {
		if a, b := &m.Data[i], &m2.Data[i]; a.Mode != b.Mode || a.Mem != b.Mem || !bytes.Equal(a.Init, b.Init) {
			t.Errorf("data segment %d: got %+v, want %+v", i, b, a)
		}
	}
}

// TestTruncations checks that no proper prefix that cuts a section is
// accepted, and that all of them fail cleanly.
func TestTruncations(t *testing.T) {
	b := Encode(richModule())
	for n := range b {
		m, err := Decode(b[:n:n], op.FeaturesAll)
		if err != nil {
			continue
		}
		// Between sections a prefix may be a module.
		if again := Encode(m); !bytes.Equal(again, b[:n]) {
			t.Errorf("%d bytes: accepted, but encoded as % x", n, again)
		}
	}
}

// TestMutations decodes modules with changed bytes: whatever is accepted must
// survive a round trip.
func TestMutations(t *testing.T) {
	b := Encode(richModule())
	rng := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	for range 20_000 {
		c := bytes.Clone(b)
		for range 1 + rng.IntN(3) {
			c[8+rng.IntN(len(c)-8)] = byte(rng.UintN(256))
		}
		if m, err := Decode(c, op.FeaturesAll); err == nil {
			accepted++
			checkRoundTrip(t, "mutation", m, op.FeaturesAll)
		}
		if t.Failed() {
			t.Fatalf("% x", c)
		}
	}
	if accepted < 1000 {
		t.Errorf("only %d mutations were accepted", accepted)
	}
}

// TestDeepExpression checks that a deeply nested expression is scanned
// iteratively.
func TestDeepExpression(t *testing.T) {
	const depth = 1 << 20
	text := preambleText + section(wasm.SectionGlobal,
		"\x01\x7f\x00"+strings.Repeat("\x02\x40", depth)+strings.Repeat("\x0b", depth+1))
	m, err := Decode([]byte(text), op.Features3_0)
	if err != nil || len(m.Globals[0].Init.Bytes) != 3*depth+1 {
		t.Errorf("%v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Encode(richModule()))
	f.Add([]byte(preambleText))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Decode(b, op.FeaturesAll)
		if err != nil {
			return
		}
		checkRoundTrip(t, "fuzz", m, op.FeaturesAll)
		for i := range m.Customs {
			custom.DecodeNames(m.Customs[i].Data)
			custom.DecodeProducers(m.Customs[i].Data)
			custom.DecodeDylink(m.Customs[i].Data)
			custom.DecodeDylinkLegacy(m.Customs[i].Data)
			custom.DecodeBranchHints(m.Customs[i].Data)
		}
		custom.BranchHints(m, op.FeaturesAll)
		readBodies(m, op.FeaturesAll)
	})
}
