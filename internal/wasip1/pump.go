package wasip1

import (
	"context"
	"fmt"
	"sync"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// pump runs one blocking call at a time in the background, so that those who wait for it can stop waiting. Its result stays until it is
// taken: nothing is lost when a wait is given up. The zero value is ready for use, by several goroutines.
type pump[T any] struct {
	mu       sync.Mutex
	running  chan struct{} // guarded by mu; closed when the call that runs has ended, nil if none runs
	ready    bool          // guarded by mu: the result waits to be taken
	value    T             // guarded by mu
	err      error         // guarded by mu
	panicked any           // guarded by mu: what the call panicked with
}

// take returns the waiting result. If there is none it starts call, unless that runs already, and returns a channel that is closed at its
// end. A panic of the call continues here, in the program's goroutine.
func (p *pump[T]) take(call func() (T, error)) (value T, err error, wait <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready {
		value, err = p.value, p.err
		panicked := p.panicked
		p.reset()
		if panicked != nil {
			panic(fmt.Sprintf("in a reader or listener given to WASI: %v", panicked))
		}
		return value, err, nil
	}
	p.start(call)
	return value, nil, p.running
}

// peek reports whether a result waits, and starts the call if not.
func (p *pump[T]) peek(call func() (T, error)) (wait <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ready {
		return nil
	}
	p.start(call)
	return p.running
}

// reset forgets the result; mu is held.
func (p *pump[T]) reset() {
	var zero T
	p.ready, p.value, p.err, p.panicked = false, zero, nil, nil
}

// start runs the call in the background; mu is held.
func (p *pump[T]) start(call func() (T, error)) {
	if p.running != nil {
		return
	}
	done := make(chan struct{})
	p.running = done
	go func() {
		var value T
		var err error
		defer func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.value, p.err, p.panicked = value, err, recover()
			p.ready, p.running = true, nil
			close(done)
		}()
		value, err = call()
	}()
}

// forget takes a waiting result, if there is one, and drops it.
func (p *pump[T]) forget() (value T, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	value, ok = p.value, p.ready && p.err == nil
	p.reset()
	return value, ok
}

// waitFor waits until the channel is closed, or returns EAGAIN if that would be a wait and nonblock is set.
func waitFor(ctx context.Context, done <-chan struct{}, nonblock bool) error {
	select {
	case <-done:
		return nil
	default:
	}
	if nonblock {
		return fsbox.EAGAIN
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
