package wasip1

import (
	"context"
	"math"

	"github.com/wamr-go/wamr/internal/fsbox"
)

func fdAdvise(_ context.Context, s *System, _ Memory, a []uint64) error {
	f, err := s.fds.file(a[0], rightFDAdvise)
	if err != nil {
		return err
	}
	offset, n, advice := a[1], a[2], uint32(a[3])
	if advice > uint32(fsbox.AdviceNoReuse) || offset > math.MaxInt64 || n > math.MaxInt64 {
		return fsbox.EINVAL
	}
	if f.IsDir() {
		return fsbox.EBADF
	}
	return f.Advise(int64(offset), int64(n), fsbox.Advice(advice))
}

func fdAllocate(_ context.Context, s *System, _ Memory, a []uint64) error {
	f, err := s.fds.file(a[0], rightFDAllocate)
	if err != nil {
		return err
	}
	if a[1] > math.MaxInt64 || a[2] > math.MaxInt64 {
		return fsbox.EFBIG
	}
	return f.Allocate(int64(a[1]), int64(a[2]))
}

func fdClose(_ context.Context, s *System, _ Memory, a []uint64) error {
	d, err := s.fds.remove(a[0])
	if err != nil {
		return err
	}
	return d.object.close()
}

// syncObject is the one operation of fd_sync and fd_datasync. Streams have nothing to sync.
func syncObject(s *System, fd uint64, need rights, dataOnly bool) error {
	d, err := s.fds.get(fd, need)
	if err != nil {
		return err
	}
	if f, ok := d.object.(fileObject); ok && f.kind() != kindStream {
		return f.Sync(dataOnly)
	}
	return nil
}

func fdDatasync(_ context.Context, s *System, _ Memory, a []uint64) error {
	return syncObject(s, a[0], rightFDDatasync, true)
}

func fdSync(_ context.Context, s *System, _ Memory, a []uint64) error {
	return syncObject(s, a[0], rightFDSync, false)
}

// fdflagsOf are an object's status flags as a program's fdflags.
func fdflagsOf(s fsbox.StatusFlag) uint16 {
	var f uint16
	if s&fsbox.StatusAppend != 0 {
		f |= fdflagAppend
	}
	if s&fsbox.StatusDataSync != 0 {
		f |= fdflagDsync
	}
	if s&fsbox.StatusNonblock != 0 {
		f |= fdflagNonblock
	}
	if s&fsbox.StatusSync != 0 {
		f |= fdflagSync
	}
	return f
}

func fdFdstatGet(_ context.Context, s *System, m Memory, a []uint64) error {
	d, err := s.fds.get(a[0], 0)
	if err != nil {
		return err
	}
	base, inheriting, err := s.fds.rights(a[0])
	if err != nil {
		return err
	}
	out, err := view(m, uint32(a[1]), sizeFdstat)
	if err != nil {
		return err
	}
	st, err := d.object.stat()
	if err != nil {
		return err
	}
	clear(out)
	out[0] = fileTypeNumber(st.Type)
	put16(out[fdstatFlags:], fdflagsOf(d.object.status()))
	put64(out[fdstatRightsBase:], uint64(base))
	put64(out[fdstatRightsInheriting:], uint64(inheriting))
	return nil
}

func fdFdstatSetFlags(_ context.Context, s *System, _ Memory, a []uint64) error {
	d, err := s.fds.get(a[0], rightFDFdstatSetFlags)
	if err != nil {
		return err
	}
	if uint32(a[1])&^allFdflags != 0 {
		return fsbox.EINVAL
	}
	return d.object.setStatus(statusOf(uint32(a[1])))
}

func fdFdstatSetRights(_ context.Context, s *System, _ Memory, a []uint64) error {
	return s.fds.restrict(a[0], rights(a[1]), rights(a[2]))
}

// putFilestat writes a filestat structure.
func putFilestat(out []byte, l *filestatLayout, st *fsbox.Stat) {
	clear(out)
	put64(out[l.dev:], st.Dev)
	put64(out[l.ino:], st.Ino)
	out[l.kind] = fileTypeNumber(st.Type)
	if l.nlinkSize == 4 {
		put32(out[l.nlink:], uint32(min(st.Nlink, math.MaxUint32)))
	} else {
		put64(out[l.nlink:], st.Nlink)
	}
	put64(out[l.length:], st.Size)
	put64(out[l.atim:], timestamp(st.Atim))
	put64(out[l.mtim:], timestamp(st.Mtim))
	put64(out[l.ctim:], timestamp(st.Ctim))
}

// timestamp is a file's time as programs get it; WASI has none before 1970.
func timestamp(t int64) uint64 { return uint64(max(t, 0)) }

func fdFilestatGet(l *filestatLayout) func(context.Context, *System, Memory, []uint64) error {
	return func(_ context.Context, s *System, m Memory, a []uint64) error {
		d, err := s.fds.get(a[0], rightFDFilestatGet)
		if err != nil {
			return err
		}
		out, err := view(m, uint32(a[1]), l.size)
		if err != nil {
			return err
		}
		st, err := d.object.stat()
		if err != nil {
			return err
		}
		putFilestat(out, l, &st)
		return nil
	}
}

func fdFilestatSetSize(_ context.Context, s *System, _ Memory, a []uint64) error {
	f, err := s.fds.file(a[0], rightFDFilestatSetSize)
	if err != nil {
		return err
	}
	if a[1] > math.MaxInt64 {
		return fsbox.EFBIG
	}
	return f.Truncate(int64(a[1]))
}

// timesOf are the times that a call asks to set.
func (s *System) timesOf(atim, mtim uint64, flags uint32) (fsbox.Times, error) {
	var t fsbox.Times
	if flags&^allFstflags != 0 || flags&(fstflagAtim|fstflagAtimNow) == fstflagAtim|fstflagAtimNow ||
		flags&(fstflagMtim|fstflagMtimNow) == fstflagMtim|fstflagMtimNow {
		return t, fsbox.EINVAL
	}
	if flags&fstflagAtim != 0 && atim > math.MaxInt64 || flags&fstflagMtim != 0 && mtim > math.MaxInt64 {
		return t, fsbox.EINVAL
	}
	now := int64(0)
	if flags&(fstflagAtimNow|fstflagMtimNow) != 0 {
		now = s.clocks.realtime().UnixNano()
	}
	switch {
	case flags&fstflagAtim != 0:
		t.Atim = fsbox.Timestamp{Set: true, Nsec: int64(atim)}
	case flags&fstflagAtimNow != 0:
		t.Atim = fsbox.Timestamp{Set: true, Nsec: now}
	}
	switch {
	case flags&fstflagMtim != 0:
		t.Mtim = fsbox.Timestamp{Set: true, Nsec: int64(mtim)}
	case flags&fstflagMtimNow != 0:
		t.Mtim = fsbox.Timestamp{Set: true, Nsec: now}
	}
	return t, nil
}

func fdFilestatSetTimes(_ context.Context, s *System, _ Memory, a []uint64) error {
	f, err := s.fds.file(a[0], rightFDFilestatSetTimes)
	if err != nil {
		return err
	}
	t, err := s.timesOf(a[1], a[2], uint32(a[3]))
	if err != nil {
		return err
	}
	return f.SetTimes(t)
}

func fdPrestatGet(_ context.Context, s *System, m Memory, a []uint64) error {
	d, err := s.fds.get(a[0], 0)
	if err != nil {
		return err
	}
	if !d.preopened {
		return fsbox.EBADF
	}
	out, err := view(m, uint32(a[1]), sizePrestat)
	if err != nil {
		return err
	}
	clear(out)
	out[0] = preopenTypeDir
	put32(out[prestatNameLen:], uint32(len(d.preopen)))
	return nil
}

func fdPrestatDirName(_ context.Context, s *System, m Memory, a []uint64) error {
	d, err := s.fds.get(a[0], 0)
	if err != nil {
		return err
	}
	if !d.preopened {
		return fsbox.EBADF
	}
	out, err := view(m, uint32(a[1]), uint32(a[2]))
	if err != nil {
		return err
	}
	if len(out) < len(d.preopen) {
		return fsbox.ENAMETOOLONG
	}
	copy(out, d.preopen)
	return nil
}

// fdRenumber takes the place of an open descriptor, preopened ones included: what the program was given it may give up.
func fdRenumber(_ context.Context, s *System, _ Memory, a []uint64) error {
	old, err := s.fds.renumber(a[0], a[1])
	if err != nil || old == nil {
		return err
	}
	return old.object.close()
}

// fdSeek translates whence through the given table, by its number in the module's version.
func fdSeek(whences [3]int) func(context.Context, *System, Memory, []uint64) error {
	return func(_ context.Context, s *System, m Memory, a []uint64) error {
		offset, n := int64(a[1]), uint32(a[2])
		if n >= uint32(len(whences)) {
			return fsbox.EINVAL
		}
		whence := whences[n]
		need := rightFDSeek
		if whence == whenceCur && offset == 0 {
			need = s.fds.rightToTell(a[0])
		}
		f, err := s.fds.file(a[0], need)
		if err != nil {
			return err
		}
		return seek(f, m, offset, whence, uint32(a[3]))
	}
}

func fdTell(_ context.Context, s *System, m Memory, a []uint64) error {
	f, err := s.fds.file(a[0], s.fds.rightToTell(a[0]))
	if err != nil {
		return err
	}
	return seek(f, m, 0, whenceCur, uint32(a[1]))
}

// seek moves f's offset and writes the new one to out.
func seek(f *fsbox.File, m Memory, offset int64, whence int, out uint32) error {
	result, err := view(m, out, 8)
	if err != nil {
		return err
	}
	at, err := f.Seek(offset, whence)
	if err != nil {
		return err
	}
	put64(result, uint64(at))
	return nil
}
