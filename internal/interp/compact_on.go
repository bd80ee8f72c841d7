//go:build mips || mipsle || mips64 || mips64le

package interp

// compact leaves sequences and fused pairs out of the loop: Go's assembler for these machines
// makes mistakes in functions that are larger than a branch can span, 128 KiB.
const compact = true
