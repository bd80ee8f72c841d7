package wasip1

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// The escape suite: a directory tree of the host with a box that the program is given and an outside that it must neither read nor change.
//
//	outside/secret, outside/dir/secret, outside/victim, outside/empty/     what must stay as it is
//	box/...                                                                what the program has
//
// Each attempt is a program's actions; it fails if it obtains the secret, if it lists the outside, or if the outside is changed after it.
// Links that a program can't make itself are made by the host before.

const secret = "TOP SECRET"

// cage is one attempt's surroundings.
type cage struct {
	*program
	root    string // of the host
	escaped []string
}

// fileID tells files apart.
type fileID struct{ dev, ino uint64 }

func newCage(t *testing.T) *cage {
	t.Helper()
	root := t.TempDir()
	for _, d := range []string{"outside", "outside/dir", "outside/empty", "box", "box/sub", "box/sub/deep", "box2"} {
		if err := os.Mkdir(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for path, content := range map[string]string{
		"outside/secret": secret, "outside/dir/secret": secret, "outside/victim": secret, "secret": secret, "box2/secret": secret,
		"box/file": "box", "box/sub/file": "box",
	} {
		if err := os.WriteFile(filepath.Join(root, path), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &cage{program: in(t, fsbox.HostDir(filepath.Join(root, "box"))), root: root}
}

// hostLink makes a symbolic link in the box with the host's means; $ROOT in the target is the cage's root.
func (c *cage) hostLink(target, name string) {
	if err := os.Symlink(strings.ReplaceAll(target, "$ROOT", c.root), filepath.Join(c.root, "box", name)); err != nil {
		c.t.Fatal(err)
	}
}

// link makes one with the program's; whether that is allowed is not the question.
func (c *cage) link(target, name string) {
	c.call("path_symlink", strings.ReplaceAll(target, "$ROOT", c.root), 3, name)
}

// steal tries all that can be done with a path that should lead nowhere: read, list, change, remove, move and link.
func (c *cage) steal(dir uint32, path string) {
	path = strings.ReplaceAll(path, "$ROOT", c.root)
	for _, lookup := range []int{0, lookupSymlinkFollow} {
		for _, oflags := range []int{0, oflagDirectory} {
			if fd, e := c.openWith(dir, lookup, path, oflags, rightFDRead|rightFDReaddir, 0, 0); e == 0 {
				c.inspect(fd, "open "+path)
				c.call("fd_close", fd)
			}
		}
		for _, oflags := range []int{0, oflagTrunc, oflagCreat, oflagCreat | oflagExcl, oflagCreat | oflagTrunc} {
			if fd, e := c.openWith(dir, lookup, path, oflags, fileRights, 0, 0); e == 0 {
				c.inspect(fd, "open for writing "+path)
				c.write(fd, "overwritten")
				c.call("fd_filestat_set_size", fd, 3)
				c.call("fd_filestat_set_times", fd, 1000, 1000, fstflagAtim|fstflagMtim)
				c.call("fd_close", fd)
			}
		}
		out := c.alloc(64)
		if e := c.call("path_filestat_get", dir, lookup, path, out); e == 0 {
			c.judge(out, "stat "+path)
		}
		c.call("path_filestat_set_times", dir, lookup, path, 1000, 1000, fstflagAtim|fstflagMtim)
		if c.call("path_link", dir, lookup, path, dir, "stolen-link") == 0 {
			if fd, e := c.openWith(dir, lookupSymlinkFollow, "stolen-link", 0, rightFDRead, 0, 0); e == 0 {
				c.inspect(fd, "link of "+path)
				c.call("fd_close", fd)
			}
			c.call("path_unlink_file", dir, "stolen-link")
		}
	}
	c.call("path_create_directory", dir, path+"/made")
	c.call("path_symlink", "x", dir, path+"/made-link")
	c.call("path_rename", dir, "file", dir, path+"/moved-in")
	c.call("path_link", dir, 0, "file", dir, path+"/linked-in")
	c.call("path_rename", dir, path+"/secret", dir, "moved-out")
	c.call("path_unlink_file", dir, path+"/victim")
	c.call("path_remove_directory", dir, path+"/empty")
	buf := c.alloc(64)
	c.call("path_readlink", dir, path, buf, 64, c.alloc(4))
	if c.call("path_rename", dir, path, dir, "stolen") == 0 {
		c.call("path_rename", dir, "stolen", dir, path)
	}
	c.call("path_unlink_file", dir, path)
	c.call("path_remove_directory", dir, path)
}

// inspect judges an open descriptor by its content or its entries.
func (c *cage) inspect(fd uint32, how string) {
	if s, e := c.read(fd, 1000); e == 0 && strings.Contains(s, secret) {
		c.escaped = append(c.escaped, how+" reads the secret")
	}
	buf, n := c.alloc(8192), c.alloc(4)
	if c.call("fd_readdir", fd, buf, 8192, 0, n) == 0 {
		list := string(c.mem[buf:][:c.u32(n)])
		for _, name := range []string{"secret", "victim", "outside", "box", "passwd"} {
			if strings.Contains(list, name) {
				c.escaped = append(c.escaped, how+" lists the outside")
			}
		}
	}
	out := c.alloc(64)
	if c.call("fd_filestat_get", fd, out) == 0 {
		c.judge(out, how)
	}
}

// judge compares a filestat's device and inode number with those of the outside.
func (c *cage) judge(filestat uint32, how string) {
	id := fileID{c.u64(filestat), c.u64(filestat + 8)}
	for _, path := range []string{".", "secret", "outside", "outside/secret", "outside/dir", "outside/dir/secret", "outside/victim", "outside/empty", "/", "/etc/passwd", "/etc", "/tmp"} {
		if !filepath.IsAbs(path) {
			path = filepath.Join(c.root, path)
		}
		if identity(path) == id {
			c.escaped = append(c.escaped, how+" reaches "+path)
		}
	}
}

// check fails if the attempt succeeded or the outside has changed.
func (c *cage) check(t *testing.T) {
	t.Helper()
	for _, e := range c.escaped {
		t.Error(e)
	}
	var found []string
	filepath.WalkDir(c.root, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(c.root, path)
		if rel == "box" {
			return filepath.SkipDir
		}
		found = append(found, rel)
		if d != nil && d.Type().IsRegular() {
			if b, _ := os.ReadFile(path); string(b) != secret {
				t.Errorf("%s was changed to %q", rel, b)
			}
		}
		if fi, err := d.Info(); err != nil || fi.ModTime().Year() < 2000 {
			t.Errorf("the times of %s were changed", rel)
		}
		return nil
	})
	want := []string{".", "box2", "box2/secret", "outside", "outside/dir", "outside/dir/secret", "outside/empty", "outside/secret", "outside/victim", "secret"}
	if !slices.Equal(found, want) {
		t.Errorf("the outside is now %v", found)
	}
}

// escapePaths are attempts that consist of a path alone.
var escapePaths = []string{
	"..", "../", "../.", "./..", "../secret", "../outside/secret", "../outside/dir/secret", "./../secret", "../box/../secret",
	"sub/../../secret", "sub/../../outside/secret", "sub/deep/../../../secret", "sub/./deep/.././../../secret", "sub//..//..//secret",
	"sub/deep/../../../outside", "../../../../../../../../etc/passwd", ".././../etc/passwd", "sub/../..", "sub/../../", "sub/../../.",
	"file/../../secret", "nonexistent/../../secret", "nonexistent/../..", "file/../..", "./././../secret", ".//..//secret",
	"/", "//", "///", "/.", "/..", "/etc/passwd", "//etc/passwd", "/../etc/passwd", "/./etc/passwd", "$ROOT/secret", "$ROOT/outside", "/$ROOT/secret",
	"$ROOT/box/../secret", "$ROOT/box/file",
	"../secret\x00", "file\x00/../../secret", "\x00../secret", "sub\x00", "",
	`..\secret`, `sub\..\..\secret`, `..\..\..\windows\win.ini`, `\etc\passwd`, `C:\secret`, `C:secret`, "C:/secret", "c:/../secret", `\\server\share\secret`,
	`\\?\C:\secret`, `\\.\pipe\x`, "//server/share/secret", "//?/C:/secret", "CON", "NUL", "COM1", "nul.txt", "aux", "file::$DATA", "sub::$INDEX_ALLOCATION", "sub:..",
	"file/..namedfork/rsrc", ".../secret", "..../secret", "..;/secret", "..%2fsecret", "%2e%2e/secret", "..%c0%afsecret", "．．/secret", "..／secret", "‥/secret",
	"..\xc0\xafsecret", "\xff\xfe", "~", "~/secret", "~root/.ssh/id_rsa", "$HOME/secret", "file/", "file/.", "file/..", "sub/file/../../../secret",
	"proc/self/root/etc/passwd", "dev/fd/3/../secret",
}

// longPaths are attempts by length.
func longPaths() []string {
	return []string{
		strings.Repeat("../", 1000) + "etc/passwd",
		strings.Repeat("sub/../", 500) + "../secret",
		strings.Repeat("./", 2000) + "../secret",
		strings.Repeat("/", 4000) + "etc/passwd",
		strings.Repeat("a", 300) + "/../../secret",
		strings.Repeat("a/", 3000) + strings.Repeat("../", 3001) + "secret",
		strings.Repeat("sub/deep/../../", 260) + "../secret",
		"../" + strings.Repeat("x", 70000),
	}
}

// escapeLinks are attempts through symbolic links: those to make, in order, then the paths to try. Each runs with links of the host and
// with links of the program.
var escapeLinks = []struct {
	name  string
	links [][2]string // target, name
	paths []string
}{
	{"to the parent", [][2]string{{"..", "l"}}, []string{"l", "l/", "l/.", "l/secret", "l/outside/secret", "l/box2", "l/.."}},
	{"to the parent from below", [][2]string{{"../..", "sub/l"}}, []string{"sub/l", "sub/l/secret", "sub/l/", "sub/l/outside/dir/secret"}},
	{"to a file outside", [][2]string{{"../secret", "l"}}, []string{"l", "l/", "l/."}},
	{"to a directory outside", [][2]string{{"../outside", "l"}}, []string{"l", "l/", "l/secret", "l/dir/secret", "l/dir/../secret", "l/..", "l/../secret"}},
	{"absolute, to a file", [][2]string{{"$ROOT/secret", "l"}}, []string{"l", "l/"}},
	{"absolute, to a directory", [][2]string{{"$ROOT/outside", "l"}}, []string{"l", "l/", "l/secret"}},
	{"absolute, to the root", [][2]string{{"/", "l"}}, []string{"l", "l/etc/passwd", "l/etc"}},
	{"absolute, into the box", [][2]string{{"$ROOT/box", "l"}}, []string{"l/../secret", "l/.."}},
	{"absolute, with more slashes", [][2]string{{"//etc", "l"}}, []string{"l", "l/passwd"}},
	{"chain", [][2]string{{"b", "a"}, {"c", "b"}, {"../secret", "c"}}, []string{"a", "b", "c"}},
	{"chain of directories", [][2]string{{"sub", "a"}, {"a/deep", "b"}, {"b/../../..", "c"}}, []string{"c", "c/secret", "b/../../../secret"}},
	{"adding up", [][2]string{{"..", "sub/up"}, {"sub/up/..", "a"}}, []string{"a", "a/secret", "sub/up/../secret", "sub/up/up"}},
	{"through a deep one", [][2]string{{"sub/deep", "d"}}, []string{"d/../../../secret", "d/../../..", "d/../../../outside/secret"}},
	{"in the middle", [][2]string{{"../..", "sub/deep/l"}}, []string{"sub/deep/l/../secret", "sub/deep/l/../outside/secret"}},
	{"dangling to outside", [][2]string{{"../outside/new", "l"}}, []string{"l"}},
	{"dangling, absolute", [][2]string{{"$ROOT/outside/new", "l"}}, []string{"l"}},
	{"dangling, below a directory outside", [][2]string{{"../outside/empty/new", "l"}}, []string{"l"}},
	{"dangling chain", [][2]string{{"b", "a"}, {"../new", "b"}}, []string{"a"}},
	{"trailing slash in the target", [][2]string{{"../outside/", "l"}}, []string{"l", "l/secret"}},
	{"dots in the target", [][2]string{{"./.././outside/./dir/../secret", "l"}}, []string{"l"}},
	{"loop", [][2]string{{"b/../..", "a"}, {"a/..", "b"}}, []string{"a", "b", "a/secret", "b/secret"}},
	{"itself and up", [][2]string{{"l/../../secret", "l"}}, []string{"l"}},
	{"magic links", [][2]string{{"/proc/self/cwd", "cwd"}, {"/proc/self/root", "root"}, {"/proc/self/fd/0", "fd"}, {"/dev/fd/3", "dev"}}, []string{"cwd", "cwd/..", "root/etc/passwd", "fd", "dev", "dev/.."}},
	{"long target", [][2]string{{strings.Repeat("sub/../", 400) + "../secret", "l"}}, []string{"l"}},
	{"backslashes in the target", [][2]string{{`..\secret`, "l"}, {`C:\`, "c"}}, []string{"l", "c", "c/secret"}},
	{"forty links", func() (links [][2]string) {
		links = [][2]string{{"../secret", "l0"}}
		for i := range 45 {
			links = append(links, [2]string{fmt.Sprintf("l%d", i), fmt.Sprintf("l%d", i+1)})
		}
		return links
	}(), []string{"l0", "l30", "l39", "l45"}},
}

// escapeTricks are attempts that take several actions.
var escapeTricks = []struct {
	name string
	do   func(c *cage)
}{
	{"open a directory, move it deeper, go up", func(c *cage) {
		fd := c.open(3, "sub/deep", oflagDirectory)
		c.call("path_rename", 3, "sub/deep", 3, "deep")
		c.steal(fd, "..")
		c.steal(fd, "../..")
		c.steal(fd, "../../secret")
	}},
	{"open a directory, remove it, go up", func(c *cage) {
		fd := c.open(3, "sub/deep", oflagDirectory)
		c.call("path_remove_directory", 3, "sub/deep")
		c.steal(fd, "../../../secret")
		c.steal(fd, "..")
	}},
	{"subdirectory's .. into the box", func(c *cage) {
		fd := c.open(3, "sub", oflagDirectory)
		if _, e := c.openWith(fd, 0, "../file", 0, rightFDRead, 0, 0); e == 0 {
			c.escaped = append(c.escaped, "a subdirectory's descriptor reaches its parent")
		}
		if _, e := c.openWith(fd, 0, "..", 0, 0, 0, 0); e == 0 {
			c.escaped = append(c.escaped, "a subdirectory's descriptor opens its parent")
		}
	}},
	{"subdirectory's link into the box", func(c *cage) {
		c.link("../file", "sub/l")
		fd := c.open(3, "sub", oflagDirectory)
		if _, e := c.openWith(fd, lookupSymlinkFollow, "l", 0, rightFDRead, 0, 0); e == 0 {
			c.escaped = append(c.escaped, "a link leads out of a subdirectory's descriptor")
		}
	}},
	{"the descriptor of ..", func(c *cage) {
		buf, n := c.alloc(4096), c.alloc(4)
		c.ok("fd_readdir", 3, buf, 4096, 0, n)
		if ino := get64(c.mem[buf+sizeDirent+1+direntIno:]); ino != 0 && ino == identity(c.root).ino {
			c.escaped = append(c.escaped, "the listing tells the parent's inode")
		}
	}},
	{"rename a link that leads out, then open it", func(c *cage) {
		c.hostLink("../../outside", "sub/l")
		c.call("path_rename", 3, "sub/l", 3, "m")
		c.steal(3, "m/secret")
		c.steal(3, "m")
	}},
	{"make a link valid, then move it", func(c *cage) {
		c.link("../file", "sub/l")
		c.call("path_rename", 3, "sub/l", 3, "l")
		c.steal(3, "l")
	}},
	{"link into a directory that is moved up", func(c *cage) {
		c.link("../../..", "sub/deep/up")
		c.call("path_rename", 3, "sub/deep", 3, "deep")
		c.steal(3, "deep/up")
		c.steal(3, "deep/up/secret")
	}},
	{"hard link of a link that leads out", func(c *cage) {
		c.hostLink("../secret", "l")
		c.call("path_link", 3, 0, "l", 3, "hard")
		c.steal(3, "hard")
		c.call("path_link", 3, lookupSymlinkFollow, "l", 3, "harder")
		c.steal(3, "harder")
	}},
	{"hard link of a file outside", func(c *cage) {
		for _, path := range []string{"../secret", "$ROOT/secret", "sub/../../secret"} {
			path = strings.ReplaceAll(path, "$ROOT", c.root)
			for lookup := range 2 {
				if c.call("path_link", 3, lookup, path, 3, "got") == 0 {
					c.inspect(c.open(3, "got", 0), "hard link")
				}
			}
		}
	}},
	{"hard link to outside", func(c *cage) {
		c.call("path_link", 3, 0, "file", 3, "../planted")
		c.call("path_link", 3, 0, "file", 3, c.root+"/planted")
		c.hostLink("../outside", "o")
		c.call("path_link", 3, 0, "file", 3, "o/planted")
	}},
	{"rename to outside", func(c *cage) {
		c.hostLink("../outside", "o")
		for _, to := range []string{"../planted", "../outside/planted", c.root + "/planted", "o/planted", "sub/../../planted", "../secret", "o/secret", ".."} {
			c.call("path_rename", 3, "file", 3, to)
			c.call("path_rename", 3, "sub", 3, to)
		}
	}},
	{"rename from outside", func(c *cage) {
		c.hostLink("../outside", "o")
		for _, from := range []string{"../secret", c.root + "/secret", "o/secret", "o/dir", "../outside", "sub/../../secret", ".."} {
			c.call("path_rename", 3, from, 3, "got")
		}
	}},
	{"directories outside", func(c *cage) {
		c.hostLink("../outside", "o")
		for _, path := range []string{"../made", "o/made", c.root + "/made", "../outside/made/", "o/made/"} {
			c.call("path_create_directory", 3, path)
		}
		for _, path := range []string{"../outside/empty", "o/empty", c.root + "/outside/empty", "o/empty/"} {
			c.call("path_remove_directory", 3, path)
		}
	}},
	{"links outside", func(c *cage) {
		c.hostLink("../outside", "o")
		for _, path := range []string{"../made", "o/made", c.root + "/made"} {
			c.call("path_symlink", "x", 3, path)
		}
	}},
	{"create through a dangling link", func(c *cage) {
		c.hostLink("../outside/planted", "rel")
		c.hostLink("$ROOT/outside/planted", "abs")
		c.link("../outside/planted", "own")
		for _, name := range []string{"rel", "abs", "own"} {
			for lookup := range 2 {
				for _, oflags := range []int{oflagCreat, oflagCreat | oflagTrunc, oflagCreat | oflagExcl} {
					if fd, e := c.openWith(3, lookup, name, oflags, fileRights, 0, 0); e == 0 {
						c.write(fd, "planted")
					}
				}
			}
		}
	}},
	{"times through a link", func(c *cage) {
		c.hostLink("../secret", "l")
		c.call("path_filestat_set_times", 3, lookupSymlinkFollow, "l", 1000, 1000, fstflagAtim|fstflagMtim)
		c.call("path_filestat_set_times", 3, 0, "l/", 1000, 1000, fstflagAtim|fstflagMtim)
	}},
	{"truncate through a link", func(c *cage) {
		c.hostLink("../secret", "l")
		c.openWith(3, lookupSymlinkFollow, "l", oflagTrunc, 0, 0, 0)
		c.openWith(3, 0, "l", oflagTrunc, 0, 0, 0)
	}},
	{"unlink through a link", func(c *cage) {
		c.hostLink("../outside", "o")
		c.call("path_unlink_file", 3, "o/victim")
		c.call("path_unlink_file", 3, "o/")
		c.call("path_remove_directory", 3, "o/")
		c.call("path_remove_directory", 3, "o/.")
		c.call("path_remove_directory", 3, "o/empty/.")
	}},
	{"readlink outside", func(c *cage) {
		if err := os.Symlink(secret, filepath.Join(c.root, "box2", "l")); err != nil {
			c.t.Fatal(err)
		}
		defer os.Remove(filepath.Join(c.root, "box2", "l"))
		c.hostLink("../box2", "b")
		buf, n := c.alloc(64), c.alloc(4)
		for _, path := range []string{"../box2/l", "b/l", c.root + "/box2/l"} {
			if c.call("path_readlink", 3, path, buf, 64, n) == 0 {
				c.escaped = append(c.escaped, "readlink "+path)
			}
		}
	}},
	{"renumber over the preopened directory", func(c *cage) {
		fd := c.open(3, "sub/deep", oflagDirectory)
		c.ok("fd_renumber", fd, 3)
		c.steal(3, "..")
		c.steal(3, "../..")
		c.steal(3, "../../../secret")
		if _, e := c.openWith(3, 0, "../file", 0, rightFDRead, 0, 0); e == 0 {
			c.escaped = append(c.escaped, "the new descriptor 3 reaches above itself")
		}
	}},
	{"renumber a directory over an output", func(c *cage) {
		c.ok("fd_renumber", 3, 1)
		c.steal(1, "../secret")
		c.steal(1, "..")
	}},
	{"rights that were given up", func(c *cage) {
		c.ok("fd_fdstat_set_rights", 3, rightPathOpen|rightFDReaddir, rightFDRead|rightFDReaddir)
		for _, base := range []rights{allRights, treeRights, rightFDWrite, rightPathUnlinkFile, rightPathOpen} {
			if _, e := c.openWith(3, 0, ".", oflagDirectory, base, 0, 0); e == 0 {
				c.escaped = append(c.escaped, fmt.Sprintf("rights %x are back", base))
			}
			if _, e := c.openWith(3, 0, ".", oflagDirectory, 0, base, 0); e == 0 {
				c.escaped = append(c.escaped, fmt.Sprintf("inheriting rights %x are back", base))
			}
			if c.call("fd_fdstat_set_rights", 3, base, base) == 0 {
				c.escaped = append(c.escaped, "set_rights added some")
			}
		}
		if c.call("path_unlink_file", 3, "file") == 0 || c.call("path_create_directory", 3, "x") == 0 {
			c.escaped = append(c.escaped, "a right that was given up still works")
		}
	}},
	{"descriptors out of the blue", func(c *cage) {
		for _, fd := range []uint32{4, 5, 10, 100, 1023, 1024, 1 << 16, 1 << 30, 1<<31 - 1, 1 << 31, 1<<32 - 100 /* AT_FDCWD */, 1<<32 - 2, 1<<32 - 1} {
			c.steal(fd, "secret")
			c.steal(fd, c.root+"/secret")
			c.fails(fsbox.EBADF, "fd_prestat_get", fd, c.alloc(8))
		}
	}},
	{"a file as directory", func(c *cage) {
		fd := c.open(3, "file", 0)
		for _, path := range []string{"", ".", "..", "../secret", "/etc/passwd", c.root + "/secret"} {
			c.steal(fd, path)
		}
	}},
	{"a name with a newline and dots", func(c *cage) {
		c.call("path_create_directory", 3, "\n..")
		c.steal(3, "\n../../secret")
		c.steal(3, "..\n/secret")
		c.steal(3, "sub/.. /secret")
		c.steal(3, " ../secret")
	}},
	{"a directory swapped for a link while it is open", func(c *cage) {
		fd := c.open(3, "sub", oflagDirectory)
		c.call("path_rename", 3, "sub", 3, "gone")
		c.hostLink("../outside", "sub")
		c.steal(3, "sub/secret")
		c.steal(3, "sub/dir/secret")
		c.steal(fd, "../sub/secret")
		c.steal(fd, "secret")
	}},
	{"the box itself renamed by the host", func(c *cage) {
		was, now := filepath.Join(c.root, "box"), filepath.Join(c.root, "box2", "boxed")
		if err := os.Rename(was, now); err != nil {
			c.t.Fatal(err)
		}
		c.steal(3, "../secret")
		c.steal(3, "..")
		c.steal(3, "../../outside/secret")
		if err := os.Rename(now, was); err != nil {
			c.t.Fatal(err)
		}
	}},
	{"the box replaced by a link", func(c *cage) {
		was, now := filepath.Join(c.root, "box"), filepath.Join(c.root, "parked")
		if err := os.Rename(was, now); err != nil {
			c.t.Fatal(err)
		}
		if err := os.Symlink("outside", was); err != nil {
			c.t.Fatal(err)
		}
		c.steal(3, "secret")
		c.steal(3, "dir/secret")
		c.steal(3, "victim")
		os.Remove(was)
		if err := os.Rename(now, was); err != nil {
			c.t.Fatal(err)
		}
	}},
}

func TestEscapes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making symbolic links takes a privilege here")
	}
	attempts := 0
	for _, path := range append(longPaths(), escapePaths...) {
		attempts++
		t.Run(fmt.Sprintf("path/%.40q", path), func(t *testing.T) {
			c := newCage(t)
			c.steal(3, path)
			c.steal(c.open(3, ".", oflagDirectory), path)
			c.check(t)
		})
	}
	for _, a := range escapeLinks {
		for _, by := range []string{"host", "guest"} {
			attempts += len(a.paths)
			t.Run("link/"+by+"/"+a.name, func(t *testing.T) {
				for _, path := range a.paths {
					c := newCage(t)
					for _, l := range a.links {
						if by == "host" {
							c.hostLink(l[0], l[1])
						} else {
							c.link(l[0], l[1])
						}
					}
					c.steal(3, path)
					c.check(t)
				}
			})
		}
	}
	for _, a := range escapeTricks {
		attempts++
		t.Run("trick/"+a.name, func(t *testing.T) {
			c := newCage(t)
			a.do(c)
			c.check(t)
		})
	}
	if attempts < 80 {
		t.Errorf("only %d attempts", attempts)
	}
	t.Logf("%d attempts", attempts)
}

// TestEscapesFromMemory runs the paths against a file system in memory, and one of io/fs over the host: there is nothing to steal in the
// first and only the box in the second.
func TestEscapesFromMemory(t *testing.T) {
	for _, path := range append(longPaths(), escapePaths...) {
		c := newCage(t)
		for _, fsys := range []*fsbox.FS{fsbox.NewMem(0), fsbox.FromFS(os.DirFS(filepath.Join(c.root, "box")))} {
			c.program = in(t, fsys)
			c.steal(3, path)
			c.check(t)
		}
	}
}
