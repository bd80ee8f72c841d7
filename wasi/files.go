package wasi

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// ErrNoFS says that the zero FS was used.
var ErrNoFS = errors.New("wasi: no file system")

// at opens the root and calls do with it.
func (f FS) at(op, name string, do func(root *fsbox.File) error) error {
	if f.box == nil {
		return ErrNoFS
	}
	root, err := f.box.Open()
	if err == nil {
		err = do(root)
		root.Close()
	}
	if err != nil {
		return &fs.PathError{Op: op, Path: name, Err: err}
	}
	return nil
}

// ReadFile is the content of a file, found as programs find it: name is relative to the root, with slashes.
func (f FS) ReadFile(name string) (content []byte, err error) {
	err = f.at("read", name, func(root *fsbox.File) error {
		file, err := root.OpenAt(name, true, fsbox.OpenRead, 0)
		if err != nil {
			return err
		}
		defer file.Close()
		content, err = io.ReadAll(reader{file})
		return err
	})
	return content, err
}

// reader reads an open file as package io wants it.
type reader struct{ f *fsbox.File }

func (r reader) Read(p []byte) (int, error) {
	n, err := r.f.Read(context.Background(), p)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return n, err
}

// WriteFile makes a file, or replaces its content. The directory it is in must exist.
func (f FS) WriteFile(name string, content []byte) error {
	return f.at("write", name, func(root *fsbox.File) error {
		file, err := root.OpenAt(name, true, fsbox.OpenWrite|fsbox.OpenCreate|fsbox.OpenTruncate, 0)
		if err != nil {
			return err
		}
		for len(content) > 0 && err == nil {
			var n int
			n, err = file.Write(context.Background(), content)
			content = content[n:]
		}
		return errors.Join(err, file.Close())
	})
}

// MkdirAll makes a directory and those above it that don't exist.
func (f FS) MkdirAll(name string) error {
	return f.at("mkdir", name, func(root *fsbox.File) error {
		for i := 0; i <= len(name); i++ {
			if i < len(name) && name[i] != '/' {
				continue
			}
			path := name[:i]
			if path == "" {
				continue
			}
			if err := root.MkdirAt(path); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
		}
		st, err := root.StatAt(name, true)
		if err == nil && st.Type != fsbox.TypeDirectory {
			err = fsbox.ENOTDIR
		}
		return err
	})
}
