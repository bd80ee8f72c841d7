//go:build linux || darwin || freebsd || netbsd || openbsd

package fsbox

import (
	"os"

	"golang.org/x/sys/unix"
)

// openHostRoot opens a directory of the host by the embedder's path; links in it are followed.
func openHostRoot(path string) (file, error) {
	fd, err := openRetrying(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, ErrnoOf(err)
	}
	return newHostDir(fd, path), nil
}

// hostDir is an open directory of the host. All it does is relative to its descriptor and to one name in it.
type hostDir struct {
	directoryIO
	fd     int
	f      *os.File // owns fd; nil in a directory that the walker entered, which owns fd itself
	dirent direntReader
}

// newHostDir takes the descriptor over.
func newHostDir(fd int, name string) *hostDir {
	return &hostDir{fd: fd, f: os.NewFile(uintptr(fd), name)}
}

func (d *hostDir) close() error {
	if d.f != nil {
		return hostError(d.f.Close())
	}
	return hostError(unix.Close(d.fd))
}

// openRetrying is openat, started again when a signal interrupts it (FUSE and network file systems).
func openRetrying(dir int, name string, flags int, mode uint32) (int, error) {
	for {
		fd, err := unix.Openat(dir, name, flags, mode)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// retrying runs a system call again as long as a signal interrupts it.
func retrying(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return hostError(err)
		}
	}
}

func (d *hostDir) enter(name string) (directory, error) {
	fd, err := openRetrying(d.fd, name, openSearch|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, ErrnoOf(err)
	}
	return &hostDir{fd: fd}, nil
}

func (d *hostDir) open(name string, flags OpenFlag) (file, error) {
	// O_NONBLOCK keeps the open of a FIFO or a device from waiting, O_NOCTTY a terminal from becoming the process's own.
	how := unix.O_NOFOLLOW | unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY
	switch flags & (OpenRead | OpenWrite) {
	case OpenWrite:
		how |= unix.O_WRONLY
	case OpenRead | OpenWrite:
		how |= unix.O_RDWR
	}
	if flags&OpenCreate != 0 {
		how |= unix.O_CREAT
	}
	if flags&OpenExclusive != 0 {
		how |= unix.O_EXCL
	}
	if flags&OpenTruncate != 0 {
		how |= unix.O_TRUNC
	}
	if flags&OpenDirectory != 0 {
		how |= unix.O_DIRECTORY
	}
	fd, err := openRetrying(d.fd, name, how, 0o666)
	if err != nil {
		return nil, ErrnoOf(err)
	}
	return newHostNode(fd, name)
}

// newHostNode takes over a descriptor just opened and wraps it by the type of its file.
func newHostNode(fd int, name string) (file, error) {
	st, err := statFD(fd)
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	t := st.Type
	if t == TypeDirectory || t == TypeRegular {
		// Neither waits in the sense of O_NONBLOCK; without it os doesn't try to hand them to its poller.
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFL, 0); err != nil {
			unix.Close(fd)
			return nil, ErrnoOf(err)
		}
	}
	if t == TypeDirectory {
		return newHostDir(fd, name), nil
	}
	return &hostFile{fd: fd, f: os.NewFile(uintptr(fd), name), stream: t != TypeRegular && t != TypeBlockDevice}, nil
}

func (d *hostDir) stat() (Stat, error) { return statFD(d.fd) }

func (d *hostDir) lstat(name string) (Stat, error) {
	if name == "." {
		return statFD(d.fd)
	}
	var st unix.Stat_t
	for {
		err := unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW)
		if err == nil {
			return statOf(&st), nil
		}
		if err != unix.EINTR {
			return Stat{}, ErrnoOf(err)
		}
	}
}

// statFD describes the file of an open descriptor.
func statFD(fd int) (Stat, error) {
	var st unix.Stat_t
	for {
		err := unix.Fstat(fd, &st)
		if err == nil {
			return statOf(&st), nil
		}
		if err != unix.EINTR {
			return Stat{}, ErrnoOf(err)
		}
	}
}

func statOf(st *unix.Stat_t) Stat {
	return Stat{
		Dev:   uint64(st.Dev),
		Ino:   uint64(st.Ino),
		Type:  typeOfMode(uint32(st.Mode)),
		Nlink: uint64(st.Nlink),
		Size:  uint64(st.Size),
		Atim:  st.Atim.Nano(),
		Mtim:  st.Mtim.Nano(),
		Ctim:  st.Ctim.Nano(),
	}
}

func typeOfMode(mode uint32) FileType {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return TypeRegular
	case unix.S_IFDIR:
		return TypeDirectory
	case unix.S_IFLNK:
		return TypeSymlink
	case unix.S_IFCHR:
		return TypeCharDevice
	case unix.S_IFBLK:
		return TypeBlockDevice
	case unix.S_IFIFO:
		return TypeFIFO
	case unix.S_IFSOCK:
		return TypeSocketStream
	}
	return TypeUnknown
}

func (d *hostDir) readlink(name string) (string, error) {
	buf := make([]byte, 256)
	for {
		var n int
		err := retrying(func() (err error) {
			n, err = unix.Readlinkat(d.fd, name, buf)
			return err
		})
		if err != nil {
			return "", err
		}
		if n < len(buf) {
			return string(buf[:n]), nil
		}
		if len(buf) > maxPath {
			return "", ENAMETOOLONG
		}
		buf = make([]byte, 4*len(buf))
	}
}

func (d *hostDir) setLinkTimes(name string, t Times) error {
	ts := timespecs(t)
	return retrying(func() error { return unix.UtimesNanoAt(d.fd, name, ts[:], unix.AT_SYMLINK_NOFOLLOW) })
}

func (d *hostDir) setTimes(t Times) error { return d.setLinkTimes(".", t) }

// timespecs are the two times in the form of utimensat.
func timespecs(t Times) (ts [2]unix.Timespec) {
	for i, v := range [2]Timestamp{t.Atim, t.Mtim} {
		if v.Set {
			ts[i] = unix.NsecToTimespec(v.Nsec)
		} else {
			// The conversion fits: the marker is a small number on every system.
			ts[i].Nsec = utimeOmit
		}
	}
	return ts
}

func (d *hostDir) mkdir(name string) error {
	return retrying(func() error { return unix.Mkdirat(d.fd, name, 0o777) })
}

func (d *hostDir) rmdir(name string) error {
	return retrying(func() error { return unix.Unlinkat(d.fd, name, unix.AT_REMOVEDIR) })
}

func (d *hostDir) unlink(name string) error {
	err := retrying(func() error { return unix.Unlinkat(d.fd, name, 0) })
	if err == EPERM {
		// What POSIX says of directories; Linux is clearer.
		if st, serr := d.lstat(name); serr == nil && st.Type == TypeDirectory {
			return EISDIR
		}
	}
	return err
}

func (d *hostDir) symlink(target, name string) error {
	return retrying(func() error { return unix.Symlinkat(target, d.fd, name) })
}

func (d *hostDir) link(name string, to directory, toName string) error {
	other, ok := to.(*hostDir)
	if !ok {
		return EXDEV
	}
	return retrying(func() error { return unix.Linkat(d.fd, name, other.fd, toName, 0) })
}

func (d *hostDir) rename(name string, to directory, toName string) error {
	other, ok := to.(*hostDir)
	if !ok {
		return EXDEV
	}
	return retrying(func() error { return unix.Renameat(d.fd, name, other.fd, toName) })
}

func (d *hostDir) sync(dataOnly bool) error {
	return retrying(func() error { return unix.Fsync(d.fd) })
}
