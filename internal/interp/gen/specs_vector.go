package main

import (
	"fmt"
	"strings"

	"github.com/wamr-go/wamr/internal/wasm/op"
)

// vector lists the vector operators that have no side: those that the loop
// does itself, and all others as handlers.
func (g *set) vector() {
	for _, r := range op.All() {
		if r.Class != op.ClassVec && r.Class != op.ClassVecLane {
			continue
		}
		form, ok := vectorForms[r.Sig]
		if !ok {
			panic("no form for " + r.Name)
		}
		switch {
		case r.Imm == op.ImmShuffle:
			form = "DSS kk"
		case r.Imm == op.ImmLane && r.Sig[:1] == "v" && len(form) == 3 && form[2] == '-':
			form = form[:2] + "n"
		case r.Imm == op.ImmLane:
			form += " k"
		}
		s := spec{name: goName(r.Name), text: r.Name, form: form, body: vectorBodies[r.Name]}
		if s.body == "" || strings.HasPrefix(s.body, machine) {
			s.fault = g.numHandler(r.Name)
		}
		g.add(s)
		g.plain[r.Name] = plainOp{rr: s.name}
	}
}

// vectorForms gives the operands for each signature; a third operand is in
// the second word.
var vectorForms = map[string]string{
	"v:v": "DS-", "vv:v": "DSS", "vvv:v": "DSS x", "v:i": "dS-", "v:I": "dS-", "v:f": "dS-", "v:F": "dS-",
	"vi:v": "DSs", "vI:v": "DSs", "vf:v": "DSs", "vF:v": "DSs", "i:v": "Ds-", "I:v": "Ds-", "f:v": "Ds-", "F:v": "Ds-",
}

// handled records the operators whose handler has been written.
var handled = map[string]bool{}

// numHandler writes the handler of an operator of package num and returns its
// name. Operands and result follow from the signature.
func (g *set) numHandler(text string) string {
	code, _ := op.ByName(text)
	r := op.Lookup(code)
	name := "num" + goName(text)
	if handled[text] {
		return name
	}
	handled[text] = true
	in, out, _ := strings.Cut(r.Sig, ":")
	get := func(i int, t byte) string {
		p := []string{"rb(pc, fp)", "rc(pc, fp)", "r1(pc, fp)"}[i]
		switch t {
		case 'v':
			return "vec(" + p + ")"
		case 'i', 'f':
			return "uint32(*" + p + ")"
		}
		return "*" + p
	}
	var args []string
	for i := range len(in) {
		args = append(args, get(i, in[i]))
	}
	words := 1
	switch r.Imm {
	case op.ImmLane:
		if len(in) == 1 {
			args = append(args, "uint8(uc(pc))")
		} else {
			args = append(args, "uint8(word1(pc))")
			words = 2
		}
	case op.ImmShuffle:
		args = append(args, "num.V128{Lo: word1(pc), Hi: word2(pc)}")
		words = 3
	default:
		if len(in) == 3 {
			words = 2
		}
	}
	call := "num." + goName(text) + "(" + strings.Join(args, ", ") + ")"
	b := &g.handlers
	fmt.Fprintf(b, "func %s(d *driver, pc, fp unsafe.Pointer) (unsafe.Pointer, unsafe.Pointer) {\n", name)
	switch {
	case r.Effects&op.Traps != 0:
		fmt.Fprintf(b, "v, t := %s\nif t != num.NoTrap {\nreturn d.numTrap(t, pc, fp)\n}\n*ra(pc, fp) = uint64(v)\n", call)
	case out == "v":
		fmt.Fprintf(b, "setVec(ra(pc, fp), %s)\n", call)
	default:
		fmt.Fprintf(b, "*ra(pc, fp) = uint64(%s)\n", call)
	}
	fmt.Fprintf(b, "return unsafe.Add(pc, %d), fp\n}\n\n", 8*words)
	return name
}
