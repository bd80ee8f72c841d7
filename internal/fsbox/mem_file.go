package fsbox

import (
	"context"
	"io"
	"math"
	"sync"
)

// chunkSize is the unit in which a file in memory holds its content, in bytes.
const chunkSize = 16 << 10

// memContent is a file's bytes: what no chunk holds is zero, so a file can be longer than the memory.
type memContent struct {
	size   int64
	chunks map[int64]*[chunkSize]byte // by offset / chunkSize
}

// readAt copies what there is at offset.
func (c *memContent) readAt(p []byte, offset int64) int {
	if offset >= c.size {
		return 0
	}
	p = p[:min(int64(len(p)), c.size-offset)]
	for done := 0; done < len(p); {
		at := offset + int64(done)
		in := int(at % chunkSize)
		part := p[done:min(len(p), done+chunkSize-in)]
		if chunk := c.chunks[at/chunkSize]; chunk != nil {
			copy(part, chunk[in:])
		} else {
			clear(part)
		}
		done += len(part)
	}
	return len(p)
}

// writeAt copies p to offset as far as charge gives room for chunks, and returns how much that was.
func (c *memContent) writeAt(p []byte, offset int64, charge func(int64) error) (int, error) {
	done := 0
	for done < len(p) {
		at := offset + int64(done)
		in := int(at % chunkSize)
		part := p[done:min(len(p), done+chunkSize-in)]
		chunk := c.chunks[at/chunkSize]
		if chunk == nil {
			if err := charge(chunkSize); err != nil {
				return done, err
			}
			if c.chunks == nil {
				c.chunks = map[int64]*[chunkSize]byte{}
			}
			chunk = new([chunkSize]byte)
			c.chunks[at/chunkSize] = chunk
		}
		copy(chunk[in:], part)
		done += len(part)
		c.size = max(c.size, at+int64(len(part)))
	}
	return done, nil
}

// truncate sets the size and returns how many bytes of chunks that set free.
func (c *memContent) truncate(size int64) (freed int64) {
	if size < c.size {
		for i := range c.chunks {
			if i*chunkSize >= size {
				delete(c.chunks, i)
				freed += chunkSize
			}
		}
		if chunk := c.chunks[size/chunkSize]; chunk != nil {
			clear(chunk[size%chunkSize:])
		}
	}
	c.size = size
	return freed
}

// drop forgets all and returns how many bytes of chunks that set free.
func (c *memContent) drop() int64 {
	n := int64(len(c.chunks)) * chunkSize
	*c = memContent{}
	return n
}

func (n *memNode) truncateLocked(size int64) {
	n.fs.charge(-n.content.truncate(size))
	n.mtim = n.fs.now()
	n.ctim = n.mtim
}

// memFile is an open regular file.
type memFile struct {
	n *memNode

	mu     sync.Mutex // taken before fs.mu
	offset int64      // guarded by mu
	append bool       // guarded by mu
}

func (f *memFile) close() error {
	f.n.closed()
	return nil
}

func (f *memFile) stat() (Stat, error) {
	f.n.fs.mu.RLock()
	defer f.n.fs.mu.RUnlock()
	return f.n.statLocked(), nil
}

func (f *memFile) read(_ context.Context, p []byte, _ bool) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.readAt(p, f.offset)
	f.offset += int64(n)
	return n, err
}

func (f *memFile) readAt(p []byte, offset int64) (int, error) {
	f.n.fs.mu.RLock()
	defer f.n.fs.mu.RUnlock()
	return f.n.content.readAt(p, offset), nil
}

func (f *memFile) write(_ context.Context, p []byte, _ bool) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n.fs.mu.Lock()
	defer f.n.fs.mu.Unlock()
	if f.append {
		f.offset = f.n.content.size
	}
	if f.offset > math.MaxInt64-int64(len(p)) {
		return 0, EFBIG
	}
	n, err := f.n.writeLocked(p, f.offset)
	f.offset += int64(n)
	return n, err
}

func (f *memFile) writeAt(p []byte, offset int64) (int, error) {
	f.n.fs.mu.Lock()
	defer f.n.fs.mu.Unlock()
	return f.n.writeLocked(p, offset)
}

// writeLocked writes what there is room for; only if that is nothing is it an error.
func (n *memNode) writeLocked(p []byte, offset int64) (int, error) {
	done, err := n.content.writeAt(p, offset, n.fs.charge)
	if done > 0 {
		n.mtim = n.fs.now()
		n.ctim = n.mtim
		return done, nil
	}
	return 0, err
}

func (f *memFile) seek(offset int64, whence int) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	base := int64(0)
	switch whence {
	case io.SeekCurrent:
		base = f.offset
	case io.SeekEnd:
		st, err := f.stat()
		if err != nil {
			return 0, err
		}
		base = int64(st.Size)
	}
	to, err := addOffset(base, offset)
	if err != nil {
		return 0, err
	}
	f.offset = to
	return to, nil
}

func (f *memFile) truncate(size int64) error {
	f.n.fs.mu.Lock()
	defer f.n.fs.mu.Unlock()
	f.n.truncateLocked(size)
	return nil
}

func (f *memFile) allocate(offset, n int64) error {
	f.n.fs.mu.Lock()
	defer f.n.fs.mu.Unlock()
	// Room is charged for when it is used; what could never fit is refused now.
	if offset+n > f.n.fs.max {
		return ENOSPC
	}
	if offset+n > f.n.content.size {
		f.n.truncateLocked(offset + n)
	}
	return nil
}

func (f *memFile) setTimes(t Times) error {
	f.n.fs.mu.Lock()
	defer f.n.fs.mu.Unlock()
	f.n.setTimesLocked(t)
	return nil
}

func (f *memFile) setAppend(on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.append = on
	return nil
}

func (f *memFile) ready(_ context.Context, write, _ bool) (Readiness, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	st, err := f.stat()
	if err != nil || write || uint64(f.offset) >= st.Size {
		return Readiness{}, err
	}
	return Readiness{Bytes: st.Size - uint64(f.offset)}, nil
}

func (f *memFile) advise(int64, int64, Advice) error { return nil }
func (f *memFile) sync(bool) error                   { return nil }
