package wasip1

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/fsbox"
)

func TestRandom(t *testing.T) {
	p := newProgram(t, Config{})
	p.ok("random_get", 1024, 100000)
	zeros := bytes.Count(p.mem[1024:][:100000], []byte{0})
	if zeros < 200 || zeros > 700 {
		t.Errorf("%d zeros in 100000 random bytes", zeros)
	}
	if p.mem[1023] != 0 || p.mem[101024] != 0 {
		t.Error("written outside of the buffer")
	}
	p.fails(fsbox.EFAULT, "random_get", len(p.mem)-1, 2)
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("why")
	cancel(why)
	p.ctx = ctx
	if _, err := p.try("random_get", 0, 100000); !errors.Is(err, why) {
		t.Errorf("after the context ended: %v", err)
	}
}

func TestRandomSource(t *testing.T) {
	p := newProgram(t, Config{Random: strings.NewReader("0123456789")})
	p.ok("random_get", 0, 4)
	p.ok("random_get", 4, 4)
	if got := string(p.mem[:8]); got != "01234567" {
		t.Errorf("%q", got)
	}
	p.fails(fsbox.EIO, "random_get", 0, 4)
}
