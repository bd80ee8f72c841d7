package valid

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// batchBytes is about how many bytes of bodies a goroutine takes at a time:
// enough that taking them costs nothing, and few enough that all finish at about
// the same time.
const batchBytes = 64 << 10

// bodies checks all functions, in parallel if that pays.
func (c *checker) bodies(parallelism int) error {
	if parallelism <= 0 {
		parallelism = runtime.GOMAXPROCS(0)
	}
	batches := c.batches()
	workers := min(parallelism, len(batches))
	if workers == 0 {
		return nil
	}
	s := &sweep{info: c.info, ctx: c.ctx, batches: batches}
	s.lowest.Store(math.MaxInt64)
	funcs := make([]*Func, workers)
	for k := range funcs {
		funcs[k] = newFunc(c.ctx, c.info)
	}
	var wg sync.WaitGroup
	for _, f := range funcs[1:] {
		wg.Go(func() { s.work(f) })
	}
	s.work(funcs[0])
	wg.Wait()
	for _, f := range funcs {
		c.info.Needed |= f.needed
	}
	return s.err
}

// batches cuts the functions into runs; entry k is the end of run k.
func (c *checker) batches() []int {
	code := c.info.Module.Code
	var ends []int
	size := 0
	for k := range code {
		const perFunc = 32 // what a function costs besides its bytes
		if size += len(code[k].Body) + perFunc; size >= batchBytes {
			ends = append(ends, k+1)
			size = 0
		}
	}
	if size > 0 {
		ends = append(ends, len(code))
	}
	return ends
}

// sweep is one pass of several goroutines over all functions.
//
// Batches are taken in ascending order and each is checked up to its first
// invalid function, so when all are done every function below the lowest
// invalid one has been checked: the outcome depends on the module alone.
type sweep struct {
	info    *Info
	ctx     context.Context
	batches []int
	next    atomic.Int64 // batch to take
	lowest  atomic.Int64 // invalid function found so far

	errMu sync.Mutex // guards err
	err   error      // about function lowest
}

// work checks batches with f until none is left that matters.
func (s *sweep) work(f *Func) {
	for {
		k := int(s.next.Add(1)) - 1
		if k >= len(s.batches) {
			return
		}
		first := 0
		if k > 0 {
			first = s.batches[k-1]
		}
		if err := context.Cause(s.ctx); err != nil {
			s.fail(first, err)
			return
		}
		for i := first; i < s.batches[k]; i++ {
			if int64(i) > s.lowest.Load() {
				return
			}
			if err := f.Walk(i, nil); err != nil {
				s.fail(i, err)
				return
			}
		}
	}
}

// fail records the error of function i.
func (s *sweep) fail(i int, err error) {
	s.errMu.Lock()
	defer s.errMu.Unlock()
	if int64(i) < s.lowest.Load() {
		s.lowest.Store(int64(i))
		s.err = err
	}
}
