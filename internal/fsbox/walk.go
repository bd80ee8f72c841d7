package fsbox

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Limits of path resolution. They are the same on all systems, so that a program's luck doesn't depend on the host.
const (
	maxPath  = 4096 // bytes in a path or a link's target
	maxLinks = 40   // symbolic links followed in one resolution
	maxDepth = 256  // directories open at once in one resolution
)

// walker resolves one path below an anchor. It holds every directory on the way open, so ".." is a step back to a descriptor it has.
type walker struct {
	file    *File // kept open until end
	anchor  directory
	below   []directory // entered, in order; the walker closes them
	rest    []string    // components to come, the next one last
	links   int
	mustDir bool // the path ended in a slash: its last component must be a directory

	restBuf  [8]string
	belowBuf [8]directory
}

// walkers are walkers not in use.
var walkers = sync.Pool{New: func() any { return new(walker) }}

// checkGuestPath checks what a guest passes as a path or as a link's target.
func checkGuestPath(path string) error {
	switch {
	case strings.IndexByte(path, 0) >= 0:
		return EINVAL
	case !utf8.ValidString(path):
		return EILSEQ
	}
	return checkPath(path)
}

// checkPath checks a path or a link's target, whoever made it.
func checkPath(path string) error {
	switch {
	case path == "":
		return ENOENT
	case len(path) > maxPath:
		return ENAMETOOLONG
	case path[0] == '/':
		return EPERM
	}
	return nil
}

// start checks a guest's path and makes the walker ready to resolve it.
func (w *walker) start(anchor directory, path string) error {
	w.anchor = anchor
	w.rest, w.below = w.restBuf[:0], w.belowBuf[:0]
	if err := checkGuestPath(path); err != nil {
		return err
	}
	return w.push(path)
}

// push puts a path, the guest's or a link's target, in front of what is still to be resolved.
func (w *walker) push(path string) error {
	if err := checkPath(path); err != nil {
		return err
	}
	if len(w.rest) == 0 && path[len(path)-1] == '/' {
		w.mustDir = true
	}
	for path != "" {
		i := strings.LastIndexByte(path, '/')
		if c := path[i+1:]; c != "" {
			w.rest = append(w.rest, c)
		}
		path = path[:max(i, 0)]
	}
	return nil
}

// top is the directory reached so far.
func (w *walker) top() directory {
	if n := len(w.below); n > 0 {
		return w.below[n-1]
	}
	return w.anchor
}

// last resolves all but the last component and returns that: a plain name in top(), or "." for top() itself.
func (w *walker) last() (string, error) {
	for {
		n := len(w.rest)
		if n == 0 {
			return ".", nil
		}
		name := w.rest[n-1]
		w.rest = w.rest[:n-1]
		switch name {
		case ".":
			continue
		case "..":
			if len(w.below) == 0 {
				return "", EPERM
			}
			w.pop()
			continue
		}
		if err := checkName(name); err != nil {
			return "", err
		}
		if n == 1 {
			return name, nil
		}
		if err := w.enter(name); err != nil {
			return "", err
		}
	}
}

func (w *walker) pop() {
	n := len(w.below) - 1
	w.below[n].close()
	w.below[n] = nil
	w.below = w.below[:n]
}

// enter steps into a directory, or into what a symbolic link in its place says.
func (w *walker) enter(name string) error {
	if len(w.below) == maxDepth {
		return ENAMETOOLONG
	}
	d, err := w.top().enter(name)
	if err == nil {
		w.below = append(w.below, d)
		return nil
	}
	if linked, lerr := w.followIfLink(name, err); linked {
		return lerr
	}
	if ErrnoOf(err) == ELOOP { // something else than a link by now
		return ENOTDIR
	}
	return err
}

// followIfLink finds out whether an open failed because name is a symbolic link, and if so pushes its target.
func (w *walker) followIfLink(name string, openErr error) (linked bool, err error) {
	if e := ErrnoOf(openErr); name == "." || e != ELOOP && e != ENOTDIR && e != EMLINK {
		return false, nil
	}
	target, err := w.top().readlink(name)
	if err != nil {
		return false, nil
	}
	return true, w.follow(target)
}

// follow pushes a link's target.
func (w *walker) follow(target string) error {
	if w.links++; w.links > maxLinks {
		return ELOOP
	}
	return w.push(target)
}

// lstat resolves the path to a name and describes it, following a link there if follow is set or the path ended in a slash.
func (w *walker) lstat(follow bool) (name string, st Stat, err error) {
	for {
		if name, err = w.last(); err != nil {
			return "", Stat{}, err
		}
		if st, err = w.top().lstat(name); err != nil {
			return "", Stat{}, err
		}
		if st.Type != TypeSymlink || !follow && !w.mustDir {
			break
		}
		target, err := w.top().readlink(name)
		if err != nil {
			return "", Stat{}, err
		}
		if err := w.follow(target); err != nil {
			return "", Stat{}, err
		}
	}
	if w.mustDir && st.Type != TypeDirectory {
		return "", Stat{}, ENOTDIR
	}
	return name, st, nil
}

// end closes what the walker opened and gives it back.
func (w *walker) end() {
	for len(w.below) > 0 {
		w.pop()
	}
	w.file.release()
	*w = walker{}
	walkers.Put(w)
}
