package fsbox

import (
	"context"
	"io"
	"os"
	"sync"
)

// rootFile is an open regular file under a rootDir.
type rootFile struct {
	f *os.File

	appendMu sync.Mutex
	append   bool // guarded by appendMu; writes of this process to one descriptor go to the end one after the other
}

func (r *rootFile) stat() (Stat, error) {
	fi, err := r.f.Stat()
	if err != nil {
		return Stat{}, rootError(err)
	}
	st := statOfInfo(fi)
	fillIdentity(&st, r.f)
	return st, nil
}

// fileResult makes the end of a file what the file interface wants.
func fileResult(n int, err error) (int, error) {
	if err == nil || err == io.EOF || n > 0 {
		return n, nil
	}
	return 0, rootError(err)
}

func (r *rootFile) read(_ context.Context, p []byte, _ bool) (int, error) {
	return fileResult(r.f.Read(p))
}

func (r *rootFile) write(_ context.Context, p []byte, _ bool) (int, error) {
	r.appendMu.Lock()
	defer r.appendMu.Unlock()
	if r.append {
		if _, err := r.f.Seek(0, io.SeekEnd); err != nil {
			return 0, rootError(err)
		}
	}
	return fileResult(r.f.Write(p))
}

func (r *rootFile) readAt(p []byte, offset int64) (int, error) {
	return fileResult(r.f.ReadAt(p, offset))
}

func (r *rootFile) writeAt(p []byte, offset int64) (int, error) {
	return fileResult(r.f.WriteAt(p, offset))
}

func (r *rootFile) seek(offset int64, whence int) (int64, error) {
	n, err := r.f.Seek(offset, whence)
	return n, rootError(err)
}

func (r *rootFile) truncate(size int64) error { return rootError(r.f.Truncate(size)) }

func (r *rootFile) allocate(offset, n int64) error {
	fi, err := r.f.Stat()
	if err != nil || fi.Size() >= offset+n {
		return rootError(err)
	}
	return r.truncate(offset + n)
}

func (r *rootFile) advise(int64, int64, Advice) error { return nil }

func (r *rootFile) sync(bool) error { return rootError(r.f.Sync()) }

func (r *rootFile) setTimes(t Times) error { return rootError(setOpenTimes(r.f, t)) }

func (r *rootFile) setAppend(on bool) error {
	r.appendMu.Lock()
	defer r.appendMu.Unlock()
	r.append = on
	return nil
}

func (r *rootFile) ready(_ context.Context, write, _ bool) (Readiness, error) {
	st, err := r.stat()
	if err != nil || write {
		return Readiness{}, err
	}
	at, err := r.seek(0, io.SeekCurrent)
	if err != nil || uint64(at) >= st.Size {
		return Readiness{}, err
	}
	return Readiness{Bytes: st.Size - uint64(at)}, nil
}

func (r *rootFile) close() error { return rootError(r.f.Close()) }
