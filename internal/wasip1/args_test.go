package wasip1

import (
	"bytes"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/fsbox"
)

func TestArgsAndEnvironment(t *testing.T) {
	p := newProgram(t, Config{Args: []string{"prog", "", "ünï"}, Env: []string{"A=1", "B="}})
	for _, c := range []struct {
		name string
		want []string
	}{{"args", []string{"prog", "", "ünï"}}, {"environ", []string{"A=1", "B="}}} {
		sizes := p.alloc(8)
		p.ok(c.name+"_sizes_get", sizes, sizes+4)
		want := strings.Join(c.want, "\x00") + "\x00"
		if n, size := p.u32(sizes), p.u32(sizes+4); int(n) != len(c.want) || int(size) != len(want) {
			t.Fatalf("%s: %d strings, %d bytes", c.name, n, size)
		}
		pointers, buf := p.alloc(100), p.alloc(100)
		p.ok(c.name+"_get", pointers, buf)
		if got := string(p.mem[buf:][:len(want)]); got != want {
			t.Errorf("%s: %q", c.name, got)
		}
		for i, s := range c.want {
			at := p.u32(pointers + uint32(4*i))
			if !bytes.HasPrefix(p.mem[at:], append([]byte(s), 0)) {
				t.Errorf("%s: pointer %d leads to %q", c.name, i, p.mem[at:at+8])
			}
		}
		end := uint32(len(p.mem))
		p.fails(fsbox.EFAULT, c.name+"_get", end-4, buf)
		p.fails(fsbox.EFAULT, c.name+"_get", pointers, end-2)
		p.fails(fsbox.EFAULT, c.name+"_sizes_get", end-2, buf)
		p.fails(fsbox.EFAULT, c.name+"_sizes_get", buf, end)
	}
}

func TestNothingIsGranted(t *testing.T) {
	t.Setenv("SECRET", "x")
	p := newProgram(t, Config{})
	sizes := p.alloc(8)
	for _, name := range []string{"args_sizes_get", "environ_sizes_get"} {
		p.ok(name, sizes, sizes+4)
		if p.u64(sizes) != 0 {
			t.Errorf("%s isn't empty", name)
		}
	}
	if s, e := p.read(0, 10); s != "" || e != 0 {
		t.Errorf("stdin: %q %v", s, e)
	}
	for fd := uint32(1); fd < 3; fd++ {
		if n, e := p.write(fd, "hello"); n != 5 || e != 0 {
			t.Errorf("output %d: %d %v", fd, n, e)
		}
	}
	for fd := uint32(3); fd < 2000; fd++ {
		p.fails(fsbox.EBADF, "fd_prestat_get", fd, sizes)
		p.fails(fsbox.EBADF, "fd_fdstat_get", fd, sizes)
	}
}

func TestBadConfig(t *testing.T) {
	for name, cfg := range map[string]Config{
		"NUL in an argument":     {Args: []string{"a\x00b"}},
		"NUL in a variable":      {Env: []string{"A=\x00"}},
		"no equals sign":         {Env: []string{"A"}},
		"no name":                {Env: []string{"=x"}},
		"no such directory":      {Preopens: []Preopen{{"/", fsbox.HostDir("/no/such/directory")}}},
		"no file system":         {Preopens: []Preopen{{"/", nil}}},
		"too many for the limit": {Preopens: []Preopen{{"/", fsbox.NewMem(0)}}, MaxDescriptors: 3},
	} {
		if s, err := New(cfg); err == nil {
			s.Close()
			t.Errorf("%s: no error", name)
		}
	}
}
