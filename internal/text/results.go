package text

import (
	"encoding/binary"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Value is an argument of an action.
type Value struct {
	Type wasm.ValType
	// Bits is the value of a number, the number of a host reference.
	Bits uint64
	V128 [16]byte // little endian lanes
	// Ref says what a value of reference type is: RefNull, RefExtern or
	// RefHost.
	Ref RefKind
}

// RefKind says which references a pattern matches.
type RefKind uint8

// The reference patterns.
const (
	RefNull   RefKind = iota // null; of type Type, or of any if that is 0
	RefExtern                // external reference; the one with number Bits if HasBits
	RefHost                  // host reference inside of any, with number Bits
	RefFunc                  // function reference; function Bits if HasBits
	RefAny                   // any internal reference
	RefEq                    // i31, struct or array
	RefI31                   // i31
	RefStruct                // structure
	RefArray                 // array
	RefExn                   // exception
)

// NaNKind says which NaN a float pattern matches.
type NaNKind uint8

// The NaN patterns.
const (
	NaNNone       NaNKind = iota // the exact bits
	NaNCanonical                 // a canonical NaN of either sign
	NaNArithmetic                // any NaN with the most significant payload bit set
)

// Result is a pattern of results.
type Result struct {
	// Either lists alternatives, of which one has to match; if it is not nil
	// the other fields mean nothing.
	Either []Result
	Type   wasm.ValType // 0 for references whose type does not matter
	// Bits is the value of a number; of references see RefKind.
	Bits    uint64
	HasBits bool
	NaN     NaNKind // of f32 and f64
	// Lanes are the lanes of a v128, each with Type, Bits and NaN. Integer
	// lanes have the type I8, I16, I32 or I64.
	Lanes []Result
	Ref   RefKind
}

// value reads an argument: (t.const x), (ref.null t), (ref.extern n) or
// (ref.host n).
func (p *scriptParser) value() Value {
	at := p.peek()
	r := p.constant(false)
	v := Value{Type: r.Type, Bits: r.Bits, Ref: r.Ref}
	if r.Type.IsRef() && r.Ref != RefNull && !r.HasBits {
		p.unexpected(at, "value")
	}
	shift := 0
	for _, lane := range r.Lanes {
		switch b := v.V128[shift:]; lane.Type {
		case wasm.I8:
			b[0] = byte(lane.Bits)
			shift++
		case wasm.I16:
			binary.LittleEndian.PutUint16(b, uint16(lane.Bits))
			shift += 2
		case wasm.I32, wasm.F32:
			binary.LittleEndian.PutUint32(b, uint32(lane.Bits))
			shift += 4
		default:
			binary.LittleEndian.PutUint64(b, lane.Bits)
			shift += 8
		}
	}
	return v
}

// result reads a pattern of results.
func (p *scriptParser) result() Result {
	if !p.open(wordEither) {
		return p.constant(true)
	}
	r := Result{Either: []Result{}}
	for p.err == nil && p.peek().kind == tokLParen {
		r.Either = append(r.Either, p.constant(true))
	}
	p.close()
	return r
}

// constant reads a constant; in a pattern NaN kinds and references without a
// number are allowed.
func (p *scriptParser) constant(pattern bool) Result {
	if t := p.next(); t.kind != tokLParen {
		p.unexpected(t, "(")
		return Result{}
	}
	t := p.next()
	var r Result
	switch {
	case t.kind == tokOp:
		r = p.constantOf(t, pattern)
	case t.kind == tokWord && t.word == wordRefExtern:
		r = p.reference(wasm.ExternRef, RefExtern)
	case t.kind == tokWord && t.word == wordRefHost:
		r = p.reference(wasm.AnyRef, RefHost)
	case t.kind == tokWord && t.word == wordRefStruct && pattern:
		r = Result{Type: wasm.StructRef, Ref: RefStruct}
	case t.kind == tokWord && t.word == wordRefArray && pattern:
		r = Result{Type: wasm.ArrayRef, Ref: RefArray}
	case t.kind == tokWord && t.word == wordRefExn && pattern:
		r = Result{Type: wasm.ExnRef, Ref: RefExn}
	case t.kind == tokWord && t.word == wordRefAny && pattern:
		r = Result{Type: wasm.AnyRef, Ref: RefAny}
	default:
		p.unexpected(t, "constant")
	}
	p.close()
	return r
}

// reference reads the optional number of a reference.
func (p *scriptParser) reference(t wasm.ValType, k RefKind) Result {
	r := Result{Type: t, Ref: k}
	if p.peek().kind == tokNat {
		r.Bits, r.HasBits = uint64(p.u32("number")), true
	}
	return r
}

// constantOf reads a constant whose keyword t is an instruction.
func (p *scriptParser) constantOf(t token, pattern bool) Result {
	m := parser{cursor: p.cursor}
	r := Result{HasBits: true}
	switch op.Opcode(t.word) {
	case op.I32Const:
		r.Type, r.Bits = wasm.I32, m.constInt(32)
	case op.I64Const:
		r.Type, r.Bits = wasm.I64, m.constInt(64)
	case op.F32Const:
		r = m.floatLane(32, pattern)
	case op.F64Const:
		r = m.floatLane(64, pattern)
	case op.V128Const:
		r = m.lanes(pattern)
	case op.RefNull:
		r.HasBits = false
		if m.peek().kind != tokRParen {
			r.Type = wasm.Ref(true, m.heapType())
		} else if !pattern {
			m.unexpected(m.peek(), "heap type")
		}
	case op.RefFunc:
		r = Result{Type: wasm.FuncRef, Ref: RefFunc}
		if k := m.peek(); k.kind == tokNat {
			r.Bits, r.HasBits = uint64(m.u32("number")), true
		} else if k.kind == tokID {
			m.pos++
		}
		if !pattern {
			m.unexpected(t, "value")
		}
	case op.RefI31, op.RefEq:
		r = Result{Type: wasm.I31Ref, Ref: RefI31}
		if op.Opcode(t.word) == op.RefEq {
			r = Result{Type: wasm.EqRef, Ref: RefEq}
		}
		if !pattern {
			m.unexpected(t, "value")
		}
	default:
		m.unexpected(t, "constant")
	}
	p.pos, p.err = m.pos, m.err
	return r
}

// floatLane reads a floating-point number or, in a pattern, a kind of NaN.
func (p *parser) floatLane(bits int, pattern bool) Result {
	r := Result{Type: wasm.F32, HasBits: true}
	if bits == 64 {
		r.Type = wasm.F64
	}
	switch {
	case pattern && p.isWord(wordNanCanonical):
		p.pos++
		r.NaN = NaNCanonical
	case pattern && p.isWord(wordNanArithmetic):
		p.pos++
		r.NaN = NaNArithmetic
	default:
		r.Bits = p.constFloat(bits)
	}
	return r
}

// lanes reads the shape and lanes of a vector.
func (p *parser) lanes(pattern bool) Result {
	r := Result{Type: wasm.V128}
	t := p.next()
	s, ok := shapes[t.word]
	if t.kind != tokWord || !ok {
		p.unexpected(t, "shape of a vector")
		return r
	}
	types := map[int]wasm.ValType{8: wasm.I8, 16: wasm.I16, 32: wasm.I32, 64: wasm.I64}
	for range s.lanes {
		if p.peek().kind == tokRParen {
			p.fail(t, errLaneCount)
			return r
		}
		if s.float {
			r.Lanes = append(r.Lanes, p.floatLane(s.bits, pattern))
		} else {
			r.Lanes = append(r.Lanes, Result{Type: types[s.bits], Bits: p.laneBits(s), HasBits: true})
		}
	}
	if p.peek().kind != tokRParen {
		p.fail(t, errLaneCount)
	}
	return r
}
