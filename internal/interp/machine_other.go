//go:build !(amd64 || arm64 || 386 || loong64 || ppc64le)

package interp

import (
	"encoding/binary"
	"unsafe"
)

// Linear memory is little-endian and accesses need not be aligned; on these
// machines one of the two needs help.

func le16(p unsafe.Pointer) uint16       { return binary.LittleEndian.Uint16((*[2]byte)(p)[:]) }
func le32(p unsafe.Pointer) uint32       { return binary.LittleEndian.Uint32((*[4]byte)(p)[:]) }
func le64(p unsafe.Pointer) uint64       { return binary.LittleEndian.Uint64((*[8]byte)(p)[:]) }
func putLE16(p unsafe.Pointer, v uint16) { binary.LittleEndian.PutUint16((*[2]byte)(p)[:], v) }
func putLE32(p unsafe.Pointer, v uint32) { binary.LittleEndian.PutUint32((*[4]byte)(p)[:], v) }
func putLE64(p unsafe.Pointer, v uint64) { binary.LittleEndian.PutUint64((*[8]byte)(p)[:], v) }
