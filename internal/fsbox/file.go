package fsbox

import (
	"context"
	"io"
	"math"
	"sync"
	"sync/atomic"
)

// File is an open file of any type. Its methods may be called from several goroutines at once, Close included: an operation that runs
// when the file is closed finishes first, one that starts later gets EBADF. Errors are Errno, or the context's own.
type File struct {
	node     file
	dir      directory // node, if it is a directory
	access   OpenFlag  // OpenRead, OpenWrite
	readOnly bool      // of a file system that may not be changed

	users  atomic.Int64 // running operations, and 1 until Close
	status atomic.Uint32

	listMu sync.Mutex
	list   listing // guarded by listMu
}

func newFile(n file, access OpenFlag, readOnly bool) *File {
	f := &File{node: n, access: access & (OpenRead | OpenWrite), readOnly: readOnly}
	f.dir, _ = n.(directory)
	f.users.Store(1)
	return f
}

// acquire keeps the backend's file open until release; it fails after Close.
func (f *File) acquire() error {
	for {
		n := f.users.Load()
		if n == 0 {
			return EBADF
		}
		if f.users.CompareAndSwap(n, n+1) {
			return nil
		}
	}
}

func (f *File) release() error {
	if f.users.Add(-1) == 0 {
		return f.node.close()
	}
	return nil
}

// Close gives the file up; the second Close is EBADF. The system's file is closed when the last running operation ends.
func (f *File) Close() error {
	for {
		s := f.status.Load()
		if s&statusClosed != 0 {
			return EBADF
		}
		if f.status.CompareAndSwap(s, s|statusClosed) {
			return f.release()
		}
	}
}

// statusClosed marks, beside the StatusFlags, that Close was called.
const statusClosed = 1 << 31

// IsDir reports whether the file is a directory, so that the methods that take paths work on it.
func (f *File) IsDir() bool { return f.dir != nil }

// IsStream reports whether the file is a FIFO or a device, so that it has no offset and reads may wait.
func (f *File) IsStream() bool {
	s, ok := f.node.(interface{ isStream() bool })
	return ok && s.isStream()
}

// ReadOnly reports whether the file belongs to a file system that may not be changed.
func (f *File) ReadOnly() bool { return f.readOnly }

// begin is acquire with the check that the file was opened for what is about to happen.
func (f *File) begin(need OpenFlag) error {
	if f.dir == nil && f.access&need != need {
		return EBADF
	}
	return f.acquire()
}

// Stat describes the file.
func (f *File) Stat() (Stat, error) {
	if err := f.acquire(); err != nil {
		return Stat{}, err
	}
	defer f.release()
	return f.node.stat()
}

// Status is the set of status flags.
func (f *File) Status() StatusFlag { return StatusFlag(f.status.Load()) }

// SetStatus replaces the status flags.
func (f *File) SetStatus(s StatusFlag) error {
	if err := f.acquire(); err != nil {
		return err
	}
	defer f.release()
	if err := f.node.setAppend(s&StatusAppend != 0); err != nil {
		return err
	}
	for {
		old := f.status.Load()
		if f.status.CompareAndSwap(old, old&statusClosed|uint32(s)) {
			return nil
		}
	}
}

// Read reads up to len(p) bytes at the file's offset and moves it; 0 without error is the end. It waits on FIFOs and devices only, until
// ctx ends, or not at all with StatusNonblock.
func (f *File) Read(ctx context.Context, p []byte) (int, error) {
	if err := f.begin(OpenRead); err != nil {
		return 0, err
	}
	defer f.release()
	return f.node.read(ctx, p, f.Status()&StatusNonblock != 0)
}

// Write writes p at the file's offset, or at its end with StatusAppend, and moves it. It may write less than len(p).
func (f *File) Write(ctx context.Context, p []byte) (int, error) {
	if err := f.begin(OpenWrite); err != nil {
		return 0, err
	}
	defer f.release()
	n, err := f.node.write(ctx, p, f.Status()&StatusNonblock != 0)
	if err != nil {
		return n, err
	}
	return n, f.syncWritten()
}

// syncWritten does what StatusDataSync and StatusSync ask for after a write. The system's own flags are not used because most systems
// can't change them on an open file.
func (f *File) syncWritten() error {
	s := f.Status()
	if s&(StatusDataSync|StatusSync) == 0 {
		return nil
	}
	return f.node.sync(s&StatusSync == 0)
}

// ReadAt reads at offset and leaves the file's own alone; 0 without error is the end.
func (f *File) ReadAt(p []byte, offset int64) (int, error) {
	if err := f.begin(OpenRead); err != nil {
		return 0, err
	}
	defer f.release()
	if offset < 0 {
		return 0, EINVAL
	}
	return f.node.readAt(p, offset)
}

// WriteAt writes at offset, whatever StatusAppend says, and leaves the file's own offset alone.
func (f *File) WriteAt(p []byte, offset int64) (int, error) {
	if err := f.begin(OpenWrite); err != nil {
		return 0, err
	}
	defer f.release()
	if offset < 0 {
		return 0, EINVAL
	}
	if offset > math.MaxInt64-int64(len(p)) {
		return 0, EFBIG
	}
	n, err := f.node.writeAt(p, offset)
	if err != nil {
		return n, err
	}
	return n, f.syncWritten()
}

// Seek moves the file's offset; whence is io.SeekStart, io.SeekCurrent or io.SeekEnd. It returns the new offset from the start.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	if err := f.acquire(); err != nil {
		return 0, err
	}
	defer f.release()
	if whence < io.SeekStart || whence > io.SeekEnd {
		return 0, EINVAL
	}
	return f.node.seek(offset, whence)
}

// Truncate makes the file size bytes long, cutting it or filling it up with zeros.
func (f *File) Truncate(size int64) error {
	if err := f.begin(OpenWrite); err != nil {
		return err
	}
	defer f.release()
	if size < 0 {
		return EINVAL
	}
	return f.node.truncate(size)
}

// Allocate makes the file at least offset+n bytes long, with room reserved on the medium where the system can. n must be positive.
func (f *File) Allocate(offset, n int64) error {
	if err := f.begin(OpenWrite); err != nil {
		return err
	}
	defer f.release()
	if offset < 0 || n <= 0 {
		return EINVAL
	}
	if offset > math.MaxInt64-n {
		return EFBIG
	}
	return f.node.allocate(offset, n)
}

// Advise passes advice on to the system; n 0 means to the end of the file. Advice that the system doesn't know is ignored.
func (f *File) Advise(offset, n int64, a Advice) error {
	if err := f.acquire(); err != nil {
		return err
	}
	defer f.release()
	if offset < 0 || n < 0 || a > AdviceNoReuse {
		return EINVAL
	}
	return f.node.advise(offset, n, a)
}

// Sync returns when the file's data, and with dataOnly false all about it, is on the medium.
func (f *File) Sync(dataOnly bool) error {
	if err := f.acquire(); err != nil {
		return err
	}
	defer f.release()
	return f.node.sync(dataOnly)
}

// SetTimes sets the file's times.
func (f *File) SetTimes(t Times) error {
	if err := f.acquire(); err != nil {
		return err
	}
	defer f.release()
	if f.readOnly {
		return EROFS
	}
	return f.node.setTimes(t)
}

// Ready waits until a read (or with write true, a write) would not wait, or until ctx ends, whose error it returns then. Regular files and
// directories are ready at once.
func (f *File) Ready(ctx context.Context, write bool) (Readiness, error) {
	if err := f.acquire(); err != nil {
		return Readiness{}, err
	}
	defer f.release()
	return f.node.ready(ctx, write, true)
}

// Poll is Ready without the wait: EAGAIN if a read (or write) would have to.
func (f *File) Poll(write bool) (Readiness, error) {
	if err := f.acquire(); err != nil {
		return Readiness{}, err
	}
	defer f.release()
	return f.node.ready(context.Background(), write, false)
}
