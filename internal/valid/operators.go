package valid

import (
	"strings"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// sig is the type of an operator whose row in the instruction table gives it.
type sig struct {
	plain    bool
	nparams  uint8
	nresults uint8
	natural  uint8 // exponent of the access's natural alignment
	params   [4]wasm.ValType
	results  [2]wasm.ValType
}

// addrType stands in a sig for the index type of the instruction's memory.
const addrType wasm.ValType = 0x02

// fastKind says how the loop over bodies treats an opcode of one byte.
type fastKind uint8

const (
	slow fastKind = iota // decode by instr.Reader and dispatch
	fastUnary
	fastBinary
	fastLocalGet
	fastLocalSet
	fastLocalTee
	fastI32Const
	fastI64Const
	fastF32Const
	fastF64Const
	fastLoad
	fastStore
	fastDrop
	fastNop
	fastControl // by Func.quick
)

type fastTable [256]fastKind

var (
	sigs  [op.NumCodes]sig
	lanes [op.NumCodes]uint8 // number of lanes that a lane immediate selects from
	// fastOps is the fast table for all of WebAssembly 1.0; the loop falls back
	// on the slow path for all other proposals' instructions.
	fastOps fastTable
	// allSlow is the fast table for constant expressions.
	allSlow fastTable
	// rows is the instruction table by opcode.
	rows [op.NumCodes]*op.Info
)

func init() {
	letters := map[byte]wasm.ValType{
		'i': wasm.I32, 'I': wasm.I64, 'f': wasm.F32, 'F': wasm.F64, 'v': wasm.V128, 'a': addrType,
	}
	shapes := map[string]uint8{"i8x16": 16, "i16x8": 8, "i32x4": 4, "i64x2": 2, "f32x4": 4, "f64x2": 2}
	all := op.All()
	for i := range all {
		row := &all[i]
		s := &sigs[row.Code]
		for w := row.Width; w > 1; w >>= 1 {
			s.natural++
		}
		switch row.Imm {
		case op.ImmLane:
			shape, _, _ := strings.Cut(row.Name, ".")
			lanes[row.Code] = shapes[shape]
		case op.ImmMemargLane:
			lanes[row.Code] = 16 / row.Width
		}
		rows[row.Code] = row
		params, results, ok := strings.Cut(row.Sig, ":")
		if !ok {
			continue
		}
		s.plain = true
		s.nparams, s.nresults = uint8(len(params)), uint8(len(results))
		for k := range params {
			s.params[k] = letters[params[k]]
		}
		for k := range results {
			s.results[k] = letters[results[k]]
		}
		if row.Code < op.BaseFB && row.Feature == 0 {
			fastOps[row.Code] = fastKindOf(row, s)
		}
	}
	fastOps[op.LocalGet] = fastLocalGet
	fastOps[op.LocalSet] = fastLocalSet
	fastOps[op.LocalTee] = fastLocalTee
	fastOps[op.Drop] = fastDrop
	fastOps[op.Nop] = fastNop
	for _, code := range quickOps {
		fastOps[code] = fastControl
	}
}

func fastKindOf(row *op.Info, s *sig) fastKind {
	switch row.Class {
	case op.ClassNumeric:
		if s.nparams == 1 && s.nresults == 1 {
			return fastUnary
		}
		if s.nparams == 2 && s.nresults == 1 && s.params[0] == s.params[1] {
			return fastBinary
		}
	case op.ClassLoad:
		return fastLoad
	case op.ClassStore:
		return fastStore
	case op.ClassConst:
		switch row.Imm {
		case op.ImmI32:
			return fastI32Const
		case op.ImmI64:
			return fastI64Const
		case op.ImmF32:
			return fastF32Const
		case op.ImmF64:
			return fastF64Const
		}
	}
	return slow
}

// operator checks an instruction whose type its row gives.
func (f *Func) operator(in *Instr) {
	s := &sigs[in.Op]
	switch in.Info.Imm {
	case op.ImmNone:
	case op.ImmMemory:
		in.AddrType = f.memory(in.X)
	case op.ImmMemarg:
		f.memarg(in, s)
	case op.ImmMemargLane:
		f.memarg(in, s)
		f.lane(in)
	case op.ImmLane:
		f.lane(in)
	case op.ImmShuffle:
		for _, l := range in.Vec {
			if l >= 32 {
				f.fail(msgLane)
			}
		}
	case op.ImmData:
		f.dataSegment(in.X)
	}
	if f.err != nil {
		return
	}
	f.apply(s, in.AddrType)
}

// apply pops the operands and pushes the results of an operator.
func (f *Func) apply(s *sig, addr wasm.ValType) {
	params := s.params // a copy, for the index type to be put in
	for k := range s.nparams {
		if params[k] == addrType {
			params[k] = addr
		}
	}
	f.popTypes(params[:s.nparams])
	for _, t := range s.results[:s.nresults] {
		if t == addrType {
			t = addr
		}
		f.push(t)
	}
}

func (f *Func) lane(in *Instr) {
	if in.Lane >= lanes[in.Op] {
		f.fail(msgLane)
	}
}
