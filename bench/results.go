package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// A result is one measured number. Less is better for every unit but unitRate.
type result struct {
	Section string  `json:"section"`
	Row     string  `json:"row"`
	Engine  string  `json:"engine"`
	Unit    string  `json:"unit"`
	Value   float64 `json:"value"`
}

// The units. A value in a time unit is in nanoseconds.
const (
	unitTime   = "ns"
	unitAllocs = "allocs"
	unitBytes  = "bytes"
	unitTimes  = "×"    // as many times as something of the same engine
	unitRate   = "MB/s" // millions of bytes
)

// results collects numbers; of several for the same thing it keeps the best.
type results struct {
	list  []result
	index map[result]int // by everything but the value
}

func (r *results) add(section, row string, e engine, unit string, value float64) {
	r.put(result{section, row, e.name(), unit, value})
}

func (r *results) put(x result) {
	key := x
	key.Value = 0
	if i, ok := r.index[key]; ok {
		if x.Unit == unitRate {
			r.list[i].Value = max(r.list[i].Value, x.Value)
		} else {
			r.list[i].Value = min(r.list[i].Value, x.Value)
		}
		return
	}
	if r.index == nil {
		r.index = make(map[result]int)
	}
	r.index[key] = len(r.list)
	r.list = append(r.list, x)
}

func (r *results) get(section, row, engine, unit string) (float64, bool) {
	i, ok := r.index[result{Section: section, Row: row, Engine: engine, Unit: unit}]
	if !ok {
		return 0, false
	}
	return r.list[i].Value, true
}

// ratios gives, of the rows of a section in a unit, an engine's value divided
// by the reference's, where both are known and positive.
func (r *results) ratios(section, unit, engine, reference string) []float64 {
	var list []float64
	for _, x := range r.list {
		if x.Section != section || x.Unit != unit || x.Engine != engine {
			continue
		}
		if base, ok := r.get(section, x.Row, reference, unit); ok && base > 0 && x.Value > 0 {
			list = append(list, x.Value/base)
		}
	}
	return list
}

// geomean is the geometric mean; 1 of nothing.
func geomean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += math.Log(x)
	}
	if len(list) == 0 {
		return 1
	}
	return math.Exp(sum / float64(len(list)))
}

// print writes one section: a line for each row and unit, the reference
// engine's value, and for the others the value and its ratio to the
// reference's, in the order of engines.
func (r *results) print(w io.Writer, section string, list []engine) {
	reference := list[0].name()
	fmt.Fprintf(w, "\n%s\n", section)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer tw.Flush()
	fmt.Fprint(tw, "\t")
	for i, e := range list {
		fmt.Fprint(tw, e.name(), "\t")
		if i > 0 {
			fmt.Fprint(tw, "ratio\t")
		}
	}
	fmt.Fprintln(tw)
	type line struct{ row, unit string }
	seen := make(map[line]bool)
	for _, x := range r.list {
		l := line{x.Row, x.Unit}
		if x.Section != section || seen[l] {
			continue
		}
		seen[l] = true
		fmt.Fprint(tw, x.Row, "\t")
		base, haveBase := r.get(section, x.Row, reference, x.Unit)
		for i, e := range list {
			v, ok := r.get(section, x.Row, e.name(), x.Unit)
			if !ok {
				fmt.Fprint(tw, "-\t")
			} else {
				fmt.Fprint(tw, format(v, x.Unit), "\t")
			}
			switch {
			case i == 0:
			case ok && haveBase && base > 0 && x.Unit == unitRate:
				fmt.Fprintf(tw, "%.2f\t", base/v)
			case ok && haveBase && base > 0:
				fmt.Fprintf(tw, "%.2f\t", v/base)
			default:
				fmt.Fprint(tw, "\t")
			}
		}
		fmt.Fprintln(tw)
	}
	r.printMeans(tw, section, list)
}

// printMeans writes the geometric means of the ratios of times, if there are
// several rows of them.
func (r *results) printMeans(w io.Writer, section string, list []engine) {
	reference := list[0].name()
	if len(r.ratios(section, unitTime, reference, reference)) < 2 || len(list) < 2 {
		return
	}
	fmt.Fprint(w, "geometric mean of times\t\t")
	for _, e := range list[1:] {
		fmt.Fprintf(w, "\t%.2f\t", geomean(r.ratios(section, unitTime, e.name(), reference)))
	}
	fmt.Fprintln(w)
}

func (r *results) writeJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	return enc.Encode(r.list)
}

// format writes a value with three digits or so.
func format(v float64, unit string) string {
	scaled := func(step float64, names ...string) string {
		i := 0
		for i < len(names)-1 && v >= step {
			v /= step
			i++
		}
		digits := 0
		for x := v; x < 100 && x > 0 && digits < 2; x *= 10 {
			digits++
		}
		return fmt.Sprintf("%.*f %s", digits, v, names[i])
	}
	switch unit {
	case unitTime:
		return scaled(1000, "ns", "µs", "ms", "s")
	case unitBytes:
		return scaled(1024, "B", "KiB", "MiB", "GiB")
	case unitRate:
		return fmt.Sprintf("%.1f MB/s", v)
	case unitAllocs:
		return fmt.Sprintf("%.0f allocs", v)
	}
	return fmt.Sprintf("%.2f%s", v, unit)
}
