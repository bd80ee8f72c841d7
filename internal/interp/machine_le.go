//go:build amd64 || arm64 || 386 || loong64 || ppc64le

package interp

import "unsafe"

// Linear memory is little-endian and accesses need not be aligned; these
// machines do both by themselves.

func le16(p unsafe.Pointer) uint16       { return *(*uint16)(p) }
func le32(p unsafe.Pointer) uint32       { return *(*uint32)(p) }
func le64(p unsafe.Pointer) uint64       { return *(*uint64)(p) }
func putLE16(p unsafe.Pointer, v uint16) { *(*uint16)(p) = v }
func putLE32(p unsafe.Pointer, v uint32) { *(*uint32)(p) = v }
func putLE64(p unsafe.Pointer, v uint64) { *(*uint64)(p) = v }
