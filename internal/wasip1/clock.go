package wasip1

import (
	"context"
	"math"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// clocks are the four clocks of a system.
type clocks struct {
	realtime   func() time.Time
	monotonic  func() int64
	sleep      func(ctx context.Context, d time.Duration) error // nil is a timer of the host
	resolution uint64                                           // nanoseconds
	cpuStart   time.Duration                                    // processor time of the process when the system was made
}

// defaultResolution is fine enough for programs to time themselves, and too coarse to time the processor's caches.
const defaultResolution = time.Microsecond

func newClocks(cfg *Config) clocks {
	c := clocks{realtime: cfg.Realtime, monotonic: cfg.Monotonic, sleep: cfg.Sleep, cpuStart: cpuTime()}
	if c.realtime == nil {
		c.realtime = time.Now
	}
	if c.monotonic == nil {
		// From a second on, because some programs take 0 for "no time". When the host booted is not their business.
		start := time.Now()
		c.monotonic = func() int64 { return int64(time.Second + time.Since(start)) }
	}
	grain := cfg.ClockResolution
	if grain <= 0 {
		grain = defaultResolution
	}
	c.resolution = uint64(grain)
	return c
}

// now reads a clock, in nanoseconds. The processor clocks count the time of the whole process since the system was made: programs' threads
// run on whichever of the host's are free, so there is no other.
func (c *clocks) now(id uint32) (uint64, error) {
	var t int64
	switch id {
	case clockRealtime:
		now := c.realtime()
		if now.Before(time.Unix(0, 0)) || now.Year() > 2261 {
			return 0, fsbox.EOVERFLOW
		}
		t = now.UnixNano()
	case clockMonotonic:
		t = c.monotonic()
	case clockProcessCPU, clockThreadCPU:
		t = int64(cpuTime() - c.cpuStart)
	default:
		return 0, fsbox.EINVAL
	}
	if t < 0 {
		return 0, fsbox.EOVERFLOW
	}
	return uint64(t) - uint64(t)%c.resolution, nil
}

// until is how long it takes from now to when a clock subscription is due. What is too far away is as far as a Duration goes.
func (c *clocks) until(id uint32, timeout uint64, absolute bool) (time.Duration, error) {
	if id != clockRealtime && id != clockMonotonic {
		if id == clockProcessCPU || id == clockThreadCPU {
			return 0, fsbox.ENOTSUP
		}
		return 0, fsbox.EINVAL
	}
	if absolute {
		now, err := c.now(id)
		if err != nil {
			return 0, err
		}
		timeout -= min(timeout, now)
	}
	return time.Duration(min(timeout, math.MaxInt64)), nil
}

func clockResGet(_ context.Context, s *System, m Memory, a []uint64) error {
	if uint32(a[0]) > clockThreadCPU {
		return fsbox.EINVAL
	}
	out, err := view(m, uint32(a[1]), 8)
	if err != nil {
		return err
	}
	put64(out, s.clocks.resolution)
	return nil
}

// clockTimeGet ignores the precision asked for: the clocks are read anew each time.
func clockTimeGet(_ context.Context, s *System, m Memory, a []uint64) error {
	out, err := view(m, uint32(a[2]), 8)
	if err != nil {
		return err
	}
	t, err := s.clocks.now(uint32(a[0]))
	if err != nil {
		return err
	}
	put64(out, t)
	return nil
}
