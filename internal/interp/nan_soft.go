//go:build !(amd64 || arm64 || riscv64 || s390x || loong64)

package interp

// machineNaN is false because the machine, or Go's software arithmetic on it,
// may give a NaN that the specification does not allow, as in package num.
const machineNaN = false
