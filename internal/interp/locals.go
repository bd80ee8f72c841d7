package interp

import (
	"sort"

	"github.com/wamr-go/wamr/internal/wasm"
)

// locals keeps what the compiler knows of a function's parameters and locals.
// What a function costs does not depend on how many it declares, only on its
// code and the number of runs in which it declares them: a few bytes can
// declare fifty thousand, in each of many functions.
type locals struct {
	runs  []localRun
	total uint32       // parameters and locals
	set   []uint32     // those that are set, in no order
	state []localState // by local; up to date if age is the current one
	age   uint32
}

// localRun is a run of locals of one width.
type localRun struct {
	first uint32 // local
	slot  uint32 // of the first
	width uint32 // slots of each
}

// localState is what changes for a local while a function is compiled.
type localState struct {
	age     uint32
	slot    uint32
	aliases uint16 // operands that stand for it
	set     bool   // by code so far
}

// begin lays out the parameters of a function and returns the slot after them.
func (l *locals) begin(params []wasm.ValType) uint32 {
	l.runs, l.set, l.total = l.runs[:0], l.set[:0], 0
	if l.age++; l.age == 0 { // wrapped around
		clear(l.state[:cap(l.state)])
		l.age = 1
	}
	slot := uint32(0)
	for _, t := range params {
		slot = l.add(slot, 1, uint32(t.Slots()))
	}
	l.grow()
	return slot
}

// declare lays out the declared locals from slot on and returns the slot after
// them.
func (l *locals) declare(slot uint32, declared []wasm.Locals) uint32 {
	l.runs = append(l.runs, localRun{l.total, slot, 1}) // they don't follow the parameters
	for _, r := range declared {
		slot = l.add(slot, r.Count, uint32(r.Type.Slots()))
	}
	l.grow()
	return slot
}

// add appends n locals.
func (l *locals) add(slot, n, width uint32) uint32 {
	if k := len(l.runs) - 1; k >= 0 && l.runs[k].first == l.total {
		l.runs[k].width = width // an empty run
	} else if k < 0 || l.runs[k].width != width {
		l.runs = append(l.runs, localRun{l.total, slot, width})
	}
	l.total += n
	return slot + n*width
}

// grow makes room for the states of all locals. Old ones need not be cleared.
func (l *locals) grow() {
	if int(l.total) > cap(l.state) {
		l.state = make([]localState, l.total+l.total/2)
	}
	l.state = l.state[:cap(l.state)]
}

// slot returns the first slot of local x.
func (l *locals) slot(x uint32) uint32 {
	k := len(l.runs) - 1
	if k > 8 {
		k = sort.Search(len(l.runs), func(k int) bool { return l.runs[k].first > x }) - 1
	}
	for l.runs[k].first > x {
		k--
	}
	r := &l.runs[k]
	return r.slot + (x-r.first)*r.width
}

// at returns the state of local x, which must exist.
func (l *locals) at(x uint32) *localState {
	s := &l.state[x]
	if s.age != l.age {
		*s = localState{age: l.age, slot: l.slot(x)}
	}
	return s
}
