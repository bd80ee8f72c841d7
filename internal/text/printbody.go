package text

import (
	"sort"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// maxIndent bounds the blanks before a line, so that the size of the text stays
// proportional to that of the code however deep blocks nest.
const maxIndent = 60

// blanks is what lines are indented with.
var blanks = func() string {
	b := make([]byte, maxIndent+1)
	for i := range b {
		b[i] = ' '
	}
	b[0] = '\n'
	return string(b)
}()

// newline begins a line at the given depth.
func (p *printer) newline(depth int) { p.str(blanks[:min(2*depth, maxIndent)+1]) }

// fail records a decoding error.
func (p *printer) fail(err *wasm.DecodeError) {
	if p.err == nil && err != nil { // a nil *DecodeError is no error
		p.err = err
	}
}

// next decodes the next instruction into p.in.
func (p *printer) next() bool {
	if p.r.Len() == 0 || !p.r.Instr(&p.in) {
		p.fail(p.r.Err())
		return false
	}
	return true
}

// unbalanced records that p.in has no place where it stands.
func (p *printer) unbalanced() {
	p.fail(&wasm.DecodeError{Offset: p.in.Offset, Func: -1, Msg: "unexpected " + p.in.Op.String()})
}

// expr writes a constant expression: a single instruction in parentheses, or
// else, if wrap is not empty, (wrap instr*), or just the instructions.
func (p *printer) expr(e *wasm.Expr, wrap string) {
	p.body.labels, p.body.labelIDs, p.body.blocks = p.body.labels[:0], nil, 0
	p.body.locals = nil
	p.r.Reset(e.Bytes, e.Offset)
	single := p.next() && p.in.Op != op.End && !isBlock(p.in.Op)
	if single {
		single = p.next() && p.in.Op == op.End
	}
	p.r.Reset(e.Bytes, e.Offset)
	switch {
	case single:
		p.str("(")
	case wrap != "":
		p.str("(", wrap, " ")
	}
	for first := true; p.next(); first = false {
		if p.in.Op == op.End && len(p.body.labels) == 0 {
			break
		}
		if !first {
			p.str(" ")
		}
		p.flatInstr()
	}
	if single || wrap != "" {
		p.str(")")
	}
}

// isBlock says whether an instruction begins a block.
func isBlock(code op.Opcode) bool {
	info := op.Lookup(code)
	return info.Imm == op.ImmBlockType || info.Imm == op.ImmTryTable
}

// flatInstr writes the instruction in p.in in flat form and keeps track of
// labels. It does nothing about indentation.
func (p *printer) flatInstr() {
	in := &p.in
	switch {
	case isBlock(in.Op):
		p.str(in.Op.String())
		p.blockHeader(in, p.body.blocks)
		p.body.pushLabel(p.body.blocks)
		p.body.blocks++
	case in.Op == op.End:
		p.body.popLabel()
		p.str("end")
	case in.Op == op.Delegate:
		p.body.popLabel()
		p.instruction(in)
	default:
		p.instruction(in)
	}
}

// maxPrintedLocals bounds the locals of one function, which take a few bytes as
// a run and many as text. No valid module comes near.
const maxPrintedLocals = 1 << 24

// function writes a func field.
func (p *printer) function(i int) {
	m, b := p.m, &p.body
	c := &m.Code[i]
	x := uint32(m.ImportCount(wasm.ExternFunc) + i)
	p.define("func", p.funcs, int(x))
	params := 0
	ti := m.Funcs[i]
	if f := p.funcType(ti); f != nil {
		params, b.results = len(f.Params), len(f.Results)
	}
	n := uint64(params)
	for _, run := range c.Locals {
		n += uint64(run.Count)
	}
	if n > maxPrintedLocals {
		p.err = &wasm.LimitError{Name: "locals", Have: n, Max: maxPrintedLocals}
		return
	}
	b.locals = p.localIDs(x, int(n))
	p.typeUse(ti, b.locals)
	p.locals(c.Locals, params)
	b.labels, b.blocks = b.labels[:0], 0
	b.labelIDs = unique(p.opt.Names.Labels.Of(x), len(c.Body))
	b.hints = p.opt.Hints.Of(wasm.FuncIdx(x))
	p.r.Reset(c.Body, c.Offset)
	if p.opt.Folded {
		p.foldedBody(c)
	} else {
		p.flatBody(c)
	}
	p.str(")")
}

// locals writes the declarations of locals; the first has index at.
func (p *printer) locals(runs []wasm.Locals, at int) {
	if len(runs) == 0 {
		return
	}
	p.str("\n   ")
	ids := p.body.locals
	open := false
	for _, run := range runs {
		for range run.Count {
			named := at < len(ids) && ids[at].id != ""
			if open && named {
				p.str(")")
				open = false
			}
			if !open {
				p.str(" (local")
			}
			open = true
			p.str(" ")
			if named {
				p.ident(ids[at])
				p.str(" ")
			}
			p.valType(run.Type)
			if named {
				p.str(")")
				open = false
			}
			at++
		}
	}
	if open {
		p.str(")")
	}
}

// flatBody writes the instructions of a function, each on its line.
func (p *printer) flatBody(c *wasm.Code) {
	b := &p.body
	b.open = b.open[:0]
	for p.next() {
		depth, in := len(b.open), &p.in
		switch in.Op {
		case op.End, op.Else, op.Catch, op.CatchAll, op.Delegate:
			if depth == 0 && in.Op == op.End && p.r.Len() == 0 {
				return
			}
			if depth == 0 || !b.open[depth-1].admits(in.Op) {
				p.unbalanced()
				return
			}
			depth--
			if in.Op == op.End || in.Op == op.Delegate {
				b.open = b.open[:depth]
			} else {
				b.open[depth].last = in.Op
			}
		}
		p.newline(depth + 2)
		p.hint(uint32(in.Offset - c.Start))
		p.flatInstr()
		if isBlock(in.Op) {
			b.open = append(b.open, openNode{last: in.Op})
		}
	}
	p.unbalanced()
}

// hint writes the branch hint of the instruction at offset at in its function.
func (p *printer) hint(at uint32) {
	hints := p.body.hints
	i := sort.Search(len(hints), func(i int) bool { return hints[i].Offset >= at })
	if i == len(hints) || hints[i].Offset != at {
		return
	}
	if hints[i].Likely {
		p.str(`(@metadata.code.branch_hint "\01") `)
	} else {
		p.str(`(@metadata.code.branch_hint "\00") `)
	}
}

// arity returns how many values an instruction takes and gives, as far as
// folding wants to know: -1 given stands for a number that does not fold. What
// is folded means the same whatever the answer.
func (p *printer) arity(in *instr.Instr) (takes, gives int) {
	info := in.Info()
	if info.Sig != "" {
		for i := range info.Sig {
			if info.Sig[i] == ':' {
				return i, len(info.Sig) - i - 1
			}
		}
	}
	call := func(x wasm.TypeIdx, extra int) (int, int) {
		f := p.funcType(x)
		if f == nil {
			return extra, -1
		}
		return len(f.Params) + extra, len(f.Results)
	}
	switch in.Op {
	case op.Call, op.ReturnCall:
		if int64(in.X) >= int64(p.m.NumFuncs()) {
			return 0, -1
		}
		return call(p.m.FuncTypeIdx(wasm.FuncIdx(in.X)), 0)
	case op.CallIndirect, op.ReturnCallIndirect, op.CallRef, op.ReturnCallRef:
		return call(wasm.TypeIdx(in.X), 1)
	case op.Return:
		return p.body.results, -1
	case op.Throw:
		if int64(in.X) < int64(p.m.NumTags()) {
			takes, _ = call(p.m.TagTypeIdx(wasm.TagIdx(in.X)), 0)
		}
		return takes, -1
	case op.StructNew:
		if int64(in.X) < int64(len(p.m.Types)) {
			return len(p.m.Types[in.X].Fields), 1
		}
	case op.ArrayNewFixed:
		return int(min(in.Y, wasm.MaxArrayNewFixed)), 1
	}
	if a, ok := arities[in.Op]; ok {
		return int(a[0]), int(a[1])
	}
	return 0, -1
}

// arities holds what context-dependent instructions take and give where that
// does not depend on it.
var arities = map[op.Opcode][2]int8{
	op.Drop: {1, 0}, op.Select: {3, 1}, op.SelectT: {3, 1}, op.BrIf: {1, -1}, op.BrTable: {1, -1}, op.ThrowRef: {1, -1},
	op.LocalGet: {0, 1}, op.LocalSet: {1, 0}, op.LocalTee: {1, 1}, op.GlobalGet: {0, 1}, op.GlobalSet: {1, 0},
	op.TableGet: {1, 1}, op.TableSet: {2, 0}, op.TableGrow: {2, 1}, op.TableSize: {0, 1}, op.TableFill: {3, 0},
	op.TableCopy: {3, 0}, op.TableInit: {3, 0}, op.MemoryCopy: {3, 0}, op.MemoryInit: {3, 0},
	op.RefNull: {0, 1}, op.RefIsNull: {1, 1}, op.RefFunc: {0, 1}, op.RefEq: {2, 1}, op.RefAsNonNull: {1, 1},
	op.RefTest: {1, 1}, op.RefTestNull: {1, 1}, op.RefCast: {1, 1}, op.RefCastNull: {1, 1}, op.RefI31: {1, 1},
	op.I31GetS: {1, 1}, op.I31GetU: {1, 1}, op.AnyConvertExtern: {1, 1}, op.ExternConvertAny: {1, 1},
	op.BrOnNull: {1, -1}, op.BrOnNonNull: {1, -1}, op.BrOnCast: {1, -1}, op.BrOnCastFail: {1, -1},
	op.StructNewDefault: {0, 1}, op.StructGet: {1, 1}, op.StructGetS: {1, 1}, op.StructGetU: {1, 1}, op.StructSet: {2, 0},
	op.ArrayNew: {2, 1}, op.ArrayNewDefault: {1, 1}, op.ArrayNewData: {2, 1}, op.ArrayNewElem: {2, 1},
	op.ArrayGet: {2, 1}, op.ArrayGetS: {2, 1}, op.ArrayGetU: {2, 1}, op.ArraySet: {3, 0}, op.ArrayLen: {1, 1},
	op.ArrayFill: {4, 0}, op.ArrayCopy: {5, 0}, op.ArrayInitData: {4, 0}, op.ArrayInitElem: {4, 0},
}
