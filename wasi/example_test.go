package wasi_test

import (
	"context"
	"fmt"
	"os"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/wasi"
)

// A program that prints a line.
const helloProgram = `(module
	(import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
	(memory (export "memory") 1)
	(data (i32.const 0) "\08\00\00\00\0d\00\00\00Hello, world\n")
	(func (export "_start")
		(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
		(call $proc_exit (i32.const 3))))`

func ExampleRun() {
	ctx := context.Background()
	rt, err := wamr.NewRuntime(wamr.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	mod, err := rt.Compile(ctx, []byte(helloProgram))
	if err != nil {
		fmt.Println(err)
		return
	}
	ln := wamr.NewLinker()
	if err := wasi.Add(ln, wasi.Config{Stdout: os.Stdout}); err != nil {
		fmt.Println(err)
		return
	}
	inst, err := ln.Instantiate(ctx, nil, mod)
	if err != nil {
		fmt.Println(err)
		return
	}
	code, err := wasi.Run(ctx, inst)
	fmt.Println("exit code", code, err)
	// Output:
	// Hello, world
	// exit code 3 <nil>
}

// A file system in memory can be filled before a program runs and inspected afterwards.
func ExampleMemFS() {
	files := wasi.MemFS(wasi.MaxSize(1 << 20))
	if err := files.MkdirAll("etc"); err != nil {
		fmt.Println(err)
	}
	if err := files.WriteFile("etc/config", []byte("verbose = true\n")); err != nil {
		fmt.Println(err)
	}
	cfg := wasi.Config{FS: files} // for wasi.Add

	content, err := cfg.FS.ReadFile("etc/config")
	fmt.Printf("%s%v\n", content, err)
	// Output:
	// verbose = true
	// <nil>
}
