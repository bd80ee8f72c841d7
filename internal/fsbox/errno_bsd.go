//go:build freebsd || netbsd || openbsd || darwin || dragonfly

package fsbox

import "golang.org/x/sys/unix"

// systemErrnos are the numbers that not every Unix has. EFTYPE is what some systems say when open with O_NOFOLLOW meets a link.
var systemErrnos = map[unix.Errno]Errno{
	unix.EFTYPE: ELOOP,
}
