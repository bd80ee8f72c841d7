package wasip1

import (
	"context"
	"runtime"

	"github.com/wamr-go/wamr/internal/fsbox"
)

func procExit(_ context.Context, _ *System, _ Memory, a []uint64) error {
	return &ExitError{Code: uint32(a[0])}
}

// Signals that don't end a program that can't catch any (witx: signal): by default chld, cont, urg and winch are ignored like none, which
// only asks whether the program is there; stop, tstp, ttin and ttou would stop it, with nobody to continue it. sys is the last.
const (
	ignoredSignals = 1<<0 | 1<<16 | 1<<17 | 1<<22 | 1<<27
	stopSignals    = 1<<18 | 1<<19 | 1<<20 | 1<<21
	lastSignal     = 30
)

// procRaise does what the signal does by default. A program ended by one exits with 128 and its number, as shells have it.
func procRaise(_ context.Context, _ *System, _ Memory, a []uint64) error {
	n := uint32(a[0])
	switch {
	case n > lastSignal:
		return fsbox.EINVAL
	case ignoredSignals>>n&1 != 0:
		return nil
	case stopSignals>>n&1 != 0:
		return fsbox.ENOTSUP
	}
	return &ExitError{Code: 128 + n}
}

func schedYield(context.Context, *System, Memory, []uint64) error {
	runtime.Gosched()
	return nil
}
