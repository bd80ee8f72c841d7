package valid

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// constantOp says whether an instruction may occur in a constant expression.
func (f *Func) constantOp(code op.Opcode) bool {
	switch code {
	case op.I32Const, op.I64Const, op.F32Const, op.F64Const, op.V128Const,
		op.RefNull, op.RefFunc, op.GlobalGet, op.End,
		op.RefI31, op.StructNew, op.StructNewDefault, op.ArrayNew, op.ArrayNewDefault, op.ArrayNewFixed,
		op.AnyConvertExtern, op.ExternConvertAny:
		return true
	case op.I32Add, op.I32Sub, op.I32Mul, op.I64Add, op.I64Sub, op.I64Mul:
		f.needed |= op.FeatureExtendedConst
		return f.info.Features.Has(op.FeatureExtendedConst)
	}
	return false
}

// constExpr checks a constant expression that must give a value of type want
// and may name the first globals of the module's globals.
func (f *Func) constExpr(e wasm.Expr, want wasm.ValType, globals int) error {
	f.index = -1
	f.ft = f.oneResult(want)
	f.constant = true
	f.globals = globals
	f.table = &allSlow
	f.begin(e.Bytes, e.Offset)
	f.pushFrame(FrameFunc, f.ft)
	return f.run(e.Bytes, nil)
}
