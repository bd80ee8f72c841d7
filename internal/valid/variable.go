package valid

import (
	"fmt"
	"sort"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// localTypes gives the types of a function's parameters and locals.
type localTypes struct {
	params []wasm.ValType
	runs   []localRun
	total  uint32 // parameters and locals
	// first has the types of the first of them, at most a few for each byte of
	// the body: so neither a function that declares many locals nor many such
	// functions cost more than their bytes warrant.
	first []wasm.ValType
}

// localRun is a run of locals of one type.
type localRun struct {
	end uint32 // index after the last
	t   wasm.ValType
}

// at returns the type of local x, which must exist.
func (l *localTypes) at(x uint32) wasm.ValType {
	if x < uint32(len(l.first)) {
		return l.first[x]
	}
	if x < uint32(len(l.params)) {
		return l.params[x]
	}
	k := sort.Search(len(l.runs), func(k int) bool { return x < l.runs[k].end })
	return l.runs[k].t
}

// declareLocals sets up the parameters and locals of a function.
func (f *Func) declareLocals(code *wasm.Code) bool {
	l := &f.locals
	l.params = f.ft.Params
	l.runs = l.runs[:0]
	total := uint64(len(l.params))
	most := total + wasm.MaxLocals
	for _, r := range code.Locals {
		if total += uint64(r.Count); total > most {
			f.setErr(&wasm.LimitError{Name: "locals", Have: total - uint64(len(l.params)), Max: wasm.MaxLocals})
			return false
		}
		if f.valType(r.Type); f.err != nil {
			return false
		}
		l.runs = append(l.runs, localRun{uint32(total), r.Type})
	}
	l.total = uint32(total)

	n := min(int(total), 16+4*len(code.Body))
	l.first = append(l.first[:0], l.params[:min(n, len(l.params))]...)
	for _, r := range l.runs {
		for len(l.first) < min(n, int(r.end)) {
			l.first = append(l.first, r.t)
		}
	}
	return true
}

// uninit forgets what was initialized since initLog had n entries.
func (f *Func) uninit(n uint32) {
	for _, x := range f.initLog[n:] {
		f.initialized[x/64] &^= 1 << (x % 64)
	}
	f.initLog = f.initLog[:n]
}

// setInit notes that local x, of type t, has a value from here on.
func (f *Func) setInit(x uint32, t wasm.ValType) {
	if t.Defaultable() || f.isInit(x) {
		return
	}
	for uint32(len(f.initialized)) <= x/64 {
		f.initialized = append(f.initialized, 0)
	}
	f.initialized[x/64] |= 1 << (x % 64)
	f.initLog = append(f.initLog, x)
}

// isInit says whether local x, of a type without default, has a value.
func (f *Func) isInit(x uint32) bool {
	if x < uint32(len(f.locals.params)) {
		return true
	}
	return x/64 < uint32(len(f.initialized)) && f.initialized[x/64]&(1<<(x%64)) != 0
}

// variable checks local.* and global.*.
func (f *Func) variable(in *Instr) {
	if in.Op == op.GlobalGet || in.Op == op.GlobalSet {
		f.global(in)
		return
	}
	if in.X >= f.locals.total {
		f.fail(unknown("local", in.X))
		return
	}
	t := f.locals.at(in.X)
	in.Type = t
	switch in.Op {
	case op.LocalGet:
		if !t.Defaultable() && !f.isInit(in.X) {
			f.fail(fmt.Sprintf("%s %d", msgUninitialized, in.X))
			return
		}
		f.push(t)
	case op.LocalSet:
		f.pop(t)
		f.setInit(in.X, t)
	case op.LocalTee:
		f.pop(t)
		f.push(t)
		f.setInit(in.X, t)
	}
}

func (f *Func) global(in *Instr) {
	m := f.info.Module
	n := m.NumGlobals()
	if f.constant {
		n = f.globals
	}
	if uint64(in.X) >= uint64(n) {
		f.fail(unknown("global", in.X))
		return
	}
	g := m.GlobalType(wasm.GlobalIdx(in.X))
	in.Type = g.Type
	if in.Op == op.GlobalGet {
		if f.constant {
			if g.Mutable {
				f.fail(msgConstRequired + ": the global is mutable")
			}
			if int(in.X) >= m.ImportCount(wasm.ExternGlobal) {
				f.needed |= op.FeatureGC
			}
		}
		f.push(g.Type)
		return
	}
	if !g.Mutable {
		f.fail(fmt.Sprintf("%s %d", msgImmutableGlobal, in.X))
		return
	}
	f.pop(g.Type)
}

// parametric checks drop and select.
func (f *Func) parametric(in *Instr) {
	if in.Op == op.Drop {
		in.Type = f.popAny()
		return
	}
	f.pop(wasm.I32)
	if in.Op == op.SelectT {
		if len(in.Types) != 1 {
			f.fail(fmt.Sprintf("%s: select with %d types", msgArity, len(in.Types)))
			return
		}
		t := in.Types[0]
		if f.valType(t); f.err != nil {
			return
		}
		f.popTypes([]wasm.ValType{t, t})
		in.Type = t
		f.push(t)
		return
	}
	b, a := f.popAny(), f.popAny()
	if a.IsRef() || b.IsRef() {
		f.fail(msgTypeMismatch + ": select without type on references")
		return
	}
	switch {
	case a == wasm.Bottom:
		a = b
	case b != wasm.Bottom && a != b:
		f.fail(fmt.Sprintf("%s: select on %v and %v", msgTypeMismatch, a, b))
	}
	in.Type = a
	f.push(a)
}
