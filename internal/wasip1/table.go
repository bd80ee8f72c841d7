package wasip1

import (
	"context"
	"sync"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// object is what a descriptor stands for. Its methods may be called from several goroutines, also while and after close, when they fail.
type object interface {
	// kind is what the object is, which decides about the rights that make sense.
	kind() objectKind
	stat() (fsbox.Stat, error)
	status() fsbox.StatusFlag
	setStatus(s fsbox.StatusFlag) error
	read(ctx context.Context, p []byte) (int, error)
	write(ctx context.Context, p []byte) (int, error)
	// poll says whether a read (or write) would not wait, EAGAIN if it would; await waits until it wouldn't, or until ctx ends.
	poll(write bool) (fsbox.Readiness, error)
	await(ctx context.Context, write bool) (fsbox.Readiness, error)
	close() error
}

// objectKind is a kind of object.
type objectKind uint8

const (
	kindStream objectKind = iota // stdio, FIFOs and devices
	kindFile
	kindDirectory
	kindConn
	kindListener
)

// kindRights are the rights that make sense on an object of a kind.
var kindRights = [...]rights{
	kindStream: streamRights, kindFile: fileRights, kindDirectory: directoryRights, kindConn: connRights, kindListener: listenerRights,
}

// lacks is the error of an operation that makes no sense on an object of a kind, given the rights that it would need.
func (k objectKind) lacks(need rights) error {
	switch {
	case need&(rightSockAccept|rightSockShutdown) != 0:
		if k == kindConn || k == kindListener {
			return fsbox.EINVAL
		}
		return fsbox.ENOTSOCK
	case need&(pathRights|rightFDReaddir) != 0:
		return fsbox.ENOTDIR
	case k == kindDirectory:
		if need&(rightFDRead|rightFDWrite) != 0 {
			return fsbox.EISDIR
		}
		return fsbox.EBADF
	case need&(rightFDSeek|rightFDTell|rightFDAdvise) != 0:
		return fsbox.ESPIPE
	}
	return fsbox.EINVAL
}

// descriptor is an entry of the table. Entries are immutable but for their rights, which table.mu guards.
type descriptor struct {
	object           object
	base, inheriting rights
	preopen          string // the name, if preopened
	preopened        bool
}

// file is the object as a file.
func (d *descriptor) file() (*fsbox.File, error) {
	f, ok := d.object.(fileObject)
	if !ok {
		return nil, fsbox.EINVAL
	}
	return f.File, nil
}

// table is a program's descriptors.
type table struct {
	mu      sync.RWMutex
	entries []*descriptor // guarded by mu; nil where free
	free    int           // guarded by mu; no entry below it is free
	open    int           // guarded by mu
	max     int
}

// add gives d the lowest free number; EMFILE if all are taken. The table owns d then.
func (t *table) add(d *descriptor) (uint32, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.free < len(t.entries) && t.entries[t.free] != nil {
		t.free++
	}
	if t.free >= t.max {
		return 0, fsbox.EMFILE
	}
	if t.free == len(t.entries) {
		t.entries = append(t.entries, nil)
	}
	t.entries[t.free] = d
	t.open++
	return uint32(t.free), nil
}

// full reports whether add would fail now.
func (t *table) full() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.open >= t.max
}

// at is the entry with a number; mu is held.
func (t *table) at(fd uint64) (*descriptor, error) {
	if i := uint64(uint32(fd)); i < uint64(len(t.entries)) && t.entries[i] != nil {
		return t.entries[i], nil
	}
	return nil, fsbox.EBADF
}

// get is the descriptor with a number, if it has all the rights needed.
func (t *table) get(fd uint64, need rights) (*descriptor, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	d, err := t.at(fd)
	if err != nil {
		return nil, err
	}
	if missing := need &^ d.base; missing != 0 {
		k := d.object.kind()
		if senseless := missing &^ kindRights[k]; senseless != 0 {
			return nil, k.lacks(senseless)
		}
		return nil, fsbox.ENOTCAPABLE
	}
	return d, nil
}

// file is get for what only files and directories have.
func (t *table) file(fd uint64, need rights) (*fsbox.File, error) {
	d, err := t.get(fd, need)
	if err != nil {
		return nil, err
	}
	return d.file()
}

// rights are the rights of a descriptor.
func (t *table) rights(fd uint64) (base, inheriting rights, err error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	d, err := t.at(fd)
	if err != nil {
		return 0, 0, err
	}
	return d.base, d.inheriting, nil
}

// rightToTell is the right by which a descriptor may tell its offset: that to seek, which implies it, or that to tell.
func (t *table) rightToTell(fd uint64) rights {
	if base, _, err := t.rights(fd); err == nil && base&rightFDSeek != 0 {
		return rightFDSeek
	}
	return rightFDTell
}

// restrict takes rights away; ENOTCAPABLE if any would be new.
func (t *table) restrict(fd uint64, base, inheriting rights) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	d, err := t.at(fd)
	if err != nil {
		return err
	}
	if base&^d.base != 0 || inheriting&^d.inheriting != 0 {
		return fsbox.ENOTCAPABLE
	}
	d.base, d.inheriting = base, inheriting
	return nil
}

// remove takes a descriptor out; the caller closes its object.
func (t *table) remove(fd uint64) (*descriptor, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	d, err := t.at(fd)
	if err != nil {
		return nil, err
	}
	t.clear(int(uint32(fd)))
	return d, nil
}

// clear frees a number; mu is held for writing.
func (t *table) clear(i int) {
	t.entries[i] = nil
	t.open--
	t.free = min(t.free, i)
}

// renumber moves a descriptor to the number of another, which it returns for the caller to close; nil if they are the same.
func (t *table) renumber(from, to uint64) (*descriptor, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	d, err := t.at(from)
	if err != nil {
		return nil, err
	}
	old, err := t.at(to)
	if err != nil || old == d {
		return nil, err
	}
	t.entries[uint32(to)] = d
	t.clear(int(uint32(from)))
	return old, nil
}

// drain empties the table for good.
func (t *table) drain() []*descriptor {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []*descriptor
	for _, d := range t.entries {
		if d != nil {
			all = append(all, d)
		}
	}
	t.entries, t.open, t.free, t.max = nil, 0, 0, 0
	return all
}

// fileObject is a file of a file system as an object.
type fileObject struct{ *fsbox.File }

func (f fileObject) kind() objectKind {
	if f.IsDir() {
		return kindDirectory
	}
	if f.IsStream() {
		return kindStream
	}
	return kindFile
}

func (f fileObject) stat() (fsbox.Stat, error)          { return f.Stat() }
func (f fileObject) status() fsbox.StatusFlag           { return f.Status() }
func (f fileObject) setStatus(s fsbox.StatusFlag) error { return f.SetStatus(s) }
func (f fileObject) close() error                       { return f.Close() }

func (f fileObject) read(ctx context.Context, p []byte) (int, error)  { return f.Read(ctx, p) }
func (f fileObject) write(ctx context.Context, p []byte) (int, error) { return f.Write(ctx, p) }

func (f fileObject) poll(write bool) (fsbox.Readiness, error) { return f.Poll(write) }

func (f fileObject) await(ctx context.Context, write bool) (fsbox.Readiness, error) {
	return f.Ready(ctx, write)
}
