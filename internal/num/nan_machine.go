//go:build amd64 || arm64 || riscv64 || s390x || loong64

package num

// machineNaN says that the machine's own arithmetic and conversions give NaNs
// that the specification allows: generated NaNs are canonical, propagated ones
// are quiet.
const machineNaN = true
