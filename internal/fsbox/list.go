package fsbox

// listing is what a directory has shown so far. The entries read are kept until the directory is read from its start again, so that a
// position means the same entry however often, and in whatever order, it is asked for. The memory is that of the names asked for.
type listing struct {
	started bool
	done    bool
	entries []DirEntry
}

// ReadDir returns up to n entries from position pos on, 0 being the first, without "." and ".."; fewer than n mean the end. Reading from 0
// starts anew and sees the directory as it is then; other positions continue what was last started. Entries made or removed meanwhile
// may or may not be seen. The result is valid until the next call.
func (f *File) ReadDir(pos uint64, n int) ([]DirEntry, error) {
	if f.dir == nil {
		return nil, ENOTDIR
	}
	if err := f.acquire(); err != nil {
		return nil, err
	}
	defer f.release()
	f.listMu.Lock()
	defer f.listMu.Unlock()
	l := &f.list
	rewind := pos == 0 || !l.started
	if rewind {
		*l = listing{started: true}
	}
	for !l.done && (pos >= uint64(len(l.entries)) || uint64(len(l.entries))-pos < uint64(n)) {
		batch, err := f.dir.list(rewind)
		if err != nil {
			return nil, err
		}
		rewind = false
		l.done = len(batch) == 0
		l.entries = append(l.entries, batch...)
	}
	if pos >= uint64(len(l.entries)) {
		return nil, nil
	}
	rest := l.entries[pos:]
	return rest[:min(n, len(rest)):len(rest)], nil
}
