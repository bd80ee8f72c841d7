package main

import "strings"

// fused lists the opcodes that do the work of two or three, each of which
// saves a dispatch. They were chosen by counting the pairs that real programs
// execute.
func (g *set) fused() {
	for _, w := range []string{"I32", "I64"} {
		for _, p := range []struct{ first, seconds string }{
			{"ShlI", "Add Or Xor Sub AddI"},
			{"ShrUI", "Add Or Xor And Sub AndI"},
			{"ShrSI", "Add Xor Sub"},
			{"RotlI", "Add Xor"},
			{"AndI", "Add Or Xor ShlI ShrUI AddI"},
			{"MulI", "Add Sub AddI"},
			{"AddI", "Add Sub Xor And AndI ShlI"},
			{"Add", "Add Sub Xor And AddI AndI ShlI RotlI"},
			{"Sub", "Add Sub AddI"},
			{"Mul", "Add Sub Xor"},
			{"Xor", "Add Xor And RotlI AndI"},
			{"And", "Add Or Xor"},
			{"Or", "Add Or Xor And"},
		} {
			for _, second := range strings.Fields(p.seconds) {
				g.pair(w+p.first, w+second)
			}
		}
	}
	for _, w := range []string{"F32", "F64"} {
		for _, p := range []struct{ first, seconds string }{
			{"Mul", "Add Sub Mul"}, {"Add", "Add Sub Mul"}, {"Sub", "Add Sub Mul"},
		} {
			for _, second := range strings.Fields(p.seconds) {
				g.pair(w+p.first, w+second)
			}
		}
	}
	for _, p := range []struct{ load, seconds string }{
		{"Load8U", "I32Add I32Sub I32Xor I32And I32Or"},
		{"Load16U", "I32Add"},
		{"Load32U", "I32Add I32Sub I32Xor I32And I32Or F32Add F32Sub F32Mul"},
		{"Load64", "I64Add I64Sub I64Xor I64And I64Or F64Add F64Sub F64Mul"},
	} {
		for _, second := range strings.Fields(p.seconds) {
			g.loadPair(p.load, second)
		}
	}
	g.counting()
	g.copying()
}

// large leaves out the body where the loop must not grow too large.
const large = "if compact {\nbreak loop\n}\n"

// commutative names the operators whose operands may be exchanged.
func commutative(name string) bool {
	switch name[3:] {
	case "Add", "Mul", "And", "Or", "Xor":
		return true
	}
	return false
}

// result wraps an expression of the given type into a statement that stores it.
func result(typ, expr string) string {
	switch typ {
	case "f32":
		return "putF32(ra(pc, fp), " + expr + ")"
	case "f64":
		return "putF64(ra(pc, fp), " + expr + ")"
	}
	return "*ra(pc, fp) = uint64(" + expr + ")"
}

// operandOf is an operand of the given type in the slot that letter b or c (of
// the first word) or 1 (the second word) names.
func operandOf(typ, letter string) string {
	if typ[0] == 'f' {
		return typ + replace(letter, "1", "s") + "(pc, fp)"
	}
	return typ + "(*r" + letter + "(pc, fp))"
}

// whole rounds an intermediate float result, which Go might else keep exact.
func whole(typ, expr string) string {
	if typ[0] == 'f' {
		return "float" + typ[1:] + "(" + expr + ")"
	}
	return expr
}

// pair adds the fusion of two operators. If the second takes registers, its
// other operand is in b, and the first's operands are in c and the second word;
// if it takes an immediate, that is in c, and the first's are in b and the
// second word.
func (g *set) pair(first, second string) {
	one, two := g.exprs[first], g.exprs[second]
	text := g.specs[g.index[first]].text + "+" + g.specs[g.index[second]].text
	more := "x"
	y := operandOf(one.typ, "1")
	if one.form == "dsi" {
		more, y = "k", one.typ+"(word1(pc))"
	}
	if two.form == "dsi" {
		name := first + "_" + second[3:]
		t := whole(one.typ, replace(one.text, "X", operandOf(one.typ, "b"), "Y", y))
		g.add(spec{name: name, text: text, form: "dsi " + more,
			body: large + "t := " + t + "\n" + result(two.typ, replace(two.text, "X", "t", "Y", two.typ+"(imm(pc))"))})
		g.pairs[first] = append(g.pairs[first], pair{second, true, false, name})
		return
	}
	t := whole(one.typ, replace(one.text, "X", operandOf(one.typ, "c"), "Y", y))
	other := operandOf(two.typ, "b")
	add := func(suffix, x, y string, asX, asY bool) {
		name := first + "_" + second[3:] + suffix
		g.add(spec{name: name, text: text, form: "dss " + more,
			body: large + "t := " + t + "\n" + result(two.typ, replace(two.text, "X", x, "Y", y))})
		g.pairs[first] = append(g.pairs[first], pair{second, asX, asY, name})
	}
	if commutative(second) {
		add("", other, "t", true, true)
		return
	}
	add("", other, "t", false, true)
	add("X", "t", other, true, false)
}

// loadPair adds the fusion of a load and an operator on registers: its other
// operand is in b, the address in c, and the second word has what is added to
// that, wrapping, and the offset.
func (g *set) loadPair(load, second string) {
	two := g.exprs[second]
	var a access
	for _, a = range accesses {
		if a.name == load {
			break
		}
	}
	value := a.load
	switch two.typ {
	case "uint32":
		value = strings.TrimPrefix(value, "uint64")
		value = two.typ + value
	case "f32":
		value = "math.Float32frombits(le32(p))"
	case "f64":
		value = "math.Float64frombits(le64(p))"
	}
	add := func(suffix, x, y string, asX, asY bool) {
		name := load + "_" + second + suffix
		g.add(spec{name: name, text: lower(load) + "+" + g.specs[g.index[second]].text, form: "dss k", fault: "memoryHandler",
			body: large + "ea := uint64(uint32(*rc(pc, fp)) + u1(pc)) + word1(pc)>>32\nif ea+" + a.size + " > size {\nbreak loop\n}\np := unsafe.Add(mem, ea)\n" +
				"t := " + value + "\n" + result(two.typ, replace(two.text, "X", x, "Y", y))})
		g.pairs[load] = append(g.pairs[load], pair{second, asX, asY, name})
		g.pairs[load+"Disp"] = append(g.pairs[load+"Disp"], pair{second, asX, asY, name})
	}
	other := operandOf(two.typ, "b")
	if commutative(second) {
		add("", other, "t", true, true)
		return
	}
	add("", other, "t", false, true)
	add("X", "t", other, true, false)
}

// counting lists the ends of loops that count: i += step, then a branch back
// on a comparison of i.
func (g *set) counting() {
	for _, c := range comparisons {
		switch c.name {
		case "ne", "lt_s", "lt_u", "gt_s", "ge_s":
		default:
			continue
		}
		t := "uint32"
		if c.signed {
			t = "int32"
		}
		n := goName("i32." + c.name)
		step := "p := ra(pc, fp)\nv := uint32(*p) + STEP\nif " + t + "(v) " + c.operator + " " + t + "(LIMIT) {" + poll + "*p = uint64(v)\npc = target(pc)\n} else {\n*p = uint64(v)\npc = unsafe.Add(pc, 16)\n}"
		if c.operator[0] != '>' {
			g.add(spec{name: "Count" + n, text: "count i32." + c.name, form: "sst k", jump: true, fault: "pollHandler",
				body: replace(step, "STEP", "u1(pc)", "LIMIT", "*rb(pc, fp)")})
		}
		g.add(spec{name: "Count" + n + "K", text: "count i32." + c.name, form: "sit k", jump: true, fault: "pollHandler",
			body: replace(step, "STEP", "uint32(immb(pc))", "LIMIT", "word1(pc)")})
	}
}

// copying lists fusions of moves, of globals that serve as stack pointers, and
// of jumps through the table at the head of a loop.
func (g *set) copying() {
	g.add(spec{name: "MoveMove", text: "move+move", form: "dsd x", body: `
		*ra(pc, fp) = *rb(pc, fp)
		*rc(pc, fp) = *r1(pc, fp)`})
	global := "v := e.globalAt(uintptr(uc(pc)))\n"
	g.add(spec{name: "GlobalGetAdd", text: "global.get+i32.add", form: "din", body: global + "*ra(pc, fp) = uint64(uint32(v.Lo) + uint32(immb(pc)))"})
	g.add(spec{name: "GlobalSetAdd", text: "i32.add+global.set", form: "sin", body: global + "v.Lo = uint64(uint32(*ra(pc, fp)) + uint32(immb(pc)))"})
	g.add(spec{name: "GlobalAdd", text: "global.add", form: "din", body: global + "w := uint64(uint32(v.Lo) + uint32(immb(pc)))\nv.Lo = w\n*ra(pc, fp) = w"})
	g.add(spec{name: "LocalGlobalAdd", text: "i32.add+global.set", form: "din", body: global + "p := ra(pc, fp)\nw := uint64(uint32(*p) + uint32(immb(pc)))\n*p = w\nv.Lo = w"})
	g.add(spec{name: "RetI", text: "return", form: "in-", jump: true, body: `
		*(*uint64)(fp) = uint64(uint32(imma(pc)))
		q := rb(pc, fp)
		pc, fp = recordPC(q), recordFP(q)`})
	// a is set to the constant in the second word, which the br_table at the
	// target then looks up.
	g.add(spec{name: "BrLoopTable", text: "br_loop_table", form: "dG k", jump: true, fault: "pollHandler", body: poll + `
		i := u1(pc)
		*ra(pc, fp) = uint64(i)
		pc = wideTarget(pc)
		if n := wide(pc); i > n {
			i = n
		}
		pc = unsafe.Add(pc, int(*(*int32)(unsafe.Add(pc, 8+uintptr(i)*4)))*8)`})
	g.add(spec{name: "BrLoopConst", text: "const+br_loop", form: "dG k", jump: true, fault: "pollHandler", body: poll + `
		*ra(pc, fp) = word1(pc)
		pc = wideTarget(pc)`})
}
