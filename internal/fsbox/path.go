package fsbox

// resolve begins an operation on a path below f, which must be a directory; change says whether it would change the file system. The
// caller ends the walker that it gets.
func (f *File) resolve(path string, change bool) (*walker, error) {
	if err := f.acquire(); err != nil {
		return nil, err
	}
	if f.dir == nil {
		f.release()
		return nil, ENOTDIR
	}
	w := walkers.Get().(*walker)
	w.file = f
	err := w.start(f.dir, path)
	if err == nil && change && f.readOnly {
		err = EROFS
	}
	if err != nil {
		w.end()
		return nil, err
	}
	return w, nil
}

// OpenAt opens the file at path below the directory f. A symbolic link in the last place is followed if follow is set, else it is ELOOP.
// A file made has the permissions that the host's umask leaves. The file returned is the caller's to close.
func (f *File) OpenAt(path string, follow bool, flags OpenFlag, status StatusFlag) (*File, error) {
	w, err := f.resolve(path, flags&(OpenWrite|OpenCreate|OpenTruncate) != 0)
	if err != nil {
		return nil, err
	}
	defer w.end()
	if flags&OpenCreate != 0 && flags&OpenDirectory != 0 {
		return nil, EINVAL
	}
	n, err := w.open(follow, flags)
	if err != nil {
		return nil, err
	}
	opened := newFile(n, flags, f.readOnly)
	if status != 0 {
		if err := opened.SetStatus(status); err != nil {
			opened.Close()
			return nil, err
		}
	}
	return opened, nil
}

// open opens what the path resolves to.
func (w *walker) open(follow bool, flags OpenFlag) (file, error) {
	for {
		name, err := w.last()
		if err != nil {
			return nil, err
		}
		if w.mustDir {
			// A path that ends in a slash names a directory, and following the link there is what the slash asks for.
			follow = true
			if flags&OpenCreate != 0 {
				return nil, EISDIR
			}
			flags |= OpenDirectory
		}
		if name == "." && flags&OpenCreate != 0 {
			if flags&OpenExclusive != 0 {
				return nil, EEXIST
			}
			return nil, EISDIR
		}
		n, err := w.top().open(name, flags)
		if err == nil {
			return n, nil
		}
		if !follow {
			return nil, err
		}
		linked, lerr := w.followIfLink(name, err)
		if !linked {
			return nil, err
		}
		if lerr != nil {
			return nil, lerr
		}
	}
}

// StatAt describes the file at path below the directory f, of a symbolic link in the last place the target if follow is set.
func (f *File) StatAt(path string, follow bool) (Stat, error) {
	w, err := f.resolve(path, false)
	if err != nil {
		return Stat{}, err
	}
	defer w.end()
	_, st, err := w.lstat(follow)
	return st, err
}

// SetTimesAt sets the times of the file at path below the directory f; follow is as in StatAt.
func (f *File) SetTimesAt(path string, follow bool, t Times) error {
	w, err := f.resolve(path, true)
	if err != nil {
		return err
	}
	defer w.end()
	name, _, err := w.lstat(follow)
	if err != nil {
		return err
	}
	return w.top().setLinkTimes(name, t)
}

// MkdirAt makes a directory.
func (f *File) MkdirAt(path string) error {
	w, err := f.resolve(path, true)
	if err != nil {
		return err
	}
	defer w.end()
	name, err := w.last()
	if err != nil {
		return err
	}
	if name == "." {
		return EEXIST
	}
	return w.top().mkdir(name)
}

// RmdirAt removes an empty directory.
func (f *File) RmdirAt(path string) error {
	w, err := f.resolve(path, true)
	if err != nil {
		return err
	}
	defer w.end()
	name, err := w.last()
	if err != nil {
		return err
	}
	if name == "." {
		return EINVAL
	}
	return w.top().rmdir(name)
}

// UnlinkAt removes a name that is not a directory's.
func (f *File) UnlinkAt(path string) error {
	w, err := f.resolve(path, true)
	if err != nil {
		return err
	}
	defer w.end()
	name, err := w.last()
	if err != nil {
		return err
	}
	if name == "." {
		return EISDIR
	}
	if w.mustDir {
		st, err := w.top().lstat(name)
		switch {
		case err != nil:
			return err
		case st.Type == TypeDirectory:
			return EISDIR
		}
		return ENOTDIR
	}
	return w.top().unlink(name)
}

// ReadlinkAt is the target of the symbolic link at path, as it was written.
func (f *File) ReadlinkAt(path string) (string, error) {
	w, err := f.resolve(path, false)
	if err != nil {
		return "", err
	}
	defer w.end()
	if w.mustDir {
		if _, _, err := w.lstat(true); err != nil {
			return "", err
		}
		return "", EINVAL
	}
	name, err := w.last()
	if err != nil {
		return "", err
	}
	if name == "." {
		return "", EINVAL
	}
	return w.top().readlink(name)
}

// newName resolves the path at which a link of some kind is to be made.
func (w *walker) newName() (string, error) {
	name, err := w.last()
	if err != nil {
		return "", err
	}
	if name == "." {
		return "", EEXIST
	}
	if w.mustDir {
		// Only a directory may have a slash behind its name, and a link is none.
		st, err := w.top().lstat(name)
		switch {
		case err != nil:
			return "", err
		case st.Type == TypeDirectory:
			return "", EEXIST
		}
		return "", ENOTDIR
	}
	return name, nil
}

// SymlinkAt makes a symbolic link at path that says target. The target may not be absolute (EPERM); where it leads is judged whenever it
// is followed.
func (f *File) SymlinkAt(target, path string) error {
	w, err := f.resolve(path, true)
	if err != nil {
		return err
	}
	defer w.end()
	if err := checkGuestPath(target); err != nil {
		return err
	}
	name, err := w.newName()
	if err != nil {
		return err
	}
	return w.top().symlink(target, name)
}

// LinkAt makes newPath below the directory to a second name of the file at path below f. A symbolic link in the last place is itself
// linked, unless follow is set. Both directories must be of one file system (EXDEV).
func (f *File) LinkAt(path string, follow bool, to *File, newPath string) error {
	w, err := f.resolve(path, true)
	if err != nil {
		return err
	}
	defer w.end()
	v, err := to.resolve(newPath, true)
	if err != nil {
		return err
	}
	defer v.end()
	name, st, err := w.lstat(follow)
	if err != nil {
		return err
	}
	if st.Type == TypeDirectory {
		return EPERM
	}
	newName, err := v.newName()
	if err != nil {
		return err
	}
	return w.top().link(name, v.top(), newName)
}

// RenameAt moves the file at path below f to newPath below the directory to, replacing a file or an empty directory there. Both
// directories must be of one file system (EXDEV).
func (f *File) RenameAt(path string, to *File, newPath string) error {
	w, err := f.resolve(path, true)
	if err != nil {
		return err
	}
	defer w.end()
	v, err := to.resolve(newPath, true)
	if err != nil {
		return err
	}
	defer v.end()
	name, err := w.last()
	if err != nil {
		return err
	}
	newName, err := v.last()
	if err != nil {
		return err
	}
	if name == "." || newName == "." {
		return EBUSY
	}
	if w.mustDir || v.mustDir {
		st, err := w.top().lstat(name)
		if err != nil {
			return err
		}
		if st.Type != TypeDirectory {
			return ENOTDIR
		}
	}
	return w.top().rename(name, v.top(), newName)
}
