package spec

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/text"
)

// session is the state of a script, or of one of its threads: a store and what
// its modules are called.
type session struct {
	cfg    *Config
	rt     *wamr.Runtime
	linker *wamr.Linker
	store  *wamr.Store
	tally  *tally

	last      *wamr.Instance // nil before the first, and after a failed one
	instances map[string]*wamr.Instance
	lastDef   *wamr.Module
	defs      map[string]*wamr.Module
	// registered holds the instances that modules import from.
	registered map[string]*wamr.Instance
	threads    map[string]*thread
	features   wamr.Feature
	internal   *wamr.Instance // see internalize
}

// thread is a thread of a script.
type thread struct {
	done chan struct{} // closed at its end
}

func newSession(cfg *Config, path string) (*session, error) {
	rc := cfg.Runtime
	features := cfg.Features(path)
	rc.Disable |= wamr.FeaturesAll &^ features
	rt, err := wamr.NewRuntime(rc)
	if err != nil {
		return nil, err
	}
	s := &session{cfg: cfg, rt: rt, tally: &tally{}, features: rt.Features()}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

// open makes the store and the host module.
func (s *session) open() error {
	s.store = s.rt.NewStore(s.cfg.Limits)
	s.instances = make(map[string]*wamr.Instance)
	s.defs = make(map[string]*wamr.Module)
	s.registered = make(map[string]*wamr.Instance)
	s.threads = make(map[string]*thread)
	s.linker = wamr.NewLinker()
	s.linker.Resolver = func(_ context.Context, _ *wamr.Store, name string) (*wamr.Instance, error) {
		return s.registered[name], nil
	}
	return defineSpectest(s.linker, s.store, s.cfg.Output)
}

// close waits for the threads and frees what the session holds.
func (s *session) close() {
	for _, t := range s.threads {
		<-t.done
	}
	s.store.Close()
	s.rt.Close()
}

// run runs commands. After a panic it gives up on the rest.
func (s *session) run(ctx context.Context, cmds []text.Command) {
	for i := range cmds {
		c := &cmds[i]
		failure, crashed := s.guarded(ctx, c)
		s.tally.add(c, failure)
		if crashed {
			return
		}
	}
}

// guarded runs one command and makes a failure of a panic.
func (s *session) guarded(ctx context.Context, c *text.Command) (failure string, crashed bool) {
	defer func() {
		if x := recover(); x != nil {
			failure, crashed = fmt.Sprintf("panic: %v\n%s", x, debug.Stack()), true
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	if err := s.command(ctx, c); err != nil {
		return err.Error(), false
	}
	return "", false
}

// command runs one command; an error says what went wrong or was not as it was
// expected to be.
func (s *session) command(ctx context.Context, c *text.Command) error {
	switch c.Kind {
	case text.CmdModule:
		s.last = nil
		mod, err := s.define(ctx, c.Module)
		if err != nil {
			return err
		}
		return s.instantiate(ctx, mod, c.Module.ID)
	case text.CmdDefinition:
		_, err := s.define(ctx, c.Module)
		return err
	case text.CmdInstance:
		mod := s.lastDef
		if c.Of != "" {
			mod = s.defs[c.Of]
		}
		if mod == nil {
			return fmt.Errorf("no module definition $%s", c.Of)
		}
		return s.instantiate(ctx, mod, c.ID)
	case text.CmdRegister:
		inst, err := s.instance(c.ID)
		if err != nil {
			return err
		}
		s.register(c.Name, inst)
		return nil
	case text.CmdAction:
		_, err := s.act(ctx, c.Action)
		return err
	case text.CmdAssertReturn:
		return s.assertReturn(ctx, c)
	case text.CmdAssertTrap, text.CmdAssertExhaustion, text.CmdAssertException:
		return s.assertTrap(ctx, c)
	case text.CmdAssertMalformed, text.CmdAssertMalformedCustom, text.CmdAssertInvalid, text.CmdAssertInvalidCustom:
		return s.assertRefused(ctx, c)
	case text.CmdAssertUnlinkable:
		return s.assertUnlinkable(ctx, c)
	case text.CmdThread:
		return s.thread(c)
	case text.CmdWait:
		return s.wait(ctx, c.ID)
	}
	return fmt.Errorf("%v is not supported", c.Kind)
}

// compile compiles a module. Modules in text are encoded first, so that the
// binary format is tested as well.
func (s *session) compile(ctx context.Context, m *text.ScriptModule) (*wamr.Module, error) {
	b := m.Binary
	if m.Form != text.FormBinary {
		parsed, err := m.Parse(s.features)
		if err != nil {
			return nil, err
		}
		b = binary.Encode(parsed)
	}
	return s.rt.Compile(ctx, b)
}

// define compiles a module and remembers it as a definition.
func (s *session) define(ctx context.Context, m *text.ScriptModule) (*wamr.Module, error) {
	mod, err := s.compile(ctx, m)
	if err != nil {
		return nil, err
	}
	s.lastDef = mod
	if m.ID != "" {
		s.defs[m.ID] = mod
	}
	return mod, nil
}

// instantiate makes an instance the last one, and the one with the given
// identifier if that is not empty.
func (s *session) instantiate(ctx context.Context, mod *wamr.Module, id string) error {
	inst, err := s.linker.Instantiate(ctx, s.store, mod)
	if err != nil {
		return err
	}
	s.last = inst
	if id != "" {
		s.instances[id] = inst
	}
	return nil
}

// instance returns the instance with the given identifier, the last one if
// that is empty.
func (s *session) instance(id string) (*wamr.Instance, error) {
	inst := s.last
	if id != "" {
		inst = s.instances[id]
	}
	if inst == nil {
		return nil, fmt.Errorf("no module instance $%s", id)
	}
	return inst, nil
}

// register lets modules import from an instance. Of instances of other
// threads only shared memories can be imported.
func (s *session) register(name string, inst *wamr.Instance) {
	if inst.Store() == s.store {
		s.registered[name] = inst
		return
	}
	for e := range inst.Module().Exports() {
		if e.Type.Kind == wamr.ExternMemory && e.Type.Memory.Shared {
			s.linker.Memory(name, e.Name, inst.Memory(e.Name))
		}
	}
}

// act performs an action.
func (s *session) act(ctx context.Context, a *text.Action) ([]wamr.Value, error) {
	inst, err := s.instance(a.Module)
	if err != nil {
		return nil, err
	}
	if a.Get {
		g := inst.Global(a.Name)
		if g == nil {
			return nil, fmt.Errorf("no global %q", a.Name)
		}
		return []wamr.Value{g.Get()}, nil
	}
	args := make([]wamr.Value, len(a.Args))
	for i := range a.Args {
		if args[i], err = s.argument(ctx, &a.Args[i]); err != nil {
			return nil, fmt.Errorf("argument %d: %w", i, err)
		}
	}
	return inst.Call(ctx, a.Name, args...)
}

// thread starts a thread: a session with a store of its own, which knows one
// module of this one.
func (s *session) thread(c *text.Command) error {
	if _, dup := s.threads[c.ID]; dup {
		return fmt.Errorf("there is a thread $%s already", c.ID)
	}
	child := &session{cfg: s.cfg, rt: s.rt, tally: s.tally, features: s.features}
	if err := child.open(); err != nil {
		return err
	}
	if c.Shared != "" {
		inst, err := s.instance(c.Shared)
		if err != nil {
			return err
		}
		child.instances[c.Shared] = inst
	}
	t := &thread{done: make(chan struct{})}
	s.threads[c.ID] = t
	go func() {
		defer close(t.done)
		defer child.store.Close()
		child.run(context.Background(), c.Commands)
	}()
	return nil
}

// wait waits for a thread.
func (s *session) wait(ctx context.Context, id string) error {
	t := s.threads[id]
	if t == nil {
		return fmt.Errorf("no thread $%s", id)
	}
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("thread $%s does not end", id)
	}
}

// timedOut says whether an error came from the action's time limit.
func timedOut(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// describe shortens an error for a failure's message.
func describe(err error) string {
	if timedOut(err) {
		return "timed out"
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}
