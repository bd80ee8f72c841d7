package wasip1

import (
	"context"
	"math"
	"sync"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// gatherBuffers are buffers of gatherSize bytes.
var gatherBuffers = sync.Pool{New: func() any { return new([gatherSize]byte) }}

// readVectors reads into vectors. Streams are read once, so that data which is there is handed over before more is waited for; piece is
// that read or, for files, the read of the part that begins at done.
func readVectors(v *vectors, stream bool, piece func(p []byte, done uint32) (int, error)) (uint32, error) {
	if v.filled == 1 {
		n, err := piece(v.only, 0)
		return uint32(n), err
	}
	if stream && v.filled > 1 {
		buf := gatherBuffers.Get().(*[gatherSize]byte)
		defer gatherBuffers.Put(buf)
		n, err := piece(buf[:min(uint32(gatherSize), v.total)], 0)
		if err != nil {
			return 0, err
		}
		return uint32(n), v.scatter(buf[:n])
	}
	done := uint32(0)
	for i := range v.count() {
		p, err := v.at(i)
		if err != nil {
			return done, err
		}
		if uint64(len(p)) > uint64(v.total-done) {
			return done, fsbox.EFAULT // changed by another thread meanwhile
		}
		if len(p) == 0 {
			continue
		}
		n, err := piece(p, done)
		done += uint32(n)
		if err != nil && done == 0 {
			return 0, err
		}
		if err != nil || n < len(p) {
			break
		}
	}
	return done, nil
}

// writeVectors writes the vectors, in one piece if they are small enough.
func writeVectors(v *vectors, piece func(p []byte, done uint32) (int, error)) (uint32, error) {
	if v.filled == 1 {
		n, err := piece(v.only, 0)
		return uint32(n), err
	}
	if v.filled > 1 && v.total <= gatherSize {
		buf := gatherBuffers.Get().(*[gatherSize]byte)
		defer gatherBuffers.Put(buf)
		n, err := v.gather(buf[:v.total])
		if err != nil {
			return 0, err
		}
		n, err = piece(buf[:n], 0)
		return uint32(n), err
	}
	return readVectors(v, false, piece) // the same loop: part by part, until one is cut short
}

// vectorCall begins a call whose arguments are a descriptor, iovecs at a[1] with their number in a[2], and a result of four bytes.
func vectorCall(s *System, m Memory, a []uint64, need rights, result uint64) (*descriptor, vectors, []byte, error) {
	d, err := s.fds.get(a[0], need)
	if err != nil {
		return nil, vectors{}, nil, err
	}
	v, err := iovecs(m, uint32(a[1]), uint32(a[2]))
	if err != nil {
		return nil, vectors{}, nil, err
	}
	out, err := view(m, uint32(result), 4)
	return d, v, out, err
}

// finish stores how much was transferred.
func finish(out []byte, n uint32, err error) error {
	if err != nil {
		return err
	}
	put32(out, n)
	return nil
}

func fdRead(ctx context.Context, s *System, m Memory, a []uint64) error {
	d, v, out, err := vectorCall(s, m, a, rightFDRead, a[3])
	if err != nil {
		return err
	}
	n, err := readVectors(&v, d.object.kind() != kindFile, func(p []byte, _ uint32) (int, error) { return d.object.read(ctx, p) })
	return finish(out, n, err)
}

func fdWrite(ctx context.Context, s *System, m Memory, a []uint64) error {
	d, v, out, err := vectorCall(s, m, a, rightFDWrite, a[3])
	if err != nil {
		return err
	}
	n, err := writeVectors(&v, func(p []byte, _ uint32) (int, error) { return d.object.write(ctx, p) })
	return finish(out, n, err)
}

// fileOffset checks the offset of fd_pread and fd_pwrite, and that the descriptor has offsets.
func fileOffset(d *descriptor, offset uint64, total uint32) (*fsbox.File, int64, error) {
	f, ok := d.object.(fileObject)
	if !ok || f.kind() == kindStream {
		return nil, 0, fsbox.ESPIPE
	}
	if offset > math.MaxInt64-uint64(total) {
		return nil, 0, fsbox.EINVAL
	}
	return f.File, int64(offset), nil
}

func fdPread(_ context.Context, s *System, m Memory, a []uint64) error {
	d, v, out, err := vectorCall(s, m, a, rightFDRead|rightFDSeek, a[4])
	if err != nil {
		return err
	}
	f, offset, err := fileOffset(d, a[3], v.total)
	if err != nil {
		return err
	}
	n, err := readVectors(&v, false, func(p []byte, done uint32) (int, error) { return f.ReadAt(p, offset+int64(done)) })
	return finish(out, n, err)
}

func fdPwrite(_ context.Context, s *System, m Memory, a []uint64) error {
	d, v, out, err := vectorCall(s, m, a, rightFDWrite|rightFDSeek, a[4])
	if err != nil {
		return err
	}
	f, offset, err := fileOffset(d, a[3], v.total)
	if err != nil {
		return err
	}
	n, err := writeVectors(&v, func(p []byte, done uint32) (int, error) { return f.WriteAt(p, offset+int64(done)) })
	return finish(out, n, err)
}
