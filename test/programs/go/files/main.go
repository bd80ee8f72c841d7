// Files and directories through os, io/fs, bufio and path/filepath; archives
// and compressed streams over them.
package main

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, fs.ErrNotExist):
		return "not exist"
	case errors.Is(err, fs.ErrExist):
		return "exist"
	case errors.Is(err, fs.ErrClosed):
		return "closed"
	case errors.Is(err, fs.ErrPermission):
		return "permission"
	default:
		return "another error"
	}
}

func single() {
	check(os.WriteFile("one.txt", []byte("first line\nsecond line\n"), 0o644))
	f, err := os.OpenFile("one.txt", os.O_RDWR, 0)
	check(err)
	position, err := f.Seek(6, io.SeekStart)
	fmt.Println(position, outcome(err))
	f.WriteString("LINE")
	n, err := f.WriteAt([]byte("!"), 22)
	fmt.Println(n, err)
	buf := make([]byte, 8)
	n, err = f.ReadAt(buf, 11)
	fmt.Printf("%d %v %q\n", n, err, buf)
	n, err = f.ReadAt(buf, 20)
	fmt.Println(n, err)
	check(f.Truncate(16))
	info, err := f.Stat()
	check(err)
	fmt.Println(info.Name(), info.Size(), info.Mode().IsRegular(), info.IsDir())
	check(f.Sync())
	check(f.Close())
	_, err = f.Write([]byte("x"))
	fmt.Println("write after close:", outcome(err))
	a, err := os.OpenFile("one.txt", os.O_APPEND|os.O_WRONLY, 0)
	check(err)
	fmt.Fprintf(a, "<appended %d>", 1)
	a.Close()
	text, err := os.ReadFile("one.txt")
	fmt.Printf("%q %v\n", text, err)
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	check(os.Chtimes("one.txt", when, when))
	info, err = os.Stat("one.txt")
	check(err)
	fmt.Println(info.ModTime().UTC())

	_, err = os.OpenFile("one.txt", os.O_CREATE|os.O_EXCL, 0o644)
	fmt.Println("exclusive:", outcome(err))
	_, err = os.Open("none.txt")
	fmt.Println("open:", outcome(err))
	fmt.Println("remove:", outcome(os.Remove("none.txt")))
	fmt.Println("mkdir:", outcome(os.Mkdir("one.txt", 0o755)))
	fmt.Println("rename:", outcome(os.Rename("none.txt", "x")))
}

func trees() {
	check(os.MkdirAll("tree/deep/er", 0o755))
	for i := range 40 {
		check(os.WriteFile(fmt.Sprintf("tree/deep/file%02d.txt", i), []byte(strings.Repeat("x", i)), 0o644))
	}
	check(os.Symlink("file07.txt", "tree/deep/link"))
	target, err := os.Readlink("tree/deep/link")
	fmt.Println(target, err)
	linked, err := os.ReadFile("tree/deep/link")
	fmt.Println(len(linked), err)
	check(os.Rename("tree/deep/file39.txt", "tree/deep/er/moved.txt"))
	var total int64
	check(filepath.WalkDir("tree", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if d.Type().IsRegular() {
			total += info.Size()
		} else {
			fmt.Println(filepath.ToSlash(path), d.Type())
		}
		return nil
	}))
	fmt.Println("total", total)
	matches, err := filepath.Glob("tree/*/file3?.txt")
	fmt.Println(len(matches), err)
	entries, err := fs.ReadDir(os.DirFS("tree"), "deep")
	fmt.Println(len(entries), entries[0].Name(), entries[len(entries)-1].Name(), err)
	dir, err := os.Open("tree/deep")
	check(err)
	batches, names := 0, map[string]bool{}
	for {
		some, err := dir.ReadDir(7)
		for _, e := range some {
			names[e.Name()] = true
		}
		if err != nil {
			fmt.Println("batches", batches, len(names), err)
			break
		}
		batches++
	}
	dir.Close()
	temp, err := os.MkdirTemp(".", "temporary-*")
	check(err)
	file, err := os.CreateTemp(temp, "*.bin")
	check(err)
	fmt.Println(strings.HasPrefix(filepath.Base(temp), "temporary-"), filepath.Ext(file.Name()))
	file.Close()
	check(os.RemoveAll(temp))
	_, err = os.Stat(temp)
	fmt.Println("temporary:", outcome(err))

	root, err := os.OpenRoot("tree")
	check(err)
	_, err = root.Open("../one.txt")
	fmt.Println("escape refused:", err != nil)
	inside, err := root.Open("deep/file05.txt")
	check(err)
	content, err := io.ReadAll(inside)
	fmt.Println(len(content), err)
	inside.Close()
	root.Close()
}

func archives() {
	f, err := os.Create("tree.tar.gz")
	check(err)
	hash := sha256.New()
	buffered := bufio.NewWriter(f)
	zip := gzip.NewWriter(buffered)
	archive := tar.NewWriter(io.MultiWriter(zip, hash))
	for i := range 20 {
		body := []byte(strings.Repeat(fmt.Sprintf("record %d of a compressible file\n", i), 500))
		check(archive.WriteHeader(&tar.Header{Name: fmt.Sprintf("dir/%d", i), Mode: 0o600, Size: int64(len(body)), ModTime: time.Unix(1e9, 0)}))
		_, err := archive.Write(body)
		check(err)
	}
	check(archive.Close())
	check(zip.Close())
	check(buffered.Flush())
	check(f.Close())
	fmt.Printf("%x\n", hash.Sum(nil))

	f, err = os.Open("tree.tar.gz")
	check(err)
	defer f.Close()
	unzip, err := gzip.NewReader(bufio.NewReader(f))
	check(err)
	reader := tar.NewReader(unzip)
	files, size := 0, int64(0)
	for {
		header, err := reader.Next()
		if err == io.EOF {
			break
		}
		check(err)
		n, err := io.Copy(io.Discard, reader)
		check(err)
		if n != header.Size {
			fmt.Println(header.Name, n)
		}
		files++
		size += n
	}
	fmt.Println(files, size)
}

func main() {
	single()
	trees()
	archives()
	for _, path := range []string{"one.txt", "tree", "tree.tar.gz"} {
		check(os.RemoveAll(path))
	}
	left, err := os.ReadDir(".")
	fmt.Println(len(left), err)
}
