// Package fsbox is the only code of the project that touches host paths. It gives a guest file systems whose every name is resolved
// below an open directory, the capability.
//
// # What it promises
//
// A [File] that is a directory anchors resolution: no path given to one of its methods reaches anything but the tree below that
// directory. Absolute paths are refused, ".." is counted and refused where it would leave the anchor, and symbolic links, whoever made
// them, are read and resolved here component by component under the same rules; the operating system never follows one for us. Because
// each step opens a directory relative to the descriptor of the step before (openat with O_NOFOLLOW, or [os.Root] where the system has
// no openat), renaming directories or swapping them with links while a path is resolved can't move the walk out either: ".." goes back to
// the descriptor it came from, not to whatever the host calls the parent now.
//
// # What it never does
//
// It never opens a host path by its full name after [HostDir] opened the root, never changes permissions or owners, never blocks in open
// (FIFOs and devices are opened non-blocking), and never grants more than the given tree. Mount points and hard links made by the host
// inside the tree are part of the tree.
//
// # Where to start
//
// fs.go has the sources of file systems, path.go the operations by path, file.go those on open files, walk.go the one resolver, which
// runs over four kinds of directories (backend.go): openat (host_openat.go), os.Root (host_root.go), io/fs (iofs.go) and memory (mem.go).
//
// Error numbers are [Errno], which has POSIX names and the numbers of WASI preview 1.
package fsbox
