// Maps, slices, strings, generics, iterators, closures, sorting, regular
// expressions, and a heap of more than 100 MiB.
package main

import (
	"cmp"
	"container/heap"
	"container/list"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"iter"
	"maps"
	"math/rand"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

type number interface {
	~int | ~int64 | ~float64 | ~uint8
}

func sum[T number](values iter.Seq[T]) (total T) {
	for v := range values {
		total += v
	}
	return total
}

type tree[K cmp.Ordered, V any] struct {
	left, right *tree[K, V]
	key         K
	value       V
}

func (t *tree[K, V]) insert(key K, value V) *tree[K, V] {
	if t == nil {
		return &tree[K, V]{key: key, value: value}
	}
	switch c := cmp.Compare(key, t.key); {
	case c < 0:
		t.left = t.left.insert(key, value)
	case c > 0:
		t.right = t.right.insert(key, value)
	default:
		t.value = value
	}
	return t
}

func (t *tree[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { t.push(yield) }
}

func (t *tree[K, V]) push(yield func(K, V) bool) bool {
	return t == nil || t.left.push(yield) && yield(t.key, t.value) && t.right.push(yield)
}

type queue []int

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i] < q[j] }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(int)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func mapsAndTrees() {
	random := rand.New(rand.NewSource(7))
	m := map[string]int{}
	var t *tree[string, int]
	for i := range 20000 {
		key := fmt.Sprintf("k%05d", random.Intn(5000))
		m[key] += i
		t = t.insert(key, m[key])
		if i%5 == 0 {
			delete(m, fmt.Sprintf("k%05d", random.Intn(5000)))
		}
	}
	for key, value := range t.all() {
		if v, ok := m[key]; ok && v != value {
			fmt.Println("differs at", key)
		}
	}
	keys := slices.Sorted(maps.Keys(m))
	hash := fnv.New64a()
	for _, k := range keys {
		fmt.Fprint(hash, k, m[k])
	}
	fmt.Println(len(m), keys[:3], hash.Sum64())
	nan := map[float64]int{}
	zero := 0.0
	for i := range 3 {
		nan[zero/zero] = i
		nan[-zero] = i
	}
	type key struct {
		a any
		b [2]string
	}
	structs := map[key]bool{{1, [2]string{"x", "y"}}: true, {"1", [2]string{"x", "y"}}: false}
	fmt.Println(len(nan), structs[key{1, [2]string{"x", "y"}}], len(structs))
	for range keys {
		for k := range m {
			delete(m, k)
			break
		}
	}
	fmt.Println(len(m), sum(slices.Values([]float64{1.5, 2.25})), sum(maps.Values(map[int]uint8{1: 200, 2: 100})))
}

func sequences() {
	random := rand.New(rand.NewSource(99))
	values := random.Perm(50000)
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	slices.SortStableFunc(values, func(a, b int) int { return cmp.Or(cmp.Compare(a%10, b%10), cmp.Compare(b, a)) })
	index, found := slices.BinarySearch(sorted, 31337)
	fmt.Println(slices.IsSorted(sorted), values[:4], values[len(values)-2:], index, found)
	q := &queue{}
	for range 2000 {
		heap.Push(q, random.Intn(100000))
	}
	previous, ordered := -1, true
	for q.Len() > 0 {
		x := heap.Pop(q).(int)
		ordered = ordered && x >= previous
		previous = x
	}
	fmt.Println("heap ordered", ordered)
	l := list.New()
	for i := range 10 {
		l.PushFront(i)
		l.MoveToBack(l.Front())
	}
	for e := l.Back(); e != nil; e = e.Prev() {
		fmt.Print(e.Value, " ")
	}
	next, stop := iter.Pull(slices.Values([]string{"pulled", "twice"}))
	first, ok := next()
	second, _ := next()
	_, done := next()
	stop()
	fmt.Println(first, second, ok, done)
	matrix := make([][]int, 5)
	for i := range matrix {
		matrix[i] = append(make([]int, i, 8), i)
	}
	shared := append(matrix[1][:1:1], 42)
	fmt.Println(matrix, shared, len(matrix[4][:8]), slices.Collect(slices.Chunk(sorted[:7], 3)), slices.Max(values) == len(values)-1)
}

func text() {
	s := "Grüße, 世界! \xff🦀"
	for i, r := range s {
		fmt.Printf("%d:%q ", i, r)
	}
	fmt.Println(utf8.RuneCountInString(s), utf8.ValidString(s), strings.ToUpper(s))
	fmt.Printf("%q %q %v\n", strings.Fields("  a b\t c\n"), strings.SplitN("a,b,c,d", ",", 3), strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToTitle(r)
	}, "r2d2 и c3po"))
	re := regexp.MustCompile(`(?i)(\w+)@(\w+)\.(?P<tld>com|org)`)
	input := "Mail a@b.com, c@d.ORG; not e@f.net"
	fmt.Println(re.FindAllString(input, -1), re.ReplaceAllString(input, "${tld}:$1"), re.FindStringSubmatchIndex(input))
	fmt.Println(regexp.MustCompile(`^(a+)+$`).MatchString(strings.Repeat("a", 2000) + "b"))
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "%x,%v;", i, i%3 == 0)
	}
	fmt.Println(b.Len(), crc32.ChecksumIEEE([]byte(b.String())), strings.Count(b.String(), "true"))
	fmt.Println(strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace("<a> <b>"), strings.EqualFold("Straße", "STRAßE"))
}

func closures() {
	var functions []func() int
	for i := range 3 {
		functions = append(functions, func() int { i *= 10; return i })
	}
	for _, f := range functions {
		fmt.Print(f(), f(), " ")
	}
	var fibonacci func(int) int
	fibonacci = func(n int) int {
		if n < 2 {
			return n
		}
		return fibonacci(n-1) + fibonacci(n-2)
	}
	fmt.Println(fibonacci(24))
}

// depth needs a stack that is copied and grown many times.
func depth(n int) [8]int {
	if n == 0 {
		return [8]int{1}
	}
	r := depth(n - 1)
	r[n%8] += n
	return r
}

func memory() {
	const blocks, size = 30, 4 << 20
	all := make([][]byte, blocks)
	for i := range all {
		all[i] = make([]byte, size)
		for j := 0; j < size; j += 4096 {
			all[i][j] = byte(i)
		}
	}
	total := 0
	for _, b := range all {
		for j := 0; j < size; j += 64 {
			total += int(b[j])
		}
	}
	joined := slices.Concat(all[10:14]...)
	fmt.Println(total, len(joined), len(all)*size>>20)
}

func main() {
	mapsAndTrees()
	sequences()
	text()
	closures()
	fmt.Println(depth(20000))
	memory()
}
