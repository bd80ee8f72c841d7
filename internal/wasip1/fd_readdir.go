package wasip1

import (
	"context"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// The cookies of fd_readdir count entries: 0 is "." and the start, 1 is "..", and the directory's own follow in fsbox's order, whose
// positions mean the same entry until the directory is read from its start again.
const firstEntry = 2

// entriesPerRead is how many entries are taken from fsbox at once.
const entriesPerRead = 64

func fdReaddir(_ context.Context, s *System, m Memory, a []uint64) error {
	f, err := s.fds.file(a[0], rightFDReaddir)
	if err != nil {
		return err
	}
	out, err := view(m, uint32(a[1]), uint32(a[2]))
	if err != nil {
		return err
	}
	result, err := view(m, uint32(a[4]), 4)
	if err != nil {
		return err
	}
	w := direntWriter{out: out, cookie: a[3]}
	if err := w.list(f); err != nil {
		return err
	}
	put32(result, uint32(w.used))
	return nil
}

// direntWriter fills a program's buffer with entries. The last may be cut: a full buffer tells the program that there is more.
type direntWriter struct {
	out    []byte
	used   int
	cookie uint64 // of the next entry
}

func (w *direntWriter) list(f *fsbox.File) error {
	if w.cookie < firstEntry {
		st, err := f.Stat()
		if err != nil {
			return err
		}
		// What the directory's own parent is, a program has no business to know; it sees none above the root.
		for _, name := range []string{".", ".."}[w.cookie:] {
			w.add(fsbox.DirEntry{Name: name, Ino: st.Ino, Type: fsbox.TypeDirectory})
		}
	}
	for w.used < len(w.out) {
		entries, err := f.ReadDir(w.cookie-firstEntry, entriesPerRead)
		if err != nil {
			return err
		}
		for _, e := range entries {
			w.add(e)
		}
		if len(entries) < entriesPerRead {
			break
		}
	}
	return nil
}

// add writes an entry, or as much of it as there is room for.
func (w *direntWriter) add(e fsbox.DirEntry) {
	if w.used == len(w.out) {
		return
	}
	w.cookie++
	var head [sizeDirent]byte
	put64(head[:], w.cookie)
	put64(head[direntIno:], e.Ino)
	put32(head[direntNamelen:], uint32(len(e.Name)))
	head[direntType] = fileTypeNumber(e.Type)
	w.used += copy(w.out[w.used:], head[:])
	w.used += copy(w.out[w.used:], e.Name)
}
