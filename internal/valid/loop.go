package valid

import (
	"encoding/binary"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// run checks the instructions of body up to the end of the outermost frame.
//
// The instructions that make up most of real code are decoded and checked right
// here, on local copies of the state. Whatever is unusual about one of them
// (operands that do not match exactly, unreachable code, long immediates) is
// left to the slow path, which is complete by itself.
func (f *Func) run(body []byte, v Visitor) error {
	in := &f.in
	stack, height := f.stack, f.height
	locals := f.locals.first
	base := f.r.Offset()
	show := v != nil
	pos := 0
	in.Depth = len(f.ctrl)
	for pos < len(body) {
		var (
			b   = body[pos]
			n   = len(stack)
			end int // position after the instruction
			x   uint32
			val uint64
			t   wasm.ValType
		)
		switch f.table[b] {
		case slow:
			goto slowly

		case fastUnary:
			s := &sigs[b]
			if n <= height || stack[n-1] != s.params[0] {
				goto slowly
			}
			stack[n-1] = s.results[0]
			end = pos + 1

		case fastBinary:
			s := &sigs[b]
			if n-2 < height || stack[n-1] != s.params[1] || stack[n-2] != s.params[0] {
				goto slowly
			}
			stack = stack[:n-1]
			stack[n-2] = s.results[0]
			end = pos + 1

		case fastLocalGet, fastLocalSet, fastLocalTee:
			if pos+2 >= len(body) {
				goto slowly
			}
			x, end = uint32(body[pos+1]), pos+2
			if x >= 0x80 {
				if body[pos+2] >= 0x80 {
					goto slowly
				}
				x, end = x&0x7F|uint32(body[pos+2])<<7, pos+3
			}
			if x >= uint32(len(locals)) {
				goto slowly
			}
			t = locals[x]
			if !t.Defaultable() {
				goto slowly // it may be uninitialized
			}
			switch f.table[b] {
			case fastLocalGet:
				if n == cap(stack) {
					goto slowly
				}
				stack = stack[:n+1]
				stack[n] = t
			case fastLocalSet:
				if n <= height || stack[n-1] != t {
					goto slowly
				}
				stack = stack[:n-1]
			default:
				if n <= height || stack[n-1] != t {
					goto slowly
				}
			}

		case fastI32Const:
			end = pos + 1
			for shift := 0; ; shift += 7 {
				if end >= len(body) || shift > 21 {
					goto slowly
				}
				c := body[end]
				end++
				val |= uint64(c&0x7F) << shift
				if c < 0x80 {
					val = uint64(uint32(int64(val<<(57-shift)) >> (57 - shift)))
					break
				}
			}
			if n == cap(stack) {
				goto slowly
			}
			stack = stack[:n+1]
			stack[n] = wasm.I32

		case fastI64Const:
			end = pos + 1
			for shift := 0; ; shift += 7 {
				if end >= len(body) || shift > 49 {
					goto slowly
				}
				c := body[end]
				end++
				val |= uint64(c&0x7F) << shift
				if c < 0x80 {
					val = uint64(int64(val<<(57-shift)) >> (57 - shift))
					break
				}
			}
			if n == cap(stack) {
				goto slowly
			}
			stack = stack[:n+1]
			stack[n] = wasm.I64

		case fastF32Const:
			end = pos + 5
			if end > len(body) || n == cap(stack) {
				goto slowly
			}
			val = uint64(binary.LittleEndian.Uint32(body[pos+1:]))
			stack = stack[:n+1]
			stack[n] = wasm.F32

		case fastF64Const:
			end = pos + 9
			if end > len(body) || n == cap(stack) {
				goto slowly
			}
			val = binary.LittleEndian.Uint64(body[pos+1:])
			stack = stack[:n+1]
			stack[n] = wasm.F64

		case fastLoad, fastStore:
			s := &sigs[b]
			if pos+2 >= len(body) || body[pos+1] > s.natural {
				goto slowly
			}
			end = pos + 2
			for shift := 0; ; shift += 7 {
				if end >= len(body) || shift > 21 {
					goto slowly
				}
				c := body[end]
				end++
				val |= uint64(c&0x7F) << shift
				if c < 0x80 {
					break
				}
			}
			// Without memory 0, mem0 is no operand's type.
			if f.table[b] == fastLoad {
				if n <= height || stack[n-1] != f.info.mem0 {
					goto slowly
				}
				stack[n-1] = s.results[0]
			} else {
				if n-2 < height || stack[n-1] != s.params[1] || stack[n-2] != f.info.mem0 {
					goto slowly
				}
				stack = stack[:n-2]
			}
			in.Align = uint32(body[pos+1])
			in.AddrType = f.info.mem0

		case fastDrop:
			if n <= height {
				goto slowly
			}
			t = stack[n-1]
			stack = stack[:n-1]
			end = pos + 1

		case fastNop:
			end = pos + 1

		case fastControl:
			shown := show || b == byte(op.End) && v != nil && !f.ctrl[len(f.ctrl)-1].hidden
			f.stack = stack
			if end = f.quick(body, pos); end == 0 {
				goto slowly
			}
			if shown {
				in.Op = op.Opcode(b)
				in.Info = rows[b]
				in.Offset = base + wasm.Offset(pos)
				in.Height = n
				if err := v.Visit(in); err != nil {
					return err
				}
			}
			pos = end
			stack, height = f.stack, f.height
			in.Depth = len(f.ctrl)
			top := &f.ctrl[in.Depth-1]
			show = v != nil && !top.unreachable && !top.hidden
			continue
		}
		if show {
			in.Op = op.Opcode(b)
			in.Info = rows[b]
			in.Offset = base + wasm.Offset(pos)
			in.X, in.Val, in.Type = x, val, t
			in.Height = n
			if err := v.Visit(in); err != nil {
				return err
			}
		}
		pos = end
		continue

	slowly:
		f.stack = stack
		f.r.Seek(pos)
		if !f.r.Instr(&in.Instr) {
			f.unreadable()
			return f.err
		}
		in.Info = rows[in.Op]
		in.Height, in.Depth = len(stack), len(f.ctrl)
		in.Type, in.Func = 0, nil
		shown := show
		if continues(in.Op) {
			shown = v != nil && !f.ctrl[len(f.ctrl)-1].hidden
		}
		f.step(in)
		if f.err != nil {
			return f.err
		}
		if shown {
			if err := v.Visit(in); err != nil {
				return err
			}
		}
		pos = f.r.Pos()
		stack, height = f.stack, f.height
		in.Depth = len(f.ctrl)
		if in.Depth == 0 {
			if pos != len(body) {
				f.malformed(base+wasm.Offset(pos), msgEndOpcode+" at the end of the body")
			}
			return f.err
		}
		top := &f.ctrl[in.Depth-1]
		show = v != nil && !top.unreachable && !top.hidden
	}
	f.malformed(base+wasm.Offset(len(body)), msgEnd)
	return f.err
}

// continues says whether an instruction ends a frame or a part of one.
func continues(code op.Opcode) bool {
	switch code {
	case op.End, op.Else, op.Catch, op.CatchAll, op.Delegate:
		return true
	}
	return false
}

// step checks one decoded instruction.
func (f *Func) step(in *Instr) {
	f.needed |= in.Info.Feature
	if f.constant && !f.constantOp(in.Op) {
		f.fail(msgConstRequired)
		return
	}
	if sigs[in.Op].plain {
		f.operator(in)
		return
	}
	switch in.Info.Class {
	case op.ClassControl:
		f.control(in)
	case op.ClassParametric:
		f.parametric(in)
	case op.ClassVariable:
		f.variable(in)
	case op.ClassTable:
		f.tableOp(in)
	case op.ClassMemory:
		f.memoryOp(in)
	case op.ClassReference:
		f.reference(in)
	case op.ClassAggregate:
		f.aggregate(in)
	default:
		f.malformed(in.Offset, msgIllegalOpcode)
	}
}
