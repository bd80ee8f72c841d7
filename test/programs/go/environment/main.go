// Arguments, environment, standard streams, and the exit code.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
)

func main() {
	fmt.Printf("%d arguments, the first is set: %t\n", len(os.Args), os.Args[0] != "")
	for i, arg := range os.Args[1:] {
		fmt.Printf("%d: %q, %d bytes, %d runes\n", i+1, arg, len(arg), len([]rune(arg)))
	}

	// PWD is how a wasip1 program of Go learns its working directory, and its
	// value is the test's own.
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "PWD=") {
			env = append(env, kv)
		}
	}
	sort.Strings(env)
	fmt.Printf("%q\n", env)
	_, ok := os.LookupEnv("NO_SUCH_VARIABLE")
	fmt.Println("missing found:", ok)
	os.Setenv("GREETING", "hello")
	fmt.Println(os.ExpandEnv("$GREETING, ${A}!"))

	scanner := bufio.NewScanner(os.Stdin)
	lines, bytes := 0, 0
	for scanner.Scan() {
		lines++
		bytes += len(scanner.Bytes())
		fmt.Printf("%d: %s\n", lines, strings.ToUpper(scanner.Text()))
	}
	fmt.Println(lines, "lines,", bytes, "bytes,", scanner.Err())
	fmt.Fprintln(os.Stderr, "to standard error")

	if len(os.Args) > 1 {
		if code, err := strconv.Atoi(os.Args[1]); err == nil {
			defer fmt.Println("never printed: Exit runs no deferred calls")
			os.Exit(code)
		}
	}
}
