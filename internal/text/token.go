package text

import "github.com/wamr-go/wamr/internal/wasm/op"

// kind is the kind of a token.
type kind uint8

const (
	tokEOF    kind = iota
	tokLParen      // end is the index of the matching tokRParen; 0: none
	tokRParen
	tokString
	tokID     // word is 1 if it is quoted: $"..."
	tokNat    // unsigned integer
	tokInt    // integer with a sign
	tokFloat  // number with fraction or exponent, inf, nan, nan:0x...
	tokOp     // name of an instruction; word is its opcode
	tokWord   // any other keyword; word says which
	tokOffset // offset=N
	tokAlign  // align=N
	tokAtom   // any text that is not a string, inside annotations only
	tokError  // word is a msg
)

// token is a lexical unit: the bytes pos to end of the source.
type token struct {
	pos, end uint32
	kind     kind
	word     word
}

// word identifies a keyword: an opcode, or one of the constants below.
type word uint16

// Keywords that are no instructions.
const (
	wordNone word = op.NumCodes + iota

	// Types.
	wordI32
	wordI64
	wordF32
	wordF64
	wordV128
	wordI8
	wordI16
	wordAnyref
	wordEqref
	wordI31ref
	wordStructref
	wordArrayref
	wordNullref
	wordFuncref
	wordNullfuncref
	wordExnref
	wordNullexnref
	wordExternref
	wordNullexternref
	wordAny
	wordEq
	wordI31
	wordStruct
	wordArray
	wordNone_
	wordFunc
	wordNofunc
	wordExn
	wordNoexn
	wordExtern
	wordNoextern
	wordRef
	wordNull
	wordMut
	wordField
	wordSub
	wordFinal
	wordRec
	wordType
	wordParam
	wordResult
	wordLocal
	wordShared
	wordPagesize

	// Module fields.
	wordModule
	wordImport
	wordExport
	wordTable
	wordMemory
	wordGlobal
	wordTag
	wordStart
	wordElem
	wordData
	wordDeclare
	wordOffset
	wordItem

	// Parts of instructions.
	wordThen
	wordDo
	wordCatchRef
	wordCatchAllRef
	wordI8x16
	wordI16x8
	wordI32x4
	wordI64x2
	wordF32x4
	wordF64x2

	// Scripts.
	wordBinary
	wordQuote
	wordDefinition
	wordInstance
	wordRegister
	wordInvoke
	wordGet
	wordAssertReturn
	wordAssertTrap
	wordAssertExhaustion
	wordAssertInvalid
	wordAssertMalformed
	wordAssertInvalidCustom
	wordAssertMalformedCustom
	wordAssertUnlinkable
	wordAssertException
	wordAssertSuspension
	wordThread
	wordWait
	wordScript
	wordInput
	wordOutput
	wordEither
	wordNanCanonical
	wordNanArithmetic
	wordRefExtern
	wordRefHost
	wordRefStruct
	wordRefArray
	wordRefExn
	wordRefAny
)

// words maps all keywords, instructions included, to what they are. It is
// complete after init and not written again.
var words = map[string]word{
	"i32": wordI32, "i64": wordI64, "f32": wordF32, "f64": wordF64, "v128": wordV128,
	"i8": wordI8, "i16": wordI16,
	"anyref": wordAnyref, "eqref": wordEqref, "i31ref": wordI31ref, "structref": wordStructref,
	"arrayref": wordArrayref, "nullref": wordNullref, "funcref": wordFuncref, "nullfuncref": wordNullfuncref,
	"exnref": wordExnref, "nullexnref": wordNullexnref, "externref": wordExternref,
	"nullexternref": wordNullexternref,
	"any":           wordAny, "eq": wordEq, "i31": wordI31, "struct": wordStruct, "array": wordArray,
	"none": wordNone_, "func": wordFunc, "nofunc": wordNofunc, "exn": wordExn, "noexn": wordNoexn,
	"extern": wordExtern, "noextern": wordNoextern,
	"ref": wordRef, "null": wordNull, "mut": wordMut, "field": wordField, "sub": wordSub, "final": wordFinal,
	"rec": wordRec, "type": wordType, "param": wordParam, "result": wordResult, "local": wordLocal,
	"shared": wordShared, "pagesize": wordPagesize,

	"module": wordModule, "import": wordImport, "export": wordExport, "table": wordTable,
	"memory": wordMemory, "global": wordGlobal, "tag": wordTag, "start": wordStart, "elem": wordElem,
	"data": wordData, "declare": wordDeclare, "offset": wordOffset, "item": wordItem,

	"then": wordThen, "do": wordDo, "catch_ref": wordCatchRef, "catch_all_ref": wordCatchAllRef,
	"i8x16": wordI8x16, "i16x8": wordI16x8, "i32x4": wordI32x4, "i64x2": wordI64x2, "f32x4": wordF32x4,
	"f64x2": wordF64x2,

	"binary": wordBinary, "quote": wordQuote, "definition": wordDefinition, "instance": wordInstance,
	"register": wordRegister, "invoke": wordInvoke, "get": wordGet,
	"assert_return": wordAssertReturn, "assert_trap": wordAssertTrap,
	"assert_exhaustion": wordAssertExhaustion, "assert_invalid": wordAssertInvalid,
	"assert_malformed": wordAssertMalformed, "assert_invalid_custom": wordAssertInvalidCustom,
	"assert_malformed_custom": wordAssertMalformedCustom, "assert_unlinkable": wordAssertUnlinkable,
	"assert_exception": wordAssertException, "assert_suspension": wordAssertSuspension,
	"thread": wordThread, "wait": wordWait, "script": wordScript, "input": wordInput, "output": wordOutput,
	"either": wordEither, "nan:canonical": wordNanCanonical, "nan:arithmetic": wordNanArithmetic,
	"ref.extern": wordRefExtern, "ref.host": wordRefHost, "ref.struct": wordRefStruct,
	"ref.array": wordRefArray, "ref.exn": wordRefExn, "ref.any": wordRefAny,
}

func init() {
	for _, row := range op.All() {
		code, _ := op.ByName(row.Name) // the first of those that share the name
		words[row.Name] = word(code)
	}
}
