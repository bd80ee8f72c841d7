package wasi

import (
	"context"
	"errors"
	"fmt"

	"github.com/wamr-go/wamr"
)

// ErrNotCommand says that an instance exports no function _start without parameters and results, so that it can't be run as a program.
var ErrNotCommand = errors.New("wasi: the module exports no _start function: it is not a command")

// Run runs a command: it calls _start and returns the code that the program exits with, 0 if it just returns. A trap, an error of a host
// function, or the end of ctx is an error. Afterwards the descriptors of the instance's store are closed.
func Run(ctx context.Context, inst *wamr.Instance) (code int, err error) {
	defer func() {
		if cerr := Close(inst.Store()); err == nil {
			err = cerr
		}
	}()
	return call(ctx, inst, "_start", ErrNotCommand)
}

// Initialize prepares a reactor, a module whose exports are called one by one: it calls _initialize if the module exports it, which must be
// before any other export is called. The program may exit in it, with the code returned, though reactors usually don't.
func Initialize(ctx context.Context, inst *wamr.Instance) (code int, err error) {
	return call(ctx, inst, "_initialize", nil)
}

// call calls an export without parameters and results; without such an export it returns missing.
func call(ctx context.Context, inst *wamr.Instance, name string, missing error) (int, error) {
	f := inst.Func(name)
	if f == nil {
		return 0, missing
	}
	if t := f.Type(); len(t.Params) > 0 || len(t.Results) > 0 {
		return 0, fmt.Errorf("wasi: %s has the type %v, not one without parameters and results", name, t)
	}
	_, err := f.Call(ctx)
	return ExitCode(err)
}

// ExitCode takes the outcome of a call apart: the code with which the program ended itself in it, 0 if it didn't, or else the error.
func ExitCode(err error) (code int, other error) {
	var exit *wamr.ExitError
	if errors.As(err, &exit) {
		return int(exit.Code), nil
	}
	return 0, err
}
