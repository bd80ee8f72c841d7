package fsbox

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"io/fs"
	"math"
	"path"
	"sync"
)

// ioDir is a directory of an io/fs file system, known by its path, as these file systems want it.
type ioDir struct {
	directoryIO
	readOnlyDirectory
	fsys  fs.FS
	path  string
	lists fs.ReadDirFile // open while the directory is listed
}

// openIOFS opens the directory at path.
func openIOFS(fsys fs.FS, path string) (file, error) {
	fi, err := ioLstat(fsys, path)
	if err != nil {
		return nil, err
	}
	if !fi.IsDir() {
		return nil, ENOTDIR
	}
	return &ioDir{fsys: fsys, path: path}, nil
}

// ioLstat describes a file; a symbolic link itself, if the file system has them.
func ioLstat(fsys fs.FS, path string) (fs.FileInfo, error) {
	var fi fs.FileInfo
	var err error
	if l, ok := fsys.(fs.ReadLinkFS); ok {
		fi, err = l.Lstat(path)
	} else {
		fi, err = fs.Stat(fsys, path)
	}
	return fi, hostError(err)
}

// ioStat is what io/fs tells about a file in a Stat.
func ioStat(fi fs.FileInfo, path string) Stat {
	mtim := int64(0)
	if t := fi.ModTime(); t.Year() > 1970 && t.Year() < 2262 {
		mtim = t.UnixNano()
	}
	return Stat{
		Dev: ioDevice, Ino: ioInode(path), Type: typeOfInfo(fi.Mode()), Nlink: 1, Size: uint64(max(fi.Size(), 0)),
		Atim: mtim, Mtim: mtim, Ctim: mtim,
	}
}

// ioInode stands in for the inode number: a hash of the path, so that names are told apart, and never 0.
func ioInode(path string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, path)
	return h.Sum64() | 1
}

// ioDevice and memDevice are the device numbers of file systems that have none; no host's device has such a number.
const (
	ioDevice  = math.MaxUint32<<32 | 1
	memDevice = math.MaxUint32<<32 | 2
)

// join is the path of a name in d.
func (d *ioDir) join(name string) (string, error) {
	p := path.Join(d.path, name)
	if !fs.ValidPath(p) {
		return "", ENOENT
	}
	return p, nil
}

func (d *ioDir) enter(name string) (directory, error) {
	p, err := d.join(name)
	if err != nil {
		return nil, err
	}
	f, err := openIOFS(d.fsys, p)
	if err != nil {
		return nil, err
	}
	return f.(*ioDir), nil
}

func (d *ioDir) open(name string, flags OpenFlag) (file, error) {
	p, err := d.join(name)
	if err != nil {
		return nil, err
	}
	fi, err := ioLstat(d.fsys, p)
	switch {
	case err != nil:
		return nil, err
	case fi.Mode()&fs.ModeSymlink != 0:
		return nil, ELOOP
	case fi.IsDir():
		return &ioDir{fsys: d.fsys, path: p}, nil
	case flags&OpenDirectory != 0:
		return nil, ENOTDIR
	case !fi.Mode().IsRegular():
		return nil, ENXIO // io/fs has no way to open these without waiting
	}
	f, err := d.fsys.Open(p)
	if err != nil {
		return nil, ErrnoOf(err)
	}
	return &ioFile{fsys: d.fsys, path: p, f: f}, nil
}

func (d *ioDir) stat() (Stat, error) { return d.lstat(".") }

func (d *ioDir) lstat(name string) (Stat, error) {
	p, err := d.join(name)
	if err != nil {
		return Stat{}, err
	}
	fi, err := ioLstat(d.fsys, p)
	if err != nil {
		return Stat{}, err
	}
	return ioStat(fi, p), nil
}

func (d *ioDir) readlink(name string) (string, error) {
	p, err := d.join(name)
	if err != nil {
		return "", err
	}
	l, ok := d.fsys.(fs.ReadLinkFS)
	if !ok {
		return "", EINVAL
	}
	fi, err := l.Lstat(p)
	if err != nil {
		return "", ErrnoOf(err)
	}
	if fi.Mode()&fs.ModeSymlink == 0 {
		return "", EINVAL
	}
	target, err := l.ReadLink(p)
	return target, hostError(err)
}

func (d *ioDir) list(rewind bool) ([]DirEntry, error) {
	if rewind && d.lists != nil {
		d.lists.Close()
		d.lists = nil
	}
	if d.lists == nil {
		f, err := d.fsys.Open(d.path)
		if err != nil {
			return nil, ErrnoOf(err)
		}
		lists, ok := f.(fs.ReadDirFile)
		if !ok {
			f.Close()
			if !rewind {
				return nil, nil
			}
			return d.listWhole()
		}
		d.lists = lists
	}
	found, err := d.lists.ReadDir(100)
	if err != nil && err != io.EOF {
		return nil, ErrnoOf(err)
	}
	return d.entries(found), nil
}

// listWhole lists a directory of a file system that can only list directories as a whole.
func (d *ioDir) listWhole() ([]DirEntry, error) {
	found, err := fs.ReadDir(d.fsys, d.path)
	if err != nil {
		return nil, ErrnoOf(err)
	}
	return d.entries(found), nil
}

func (d *ioDir) entries(found []fs.DirEntry) []DirEntry {
	entries := make([]DirEntry, len(found))
	for i, e := range found {
		entries[i] = DirEntry{Name: e.Name(), Ino: ioInode(path.Join(d.path, e.Name())), Type: typeOfInfo(e.Type())}
	}
	return entries
}

func (d *ioDir) sync(bool) error      { return nil }
func (d *ioDir) setTimes(Times) error { return EROFS }
func (d *ioDir) close() error {
	if d.lists != nil {
		return hostError(d.lists.Close())
	}
	return nil
}

// ioFile is an open file of an io/fs file system, with an offset of its own, because such files need not be able to seek.
type ioFile struct {
	fsys fs.FS
	path string

	mu     sync.Mutex
	f      fs.File // guarded by mu
	at     int64   // guarded by mu: where f's own offset is
	offset int64   // guarded by mu: the guest's
}

func (i *ioFile) stat() (Stat, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.statLocked()
}

func (i *ioFile) statLocked() (Stat, error) {
	fi, err := i.f.Stat()
	if err != nil {
		return Stat{}, ErrnoOf(err)
	}
	return ioStat(fi, i.path), nil
}

func (i *ioFile) read(ctx context.Context, p []byte, _ bool) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	n, err := i.readAtLocked(p, i.offset)
	i.offset += int64(n)
	return n, err
}

func (i *ioFile) readAt(p []byte, offset int64) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.readAtLocked(p, offset)
}

func (i *ioFile) readAtLocked(p []byte, offset int64) (int, error) {
	if r, ok := i.f.(io.ReaderAt); ok {
		return ioResult(r.ReadAt(p, offset))
	}
	if err := i.moveTo(offset); err != nil {
		if err == io.EOF {
			return 0, nil
		}
		return 0, err
	}
	n := 0
	for n < len(p) {
		m, err := i.f.Read(p[n:])
		if m < 0 || m > len(p)-n {
			return n, EIO
		}
		n += m
		i.at += int64(m)
		if err != nil {
			return ioResult(n, err)
		}
		if m == 0 {
			break
		}
	}
	return n, nil
}

// ioResult makes the end of a file what the file interface wants.
func ioResult(n int, err error) (int, error) {
	if err == nil || errors.Is(err, io.EOF) || n > 0 {
		return n, nil
	}
	return 0, ErrnoOf(err)
}

// moveTo brings f's own offset to offset, by reading where f can't seek; io.EOF means that the file ends before.
func (i *ioFile) moveTo(offset int64) error {
	if offset == i.at {
		return nil
	}
	if s, ok := i.f.(io.Seeker); ok {
		at, err := s.Seek(offset, io.SeekStart)
		if err != nil {
			return ErrnoOf(err)
		}
		i.at = at
		return nil
	}
	if offset < i.at {
		f, err := i.fsys.Open(i.path)
		if err != nil {
			return ErrnoOf(err)
		}
		i.f.Close()
		i.f, i.at = f, 0
	}
	if st, err := i.statLocked(); err == nil && uint64(offset) > st.Size {
		return io.EOF
	}
	n, err := io.CopyN(io.Discard, i.f, offset-i.at)
	i.at += n
	if err != nil && err != io.EOF {
		return ErrnoOf(err)
	}
	return err
}

func (i *ioFile) seek(offset int64, whence int) (int64, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	base := int64(0)
	switch whence {
	case io.SeekCurrent:
		base = i.offset
	case io.SeekEnd:
		st, err := i.statLocked()
		if err != nil {
			return 0, err
		}
		base = int64(min(st.Size, math.MaxInt64))
	}
	to, err := addOffset(base, offset)
	if err != nil {
		return 0, err
	}
	i.offset = to
	return to, nil
}

// addOffset is base+offset, which must be a valid offset in a file; base is one.
func addOffset(base, offset int64) (int64, error) {
	if offset > math.MaxInt64-base {
		return 0, EOVERFLOW
	}
	if base+offset < 0 {
		return 0, EINVAL
	}
	return base + offset, nil
}

func (i *ioFile) ready(_ context.Context, write, _ bool) (Readiness, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	st, err := i.statLocked()
	if err != nil || write || uint64(i.offset) >= st.Size {
		return Readiness{}, err
	}
	return Readiness{Bytes: st.Size - uint64(i.offset)}, nil
}

func (i *ioFile) close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return hostError(i.f.Close())
}

func (i *ioFile) write(context.Context, []byte, bool) (int, error) { return 0, EBADF }
func (i *ioFile) writeAt([]byte, int64) (int, error)               { return 0, EBADF }
func (i *ioFile) truncate(int64) error                             { return EROFS }
func (i *ioFile) allocate(int64, int64) error                      { return EROFS }
func (i *ioFile) advise(int64, int64, Advice) error                { return nil }
func (i *ioFile) sync(bool) error                                  { return nil }
func (i *ioFile) setTimes(Times) error                             { return EROFS }
func (i *ioFile) setAppend(bool) error                             { return nil }
