//go:build freebsd || openbsd

package fsbox

import "golang.org/x/sys/unix"

// utimeOmit is the number of nanoseconds that makes utimensat leave a time as it is.
const utimeOmit = unix.UTIME_OMIT
