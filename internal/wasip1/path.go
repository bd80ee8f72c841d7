package wasip1

import (
	"context"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// pathCall begins a call on a path: the directory's descriptor, and the path's pointer and length.
func pathCall(s *System, m Memory, fd, pointer, length uint64, need rights) (*fsbox.File, string, error) {
	dir, err := s.fds.file(fd, need)
	if err != nil {
		return nil, "", err
	}
	path, err := text(m, uint32(pointer), uint32(length))
	return dir, path, err
}

// followFlag reads lookupflags.
func followFlag(flags uint64) (bool, error) {
	if uint32(flags)&^lookupSymlinkFollow != 0 {
		return false, fsbox.EINVAL
	}
	return uint32(flags) == lookupSymlinkFollow, nil
}

func pathCreateDirectory(_ context.Context, s *System, m Memory, a []uint64) error {
	dir, path, err := pathCall(s, m, a[0], a[1], a[2], rightPathCreateDirectory)
	if err != nil {
		return err
	}
	return dir.MkdirAt(path)
}

func pathFilestatGet(l *filestatLayout) func(context.Context, *System, Memory, []uint64) error {
	return func(_ context.Context, s *System, m Memory, a []uint64) error {
		dir, path, err := pathCall(s, m, a[0], a[2], a[3], rightPathFilestatGet)
		if err != nil {
			return err
		}
		follow, err := followFlag(a[1])
		if err != nil {
			return err
		}
		out, err := view(m, uint32(a[4]), l.size)
		if err != nil {
			return err
		}
		st, err := dir.StatAt(path, follow)
		if err != nil {
			return err
		}
		putFilestat(out, l, &st)
		return nil
	}
}

func pathFilestatSetTimes(_ context.Context, s *System, m Memory, a []uint64) error {
	dir, path, err := pathCall(s, m, a[0], a[2], a[3], rightPathFilestatSetTimes)
	if err != nil {
		return err
	}
	follow, err := followFlag(a[1])
	if err != nil {
		return err
	}
	t, err := s.timesOf(a[4], a[5], uint32(a[6]))
	if err != nil {
		return err
	}
	return dir.SetTimesAt(path, follow, t)
}

func pathLink(_ context.Context, s *System, m Memory, a []uint64) error {
	dir, path, err := pathCall(s, m, a[0], a[2], a[3], rightPathLinkSource)
	if err != nil {
		return err
	}
	follow, err := followFlag(a[1])
	if err != nil {
		return err
	}
	to, newPath, err := pathCall(s, m, a[4], a[5], a[6], rightPathLinkTarget)
	if err != nil {
		return err
	}
	return dir.LinkAt(path, follow, to, newPath)
}

func pathReadlink(_ context.Context, s *System, m Memory, a []uint64) error {
	dir, path, err := pathCall(s, m, a[0], a[1], a[2], rightPathReadlink)
	if err != nil {
		return err
	}
	out, err := view(m, uint32(a[3]), uint32(a[4]))
	if err != nil {
		return err
	}
	result, err := view(m, uint32(a[5]), 4)
	if err != nil {
		return err
	}
	target, err := dir.ReadlinkAt(path)
	if err != nil {
		return err
	}
	put32(result, uint32(copy(out, target))) // cut if it doesn't fit, as POSIX has it
	return nil
}

func pathRemoveDirectory(_ context.Context, s *System, m Memory, a []uint64) error {
	dir, path, err := pathCall(s, m, a[0], a[1], a[2], rightPathRemoveDirectory)
	if err != nil {
		return err
	}
	return dir.RmdirAt(path)
}

func pathRename(_ context.Context, s *System, m Memory, a []uint64) error {
	dir, path, err := pathCall(s, m, a[0], a[1], a[2], rightPathRenameSource)
	if err != nil {
		return err
	}
	to, newPath, err := pathCall(s, m, a[3], a[4], a[5], rightPathRenameTarget)
	if err != nil {
		return err
	}
	return dir.RenameAt(path, to, newPath)
}

func pathSymlink(_ context.Context, s *System, m Memory, a []uint64) error {
	target, err := text(m, uint32(a[0]), uint32(a[1]))
	if err != nil {
		return err
	}
	dir, path, err := pathCall(s, m, a[2], a[3], a[4], rightPathSymlink)
	if err != nil {
		return err
	}
	return dir.SymlinkAt(target, path)
}

func pathUnlinkFile(_ context.Context, s *System, m Memory, a []uint64) error {
	dir, path, err := pathCall(s, m, a[0], a[1], a[2], rightPathUnlinkFile)
	if err != nil {
		return err
	}
	return dir.UnlinkAt(path)
}

// openRequest is what path_open is asked for.
type openRequest struct {
	follow           bool
	oflags, fdflags  uint32
	base, inheriting rights
}

// needs are the rights that the directory must have itself, given those that it hands on. To truncate a file by opening it takes the right
// for that, or the one to set the size of what is opened, which allows the same: Go opens its directories without the first.
func (r *openRequest) needs(inheriting rights) rights {
	need := rightPathOpen
	if r.oflags&oflagCreat != 0 {
		need |= rightPathCreateFile
	}
	if r.oflags&oflagTrunc != 0 && inheriting&rightFDFilestatSetSize == 0 {
		need |= rightPathFilestatSetSize
	}
	return need
}

// hands are the rights that the directory must be able to hand on.
func (r *openRequest) hands() rights {
	need := r.base | r.inheriting
	if r.fdflags&fdflagDsync != 0 {
		need |= rightFDDatasync
	}
	if r.fdflags&(fdflagSync|fdflagRsync) != 0 {
		need |= rightFDSync
	}
	return need
}

// flags are the ways to open the file: what its descriptor may do later decides.
func (r *openRequest) flags() fsbox.OpenFlag {
	var f fsbox.OpenFlag
	if r.base&(rightFDRead|rightFDReaddir) != 0 {
		f |= fsbox.OpenRead
	}
	if r.base&(rightFDWrite|rightFDAllocate|rightFDFilestatSetSize) != 0 {
		f |= fsbox.OpenWrite
	}
	if r.oflags&oflagCreat != 0 {
		f |= fsbox.OpenCreate
	}
	if r.oflags&oflagExcl != 0 {
		f |= fsbox.OpenExclusive
	}
	if r.oflags&oflagTrunc != 0 {
		f |= fsbox.OpenTruncate
	}
	if r.oflags&oflagDirectory != 0 {
		f |= fsbox.OpenDirectory
	}
	return f
}

func pathOpen(_ context.Context, s *System, m Memory, a []uint64) error {
	r := openRequest{
		oflags: uint32(a[4]), fdflags: uint32(a[7]),
		// Bits that mean nothing are not rights that could be missing.
		base: rights(a[5]) & allRights, inheriting: rights(a[6]) & allRights,
	}
	_, inheriting, err := s.fds.rights(a[0])
	if err != nil {
		return err
	}
	dir, path, err := pathCall(s, m, a[0], a[2], a[3], r.needs(inheriting))
	if err != nil {
		return err
	}
	if r.follow, err = followFlag(a[1]); err != nil {
		return err
	}
	if r.oflags&^allOflags != 0 || r.fdflags&^allFdflags != 0 {
		return fsbox.EINVAL
	}
	if r.hands()&^inheriting != 0 {
		return fsbox.ENOTCAPABLE
	}
	result, err := view(m, uint32(a[8]), 4)
	if err != nil {
		return err
	}
	if s.fds.full() {
		return fsbox.EMFILE
	}
	f, err := dir.OpenAt(path, r.follow, r.flags(), statusOf(r.fdflags))
	if err != nil {
		return err
	}
	d := &descriptor{object: fileObject{f}, base: r.base & kindRights[fileObject{f}.kind()]}
	if f.IsDir() {
		d.inheriting = r.inheriting
	}
	fd, err := s.fds.add(d)
	if err != nil {
		f.Close()
		return err
	}
	put32(result, fd)
	return nil
}
