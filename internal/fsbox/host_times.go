//go:build linux || darwin || freebsd || netbsd || openbsd

package fsbox

import "golang.org/x/sys/unix"

// setCoarseTimes sets the times of an open file in microseconds, which is what futimes takes.
func setCoarseTimes(fd int, t Times) error {
	st, err := statFD(fd)
	if err != nil {
		return err
	}
	atim, mtim := st.Atim, st.Mtim
	if t.Atim.Set {
		atim = t.Atim.Nsec
	}
	if t.Mtim.Set {
		mtim = t.Mtim.Nsec
	}
	tv := []unix.Timeval{unix.NsecToTimeval(atim), unix.NsecToTimeval(mtim)}
	return retrying(func() error { return unix.Futimes(fd, tv) })
}
