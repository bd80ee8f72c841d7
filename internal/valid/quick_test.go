package valid_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// comparePaths checks that functions are found the same by the fast paths and
// by the complete one: what visitors see and the error.
func comparePaths(t *testing.T, where string, info *valid.Info) {
	t.Helper()
	complete := info.WithoutFastPaths()
	for i := range info.Module.Code {
		fast, fastErr := walk(info, i, everything)
		slow, slowErr := walk(complete, i, everything)
		if (fastErr == nil) != (slowErr == nil) || fastErr != nil && fastErr.Error() != slowErr.Error() {
			t.Errorf("%s: function %d: %v by the fast path, %v by the complete one", where, i, fastErr, slowErr)
		}
		for k := range min(len(fast), len(slow)) {
			if fast[k] != slow[k] {
				t.Errorf("%s: function %d:\n\t%s by the fast path\n\t%s by the complete one", where, i, fast[k], slow[k])
				return
			}
		}
		if len(fast) != len(slow) {
			t.Errorf("%s: function %d: %d instructions by the fast path, %d by the complete one", where, i, len(fast), len(slow))
		}
	}
}

// frequent has the instructions that have a fast path, in forms with and
// without.
const frequent = `(module
	(global $g (mut i32) (i32.const 0)) (global $h i64 (i64.const -1)) (global $r (mut anyref) (ref.null any))
	(memory 1)
	(func $two (param i32 i64) (result i64 i32) local.get 1 local.get 0)
	(func $any (param anyref) (result i32) i32.const 1)
	(func (param i32 i64 f32 f64) (result i32) (local anyref (ref null i31)) (local (ref extern))
		i32.const 0 drop i32.const -1 drop i32.const 63 drop i32.const 64 drop i32.const -64 drop i32.const -65 drop
		i32.const 0x7fffffff drop i32.const 0x80000000 drop i32.const 0x0fffffff drop i32.const -0x8000000 drop
		i64.const 0 drop i64.const -1 drop i64.const 0x7fffffffffffffff drop i64.const 0x8000000000000000 drop
		i64.const 0x3fffffffffffff drop i64.const -0x100000000 drop i64.const 0xffffffff drop
		f32.const nan:0x200001 drop f64.const -0x1p-1000 drop
		ref.null i31 local.set 4 ref.null none local.tee 5 drop
		local.get 0 i32.load offset=70000 align=1 i32.const 0 i32.add local.set 0
		local.get 0 i64.load8_u offset=0xffffffff local.set 1
		local.get 0 local.get 1 i64.store32 offset=300 align=2
		local.get 0 local.get 1 call $two local.set 0 local.set 1
		ref.null i31 call $any drop
		global.get $g global.set $g global.get $h drop ref.null i31 global.set $r
		block br 0 end
		block (result i32) i32.const 1 br 0 end drop
		block (result i32) i32.const 1 i32.const 2 br_if 0 end drop
		block (result i32 i64) i32.const 1 i64.const 2 i32.const 2 br_if 0 end drop drop
		block (result anyref) ref.null none br 0 end drop
		block (result f32) unreachable end drop
		loop i32.const 1 br_if 0 end
		loop (param) (result i64) i64.const 1 end drop
		i32.const 1 if nop end
		i32.const 1 if (result i32) i32.const 1 else i32.const 2 end drop
		i32.const 5 i32.const 1 if (param i32) (result i32) end drop
		i32.const 1 if i32.const 9 return end
		block unreachable i32.add drop local.get 0 if nop else nop end br 0 nop end
		local.get 3 f64.sqrt local.get 3 f64.mul f64.neg local.get 2 f64.promote_f32 f64.lt
		if (result i32) i32.const 1 br 1 else unreachable end
	))`

func TestPathsAgree(t *testing.T) {
	info, err := validate(t, frequent, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	comparePaths(t, "frequent", info)
}

// TestPathsAgreeOnSuite compares the paths on the suite's functions, valid and
// not.
func TestPathsAgreeOnSuite(t *testing.T) {
	suiteScripts(t, func(path string, s *text.Script) {
		commands(s.Commands, func(c *text.Command) {
			if c.Module.Form == text.FormBinary || c.Kind != text.CmdModule && c.Kind != text.CmdAssertInvalid {
				return
			}
			m, err := c.Module.Parse(op.FeaturesAll)
			if err != nil {
				return
			}
			if info, err := valid.WithoutBodies(m, op.FeaturesAll); err == nil {
				comparePaths(t, path, info)
			}
		})
	})
}

// TestPathsAgreeOnMutants compares the paths on functions with altered bytes.
func TestPathsAgreeOnMutants(t *testing.T) {
	m := parse(t, frequent)
	info, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll})
	if err != nil {
		t.Fatal(err)
	}
	body := m.Code[2].Body
	original := slices.Clone(body)
	for pos := range body {
		for _, b := range []byte{0x00, 0x01, 0x0b, 0x1a, 0x20, 0x22, 0x36, 0x40, 0x41, 0x6a, 0x7e, 0x80, 0xff, original[pos] ^ 1} {
			body[pos] = b
			comparePaths(t, "mutant", info)
		}
		body[pos] = original[pos]
	}
	for n := range len(original) {
		m.Code[2].Body = original[:n]
		comparePaths(t, "truncated", info)
	}
}

// TestPathsAgreeOnProgram compares the paths on a real program, gofmt for WASI.
func TestPathsAgreeOnProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while to build")
	}
	name := filepath.Join(t.TempDir(), "gofmt.wasm")
	build := exec.Command("go", "build", "-o", name, "cmd/gofmt")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	bytes, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := binary.Decode(bytes, op.FeaturesAll)
	if err != nil {
		t.Fatal(err)
	}
	info, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll})
	if err != nil {
		t.Fatal(err)
	}
	comparePaths(t, name, info)
}
