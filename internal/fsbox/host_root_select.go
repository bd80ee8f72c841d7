//go:build !(linux || darwin || freebsd || netbsd || openbsd)

package fsbox

// openHostRoot opens a directory of the host by the embedder's path; links in it are followed.
func openHostRoot(path string) (file, error) { return openRootDir(path) }
