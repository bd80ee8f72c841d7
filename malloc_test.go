package wamr_test

import (
	"testing"

	"github.com/wamr-go/wamr"
)

const counters = `(memory (export "memory") 1)
	(global $next (export "next") (mut i32) (i32.const 1024))
	(global $freed (export "freed") (mut i32) (i32.const 0))
	(global $pinned (export "pinned") (mut i32) (i32.const 0))
	(func $bump (param i32) (result i32)
		(if (i32.gt_u (local.get 0) (i32.const 60000)) (then (return (i32.const 0))))
		(global.get $next) (global.set $next (i32.add (global.get $next) (local.get 0))))`

func TestMallocGuest(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{AppHeap: 1 << 16}, `(module `+counters+`
		(func (export "malloc") (param i32) (result i32) (call $bump (local.get 0)))
		(func (export "free") (param i32) (global.set $freed (local.get 0))))`)
	a, err := inst.Malloc(bg, 100)
	noError(t, err)
	b, err := inst.Malloc(bg, 100)
	noError(t, err)
	equal(t, "addresses", [2]uint64{a, b}, [2]uint64{1024, 1124})
	noError(t, inst.Free(bg, a))
	equal(t, "freed", inst.Global("freed").Get().I32(), 1024)
	noError(t, inst.Free(bg, 0))
	equal(t, "freed by freeing 0", inst.Global("freed").Get().I32(), 1024)
	for _, n := range []uint64{60001, 1 << 32, 1<<32 + 1, 1 << 63} {
		_, err = inst.Malloc(bg, n)
		wantError(t, err, "out of memory")
	}
	equal(t, "no app heap is made", inst.Memory("memory").Pages(), 1)
}

func TestMallocAssemblyScript(t *testing.T) {
	inst := instantiate(t, nil, wamr.Limits{}, `(module `+counters+`
		(func (export "__new") (param i32 i32) (result i32) (call $bump (local.get 0)))
		(func (export "__pin") (param i32) (result i32) (global.set $pinned (local.get 0)) (local.get 0))
		(func (export "__unpin") (param i32) (global.set $freed (local.get 0))))`)
	a, err := inst.Malloc(bg, 100)
	noError(t, err)
	equal(t, "pinned", uint64(inst.Global("pinned").Get().I32()), a)
	noError(t, inst.Free(bg, a))
	equal(t, "unpinned", uint64(inst.Global("freed").Get().I32()), a)
	_, err = inst.Malloc(bg, 60001)
	wantError(t, err, "out of memory")
}

func TestMallocAppHeap(t *testing.T) {
	for _, src := range []string{
		`(module (memory (export "memory") 1 10))`,
		`(module (memory 0 10))`,
		// Exports that only look like an allocator.
		`(module (memory (export "memory") 1 10) (func (export "malloc") (param i64) (result i32) unreachable) (func (export "free") (param i32) unreachable))`,
	} {
		inst := instantiate(t, nil, wamr.Limits{AppHeap: 1000}, src)
		m := inst.DefaultMemory()
		start := m.Size()
		a, err := inst.Malloc(bg, 100)
		noError(t, err)
		if a == 0 || a < start || a+100 > m.Size() || m.Size() != start+1<<16 {
			t.Errorf("block at %#x, memory from %#x to %#x", a, start, m.Size())
		}
		b, err := inst.Malloc(bg, 100)
		noError(t, err)
		if b < a+100 && a < b+100 {
			t.Errorf("blocks at %#x and %#x overlap", a, b)
		}
		_, err = inst.Malloc(bg, 1000)
		wantError(t, err, "out of memory")
		wantError(t, inst.Free(bg, a+1), "no block")
		noError(t, inst.Free(bg, a))
		wantError(t, inst.Free(bg, a), "no block")
		noError(t, inst.Free(bg, b))
		_, err = inst.Malloc(bg, 900)
		noError(t, err)
	}
}

func TestMallocFails(t *testing.T) {
	for _, c := range []struct {
		src    string
		limits wamr.Limits
		want   string
	}{
		{`(module (memory 1))`, wamr.Limits{}, "AppHeap is 0"},
		{`(module)`, wamr.Limits{AppHeap: 1}, "no memory"},
		{`(module (memory 1 1))`, wamr.Limits{AppHeap: 1}, "can't grow"},
		{`(module (memory 1))`, wamr.Limits{AppHeap: 1<<64 - 1}, "can't grow"},
		{`(module (memory 1))`, wamr.Limits{AppHeap: 1, Memory: 1 << 16}, "can't grow"},
		{`(module (memory 1) (func (export "malloc") (param i32) (result i32) unreachable) (func (export "free") (param i32)))`, wamr.Limits{}, "unreachable"},
	} {
		_, err := instantiate(t, nil, c.limits, c.src).Malloc(bg, 1)
		wantError(t, err, c.want)
	}
}
