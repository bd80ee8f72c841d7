package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	goruntime "runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// The sections whose numbers are those of a process of its own: memory, and
// the compilation of a large module. The runner starts itself again with
// -child, which measures one thing of one engine and prints results.

const (
	sectionLarge = "A large module (a Go program), all of it compiled"
	sectionIdle  = "Memory of idle instances of a small module, each"
)

// children are the measurements by their names on the command line.
var children = map[string]func(e engine, c config) ([]result, error){
	"large": largeModule,
	"idle":  idleInstances,
}

// measureChildren runs every child for every engine, in alternating order.
func measureChildren(r *results, list []engine, c config) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, child := range []string{"large", "idle"} {
		for round := range min(c.rounds, 3) {
			for k := range list {
				if round%2 == 1 {
					k = len(list) - 1 - k
				}
				cmd := exec.Command(self, "-child", child, "-engines", list[k].name(),
					"-scale", strconv.FormatFloat(c.scale, 'g', -1, 64))
				cmd.Stderr = os.Stderr
				out, err := cmd.Output()
				if err != nil {
					return fmt.Errorf("%s: %s: %w", list[k].name(), child, err)
				}
				var got []result
				if err := json.Unmarshal(out, &got); err != nil {
					return fmt.Errorf("%s: %s: %w", list[k].name(), child, err)
				}
				for _, x := range got {
					r.put(x)
				}
			}
		}
		c.progress(child)
	}
	return nil
}

// runChild is the other side of measureChildren.
func runChild(name string, list []engine, c config) error {
	measure, ok := children[name]
	if !ok || len(list) != 1 {
		return fmt.Errorf("no measurement %q for %d engines", name, len(list))
	}
	got, err := measure(list[0], c)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(got)
}

// heap is the size of the live Go heap.
func heap() float64 {
	goruntime.GC()
	goruntime.GC() // what finalizers of the first have let go
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// memoryStatus returns a field of a process's status in bytes: VmRSS or VmHWM,
// which is the greatest VmRSS so far; 0 where there is none.
func memoryStatus(pid int, field string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			kib, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64)
			return kib * 1024
		}
	}
	return 0
}

// rate is millions of bytes per second.
func rate(size float64, took time.Duration) float64 { return size / 1e6 / took.Seconds() }

func largeModule(e engine, _ config) ([]result, error) {
	wasm, err := build(largeSource)
	if err != nil {
		return nil, err
	}
	goruntime.GOMAXPROCS(1) // so that the peak of memory is not one of several processors at work
	rt, err := e.open(options{eager: true})
	if err != nil {
		return nil, err
	}
	defer rt.close()
	heapBefore, rssBefore := heap(), memoryStatus(os.Getpid(), "VmRSS")
	start := now()
	mod, err := rt.compile(wasm)
	took := now() - start
	if err != nil {
		return nil, err
	}
	peak := memoryStatus(os.Getpid(), "VmHWM") - rssBefore
	kept := heap() - heapBefore
	debug.FreeOSMemory()
	rss := memoryStatus(os.Getpid(), "VmRSS") - rssBefore
	size := float64(len(wasm))
	list := []result{
		{sectionLarge, "time", e.name(), unitTime, float64(took)},
		{sectionLarge, "speed", e.name(), unitRate, rate(size, took)},
		{sectionLarge, "Go heap kept", e.name(), unitBytes, kept},
		{sectionLarge, "Go heap kept, per byte of module", e.name(), unitTimes, kept / size},
		{sectionLarge, "resident memory at the peak", e.name(), unitBytes, peak},
		{sectionLarge, "resident memory afterwards", e.name(), unitBytes, rss},
	}
	if m, ok := mod.(interface{ codeBytes() (code, wasm int) }); ok {
		code, bodies := m.codeBytes()
		list = append(list,
			result{sectionLarge, "code, per byte of module", e.name(), unitTimes, float64(code) / size},
			result{sectionLarge, "code, per byte of function bodies", e.name(), unitTimes, float64(code) / float64(bodies)})
	}
	// The same module as an engine compiles it by default: for this
	// repository's, that is to check it and compile functions when called.
	lazy, err := e.open(options{})
	if err != nil {
		return nil, err
	}
	defer lazy.close()
	start = now()
	if _, err := lazy.compile(wasm); err != nil {
		return nil, err
	}
	took = now() - start
	list = append(list,
		result{sectionLarge, "time by default", e.name(), unitTime, float64(took)},
		result{sectionLarge, "speed by default", e.name(), unitRate, rate(size, took)})
	goruntime.KeepAlive(mod)
	return list, mod.close()
}

func idleInstances(e engine, c config) ([]result, error) {
	wasm, err := build(smallSource)
	if err != nil {
		return nil, err
	}
	rt, err := e.open(options{})
	if err != nil {
		return nil, err
	}
	defer rt.close()
	mod, err := rt.compile(wasm)
	if err != nil {
		return nil, err
	}
	make1 := func() (instance, error) {
		inst, err := mod.instantiate()
		if err != nil {
			return nil, err
		}
		add, err := inst.raw("add") // used once, as instances are
		if err != nil {
			return nil, err
		}
		return inst, add([]uint64{1, 2})
	}
	first, err := make1()
	if err != nil {
		return nil, err
	}
	n := c.count(2000)
	list := make([]instance, n)
	heapBefore, rssBefore := heap(), memoryStatus(os.Getpid(), "VmRSS")
	for i := range list {
		if list[i], err = make1(); err != nil {
			return nil, err
		}
	}
	kept := (heap() - heapBefore) / float64(n)
	debug.FreeOSMemory()
	rss := (memoryStatus(os.Getpid(), "VmRSS") - rssBefore) / float64(n)
	for _, inst := range append(list, first) {
		if err := inst.close(); err != nil {
			return nil, err
		}
	}
	return []result{
		{sectionIdle, "Go heap", e.name(), unitBytes, kept},
		{sectionIdle, "resident memory", e.name(), unitBytes, rss},
	}, mod.close()
}
