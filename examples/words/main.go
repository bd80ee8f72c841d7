// Words counts the words of files, or of standard input, and prints the most
// frequent. It is an ordinary program, and so is its build for WASI:
//
//	GOOS=wasip1 GOARCH=wasm go build -o words.wasm ./examples/words
//	go run ./cmd/iwasm --dir=. words.wasm README.md
package main

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
)

func main() {
	top := flag.Int("top", 10, "how many words to print")
	flag.Parse()
	if err := run(*top, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
		os.Exit(1)
	}
}

func run(top int, files []string) error {
	counts := map[string]int{}
	if len(files) == 0 {
		if err := count(os.Stdin, counts); err != nil {
			return err
		}
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = count(f, counts)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for _, word := range words[:max(0, min(top, len(words)))] {
		fmt.Printf("%6d %s\n", counts[word], word)
	}
	return nil
}

func count(r io.Reader, counts map[string]int) error {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		for _, word := range strings.FieldsFunc(scanner.Text(), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
			counts[strings.ToLower(word)]++
		}
	}
	return scanner.Err()
}
