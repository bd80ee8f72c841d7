package wasip1

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// signatures are the functions of the specification with their types.
const signatures = `args_get ii i; args_sizes_get ii i; environ_get ii i; environ_sizes_get ii i; clock_res_get ii i; clock_time_get iIi i;
fd_advise iIIi i; fd_allocate iII i; fd_close i i; fd_datasync i i; fd_fdstat_get ii i; fd_fdstat_set_flags ii i;
fd_fdstat_set_rights iII i; fd_filestat_get ii i; fd_filestat_set_size iI i; fd_filestat_set_times iIIi i; fd_pread iiiIi i;
fd_prestat_get ii i; fd_prestat_dir_name iii i; fd_pwrite iiiIi i; fd_read iiii i; fd_readdir iiiIi i; fd_renumber ii i; fd_seek iIii i;
fd_sync i i; fd_tell ii i; fd_write iiii i; path_create_directory iii i; path_filestat_get iiiii i; path_filestat_set_times iiiiIIi i;
path_link iiiiiii i; path_open iiiiiIIii i; path_readlink iiiiii i; path_remove_directory iii i; path_rename iiiiii i;
path_symlink iiiii i; path_unlink_file iii i; poll_oneoff iiii i; proc_exit i; proc_raise i i; sched_yield; random_get ii i;
sock_accept iii i; sock_recv iiiiii i; sock_send iiiii i; sock_shutdown ii i`

func TestSignatures(t *testing.T) {
	want := map[string]string{}
	for _, line := range strings.Split(signatures, ";") {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		want[name] = rest
	}
	want["sched_yield"] = " i"
	want["proc_exit"] = "i "
	for _, table := range [][]Function{Functions, FunctionsUnstable} {
		if len(table) != 46 {
			t.Errorf("%d functions, want 46", len(table))
		}
		for _, f := range table {
			if got := f.Params + " " + f.Result; got != want[f.Name] {
				t.Errorf("%s is %q, want %q", f.Name, got, want[f.Name])
			}
		}
	}
}

// TestBadPointers gives each function pointers and lengths that lead out of the memory, in all combinations with good ones. None may panic
// or end the program.
func TestBadPointers(t *testing.T) {
	values := []uint64{0, 3, 8, 1 << 16, 1<<18 - 4, 1<<32 - 1, 1 << 31, 1<<64 - 1}
	for _, table := range [][]Function{Functions, FunctionsUnstable} {
		for i := range table {
			f := &table[i]
			if f.Name == "proc_exit" || f.Name == "proc_raise" {
				continue
			}
			p := in(t, fsbox.NewMem(0))
			p.create(3, "f", "content")
			deadline, cancel := context.WithTimeout(p.ctx, time.Second)
			for n := range 3000 {
				a := make([]uint64, len(f.Params))
				for j, x := 0, n; j < len(a); j++ {
					a[j] = values[x%len(values)]
					x = x/len(values) + n>>j
				}
				if n%2 == 0 && len(a) > 0 {
					a[0] = uint64(3 + n/2%2)
				}
				if _, err := f.Call(deadline, p.s, p.mem, a); err != nil && deadline.Err() == nil {
					t.Errorf("%s%v ended the program: %v", f.Name, a, err)
				}
			}
			cancel()
		}
	}
}

func TestTooFewArguments(t *testing.T) {
	p := newProgram(t, Config{})
	if e, err := Functions[0].Call(p.ctx, p.s, p.mem, nil); e != fsbox.EINVAL || err != nil {
		t.Error(e, err)
	}
}

func TestExit(t *testing.T) {
	p := newProgram(t, Config{})
	for _, code := range []uint32{0, 1, 255, 1 << 31} {
		if _, err := p.try("proc_exit", code); uint32(exitCode(err)) != code {
			t.Errorf("proc_exit(%d): %v", code, err)
		}
	}
	for _, signal := range []int{0, 16, 17, 22, 27} {
		p.ok("proc_raise", signal)
	}
	for _, signal := range []int{18, 19, 20, 21} {
		p.fails(fsbox.ENOTSUP, "proc_raise", signal)
	}
	p.fails(fsbox.EINVAL, "proc_raise", 31)
	p.fails(fsbox.EINVAL, "proc_raise", uint32(1<<31))
	for signal, code := range map[int]int{1: 129, 6: 134, 9: 137, 15: 143, 30: 158} {
		if _, err := p.try("proc_raise", signal); exitCode(err) != code {
			t.Errorf("proc_raise(%d): %v", signal, err)
		}
	}
	p.ok("sched_yield")
}
