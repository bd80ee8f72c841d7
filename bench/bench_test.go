package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

// skipWithoutClang skips a test that needs programs in C where they can't be
// built; not so in continuous integration.
func skipWithoutClang(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, errNoClang) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
}

// TestEnginesAgree runs every program on every engine with little work;
// compare fails where checksums differ.
func TestEnginesAgree(t *testing.T) {
	for i := range programs {
		p := &programs[i]
		t.Run(p.name, func(t *testing.T) {
			runs := 0
			err := compare(engines, p, 3, 2, func(engine, time.Duration) { runs++ })
			skipWithoutClang(t, err)
			if err != nil {
				t.Fatal(err)
			}
			if want := 2 * len(engines); runs != want {
				t.Errorf("%d runs, want %d", runs, want)
			}
		})
	}
}

// TestChecksumsDependOnWork makes sure that a program does what its argument
// says, so that no engine can be fast by doing nothing.
func TestChecksumsDependOnWork(t *testing.T) {
	for i := range programs {
		p := &programs[i]
		wasm, err := build(p.source)
		skipWithoutClang(t, err)
		if err != nil {
			t.Fatal(err)
		}
		sums := make(map[string]int)
		for _, n := range []int{4, 7} {
			x, err := prepare(engines[0], p, wasm)
			if err != nil {
				t.Fatal(err)
			}
			sum, err := x.once(p, n)
			x.close()
			if err != nil {
				t.Fatalf("%s: %v", p.name, err)
			}
			if m, ok := sums[sum]; ok {
				t.Errorf("%s: the checksum of %d is that of %d", p.name, n, m)
			}
			sums[sum] = n
		}
	}
}

func TestSections(t *testing.T) {
	c := config{rounds: 2, scale: 0.01, quiet: true}
	var r results
	for _, measure := range []func(*results, []engine, config) error{measureCalls, measureInstances} {
		if err := measure(&r, engines, c); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct{ section, name, unit string }{
		{sectionCalls, "export () -> (), slots", unitTime},
		{sectionCalls, "host function () -> ()", unitTime},
		{sectionInstances, rowSmall, unitTime},
		{sectionInstances, rowData, unitTime},
		{sectionInstances, rowFromWasm, unitAllocs},
	} {
		for _, e := range engines {
			if _, ok := r.get(row.section, row.name, e.name(), row.unit); !ok {
				t.Errorf("no result for %s of %s", row.name, e.name())
			}
		}
	}
	// The bars on allocations, which don't depend on the machine.
	for _, row := range []string{"export () -> (), slots", "host function () -> ()", "host function (i32 i32) -> i32", "the same, typed"} {
		if n, _ := r.get(sectionCalls, row, engines[0].name(), unitAllocs); n != 0 {
			t.Errorf("%s allocates %v times", row, n)
		}
	}
}

func TestMeasurementsOfAProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a large module")
	}
	for name, measure := range children {
		for _, e := range engines {
			got, err := measure(e, config{scale: 0.02})
			if err != nil {
				t.Fatalf("%s of %s: %v", name, e.name(), err)
			}
			if len(got) == 0 {
				t.Errorf("%s of %s gives nothing", name, e.name())
			}
			for _, x := range got {
				if x.Engine != e.name() || x.Section == "" || x.Row == "" {
					t.Errorf("%s: %+v", name, x)
				}
			}
		}
	}
}

func TestResults(t *testing.T) {
	var r results
	a, b := engines[0], engines[1]
	for _, x := range []struct {
		row   string
		e     engine
		value float64
	}{{"x", a, 30}, {"x", a, 10}, {"x", a, 20}, {"x", b, 40}, {"y", a, 2}, {"y", b, 18}, {"z", b, 5}} {
		r.add("s", x.row, x.e, unitTime, x.value)
	}
	if v, _ := r.get("s", "x", a.name(), unitTime); v != 10 {
		t.Errorf("the least of 30, 10, 20 is %v", v)
	}
	ratios := r.ratios("s", unitTime, b.name(), a.name())
	if len(ratios) != 2 || ratios[0] != 4 || ratios[1] != 9 {
		t.Errorf("ratios %v, want 4 and 9: the row z has no reference", ratios)
	}
	if m := geomean(ratios); math.Abs(m-6) > 1e-9 {
		t.Errorf("geometric mean of 4 and 9 is %v", m)
	}
	for _, x := range []struct {
		e     engine
		value float64
	}{{a, 40}, {a, 50}, {b, 2}} {
		r.add("s", "rate", x.e, unitRate, x.value)
	}
	var table, encoded bytes.Buffer
	r.print(&table, "s", []engine{a, b})
	for _, want := range []string{a.name(), b.name(), "10.0 ns", "4.00", "9.00", "6.00", "50.0 MB/s", "25.00", "-"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
	if err := r.writeJSON(&encoded); err != nil {
		t.Fatal(err)
	}
	var back []result
	if err := json.Unmarshal(encoded.Bytes(), &back); err != nil || len(back) != len(r.list) {
		t.Errorf("%d results of %d come back from JSON: %v", len(back), len(r.list), err)
	}
}

func TestFormat(t *testing.T) {
	for _, x := range []struct {
		value      float64
		unit, want string
	}{
		{0, unitTime, "0 ns"},
		{7.25, unitTime, "7.25 ns"},
		{12.5, unitTime, "12.5 ns"},
		{123.4, unitTime, "123 ns"},
		{1234567, unitTime, "1.23 ms"},
		{5e12, unitTime, "5000 s"},
		{2048, unitBytes, "2.00 KiB"},
		{3, unitAllocs, "3 allocs"},
		{1.5, unitTimes, "1.50×"},
		{197.26, unitRate, "197.3 MB/s"},
	} {
		if got := format(x.value, x.unit); got != x.want {
			t.Errorf("format(%v, %s) = %q, want %q", x.value, x.unit, got, x.want)
		}
	}
}

func TestChosen(t *testing.T) {
	list, err := chosen(engines[1].name() + "," + engines[0].name())
	if err != nil || len(list) != 2 || list[0].name() != engines[0].name() {
		t.Errorf("chosen gives %v, %v", list, err)
	}
	if _, err := chosen("no-such-engine"); err == nil {
		t.Error("an unknown engine is chosen")
	}
}

func TestPeakResident(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	peak := peakResident(self, "-test.run", "^TestFormat$")
	if peak == 0 {
		t.Skip("the peak of a process can't be known here")
	}
	if peak < 1<<20 || peak > 1<<30 {
		t.Errorf("this test's process takes %v bytes", peak)
	}
}
