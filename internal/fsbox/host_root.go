package fsbox

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"
)

// rootDir is an open directory of the host on systems without openat (Windows before all): an [os.Root] per directory. The walker gives
// it single names and steps over links itself; should a name turn into a link in between, the os.Root keeps what follows below this
// directory.
//
// Renaming and linking from one directory to another goes through the os.Root of the whole file system, with both directories' paths,
// after a check that these still name the same directories: a race can misplace a file then, but not out of the tree.
type rootDir struct {
	directoryIO
	base  *os.Root // of the whole tree; owned by the directory that the embedder opened
	path  string   // of this directory below base, "." for itself
	owner bool     // close closes base
	root  *os.Root
	lists *os.File // open while the directory is listed
}

// openRootDir opens a directory of the host by the embedder's path; links in it are followed.
func openRootDir(path string) (file, error) {
	base, err := os.OpenRoot(path)
	if err != nil {
		return nil, rootError(err)
	}
	root, err := base.OpenRoot(".")
	if err != nil {
		base.Close()
		return nil, rootError(err)
	}
	d := &rootDir{base: base, path: ".", owner: true, root: root}
	if st, err := d.stat(); err != nil || st.Type != TypeDirectory {
		d.close()
		return nil, ENOTDIR
	}
	return d, nil
}

// rootError is err as Errno; what os.Root refuses with an error of its own is EPERM.
func rootError(err error) error {
	if err == nil {
		return nil
	}
	e := ErrnoOf(err)
	var number syscall.Errno
	if e == EIO && !errors.As(err, &number) {
		return EPERM
	}
	return e
}

func (d *rootDir) join(name string) string {
	switch {
	case name == ".":
		return d.path
	case d.path == ".":
		return name
	}
	return d.path + string(os.PathSeparator) + name
}

func (d *rootDir) close() error {
	if d.lists != nil {
		d.lists.Close()
	}
	err := d.root.Close()
	if d.owner {
		err = errors.Join(err, d.base.Close())
	}
	return rootError(err)
}

// openDir opens the directory of that name, which is no link.
func (d *rootDir) openDir(name string) (*rootDir, error) {
	fi, err := d.root.Lstat(name)
	if err != nil {
		return nil, rootError(err)
	}
	if !fi.IsDir() {
		return nil, ENOTDIR
	}
	root, err := d.root.OpenRoot(name)
	if err != nil {
		return nil, rootError(err)
	}
	return &rootDir{base: d.base, path: d.join(name), root: root}, nil
}

func (d *rootDir) enter(name string) (directory, error) {
	sub, err := d.openDir(name)
	if err != nil {
		return nil, err
	}
	return sub, nil
}

func (d *rootDir) open(name string, flags OpenFlag) (file, error) {
	fi, err := d.root.Lstat(name)
	switch {
	case err != nil && (flags&OpenCreate == 0 || !errors.Is(err, fs.ErrNotExist)):
		return nil, rootError(err)
	case err != nil: // to be created
	case flags&(OpenCreate|OpenExclusive) == OpenCreate|OpenExclusive:
		return nil, EEXIST
	case fi.Mode()&fs.ModeSymlink != 0:
		return nil, ELOOP
	case fi.IsDir():
		if flags&(OpenWrite|OpenCreate|OpenTruncate) != 0 {
			return nil, EISDIR
		}
		sub, err := d.openDir(name)
		if err != nil {
			return nil, err
		}
		return sub, nil
	case flags&OpenDirectory != 0:
		return nil, ENOTDIR
	case !fi.Mode().IsRegular():
		return nil, ENXIO // without O_NONBLOCK the open of a FIFO or a device could wait
	}
	how := os.O_RDONLY
	switch flags & (OpenRead | OpenWrite) {
	case OpenWrite:
		how = os.O_WRONLY
	case OpenRead | OpenWrite:
		how = os.O_RDWR
	}
	if flags&OpenCreate != 0 {
		how |= os.O_CREATE
	}
	if flags&OpenExclusive != 0 {
		how |= os.O_EXCL
	}
	if flags&OpenTruncate != 0 {
		if how == os.O_RDONLY {
			how = os.O_RDWR // Windows truncates only what is open for writing
		}
		how |= os.O_TRUNC
	}
	f, err := d.root.OpenFile(name, how, 0o666)
	if err != nil {
		return nil, rootError(err)
	}
	if fi, err := f.Stat(); err != nil || !fi.Mode().IsRegular() {
		f.Close()
		return nil, ENXIO
	}
	return &rootFile{f: f}, nil
}

func (d *rootDir) stat() (Stat, error) { return d.lstat(".") }

func (d *rootDir) lstat(name string) (Stat, error) {
	fi, err := d.root.Lstat(name)
	if err != nil {
		return Stat{}, rootError(err)
	}
	st := statOfInfo(fi)
	if st.Ino == 0 && (fi.Mode().IsRegular() || fi.IsDir()) {
		// The numbers are known of open files only.
		if f, err := d.root.Open(name); err == nil {
			fillIdentity(&st, f)
			f.Close()
		}
	}
	return st, nil
}

// statOfInfo is what os tells about a file in a Stat.
func statOfInfo(fi fs.FileInfo) Stat {
	mtim := fi.ModTime().UnixNano()
	st := Stat{Type: typeOfInfo(fi.Mode()), Nlink: 1, Size: uint64(max(fi.Size(), 0)), Atim: mtim, Mtim: mtim, Ctim: mtim}
	fillSystemStat(&st, fi)
	return st
}

func typeOfInfo(m fs.FileMode) FileType {
	switch {
	case m.IsRegular():
		return TypeRegular
	case m.IsDir():
		return TypeDirectory
	case m&fs.ModeSymlink != 0:
		return TypeSymlink
	case m&fs.ModeCharDevice != 0:
		return TypeCharDevice
	case m&fs.ModeDevice != 0:
		return TypeBlockDevice
	case m&fs.ModeNamedPipe != 0:
		return TypeFIFO
	case m&fs.ModeSocket != 0:
		return TypeSocketStream
	}
	return TypeUnknown
}

func (d *rootDir) readlink(name string) (string, error) {
	target, err := d.root.Readlink(name)
	if err != nil {
		if fi, serr := d.root.Lstat(name); serr == nil && fi.Mode()&fs.ModeSymlink == 0 {
			return "", EINVAL
		}
		return "", rootError(err)
	}
	return slashTarget(target), nil
}

func (d *rootDir) setLinkTimes(name string, t Times) error {
	fi, err := d.root.Lstat(name)
	if err != nil {
		return rootError(err)
	}
	if fi.Mode()&fs.ModeSymlink != 0 {
		return ENOTSUP // os.Root would set the times of what it points to
	}
	return rootError(d.root.Chtimes(name, timeOf(t.Atim), timeOf(t.Mtim)))
}

// timeOf is a time for Chtimes, which leaves zero times alone.
func timeOf(t Timestamp) time.Time {
	if !t.Set {
		return time.Time{}
	}
	return time.Unix(0, t.Nsec)
}

func (d *rootDir) setTimes(t Times) error { return d.setLinkTimes(".", t) }

func (d *rootDir) mkdir(name string) error { return rootError(d.root.Mkdir(name, 0o777)) }

func (d *rootDir) rmdir(name string) error {
	fi, err := d.root.Lstat(name)
	if err != nil {
		return rootError(err)
	}
	if !fi.IsDir() {
		return ENOTDIR
	}
	return rootError(d.root.Remove(name))
}

func (d *rootDir) unlink(name string) error {
	fi, err := d.root.Lstat(name)
	if err != nil {
		return rootError(err)
	}
	if fi.IsDir() {
		return EISDIR
	}
	return rootError(d.root.Remove(name))
}

func (d *rootDir) symlink(target, name string) error {
	if _, err := d.root.Lstat(name); err == nil {
		return EEXIST
	}
	return rootError(d.root.Symlink(hostTarget(target), name))
}

// inBase checks that the directory is still where its path says.
func (d *rootDir) inBase() error {
	here, err := d.root.Stat(".")
	if err != nil {
		return rootError(err)
	}
	there, err := d.base.Stat(d.path)
	if err != nil {
		return ENOENT
	}
	if !os.SameFile(here, there) {
		return ESTALE
	}
	return nil
}

// pair prepares an operation between two directories.
func (d *rootDir) pair(to directory) (*rootDir, error) {
	other, ok := to.(*rootDir)
	if !ok || other.base != d.base {
		return nil, EXDEV
	}
	if err := d.inBase(); err != nil {
		return nil, err
	}
	return other, other.inBase()
}

func (d *rootDir) link(name string, to directory, toName string) error {
	other, err := d.pair(to)
	if err != nil {
		return err
	}
	return rootError(d.base.Link(d.join(name), other.join(toName)))
}

func (d *rootDir) rename(name string, to directory, toName string) error {
	other, err := d.pair(to)
	if err != nil {
		return err
	}
	// Not every system under os.Root tells a directory and a file in the way apart as POSIX does, or replaces an empty directory.
	if old, err := d.root.Lstat(name); err != nil {
		return rootError(err)
	} else if was, err := other.root.Lstat(toName); err == nil {
		switch {
		case os.SameFile(old, was):
			return nil
		case was.IsDir() && !old.IsDir():
			return EISDIR
		case !was.IsDir() && old.IsDir():
			return ENOTDIR
		case was.IsDir():
			if strings.HasPrefix(other.join(toName), d.join(name)+string(os.PathSeparator)) {
				return EINVAL
			}
			if err := other.root.Remove(toName); err != nil {
				return rootError(err)
			}
		}
	}
	return rootError(d.base.Rename(d.join(name), other.join(toName)))
}

func (d *rootDir) list(rewind bool) ([]DirEntry, error) {
	if rewind && d.lists != nil {
		d.lists.Close()
		d.lists = nil
	}
	if d.lists == nil {
		f, err := d.root.Open(".")
		if err != nil {
			return nil, rootError(err)
		}
		d.lists = f
	}
	// The types come with the names on the systems that this is for.
	found, err := d.lists.ReadDir(100)
	if err != nil && err != io.EOF {
		return nil, rootError(err)
	}
	entries := make([]DirEntry, len(found))
	for i, e := range found {
		entries[i] = DirEntry{Name: e.Name(), Type: typeOfInfo(e.Type())}
	}
	return entries, nil
}

func (d *rootDir) sync(bool) error { return nil } // directories can't be synced by os on these systems
