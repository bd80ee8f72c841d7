package main

// An access is a width of memory access with the conversion of its value.
type access struct {
	name string
	size string // bytes
	load string // expression giving a slot from pointer p; empty for stores
	put  string // statement storing value v at pointer p
}

var accesses = []access{
	{"Load8U", "1", "uint64(*(*uint8)(p))", ""},
	{"Load16U", "2", "uint64(le16(p))", ""},
	{"Load32U", "4", "uint64(le32(p))", ""},
	{"Load64", "8", "le64(p)", ""},
	{"Load8S32", "1", "uint64(uint32(*(*int8)(p)))", ""},
	{"Load16S32", "2", "uint64(uint32(int16(le16(p))))", ""},
	{"Load8S64", "1", "uint64(*(*int8)(p))", ""},
	{"Load16S64", "2", "uint64(int16(le16(p)))", ""},
	{"Load32S64", "4", "uint64(int32(le32(p)))", ""},
	{"Store8", "1", "", "*(*uint8)(p) = uint8(v)"},
	{"Store16", "2", "", "putLE16(p, uint16(v))"},
	{"Store32", "4", "", "putLE32(p, uint32(v))"},
	{"Store64", "8", "", "putLE64(p, v)"},
}

// memory lists the accesses to linear memory. An address is computed in 64
// bits, so that it cannot wrap; it is compared before a pointer is made.
func (g *set) memory() {
	for _, a := range accesses {
		for _, f := range []struct{ suffix, form, addr, value string }{
			// address register and offset
			{"", "dsu", "uint64(uint32(*rb(pc, fp))) + uint64(uc(pc))", "*ra(pc, fp)"},
			// address register plus constant, as i32.add computes it, and offset
			{"Disp", "ds- k", "uint64(uint32(*rb(pc, fp)) + u1(pc)) + word1(pc)>>32", "*ra(pc, fp)"},
			// the same with the register shifted
			{"Scaled", "dsn k", "uint64(uint32(*rb(pc, fp)) << (uc(pc) & 31) + u1(pc)) + word1(pc)>>32", "*ra(pc, fp)"},
			// constant address
			{"Abs", "dg", "uint64(wide(pc))", "*ra(pc, fp)"},
			// the sum of two registers, as i32.add computes it
			{"Sum", "dss", "uint64(uint32(*rb(pc, fp)) + uint32(*rc(pc, fp)))", "*ra(pc, fp)"},
			// the sum of two registers, the latter shifted, and an offset
			{"Index", "dss x", "uint64(uint32(*rb(pc, fp)) + uint32(*rc(pc, fp)) << (u1(pc) & 31)) + word1(pc) >> 32", "*ra(pc, fp)"},
			// stores of an immediate
			{"Imm", "isu", "uint64(uint32(*rb(pc, fp))) + uint64(uc(pc))", "uint64(imma(pc))"},
			{"K", "-su k", "uint64(uint32(*rb(pc, fp))) + uint64(uc(pc))", "word1(pc)"},
			// memories with a 64-bit or nonzero index
			{"Any", "dsn k", "", "*ra(pc, fp)"},
		} {
			if (f.suffix == "Imm" || f.suffix == "K") && a.load != "" || f.suffix == "K" && a.size < "4" {
				continue
			}
			form := f.form
			if a.load == "" && form[0] == 'd' {
				form = "s" + form[1:]
			}
			body := "ea := " + f.addr + "\nif ea+" + a.size + " > size {\nbreak loop\n}\np := unsafe.Add(mem, ea)\n"
			if f.suffix == "Any" {
				body = "m := e.memory(pc)\nk := word1(pc)\nea := *rb(pc, fp) + k\nif ea < k || ea+" + a.size + " > m.Size || ea+" + a.size + " < ea {\nbreak loop\n}\np := unsafe.Add(m.Base, ea)\n"
			}
			if a.load != "" {
				body += "*ra(pc, fp) = " + a.load
			} else {
				body += "v := " + f.value + "\n" + a.put
			}
			text := lower(a.name)
			g.add(spec{name: a.name + f.suffix, text: text + dot(f.suffix), form: form, fault: "memoryHandler", body: body})
		}
	}
	// Vectors.
	for _, f := range []struct{ suffix, form, addr string }{
		{"", "Dsu", "uint64(uint32(*rb(pc, fp))) + uint64(uc(pc))"},
		{"Any", "Dsn k", ""},
	} {
		check := "ea := " + f.addr + "\nif ea+16 > size {\nbreak loop\n}\np := unsafe.Add(mem, ea)\n"
		if f.suffix == "Any" {
			check = "m := e.memory(pc)\nk := word1(pc)\nea := *rb(pc, fp) + k\nif ea < k || ea+16 > m.Size || ea+16 < ea {\nbreak loop\n}\np := unsafe.Add(m.Base, ea)\n"
		}
		g.add(spec{name: "LoadV" + f.suffix, text: "v128.load" + dot(f.suffix), form: f.form, fault: "memoryHandler",
			body: check + "v, w := le64(p), le64(unsafe.Add(p, 8))\nq := ra(pc, fp)\n*q = v\n*next(q) = w"})
		g.add(spec{name: "StoreV" + f.suffix, text: "v128.store" + dot(f.suffix), form: "S" + f.form[1:], fault: "memoryHandler",
			body: check + "q := ra(pc, fp)\nputLE64(p, *q)\nputLE64(unsafe.Add(p, 8), *next(q))"})
	}
}

func lower(s string) string {
	b := []byte(s)
	b[0] |= 0x20
	return string(b)
}

func dot(suffix string) string {
	if suffix == "" {
		return ""
	}
	return "." + lower(suffix)
}
