package vm

import (
	"unsafe"

	"github.com/wamr-go/wamr/internal/wasm"
)

// Memory is a linear memory. Where the platform allows it its address space is
// reserved and Base never changes.
type Memory struct {
	// Base is the address of byte 0. It never changes if Fixed.
	Base unsafe.Pointer
	// Size is the current size in bytes. Shared memories change it atomically,
	// and it only grows.
	Size  uint64
	Fixed bool
	Type  wasm.MemType
}
