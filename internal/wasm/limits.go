package wasm

// Implementation limits on modules: those of the WebAssembly JavaScript
// Interface, appendix "Implementation-defined Limits", which producers already
// respect. Exceeding one is an error of decoding or validation that names it.
const (
	MaxModuleSize     = 1 << 30 // bytes
	MaxTypes          = 1_000_000
	MaxRecGroups      = 1_000_000
	MaxRecGroupTypes  = 1_000_000
	MaxSubtypeDepth   = 63
	MaxFuncs          = 1_000_000 // defined and imported
	MaxImports        = 1_000_000
	MaxExports        = 1_000_000
	MaxGlobals        = 1_000_000
	MaxTags           = 1_000_000
	MaxDataSegments   = 100_000
	MaxTables         = 100_000
	MaxTableSize      = 10_000_000 // elements, at run time
	MaxElemSegments   = 10_000_000
	MaxSegmentLen     = 10_000_000 // elements of one element segment
	MaxMemories       = 100
	MaxParams         = 1_000
	MaxResults        = 1_000
	MaxFuncSize       = 7_654_321 // bytes of one body
	MaxLocals         = 50_000    // parameters excluded
	MaxStructFields   = 10_000
	MaxArrayNewFixed  = 10_000    // operands of array.new_fixed
	MaxOperands       = 1_000_000 // height of one function's operand stack during validation
	MaxBrTableTargets = 7_654_321
	MaxNameSize       = 100_000 // bytes of an import or export name
)
