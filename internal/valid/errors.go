package valid

import (
	"fmt"
	"strings"

	"github.com/wamr-go/wamr/internal/wasm"
)

// Wording of errors. Where the specification's test suite has a text for an
// error, the message begins with it.
const (
	msgTypeMismatch    = "type mismatch"
	msgEnd             = "unexpected end of section or function"
	msgEndOpcode       = "END opcode expected"
	msgIllegalOpcode   = "illegal opcode"
	msgDataCount       = "data count section required"
	msgConstRequired   = "constant expression required"
	msgAlignment       = "alignment must not be larger than natural"
	msgAtomicAlignment = "atomic alignment must be natural"
	msgOffsetRange     = "offset out of range"
	msgLane            = "invalid lane index"
	msgArity           = "invalid result arity"
	msgUninitialized   = "uninitialized local"
	msgUndeclaredRef   = "undeclared function reference"
	msgImmutableGlobal = "immutable global"
	msgImmutableField  = "immutable field"
	msgImmutableArray  = "immutable array"
	msgArrayTypes      = "array types do not match"
	msgArrayNumeric    = "array type is not numeric or vector"
	msgRethrow         = "invalid rethrow label"
	msgTagResult       = "non-empty tag result type"
	msgDuplicateExport = "duplicate export name"
	msgStart           = "start function"
	msgLimits          = "size minimum must not be greater than maximum"
	msgShared          = "shared memory must have maximum"
	msgMultiTables     = "multiple tables"
	msgMultiMemories   = "multiple memories"
	msgPageSize        = "invalid custom page size"
	msgTableSize32     = "table size must be at most 2^32-1 elements"
	msgMemory32        = "memory size must be at most 65536 pages (4GiB)"
	msgMemory64        = "memory size must be at most 2^48 pages (16EiB)"
	msgMemoryBytes32   = "memory size must be at most 2^32-1 pages of one byte"
	msgMutableGlobal   = "mutable globals cannot be imported or exported"
)

// needs words the error about a proposal that is switched off.
func needs(what string, missing wasm.Feature) string {
	return what + " needs a proposal that is off: " + missing.String()
}

// unknown words the error about an index beyond its index space.
func unknown(what string, x uint32) string { return fmt.Sprintf("unknown %s %d", what, x) }

// requires words a mismatch between operands and what takes them.
func requires(what string, want, have []wasm.ValType) string {
	return msgTypeMismatch + ": " + what + " requires " + typeList(want) + " but stack has " + typeList(have)
}

// typeList writes types as "[i32 i64]". Of long lists it shows the beginning.
func typeList(ts []wasm.ValType) string {
	const most = 16
	var b strings.Builder
	b.WriteByte('[')
	for i, t := range ts {
		if i > 0 {
			b.WriteByte(' ')
		}
		if i == most {
			fmt.Fprintf(&b, "… %d more", len(ts)-most)
			break
		}
		b.WriteString(t.String())
	}
	b.WriteByte(']')
	return b.String()
}
