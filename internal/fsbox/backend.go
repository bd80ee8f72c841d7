package fsbox

import "context"

// FileType is the type of a file.
type FileType uint8

// The file types. The first eight have the numbers of WASI preview 1's filetype, which has none for a FIFO.
const (
	TypeUnknown FileType = iota
	TypeBlockDevice
	TypeCharDevice
	TypeDirectory
	TypeRegular
	TypeSocketDgram
	TypeSocketStream
	TypeSymlink
	TypeFIFO
)

// Stat is what is known about a file. Times are nanoseconds since the Unix epoch; a file system that keeps only some of them repeats the
// time of modification. Ino is 0 where a file system has no such numbers.
type Stat struct {
	Dev, Ino         uint64
	Type             FileType
	Nlink            uint64
	Size             uint64 // bytes
	Atim, Mtim, Ctim int64
}

// Timestamp is a time to set, in nanoseconds since the Unix epoch, or none: the zero value leaves the file's as it is.
type Timestamp struct {
	Set  bool
	Nsec int64
}

// Times are the times to set on a file.
type Times struct{ Atim, Mtim Timestamp }

// DirEntry is one name in a directory. Ino may be 0 and Type TypeUnknown where finding out would cost an operation per entry.
type DirEntry struct {
	Name string
	Ino  uint64
	Type FileType
}

// OpenFlag says how to open a file.
type OpenFlag uint8

// The ways to open a file. Without OpenRead or OpenWrite the file can be inspected only. OpenCreate makes a regular file if none exists,
// OpenExclusive with it fails if one does, OpenDirectory fails on all else than a directory.
const (
	OpenRead OpenFlag = 1 << iota
	OpenWrite
	OpenCreate
	OpenExclusive
	OpenTruncate
	OpenDirectory
)

// StatusFlag is a property of an open file that can be changed later.
type StatusFlag uint8

// The status flags: writes go to the end; reads and writes that would wait fail with EAGAIN; every write returns when its data
// (StatusDataSync) or all of the file (StatusSync) is on the medium.
const (
	StatusAppend StatusFlag = 1 << iota
	StatusNonblock
	StatusDataSync
	StatusSync
)

// Advice is what a program tells about its future use of a part of a file.
type Advice uint8

// The kinds of advice, with the numbers of WASI preview 1.
const (
	AdviceNormal Advice = iota
	AdviceSequential
	AdviceRandom
	AdviceWillNeed
	AdviceDontNeed
	AdviceNoReuse
)

// file is an open file of a backend. Its methods may be called from several goroutines, but none after close: File counts its users.
// At the end of the file reads return 0 and no error. Access modes are checked by File.
type file interface {
	stat() (Stat, error)
	// read and write use and move the file's own offset. A wait ends with ctx's error when ctx does, and is EAGAIN with nonblock.
	read(ctx context.Context, p []byte, nonblock bool) (int, error)
	write(ctx context.Context, p []byte, nonblock bool) (int, error)
	readAt(p []byte, offset int64) (int, error)
	writeAt(p []byte, offset int64) (int, error)
	seek(offset int64, whence int) (int64, error)
	truncate(size int64) error
	// allocate makes the file at least offset+n bytes long and reserves room where the system can.
	allocate(offset, n int64) error
	advise(offset, n int64, a Advice) error
	sync(dataOnly bool) error
	setTimes(t Times) error
	setAppend(on bool) error
	// ready waits until a read (or write) would not wait; see File.Ready. Without wait it is EAGAIN if it would.
	ready(ctx context.Context, write, wait bool) (Readiness, error)
	close() error
}

// directory is an open directory of a backend. The names given to its methods are single components (never empty, "." or "..", without
// a slash or NUL), except that open, lstat and setTimes also take ".". No method follows a symbolic link: met in the place of a directory
// or by open it gives ENOTDIR or ELOOP, and the walker asks readlink what it was.
type directory interface {
	// enter opens a directory only to resolve names in it.
	enter(name string) (directory, error)
	// open returns a file that is also a directory if that is what it opened.
	open(name string, flags OpenFlag) (file, error)
	lstat(name string) (Stat, error)
	readlink(name string) (string, error)
	setLinkTimes(name string, t Times) error
	mkdir(name string) error
	rmdir(name string) error
	unlink(name string) error
	symlink(target, name string) error
	// link and rename fail with EXDEV if to is of another file system.
	link(name string, to directory, toName string) error
	rename(name string, to directory, toName string) error
	// list returns the next entries without "." and "..", in batches of the backend's choice, none at the end; rewind starts anew.
	// Calls are not concurrent.
	list(rewind bool) ([]DirEntry, error)
	close() error
}

// Readiness is what a wait for a file found.
type Readiness struct {
	Bytes  uint64 // known to be available to read; 1 where only their presence is known
	Hangup bool   // the other end is gone
}

// directoryIO is embedded in backends' directories, which are also files: it answers the operations that a directory doesn't have.
type directoryIO struct{}

func (directoryIO) read(context.Context, []byte, bool) (int, error)      { return 0, EISDIR }
func (directoryIO) write(context.Context, []byte, bool) (int, error)     { return 0, EISDIR }
func (directoryIO) readAt([]byte, int64) (int, error)                    { return 0, EISDIR }
func (directoryIO) writeAt([]byte, int64) (int, error)                   { return 0, EISDIR }
func (directoryIO) seek(int64, int) (int64, error)                       { return 0, EISDIR }
func (directoryIO) truncate(int64) error                                 { return EISDIR }
func (directoryIO) allocate(int64, int64) error                          { return EISDIR }
func (directoryIO) advise(int64, int64, Advice) error                    { return EBADF }
func (directoryIO) setAppend(bool) error                                 { return nil }
func (directoryIO) ready(context.Context, bool, bool) (Readiness, error) { return Readiness{}, nil }

// readOnlyDirectory is embedded in the directories of backends that can't be written.
type readOnlyDirectory struct{}

func (readOnlyDirectory) setLinkTimes(string, Times) error       { return EROFS }
func (readOnlyDirectory) mkdir(string) error                     { return EROFS }
func (readOnlyDirectory) rmdir(string) error                     { return EROFS }
func (readOnlyDirectory) unlink(string) error                    { return EROFS }
func (readOnlyDirectory) symlink(string, string) error           { return EROFS }
func (readOnlyDirectory) link(string, directory, string) error   { return EROFS }
func (readOnlyDirectory) rename(string, directory, string) error { return EROFS }
