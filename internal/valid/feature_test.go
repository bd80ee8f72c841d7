package valid_test

import (
	"context"
	"testing"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// TestFeatures has for each proposal modules that are valid with it, need it,
// and without it are refused with an error that names it or what it brought.
func TestFeatures(t *testing.T) {
	for _, c := range []struct {
		feature   wasm.Feature
		src, want string
	}{
		{op.FeatureMutableGlobal, `(import "" "" (global (mut i32)))`, "mutable globals cannot be imported or exported"},
		{op.FeatureMutableGlobal, `(global (export "") (mut i32) (i32.const 0))`, "mutable globals cannot be imported or exported"},
		{op.FeatureSignExt, `(func (drop (i32.extend8_s (i32.const 0))))`, "illegal opcode"},
		{op.FeatureSatFloatToInt, `(func (drop (i32.trunc_sat_f32_s (f32.const 0))))`, "illegal opcode"},
		{op.FeatureMultiValue, `(type (func (result i32 i32)))`, "invalid result arity"},
		{op.FeatureMultiValue, `(type (func (param i32))) (func i32.const 0 block (type 0) drop end)`, "malformed block type"},
		{op.FeatureReferenceTypes, `(table 1 externref)`, "type externref needs a proposal that is off: reference-types"},
		{op.FeatureReferenceTypes, `(table 1 funcref) (table 1 funcref)`, "multiple tables"},
		{op.FeatureReferenceTypes, `(func (local funcref))`, "type funcref needs"},
		{op.FeatureReferenceTypes, `(type (func (param funcref)))`, "type funcref needs"},
		{op.FeatureReferenceTypes, `(func (block (result funcref) unreachable) unreachable)`, "malformed block type"},
		{op.FeatureBulkMemory, `(data "")`, "a data segment that is not active needs"},
		{op.FeatureBulkMemory, `(elem func)`, "an element segment that is not active needs"},
		{op.FeatureBulkMemory, `(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))`, "illegal opcode"},
		{op.FeatureSIMD, `(global v128 (v128.const i32x4 0 0 0 0))`, "type v128 needs"},
		{op.FeatureSIMD, `(func (local v128))`, "type v128 needs"},
		{op.FeatureTailCall, `(func $f return_call $f)`, "illegal opcode"},
		{op.FeatureExtendedConst, `(global i32 (i32.add (i32.const 1) (i32.const 2)))`, "constant expression required"},
		{op.FeatureFunctionReferences, `(type (func)) (func (local (ref null 0)))`, "type (ref null 0) needs"},
		{op.FeatureFunctionReferences, `(table 1 funcref (ref.null func))`, "a table with an initializer needs"},
		{op.FeatureFunctionReferences, `(func (local (ref extern)))`, "type (ref extern) needs"},
		{op.FeatureGC, `(type (struct))`, "a struct or array type needs"},
		{op.FeatureGC, `(type (array i8))`, "a struct or array type needs"},
		{op.FeatureGC, `(type (sub (func)))`, "subtyping of types needs"},
		{op.FeatureGC, `(rec (type (func)) (type (func)))`, "a recursive type needs"},
		{op.FeatureGC, `(func (local anyref))`, "type anyref needs"},
		{op.FeatureGC, `(func (drop (ref.null none)))`, "malformed heap type"},
		{op.FeatureGC, `(global i32 (i32.const 0)) (global i32 (global.get 0))`, "unknown global 0"},
		{op.FeatureExceptions, `(func (local exnref))`, "type exnref needs"},
		{op.FeatureExceptions, `(func try_table end)`, "illegal opcode: try_table needs"},
		{op.FeatureMemory64, `(memory i64 1)`, "a memory indexed by i64 needs"},
		{op.FeatureMemory64, `(table i64 1 funcref)`, "a table indexed by i64 needs"},
		{op.FeatureMultiMemory, `(memory 1) (memory 1)`, "multiple memories"},
		{op.FeatureThreads, `(memory 1 1 shared)`, "a shared memory needs"},
		{op.FeatureLegacyExceptions, `(func try catch_all end)`, "illegal opcode"},
		{op.FeatureCustomPageSizes, `(memory 1 (pagesize 1))`, "a page size needs"},
		{op.FeatureCustomPageSizes, `(memory 1 (pagesize 65536))`, "a page size needs"},
		{op.FeatureWideArithmetic, `(func (i64.mul_wide_s (i64.const 0) (i64.const 0)) drop drop)`, "illegal opcode"},
	} {
		m := parse(t, `(module `+c.src+`)`)
		info, err := valid.Module(context.Background(), m, valid.Config{Features: op.FeaturesAll})
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		if !info.Needed.Has(c.feature) {
			t.Errorf("%s: needs %v, want also %v", c.src, info.Needed, c.feature)
		}
		wantError(t, c.src, check(m, op.FeaturesAll&^c.feature), c.want)
		wantError(t, c.src, check(m, info.Needed), "")
	}
}

// TestLegacyExceptionsAlone checks that throw and tags come with either of the
// proposals, and the others only with their own.
func TestLegacyExceptionsAlone(t *testing.T) {
	const features = op.FeatureLegacyExceptions
	for _, c := range []struct{ src, want string }{
		{`(tag) (func try throw 0 catch 0 rethrow 0 catch_all end)`, ""},
		{`(func try_table end)`, "illegal opcode: try_table needs"},
		{`(func unreachable throw_ref)`, "illegal opcode: throw_ref needs"},
	} {
		wantError(t, c.src, check(parse(t, `(module `+c.src+`)`), features), c.want)
	}
	wantError(t, "tag", check(parse(t, `(module (tag))`), 0), "a tag needs a proposal that is off: exceptions")
}

// TestOldModules checks that modules of WebAssembly 1.0 need nothing.
func TestOldModules(t *testing.T) {
	m := parse(t, `(module
		(type $t (func (param i32) (result i32)))
		(import "m" "g" (global $g i32)) (import "m" "f" (func $f (type $t)))
		(memory 1) (table 2 funcref) (global $v (mut i64) (i64.const 1)) (global f32 (f32.const 1))
		(elem (global.get $g) $f $h) (data (i32.const 8) "x")
		(func $h (type $t) (local f64)
			block (result i32)
				local.get 0 i32.load8_s offset=8
				local.get 0 br_if 0
				i32.const 0 call_indirect (type $t)
				memory.grow
			end
			call $f)
		(func $s) (start $s) (export "h" (func $h)) (export "m" (memory 0)))`)
	m.HasDataCount = false // the text format has it whether it is needed or not
	info, err := valid.Module(context.Background(), m, valid.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if info.Needed != 0 {
		t.Errorf("needs %v", info.Needed)
	}
}
