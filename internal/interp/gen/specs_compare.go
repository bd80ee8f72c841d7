package main

// compare lists the comparisons, giving 0 or 1 or branching.
func (g *set) compare() {
	for _, w := range widths {
		g.compareInt(w)
	}
	for _, f := range []string{"f32", "f64"} {
		g.compareFloat(f)
	}
}

// comparison is one integer comparison.
type comparison struct {
	name, operator string
	signed         bool
	not            string // its negation
	swapped        string // the same with exchanged operands
}

var comparisons = []comparison{
	{"eq", "==", false, "ne", "eq"}, {"ne", "!=", false, "eq", "ne"},
	{"lt_s", "<", true, "ge_s", "gt_s"}, {"lt_u", "<", false, "ge_u", "gt_u"},
	{"gt_s", ">", true, "le_s", "lt_s"}, {"gt_u", ">", false, "le_u", "lt_u"},
	{"le_s", "<=", true, "gt_s", "ge_s"}, {"le_u", "<=", false, "gt_u", "ge_u"},
	{"ge_s", ">=", true, "lt_s", "le_s"}, {"ge_u", ">=", false, "lt_u", "le_u"},
}

func (g *set) compareInt(w width) {
	t := func(c comparison) string {
		if c.signed {
			return w.s
		}
		return w.u
	}
	value := func(cond string) string {
		return "var v uint64\nif " + cond + " {\nv = 1\n}\n*ra(pc, fp) = v"
	}
	// Values.
	for _, c := range comparisons {
		n := goName(w.prefix + "." + c.name)
		if c.operator[0] != '>' { // the others exchange their operands
			g.add(spec{name: n, text: w.prefix + "." + c.name, form: "dss",
				body: value(t(c) + "(*rb(pc, fp)) " + c.operator + " " + t(c) + "(*rc(pc, fp))")})
		}
		g.add(spec{name: n + "I", text: w.prefix + "." + c.name, form: "dsi",
			body: value(t(c) + "(*rb(pc, fp)) " + c.operator + " " + t(c) + "(imm(pc))")})
		g.add(spec{name: n + "K", text: w.prefix + "." + c.name, form: "ds- k",
			body: value(t(c) + "(*rb(pc, fp)) " + c.operator + " " + t(c) + "(word1(pc))")})
		s := goName(w.prefix + "." + c.swapped)
		p := plainOp{rr: n, ri: n + "I", rk: n + "K", fi: s + "I", fk: s + "K"}
		if c.operator[0] == '>' {
			p.rr, p.exchange = s, true
		}
		g.plain[w.prefix+"."+c.name] = p
	}
	n := goName(w.prefix + ".eqz")
	g.add(spec{name: n, text: w.prefix + ".eqz", form: "ds-", body: value(w.u + "(*rb(pc, fp)) == 0")})
	g.plain[w.prefix+".eqz"] = plainOp{rr: n}

	// Branches: operands a and b, or a and an immediate in b; the target in c.
	name := func(c, suffix string) string { return "Br" + goName(w.prefix+"."+c) + suffix }
	for _, c := range comparisons {
		text := "br_if " + w.prefix + "." + c.name
		if c.operator[0] != '>' {
			g.branch(name(c.name, ""), text, "sst", t(c)+"(*ra(pc, fp)) "+c.operator+" "+t(c)+"(*rb(pc, fp))", "")
		}
		g.branch(name(c.name, "I"), text, "sit", t(c)+"(*ra(pc, fp)) "+c.operator+" "+t(c)+"(immb(pc))", "")
		g.branch(name(c.name, "K"), text, "s-t k", t(c)+"(*ra(pc, fp)) "+c.operator+" "+t(c)+"(word1(pc))", "")
	}
	// Which branch each comparison becomes.
	for _, c := range comparisons {
		for _, suffix := range []string{"I", "K"} {
			g.branches[goName(w.prefix+"."+c.name)+suffix] = branchOps{name(c.name, suffix), name(c.name, suffix) + "Loop", name(c.not, suffix), name(c.not, suffix) + "Loop", false}
		}
		yes, no := c.name, c.not
		if c.operator[0] == '>' {
			continue // compiled as the exchanged comparison
		}
		f := branchOps{yes: name(yes, ""), yesLoop: name(yes, "Loop")}
		if _, ok := g.index[name(no, "")]; ok {
			f.no, f.noLoop = name(no, ""), name(no, "Loop")
		} else { // not a < b is b <= a
			for _, d := range comparisons {
				if d.name == no {
					f.no, f.noLoop, f.swapNo = name(d.swapped, ""), name(d.swapped, "Loop"), true
				}
			}
		}
		g.branches[goName(w.prefix+"."+c.name)] = f
	}
}

func (g *set) compareFloat(t string) {
	for _, c := range []struct{ name, operator, swapped string }{
		{"eq", "==", "eq"}, {"ne", "!=", "ne"}, {"lt", "<", "gt"}, {"le", "<=", "ge"}, {"gt", ">", "lt"}, {"ge", ">=", "le"},
	} {
		n := goName(t + "." + c.name)
		text := t + "." + c.name
		p := plainOp{rr: n, rk: n + "K", fk: goName(t+"."+c.swapped) + "K"}
		for _, f := range []struct{ suffix, form, y, brForm, brX, brY string }{
			{"", "dss", t + "c(pc, fp)", "sst", t + "a(pc, fp)", t + "b(pc, fp)"},
			{"K", "ds- k", t + "k(pc)", "s-t k", t + "a(pc, fp)", t + "k(pc)"},
		} {
			if f.suffix == "" && c.operator[0] == '>' {
				p.rr, p.exchange = goName(t+"."+c.swapped), true
				continue // compiled as the exchanged comparison
			}
			g.add(spec{name: n + f.suffix, text: text, form: f.form,
				body: "var v uint64\nif " + t + "b(pc, fp) " + c.operator + " " + f.y + " {\nv = 1\n}\n*ra(pc, fp) = v"})
			cond := f.brX + " " + c.operator + " " + f.brY
			yes, no := "Br"+n+f.suffix, "BrNot"+n+f.suffix
			g.branch(yes, "br_if "+text, f.brForm, cond, "")
			g.branch(no, "br_if not "+text, f.brForm, "!("+cond+")", "")
			g.branches[n+f.suffix] = branchOps{yes, yes + "Loop", no, no + "Loop", false}
		}
		g.plain[text] = p
	}
}
