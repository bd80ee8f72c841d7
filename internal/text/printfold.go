package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// node is an instruction, or a clause of one, with what is folded into it.
// Nodes refer to each other by their position in a slice; 0 is none.
type node struct {
	at          uint32 // position in the body of what is to be printed
	first, next int32  // first node inside, next node beside
	size        int32  // nodes inside and the node itself
	block       int32  // of block instructions and then clauses: number of the block
	kind        nodeKind
}

// nodeKind says how a node is printed.
type nodeKind uint8

const (
	nodePlain     nodeKind = iota
	nodeBlock              // a block instruction other than if
	nodeIf                 // an if, whose condition is outside of its label's scope
	nodeDelegated          // a try that ends with delegate
	nodeThen               // clauses from here on
	nodeElse
	nodeDo
	nodeCatch
	nodeDelegate
)

// entry is a node in a sequence that may still be folded into another.
type entry struct {
	node  int32
	gives int // values that it leaves; -1: not to be folded
}

// openNode is a block that has not ended.
type openNode struct {
	// opcode of the block instruction or of its last clause
	last   op.Opcode
	node   int32
	list   int   // where its entries begin
	clause int32 // the current one; 0: none
	done   int32 // last finished clause
	cond   int32 // folded condition of an if
	gives  int
}

// admits says whether code may be the next clause of the block, or its end.
func (o *openNode) admits(code op.Opcode) bool {
	switch code {
	case op.Else:
		return o.last == op.If
	case op.Catch, op.CatchAll:
		return o.last == op.Try || o.last == op.Catch
	case op.Delegate:
		return o.last == op.Try
	}
	return code == op.End
}

// inlineSize is the number of nodes that fit on one line.
const inlineSize = 6

// add makes a node.
func (b *printBody) add(at uint32, kind nodeKind) int32 {
	b.nodes = append(b.nodes, node{at: at, size: 1, kind: kind})
	return int32(len(b.nodes) - 1)
}

// adopt makes the entries from position i on children of node x.
func (b *printBody) adopt(x int32, i int) {
	var prev int32
	for _, e := range b.list[i:] {
		if prev == 0 {
			b.nodes[x].first = e.node
		} else {
			b.nodes[prev].next = e.node
		}
		prev = e.node
		b.nodes[x].size += b.nodes[e.node].size
	}
	b.list = b.list[:i]
}

// foldedBody writes the instructions of a function in folded form. First it
// makes a tree of them, then it prints that; both with stacks of their own.
func (p *printer) foldedBody(c *wasm.Code) {
	b := &p.body
	b.nodes = append(b.nodes[:0], node{})
	b.list, b.open = b.list[:0], b.open[:0]
	for {
		if !p.next() || p.in.Op == op.End && len(b.open) == 0 && p.r.Len() > 0 {
			p.unbalanced()
			return
		}
		if p.in.Op == op.End && len(b.open) == 0 {
			break
		}
		if !p.foldInstr(uint32(p.in.Offset - c.Offset)) {
			p.unbalanced()
			return
		}
	}
	if p.err != nil {
		return
	}
	root := b.add(0, nodePlain)
	b.adopt(root, 0)
	p.printTree(c, b.nodes[root].first)
}

// foldInstr adds the instruction p.in, at position at, to the tree. It
// returns false where the instruction has no place.
func (p *printer) foldInstr(at uint32) bool {
	b, in := &p.body, &p.in
	if isBlock(in.Op) {
		p.openBlock(at)
		return true
	}
	switch in.Op {
	case op.Else, op.Catch, op.CatchAll, op.Delegate, op.End:
		if len(b.open) == 0 {
			return false
		}
		o := &b.open[len(b.open)-1]
		if !o.admits(in.Op) {
			return false
		}
		o.last = in.Op
		switch in.Op {
		case op.Else:
			p.nextClause(o, at, nodeElse)
		case op.Catch, op.CatchAll:
			p.nextClause(o, at, nodeCatch)
		case op.Delegate:
			p.nextClause(o, at, nodeDelegate)
			b.nodes[o.node].kind = nodeDelegated
			p.endBlock(o)
		default:
			p.endBlock(o)
		}
		return true
	}
	takes, gives := p.arity(in)
	x := b.add(at, nodePlain)
	b.adopt(x, b.operands(takes))
	b.list = append(b.list, entry{x, gives})
	return true
}

// operands returns where the up to n entries begin that give one value each
// and belong to the innermost block.
func (b *printBody) operands(n int) int {
	i, start := len(b.list), 0
	if len(b.open) > 0 {
		start = b.open[len(b.open)-1].list
	}
	for ; n > 0 && i > start && b.list[i-1].gives == 1; n-- {
		i--
	}
	return i
}

// openBlock begins a block. The condition of an if is folded into it.
func (p *printer) openBlock(at uint32) {
	b, in := &p.body, &p.in
	o := openNode{node: b.add(at, nodeBlock), last: in.Op}
	switch in.Block.Kind {
	case instr.BlockValue:
		o.gives = 1
	case instr.BlockIndex:
		o.gives = -1
		if f := p.funcType(in.Block.X); f != nil {
			o.gives = len(f.Results)
		}
	}
	switch in.Op {
	case op.If:
		if i := b.operands(1); i < len(b.list) {
			o.cond = b.list[i].node
			b.list = b.list[:i]
		}
		o.clause = b.add(at, nodeThen)
		b.nodes[o.node].kind = nodeIf
		b.nodes[o.clause].block = int32(b.blocks)
	case op.Try:
		o.clause = b.add(at, nodeDo)
	}
	b.nodes[o.node].block = int32(b.blocks)
	b.blocks++
	o.list = len(b.list)
	b.open = append(b.open, o)
}

// endClause closes the current clause of a block and links it to the others.
func (p *printer) endClause(o *openNode) {
	b := &p.body
	b.adopt(o.clause, o.list)
	if o.done == 0 {
		b.nodes[o.node].first = o.clause
		if o.cond != 0 {
			b.nodes[o.node].first = o.cond
			b.nodes[o.cond].next = o.clause
			b.nodes[o.node].size += b.nodes[o.cond].size
		}
	} else {
		b.nodes[o.done].next = o.clause
	}
	b.nodes[o.node].size += b.nodes[o.clause].size
	o.done = o.clause
}

// nextClause closes the current clause and begins another.
func (p *printer) nextClause(o *openNode, at uint32, kind nodeKind) {
	p.endClause(o)
	o.clause = p.body.add(at, kind)
}

// endBlock closes the innermost block, o.
func (p *printer) endBlock(o *openNode) {
	b := &p.body
	if o.clause != 0 {
		p.endClause(o)
	} else {
		b.adopt(o.node, o.list)
	}
	b.nodes[o.node].size += inlineSize // blocks take lines of their own
	b.list = append(b.list, entry{o.node, o.gives})
	b.open = b.open[:len(b.open)-1]
}

// printTree writes x and the nodes beside it.
func (p *printer) printTree(c *wasm.Code, x int32) {
	b := &p.body
	type level struct {
		node   int32
		inline bool
	}
	var stack []level // the nodes whose insides are being printed
	inline := false
	for {
		if x == 0 {
			if len(stack) == 0 || p.err != nil {
				return
			}
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			p.str(")")
			if k := b.nodes[top.node].kind; k == nodeBlock || k == nodeIf {
				b.popLabel()
			}
			x, inline = b.nodes[top.node].next, top.inline
			continue
		}
		n := &b.nodes[x]
		if inline {
			p.str(" ")
		} else {
			p.newline(len(stack) + 2)
		}
		p.nodeHead(c, n)
		stack = append(stack, level{x, inline})
		inline = inline || n.size <= inlineSize
		x = n.first
	}
}

// nodeHead writes a node up to what is inside of it.
func (p *printer) nodeHead(c *wasm.Code, n *node) {
	switch n.kind {
	case nodeThen:
		p.str("(then")
		p.body.pushLabel(int(n.block))
		return
	case nodeElse:
		p.str("(else")
		return
	case nodeDo:
		p.str("(do")
		return
	}
	p.r.Reset(c.Body[n.at:], c.Offset+wasm.Offset(n.at))
	if !p.next() {
		return
	}
	if n.kind == nodeDelegate {
		p.body.popLabel()
	}
	p.hint(uint32(p.in.Offset - c.Start))
	p.str("(")
	switch n.kind {
	case nodeBlock, nodeIf, nodeDelegated:
		p.str(p.in.Op.String())
		p.blockHeader(&p.in, int(n.block))
		if n.kind != nodeIf {
			p.body.pushLabel(int(n.block))
		}
		return
	}
	p.instruction(&p.in)
}
