package interp

import (
	"fmt"
	"strings"
)

// Listing returns the register code of function i of the module's own as text,
// one instruction a line, and compiles it if need be. Slots are r0, r1, …;
// vectors, which take two, are v0, v2, …; branch targets are positions.
func (mc *ModuleCode) Listing(i int) (string, error) {
	f, err := mc.function(i)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for at := 0; at < len(f.code); {
		at += disassemble(&b, f.code, at)
	}
	for i, r := range f.regions {
		fmt.Fprintf(&b, "region %d: %d to %d, parent %d\n", i, r.start, r.end, r.parent)
		for n := r.first; n >= 0; n = f.catches[n].next {
			c := &f.catches[n]
			fmt.Fprintf(&b, "\tcatch tag %d ref %v -> %d r%d\n", c.tag, c.ref, c.target, c.slot)
		}
	}
	return b.String(), nil
}

// disassemble writes the instruction at a position and returns its length.
func disassemble(b *strings.Builder, code []uint64, at int) int {
	w := code[at]
	op, x, y, z := unpack(w)
	info := &opInfos[op]
	fmt.Fprintf(b, "%4d  %-20s", at, info.name)
	form, more, _ := strings.Cut(info.form, " ")
	operands := [3]uint16{x, y, z}
	for i, kind := range form {
		v := operands[i]
		switch kind {
		case 'd', 's':
			fmt.Fprintf(b, " r%d", v)
		case 'D', 'S':
			fmt.Fprintf(b, " v%d", v)
		case 'i':
			fmt.Fprintf(b, " %d", int16(v))
		case 'u':
			fmt.Fprintf(b, " +%d", v)
		case 'n':
			fmt.Fprintf(b, " #%d", v)
		case 't':
			fmt.Fprintf(b, " -> %d", at+int(int16(v)))
		case 'g':
			fmt.Fprintf(b, " #%d", unpackWide(w))
		case 'G':
			fmt.Fprintf(b, " -> %d", at+int(int32(unpackWide(w))))
		}
	}
	for i := range more {
		fmt.Fprintf(b, " %#x", code[at+1+i])
	}
	if op == opBrTable || op == opBrTableAdd {
		n := int(unpackWide(w))
		for i := range n + 1 {
			fmt.Fprintf(b, " -> %d", at+int(int32(half(code[at+int(info.words)+i/2], i&1 != 0))))
		}
	}
	b.WriteByte('\n')
	return words(code, at)
}
