package fsbox

import "io/fs"

// FS is a file system that can be given to guests: where its root comes from, and whether it may be changed. It is immutable and safe
// for concurrent use; several guests may hold it open at once.
type FS struct {
	root     func() (file, error) // opens the root, which is a directory
	readOnly bool
}

// HostDir is the tree below a directory of the host. The path is the embedder's: symbolic links in it are followed, once, by Open.
func HostDir(path string) *FS {
	return &FS{root: func() (file, error) { return openHostRoot(path) }}
}

// FromFS is the tree of an io/fs file system, read-only. Symbolic links are resolved here if fsys implements [fs.ReadLinkFS]; what fsys
// itself follows or reaches is its own affair, so a directory of the host is better given as [HostDir]. Files that can't seek are read
// again from their start when a guest seeks backwards.
func FromFS(fsys fs.FS) *FS {
	return &FS{root: func() (file, error) { return openIOFS(fsys, ".") }, readOnly: true}
}

// ReadOnly is the same file system without any means to change it: operations that would fail with EROFS.
func (f *FS) ReadOnly() *FS { return &FS{root: f.root, readOnly: true} }

// Open opens the root directory. The caller closes it.
func (f *FS) Open() (*File, error) {
	root, err := f.root()
	if err != nil {
		return nil, err
	}
	return newFile(root, OpenRead, f.readOnly), nil
}
