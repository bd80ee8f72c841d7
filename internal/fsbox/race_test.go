package fsbox

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestRaces swaps directories and links below a guest's feet, from the host's side and from the guest's own, while the guest opens, makes,
// changes and removes files. Nothing outside may be read, made, changed or removed.
func TestRaces(t *testing.T) {
	for _, b := range []struct {
		name string
		open func(path string) (file, error)
	}{{"host", openHostRoot}, {"osroot", openRootDir}} {
		t.Run(b.name, func(t *testing.T) { testRaces(t, b.open) })
	}
}

const secretText = "SECRET"

// outside makes what the guest must not reach, beside the guest's directory box in dir.
func outside(t *testing.T, dir string) {
	t.Helper()
	for _, d := range []string{"box", "box/d", "box/d/e", "out", "out/e", "out/e/empty"} {
		must(t, os.Mkdir(filepath.Join(dir, d), 0o700))
	}
	for _, f := range []string{"f", "out/f", "out/e/f", "out/e/secret"} {
		must(t, os.WriteFile(filepath.Join(dir, f), []byte(secretText), 0o600))
	}
	for _, f := range []string{"box/f", "box/d/f", "box/d/e/f"} {
		must(t, os.WriteFile(filepath.Join(dir, f), []byte("box"), 0o600))
	}
	must(t, os.Symlink(filepath.Join(dir, "out"), filepath.Join(dir, "box/abs")))
	must(t, os.Symlink("../out", filepath.Join(dir, "box/rel")))
	must(t, os.Symlink("../../out/f", filepath.Join(dir, "box/d/lf")))
}

// checkOutside fails if anything there has changed.
func checkOutside(t *testing.T, dir string) {
	t.Helper()
	var found []string
	filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		if rel == "box" {
			return filepath.SkipDir
		}
		found = append(found, rel)
		if err == nil && e.Type().IsRegular() {
			if b, err := os.ReadFile(path); string(b) != secretText || err != nil {
				t.Errorf("%s is now %q (%v)", rel, b, err)
			}
			if fi, err := e.Info(); err == nil && fi.ModTime().Unix() < 1e9 {
				t.Errorf("%s has a time set by the guest", rel)
			}
		}
		return nil
	})
	if got := strings.Join(found, " "); got != ". f out out/e out/e/empty out/e/f out/e/secret out/f" {
		t.Errorf("outside is now: %s", got)
	}
}

func testRaces(t *testing.T, open func(string) (file, error)) {
	dir := t.TempDir()
	outside(t, dir)
	box := filepath.Join(dir, "box")
	root := openRoot(t, &FS{root: func() (file, error) { return open(box) }})
	stopAt := time.Now().Add(2 * time.Second)
	if testing.Short() {
		stopAt = time.Now().Add(300 * time.Millisecond)
	}
	var wg sync.WaitGroup
	loop := func(body func(r *rand.Rand)) {
		seed := rand.Uint64()
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, 1))
			for time.Now().Before(stopAt) {
				body(r)
			}
		})
	}
	in := func(name string) string { return filepath.Join(box, name) }

	// The host swaps a directory with links that lead out, and moves directories about within the box.
	loop(func(r *rand.Rand) {
		os.Rename(in("d"), in("parked"))
		os.Symlink([]string{"../out", filepath.Join(dir, "out"), "..", "/"}[r.IntN(4)], in("d"))
		os.Remove(in("d"))
		os.Rename(in("parked"), in("d"))
	})
	// (Through os.Root, because box/d may be a link that leads out at that moment.)
	host, err := os.OpenRoot(box)
	must(t, err)
	defer host.Close()
	loop(func(r *rand.Rand) {
		host.Rename("d/e", "e")
		host.Symlink([]string{"../../out/e", "../out/e"}[r.IntN(2)], "d/e")
		host.Remove("d/e")
		host.Rename("e", "d/e")
	})
	// The guest does the same by its own means.
	loop(func(r *rand.Rand) {
		root.SymlinkAt([]string{"../out", "../../out/e", ".."}[r.IntN(3)], "gl")
		root.RenameAt("gl", root, "d/e/f")
		root.RenameAt("d/e", root, "ge")
		root.RenameAt("ge", root, "d/e")
		root.UnlinkAt("gl")
	})

	paths := []string{
		"d/f", "d/e/f", "d/e/secret", "d/../f", "d/e/../../f", "d/e/../f", "rel/f", "abs/f", "gl/f", "gl/e/secret", "d/lf", "d/e/empty", "d/out/f",
		"parked/e/f", "ge/../out/f", "d/e/../../../f", "e/../f", "d/e/..", "d/e/../..",
	}
	for range 3 {
		loop(func(r *rand.Rand) {
			path := paths[r.IntN(len(paths))]
			switch r.IntN(9) {
			case 0, 1, 2:
				if s, err := get(root, path); err == nil && strings.Contains(s, secretText) {
					t.Errorf("read the secret at %s", path)
				}
			case 3:
				if f, err := root.OpenAt(path, true, OpenWrite|OpenCreate|OpenTruncate, 0); err == nil {
					f.Write(ctx, []byte("guest"))
					f.Close()
				}
			case 4:
				root.UnlinkAt(path)
			case 5:
				if root.MkdirAt(path+"-made") == nil {
					root.RmdirAt(path + "-made")
				}
			case 6:
				root.SetTimesAt(path, true, Times{Mtim: Timestamp{true, 5e9}})
			case 7:
				if root.LinkAt(path, true, root, "hard") == nil {
					if s, err := get(root, "hard"); err == nil && strings.Contains(s, secretText) {
						t.Errorf("linked the secret from %s", path)
					}
				}
				root.UnlinkAt("hard")
			case 8:
				if d, err := root.OpenAt(path, true, OpenRead|OpenDirectory, 0); err == nil {
					if e, err := d.ReadDir(0, 100); err == nil {
						for _, e := range e {
							if e.Name == "secret" || e.Name == "box" {
								t.Errorf("listed the outside at %s", path)
							}
						}
					}
					d.Close()
				}
			}
		})
	}
	wg.Wait()
	checkOutside(t, dir)
}
