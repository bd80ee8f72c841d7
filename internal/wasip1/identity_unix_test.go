//go:build unix

package wasip1

import "golang.org/x/sys/unix"

// identity is a file's, one that no file has if there is no file.
func identity(path string) fileID {
	var st unix.Stat_t
	if unix.Lstat(path, &st) != nil {
		return fileID{1<<64 - 1, 1<<64 - 1}
	}
	return fileID{uint64(st.Dev), uint64(st.Ino)}
}
