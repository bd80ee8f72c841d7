package wamr

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Linker holds what modules may import, under two-part names. Building one is
// not safe for concurrent use; instantiating with it is, once it is built.
//
// A name that is defined again takes the new meaning. Mistakes, such as a host
// function of an unsupported Go type, are kept and reported by [Linker.Err] and
// by every instantiation.
type Linker struct {
	mu   sync.RWMutex // guards all below
	defs map[importName]definition
	errs []error
	// plans are the resolved imports of modules seen before.
	plans map[*vm.Module]*plan

	// Resolver, if it is not nil, is asked for imports that the linker does
	// not know: it returns the instance, of the same store, whose exports are
	// imported under that module name, or nil if there is none. What it
	// returns is kept: it is asked once per name and store, and again only
	// after it has returned an error. It may instantiate with the same linker.
	Resolver func(ctx context.Context, st *Store, module string) (*Instance, error)
}

type importName struct{ module, name string }

// definition is something that can be imported: a *hostDef or an *externDef.
type definition any

// plan is the outcome of looking up a module's imports: those that don't
// depend on the store are resolved.
type plan struct {
	externs []vm.Extern
	bound   []*externDef // by import, nil where externs has it; or nil if none is
	bad     []error      // by import, why it can't be satisfied; or nil if all can
}

// NewLinker returns an empty linker.
func NewLinker() *Linker {
	return &Linker{defs: make(map[importName]definition), plans: make(map[*vm.Module]*plan)}
}

// Err returns what went wrong while the linker was built, or nil.
func (ln *Linker) Err() error {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	return errors.Join(ln.errs...)
}

func (ln *Linker) define(module, name string, d definition) {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	ln.defs[importName{module, name}] = d
	clear(ln.plans)
}

func (ln *Linker) fail(module, name string, err error) {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	ln.errs = append(ln.errs, fmt.Errorf("wamr: defining %q %q: %w", module, name, err))
}

// Names returns the names that are defined for a module name, in no order.
func (ln *Linker) Names(module string) []string {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	var names []string
	for k := range ln.defs {
		if k.module == module {
			names = append(names, k.name)
		}
	}
	return names
}

var errNil = errors.New("it is nil")

// Memory lets modules import a memory. It serves the instances of its own store
// only, unless it is shared.
func (ln *Linker) Memory(module, name string, m *Memory) {
	if m == nil {
		ln.fail(module, name, errNil)
		return
	}
	d := &externDef{st: m.st, e: vm.Extern{Kind: wasm.ExternMemory, Memory: m.m}}
	if m.m.Type.Shared {
		d.st = nil
	}
	ln.define(module, name, d)
}

// Table lets modules of the table's store import it.
func (ln *Linker) Table(module, name string, t *Table) {
	if t == nil {
		ln.fail(module, name, errNil)
		return
	}
	ln.define(module, name, &externDef{st: t.st, e: vm.Extern{Kind: wasm.ExternTable, Table: t.t}})
}

// Global lets modules of the global's store import it.
func (ln *Linker) Global(module, name string, g *Global) {
	if g == nil {
		ln.fail(module, name, errNil)
		return
	}
	ln.define(module, name, &externDef{st: g.st, e: vm.Extern{Kind: wasm.ExternGlobal, Global: g.g}})
}

// Tag lets modules of the tag's store import it.
func (ln *Linker) Tag(module, name string, t *Tag) {
	if t == nil {
		ln.fail(module, name, errNil)
		return
	}
	ln.define(module, name, &externDef{st: t.st, e: vm.Extern{Kind: wasm.ExternTag, Tag: t.t}})
}

// Instance lets modules of the instance's store import all its exports under
// the given module name.
func (ln *Linker) Instance(module string, inst *Instance) {
	if inst == nil {
		ln.fail(module, "*", errNil)
		return
	}
	for name, e := range inst.mod.exports {
		ln.define(module, name, &externDef{st: inst.st, e: inst.extern(e)})
	}
}

// externDef is an item that exists already.
type externDef struct {
	st *Store // nil: any store
	e  vm.Extern
}

// errOtherStore is why an item can't be imported where it can't be reached.
var errOtherStore = errors.New("it belongs to another store")

// resolve returns the item as import i of mod in st.
func (d *externDef) resolve(st *Store, mod *Module, i int) (vm.Extern, error) {
	if d.st != nil && d.st != st {
		return vm.Extern{}, errOtherStore
	}
	// A nil *vm.ImportError must not become an error.
	if bad := vm.CheckImport(mod.m, i, &d.e); bad != nil {
		return vm.Extern{}, bad
	}
	return d.e, nil
}

// Instantiate makes an instance of mod in st, or in a new store without limits
// of its own if st is nil, which is then [Instance.Store]. It looks up the imports, allocates and initializes
// memories, tables and globals, and runs the module's start function, never
// _start. If an import is missing or of the wrong type the error is a
// *[LinkError] that lists all of them; if the start function traps, a *[Trap].
func (ln *Linker) Instantiate(ctx context.Context, st *Store, mod *Module) (inst *Instance, err error) {
	if mod.rt.closed.Load() {
		return nil, &ClosedError{"runtime"}
	}
	if hook := mod.rt.cfg.Hooks.Instantiate; hook != nil {
		start := time.Now()
		defer func() { hook(mod, time.Since(start), err) }()
	}
	if st == nil {
		st = mod.rt.NewStore(Limits{})
		defer func() {
			if err != nil {
				st.s.Close()
			}
		}()
	} else if err := st.enter(); err != nil {
		return nil, err
	}
	if st.rt != mod.rt {
		return nil, errors.New("wamr: the module was compiled by another runtime than the store's")
	}
	externs, err := ln.externs(ctx, st, mod)
	if err != nil {
		return nil, err
	}
	m, err := mod.code(st)
	if err != nil {
		return nil, err
	}
	in, err := vm.Instantiate(ctx, st.s, m, externs)
	if err != nil {
		return nil, err
	}
	mod.rt.stats.instances.Add(1)
	return wrapInstance(st, mod, in), nil
}

// externs returns the module's imports for an instance in st.
func (ln *Linker) externs(ctx context.Context, st *Store, mod *Module) ([]vm.Extern, error) {
	ln.mu.RLock()
	p := ln.plans[mod.m]
	ln.mu.RUnlock()
	if p == nil {
		var err error
		if p, err = ln.plan(ctx, st, mod); err != nil {
			return nil, err
		}
	}
	if p.bound == nil && p.bad == nil {
		return p.externs, nil
	}
	externs := append([]vm.Extern(nil), p.externs...)
	var missing []MissingImport
	for i := range externs {
		var err error
		if p.bad != nil && p.bad[i] != nil {
			err = p.bad[i]
		} else if p.bound != nil && p.bound[i] != nil {
			externs[i], err = p.bound[i].resolve(st, mod, i)
		}
		if err != nil {
			miss := ln.missing(mod, i, err)
			if err == errUnknownImport && len(missing) < maxSuggestions && len(miss.Name) <= maxSuggestedName {
				miss.Near = nearest(miss.Name, ln.Names(miss.Module))
			}
			missing = append(missing, miss)
		}
	}
	if missing != nil {
		return nil, &LinkError{missing}
	}
	return externs, nil
}

// plan looks up the imports of a module and keeps what it found for the next
// instantiation, unless some can't be satisfied.
func (ln *Linker) plan(ctx context.Context, st *Store, mod *Module) (*plan, error) {
	if err := ln.Err(); err != nil {
		return nil, err
	}
	imports := mod.m.Imports
	p := &plan{externs: make([]vm.Extern, len(imports))}
	fail := func(i int, err error) {
		if p.bad == nil {
			p.bad = make([]error, len(imports))
		}
		p.bad[i] = err
	}
	keep := true
	for i := range imports {
		im := &imports[i]
		d := ln.lookup(im)
		var err error
		if d == nil && ln.Resolver != nil {
			// What a Resolver gives belongs to this store alone.
			keep = false
			d, err = ln.resolve(ctx, st, im)
		}
		if err != nil {
			return nil, err
		}
		switch d := d.(type) {
		case nil:
			fail(i, errUnknownImport)
		case *externDef:
			if p.bound == nil {
				p.bound = make([]*externDef, len(imports))
			}
			p.bound[i] = d
		case *hostDef:
			f, err := d.instance(mod.rt, im)
			if err != nil {
				return nil, fmt.Errorf("wamr: host function %q %q: %w", im.Module, im.Name, err)
			}
			p.externs[i] = vm.Extern{Kind: wasm.ExternFunc, Func: f}
			if bad := vm.CheckImport(mod.m, i, &p.externs[i]); bad != nil {
				fail(i, bad)
			}
		}
	}
	if keep && p.bad == nil {
		ln.mu.Lock()
		if len(ln.plans) >= maxPlans {
			clear(ln.plans)
		}
		ln.plans[mod.m] = p
		ln.mu.Unlock()
	}
	return p, nil
}

// Bounds of the search for names that are close to missing ones, whose cost is
// up to the module.
const (
	maxSuggestions   = 20
	maxSuggestedName = 100 // bytes
)

// maxPlans bounds what a linker remembers of modules, which it keeps alive.
const maxPlans = 64

var errUnknownImport = errors.New("unknown import")

// lookup returns what the linker has for an import, or nil.
func (ln *Linker) lookup(im *wasm.Import) definition {
	ln.mu.RLock()
	defer ln.mu.RUnlock()
	if d, ok := ln.defs[importName{im.Module, im.Name}]; ok {
		return d
	}
	if plain, ok := strings.CutPrefix(im.Name, "_"); ok {
		if d, ok := ln.defs[importName{im.Module, plain}].(*hostDef); ok && d.native {
			return d
		}
	}
	return nil
}

// resolvedName is what a Resolver was asked for.
type resolvedName struct {
	ln     *Linker
	module string
}

// resolve asks the Resolver for an import that the linker does not have.
func (ln *Linker) resolve(ctx context.Context, st *Store, im *wasm.Import) (definition, error) {
	key := resolvedName{ln, im.Module}
	inst, asked := st.resolved[key]
	if !asked {
		var err error
		if inst, err = ln.Resolver(ctx, st, im.Module); err != nil {
			return nil, fmt.Errorf("wamr: resolving module %q: %w", im.Module, err)
		}
		if st.resolved == nil {
			st.resolved = make(map[resolvedName]*Instance)
		}
		st.resolved[key] = inst
	}
	if inst == nil {
		return nil, nil
	}
	e, ok := inst.mod.exports[im.Name]
	if !ok {
		return nil, nil
	}
	return &externDef{st: inst.st, e: inst.extern(e)}, nil
}

// missing describes why import i of mod can't be satisfied.
func (ln *Linker) missing(mod *Module, i int, reason error) MissingImport {
	im := &mod.m.Imports[i]
	m := MissingImport{Module: im.Module, Name: im.Name, Type: mod.importType(im), Reason: reason.Error()}
	var bad *vm.ImportError
	switch {
	case errors.As(reason, &bad):
		m.Reason, m.Detail = bad.Msg, bad.Detail
	case reason == errOtherStore:
		m.Reason, m.Detail = "incompatible import type", reason.Error()
	}
	return m
}

// nearest returns the candidate that is closest to name by edit distance, if
// one is close enough to be a slip.
func nearest(name string, candidates []string) string {
	best, bestDistance := "", max(len(name)/3, 1)+1
	for _, c := range candidates {
		if d := editDistance(name, c, bestDistance+1); d < bestDistance || d == bestDistance && best != "" && c < best {
			best, bestDistance = c, d
		}
	}
	return best
}

// editDistance returns the Levenshtein distance of a and b, or limit if it is
// not below that.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal, smallest := row[0], i
		row[0] = i
		for j := 1; j <= len(b); j++ {
			d := diagonal
			if a[i-1] != b[j-1] {
				d++
			}
			diagonal = row[j]
			row[j] = min(d, row[j]+1, row[j-1]+1)
			smallest = min(smallest, row[j])
		}
		if smallest >= limit {
			return limit
		}
	}
	return row[len(b)]
}
