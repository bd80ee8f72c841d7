package wasm

import "testing"

func TestValTypes(t *testing.T) {
	for _, tc := range []struct {
		t                              ValType
		text                           string
		ref, num, packed, null, defalt bool
		slots                          int
	}{
		{I32, "i32", false, true, false, false, true, 1},
		{I64, "i64", false, true, false, false, true, 1},
		{F32, "f32", false, true, false, false, true, 1},
		{F64, "f64", false, true, false, false, true, 1},
		{V128, "v128", false, false, false, false, true, 2},
		{I8, "i8", false, false, true, false, true, 1},
		{I16, "i16", false, false, true, false, true, 1},
		{FuncRef, "funcref", true, false, false, true, true, 1},
		{ExternRef, "externref", true, false, false, true, true, 1},
		{Ref(true, HeapNone), "nullref", true, false, false, true, true, 1},
		{Ref(true, HeapNoFunc), "nullfuncref", true, false, false, true, true, 1},
		{Ref(true, HeapNoExtern), "nullexternref", true, false, false, true, true, 1},
		{Ref(true, HeapNoExn), "nullexnref", true, false, false, true, true, 1},
		{Ref(false, HeapI31), "(ref i31)", true, false, false, false, false, 1},
		{Ref(true, 7), "(ref null 7)", true, false, false, true, true, 1},
		{Ref(false, MaxTypes), "(ref 1000000)", true, false, false, false, false, 1},
	} {
		if got := tc.t.String(); got != tc.text {
			t.Errorf("String of %#x is %q, want %q", uint32(tc.t), got, tc.text)
		}
		if tc.t.IsRef() != tc.ref || tc.t.IsNum() != tc.num || tc.t.IsPacked() != tc.packed ||
			tc.t.Nullable() != tc.null || tc.t.Defaultable() != tc.defalt || tc.t.Slots() != tc.slots {
			t.Errorf("%s: wrong properties", tc.text)
		}
	}
	if I8.Unpacked() != I32 || I16.Unpacked() != I32 || F32.Unpacked() != F32 || AnyRef.Unpacked() != AnyRef {
		t.Error("Unpacked is wrong")
	}
}

// TestHeapTypes checks that every heap type survives being put into a value
// type, and that the codes are the specification's.
func TestHeapTypes(t *testing.T) {
	names := map[byte]string{0x69: "exn", 0x6A: "array", 0x6B: "struct", 0x6C: "i31", 0x6D: "eq", 0x6E: "any", 0x6F: "extern",
		0x70: "func", 0x71: "none", 0x72: "noextern", 0x73: "nofunc", 0x74: "noexn"}
	for code := range 256 {
		h, ok := AbstractHeapType(byte(code))
		if want := names[byte(code)]; ok != (want != "") || ok && (h.String() != want || h.Code() != byte(code)) {
			t.Errorf("%#x: %s, %t; want %q", code, h, ok, want)
		}
		if _, concrete := h.Concrete(); ok && (concrete || Ref(false, h).Heap() != h || Ref(true, h).Heap() != h) {
			t.Errorf("%#x: %s changes inside a value type", code, h)
		}
	}
	for _, x := range []TypeIdx{0, 1, 0x70, MaxTypes - 1, MaxTypes} {
		h := HeapType(x)
		if got, ok := h.Concrete(); !ok || got != x || Ref(true, h).Heap() != h {
			t.Errorf("type index %d becomes %d", x, got)
		}
	}
}

func TestFuncType(t *testing.T) {
	f := FuncType{Params: []ValType{I32, FuncRef}, Results: []ValType{F64}}
	if got := f.String(); got != "[i32 funcref] -> [f64]" {
		t.Errorf("String is %q", got)
	}
	same := FuncType{Params: []ValType{I32, FuncRef}, Results: []ValType{F64}}
	if !f.Equal(&same) {
		t.Error("equal types differ")
	}
	for _, g := range []FuncType{{}, {Params: f.Params}, {Params: f.Params, Results: []ValType{F32}}, {Params: f.Params[:1], Results: f.Results}} {
		if f.Equal(&g) {
			t.Errorf("%s equals %s", &f, &g)
		}
	}
}

// TestIndexSpaces checks that all index spaces begin with the imports, in
// their order.
func TestIndexSpaces(t *testing.T) {
	m := &Module{
		Imports: []Import{
			{Kind: ExternGlobal, Global: GlobalType{Type: I32}}, {Kind: ExternFunc, Func: 1}, {Kind: ExternTag, Tag: 4},
			{Kind: ExternMemory, Mem: MemType{Limits: Limits{Min: 1}}}, {Kind: ExternFunc, Func: 0},
			{Kind: ExternTable, Table: TableType{Elem: FuncRef}}, {Kind: ExternGlobal, Global: GlobalType{Type: I64}},
		},
		Types:    []SubType{{Func: FuncType{Params: []ValType{F32}}}, {}, {}},
		Funcs:    []TypeIdx{2},
		Tables:   []Table{{Type: TableType{Elem: ExternRef}}},
		Memories: []MemType{{Limits: Limits{Min: 2}}},
		Globals:  []Global{{Type: GlobalType{Type: F32}}},
		Tags:     []TypeIdx{5},
	}
	m.Index()
	m.Index() // again, as after a change of the imports
	if n := [...]int{m.NumFuncs(), m.NumTables(), m.NumMemories(), m.NumGlobals(), m.NumTags()}; n != [...]int{3, 2, 2, 3, 2} {
		t.Errorf("sizes are %v", n)
	}
	if got := [...]TypeIdx{m.FuncTypeIdx(0), m.FuncTypeIdx(1), m.FuncTypeIdx(2), m.TagTypeIdx(0), m.TagTypeIdx(1)}; got != [...]TypeIdx{1, 0, 2, 4, 5} {
		t.Errorf("type indices are %v", got)
	}
	if got := [...]ValType{m.GlobalType(0).Type, m.GlobalType(1).Type, m.GlobalType(2).Type, m.TableType(0).Elem, m.TableType(1).Elem}; got != [...]ValType{I32, I64, F32, FuncRef, ExternRef} {
		t.Errorf("types are %v", got)
	}
	if m.MemType(0).Min != 1 || m.MemType(1).Min != 2 || len(m.FuncType(1).Params) != 1 || m.ImportOf(ExternFunc, 1).Func != 0 {
		t.Error("memories or function types are mixed up")
	}
}
