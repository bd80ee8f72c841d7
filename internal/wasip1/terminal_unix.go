//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package wasip1

import (
	"os"

	"golang.org/x/sys/unix"
)

// isTerminal reports whether a character device is a terminal, and not, say, /dev/null.
func isTerminal(f *os.File) bool {
	raw, err := f.SyscallConn()
	if err != nil {
		return false
	}
	found := false
	err = raw.Control(func(fd uintptr) {
		_, err := unix.IoctlGetTermios(int(fd), getTermios)
		found = err == nil
	})
	return err == nil && found
}
