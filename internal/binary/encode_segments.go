package binary

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// elemFlags returns the flags that express s: those that it was decoded with
// if they do, else the shortest form.
func elemFlags(s *wasm.Elem) uint8 {
	var flags uint8
	if s.Exprs != nil || s.Type != funcRefNonNull {
		flags |= elemExprs
	}
	switch s.Mode {
	case wasm.Passive:
		return flags | elemNotActive
	case wasm.Declarative:
		return flags | elemNotActive | elemExplicit
	}
	// The form without a table index implies the type too.
	implied := funcRefNonNull
	if flags != 0 {
		implied = wasm.FuncRef
	}
	if s.Table != 0 || s.Type != implied || s.Flags == flags|elemExplicit {
		flags |= elemExplicit
	}
	return flags
}

func (e *encoder) elem(s *wasm.Elem) {
	flags := elemFlags(s)
	e.u32(uint32(flags))
	if s.Mode == wasm.Active {
		if flags&elemExplicit != 0 {
			e.u32(uint32(s.Table))
		}
		e.expr(&s.At)
	}
	if flags&(elemNotActive|elemExplicit) != 0 {
		if flags&elemExprs == 0 {
			e.bytes(0) // element kind: function indices
		} else {
			e.valType(s.Type)
		}
	}
	switch {
	case flags&elemExprs == 0:
		vec(e, s.Funcs, func(x *wasm.FuncIdx) { e.u32(uint32(*x)) })
	case s.Exprs != nil:
		vec(e, s.Exprs, e.expr)
	default: // function indices in a segment of another type than theirs
		vec(e, s.Funcs, func(x *wasm.FuncIdx) {
			e.body = instr.AppendOpcode(e.body, op.RefFunc)
			e.u32(uint32(*x))
			e.bytes(byte(op.End))
		})
	}
}

func (e *encoder) data(s *wasm.Data) {
	switch {
	case s.Mode == wasm.Passive:
		e.u32(dataPassive)
	case s.Mem != 0 || s.Flags == dataActiveMem:
		e.u32(dataActiveMem)
		e.u32(uint32(s.Mem))
		e.expr(&s.At)
	default:
		e.u32(dataActive)
		e.expr(&s.At)
	}
	e.u32(uint32(len(s.Init)))
	e.bytes(s.Init...)
}
