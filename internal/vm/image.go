package vm

import (
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/sys"
	"github.com/wamr-go/wamr/internal/wasm"
)

const (
	// minImage is the size of active data from which on an image is used;
	// below, copying costs less than a mapping and its page faults.
	minImage = 32 << 10
	// An image may be larger than the data in it by the factor maxSparse plus
	// maxHoles bytes, because holes that are read take memory.
	maxSparse = 4
	maxHoles  = 1 << 20
	// maxLiveImages bounds the images of the process, because each has a file
	// descriptor.
	maxLiveImages = 256
)

// liveImages counts the images of the process.
var liveImages atomic.Int64

// image is the initial contents of a module's memory as a copy-on-write
// mapping. It is immutable.
type image struct {
	start, size uint64 // where it belongs in the memory, in whole pages
	sys         *sys.Image
}

// mapAt maps the image into a memory whose base is given.
func (i *image) mapAt(base unsafe.Pointer) bool {
	return i.sys.Map(unsafe.Add(base, uintptr(i.start)), uintptr(i.size)) == nil
}

// imageRange returns where the image of memory 0 of m would be; false if there
// can't or needn't be one. It requires that all segments that are copied to the
// memory are at constant places within its minimum size, so that no error can
// come between them.
func (m *Module) imageRange() (start, size uint64, ok bool) {
	if !sys.Reserve4GiB || !sys.CanMapImage || m.ImportCount(wasm.ExternMemory) > 0 || len(m.Memories) == 0 {
		return 0, 0, false
	}
	t := &m.Memories[0]
	limit := min(pagesToBytes(t, t.Min), maxSlot)
	if t.Shared {
		return 0, 0, false
	}
	lo, hi, total := ^uint64(0), uint64(0), uint64(0)
	for i := range m.Data {
		d := &m.Data[i]
		if d.Mode != wasm.Active {
			continue
		}
		at, constant := m.dataAt[i].constant()
		n := uint64(len(d.Init))
		if d.Mem != 0 || !constant || at > limit || n > limit-at {
			return 0, 0, false
		}
		if n > 0 {
			lo, hi, total = min(lo, at), max(hi, at+n), total+n
		}
	}
	if total < minImage || hi-lo > maxSparse*total+maxHoles {
		return 0, 0, false
	}
	page := uint64(sys.PageSize())
	start = lo &^ (page - 1)
	return start, (hi+page-1)&^(page-1) - start, true
}

// newImage builds the image of the given range; nil if the system can't.
func (m *Module) newImage(start, size uint64) *image {
	if liveImages.Add(1) > maxLiveImages {
		liveImages.Add(-1)
		return nil
	}
	img, err := sys.NewImage(int64(size), func(writeAt func([]byte, int64) error) error {
		for i := range m.Data {
			if d := &m.Data[i]; d.Mode == wasm.Active && len(d.Init) > 0 {
				at, _ := m.dataAt[i].constant()
				if err := writeAt(d.Init, int64(at-start)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		liveImages.Add(-1)
		return nil
	}
	return &image{start: start, size: size, sys: img}
}

// lazyImage builds a module's image at the first instantiation and frees it
// with the module.
type lazyImage struct {
	start, size uint64 // size 0: the module has none
	state       atomic.Uint32
	img         *image
}

// The states of a lazyImage.
const (
	imageNone     uint32 = iota // not built yet
	imageBuilding               // somebody is building it
	imageReady
	imageGone // it could not be built, or was closed
)

// get returns the image, or nil if data has to be copied.
func (l *lazyImage) get(m *Module) *image {
	if l.size == 0 {
		return nil
	}
	switch l.state.Load() {
	case imageReady:
		return l.img
	case imageNone:
		if !l.state.CompareAndSwap(imageNone, imageBuilding) {
			return nil
		}
		if l.img = m.newImage(l.start, l.size); l.img == nil {
			l.state.Store(imageGone)
			return nil
		}
		l.state.Store(imageReady)
		return l.img
	}
	return nil // somebody is building it: copying is quicker than waiting
}

// close frees the image, unless it is being built just now.
func (l *lazyImage) close(p *slotPool) {
	if l.state.CompareAndSwap(imageNone, imageGone) {
		return
	}
	if l.state.CompareAndSwap(imageReady, imageGone) {
		p.evict(l.img)
		_ = l.img.sys.Close()
		liveImages.Add(-1)
	}
}
