//go:build !unix && !windows

package fsbox

import "syscall"

// hostErrnos has no rows: on these systems the errors of package os are told apart by what they wrap.
var hostErrnos = map[syscall.Errno]Errno{}
