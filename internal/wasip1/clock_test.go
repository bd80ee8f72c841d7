package wasip1

import (
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

func TestClocks(t *testing.T) {
	mono := int64(5_000_001_999)
	p := newProgram(t, Config{
		Realtime:        func() time.Time { return time.Unix(1700000000, 123456789) },
		Monotonic:       func() int64 { return mono },
		ClockResolution: 100,
	})
	out := p.alloc(8)
	get := func(id int) uint64 {
		t.Helper()
		p.ok("clock_time_get", id, 0, out)
		return p.u64(out)
	}
	if got := get(clockRealtime); got != 1700000000_123456700 {
		t.Errorf("realtime %d", got)
	}
	if got := get(clockMonotonic); got != 5_000_001_900 {
		t.Errorf("monotonic %d", got)
	}
	for id := range 4 {
		p.ok("clock_res_get", id, out)
		if p.u64(out) != 100 {
			t.Errorf("resolution of clock %d: %d", id, p.u64(out))
		}
	}
	for _, id := range []uint64{4, 1 << 31, 1<<32 - 1} {
		p.fails(fsbox.EINVAL, "clock_time_get", id, 0, out)
		p.fails(fsbox.EINVAL, "clock_res_get", id, out)
	}
	mono = -1
	p.fails(fsbox.EOVERFLOW, "clock_time_get", clockMonotonic, 0, out)
}

func TestHostClocks(t *testing.T) {
	p := newProgram(t, Config{})
	out := p.alloc(8)
	for id := range 4 {
		last := uint64(0)
		for range 1000 {
			p.ok("clock_time_get", id, 0, out)
			if now := p.u64(out); now < last {
				t.Fatalf("clock %d went back from %d to %d", id, last, now)
			} else if now%1000 != 0 {
				t.Fatalf("clock %d is finer than a microsecond: %d", id, now)
			} else {
				last = now
			}
		}
		if id <= clockMonotonic && last == 0 {
			t.Errorf("clock %d stands at 0", id)
		}
	}
	p.ok("clock_time_get", clockRealtime, 0, out)
	if d := time.Since(time.Unix(0, int64(p.u64(out)))); d < -time.Hour || d > time.Hour {
		t.Errorf("the time of day is off by %v", d)
	}
}
