//go:build !(amd64 || arm64 || riscv64 || s390x || loong64)

package num

// machineNaN is false because at least one of these holds here: the quiet bit
// is inverted (mips), a conversion to f64 is no operation and so leaves a
// signalling NaN as it is (ppc64), or Go computes in software, whose square
// root gives a NaN that is not canonical (386, arm, mips without an FPU).
const machineNaN = false
