package spec

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/text"
)

func (s *session) assertReturn(ctx context.Context, c *text.Command) error {
	res, err := s.act(ctx, c.Action)
	if err != nil {
		return errors.New(describe(err))
	}
	if len(res) != len(c.Results) {
		return fmt.Errorf("%d results, want %d", len(res), len(c.Results))
	}
	for i := range res {
		if !matches(res[i], &c.Results[i]) {
			return fmt.Errorf("result %d is %s, want %s", i, format(res[i]), formatPattern(&c.Results[i]))
		}
	}
	return nil
}

// assertTrap checks that an action, or the instantiation of a module, ends with
// the expected kind of trap.
func (s *session) assertTrap(ctx context.Context, c *text.Command) error {
	var err error
	if c.Module != nil {
		var mod *wamr.Module
		if mod, err = s.compile(ctx, c.Module); err != nil {
			return err
		}
		_, err = s.linker.Instantiate(ctx, s.store, mod)
	} else {
		_, err = s.act(ctx, c.Action)
	}
	var trap *wamr.Trap
	switch {
	case err == nil:
		return fmt.Errorf("no trap, want %q", c.Message)
	case !errors.As(err, &trap):
		return fmt.Errorf("got no trap but: %s, want %q", describe(err), c.Message)
	}
	exhausted := trap.Kind == wamr.ErrStackOverflow
	exception := trap.Kind == wamr.ErrUncaughtException
	if exhausted != (c.Kind == text.CmdAssertExhaustion) || exception != (c.Kind == text.CmdAssertException) ||
		!exception && !matchMessage(trap.Kind.String(), c.Message) {
		return fmt.Errorf("trap %q, want %q", describe(err), c.Message)
	}
	return nil
}

// matchMessage says whether a message is the expected one, which may be its
// beginning. The suite's "uninitialized element 2" says which element, and our
// messages don't.
func matchMessage(got, want string) bool {
	if strings.HasPrefix(got, want) {
		return true
	}
	rest, ok := strings.CutPrefix(want, got)
	return ok && len(rest) > 1 && rest[0] == ' ' && strings.Trim(rest[1:], "0123456789") == ""
}

// assertRefused checks that a module is malformed or invalid, and why.
func (s *session) assertRefused(ctx context.Context, c *text.Command) error {
	_, err := s.compile(ctx, c.Module)
	if err == nil {
		return fmt.Errorf("accepted, want %q", c.Message)
	}
	var (
		textual   *text.Error
		malformed *wamr.DecodeError
		invalid   *wamr.ValidationError
		limit     *wamr.LimitError
		got       = describe(err)
		kind      = "error"
	)
	switch {
	case errors.As(err, &textual):
		kind, got = "malformed", textual.Msg
	case errors.As(err, &malformed):
		kind, got = "malformed", malformed.Msg
	case errors.As(err, &invalid):
		kind, got = "invalid", invalid.Msg
	case errors.As(err, &limit):
		kind = "limit"
	}
	want := "invalid"
	if c.Kind == text.CmdAssertMalformed || c.Kind == text.CmdAssertMalformedCustom {
		want = "malformed"
	}
	// What is wrong with annotations is found by the parser in any case.
	if kind != want && c.Kind != text.CmdAssertInvalidCustom {
		return fmt.Errorf("%s: %s, want %s: %s", kind, got, want, c.Message)
	}
	if !strings.HasPrefix(got, c.Message) {
		return fmt.Errorf("%s, want %s", got, c.Message)
	}
	return nil
}

// assertUnlinkable checks that the imports of a module can't be satisfied.
func (s *session) assertUnlinkable(ctx context.Context, c *text.Command) error {
	mod, err := s.compile(ctx, c.Module)
	if err != nil {
		return err
	}
	_, err = s.linker.Instantiate(ctx, s.store, mod)
	var link *wamr.LinkError
	switch {
	case err == nil:
		return fmt.Errorf("linked, want %q", c.Message)
	case !errors.As(err, &link):
		return fmt.Errorf("got no link error but: %s, want %q", describe(err), c.Message)
	}
	for _, m := range link.Missing {
		if strings.HasPrefix(m.Reason, c.Message) {
			return nil
		}
	}
	return fmt.Errorf("%s, want %q", describe(err), c.Message)
}
