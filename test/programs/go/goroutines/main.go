// Goroutines: channels, select, mutexes, wait groups, contexts, timers, and the
// collector running among them.
package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// sieve is a chain of goroutines, one filter for each prime.
func sieve(n int) []int {
	source := make(chan int)
	done := make(chan struct{})
	defer close(done)
	go func() {
		for i := 2; ; i++ {
			select {
			case source <- i:
			case <-done:
				return
			}
		}
	}()
	var primes []int
	in := source
	for range n {
		prime := <-in
		primes = append(primes, prime)
		out := make(chan int)
		go func(in <-chan int) {
			for {
				select {
				case x := <-in:
					if x%prime == 0 {
						continue
					}
					select {
					case out <- x:
					case <-done:
						return
					}
				case <-done:
					return
				}
			}
		}(in)
		in = out
	}
	return primes
}

func pool() {
	jobs, results := make(chan int, 8), make(chan int)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for n := range jobs {
				sum := 0
				for i := range n {
					sum += i * i % 7
				}
				results <- sum
			}
		})
	}
	go func() {
		for i := range 500 {
			jobs <- i
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	total, count := 0, 0
	for r := range results {
		total += r
		count++
	}
	fmt.Println("pool", count, total)
}

func locks() {
	var (
		mu      sync.Mutex
		once    sync.Once
		plain   int
		counter atomic.Int64
		wg      sync.WaitGroup
		shared  sync.Map
	)
	for i := range 1000 {
		wg.Go(func() {
			once.Do(func() { plain = 1_000_000 })
			for range 10 {
				mu.Lock()
				plain++
				mu.Unlock()
				counter.Add(2)
				if i%100 == 0 {
					runtime.Gosched()
				}
			}
			shared.Store(i%37, i)
		})
	}
	wg.Wait()
	keys := 0
	shared.Range(func(any, any) bool { keys++; return true })
	fmt.Println("locks", plain, counter.Load(), keys)

	var rw sync.RWMutex
	cond := sync.NewCond(rw.RLocker())
	ready := false
	go func() {
		time.Sleep(time.Millisecond)
		rw.Lock()
		ready = true
		rw.Unlock()
		cond.Broadcast()
	}()
	rw.RLock()
	for !ready {
		cond.Wait()
	}
	rw.RUnlock()
	fmt.Println("condition met")
}

func timers() {
	start := time.Now()
	select {
	case <-time.After(20 * time.Millisecond):
		fmt.Println("timer first")
	case <-time.After(time.Minute):
		fmt.Println("a minute passed")
	}
	fmt.Println("waited long enough:", time.Since(start) >= 20*time.Millisecond)

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	child, stop := context.WithCancelCause(ctx)
	<-child.Done()
	fmt.Println(child.Err(), errors.Is(child.Err(), context.DeadlineExceeded))
	stop(errors.New("too late to matter"))
	fmt.Println(context.Cause(child))

	ticker := time.NewTicker(time.Millisecond)
	for range 5 {
		<-ticker.C
	}
	ticker.Stop()
	var order []int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, d := range []int{90, 30, 60} {
		wg.Add(1)
		time.AfterFunc(time.Duration(d)*time.Millisecond, func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			order = append(order, d)
		})
	}
	wg.Wait()
	fmt.Println("order", order)
}

type node struct {
	left, right *node
	payload     [4]int
}

func grow(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{left: grow(depth - 1), right: grow(depth - 1), payload: [4]int{depth}}
}

func (n *node) count() int {
	if n == nil {
		return 0
	}
	return 1 + n.left.count() + n.right.count()
}

func collector() {
	keep := grow(12)
	results := make(chan int)
	for range 4 {
		go func() {
			sum := 0
			for range 5 {
				sum += grow(11).count()
			}
			results <- sum
		}()
	}
	total := 0
	for range 4 {
		total += <-results
	}
	runtime.GC()
	finalized := make(chan bool, 1)
	func() {
		garbage := new(node)
		runtime.SetFinalizer(garbage, func(*node) { finalized <- true })
	}()
	runtime.GC()
	select {
	case <-finalized:
	case <-time.After(10 * time.Second):
		fmt.Println("never finalized")
	}
	fmt.Println("collector", total, keep.count())
}

func main() {
	fmt.Println(sieve(60))
	pool()
	locks()
	timers()
	collector()
	var unbuffered chan int
	select {
	case <-unbuffered:
		fmt.Println("a nil channel gave a value")
	default:
		fmt.Println("nothing from a nil channel")
	}
}
