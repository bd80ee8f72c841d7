package interp

import (
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// Options say how a module is compiled.
type Options struct {
	// Metered makes the code count what it executes (see charge) and how
	// deep calls are nested, and observe vm.Limits.Fuel and CallDepth.
	Metered bool
	// Eager compiles all functions at once instead of each at its first call,
	// on Parallelism goroutines; 0 stands for runtime.GOMAXPROCS(0).
	Eager       bool
	Parallelism int
}

// ModuleCode is the register code of a module. Functions are compiled at their
// first call. It is safe for concurrent use, and shared by all instances.
type ModuleCode struct {
	m       *vm.Module
	info    *valid.Info
	metered bool

	// entries are the addresses of the functions' code, by function index; of
	// those that are not compiled yet, of their word in stubs, whose
	// instruction leaves to the driver. They are published atomically.
	entries []unsafe.Pointer
	stubs   []uint64

	mu     sync.Mutex // guards what follows
	funcs  []*funcCode
	chunks []chunk
	size   int // bytes of code
	// apart keeps instructions from being fused, for tests.
	apart bool
}

// funcCode is a compiled function.
type funcCode struct {
	index   uint32 // in wasm.Module.Code
	record  uint32 // slot of the record
	code    []uint64
	regions []region
	catches []catch
}

// chunk is memory for code. Functions are put into it one after the other.
type chunk struct {
	words []uint64
	used  int
	funcs []*funcCode // in the order of their addresses
}

// Chunks begin small, for small modules, and grow with the module's code.
const (
	minChunk = 256     // words
	maxChunk = 1 << 16 // words, but for a function that needs more
)

// Compile prepares a module for the interpreter and sets its Code. It fails
// with a *wasm.LimitError if a function has more operands than a frame can
// hold, which is the only limit of this engine.
func Compile(m *vm.Module, info *valid.Info, opts Options) (*ModuleCode, error) {
	n := len(m.Module.Code)
	imports := m.ImportCount(wasm.ExternFunc)
	mc := &ModuleCode{m: m, info: info, metered: opts.Metered}
	mc.entries = make([]unsafe.Pointer, imports+n)
	mc.stubs = make([]uint64, n)
	mc.funcs = make([]*funcCode, n)
	for i := range n {
		mc.stubs[i] = packWide(opCompile, 0, uint32(i))
		mc.entries[imports+i] = unsafe.Pointer(&mc.stubs[i])
	}
	if err := mc.checkFrames(); err != nil {
		return nil, err
	}
	if opts.Eager {
		if err := mc.compileAll(opts.Parallelism); err != nil {
			return nil, err
		}
	}
	m.Code = mc
	return mc, nil
}

// checkFrames compiles the functions whose length alone does not show that
// their operands fit into a frame.
func (mc *ModuleCode) checkFrames() error {
	most := uint32(1) // slots that one byte of code can push
	for i := range mc.m.Types {
		if t := &mc.m.Types[i]; t.Kind == wasm.KindFunc {
			most = max(most, slotsOf(t.Func.Results))
		}
	}
	imports := mc.m.ImportCount(wasm.ExternFunc)
	for i := range mc.m.Module.Code {
		code := &mc.m.Module.Code[i]
		ft := mc.m.FuncType(wasm.FuncIdx(imports + i))
		n := uint64(slotsOf(ft.Params)) + uint64(slotsOf(ft.Results)) + recordSlots
		for _, run := range code.Locals {
			n += uint64(run.Count) * uint64(run.Type.Slots())
		}
		if n+uint64(len(code.Body))*uint64(most) > maxSlot {
			if _, err := mc.function(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// compilers keep their buffers from one module to the next.
var compilers = sync.Pool{New: func() any { return new(compiler) }}

// newCompiler returns a compiler for the module; put it back into compilers.
func (mc *ModuleCode) newCompiler() *compiler {
	c := compilers.Get().(*compiler)
	c.m, c.metered, c.record1, c.apart = mc.m, mc.metered, false, mc.apart
	c.walk = valid.NewFunc(mc.info)
	return c
}

func (c *compiler) release() {
	c.m, c.walk, c.ft = nil, nil, nil
	clear(c.frames[:cap(c.frames)])
	compilers.Put(c)
}

// compileAll compiles all functions.
func (mc *ModuleCode) compileAll(parallelism int) error {
	if parallelism <= 0 {
		parallelism = runtime.GOMAXPROCS(0)
	}
	parallelism = min(parallelism, len(mc.m.Module.Code))
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, parallelism)
	for w := range parallelism {
		wg.Go(func() {
			c := mc.newCompiler()
			defer c.release()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(mc.m.Module.Code) {
					return
				}
				if errs[w] = c.compile(i); errs[w] != nil {
					return
				}
				mc.mu.Lock()
				if mc.funcs[i] == nil {
					mc.publish(i, c)
				}
				mc.mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// function returns the code of function i of the module's own, compiled if
// need be.
func (mc *ModuleCode) function(i int) (*funcCode, error) {
	mc.mu.Lock()
	defer mc.mu.Unlock()
	if f := mc.funcs[i]; f != nil {
		return f, nil
	}
	c := mc.newCompiler()
	defer c.release()
	if err := c.compile(i); err != nil {
		return nil, err
	}
	return mc.publish(i, c), nil
}

// publish copies what c has compiled and makes it function i. The lock is held.
func (mc *ModuleCode) publish(i int, c *compiler) *funcCode {
	code, shift := c.finish()
	f := &funcCode{index: uint32(i), record: c.record}
	if len(c.regions) > 0 {
		f.regions = append(f.regions, c.regions...)
		f.catches = append(f.catches, c.catches...)
		for j := range f.regions {
			f.regions[j].start -= shift
			f.regions[j].end -= shift
		}
		for j := range f.catches {
			f.catches[j].target -= shift
		}
	}
	f.code = mc.room(len(code), f)
	copy(f.code, code)
	mc.size += 8 * len(code)
	mc.funcs[i] = f
	atomic.StorePointer(&mc.entries[mc.m.ImportCount(wasm.ExternFunc)+i], unsafe.Pointer(&f.code[0]))
	return f
}

// room returns memory for n words of f's code.
func (mc *ModuleCode) room(n int, f *funcCode) []uint64 {
	k := len(mc.chunks) - 1
	if k < 0 || len(mc.chunks[k].words)-mc.chunks[k].used < n {
		size := min(max(minChunk, mc.size/8/4), maxChunk)
		mc.chunks = append(mc.chunks, chunk{words: make([]uint64, max(n, size))})
		k++
	}
	ch := &mc.chunks[k]
	s := ch.words[ch.used : ch.used+n : ch.used+n]
	ch.used += n
	ch.funcs = append(ch.funcs, f)
	return s
}

// find returns the function whose code contains the address, and the position
// in it; nil if there is none.
func (mc *ModuleCode) find(pc unsafe.Pointer) (*funcCode, uint32) {
	mc.mu.Lock()
	defer mc.mu.Unlock()
	at := uintptr(pc)
	for k := range mc.chunks {
		ch := &mc.chunks[k]
		start := uintptr(unsafe.Pointer(&ch.words[0]))
		if at < start || at >= start+uintptr(ch.used)*8 {
			continue
		}
		n := sort.Search(len(ch.funcs), func(i int) bool { return uintptr(unsafe.Pointer(&ch.funcs[i].code[0])) > at })
		f := ch.funcs[n-1]
		return f, uint32((at - uintptr(unsafe.Pointer(&f.code[0]))) / 8)
	}
	return nil, 0
}

// Stats describes the code of a module.
type Stats struct {
	Functions int // compiled so far
	CodeBytes int // of their code
}

// Stats returns statistics. It may be called at any time.
func (mc *ModuleCode) Stats() Stats {
	mc.mu.Lock()
	defer mc.mu.Unlock()
	s := Stats{CodeBytes: mc.size}
	for i := range mc.chunks {
		s.Functions += len(mc.chunks[i].funcs)
	}
	return s
}
