package wasip1

import (
	"os"

	"golang.org/x/sys/windows"
)

// isTerminal reports whether a character device is a console, and not, say, NUL.
func isTerminal(f *os.File) bool {
	raw, err := f.SyscallConn()
	if err != nil {
		return false
	}
	found := false
	err = raw.Control(func(h uintptr) {
		var mode uint32
		found = windows.GetConsoleMode(windows.Handle(h), &mode) == nil
	})
	return err == nil && found
}
