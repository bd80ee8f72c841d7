package fsbox

import (
	"runtime"
	"strings"
)

// checkName refuses components that mean more to the host than a name.
func checkName(name string) error {
	if runtime.GOOS == "windows" && !plainWindowsName(name) {
		return ENOENT
	}
	return nil
}

// plainWindowsName reports whether Windows takes name for a plain file name: no separators, drives or alternate data streams, none of
// the characters it refuses, no dot or space at the end (which it strips), and no device, also not with an extension.
func plainWindowsName(name string) bool {
	if name == "" || strings.ContainsAny(name, `\/:*?"<>|`) {
		return false
	}
	for i := 0; i < len(name); i++ {
		if name[i] < ' ' {
			return false
		}
	}
	if last := name[len(name)-1]; last == '.' || last == ' ' {
		return false
	}
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return false
	}
	if rest, ok := strings.CutPrefix(base, "COM"); ok && isPortNumber(rest) {
		return false
	}
	if rest, ok := strings.CutPrefix(base, "LPT"); ok && isPortNumber(rest) {
		return false
	}
	return true
}

// isPortNumber reports whether s is a digit, or one of the superscript digits that Windows takes for one.
func isPortNumber(s string) bool {
	switch s {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return true
	}
	return false
}
