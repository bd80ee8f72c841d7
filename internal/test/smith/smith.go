// Package smith makes random valid modules out of entropy: a seed, or the
// bytes that a fuzzer supplies. It is driven by the instruction table, so an
// instruction that is added there and has a signature is generated without
// further ado; those without have a rule here, and a test names any that is
// never generated.
//
// The modules are small, import nothing and use all proposals that Config
// allows. They may loop or recurse without end: run them under limits. The same
// entropy gives the same module. Nothing here is for production use.
//
// Start at Module and Seeded. The shape of a module is in module.go, types in
// types.go, bodies in body.go, and the instructions that the table alone does
// not describe in the files named after their class.
package smith

import (
	"context"
	"fmt"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// Config says what kind of modules to make.
type Config struct {
	// Features is the set of proposals that the modules may use.
	Features wasm.Feature
	// Size is roughly the number of instructions of a function, 1 to 10,000;
	// 0 stands for 60.
	Size int
	// Deterministic leaves out relaxed vector instructions, whose results
	// differ between machines.
	Deterministic bool
}

// Module makes a module in binary form out of the fuzzer's bytes. Any bytes
// will do; few of them make a small module.
func Module(entropy []byte, cfg Config) []byte {
	return generate(&source{data: entropy}, cfg)
}

// Seeded makes a module in binary form out of a seed.
func Seeded(seed uint64, cfg Config) []byte {
	return generate(seededSource(seed), cfg)
}

func generate(s *source, cfg Config) []byte {
	if cfg.Size <= 0 {
		cfg.Size = 60
	}
	cfg.Size = min(cfg.Size, 10_000)
	b := &builder{source: s, cfg: cfg, m: &wasm.Module{}}
	b.collectOps()
	b.types()
	// Subtyping is asked of the validator, for the types alone.
	info, err := valid.Module(context.Background(), b.m, valid.Config{Features: cfg.Features, Parallelism: 1})
	if err != nil {
		panic(fmt.Sprintf("smith: invalid types: %v", err)) // a bug here
	}
	b.info = info
	b.parts()
	b.bodies()
	return binary.Encode(b.m)
}

// builder holds the module that is being made.
type builder struct {
	*source
	cfg  Config
	m    *wasm.Module
	info *valid.Info
	ops  [op.ClassAtomic + 1][]*op.Info // what may be generated, by class
	// placed are functions that active segments put into tables.
	placed []placed
	// constTries counts the instructions tried for one constant expression.
	constTries int
}

// placed is a function in a table.
type placed struct {
	table wasm.TableIdx
	at    uint64
	fn    wasm.FuncIdx
}

// has says whether the module may use the proposals in f.
func (b *builder) has(f wasm.Feature) bool { return b.cfg.Features.Has(f) }

// collectOps sorts the table's rows that may be used by class.
func (b *builder) collectOps() {
	rows := op.All()
	for k := range rows {
		r := &rows[k]
		if !b.has(r.Feature) || b.cfg.Deterministic && r.Feature&op.FeatureRelaxedSIMD != 0 {
			continue
		}
		b.ops[r.Class] = append(b.ops[r.Class], r)
	}
}
