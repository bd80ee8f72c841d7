package smith

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/binary"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// check decodes and validates a generated module.
func check(t *testing.T, b []byte, features wasm.Feature) *wasm.Module {
	t.Helper()
	m, err := binary.Decode(b, features)
	if err == nil {
		_, err = valid.Module(context.Background(), m, valid.Config{Features: features, Parallelism: 1})
	}
	if err != nil {
		t.Fatalf("%v\n%x", err, b)
	}
	return m
}

// TestValid generates many modules, all of which must be valid and which
// together must have every instruction of the table.
func TestValid(t *testing.T) {
	n := uint64(20_000)
	if testing.Short() {
		n = 2_000
	}
	var seen [op.NumCodes]int
	size := 0
	for seed := range n {
		b := Seeded(seed, Config{Features: op.FeaturesAll})
		size += len(b)
		if t.Failed() {
			return
		}
		m := check(t, b, op.FeaturesAll)
		for k := range m.Code {
			count(t, &seen, m.Code[k].Body)
		}
	}
	t.Logf("%d modules of %d bytes on average", n, size/int(n))
	var missing []string
	for _, r := range op.All() {
		if seen[r.Code] == 0 {
			missing = append(missing, r.Name)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d instructions are never generated: %s", len(missing), strings.Join(missing, ", "))
	}
}

// count counts the instructions of a body by opcode.
func count(t *testing.T, seen *[op.NumCodes]int, body []byte) {
	t.Helper()
	r := instr.Reader{Features: op.FeaturesAll}
	r.Reset(body, 0)
	var in instr.Instr
	for r.Len() > 0 && r.Instr(&in) {
		seen[in.Op]++
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestDeterministic checks that the same entropy gives the same module.
func TestDeterministic(t *testing.T) {
	cfg := Config{Features: op.FeaturesAll, Size: 200}
	distinct := make(map[string]bool)
	for seed := range uint64(50) {
		b := Seeded(seed, cfg)
		if !bytes.Equal(b, Seeded(seed, cfg)) {
			t.Errorf("seed %d gives different modules", seed)
		}
		distinct[string(b)] = true
	}
	if len(distinct) < 50 {
		t.Errorf("50 seeds give %d modules", len(distinct))
	}
}

// TestEntropy makes modules from bytes, none and any.
func TestEntropy(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 2_000 {
		entropy := make([]byte, n)
		for k := range entropy {
			entropy[k] = byte(rng.Uint32())
		}
		cfg := Config{Features: op.FeaturesAll}
		b := Module(entropy, cfg)
		check(t, b, op.FeaturesAll)
		if !bytes.Equal(b, Module(entropy, cfg)) {
			t.Errorf("%d bytes give different modules", n)
		}
	}
	for _, c := range []byte{0, 1, 0x7F, 0xFF} {
		check(t, Module(bytes.Repeat([]byte{c}, 4096), Config{Features: op.FeaturesAll, Size: 500}), op.FeaturesAll)
	}
}

// TestFeatures checks that a module uses no proposal that is switched off.
func TestFeatures(t *testing.T) {
	sets := []wasm.Feature{op.Features1_0, op.Features2_0, op.Features3_0}
	// Proposals that others are built on can't be switched off alone.
	for _, name := range op.FeaturesAll.Names() {
		f, _ := op.ParseFeature(name)
		without := op.FeaturesAll &^ f
		switch f {
		case op.FeatureReferenceTypes, op.FeatureFunctionReferences:
			without &^= op.FeatureFunctionReferences | op.FeatureGC | op.FeatureExceptions
		case op.FeatureSIMD:
			without &^= op.FeatureRelaxedSIMD
		case op.FeatureBulkMemory:
			without &^= op.FeatureReferenceTypes | op.FeatureFunctionReferences | op.FeatureGC | op.FeatureExceptions
		}
		sets = append(sets, without)
	}
	for _, features := range sets {
		for seed := range uint64(150) {
			check(t, Seeded(seed, Config{Features: features}), features)
			if t.Failed() {
				t.Fatalf("with %v", features)
			}
		}
	}
	for seed := range uint64(300) {
		m := check(t, Seeded(seed, Config{Features: op.FeaturesAll, Deterministic: true}), op.FeaturesAll)
		var seen [op.NumCodes]int
		for k := range m.Code {
			count(t, &seen, m.Code[k].Body)
		}
		for code, n := range seen {
			if n > 0 && op.Lookup(op.Opcode(code)).Feature&op.FeatureRelaxedSIMD != 0 {
				t.Fatalf("seed %d has %v", seed, op.Opcode(code))
			}
		}
	}
}

// TestSize checks that modules keep to the size that is asked for, within
// reason.
func TestSize(t *testing.T) {
	for _, size := range []int{1, 10, 100, 1000} {
		total := 0
		for seed := range uint64(100) {
			total += len(Seeded(seed, Config{Features: op.FeaturesAll, Size: size}))
		}
		if most := 100 * (4000 + 60*size); total > most {
			t.Errorf("size %d: 100 modules have %d bytes, more than %d", size, total, most)
		}
	}
}
