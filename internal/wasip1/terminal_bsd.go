//go:build darwin || freebsd || netbsd || openbsd || dragonfly

package wasip1

import "golang.org/x/sys/unix"

// getTermios is the request that only a terminal answers.
const getTermios = unix.TIOCGETA
