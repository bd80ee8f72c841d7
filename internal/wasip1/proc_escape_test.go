package wasip1

import (
	"os"
	"runtime"
	"testing"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// TestMagicLinks gives a program /proc itself, whose links lead to where no path does. They are links that say an absolute path, or one that
// doesn't exist, and nothing more.
func TestMagicLinks(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /proc with such links")
	}
	p := in(t, fsbox.HostDir("/proc"))
	if fd, e := p.openWith(3, lookupSymlinkFollow, "self/status", 0, rightFDRead, 0, 0); e != 0 {
		t.Skip("no /proc:", e)
	} else {
		p.ok("fd_close", fd)
	}
	f, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, path := range []string{
		"self/root", "self/root/", "self/root/etc/passwd", "self/cwd", "self/cwd/", "self/cwd/.", "self/exe", "self/fd/0", "self/fd/3", "self/fd/4",
		"self/fd/5", "self/fd/6", "self/fd/7", "self/fd/8", "self/fd/9", "thread-self/root/etc", "thread-self/cwd", "self/ns/mnt", "self/task/../root/etc", "1/root/etc/passwd", "1/cwd", "../etc/passwd",
		"self/../../etc/passwd",
	} {
		for _, oflags := range []int{0, oflagDirectory} {
			if _, e := p.openWith(3, lookupSymlinkFollow, path, oflags, rightFDRead, 0, 0); e == 0 {
				t.Errorf("%s can be opened", path)
			}
		}
		if e := p.call("path_filestat_get", 3, lookupSymlinkFollow, path, p.alloc(64)); e == 0 {
			t.Errorf("%s can be described", path)
		}
	}
}
