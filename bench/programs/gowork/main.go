// Gowork is the Go program of the benchmarks, built for wasip1: maps, sorting,
// JSON, formatting, goroutines and the garbage collector. Its argument is the
// number of rounds, its output a checksum.
package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"sort"
	"strconv"
	"strings"
)

type record struct {
	ID     int            `json:"id"`
	Name   string         `json:"name"`
	Scores map[string]int `json:"scores"`
	Tags   []string       `json:"tags,omitempty"`
}

// words counts how often each word of a generated text occurs.
func words(seed uint32, n int) map[string]int {
	var text strings.Builder
	for range n {
		seed = seed*1664525 + 1013904223
		text.WriteString("w" + strconv.Itoa(int(seed>>24)) + " ")
	}
	counts := make(map[string]int)
	for _, w := range strings.Fields(text.String()) {
		counts[w]++
	}
	return counts
}

// ranked sorts the words by count, then by name.
func ranked(counts map[string]int) []string {
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if counts[names[i]] != counts[names[j]] {
			return counts[names[i]] > counts[names[j]]
		}
		return names[i] < names[j]
	})
	return names
}

func round(i int) ([]byte, error) {
	counts := words(uint32(i), 2000)
	r := record{ID: i, Name: fmt.Sprintf("record %04d", i), Scores: counts, Tags: ranked(counts)[:10]}
	data, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var back record
	if err := json.Unmarshal(data, &back); err != nil {
		return nil, err
	}
	return json.MarshalIndent(back, "", " ")
}

func main() {
	rounds := 1
	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		rounds = n
	}
	results := make(chan []byte)
	go func() {
		defer close(results)
		for i := range rounds {
			data, err := round(i)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			results <- data
		}
	}()
	sum := fnv.New64a()
	for data := range results {
		sum.Write(data)
	}
	fmt.Printf("%016x\n", sum.Sum64())
}
