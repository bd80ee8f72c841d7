package instr

// Messages of decoding errors. They begin with the wording of the
// specification's test suite.
const (
	msgEnd           = "unexpected end of section or function"
	msgTooLong       = "integer representation too long"
	msgTooLarge      = "integer too large"
	msgUTF8          = "malformed UTF-8 encoding"
	msgValType       = "malformed value type"
	msgRefType       = "malformed reference type"
	msgStorageType   = "malformed storage type"
	msgHeapType      = "malformed heap type"
	msgBlockType     = "malformed block type"
	msgIllegalOpcode = "illegal opcode"
	msgMemopFlags    = "malformed memop flags"
	msgCastFlags     = "malformed br_on_cast flags"
	msgCatch         = "malformed catch clause"
	msgZeroByte      = "zero byte expected"
	msgTargets       = "too many br_table targets"
)

// The first bytes of the long forms of reference types.
const (
	refNull    = 0x63
	refNonNull = 0x64
)
