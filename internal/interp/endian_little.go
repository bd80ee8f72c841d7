//go:build !(mips || mips64 || ppc64 || s390x)

package interp

// bigEndian says how the operands of an instruction and the halves of a slot
// lie in memory.
const bigEndian = false

// low32 is the offset of the low 32 bits in a slot, lowPtr that of a pointer.
const (
	low32  = 0
	lowPtr = 0
)
