package vm

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

func TestInstantiate(t *testing.T) {
	types := newTypes(t)
	m := prepare(t, types, smallModule())
	s := newStore(t, types, goEngine{})
	i := instantiate(t, s, m)
	j := instantiate(t, s, m)
	if got := string(i.Memories[0].Bytes()[16:28]); got != "hello, world" {
		t.Errorf("memory has %q", got)
	}
	for x, r := range i.Tables[0].Elems {
		f := s.Func(r)
		if f.Inst != i || f.Index != wasm.FuncIdx(x) || f.Type != m.TypeIDs[0] {
			t.Errorf("table element %d is %+v", x, f)
		}
		if s.Func(r) != f {
			t.Error("a second function was made")
		}
	}
	if f := j.Func(1); f.Inst != j || f.Index != 1 {
		t.Errorf("function 1 of the second instance is %+v", f)
	}
	if g := i.Globals[0]; g.Lo != 1024 || g.Type.Type != wasm.I32 {
		t.Errorf("global is %+v", g)
	}
	j.Memories[0].Bytes()[16] = 'j'
	if i.Memories[0].Bytes()[16] != 'h' {
		t.Error("instances share memory")
	}
}

func TestImportMatching(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	sig := func(p ...wasm.ValType) TypeID {
		id, err := types.FuncType(wasm.FuncType{Params: p})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	table := func(tt wasm.TableType) Extern {
		tab, err := s.NewTable(tt, Null)
		if err != nil {
			t.Fatal(err)
		}
		return Extern{Kind: wasm.ExternTable, Table: tab}
	}
	memory := func(mt wasm.MemType) Extern {
		m, err := s.NewMemory(mt)
		if err != nil {
			t.Fatal(err)
		}
		return Extern{Kind: wasm.ExternMemory, Memory: m}
	}
	glob := func(v wasm.ValType, mut bool) Extern {
		return Extern{Kind: wasm.ExternGlobal, Global: NewGlobal(wasm.GlobalType{Type: v, Mutable: mut}, 0, 0)}
	}
	with := func(mt wasm.MemType, f func(*wasm.MemType)) wasm.MemType { f(&mt); return mt }
	addr64 := func(mt *wasm.MemType) { mt.Addr64 = true }
	shared := func(mt *wasm.MemType) { mt.Shared = true }
	bytes := func(mt *wasm.MemType) { mt.PageSizeLog2 = 0 }
	grown := memory(memType(1, 5))
	if _, ok := grown.Memory.Grow(s, 2); !ok {
		t.Fatal("can't grow")
	}
	fn := func(id TypeID) Extern {
		return Extern{Kind: wasm.ExternFunc, Func: NewHostFunc(types, id, "f", nil)}
	}
	imp := func(i wasm.Import) wasm.Import { i.Module, i.Name = "m", "n"; return i }
	funcImport := imp(wasm.Import{Kind: wasm.ExternFunc, Func: 1})
	tableImport := func(tt wasm.TableType) wasm.Import { return imp(wasm.Import{Kind: wasm.ExternTable, Table: tt}) }
	memImport := func(mt wasm.MemType) wasm.Import { return imp(wasm.Import{Kind: wasm.ExternMemory, Mem: mt}) }
	globImport := func(v wasm.ValType, mut bool) wasm.Import {
		return imp(wasm.Import{Kind: wasm.ExternGlobal, Global: wasm.GlobalType{Type: v, Mutable: mut}})
	}
	tagImport := imp(wasm.Import{Kind: wasm.ExternTag, Tag: 1})
	const unknown, incompatible = msgUnknownImport, msgIncompatibleImport
	tests := []struct {
		name string
		imp  wasm.Import
		x    Extern
		want string
	}{
		{"nothing", funcImport, Extern{}, unknown},
		{"nothing of a kind", memImport(memType(1)), Extern{Kind: wasm.ExternMemory}, unknown},
		{"other kind", funcImport, glob(wasm.I32, false), incompatible},
		{"func", funcImport, fn(sig(wasm.I64)), ""},
		{"other func", funcImport, fn(sig(wasm.I32)), incompatible},
		{"table", tableImport(tableType(wasm.FuncRef, 1)), table(tableType(wasm.FuncRef, 2)), ""},
		{"table too small", tableImport(tableType(wasm.FuncRef, 3)), table(tableType(wasm.FuncRef, 2)), incompatible},
		{"table without maximum", tableImport(tableType(wasm.FuncRef, 1, 9)), table(tableType(wasm.FuncRef, 2)), incompatible},
		{"table maximum", tableImport(tableType(wasm.FuncRef, 1, 9)), table(tableType(wasm.FuncRef, 2, 9)), ""},
		{"table too large", tableImport(tableType(wasm.FuncRef, 1, 9)), table(tableType(wasm.FuncRef, 2, 10)), incompatible},
		{"table elements", tableImport(tableType(wasm.FuncRef, 1)), table(tableType(wasm.ExternRef, 2)), incompatible},
		{"table supertype", tableImport(tableType(wasm.FuncRef, 1)), table(tableType(wasm.Ref(true, wasm.HeapNoFunc), 2)), incompatible},
		{"memory", memImport(memType(1)), memory(memType(1)), ""},
		{"memory grown", memImport(memType(3)), grown, ""},
		{"memory too small", memImport(memType(4)), grown, incompatible},
		{"memory index type", memImport(with(memType(1), addr64)), memory(memType(1)), incompatible},
		{"memory index type", memImport(memType(1)), memory(with(memType(1), addr64)), incompatible},
		{"memory shared", memImport(with(memType(1, 2), shared)), memory(memType(1, 2)), incompatible},
		{"memory not shared", memImport(memType(1, 2)), memory(with(memType(1, 2), shared)), incompatible},
		{"memory both shared", memImport(with(memType(1, 2), shared)), memory(with(memType(1, 2), shared)), ""},
		{"memory page size", memImport(with(memType(0), bytes)), memory(memType(0)), incompatible},
		{"global", globImport(wasm.I32, false), glob(wasm.I32, false), ""},
		{"global type", globImport(wasm.I32, false), glob(wasm.I64, false), incompatible},
		{"global mutability", globImport(wasm.I32, true), glob(wasm.I32, false), incompatible},
		{"global mutability", globImport(wasm.I32, false), glob(wasm.I32, true), incompatible},
		{"global subtype", globImport(wasm.AnyRef, false), glob(wasm.EqRef, false), ""},
		{"global supertype", globImport(wasm.EqRef, false), glob(wasm.AnyRef, false), incompatible},
		{"mutable global subtype", globImport(wasm.AnyRef, true), glob(wasm.EqRef, true), incompatible},
		{"tag", tagImport, Extern{Kind: wasm.ExternTag, Tag: NewTag(types, sig(wasm.I64))}, ""},
		{"tag type", tagImport, Extern{Kind: wasm.ExternTag, Tag: NewTag(types, sig())}, incompatible},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := prepare(t, types, &wasm.Module{
				Types:   []wasm.SubType{funcType(nil, nil), funcType([]wasm.ValType{wasm.I64}, nil)},
				Imports: []wasm.Import{tt.imp},
			})
			_, err := Instantiate(context.Background(), s, m, []Extern{tt.x})
			var link *LinkError
			switch {
			case tt.want == "":
				if err != nil {
					t.Error(err)
				}
			case !errors.As(err, &link) || len(link.Imports) != 1 || link.Imports[0].Msg != tt.want || !strings.HasPrefix(err.Error(), tt.want):
				t.Errorf("error is %v, want %s", err, tt.want)
			}
		})
	}
}

func TestAllBadImportsAreListed(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	m := &wasm.Module{Types: []wasm.SubType{funcType(nil, nil)}}
	for _, n := range []string{"a", "b", "c"} {
		m.Imports = append(m.Imports, wasm.Import{Module: "m", Name: n})
	}
	id, _ := types.FuncType(wasm.FuncType{})
	ok := Extern{Func: NewHostFunc(types, id, "", nil)}
	_, err := Instantiate(context.Background(), s, prepare(t, types, m), []Extern{{}, ok})
	var link *LinkError
	if !errors.As(err, &link) || len(link.Imports) != 2 || link.Imports[0].Name != "a" || link.Imports[1].Name != "c" {
		t.Errorf("error is %v", err)
	}
}

func TestForeignImports(t *testing.T) {
	types := newTypes(t)
	a, b := newStore(t, types, goEngine{}), newStore(t, types, goEngine{})
	i := instantiate(t, a, prepare(t, types, smallModule()))
	id, _ := types.FuncType(wasm.FuncType{})
	for _, x := range []struct {
		imp wasm.Import
		ext Extern
	}{
		{wasm.Import{Kind: wasm.ExternFunc}, Extern{Kind: wasm.ExternFunc, Func: i.Func(0)}},
		{wasm.Import{Kind: wasm.ExternMemory, Mem: memType(1)}, Extern{Kind: wasm.ExternMemory, Memory: i.Memories[0]}},
		{wasm.Import{Kind: wasm.ExternTable, Table: tableType(wasm.FuncRef, 1)}, Extern{Kind: wasm.ExternTable, Table: i.Tables[0]}},
		{wasm.Import{Kind: wasm.ExternGlobal, Global: wasm.GlobalType{Type: wasm.FuncRef}},
			Extern{Kind: wasm.ExternGlobal, Global: NewGlobal(wasm.GlobalType{Type: wasm.FuncRef}, 1, 0)}},
		{wasm.Import{Kind: wasm.ExternTag}, Extern{Kind: wasm.ExternTag, Tag: NewTag(types, id)}},
	} {
		m := prepare(t, types, &wasm.Module{Types: []wasm.SubType{funcType(nil, nil)}, Imports: []wasm.Import{x.imp}})
		instantiate(t, a, m, x.ext)
		if _, err := Instantiate(context.Background(), b, m, []Extern{x.ext}); err == nil {
			t.Errorf("a %v of another store was linked", x.imp.Kind)
		}
	}
}

// What comes before a trap remains, what comes after doesn't happen.
func TestSegmentOrder(t *testing.T) {
	types := newTypes(t)
	s := newStore(t, types, goEngine{})
	elem := func(at uint32) wasm.Elem {
		return wasm.Elem{Mode: wasm.Active, At: i32(at), Type: wasm.FuncRef, Funcs: []wasm.FuncIdx{0}}
	}
	data := func(at uint32, b string) wasm.Data {
		return wasm.Data{Mode: wasm.Active, At: i32(at), Init: []byte(b)}
	}
	tests := []struct {
		name  string
		elems []wasm.Elem
		data  []wasm.Data
		trap  TrapKind
		set   int    // table element that is not null
		mem   string // first bytes of memory
	}{
		{"elements", []wasm.Elem{elem(1), elem(5), elem(2)}, []wasm.Data{data(0, "x")}, TrapOutOfBoundsTable, 1, "\x00\x00"},
		{"data", []wasm.Elem{elem(1)}, []wasm.Data{data(0, "x"), data(65535, "yz"), data(1, "z")}, TrapOutOfBoundsMemory, 1, "x\x00"},
		{"all data of a segment or none", []wasm.Elem{elem(1)}, []wasm.Data{data(65536, ""), data(65537, "")}, TrapOutOfBoundsMemory, 1, "\x00\x00"},
	}
	for _, tt := range tests {
		tab, _ := s.NewTable(tableType(wasm.FuncRef, 3), Null)
		mem, _ := s.NewMemory(memType(1))
		m := prepare(t, types, &wasm.Module{
			Types: []wasm.SubType{funcType(nil, nil)},
			Funcs: []wasm.TypeIdx{0},
			Imports: []wasm.Import{
				{Kind: wasm.ExternTable, Table: tableType(wasm.FuncRef, 1)}, {Kind: wasm.ExternMemory, Mem: memType(1)},
			},
			Elems: tt.elems, Data: tt.data,
		})
		_, err := Instantiate(context.Background(), s, m, []Extern{{Kind: wasm.ExternTable, Table: tab}, {Kind: wasm.ExternMemory, Memory: mem}})
		wantTrap(t, err, tt.trap)
		for x, r := range tab.Elems {
			if (r != Null) != (x == tt.set) {
				t.Errorf("%s: element %d is %d", tt.name, x, r)
			}
		}
		if got := string(mem.Bytes()[:2]); got != tt.mem {
			t.Errorf("%s: memory is %q", tt.name, got)
		}
		// A function of the failed instance that is in a table works.
		if f := s.Func(tab.Elems[tt.set]); f.Inst.Module != m {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
}

// A memory that had the module's image mapped from before must not show it when
// an element segment traps, because code in tables may look.
func TestImageAfterElementTrap(t *testing.T) {
	types := newTypes(t)
	w := dataModule()
	w.Tables = nil
	w.Elems[0].At = global(0)
	w.Imports = []wasm.Import{
		{Kind: wasm.ExternGlobal, Global: wasm.GlobalType{Type: wasm.I32}},
		{Kind: wasm.ExternTable, Table: tableType(wasm.FuncRef, 2)},
	}
	w.Elems = append([]wasm.Elem{{Mode: wasm.Active, At: i32(0), Type: wasm.FuncRef, Funcs: []wasm.FuncIdx{0}}}, w.Elems...)
	m := prepare(t, types, w)
	try := func(at uint64) (*Instance, error, *Memory) {
		s := NewStore(types, goEngine{}, Limits{})
		t.Cleanup(s.Close)
		tab, err := s.NewTable(tableType(wasm.FuncRef, 2), Null)
		if err != nil {
			t.Fatal(err)
		}
		g := NewGlobal(wasm.GlobalType{Type: wasm.I32}, at, 0)
		i, err := Instantiate(context.Background(), s, m, []Extern{{Kind: wasm.ExternGlobal, Global: g}, {Kind: wasm.ExternTable, Table: tab}})
		return i, err, s.Func(tab.Elems[0]).Inst.Memories[0]
	}
	i, err, mem := try(0)
	if err != nil {
		t.Fatal(err)
	}
	if mem.Bytes()[1024] != 1 {
		t.Error("the data is missing")
	}
	i.Store.Close()
	_, err, mem = try(1)
	wantTrap(t, err, TrapOutOfBoundsTable)
	for at, b := range mem.Bytes() {
		if b != 0 {
			t.Fatalf("byte %d is %d", at, b)
		}
	}
}

func TestStart(t *testing.T) {
	types := newTypes(t)
	e := goEngine{}
	m := prepare(t, types, &wasm.Module{
		Types: []wasm.SubType{funcType(nil, nil)}, Funcs: []wasm.TypeIdx{0}, HasStart: true,
	})
	type key struct{}
	ctx := context.WithValue(context.Background(), key{}, 7)
	var got any
	e[m] = []func(*Exec, *Func, []uint64) error{func(x *Exec, f *Func, _ []uint64) error {
		got = x.Ctx.Value(key{})
		return NewTrap(TrapUnreachable)
	}}
	_, err := Instantiate(ctx, newStore(t, types, e), m, nil)
	wantTrap(t, err, TrapUnreachable)
	if got != 7 {
		t.Errorf("the start function saw context value %v", got)
	}

	// An imported host function as start function knows the instance.
	m = prepare(t, types, &wasm.Module{
		Types: []wasm.SubType{funcType(nil, nil)}, HasStart: true, Imports: []wasm.Import{{Kind: wasm.ExternFunc}},
	})
	var caller *Instance
	id, _ := types.FuncType(wasm.FuncType{})
	h := NewHostFunc(types, id, "start", func(x *Exec, _ []uint64) error { caller = x.Caller; return nil })
	s := newStore(t, types, e)
	if i := instantiate(t, s, m, Extern{Func: h}); caller != i || s.Exec.Caller != nil {
		t.Errorf("caller was %p, want %p", caller, i)
	}
}

func TestLimits(t *testing.T) {
	types := newTypes(t)
	mod := func(f func(m *wasm.Module)) *Module {
		m := &wasm.Module{}
		f(m)
		return prepare(t, types, m)
	}
	mem := func(pages uint64) *Module {
		return mod(func(m *wasm.Module) { m.Memories = []wasm.MemType{memType(pages)} })
	}
	mem64 := func(pages uint64) *Module {
		return mod(func(m *wasm.Module) {
			m.Memories = []wasm.MemType{{Limits: wasm.Limits{Min: pages, Addr64: true}, PageSizeLog2: 16}}
		})
	}
	table := func(n uint64) *Module {
		return mod(func(m *wasm.Module) { m.Tables = []wasm.Table{{Type: tableType(wasm.FuncRef, n)}} })
	}
	tests := []struct {
		name string
		lim  Limits
		m    *Module
		ok   bool
	}{
		{"memory at the limit", Limits{Memory: 3 << 16}, mem(3), true},
		{"memory beyond the limit", Limits{Memory: 3 << 16}, mem(4), false},
		{"memory64 of all bits", Limits{}, mem64(1 << 48), false},
		{"memory64 beyond the machine", Limits{Memory: 1 << 63}, mem64(1 << 46), false},
		{"table at the limit", Limits{Table: 10}, table(10), true},
		{"table beyond the limit", Limits{Table: 10}, table(11), false},
		{"table beyond the default", Limits{}, table(wasm.MaxTableSize + 1), false},
		{"table of 2^32", Limits{}, table(1<<32 - 1), false},
		{"table of 2^32 with a careless limit", Limits{Table: 1 << 62}, table(1<<32 - 1), false},
	}
	for _, tt := range tests {
		s := newStore(t, types, goEngine{})
		s.Limits = tt.lim.withDefaults()
		var limit *wasm.LimitError
		_, err := Instantiate(context.Background(), s, tt.m, nil)
		if ok := err == nil; ok != tt.ok || !ok && !errors.As(err, &limit) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if !tt.ok && (s.memoryBytes.Load() != 0 || s.tableElements.Load() != 0) {
			t.Errorf("%s: something is accounted for", tt.name)
		}
	}
	s := NewStore(types, goEngine{}, Limits{Instances: 2, Memory: 3 << 16})
	defer s.Close()
	instantiate(t, s, mem(1))
	i := instantiate(t, s, mem(1))
	var limit *wasm.LimitError
	if _, err := Instantiate(context.Background(), s, mem(0), nil); !errors.As(err, &limit) || limit.Name != "instances" {
		t.Errorf("third instance: %v", err)
	}
	if _, ok := i.Memories[0].Grow(s, 2); ok {
		t.Error("grew beyond the store's limit")
	}
	if old, ok := i.Memories[0].Grow(s, 1); !ok || old != 1 {
		t.Errorf("Grow = %d, %v", old, ok)
	}
}

func TestConstantExpressions(t *testing.T) {
	types := newTypes(t)
	c := func(o op.Opcode, v uint64) instr.Instr { return instr.Instr{Op: o, Val: v} }
	o := func(o op.Opcode, x ...uint32) instr.Instr {
		in := instr.Instr{Op: o}
		if len(x) > 0 {
			in.X = x[0]
		}
		if len(x) > 1 {
			in.Y = x[1]
		}
		return in
	}
	vec := instr.Instr{Op: op.V128Const, Vec: [16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}
	refTo := func(x uint32) wasm.ValType { return wasm.Ref(false, wasm.HeapType(x)) }
	m := &wasm.Module{
		Types: []wasm.SubType{
			structType(mutable(wasm.I8), mutable(wasm.V128), mutable(wasm.I31Ref)),
			arrayType(wasm.I16),
			arrayType(refTo(1)),
			funcType(nil, nil),
		},
		Funcs: []wasm.TypeIdx{3},
		Globals: []wasm.Global{
			{Type: wasm.GlobalType{Type: wasm.I32}, Init: expr(c(op.I32Const, 7), c(op.I32Const, 9), o(op.I32Sub), c(op.I32Const, 3), o(op.I32Mul))},
			{Type: wasm.GlobalType{Type: wasm.I64}, Init: expr(c(op.I64Const, 1<<62), c(op.I64Const, 4), o(op.I64Mul), c(op.I64Const, 5), o(op.I64Add))},
			{Type: wasm.GlobalType{Type: wasm.V128}, Init: expr(vec)},
			{Type: wasm.GlobalType{Type: refTo(0)}, Init: expr(c(op.I32Const, 0x1FE), vec, c(op.I32Const, 0xFFFFFFFE), o(op.RefI31), o(op.StructNew, 0))},
			{Type: wasm.GlobalType{Type: refTo(1)}, Init: expr(c(op.I32Const, 1), c(op.I32Const, 2), c(op.I32Const, 3), o(op.ArrayNewFixed, 1, 3))},
			{Type: wasm.GlobalType{Type: refTo(2)}, Init: expr(o(op.GlobalGet, 4), c(op.I32Const, 5), o(op.ArrayNew, 2))},
			{Type: wasm.GlobalType{Type: wasm.ExternRef}, Init: expr(o(op.GlobalGet, 4), o(op.ExternConvertAny))},
			{Type: wasm.GlobalType{Type: wasm.FuncRef}, Init: expr(o(op.RefFunc, 0))},
			{Type: wasm.GlobalType{Type: wasm.V128}, Init: expr(o(op.GlobalGet, 2))},
		},
	}
	s := newStore(t, types, goEngine{})
	i := instantiate(t, s, prepare(t, types, m))
	g := i.Globals
	if int32(g[0].Lo) != -6 {
		t.Errorf("i32: %d", int32(g[0].Lo))
	}
	if g[1].Lo != 5 {
		t.Errorf("i64: %d", g[1].Lo)
	}
	if g[2].Lo != 0x0807060504030201 || g[2].Hi != 0x100F0E0D0C0B0A09 || g[8].Lo != g[2].Lo || g[8].Hi != g[2].Hi {
		t.Errorf("v128: %x %x", g[2].Lo, g[2].Hi)
	}
	ids := i.Module.TypeIDs
	st := types.Info(ids[0])
	r := Ref(g[3].Lo)
	if lo, _ := s.GetField(r, &st.Fields[0]); lo != 0xFE {
		t.Errorf("i8 field: %#x", lo)
	}
	if lo, hi := s.GetField(r, &st.Fields[1]); lo != g[2].Lo || hi != g[2].Hi {
		t.Errorf("v128 field: %x %x", lo, hi)
	}
	if lo, _ := s.GetField(r, &st.Fields[2]); !Ref(lo).IsI31() || Ref(lo).I31Signed() != -2 || Ref(lo).I31Unsigned() != 0x7FFFFFFE {
		t.Errorf("i31 field: %#x", lo)
	}
	r = Ref(g[4].Lo)
	if n := s.ArrayLen(r); n != 3 {
		t.Errorf("array length %d", n)
	}
	for x := range uint32(3) {
		if lo, _ := s.Elem(r, types.Info(ids[1]), x); lo != uint64(x+1) {
			t.Errorf("element %d is %d", x, lo)
		}
	}
	for x := range uint32(5) {
		if lo, _ := s.Elem(Ref(g[5].Lo), types.Info(ids[2]), x); lo != g[4].Lo {
			t.Errorf("element %d is %d", x, lo)
		}
	}
	if g[6].Lo != g[4].Lo || !s.RefTest(Ref(g[6].Lo), false, wasm.HeapExtern) {
		t.Error("extern.convert_any")
	}
	if s.Func(Ref(g[7].Lo)) != i.Func(0) {
		t.Error("ref.func")
	}
	if len(s.operands) != 0 {
		t.Errorf("%d operands are left", len(s.operands))
	}
}

// Objects that are only on the operand stack of a constant expression survive a
// collection in it.
func TestConstantExpressionRoots(t *testing.T) {
	types := newTypes(t)
	const n = 3000
	var ins []instr.Instr
	for range n { // each makes a garbage array of 4 KiB after a struct that is kept
		ins = append(ins, instr.Instr{Op: op.I32Const, Val: 5}, instr.Instr{Op: op.StructNew, X: 0})
	}
	ins = append(ins, instr.Instr{Op: op.ArrayNewFixed, X: 1, Y: n})
	m := prepare(t, types, &wasm.Module{
		Types:   []wasm.SubType{structType(mutable(wasm.I32)), arrayType(wasm.Ref(false, 0))},
		Globals: []wasm.Global{{Type: wasm.GlobalType{Type: wasm.AnyRef}, Init: expr(ins...)}},
	})
	s := newStore(t, types, goEngine{})
	s.Limits.GCHeap = 96 << 10 // 48 KB of structs, 12 KB of array
	i := instantiate(t, s, m)
	s.Collect()
	arr, st := types.Info(m.TypeIDs[1]), types.Info(m.TypeIDs[0])
	for x := range uint32(n) {
		r, _ := s.Elem(Ref(i.Globals[0].Lo), arr, x)
		if v, _ := s.GetField(Ref(r), &st.Fields[0]); v != 5 {
			t.Fatalf("element %d: %d", x, v)
		}
	}
	s.Limits.GCHeap = 16 << 10
	_, err := Instantiate(context.Background(), newSmallHeap(t, types), m, nil)
	wantTrap(t, err, TrapOutOfMemory)
}

func newSmallHeap(t *testing.T, types *Types) *Store {
	s := NewStore(types, goEngine{}, Limits{GCHeap: 32 << 10})
	t.Cleanup(s.Close)
	return s
}

func TestPassiveSegments(t *testing.T) {
	types := newTypes(t)
	m := prepare(t, types, &wasm.Module{
		Types: []wasm.SubType{funcType(nil, nil)}, Funcs: []wasm.TypeIdx{0},
		Tables: []wasm.Table{{Type: tableType(wasm.FuncRef, 2), Init: expr(instr.Instr{Op: op.RefFunc, X: 0})}},
		Elems: []wasm.Elem{
			{Mode: wasm.Passive, Type: wasm.FuncRef, Exprs: []wasm.Expr{expr(instr.Instr{Op: op.RefFunc, X: 0}), expr(instr.Instr{Op: op.RefNull, Heap: wasm.HeapFunc})}},
			{Mode: wasm.Declarative, Type: wasm.FuncRef, Funcs: []wasm.FuncIdx{0}},
			{Mode: wasm.Active, At: i32(1), Type: wasm.FuncRef, Exprs: []wasm.Expr{expr(instr.Instr{Op: op.RefNull, Heap: wasm.HeapFunc})}},
		},
		Memories:     []wasm.MemType{memType(1)},
		Data:         []wasm.Data{{Mode: wasm.Passive, Init: []byte("abc")}, {Mode: wasm.Active, At: i32(0), Init: []byte("x")}},
		HasDataCount: true, DataCount: 2,
	})
	s := newStore(t, types, goEngine{})
	i := instantiate(t, s, m)
	f := i.FuncRef(0)
	if e := i.Elems; len(e) != 3 || len(e[0]) != 2 || e[0][0] != f || e[0][1] != Null || e[1] != nil || e[2] != nil {
		t.Errorf("elements: %v", e)
	}
	if e := i.Tables[0].Elems; e[0] != f || e[1] != Null {
		t.Errorf("table: %v", e)
	}
	if d := i.Data; len(d) != 2 || string(d[0]) != "abc" || d[1] != nil {
		t.Errorf("data: %q", d)
	}
}

func TestClosedStore(t *testing.T) {
	types := newTypes(t)
	m := prepare(t, types, smallModule())
	s := NewStore(types, goEngine{}, Limits{})
	i := instantiate(t, s, m)
	f, mem := i.Func(0), i.Memories[0]
	if err := s.Exec.Call(context.Background(), f, nil); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.Close()
	if err := s.Exec.Call(context.Background(), f, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Call: %v", err)
	}
	if _, err := Instantiate(context.Background(), s, m, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Instantiate: %v", err)
	}
	if _, err := s.NewMemory(memType(1)); !errors.Is(err, ErrClosed) {
		t.Errorf("NewMemory: %v", err)
	}
	if _, err := s.NewTable(tableType(wasm.FuncRef, 1), Null); !errors.Is(err, ErrClosed) {
		t.Errorf("NewTable: %v", err)
	}
	if _, err := s.Snapshot(); !errors.Is(err, ErrClosed) {
		t.Errorf("Snapshot: %v", err)
	}
	if mem.Bytes() != nil || mem.Pages() != 0 {
		t.Error("the memory is still there")
	}
	if _, ok := mem.View(0, 1); ok {
		t.Error("View works")
	}
	if _, ok := mem.Grow(s, 1); ok {
		t.Error("Grow works")
	}
	if s.IsObject(8) || s.RefKind(16) != "" {
		t.Error("objects are there")
	}
	// A store that was never used.
	s = NewStore(types, goEngine{}, Limits{})
	s.Close()
	if err := s.Exec.Call(context.Background(), f, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Call: %v", err)
	}
}

// A forgotten store's memory goes back to the pool.
func TestForgottenStore(t *testing.T) {
	types := newTypes(t)
	m := prepare(t, types, smallModule())
	for range 10 {
		i := instantiate(t, NewStore(types, goEngine{}, Limits{}), m)
		if i.Memories[0].slot == nil {
			t.Skip("no reserved memory on this host")
		}
	}
	pooled := func() int {
		p := &types.pools.slots
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.free)
	}
	for n := 0; n < 100 && pooled() < 9; n++ {
		runtime.GC()
	}
	if n := pooled(); n < 9 {
		t.Errorf("%d slots came back, want at least 9", n)
	}
}
