package text

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// printBody is the state of printing one function.
type printBody struct {
	imports  [5]uint32 // printed so far, by kind
	locals   []ident
	labels   []string // identifiers of the labels in scope; empty: none
	labelIDs []ident  // by number of the block
	blocks   int      // begun so far
	results  int      // of the function
	hints    []wasm.BranchHint
	nodes    []node
	list     []entry
	open     []openNode
}

// labelID returns the identifier of the label of block number n.
func (b *printBody) labelID(n int) ident {
	if n < len(b.labelIDs) {
		return b.labelIDs[n]
	}
	return ident{}
}

// pushLabel brings the label of block number n into scope.
func (b *printBody) pushLabel(n int) { b.labels = append(b.labels, b.labelID(n).id) }

func (b *printBody) popLabel() { b.labels = b.labels[:len(b.labels)-1] }

// label writes a blank and a label.
func (p *printer) label(x uint32) {
	p.str(" ")
	b := &p.body
	if n := len(b.labels); int64(x) < int64(n) {
		// No inner label can catch it: identifiers are unique in a function.
		if id := b.labels[n-1-int(x)]; id != "" {
			p.str(id)
			return
		}
	}
	p.num(uint64(x))
}

// blockHeader writes label, type and catch clauses of the block instruction in,
// which is block number n. The clauses are outside of the label's scope.
func (p *printer) blockHeader(in *instr.Instr, n int) {
	if id := p.body.labelID(n); id.id != "" {
		p.str(" ")
		p.ident(id)
	}
	switch in.Block.Kind {
	case instr.BlockValue:
		p.str(" (result ")
		p.valType(in.Block.Type)
		p.str(")")
	case instr.BlockIndex:
		p.typeUse(in.Block.X, nil)
	}
	if in.Info().Imm != op.ImmTryTable {
		return
	}
	for _, c := range in.Catches {
		p.str([...]string{" (catch", " (catch_ref", " (catch_all", " (catch_all_ref"}[c.Kind])
		if c.Kind.HasTag() {
			p.index(p.tags, c.Tag)
		}
		p.label(c.Label)
		p.str(")")
	}
}

// instruction writes the name and the immediates of in, which is no block
// instruction.
func (p *printer) instruction(in *instr.Instr) {
	info := in.Info()
	p.str(info.Name)
	switch info.Imm {
	case op.ImmLabel:
		p.label(in.X)
	case op.ImmBrTable:
		for _, l := range in.Labels {
			p.label(l)
		}
	case op.ImmFunc:
		p.index(p.funcs, in.X)
	case op.ImmType:
		p.index(p.types, in.X)
	case op.ImmLocal:
		p.index(p.body.locals, in.X)
	case op.ImmGlobal:
		p.index(p.globals, in.X)
	case op.ImmTag:
		p.index(p.tags, in.X)
	case op.ImmElem:
		p.index(p.elems, in.X)
	case op.ImmData:
		p.index(p.datas, in.X)
	case op.ImmTable:
		p.optIndex(p.tables, in.X)
	case op.ImmMemory:
		p.optIndex(p.memories, in.X)
	case op.ImmTableTable:
		p.optIndices(p.tables, in.X, in.Y)
	case op.ImmMemoryMemory:
		p.optIndices(p.memories, in.X, in.Y)
	case op.ImmElemTable:
		p.optIndex(p.tables, in.Y)
		p.index(p.elems, in.X)
	case op.ImmDataMemory:
		p.optIndex(p.memories, in.Y)
		p.index(p.datas, in.X)
	case op.ImmCallIndirect:
		p.optIndex(p.tables, in.Y)
		p.typeUse(wasm.TypeIdx(in.X), nil)
	case op.ImmMemarg, op.ImmMemargLane:
		p.memarg(info, in)
	case op.ImmLane:
		p.str(" ")
		p.num(uint64(in.Lane))
	case op.ImmShuffle:
		for _, lane := range in.Vec {
			p.str(" ")
			p.num(uint64(lane))
		}
	case op.ImmI32:
		p.str(" ", strconv.Itoa(int(int32(in.Val))))
	case op.ImmI64:
		p.str(" ", strconv.FormatInt(int64(in.Val), 10))
	case op.ImmF32:
		p.str(" ", formatFloat(in.Val, 32))
	case op.ImmF64:
		p.str(" ", formatFloat(in.Val, 64))
	case op.ImmV128:
		p.str(" i32x4")
		for i := 0; i < 16; i += 4 {
			fmt.Fprintf(p, " 0x%08x", binary.LittleEndian.Uint32(in.Vec[i:]))
		}
	case op.ImmHeapType:
		p.heapTypeImm(info, in)
	case op.ImmValTypes:
		p.str(" (result")
		for _, t := range in.Types {
			p.str(" ")
			p.valType(t)
		}
		p.str(")")
	case op.ImmBrOnCast:
		p.label(in.X)
		p.str(" ")
		p.refType(in.Nulls&1 != 0, in.Heap)
		p.str(" ")
		p.refType(in.Nulls&2 != 0, in.Heap2)
	case op.ImmTypeField:
		p.index(p.types, in.X)
		var ids []ident
		if int64(in.X) < int64(len(p.fields)) {
			ids = p.fields[in.X]
		}
		p.index(ids, in.Y)
	case op.ImmTypeN:
		p.index(p.types, in.X)
		p.str(" ")
		p.num(uint64(in.Y))
	case op.ImmTypeData:
		p.index(p.types, in.X)
		p.index(p.datas, in.Y)
	case op.ImmTypeElem:
		p.index(p.types, in.X)
		p.index(p.elems, in.Y)
	case op.ImmTypeType:
		p.index(p.types, in.X)
		p.index(p.types, in.Y)
	}
}

// optIndex writes an index that may be left out where it is 0.
func (p *printer) optIndex(ids []ident, x uint32) {
	if x != 0 {
		p.index(ids, x)
	}
}

func (p *printer) optIndices(ids []ident, x, y uint32) {
	if x != 0 || y != 0 {
		p.index(ids, x)
		p.index(ids, y)
	}
}

// heapTypeImm writes the heap type of ref.null, the reference type of ref.test
// and ref.cast, of which the second opcode of the name is the nullable one.
func (p *printer) heapTypeImm(info *op.Info, in *instr.Instr) {
	if in.Op == op.RefNull {
		p.heapType(in.Heap)
		return
	}
	first, _ := op.ByName(info.Name)
	p.str(" ")
	p.refType(in.Op != first, in.Heap)
}

func (p *printer) memarg(info *op.Info, in *instr.Instr) {
	p.optIndex(p.memories, in.X)
	if in.Val != 0 {
		p.str(" offset=")
		p.num(in.Val)
	}
	if in.Align != uint32(bits.TrailingZeros8(info.Width)) {
		p.str(" align=")
		p.num(1 << in.Align)
	}
	if info.Imm == op.ImmMemargLane {
		p.str(" ")
		p.num(uint64(in.Lane))
	}
}

// formatFloat returns the number with the given bits so that it reads back
// the same.
func formatFloat(x uint64, size int) string {
	v, payload := math.Float64frombits(x), x&(1<<52-1)
	canonical, negative := uint64(1)<<51, x>>63 != 0
	if size == 32 {
		v, payload = float64(math.Float32frombits(uint32(x))), x&(1<<23-1)
		canonical, negative = 1<<22, x>>31 != 0
	}
	sign := ""
	if negative {
		sign = "-"
	}
	switch {
	case math.IsInf(v, 0):
		return sign + "inf"
	case math.IsNaN(v) && payload == canonical:
		return sign + "nan"
	case math.IsNaN(v):
		return sign + "nan:0x" + strconv.FormatUint(payload, 16)
	}
	return strconv.FormatFloat(v, 'g', -1, size)
}
