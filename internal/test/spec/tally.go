package spec

import (
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/wamr-go/wamr/internal/text"
)

// tally collects the outcomes of a file's commands. Threads add to it
// concurrently.
type tally struct {
	mu       sync.Mutex // guards all below
	counts   map[text.CommandKind]Count
	failures []Failure
}

// add notes the outcome of a command; failure is empty if it passed.
func (t *tally) add(c *text.Command, failure string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = make(map[text.CommandKind]Count)
	}
	n := t.counts[c.Kind]
	if failure == "" {
		n.Passed++
	} else {
		n.Failed++
		t.failures = append(t.failures, Failure{Line: c.Line, Command: c.Kind, Message: failure})
	}
	t.counts[c.Kind] = n
}

// settle moves the outcomes to res, known failures apart from others.
func (t *tally) settle(res *FileResult, known []Known) {
	t.mu.Lock()
	defer t.mu.Unlock()
	path := filepath.ToSlash(res.Path)
	lines := make(map[int]*Known)
	for i := range known {
		if k := &known[i]; path == k.File || strings.HasSuffix(path, "/"+k.File) {
			lines[k.Line] = k
		}
	}
	res.Counts = t.counts
	for _, f := range t.failures {
		if _, ok := lines[f.Line]; !ok {
			res.Failures = append(res.Failures, f)
			continue
		}
		delete(lines, f.Line)
		n := res.Counts[f.Command]
		n.Failed--
		n.Known++
		res.Counts[f.Command] = n
	}
	for _, k := range lines {
		res.Passes = append(res.Passes, *k)
	}
	sort.Slice(res.Passes, func(i, j int) bool { return res.Passes[i].Line < res.Passes[j].Line })
	sort.SliceStable(res.Failures, func(i, j int) bool { return res.Failures[i].Line < res.Failures[j].Line })
}
