package wamr_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
)

func TestFramesAndTrace(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, `(module
		(func $inner (param i32) (if (local.get 0) (then unreachable)))
		(func (call 0 (i32.const 1)))
		(func (export "outer") (call 1)))`)
	_, err := inst.Call(bg, "outer")
	frames := wamr.Frames(err)
	if len(frames) != 3 {
		t.Fatalf("frames: %v", frames)
	}
	bin := inst.Module().Binary()
	for i, want := range []struct {
		name string
		code byte // at the offset
	}{{"inner", 0x00}, {"", 0x10}, {"outer", 0x10}} {
		f := frames[i]
		if f.Name != want.name || f.Func != uint32(i) || f.Module != inst.Module() || f.File != "" || f.Line != 0 {
			t.Errorf("frame %d: %+v", i, f)
		}
		if bin[f.Offset] != want.code {
			t.Errorf("frame %d: offset %#x has %#x", i, f.Offset, bin[f.Offset])
		}
	}
	lines := strings.Split(wamr.Trace(err), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "#00: 0x00") || !strings.HasSuffix(lines[0], " - inner") ||
		!strings.HasSuffix(lines[1], " - $f1") || !strings.HasPrefix(lines[2], "#02: 0x") || lines[3] != "" {
		t.Errorf("trace:\n%s", wamr.Trace(err))
	}
	if wamr.Frames(errors.New("other")) != nil || wamr.Trace(nil) != "" {
		t.Error("frames of no trap")
	}
	equal(t, "string", wamr.Frame{Offset: 0x12, Name: "f", File: "a.c", Line: 3}.String(), "0x0012 - f (a.c:3)")
}

// Source positions come from the DWARF tables that clang writes.
func TestFrameLines(t *testing.T) {
	clang, err := exec.LookPath("clang")
	if err != nil {
		t.Skip("clang is not installed")
	}
	if _, err := exec.LookPath("wasm-ld"); err != nil {
		t.Skip("wasm-ld is not installed")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "lines.c")
	const src = `__attribute__((noinline)) int inner(int x) {
    if (x > 2)
        __builtin_trap();
    return x + 1;
}

int unused(int x) { return x; }

__attribute__((export_name("outer"))) int outer(int x) {
    int y = x * 2;

    return inner(y) +
           inner(y + 1);
}
`
	noError(t, os.WriteFile(file, []byte(src), 0o644))
	for _, version := range []string{"-gdwarf-4", "-gdwarf-5"} {
		t.Run(version, func(t *testing.T) {
			out := filepath.Join(dir, "lines"+version+".wasm")
			if msg, err := exec.Command(clang, version, "-O0", "--target=wasm32", "-nostdlib", "-Wl,--no-entry", "-o", out, file).CombinedOutput(); err != nil {
				t.Skipf("clang can't build for wasm32: %v\n%s", err, msg)
			}
			bin, err := os.ReadFile(out)
			noError(t, err)
			inst := instantiate(t, nil, wamr.Limits{}, string(bin))
			for _, c := range []struct {
				arg          int32
				inner, outer int
			}{{1, 3, 13}, {2, 3, 12}} {
				_, err = inst.Call(bg, "outer", wamr.I32(c.arg))
				wantIs(t, err, wamr.ErrUnreachable)
				frames := wamr.Frames(err)
				if len(frames) != 2 || frames[0].Line != c.inner || frames[1].Line != c.outer || frames[0].Name != "inner" || filepath.Base(frames[0].File) != "lines.c" {
					t.Errorf("frames: %v", frames)
				}
			}
		})
	}
}

// Broken DWARF costs the lines, not the trace.
func TestFrameBrokenDWARF(t *testing.T) {
	rt := newRuntime(t, wamr.Config{})
	bin := compile(t, rt, `(module (func $f (export "f") unreachable))`).Binary()
	for _, content := range []string{"", "\x00", "\xff\xff\xff\xff\xff\xff\xff\xff", strings.Repeat("\x01", 100)} {
		broken := string(bin)
		for _, name := range []string{".debug_line", ".debug_info", ".debug_abbrev"} {
			broken += "\x00" + string(rune(1+len(name)+len(content))) + string(rune(len(name))) + name + content
		}
		inst, err := wamr.NewLinker().Instantiate(bg, nil, compile(t, rt, broken))
		noError(t, err)
		_, err = inst.Call(bg, "f")
		if f := wamr.Frames(err); len(f) != 1 || f[0].Name != "f" || f[0].Line != 0 {
			t.Errorf("frames: %v", f)
		}
		inst.Store().Close()
	}
}
