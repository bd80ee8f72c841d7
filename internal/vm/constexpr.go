package vm

import (
	"encoding/binary"
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// constantKind says how a constant expression is evaluated.
type constantKind uint8

const (
	constNone   constantKind = iota // there is no expression: null or zero
	constValue                      // val
	constFunc                       // reference to function val
	constGlobal                     // value of global val
	constExpr                       // anything else: run expr
)

// constant is a constant expression, decoded as far as it has one instruction.
// Nearly all have.
type constant struct {
	val  uint64
	expr *wasm.Expr // constExpr
	kind constantKind
}

// constant returns the value, if it is the same for all instances.
func (c *constant) constant() (uint64, bool) { return c.val, c.kind == constValue }

// prepareConstant decodes e.
func prepareConstant(r *instr.Reader, e *wasm.Expr) constant {
	if len(e.Bytes) == 0 {
		return constant{}
	}
	r.Reset(e.Bytes, e.Offset)
	var in instr.Instr
	if r.Instr(&in) && r.Len() == 1 { // the end
		switch in.Op {
		case op.I32Const, op.I64Const, op.F32Const, op.F64Const:
			return constant{kind: constValue, val: in.Val}
		case op.RefNull:
			return constant{kind: constValue}
		case op.RefFunc:
			return constant{kind: constFunc, val: uint64(in.X)}
		case op.GlobalGet:
			return constant{kind: constGlobal, val: uint64(in.X)}
		}
	}
	return constant{kind: constExpr, expr: e}
}

// evaluate returns the value of c in instance i, hi for v128 only. It fails
// with a *Trap if the heap is exhausted.
func (i *Instance) evaluate(c *constant) (lo, hi uint64, err error) {
	switch c.kind {
	case constValue:
		return c.val, 0, nil
	case constFunc:
		return uint64(i.FuncBase) + c.val, 0, nil
	case constGlobal:
		g := i.Globals[c.val]
		return g.Lo, g.Hi, nil
	case constExpr:
		return i.run(c.expr)
	}
	return 0, 0, nil
}

// run evaluates a valid constant expression. Its operand stack is kept in the
// store because the heap takes it for roots.
func (i *Instance) run(e *wasm.Expr) (lo, hi uint64, err error) {
	s := i.Store
	base := len(s.operands)
	defer func() { s.operands = s.operands[:base] }()
	var r instr.Reader
	r.Features = op.FeaturesAll
	r.Reset(e.Bytes, e.Offset)
	var in instr.Instr
	for r.Instr(&in) {
		if in.Op == op.End {
			res := s.operands[base:]
			switch len(res) {
			case 1:
				return res[0], 0, nil
			case 2:
				return res[0], res[1], nil
			}
			break
		}
		if err := i.step(&in); err != nil {
			return 0, 0, err
		}
	}
	if r.Err() != nil {
		return 0, 0, r.Err()
	}
	return 0, 0, fmt.Errorf("vm: constant expression at offset %#x is not valid", uint32(e.Offset))
}

// push pushes a slot.
func (s *Store) push(v uint64) { s.operands = append(s.operands, v) }

// step executes one instruction of a constant expression.
func (i *Instance) step(in *instr.Instr) error {
	s := i.Store
	top := len(s.operands) - 1
	binary32 := func(f func(a, b uint32) uint32) {
		v := f(uint32(s.operands[top-1]), uint32(s.operands[top]))
		s.operands = s.operands[:top]
		s.operands[top-1] = uint64(v)
	}
	binary64 := func(f func(a, b uint64) uint64) {
		v := f(s.operands[top-1], s.operands[top])
		s.operands = s.operands[:top]
		s.operands[top-1] = v
	}
	switch in.Op {
	case op.I32Const, op.I64Const, op.F32Const, op.F64Const:
		s.push(in.Val)
	case op.V128Const:
		s.push(binary.LittleEndian.Uint64(in.Vec[:8]))
		s.push(binary.LittleEndian.Uint64(in.Vec[8:]))
	case op.GlobalGet:
		g := i.Globals[in.X]
		s.push(g.Lo)
		if g.Type.Type == wasm.V128 {
			s.push(g.Hi)
		}
	case op.RefNull:
		s.push(uint64(Null))
	case op.RefFunc:
		s.push(uint64(i.FuncBase) + uint64(in.X))
	case op.I32Add:
		binary32(func(a, b uint32) uint32 { return a + b })
	case op.I32Sub:
		binary32(func(a, b uint32) uint32 { return a - b })
	case op.I32Mul:
		binary32(func(a, b uint32) uint32 { return a * b })
	case op.I64Add:
		binary64(func(a, b uint64) uint64 { return a + b })
	case op.I64Sub:
		binary64(func(a, b uint64) uint64 { return a - b })
	case op.I64Mul:
		binary64(func(a, b uint64) uint64 { return a * b })
	case op.RefI31:
		s.operands[top] = uint64(I31(uint32(s.operands[top])))
	case op.AnyConvertExtern, op.ExternConvertAny:
		// Both hierarchies use the same references.
	case op.StructNew, op.StructNewDefault:
		return i.stepStruct(in)
	case op.ArrayNew, op.ArrayNewDefault, op.ArrayNewFixed:
		return i.stepArray(in)
	default:
		return fmt.Errorf("vm: %s is not constant", in.Op)
	}
	return nil
}

func (i *Instance) stepStruct(in *instr.Instr) error {
	s := i.Store
	t := s.Types.Info(i.Module.TypeIDs[in.X])
	r, err := s.NewStruct(&s.Exec, t)
	if err != nil {
		return err
	}
	if in.Op == op.StructNew {
		for f := len(t.Fields) - 1; f >= 0; f-- {
			lo, hi := s.popField(&t.Fields[f])
			s.SetField(r, &t.Fields[f], lo, hi)
		}
	}
	s.push(uint64(r))
	return nil
}

func (i *Instance) stepArray(in *instr.Instr) error {
	s := i.Store
	t := s.Types.Info(i.Module.TypeIDs[in.X])
	f := &t.Fields[0]
	n := in.Y
	if in.Op != op.ArrayNewFixed {
		top := len(s.operands) - 1
		n = uint32(s.operands[top])
		s.operands = s.operands[:top]
	}
	r, err := s.NewArray(&s.Exec, t, n)
	if err != nil {
		return err
	}
	switch in.Op {
	case op.ArrayNew:
		lo, hi := s.popField(f)
		s.FillArray(r, t, 0, n, lo, hi)
	case op.ArrayNewFixed:
		for x := n; x > 0; x-- {
			lo, hi := s.popField(f)
			s.SetElem(r, t, x-1, lo, hi)
		}
	}
	s.push(uint64(r))
	return nil
}

// popField pops the value of a field.
func (s *Store) popField(f *Field) (lo, hi uint64) {
	top := len(s.operands) - 1
	if f.Type == wasm.V128 {
		hi = s.operands[top]
		top--
	}
	lo = s.operands[top]
	s.operands = s.operands[:top]
	return lo, hi
}
