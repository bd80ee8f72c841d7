package main

// field is a way to read a field of a structure or an element of an array, and
// to write it. Objects are in the host's byte order.
var fields = []struct {
	name, size string
	get        string // slot from pointer p
	put        string // store slot v at pointer p; empty for those that only read
}{
	{"8U", "1", "uint64(*(*uint8)(p))", "*(*uint8)(p) = uint8(v)"},
	{"8S", "1", "uint64(uint32(*(*int8)(p)))", ""},
	{"16U", "2", "uint64(*(*uint16)(p))", "*(*uint16)(p) = uint16(v)"},
	{"16S", "2", "uint64(uint32(*(*int16)(p)))", ""},
	{"32", "4", "uint64(*(*uint32)(p))", "*(*uint32)(p) = uint32(v)"},
	{"64", "8", "*(*uint64)(p)", "*(*uint64)(p) = v"},
}

// aggregate lists the accesses to structures, arrays and tables that the loop
// does itself. A reference is the offset of its object in the store's heap.
func (g *set) aggregate() {
	const null = "r := uint32(*rb(pc, fp))\nif r == 0 {\nbreak loop\n}\n"
	const element = null + `h := x.Store.Heap.Base
		i := uint32(*rc(pc, fp))
		if i >= *(*uint32)(unsafe.Add(h, uintptr(r)+4)) {
			break loop
		}
		p := unsafe.Add(h, uintptr(r)+vm.ArrayData+uintptr(i)*SIZE)
		`
	for _, f := range fields {
		at := null + "p := unsafe.Add(x.Store.Heap.Base, uintptr(r)+uintptr(uc(pc)))\n"
		g.add(spec{name: "StructGet" + f.name, text: "struct.get" + f.name, form: "dsu", fault: "nullStructHandler", body: at + "*ra(pc, fp) = " + f.get})
		in := replace(element, "SIZE", f.size)
		g.add(spec{name: "ArrayGet" + f.name, text: "array.get" + f.name, form: "dss", fault: "arrayFaultHandler", body: in + "*ra(pc, fp) = " + f.get})
		if f.put == "" {
			continue
		}
		g.add(spec{name: "StructSet" + f.name, text: "struct.set" + f.name, form: "ssu", fault: "nullStructHandler", body: at + "v := *ra(pc, fp)\n" + f.put})
		g.add(spec{name: "ArraySet" + f.name, text: "array.set" + f.name, form: "sss", fault: "arrayFaultHandler", body: in + "v := *ra(pc, fp)\n" + f.put})
	}
	g.add(spec{name: "ArrayLen", text: "array.len", form: "ds-", fault: "arrayFaultHandler",
		body: null + "*ra(pc, fp) = uint64(*(*uint32)(unsafe.Add(x.Store.Heap.Base, uintptr(r)+4)))"})

	// Tables with 32-bit indices, and the size of memory 0 in default pages.
	const entry = `t := e.table(uint64(uc(pc)))
		i := uint32(*INDEX)
		if uint64(i) >= uint64(len(t.Elems)) {
			break loop
		}
		p := (*vm.Ref)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(t.Elems)), uintptr(i)*4))
		`
	g.add(spec{name: "TableGet32", text: "table.get", form: "dsn", fault: "tableFaultHandler", body: replace(entry, "INDEX", "rb(pc, fp)") + "*ra(pc, fp) = uint64(*p)"})
	g.add(spec{name: "TableSet32", text: "table.set", form: "ssn", fault: "tableFaultHandler", body: replace(entry, "INDEX", "rb(pc, fp)") + "*p = vm.Ref(*ra(pc, fp))"})
	g.add(spec{name: "MemorySize0", text: "memory.size", form: "d--", body: "*ra(pc, fp) = size >> 16"})
}
