package wasip1

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// fuzzMemory is how much memory a fuzzed program has, in bytes.
const fuzzMemory = 1 << 16

// FuzzCalls runs a program of random calls over random memory. Each call is a byte for the function and arguments of two bytes, most of which
// point into memory; the rest of the input is the memory. Nothing may panic, take long, or leave the box.
func FuzzCalls(f *testing.F) {
	f.Add([]byte{2, 30, 3, 0}, []byte("../secret"))
	f.Add([]byte{1, 31, 3, 0, 0, 0, 0, 0, 9, 0, 15, 0, 255, 255, 255, 255, 0, 0, 0, 1}, []byte("file\x00\x00\x00\x00"))
	f.Add([]byte{1, 37, 0, 0, 0, 2, 2, 0, 0, 3}, make([]byte, 512))
	f.Add([]byte{2, 26, 1, 0, 8, 0, 3, 0, 0, 1, 20, 0, 0, 8, 0, 3, 0, 0, 1}, binary.LittleEndian.AppendUint64(nil, 8<<32|64))
	f.Fuzz(func(t *testing.T, calls, memory []byte) {
		dir := t.TempDir()
		box := filepath.Join(dir, "box")
		if err := os.Mkdir(box, 0o700); err != nil {
			t.Fatal(err)
		}
		outside := filepath.Join(dir, "secret")
		if err := os.WriteFile(outside, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(box, "file"), []byte("content"), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := New(Config{Preopens: []Preopen{{"/", fsbox.HostDir(box)}, {"/mem", fsbox.NewMem(1 << 20)}}, MaxDescriptors: 16,
			Sleep: func(context.Context, time.Duration) error { return nil }})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		mem := make(ram, fuzzMemory)
		copy(mem, memory)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		for n := 0; len(calls) > 0 && n < 64; n++ {
			fn := &Functions[int(calls[0])%len(Functions)]
			if calls[0] >= 128 {
				fn = &FunctionsUnstable[int(calls[0])%len(Functions)]
			}
			calls = calls[1:]
			a := make([]uint64, len(fn.Params))
			for i := range a {
				if len(calls) < 2 {
					break
				}
				v := uint64(binary.LittleEndian.Uint16(calls))
				calls = calls[2:]
				if v >= 0xff00 { // the odd ones, and all rights
					v = 1<<(v&63) - 1
				}
				a[i] = v
			}
			if fn.Name == "fd_allocate" || fn.Name == "fd_filestat_set_size" {
				a[1] &= 1<<20 - 1 // the host's disk is not what is tested
			}
			if fn.Name == "fd_allocate" {
				a[2] &= 1<<20 - 1
			}
			fn.Call(ctx, s, mem, a)
		}
		if ctx.Err() != nil {
			t.Fatal("takes too long")
		}
		if b, err := os.ReadFile(outside); string(b) != secret || err != nil {
			t.Fatalf("the secret is now %q, %v", b, err)
		}
		if e, err := os.ReadDir(dir); len(e) != 2 || err != nil {
			t.Fatalf("outside: %v %v", e, err)
		}
	})
}

// FuzzVectors writes random vectors to an output and compares what arrives with a simple model; then it reads them back.
func FuzzVectors(f *testing.F) {
	f.Add([]byte("\x10\x00\x00\x00\x05\x00\x00\x00hello world"), uint32(0), uint32(1), uint32(64))
	f.Add([]byte("\x00\x00\x00\x00\xff\xff\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00"), uint32(0), uint32(2), uint32(64))
	f.Add([]byte{}, uint32(65530), uint32(1), uint32(0))
	f.Add([]byte{}, uint32(0), uint32(1<<29), uint32(0))
	f.Fuzz(func(t *testing.T, memory []byte, array, count, result uint32) {
		var out bytes.Buffer
		s, err := New(Config{Stdout: &out})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		mem := make(ram, fuzzMemory)
		copy(mem, memory)
		want, wantErrno := vectorModel(mem, array, count)
		if wantErrno == 0 && uint64(result)+4 > fuzzMemory {
			wantErrno = fsbox.EFAULT
		}
		e, err := function("fd_write").Call(context.Background(), s, mem, []uint64{1, uint64(array), uint64(count), uint64(result)})
		if err != nil || e != wantErrno {
			t.Fatalf("%v, %v; want %v", e, err, wantErrno)
		}
		if e != 0 {
			if out.Len() > 0 {
				t.Fatalf("%d bytes written by a call that failed", out.Len())
			}
			return
		}
		if !bytes.Equal(out.Bytes(), want) || binary.LittleEndian.Uint32(mem[result:]) != uint32(len(want)) {
			t.Fatalf("%d bytes written, %d reported, want %d", out.Len(), binary.LittleEndian.Uint32(mem[result:]), len(want))
		}
	})
}

// vectorModel is what a write of vectors should write.
func vectorModel(mem ram, array, count uint32) ([]byte, Errno) {
	if count > maxIovecs {
		return nil, fsbox.EINVAL
	}
	if uint64(array)+8*uint64(count) > uint64(len(mem)) {
		return nil, fsbox.EFAULT
	}
	var all []byte
	for i := range count {
		p, n := uint64(binary.LittleEndian.Uint32(mem[array+8*i:])), uint64(binary.LittleEndian.Uint32(mem[array+8*i+4:]))
		if p+n > uint64(len(mem)) {
			return nil, fsbox.EFAULT
		}
		all = append(all, mem[p:p+n]...)
	}
	return all, 0
}

func function(name string) *Function {
	for i := range Functions {
		if Functions[i].Name == name {
			return &Functions[i]
		}
	}
	return nil
}

// FuzzPoll polls random subscriptions. Each event must be of one of them, and none may come twice.
func FuzzPoll(f *testing.F) {
	f.Add(make([]byte, 96), uint32(0), uint32(4096), uint32(2), uint32(8000))
	f.Add(append(make([]byte, 8), 1), uint32(0), uint32(0), uint32(1), uint32(0))
	f.Add(append(make([]byte, 8), 2, 0, 0, 0, 0, 0, 0, 0, 1), uint32(0), uint32(65536-32), uint32(1), uint32(100))
	f.Fuzz(func(t *testing.T, memory []byte, in, out, count, result uint32) {
		s, err := New(Config{Sleep: func(context.Context, time.Duration) error { return nil }})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		mem := make(ram, fuzzMemory)
		copy(mem, memory)
		before := bytes.Clone(mem)
		e, err := function("poll_oneoff").Call(context.Background(), s, mem, []uint64{uint64(in), uint64(out), uint64(count), uint64(result)})
		if err != nil {
			t.Fatal(err)
		}
		if e != 0 {
			if !bytes.Equal(before, mem) {
				t.Fatal("a poll that failed changed the memory")
			}
			return
		}
		if uint64(out)+32*uint64(count) > uint64(result) && uint64(result)+4 > uint64(out) {
			return // the count overwrote an event
		}
		n := binary.LittleEndian.Uint32(mem[result:])
		if n == 0 || n > count {
			t.Fatalf("%d events of %d subscriptions", n, count)
		}
		pending := map[uint64]int{}
		for i := range count {
			pending[binary.LittleEndian.Uint64(before[in+48*i:])]++
		}
		for i := range n {
			if u := binary.LittleEndian.Uint64(mem[out+32*i:]); pending[u] == 0 {
				t.Fatalf("an event with userdata %#x, which no subscription has", u)
			} else {
				pending[u]--
			}
		}
	})
}

// FuzzPath opens, describes and makes random paths, over links that lead all ways.
func FuzzPath(f *testing.F) {
	for _, path := range append(longPaths()[:4], escapePaths...) {
		f.Add(path, "../secret")
	}
	f.Add("l/l/../l", "..")
	f.Fuzz(func(t *testing.T, path, target string) {
		dir := t.TempDir()
		box := filepath.Join(dir, "box")
		for _, d := range []string{"box", "box/sub"} {
			if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "secret"), []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		os.Symlink(target, filepath.Join(box, "l"))
		os.Symlink(target, filepath.Join(box, "sub", "l"))
		root, err := fsbox.HostDir(box).Open()
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		root.StatAt(path, true)
		for _, flags := range []fsbox.OpenFlag{fsbox.OpenRead, fsbox.OpenRead | fsbox.OpenDirectory, fsbox.OpenWrite | fsbox.OpenCreate | fsbox.OpenTruncate} {
			if f, err := root.OpenAt(path, true, flags, 0); err == nil {
				b := make([]byte, 100)
				if n, _ := f.Read(context.Background(), b); string(b[:n]) == secret {
					t.Fatal("reads the secret")
				}
				f.Write(context.Background(), []byte("x"))
				f.Close()
			}
		}
		root.MkdirAt(path)
		root.RenameAt(path, root, target)
		root.UnlinkAt(path)
		if b, err := os.ReadFile(filepath.Join(dir, "secret")); string(b) != secret || err != nil {
			t.Fatalf("the secret is now %q, %v", b, err)
		}
		if e, err := os.ReadDir(dir); len(e) != 2 || err != nil {
			t.Fatalf("outside: %v %v", e, err)
		}
	})
}
