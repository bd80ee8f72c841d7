//go:build !(mips || mipsle || mips64 || mips64le)

package interp

// compact leaves sequences and fused pairs out of the loop.
const compact = false
