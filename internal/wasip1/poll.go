package wasip1

import (
	"context"
	"errors"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// subscription is one thing that a program waits for, and what came of it.
type subscription struct {
	userdata uint64
	kind     uint8

	// of a clock
	due time.Duration // from the beginning of the call

	// of a descriptor
	object object
	write  bool

	fired bool
	err   error
	ready fsbox.Readiness
}

func pollOneoff(l *subscriptionLayout) func(context.Context, *System, Memory, []uint64) error {
	return func(ctx context.Context, s *System, m Memory, a []uint64) error {
		n := uint32(a[2])
		if n == 0 || n > maxSubscriptions {
			return fsbox.EINVAL
		}
		in, err := viewArray(m, uint32(a[0]), n, l.size)
		if err != nil {
			return err
		}
		out, err := viewArray(m, uint32(a[1]), n, sizeEvent)
		if err != nil {
			return err
		}
		count, err := view(m, uint32(a[3]), 4)
		if err != nil {
			return err
		}
		p := poll{start: time.Now(), subs: make([]subscription, n)}
		for i := range p.subs {
			if err := p.subs[i].read(s, in[uint32(i)*l.size:], l); err != nil {
				return err
			}
		}
		if err := p.run(ctx, s); err != nil {
			return err
		}
		put32(count, p.report(out))
		return nil
	}
}

// read takes a subscription from the program's memory. What is wrong with one alone becomes its event; an unknown kind fails the call.
func (sub *subscription) read(s *System, b []byte, l *subscriptionLayout) error {
	sub.userdata = get64(b)
	sub.kind = b[subscriptionTag]
	switch sub.kind {
	case eventClock:
		sub.due, sub.err = s.clocks.until(get32(b[l.clockID:]), get64(b[l.timeout:]), get16(b[l.clockFlag:])&subclockAbstime != 0)
	case eventFDRead, eventFDWrite:
		sub.write = sub.kind == eventFDWrite
		d, err := s.fds.get(uint64(get32(b[subscriptionFD:])), rightPollFDReadwrite)
		if err != nil {
			sub.err = err
		} else {
			sub.object = d.object
		}
	default:
		return fsbox.EINVAL
	}
	sub.fired = sub.err != nil
	return nil
}

// poll is one call of poll_oneoff.
type poll struct {
	start time.Time
	subs  []subscription
}

// run waits until at least one subscription has fired.
func (p *poll) run(ctx context.Context, s *System) error {
	ready, waiting := p.look()
	due, timed := p.nearest()
	if ready || timed && due <= 0 {
		p.expire(time.Since(p.start))
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if waiting == 0 {
		err := s.clocks.wait(ctx, due)
		p.expire(max(due, time.Since(p.start)))
		return err
	}
	return p.wait(ctx, due, timed)
}

// look asks each descriptor whether it is ready, and counts those that are not.
func (p *poll) look() (ready bool, waiting int) {
	for i := range p.subs {
		sub := &p.subs[i]
		if sub.object != nil {
			r, err := sub.object.poll(sub.write)
			if errors.Is(err, fsbox.EAGAIN) {
				waiting++
				continue
			}
			sub.ready, sub.err, sub.fired = r, err, true
		}
		ready = ready || sub.fired
	}
	return ready, waiting
}

// nearest is when the first clock is due.
func (p *poll) nearest() (due time.Duration, timed bool) {
	for i := range p.subs {
		if sub := &p.subs[i]; sub.kind == eventClock && !sub.fired && (!timed || sub.due < due) {
			due, timed = sub.due, true
		}
	}
	return due, timed
}

// expire fires the clocks that are due after so much time.
func (p *poll) expire(passed time.Duration) {
	for i := range p.subs {
		if sub := &p.subs[i]; sub.kind == eventClock && sub.due <= passed {
			sub.fired = true
		}
	}
}

// wait waits for the descriptors that are not ready, at most until due if there is a clock. One goroutine waits for each; all have ended
// when this returns.
func (p *poll) wait(ctx context.Context, due time.Duration, timed bool) error {
	waitCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	type found struct {
		sub   *subscription
		ready fsbox.Readiness
		err   error
	}
	results := make(chan found)
	running := 0
	for i := range p.subs {
		sub := &p.subs[i]
		if sub.object == nil || sub.fired {
			continue
		}
		running++
		go func() {
			r, err := sub.object.await(waitCtx, sub.write)
			results <- found{sub, r, err}
		}()
	}
	var timeout <-chan time.Time
	if timed {
		timer := time.NewTimer(max(due-time.Since(p.start), 0))
		defer timer.Stop()
		timeout = timer.C
	}
	var first *found
	select {
	case f := <-results:
		running--
		first = &f
	case <-timeout:
	case <-ctx.Done():
	}
	cancel()
	keep := func(f found) {
		if f.err == nil || waitCtx.Err() == nil || !errors.Is(f.err, context.Canceled) {
			f.sub.ready, f.sub.err, f.sub.fired = f.ready, f.err, true
		}
	}
	if first != nil {
		keep(*first)
	}
	for ; running > 0; running-- {
		keep(<-results)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	p.expire(time.Since(p.start))
	return nil
}

// wait sleeps.
func (c *clocks) wait(ctx context.Context, d time.Duration) error {
	if c.sleep != nil {
		return c.sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// report writes the events of what has fired, and returns their number.
func (p *poll) report(out []byte) uint32 {
	n := uint32(0)
	for i := range p.subs {
		sub := &p.subs[i]
		if !sub.fired {
			continue
		}
		e := out[n*sizeEvent:][:sizeEvent]
		clear(e)
		put64(e, sub.userdata)
		put16(e[eventError:], uint16(fsbox.ErrnoOf(sub.err)))
		e[eventType] = sub.kind
		put64(e[eventBytes:], sub.ready.Bytes)
		if sub.ready.Hangup {
			put16(e[eventFlags:], eventHangup)
		}
		n++
	}
	return n
}
