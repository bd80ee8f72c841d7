package fsbox

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// DefaultMemSize is the most that a file system in memory holds unless its maker says otherwise: 256 MiB.
const DefaultMemSize = 256 << 20

// nodeCost is what a file without content is charged for, beside the bytes of its names and of a link's target.
const nodeCost = 256

// maxName is the longest name in a file system in memory, in bytes; hosts have limits of their own.
const maxName = 255

// memFS is a file system in memory. One lock guards all of it: what it does under the lock is short.
type memFS struct {
	mu      sync.RWMutex
	max     int64        // bytes
	used    int64        // guarded by mu; names, nodes, and the content held, by chunks
	nextIno uint64       // guarded by mu
	now     func() int64 // nanoseconds since the Unix epoch
}

// memNode is a file; all fields but fs, ino and kind are guarded by fs.mu.
type memNode struct {
	fs   *memFS
	ino  uint64
	kind FileType

	nlink            uint64 // names; of a directory 2 and its subdirectories
	opens            int    // open files; the content goes when this and nlink are 0
	atim, mtim, ctim int64

	children map[string]*memNode // of a directory
	parent   *memNode            // of a directory; nil for the root, and once removed
	removed  bool                // a directory without a name
	target   string              // of a symbolic link
	content  memContent          // of a regular file
}

// NewMem is an empty file system in memory that holds up to max bytes (content, names, and a fixed charge per file); with max 0,
// DefaultMemSize. All who open it see the same files. It lives as long as it is referred to.
func NewMem(max int64) *FS {
	if max <= 0 {
		max = DefaultMemSize
	}
	m := &memFS{max: max, now: func() int64 { return time.Now().UnixNano() }}
	root := m.newNode(TypeDirectory)
	root.nlink = 2
	return &FS{root: func() (file, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.openNode(root), nil
	}}
}

// newNode makes a node without a name; the lock is held, or nobody else knows m yet.
func (m *memFS) newNode(kind FileType) *memNode {
	m.nextIno++
	t := m.now()
	n := &memNode{fs: m, ino: m.nextIno, kind: kind, atim: t, mtim: t, ctim: t}
	if kind == TypeDirectory {
		n.children = map[string]*memNode{}
	}
	return n
}

// openNode wraps a directory or a regular file; the lock is held.
func (m *memFS) openNode(n *memNode) file {
	n.opens++
	if n.kind == TypeDirectory {
		return &memDir{n: n}
	}
	return &memFile{n: n}
}

// charge takes room, or gives it back if n is negative; the lock is held.
func (m *memFS) charge(n int64) error {
	if n > 0 && m.used > m.max-n {
		return ENOSPC
	}
	m.used += n
	return nil
}

// closed counts an open file less; the lock is not held.
func (n *memNode) closed() {
	n.fs.mu.Lock()
	defer n.fs.mu.Unlock()
	n.opens--
	n.reap()
}

// reap gives back the room of a file that has no name and isn't open; the lock is held.
func (n *memNode) reap() {
	if n.opens > 0 || n.nlink > 0 {
		return
	}
	n.fs.charge(-n.content.drop())
}

func (n *memNode) statLocked() Stat {
	st := Stat{Dev: memDevice, Ino: n.ino, Type: n.kind, Nlink: n.nlink, Atim: n.atim, Mtim: n.mtim, Ctim: n.ctim}
	switch n.kind {
	case TypeRegular:
		st.Size = uint64(n.content.size)
	case TypeSymlink:
		st.Size = uint64(len(n.target))
	}
	return st
}

func (n *memNode) setTimesLocked(t Times) {
	if t.Atim.Set {
		n.atim = t.Atim.Nsec
	}
	if t.Mtim.Set {
		n.mtim = t.Mtim.Nsec
	}
	n.ctim = n.fs.now()
}

// add gives child a name in n, and charges for it; the lock is held and the name is free.
func (n *memNode) add(name string, child *memNode, cost int64) error {
	if n.removed {
		return ENOENT
	}
	if len(name) > maxName {
		return ENAMETOOLONG
	}
	if err := n.fs.charge(cost + int64(len(name))); err != nil {
		return err
	}
	n.children[name] = child
	if child.kind == TypeDirectory {
		child.parent = n
		n.nlink++
	} else {
		child.nlink++
	}
	n.changed()
	child.ctim = n.mtim
	return nil
}

// drop takes the name away from child; the lock is held.
func (n *memNode) drop(name string, child *memNode) {
	delete(n.children, name)
	cost := int64(len(name))
	if child.kind == TypeDirectory {
		child.parent = nil
		n.nlink--
	} else {
		child.nlink--
	}
	n.changed()
	child.ctim = n.mtim
	n.fs.charge(-cost)
}

// changed marks that the directory's entries did.
func (n *memNode) changed() {
	n.mtim = n.fs.now()
	n.ctim = n.mtim
}

// free gives back what the node itself was charged for, after its last name went; the lock is held.
func (n *memNode) free() {
	switch {
	case n.kind == TypeDirectory:
		n.removed, n.nlink = true, 0
	case n.nlink > 0:
		return
	}
	n.fs.charge(-nodeCost - int64(len(n.target)))
	n.reap()
}

// memDir is an open directory.
type memDir struct {
	directoryIO
	n *memNode
}

func (d *memDir) close() error {
	d.n.closed()
	return nil
}

// child looks a name up; the lock is held.
func (d *memDir) child(name string) (*memNode, error) {
	if name == "." {
		return d.n, nil
	}
	if len(name) > maxName {
		return nil, ENAMETOOLONG
	}
	c, ok := d.n.children[name]
	if !ok {
		return nil, ENOENT
	}
	return c, nil
}

func (d *memDir) enter(name string) (directory, error) {
	d.n.fs.mu.Lock()
	defer d.n.fs.mu.Unlock()
	c, err := d.child(name)
	if err != nil {
		return nil, err
	}
	if c.kind != TypeDirectory {
		return nil, ENOTDIR
	}
	c.opens++
	return &memDir{n: c}, nil
}

func (d *memDir) open(name string, flags OpenFlag) (file, error) {
	m := d.n.fs
	m.mu.Lock()
	defer m.mu.Unlock()
	c, err := d.child(name)
	switch {
	case err == ENOENT && flags&OpenCreate != 0:
		c = m.newNode(TypeRegular)
		if err := d.n.add(name, c, nodeCost); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	case flags&(OpenCreate|OpenExclusive) == OpenCreate|OpenExclusive:
		return nil, EEXIST
	case c.kind == TypeSymlink:
		return nil, ELOOP
	case c.kind == TypeDirectory:
		if flags&(OpenWrite|OpenCreate|OpenTruncate) != 0 {
			return nil, EISDIR
		}
	case flags&OpenDirectory != 0:
		return nil, ENOTDIR
	}
	if flags&OpenTruncate != 0 && c.kind == TypeRegular {
		c.truncateLocked(0)
	}
	return m.openNode(c), nil
}

func (d *memDir) stat() (Stat, error) { return d.lstat(".") }

func (d *memDir) lstat(name string) (Stat, error) {
	d.n.fs.mu.RLock()
	defer d.n.fs.mu.RUnlock()
	c, err := d.child(name)
	if err != nil {
		return Stat{}, err
	}
	return c.statLocked(), nil
}

func (d *memDir) readlink(name string) (string, error) {
	d.n.fs.mu.RLock()
	defer d.n.fs.mu.RUnlock()
	c, err := d.child(name)
	if err != nil {
		return "", err
	}
	if c.kind != TypeSymlink {
		return "", EINVAL
	}
	return c.target, nil
}

func (d *memDir) setLinkTimes(name string, t Times) error {
	d.n.fs.mu.Lock()
	defer d.n.fs.mu.Unlock()
	c, err := d.child(name)
	if err != nil {
		return err
	}
	c.setTimesLocked(t)
	return nil
}

func (d *memDir) setTimes(t Times) error { return d.setLinkTimes(".", t) }

func (d *memDir) mkdir(name string) error {
	m := d.n.fs
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := d.child(name); err != ENOENT {
		return existing(err)
	}
	c := m.newNode(TypeDirectory)
	c.nlink = 2
	return d.n.add(name, c, nodeCost)
}

// existing is the error of making something under a name whose look-up gave err: EEXIST if that was found.
func existing(err error) error {
	if err == nil {
		return EEXIST
	}
	return err
}

func (d *memDir) symlink(target, name string) error {
	m := d.n.fs
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := d.child(name); err != ENOENT {
		return existing(err)
	}
	c := m.newNode(TypeSymlink)
	c.target = target
	return d.n.add(name, c, nodeCost+int64(len(target)))
}

func (d *memDir) rmdir(name string) error {
	d.n.fs.mu.Lock()
	defer d.n.fs.mu.Unlock()
	c, err := d.child(name)
	switch {
	case err != nil:
		return err
	case c.kind != TypeDirectory:
		return ENOTDIR
	case len(c.children) > 0:
		return ENOTEMPTY
	}
	d.n.drop(name, c)
	c.free()
	return nil
}

func (d *memDir) unlink(name string) error {
	d.n.fs.mu.Lock()
	defer d.n.fs.mu.Unlock()
	c, err := d.child(name)
	switch {
	case err != nil:
		return err
	case c.kind == TypeDirectory:
		return EISDIR
	}
	d.n.drop(name, c)
	c.free()
	return nil
}

// peer is to as a directory of the same file system.
func (d *memDir) peer(to directory) (*memDir, error) {
	other, ok := to.(*memDir)
	if !ok || other.n.fs != d.n.fs {
		return nil, EXDEV
	}
	return other, nil
}

func (d *memDir) link(name string, to directory, toName string) error {
	other, err := d.peer(to)
	if err != nil {
		return err
	}
	d.n.fs.mu.Lock()
	defer d.n.fs.mu.Unlock()
	c, err := d.child(name)
	if err != nil {
		return err
	}
	if c.kind == TypeDirectory {
		return EPERM
	}
	if _, err := other.child(toName); err != ENOENT {
		return existing(err)
	}
	return other.n.add(toName, c, 0)
}

func (d *memDir) rename(name string, to directory, toName string) error {
	other, err := d.peer(to)
	if err != nil {
		return err
	}
	d.n.fs.mu.Lock()
	defer d.n.fs.mu.Unlock()
	c, err := d.child(name)
	if err != nil {
		return err
	}
	for n := other.n; c.kind == TypeDirectory && n != nil; n = n.parent {
		if n == c {
			return EINVAL // into itself
		}
	}
	if other.n.removed {
		return ENOENT
	}
	was, err := other.child(toName)
	switch {
	case err == ENOENT:
		was = nil
	case err != nil:
		return err
	case was == c:
		return nil
	case was.kind == TypeDirectory && c.kind != TypeDirectory:
		return EISDIR
	case was.kind != TypeDirectory && c.kind == TypeDirectory:
		return ENOTDIR
	case len(was.children) > 0:
		return ENOTEMPTY
	}
	// The longer name is charged for first, so that nothing has changed if there is no room.
	grows := max(int64(len(toName)-len(name)), 0)
	if err := d.n.fs.charge(grows); err != nil {
		return err
	}
	d.n.fs.charge(-grows)
	if was != nil {
		other.n.drop(toName, was)
		was.free()
	}
	d.n.drop(name, c)
	return other.n.add(toName, c, 0)
}

func (d *memDir) list(rewind bool) ([]DirEntry, error) {
	if !rewind {
		return nil, nil
	}
	d.n.fs.mu.RLock()
	defer d.n.fs.mu.RUnlock()
	entries := make([]DirEntry, 0, len(d.n.children))
	for name, c := range d.n.children {
		entries = append(entries, DirEntry{Name: name, Ino: c.ino, Type: c.kind})
	}
	slices.SortFunc(entries, func(a, b DirEntry) int { return strings.Compare(a.Name, b.Name) })
	return entries, nil
}

func (d *memDir) sync(bool) error { return nil }
