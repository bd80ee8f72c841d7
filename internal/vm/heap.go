package vm

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/sys"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Layout of objects. The header is a uint32 TypeID and a uint32 that is an
// array's length or an exception's tag. Everything is in the host's byte order.
const (
	// ObjectHeader is the size of the header in bytes.
	ObjectHeader = 8
	// ArrayData is the offset of an array's first element. 16-byte elements
	// are aligned to 8 like all objects.
	ArrayData = ObjectHeader
)

const (
	blockSize = 16 << 10 // small objects of one size share a block
	maxSmall  = 8 << 10  // bytes; larger objects take whole blocks
	granule   = 16       // no object is smaller, so a mark bit per granule does
	// markWords is the number of 64-bit words of mark bits for a block.
	markWords = blockSize / granule / 64
	// commitStep is how much of the region is made accessible at a time.
	commitStep = 1 << 20
	// minBudget is how many blocks may be allocated between collections at
	// least.
	minBudget = 1 << 20 / blockSize
)

// classSizes are the sizes of cells; those from 2 KiB on divide a block with
// little rest.
var classSizes = [...]uint32{
	16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512,
	640, 768, 1024, 1360, 1632, 2048, 2720, 3272, 4096, 5456, maxSmall,
}

// classOf maps sizes of up to maxSmall, divided by 8 and rounded up, to classes.
var classOf = func() (t [maxSmall/8 + 1]uint8) {
	class := 0
	for i := range t {
		if uint32(8*i) > classSizes[class] {
			class++
		}
		t[i] = uint8(class)
	}
	return t
}()

// blockKind says what a block is used for.
type blockKind uint8

const (
	blockFree  blockKind = iota
	blockSmall           // cells of one class
	blockLarge           // begins an object of run blocks
	blockTail            // continues one
)

// block describes a block.
type block struct {
	kind  blockKind
	class uint8
	run   uint32
}

// Heap holds a store's structs, arrays and exceptions, in one region outside
// Go's heap. It is collected by marking and sweeping and moves nothing. See
// heap_collect.go for the collector.
type Heap struct {
	// Base is the address that references are offsets from. It never changes
	// once it is not nil.
	Base unsafe.Pointer

	// free are the lists of free cells. A free cell's first word is 0, which
	// no object's is, and its second the next cell's offset.
	free   [len(classSizes)]uint32
	blocks []block // by number; block 0 is never used, so no object is null
	// marks has a bit for each granule, set for reachable objects while the
	// collector runs.
	marks []uint64

	limit     uint32 // blocks that there may be, block 0 included
	used      uint32 // blocks in use
	budget    uint32 // used at which to collect
	next      uint32 // block at which to look for free ones
	committed uint64 // accessible bytes
	// retry says that an allocation has failed since the last collection.
	retry bool

	// What the last collection left: bytes of reachable objects, blocks in
	// use, and bytes in the free cells of each class.
	live      uint64
	usedThen  uint32
	cellsThen [len(classSizes)]uint64

	stack    []Ref // objects to scan, while the collector runs
	overflow bool  // stack had no room for some

	host hostTable

	// For statistics, which other goroutines may ask for.
	usedNow, collections atomic.Uint64
}

// Used returns the bytes that objects occupy, garbage included, in whole
// blocks. It may be called from any goroutine.
func (h *Heap) Used() uint64 { return h.usedNow.Load() * blockSize }

// Collections returns how often garbage was collected. It may be called from
// any goroutine.
func (h *Heap) Collections() uint64 { return h.collections.Load() }

// heapRegion is a heap's address space.
type heapRegion struct {
	base unsafe.Pointer
	size uintptr
}

func (r *heapRegion) free() { _ = sys.Release(r.base, r.size) }

// forget makes the heap unusable after the store was closed.
func (h *Heap) forget() {
	h.Base, h.blocks, h.marks, h.stack, h.host = nil, nil, nil, nil, hostTable{}
	h.free = [len(classSizes)]uint32{}
	h.used = 0
	h.usedNow.Store(0)
}

// at returns the address of the object r.
func (h *Heap) at(r Ref) unsafe.Pointer { return unsafe.Add(h.Base, uintptr(r)) }

// header returns the two words of the object r's header.
func (h *Heap) header(r Ref) *[2]uint32 {
	// safe: r is the offset of a cell, which is within the region.
	return (*[2]uint32)(h.at(r))
}

// NewStruct returns a struct of type t with all fields zero or null. It fails
// with a *Trap of kind TrapOutOfMemory, or ErrClosed. It may collect garbage:
// see Exec.Stack.
func (s *Store) NewStruct(x *Exec, t *TypeInfo) (Ref, error) {
	return s.newObject(t.ID, 0, uint64(t.Size))
}

// NewArray returns an array of n elements of type t, all zero or null, as
// NewStruct does.
func (s *Store) NewArray(x *Exec, t *TypeInfo, n uint32) (Ref, error) {
	return s.newObject(t.ID, n, ArrayData+uint64(n)*uint64(t.ElemSize))
}

// newObject returns an object of size bytes, zero but for its header.
func (s *Store) newObject(id TypeID, word uint32, size uint64) (Ref, error) {
	if gcStress {
		s.Exec.returned()
		s.Collect()
	}
	if size > maxSmall {
		return s.newLarge(id, word, size)
	}
	h := &s.Heap
	class := classOf[(size+7)/8]
	r := Ref(h.free[class])
	if r == 0 {
		var err error
		if r, err = s.refill(class); err != nil {
			return Null, err
		}
	}
	head := h.header(r)
	h.free[class] = head[1]
	head[0], head[1] = uint32(id), word
	if n := (size+7)/8 - 1; n > 0 {
		// safe: the cell has at least size bytes, in units of 8.
		clear(unsafe.Slice((*uint64)(unsafe.Add(h.Base, uintptr(r)+ObjectHeader)), int(n)))
	}
	return r, nil
}

// refill makes sure that there is a free cell of the class and returns the
// first.
func (s *Store) refill(class uint8) (Ref, error) {
	h := &s.Heap
	if err := s.makeRoom(1); err != nil {
		return Null, err
	}
	if r := h.free[class]; r != 0 { // the collector found some
		return Ref(r), nil
	}
	b, ok := h.take(1)
	if !ok {
		return Null, s.outOfMemory()
	}
	h.blocks[b] = block{kind: blockSmall, class: class}
	size := classSizes[class]
	start := b * blockSize
	// From the last cell down, so that the list goes up.
	next := uint32(0)
	for i := int(blockSize/size) - 1; i >= 0; i-- {
		r := start + uint32(i)*size
		*h.header(Ref(r)) = [2]uint32{0, next}
		next = r
	}
	h.free[class] = next
	return Ref(next), nil
}

// newLarge returns an object in blocks of its own.
func (s *Store) newLarge(id TypeID, word uint32, size uint64) (Ref, error) {
	h := &s.Heap
	if size > s.Limits.GCHeap {
		return Null, NewTrap(TrapOutOfMemory)
	}
	n := uint32((size + blockSize - 1) / blockSize)
	if err := s.makeRoom(n); err != nil {
		return Null, err
	}
	b, ok := h.take(n)
	if !ok {
		// There may be room enough, but not in one piece.
		if !h.worthwhile() {
			return Null, s.outOfMemory()
		}
		s.Exec.returned()
		s.Collect()
		if b, ok = h.take(n); !ok {
			return Null, s.outOfMemory()
		}
	}
	h.blocks[b] = block{kind: blockLarge, run: n}
	for i := b + 1; i < b+n; i++ {
		h.blocks[i] = block{kind: blockTail}
	}
	r := Ref(b * blockSize)
	// safe: the run has n blocks.
	clear(unsafe.Slice((*byte)(h.at(r)), int(uint64(n)*blockSize)))
	*h.header(r) = [2]uint32{uint32(id), word}
	return r, nil
}

// makeRoom is called before n blocks are taken: it sets the heap up, or
// collects garbage if that is due.
func (s *Store) makeRoom(n uint32) error {
	h := &s.Heap
	if h.Base == nil {
		if err := s.initHeap(); err != nil {
			return err
		}
	}
	if full := uint64(h.used)+uint64(n) >= uint64(h.limit); full && !h.worthwhile() {
		return s.outOfMemory()
	} else if full || uint64(h.used)+uint64(n) > uint64(h.budget) {
		s.Exec.returned()
		s.Collect()
	}
	return nil
}

// worthwhile says whether a collection of a full heap may free enough to be
// worth its time: enough was allocated since the last one, or the program was
// told that the heap is full and may have dropped something. Otherwise a
// program at the limit would collect for each object.
func (h *Heap) worthwhile() bool {
	if h.retry {
		return true
	}
	since := uint64(h.used-min(h.used, h.usedThen)) * blockSize
	for class, bytes := range h.cellsThen {
		if h.free[class] == 0 {
			since += bytes
		}
	}
	return since >= uint64(h.limit)*blockSize/32
}

// outOfMemory returns the trap.
func (s *Store) outOfMemory() error {
	s.Heap.retry = true
	return NewTrap(TrapOutOfMemory)
}

// initHeap reserves the region.
func (s *Store) initHeap() error {
	if s.closed.Load() {
		return ErrClosed
	}
	h := &s.Heap
	most := uint64(maxGCHeap)
	if bits.UintSize == 32 {
		most = 1 << 30
	}
	// One block more than the limit, because block 0 is not used.
	blocks := min((s.Limits.GCHeap+blockSize-1)/blockSize+1, most/blockSize)
	size := blocks * blockSize
	if !sys.CanReserve {
		h.Base = unsafe.Pointer(unsafe.SliceData(make([]uint64, size/8)))
		h.committed = size
	} else {
		n := sys.RoundUp(uintptr(size))
		base, err := sys.Reserve(n)
		if err != nil {
			return NewTrap(TrapOutOfMemory)
		}
		h.Base = base
		s.own(&heapRegion{base, n})
	}
	h.limit, h.next = uint32(blocks), 1
	h.budget = minBudget
	h.blocks = make([]block, 1, 64)
	return nil
}

// take returns n adjacent free blocks; false if there are none.
func (h *Heap) take(n uint32) (uint32, bool) {
	known := uint32(len(h.blocks))
	b, ok := h.find(h.next, known, n)
	if !ok {
		b, ok = h.find(1, min(known, h.next+n), n)
	}
	if !ok {
		// Free blocks at the end count.
		b = known
		for b > 1 && h.blocks[b-1].kind == blockFree {
			b--
		}
		end := uint64(b) + uint64(n)
		if end > uint64(h.limit) || !h.commit(end*blockSize) {
			return 0, false
		}
		h.blocks = append(h.blocks, make([]block, int(end)-len(h.blocks))...)
		h.marks = append(h.marks, make([]uint64, len(h.blocks)*markWords-len(h.marks))...)
	}
	h.next = b + n
	h.used += n
	h.usedNow.Store(uint64(h.used))
	return b, true
}

// find looks for n adjacent free blocks from from on and before to.
func (h *Heap) find(from, to, n uint32) (uint32, bool) {
	run := uint32(0)
	for b := from; b < to; b++ {
		if h.blocks[b].kind != blockFree {
			run = 0
			continue
		}
		if run++; run == n {
			return b + 1 - n, true
		}
	}
	return 0, false
}

// commit makes the first n bytes of the region accessible.
func (h *Heap) commit(n uint64) bool {
	if n <= h.committed {
		return true
	}
	end := min((n+commitStep-1)&^(commitStep-1), uint64(h.limit)*blockSize)
	end = uint64(sys.RoundUp(uintptr(end)))
	if sys.Commit(unsafe.Add(h.Base, uintptr(h.committed)), uintptr(end-h.committed)) != nil {
		return false
	}
	h.committed = end
	return true
}

// isObject says whether r is the offset of an object.
func (h *Heap) isObject(r Ref) bool {
	b := uint32(r) / blockSize
	if r&7 != 0 || b >= uint32(len(h.blocks)) {
		return false
	}
	in := uint32(r) % blockSize
	switch blk := &h.blocks[b]; blk.kind {
	case blockSmall:
		size := classSizes[blk.class]
		return in%size == 0 && in+size <= blockSize && h.header(r)[0] != 0
	case blockLarge:
		return in == 0
	}
	return false
}

// Info returns the type of the object r, which must be a struct, array or
// exception.
func (s *Store) Info(r Ref) *TypeInfo { return s.Types.Info(TypeID(s.Heap.header(r)[0])) }

// IsObject says whether r is a struct, array or exception of this store. Any
// number may be asked about.
func (s *Store) IsObject(r Ref) bool { return r != Null && s.Heap.Base != nil && s.Heap.isObject(r) }

// RefTest says whether r is of the reference type with the given nullability
// and heap type; concrete ones are TypeIDs. r is of the same hierarchy.
func (s *Store) RefTest(r Ref, nullable bool, h wasm.HeapType) bool {
	if r == Null {
		return nullable
	}
	if x, ok := h.Concrete(); ok {
		t := s.Types.Info(TypeID(x))
		if t.Kind == wasm.KindFunc {
			return s.Types.IsSubtype(s.Func(r).Type, t.ID)
		}
		return r&7 == 0 && s.Types.IsSubtype(TypeID(s.Heap.header(r)[0]), t.ID)
	}
	switch h {
	case wasm.HeapAny, wasm.HeapExtern, wasm.HeapFunc, wasm.HeapExn:
		return true
	case wasm.HeapEq:
		return r&3 != hostTag
	case wasm.HeapI31:
		return r&1 != 0
	case wasm.HeapStruct:
		return r&7 == 0 && s.Info(r).Kind == wasm.KindStruct
	case wasm.HeapArray:
		return r&7 == 0 && s.Info(r).Kind == wasm.KindArray
	}
	return false // the bottom types
}
