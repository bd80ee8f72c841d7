//go:build amd64 || arm64 || riscv64 || s390x || loong64

package interp

// machineNaN says that the machine's arithmetic gives NaNs that the
// specification allows, as in package num.
const machineNaN = true
