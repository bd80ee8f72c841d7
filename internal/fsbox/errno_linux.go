package fsbox

import "golang.org/x/sys/unix"

// systemErrnos are the numbers that not every Unix has.
var systemErrnos = map[unix.Errno]Errno{
	unix.ENOTRECOVERABLE: ENOTRECOVERABLE,
	unix.EOWNERDEAD:      EOWNERDEAD,
	unix.EMULTIHOP:       EMULTIHOP,
	unix.ENOLINK:         ENOLINK,
}
