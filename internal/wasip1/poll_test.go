package wasip1

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"testing"
	"time"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// sub is a subscription to lay out; an event is what came back.
type sub struct {
	kind     uint8
	id       uint32 // clock or descriptor
	timeout  time.Duration
	absolute bool
}

type event struct {
	userdata uint64
	errno    Errno
	kind     uint8
	bytes    uint64
	hangup   bool
}

// subs lays out subscriptions whose userdata is 100 and their index.
func (p *program) subs(l *subscriptionLayout, subs ...sub) uint32 {
	at := p.alloc(l.size * uint32(len(subs)))
	for i, s := range subs {
		b := p.mem[at+uint32(i)*l.size:]
		put64(b, uint64(100+i))
		b[subscriptionTag] = s.kind
		if s.kind == eventClock {
			put32(b[l.clockID:], s.id)
			put64(b[l.timeout:], uint64(s.timeout))
			if s.absolute {
				put16(b[l.clockFlag:], subclockAbstime)
			}
		} else {
			put32(b[subscriptionFD:], s.id)
		}
	}
	return at
}

func (p *program) events(at, n uint32) []event {
	var events []event
	for i := range n {
		b := p.mem[at+i*sizeEvent:]
		events = append(events, event{
			get64(b), Errno(get16(b[eventError:])), b[eventType], get64(b[eventBytes:]), get16(b[eventFlags:])&eventHangup != 0,
		})
	}
	return events
}

func (p *program) poll(subs ...sub) []event {
	p.t.Helper()
	l := &subscriptionV1
	if &p.fns[0] == &FunctionsUnstable[0] {
		l = &subscriptionV0
	}
	out, n := p.alloc(sizeEvent*uint32(len(subs))), p.alloc(4)
	p.ok("poll_oneoff", p.subs(l, subs...), out, len(subs), n)
	return p.events(out, p.u32(n))
}

func TestPollClocks(t *testing.T) {
	for _, table := range [][]Function{Functions, FunctionsUnstable} {
		p := newProgram(t, Config{})
		p.fns = table
		start := time.Now()
		got := p.poll(sub{eventClock, clockMonotonic, 20 * time.Millisecond, false}, sub{eventClock, clockRealtime, time.Hour, false})
		if len(got) != 1 || got[0] != (event{userdata: 100, kind: eventClock}) {
			t.Errorf("%+v", got)
		}
		if d := time.Since(start); d < 20*time.Millisecond {
			t.Errorf("back after %v", d)
		}
		// What is due at once comes together with nothing else waited for.
		got = p.poll(sub{eventClock, clockMonotonic, 0, false}, sub{eventClock, clockRealtime, 5, true}, sub{eventClock, clockMonotonic, time.Hour, false})
		if len(got) != 2 || got[0].userdata != 100 || got[1].userdata != 101 {
			t.Errorf("%+v", got)
		}
		out := p.alloc(8)
		p.ok("clock_time_get", clockMonotonic, 0, out)
		at := time.Duration(p.u64(out)) + 20*time.Millisecond
		p.poll(sub{eventClock, clockMonotonic, at, true})
		p.ok("clock_time_get", clockMonotonic, 0, out)
		if now := time.Duration(p.u64(out)); now < at {
			t.Errorf("absolute time: back at %v, asked for %v", now, at)
		}
	}
}

func TestPollErrors(t *testing.T) {
	p := in(t, fsbox.NewMem(0))
	got := p.poll(
		sub{kind: eventClock, id: 9}, sub{kind: eventClock, id: clockThreadCPU}, sub{kind: eventFDRead, id: 77}, sub{kind: eventFDWrite, id: 0},
		sub{kind: eventFDRead, id: 1}, sub{kind: eventClock, id: clockMonotonic, timeout: time.Hour},
	)
	want := []Errno{fsbox.EINVAL, fsbox.ENOTSUP, fsbox.EBADF, fsbox.EBADF, fsbox.EBADF}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, e := range got {
		if e.errno != want[i] || e.userdata != uint64(100+i) {
			t.Errorf("%d: %+v, want %v", i, e, want[i])
		}
	}
	out := p.alloc(64)
	at := p.subs(&subscriptionV1, sub{kind: eventClock})
	end := len(p.mem)
	p.fails(fsbox.EINVAL, "poll_oneoff", at, out, 0, out)
	p.fails(fsbox.EINVAL, "poll_oneoff", at, out, maxSubscriptions+1, out)
	p.fails(fsbox.EFAULT, "poll_oneoff", end-8, out, 1, out)
	p.fails(fsbox.EFAULT, "poll_oneoff", at, end-8, 1, out)
	p.fails(fsbox.EFAULT, "poll_oneoff", at, out, 1, end-3)
	p.mem[at+subscriptionTag] = 3
	p.fails(fsbox.EINVAL, "poll_oneoff", at, out, 1, out)
	p.ok("fd_fdstat_set_rights", 0, rightFDRead, 0)
	if got := p.poll(sub{kind: eventFDRead, id: 0}); len(got) != 1 || got[0].errno != fsbox.ENOTCAPABLE {
		t.Errorf("%+v", got)
	}
}

func TestPollFiles(t *testing.T) {
	p := in(t, fsbox.HostDir(t.TempDir()))
	p.create(3, "f", "content")
	fd := p.open(3, "f", 0)
	p.read(fd, 2)
	got := p.poll(sub{kind: eventFDRead, id: fd}, sub{kind: eventFDWrite, id: fd}, sub{kind: eventFDRead, id: 3}, sub{kind: eventFDWrite, id: 1},
		sub{kind: eventFDRead, id: 0}, sub{kind: eventClock, id: clockMonotonic, timeout: time.Hour})
	if len(got) != 5 || got[0].bytes != 5 || got[0].kind != eventFDRead || got[1].kind != eventFDWrite || !got[4].hangup {
		t.Errorf("%+v", got)
	}
	for _, e := range got {
		if e.errno != 0 {
			t.Errorf("%+v", e)
		}
	}
}

func TestPollInput(t *testing.T) {
	r, w := io.Pipe()
	p := newProgram(t, Config{Stdin: r})
	if got := p.poll(sub{kind: eventFDRead, id: 0}, sub{kind: eventClock, id: clockMonotonic, timeout: 10 * time.Millisecond}); len(got) != 1 || got[0].kind != eventClock {
		t.Errorf("%+v", got)
	}
	time.AfterFunc(10*time.Millisecond, func() { w.Write([]byte("hello")) })
	if got := p.poll(sub{kind: eventClock, id: clockMonotonic, timeout: time.Hour}, sub{kind: eventFDRead, id: 0}); len(got) != 1 || got[0] != (event{101, 0, eventFDRead, 5, false}) {
		t.Errorf("%+v", got)
	}
	p.ok("fd_fdstat_set_flags", 0, fdflagNonblock)
	if s, e := p.read(0, 3); s != "hel" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	if got := p.poll(sub{kind: eventFDRead, id: 0}); len(got) != 1 || got[0].bytes != 2 {
		t.Errorf("%+v", got)
	}
	if s, e := p.read(0, 30); s != "lo" || e != 0 {
		t.Errorf("%q %v", s, e)
	}
	time.AfterFunc(10*time.Millisecond, func() { w.Close() })
	if got := p.poll(sub{kind: eventFDRead, id: 0}); len(got) != 1 || !got[0].hangup || got[0].errno != 0 {
		t.Errorf("%+v", got)
	}
}

func TestPollIsInterrupted(t *testing.T) {
	r, _ := io.Pipe()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback network:", err)
	}
	defer l.Close()
	for name, subs := range map[string][]sub{
		"clock":  {{eventClock, clockMonotonic, math.MaxInt64, false}},
		"input":  {{kind: eventFDRead, id: 0}},
		"socket": {{kind: eventFDRead, id: 3}, {kind: eventFDWrite, id: 3}},
		"all":    {{kind: eventFDRead, id: 0}, {kind: eventFDRead, id: 3}, {eventClock, clockRealtime, time.Hour, false}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProgram(t, Config{Stdin: r, Listeners: []net.Listener{l}})
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			defer cancel()
			p.ctx = ctx
			at := p.subs(&subscriptionV1, subs...)
			if _, err := p.try("poll_oneoff", at, p.alloc(sizeEvent*3), len(subs), p.alloc(4)); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
	}
}

func TestSleepHook(t *testing.T) {
	var slept time.Duration
	now := int64(1e9)
	p := newProgram(t, Config{
		Monotonic: func() int64 { return now },
		Sleep:     func(_ context.Context, d time.Duration) error { slept = d; now += int64(d); return nil },
	})
	got := p.poll(sub{eventClock, clockMonotonic, time.Hour, false}, sub{eventClock, clockMonotonic, time.Duration(1e9) + 30*time.Minute, true})
	if slept != 30*time.Minute || len(got) != 1 || got[0].userdata != 101 {
		t.Errorf("%v %+v", slept, got)
	}
}
