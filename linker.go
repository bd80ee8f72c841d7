package wamr

import (
	"context"
	"errors"
	"fmt"
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

	// Resolver, if it is not nil, is asked for modules that the linker does
	// not know: it returns the instance whose exports are imported under that
	// module name, or nil if there is none. It is asked once per name and
	// store.
	Resolver func(ctx context.Context, st *Store, module string) (*Instance, error)
}

type importName struct{ module, name string }

// definition is something that can be imported.
type definition interface {
	// resolve returns the item for an instance in st.
	resolve(st *Store) (vm.Extern, error)
}

// plan is the outcome of looking up a module's imports: those that don't
// depend on the store are resolved.
type plan struct {
	externs []vm.Extern
	bound   []definition // by import; nil where externs has it
	err     error
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

// Memory lets modules import a memory. It serves the instances of its own store
// only, unless it is shared.
func (ln *Linker) Memory(module, name string, m *Memory) {
	d := &externDef{st: m.st, e: vm.Extern{Kind: wasm.ExternMemory, Memory: m.m}}
	if m.m.Type.Shared {
		d.st = nil
	}
	ln.define(module, name, d)
}

// Table lets modules of the table's store import it.
func (ln *Linker) Table(module, name string, t *Table) {
	ln.define(module, name, &externDef{st: t.st, e: vm.Extern{Kind: wasm.ExternTable, Table: t.t}})
}

// Global lets modules of the global's store import it.
func (ln *Linker) Global(module, name string, g *Global) {
	ln.define(module, name, &externDef{st: g.st, e: vm.Extern{Kind: wasm.ExternGlobal, Global: g.g}})
}

// Tag lets modules of the tag's store import it.
func (ln *Linker) Tag(module, name string, t *Tag) {
	ln.define(module, name, &externDef{st: t.st, e: vm.Extern{Kind: wasm.ExternTag, Tag: t.t}})
}

// Instance lets modules of the instance's store import all its exports under
// the given module name.
func (ln *Linker) Instance(module string, inst *Instance) {
	for name, e := range inst.mod.exports {
		ln.define(module, name, &externDef{st: inst.st, e: inst.extern(e)})
	}
}

// externDef is an item that exists already.
type externDef struct {
	st *Store // nil: any store
	e  vm.Extern
}

func (d *externDef) resolve(st *Store) (vm.Extern, error) {
	if d.st != nil && d.st != st {
		return vm.Extern{}, errors.New("it belongs to another store")
	}
	return d.e, nil
}

// Instantiate makes an instance of mod in st, or in a new store without limits
// of its own if st is nil. It looks up the imports, allocates and initializes
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
	if p.bound == nil {
		return p.externs, nil
	}
	externs := append([]vm.Extern(nil), p.externs...)
	var missing []MissingImport
	for i, d := range p.bound {
		if d == nil {
			continue
		}
		e, err := d.resolve(st)
		if err == nil {
			if bad := vm.CheckImport(mod.m, i, &e); bad != nil {
				err = bad
			}
		}
		if err != nil {
			missing = append(missing, ln.missing(mod, i, err))
			continue
		}
		externs[i] = e
	}
	if missing != nil {
		return nil, &LinkError{missing}
	}
	return externs, nil
}

// plan looks up the imports of a module and keeps what it found for the next
// instantiation.
func (ln *Linker) plan(ctx context.Context, st *Store, mod *Module) (*plan, error) {
	if err := ln.Err(); err != nil {
		return nil, err
	}
	imports := mod.m.Imports
	p := &plan{externs: make([]vm.Extern, len(imports))}
	var missing []MissingImport
	resolved := map[string]*Instance{}
	for i := range imports {
		im := &imports[i]
		d, err := ln.lookup(ctx, st, resolved, im)
		if err != nil {
			return nil, err
		}
		if d == nil {
			miss := ln.missing(mod, i, errUnknownImport)
			if len(missing) < maxSuggestions && len(im.Name) <= maxSuggestedName {
				miss.Near = nearest(im.Name, ln.Names(im.Module))
			}
			missing = append(missing, miss)
			continue
		}
		host, ok := d.(*hostDef)
		if !ok {
			if p.bound == nil {
				p.bound = make([]definition, len(imports))
			}
			p.bound[i] = d
			continue
		}
		f, err := host.instance(mod.rt, im)
		if err != nil {
			return nil, err
		}
		p.externs[i] = vm.Extern{Kind: wasm.ExternFunc, Func: f}
		if bad := vm.CheckImport(mod.m, i, &p.externs[i]); bad != nil {
			missing = append(missing, ln.missing(mod, i, bad))
		}
	}
	if missing != nil {
		return nil, &LinkError{missing}
	}
	if len(resolved) == 0 { // what a Resolver gave belongs to this store alone
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

func (ln *Linker) lookup(ctx context.Context, st *Store, resolved map[string]*Instance, im *wasm.Import) (definition, error) {
	ln.mu.RLock()
	d, ok := ln.defs[importName{im.Module, im.Name}]
	ln.mu.RUnlock()
	if ok {
		return d, nil
	}
	if ln.Resolver == nil {
		return nil, nil
	}
	inst, asked := resolved[im.Module]
	if !asked {
		var err error
		if inst, err = ln.Resolver(ctx, st, im.Module); err != nil {
			return nil, fmt.Errorf("resolving module %q: %w", im.Module, err)
		}
		resolved[im.Module] = inst
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
	if errors.As(reason, &bad) {
		m.Reason, m.Detail = bad.Msg, bad.Detail
	}
	return m
}

// nearest returns the candidate that is closest to name by edit distance, if
// one is close enough to be a slip.
func nearest(name string, candidates []string) string {
	best, bestDistance := "", max(len(name)/3, 1)+1
	for _, c := range candidates {
		if d := editDistance(name, c, bestDistance); d < bestDistance || d == bestDistance && best != "" && c < best {
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
