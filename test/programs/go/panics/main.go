// Panics, recovery, deferred calls and run-time errors; at last a panic that
// nobody recovers, which ends the program with exit code 2.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

type custom struct{ code int }

func (c custom) Error() string { return fmt.Sprint("custom ", c.code) }

func attempt(name string, f func()) {
	defer func() {
		r := recover()
		var runtimeError runtime.Error
		err, _ := r.(error)
		fmt.Printf("%s: %v (run-time error %t)\n", name, r, errors.As(err, &runtimeError))
	}()
	f()
}

func deferred() (result int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %w", r.(error))
		}
		result *= 2
	}()
	for i := range 3 {
		defer func() { result += i * i; fmt.Print("deferred ", i, "; ") }()
	}
	result = 10
	panic(custom{result})
}

func deep(n int) {
	if n == 0 {
		panic("from far below")
	}
	defer func() {
		if n%1000 == 0 {
			if r := recover(); r != nil {
				panic(fmt.Sprint(r, " ", n))
			}
		}
	}()
	deep(n - 1)
}

type shape interface{ area() float64 }

func main() {
	var (
		empty   []int
		missing map[string]int
		pointer *custom
		nothing shape
		any     any = "text"
		zero    int
	)
	attempt("index", func() { fmt.Println(empty[zero+5]) })
	attempt("slice", func() { fmt.Println(empty[zero+2 : zero+1]) })
	attempt("map", func() { missing["x"] = 1 })
	attempt("pointer", func() { fmt.Println(pointer.code) })
	attempt("interface", func() { fmt.Println(nothing.area()) })
	attempt("assertion", func() { fmt.Println(any.(int)) })
	attempt("division", func() { fmt.Println(10 / zero) })
	attempt("channel", func() { c := make(chan int); close(c); close(c) })
	attempt("make", func() { _ = make([]byte, zero-1) })
	attempt("array", func() { _ = [4]int(make([]int, zero+3)) })
	attempt("comparison", func() { a := map[interface{}]int{}; a[[]int{}]++ })
	attempt("error", func() { panic(custom{7}) })
	attempt("nil", func() { panic(nil) })
	attempt("deep", func() { deep(3500) })
	attempt("goexit", func() {
		done := make(chan bool)
		go func() {
			defer close(done)
			defer func() { fmt.Print("goexit recovers ", recover(), "; ") }()
			runtime.Goexit()
		}()
		<-done
	})
	attempt("nested", func() {
		defer func() { panic("second " + fmt.Sprint(recover())) }()
		panic("first")
	})

	result, err := deferred()
	var c custom
	fmt.Println(result, err, errors.As(err, &c), c.code)
	_, file, line, ok := runtime.Caller(0)
	fmt.Println(strings.HasSuffix(file, "main.go"), line > 0, ok)
	joined := errors.Join(errors.New("one"), fmt.Errorf("two: %w", custom{2}))
	fmt.Printf("%q %t\n", joined, errors.As(joined, &c))

	defer fmt.Println("deferred calls run before the program ends")
	panic(custom{42})
}
