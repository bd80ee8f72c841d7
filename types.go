package wamr

import (
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// ValueType is a value type of WebAssembly. It prints as in the text format.
// Reference types to a module's own types name them by type index.
type ValueType = wasm.ValType

// The number and vector types and the usual reference types.
const (
	TypeI32  = wasm.I32
	TypeI64  = wasm.I64
	TypeF32  = wasm.F32
	TypeF64  = wasm.F64
	TypeV128 = wasm.V128
)

// The nullable references to the abstract heap types.
var (
	TypeFuncRef   = wasm.FuncRef
	TypeExternRef = wasm.ExternRef
	TypeAnyRef    = wasm.AnyRef
	TypeEqRef     = wasm.EqRef
	TypeI31Ref    = wasm.I31Ref
	TypeStructRef = wasm.StructRef
	TypeArrayRef  = wasm.ArrayRef
	TypeExnRef    = wasm.ExnRef
)

// FuncType is a function type. It must not be changed once it has been passed
// on.
type FuncType = wasm.FuncType

// SizeLimits are the limits of a table (in elements) or a memory (in pages).
type SizeLimits = wasm.Limits

// MemoryType is the type of a memory; its limits are in pages.
type MemoryType = wasm.MemType

// TableType is the type of a table.
type TableType = wasm.TableType

// GlobalType is the type of a global.
type GlobalType = wasm.GlobalType

// PageSize is the default size of a page of memory in bytes.
const PageSize = wasm.PageSize

// ExternKind says what an import or export is.
type ExternKind = wasm.ExternKind

// The kinds of imports and exports.
const (
	ExternFunc   = wasm.ExternFunc
	ExternTable  = wasm.ExternTable
	ExternMemory = wasm.ExternMemory
	ExternGlobal = wasm.ExternGlobal
	ExternTag    = wasm.ExternTag
)

// ExternType is the type of an import or export. The field that Kind names is
// set; a tag's type is in Func.
type ExternType struct {
	Kind   ExternKind
	Func   *FuncType
	Table  *TableType
	Memory *MemoryType
	Global *GlobalType
}

// String returns the type in the manner of the text format.
func (t ExternType) String() string {
	switch t.Kind {
	case ExternFunc, ExternTag:
		return t.Kind.String() + " " + t.Func.String()
	case ExternTable:
		return "table " + limitsString(&t.Table.Limits) + " " + t.Table.Elem.String()
	case ExternMemory:
		s := "memory " + limitsString(&t.Memory.Limits)
		if t.Memory.Shared {
			s += " shared"
		}
		return s
	}
	if t.Global.Mutable {
		return "global (mut " + t.Global.Type.String() + ")"
	}
	return "global " + t.Global.Type.String()
}

// Feature is a set of WebAssembly proposals; see [Config.Disable]. It prints as
// the proposals' names.
type Feature = op.Feature

// The proposals that can be switched off. All others of WebAssembly 3.0 are
// part of every module's ground rules.
const (
	FeatureMutableGlobal      = op.FeatureMutableGlobal
	FeatureSignExt            = op.FeatureSignExt
	FeatureSatFloatToInt      = op.FeatureSatFloatToInt
	FeatureMultiValue         = op.FeatureMultiValue
	FeatureReferenceTypes     = op.FeatureReferenceTypes
	FeatureBulkMemory         = op.FeatureBulkMemory
	FeatureSIMD               = op.FeatureSIMD
	FeatureRelaxedSIMD        = op.FeatureRelaxedSIMD
	FeatureTailCall           = op.FeatureTailCall
	FeatureExtendedConst      = op.FeatureExtendedConst
	FeatureFunctionReferences = op.FeatureFunctionReferences
	FeatureGC                 = op.FeatureGC
	FeatureExceptions         = op.FeatureExceptions
	FeatureMemory64           = op.FeatureMemory64
	FeatureMultiMemory        = op.FeatureMultiMemory
	FeatureBranchHinting      = op.FeatureBranchHinting
	FeatureAnnotations        = op.FeatureAnnotations
	FeatureThreads            = op.FeatureThreads
	FeatureLegacyExceptions   = op.FeatureLegacyExceptions
	FeatureCustomPageSizes    = op.FeatureCustomPageSizes
	FeatureWideArithmetic     = op.FeatureWideArithmetic

	FeaturesAll = op.FeaturesAll // every proposal there is
	Features1_0 = op.Features1_0
	Features2_0 = op.Features2_0
	Features3_0 = op.Features3_0
)

// ParseFeature returns the proposal with the given standard name, such as
// "simd" or "tail-call".
func ParseFeature(name string) (Feature, bool) { return op.ParseFeature(name) }
