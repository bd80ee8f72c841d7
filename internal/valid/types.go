package valid

import (
	"fmt"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/canon"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// valTypeNeeds returns the proposals that brought a value or storage type.
func valTypeNeeds(t wasm.ValType) wasm.Feature {
	switch {
	case t == wasm.V128:
		return op.FeatureSIMD
	case t.IsPacked():
		return op.FeatureGC
	case !t.IsRef():
		return 0
	}
	f := heapTypeNeeds(t.Heap())
	if !t.Nullable() {
		f |= op.FeatureFunctionReferences
	}
	return f
}

func heapTypeNeeds(h wasm.HeapType) wasm.Feature {
	if _, ok := h.Concrete(); ok {
		return op.FeatureFunctionReferences
	}
	switch h {
	case wasm.HeapFunc, wasm.HeapExtern:
		return op.FeatureReferenceTypes
	case wasm.HeapExn, wasm.HeapNoExn:
		return op.FeatureExceptions
	}
	return op.FeatureGC
}

// valType checks that a value or storage type is allowed and names a type
// below limit.
func (c *checker) valType(t wasm.ValType, limit uint32) error {
	if t.IsRef() {
		if x, ok := t.Heap().Concrete(); ok && uint32(x) >= limit {
			return c.fail(unknown("type", uint32(x)))
		}
	} else if t != wasm.V128 { // the usual case
		return nil
	}
	fs := valTypeNeeds(t)
	c.needed |= fs
	if fs&^c.info.Features == 0 {
		return nil
	}
	return c.need(fs, "type "+t.String())
}

// types checks the type section and canonicalizes it, group by group. A type
// may refer to those of its own group and of earlier ones.
func (c *checker) types() error {
	m, i := c.info.Module, c.info
	i.Canon = make([]wasm.TypeIdx, len(m.Types))
	i.super = make([]wasm.TypeIdx, len(m.Types))
	i.depth = make([]uint8, len(m.Types))
	i.noDefault = make([]int16, len(m.Types))

	byKey := make(map[string]uint32)
	var key []byte
	identity := func(x wasm.TypeIdx) uint32 { return uint32(i.Canon[x]) }
	next := uint32(0)
	for _, g := range m.RecGroups {
		if g.Start != next || uint64(g.Start)+uint64(g.Len) > uint64(len(m.Types)) {
			return c.fail("malformed recursive type: groups do not partition the types")
		}
		next = g.Start + g.Len
		if g.Explicit {
			if err := c.need(op.FeatureGC, "a recursive type"); err != nil {
				return err
			}
		}
		for x := g.Start; x < next; x++ {
			if err := c.subTypeRefs(x, next); err != nil {
				return err
			}
		}

		key = canon.AppendKey(key[:0], m, g, identity)
		first, ok := byKey[string(key)]
		if !ok {
			first = g.Start
			byKey[string(key)] = first
		}
		for k := range g.Len {
			i.Canon[g.Start+k] = wasm.TypeIdx(first + k)
		}

		// A type may match its supertype only by what the group declares
		// about others of its types, so all declarations come first.
		for x := g.Start; x < next; x++ {
			if err := c.declareSuper(x); err != nil {
				return err
			}
		}
		for x := g.Start; x < next; x++ {
			if err := c.matchSuper(x); err != nil {
				return err
			}
		}
		if err := c.cancelled(int(g.Len)); err != nil {
			return err
		}
	}
	if int(next) != len(m.Types) {
		return c.fail("malformed recursive type: groups do not partition the types")
	}
	return nil
}

// subTypeRefs checks all of type x that does not need other types to be known;
// its group ends before end.
func (c *checker) subTypeRefs(x, end uint32) error {
	t := &c.info.Module.Types[x]
	if len(t.Supers) > 0 || !t.Final {
		if err := c.need(op.FeatureGC, "subtyping of types"); err != nil {
			return err
		}
	}
	if len(t.Supers) > 1 {
		return c.fail(fmt.Sprintf("sub type %d has more than one super type", x))
	}
	for _, s := range t.Supers {
		if uint32(s) >= x {
			return c.fail(unknown("type", uint32(s)))
		}
	}
	if t.Kind == wasm.KindFunc {
		return c.funcType(&t.Func, end)
	}
	if err := c.need(op.FeatureGC, "a struct or array type"); err != nil {
		return err
	}
	if n := len(t.Fields); n > wasm.MaxStructFields {
		return &wasm.LimitError{Name: "struct fields", Have: uint64(n), Max: wasm.MaxStructFields}
	}
	if t.Kind == wasm.KindArray && len(t.Fields) != 1 {
		return c.fail("malformed definition type: an array type has one element type")
	}
	first := -1
	for k, f := range t.Fields {
		if err := c.valType(f.Type, end); err != nil {
			return err
		}
		if first < 0 && !f.Type.Defaultable() {
			first = k
		}
	}
	c.info.noDefault[x] = int16(first) // at most MaxStructFields
	return nil
}

func (c *checker) funcType(t *wasm.FuncType, end uint32) error {
	if n := len(t.Params); n > wasm.MaxParams {
		return &wasm.LimitError{Name: "parameters", Have: uint64(n), Max: wasm.MaxParams}
	}
	if n := len(t.Results); n > wasm.MaxResults {
		return &wasm.LimitError{Name: "results", Have: uint64(n), Max: wasm.MaxResults}
	}
	if len(t.Results) > 1 {
		if err := c.need(op.FeatureMultiValue, msgArity+": more than one result"); err != nil {
			return err
		}
	}
	for _, p := range t.Params {
		if err := c.valType(p, end); err != nil {
			return err
		}
	}
	for _, r := range t.Results {
		if err := c.valType(r, end); err != nil {
			return err
		}
	}
	return nil
}

// declareSuper records the declared supertype of type x.
func (c *checker) declareSuper(x uint32) error {
	i := c.info
	t := &i.Module.Types[x]
	if len(t.Supers) == 0 {
		return nil
	}
	s := t.Supers[0]
	d := uint64(i.depth[s]) + 1
	if d > wasm.MaxSubtypeDepth {
		return &wasm.LimitError{Name: "subtype depth", Have: d, Max: wasm.MaxSubtypeDepth}
	}
	i.super[x] = i.Canon[s]
	i.depth[x] = uint8(d)
	return nil
}

// matchSuper checks that type x matches its declared supertype.
func (c *checker) matchSuper(x uint32) error {
	t := &c.info.Module.Types[x]
	if len(t.Supers) == 0 {
		return nil
	}
	super := &c.info.Module.Types[t.Supers[0]]
	if super.Final || !c.info.compSubtype(t, super) {
		return c.fail(fmt.Sprintf("sub type %d does not match super type %d", x, t.Supers[0]))
	}
	return nil
}

// funcTypeAt returns the function type with index x.
func (i *Info) funcTypeAt(x uint32) (*wasm.FuncType, string) {
	if uint64(x) >= uint64(len(i.Module.Types)) {
		return nil, unknown("type", x)
	}
	t := &i.Module.Types[x]
	if t.Kind != wasm.KindFunc {
		return nil, fmt.Sprintf("%s: type %d is not a function type", msgTypeMismatch, x)
	}
	return &t.Func, ""
}
