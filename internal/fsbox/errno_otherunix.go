//go:build unix && !linux && !freebsd && !netbsd && !openbsd && !darwin && !dragonfly

package fsbox

import "golang.org/x/sys/unix"

// systemErrnos are the numbers that not every Unix has; none is known here.
var systemErrnos = map[unix.Errno]Errno{}
