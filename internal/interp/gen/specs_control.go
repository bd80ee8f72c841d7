package main

// control lists what moves values and control: moves, constants, globals,
// branches, calls.
func (g *set) control() {
	// Moves.
	g.add(spec{name: "Move", text: "move", form: "ds-", body: "*ra(pc, fp) = *rb(pc, fp)"})
	g.add(spec{name: "Move2", text: "move2", form: "Dss", body: `
		v, w := *rb(pc, fp), *rc(pc, fp)
		p := ra(pc, fp)
		*p = v
		*next(p) = w`})
	g.add(spec{name: "MoveI", text: "move_imm", form: "Dsi", body: `
		v, w := *rb(pc, fp), uint64(uint32(imm(pc)))
		p := ra(pc, fp)
		*p = v
		*next(p) = w`})
	g.add(spec{name: "Const32", text: "const", form: "dg", body: "*ra(pc, fp) = uint64(wide(pc))"})
	g.add(spec{name: "Const32S", text: "const_s", form: "dg", body: "*ra(pc, fp) = uint64(int32(wide(pc)))"})
	g.add(spec{name: "Const64", text: "const64", form: "d-- k", body: "*ra(pc, fp) = word1(pc)"})
	g.add(spec{name: "Const128", text: "v128.const", form: "D-- kk", body: `
		p := ra(pc, fp)
		*p = word1(pc)
		*next(p) = word2(pc)`})
	g.add(spec{name: "Zero", text: "zero", form: "dg", body: `
		p := unsafe.Pointer(ra(pc, fp))
		for n := wide(pc); n != 0; n-- {
			*(*uint64)(p) = 0
			p = unsafe.Add(p, 8)
		}`})
	g.add(spec{name: "Select", text: "select", form: "dss x", body: `
		v := *rc(pc, fp)
		if uint32(*r1(pc, fp)) != 0 {
			v = *rb(pc, fp)
		}
		*ra(pc, fp) = v`})
	g.add(spec{name: "SelectV", text: "select_v128", form: "DSS x", body: `
		q := rc(pc, fp)
		if uint32(*r1(pc, fp)) != 0 {
			q = rb(pc, fp)
		}
		v, w := *q, *next(q)
		p := ra(pc, fp)
		*p = v
		*next(p) = w`})

	// Globals.
	g.add(spec{name: "GlobalGet", text: "global.get", form: "dg", body: "*ra(pc, fp) = e.global(pc).Lo"})
	g.add(spec{name: "GlobalSet", text: "global.set", form: "sg", body: "e.global(pc).Lo = *ra(pc, fp)"})
	g.add(spec{name: "GlobalGetV", text: "global.get_v128", form: "Dg", body: `
		v := e.global(pc)
		p := ra(pc, fp)
		*p = v.Lo
		*next(p) = v.Hi`})
	g.add(spec{name: "GlobalSetV", text: "global.set_v128", form: "Sg", body: `
		v := e.global(pc)
		p := ra(pc, fp)
		v.Lo = *p
		v.Hi = *next(p)`})

	// Branches.
	g.add(spec{name: "Br", text: "br", form: "-G", jump: true, body: "pc = wideTarget(pc)"})
	g.add(spec{name: "BrLoop", text: "br_loop", form: "-G", jump: true, fault: "pollHandler", body: poll + "pc = wideTarget(pc)"})
	g.branch("BrNZ", "br_if", "s-t", "uint32(*ra(pc, fp)) != 0", "")
	g.branch("BrZ", "br_ifz", "s-t", "uint32(*ra(pc, fp)) == 0", "")
	g.add(spec{name: "BrTable", text: "br_table", form: "sg", jump: true, fault: "pollHandler", body: poll + `
		i, n := uint32(*ra(pc, fp)), wide(pc)
		if i > n {
			i = n
		}
		pc = unsafe.Add(pc, int(*(*int32)(unsafe.Add(pc, 8+uintptr(i)*4)))*8)`})

	// The same after adding the second word to the index; the table follows.
	g.add(spec{name: "BrTableAdd", text: "br_table_add", form: "sg k", jump: true, fault: "pollHandler", body: poll + `
		i, n := uint32(*ra(pc, fp))+u1(pc), wide(pc)
		if i > n {
			i = n
		}
		pc = unsafe.Add(pc, int(*(*int32)(unsafe.Add(pc, 16+uintptr(i)*4)))*8)`})

	// Calls. The operands are the new frame's slot, the slot of its record in
	// it, and what to call.
	enter := func(entry string) string {
		return `
		p := unsafe.Pointer(ra(pc, fp))
		if uintptr(p) > e.limit || x.Interrupted != 0 {
			break loop
		}
		setRecord(unsafe.Add(p, uintptr(ub(pc))*8), unsafe.Add(pc, @), fp)
		fp = p
		pc = ` + entry
	}
	g.add(spec{name: "Call", text: "call", form: "nnn", jump: true, fault: "callHandler",
		body: replace(enter("e.entry(uintptr(uc(pc)))"), "@", "8")})
	g.add(spec{name: "CallFar", text: "call", form: "nn- k", jump: true, fault: "callHandler",
		body: replace(enter("e.entry(uintptr(word1(pc)))"), "@", "16")})
	g.add(spec{name: "CallIndirect", text: "call_indirect", form: "nns x", jump: true, fault: "callIndirectHandler", body: `
		w := word1(pc)
		t := e.table(w >> 32)
		i := uint32(*rc(pc, fp))
		if uint64(i) >= uint64(len(t.Elems)) {
			break loop
		}
		r := *(*vm.Ref)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(t.Elems)), uintptr(i)*4))
		f := storeFunc(x, r)
		if f == nil || f.Inst != e.inst || f.Type != vm.TypeID(w) {
			break loop
		}` + replace(enter("e.entry(uintptr(f.Index))"), "@", "16")})
	g.add(spec{name: "CallRef", text: "call_ref", form: "nns x", jump: true, fault: "callRefHandler", body: `
		f := storeFunc(x, vm.Ref(*rc(pc, fp)))
		if f == nil || f.Inst != e.inst {
			break loop
		}` + replace(enter("e.entry(uintptr(f.Index))"), "@", "16")})
	g.add(spec{name: "Ret", text: "return", form: "-n-", jump: true, body: `
		q := rb(pc, fp)
		pc, fp = recordPC(q), recordFP(q)`})
	g.add(spec{name: "Ret1", text: "return", form: "sn-", jump: true, body: `
		*(*uint64)(fp) = *ra(pc, fp)
		q := rb(pc, fp)
		pc, fp = recordPC(q), recordFP(q)`})
	g.add(spec{name: "ReturnCall", text: "return_call", form: "snn x", jump: true, fault: "callHandler", body: `
		if x.Interrupted != 0 {
			break loop
		}
		q := rb(pc, fp)
		rpc, rfp := recordPC(q), recordFP(q)
		p := unsafe.Pointer(ra(pc, fp))
		d := fp
		w := word1(pc)
		for n := w >> 48; n != 0; n-- {
			*(*uint64)(d) = *(*uint64)(p)
			d, p = unsafe.Add(d, 8), unsafe.Add(p, 8)
		}
		setRecord(unsafe.Add(fp, uintptr(uc(pc))*8), rpc, rfp)
		pc = e.entry(uintptr(uint32(w)))`})

	// Metering and frames.
	g.add(spec{name: "Fuel", text: "fuel", form: "-g", fault: "fuelHandler", body: `
		s := x.Store
		n := s.Fuel - int64(wide(pc))
		if n < 0 {
			break loop
		}
		s.Fuel = n`})
	g.add(spec{name: "Deeper", text: "deeper", form: "---", fault: "enterHandler", body: `
		if e.depth >= e.maxDepth {
			break loop
		}
		e.depth++`})
	g.add(spec{name: "Shallower", text: "shallower", form: "---", body: "e.depth--"})
	g.add(spec{name: "Enter", text: "enter", form: "-g", fault: "enterHandler", body: `
		if uintptr(fp)+uintptr(wide(pc))*8 > e.end {
			break loop
		}`})
}

const poll = `
		if x.Interrupted != 0 {
			break loop
		}
		`

// branch adds a conditional branch and its polling form.
func (g *set) branch(name, text, form, cond, setup string) {
	words := (&spec{form: form}).words()
	adv := replace("pc = unsafe.Add(pc, @)", "@", itoa(8*words))
	g.add(spec{name: name, text: text, form: form, jump: true,
		body: setup + "if " + cond + " {\npc = target(pc)\n} else {\n" + adv + "\n}"})
	g.add(spec{name: name + "Loop", text: text + "_loop", form: form, jump: true, fault: "pollHandler",
		body: setup + "if " + cond + " {" + poll + "pc = target(pc)\n} else {\n" + adv + "\n}"})
}
