package main

// driver lists the opcodes that the loop never does. Unless noted, their
// operands are in consecutive slots from a, where their results go; b is the
// number of operand slots, and the second word holds two 32-bit indices.
func (g *set) driver() {
	d := func(name, text, fault string) { g.add(spec{name: name, text: text, form: "sn- x", fault: fault}) }

	// Leaving.
	g.add(spec{name: "Halt", text: "halt", form: "---"})
	g.add(spec{name: "CrossReturn", text: "cross_return", form: "---", fault: "crossReturnHandler"})
	g.add(spec{name: "Compile", text: "compile", form: "-g", fault: "compileHandler"})
	g.add(spec{name: "Unreachable", text: "unreachable", form: "---", fault: "unreachableHandler"})

	// Calls: new frame, its record, function index (or operand) and type or table.
	g.add(spec{name: "CallImport", text: "call_import", form: "nn- k", fault: "callImportHandler"})
	g.add(spec{name: "CallIndirect64", text: "call_indirect64", form: "nns x", fault: "callIndirectHandler"})
	// Tail calls: arguments, own record, operand; the second word as in the
	// calls above, the third holds the number of argument slots.
	g.add(spec{name: "ReturnCallImport", text: "return_call_import", form: "sn- kk", fault: "returnCallImportHandler"})
	g.add(spec{name: "ReturnCallIndirect", text: "return_call_indirect", form: "sns xk", fault: "returnCallIndirectHandler"})
	g.add(spec{name: "ReturnCallRef", text: "return_call_ref", form: "sns xk", fault: "returnCallRefHandler"})

	d("MemorySize", "memory.size", "memorySizeHandler")
	d("MemoryGrow", "memory.grow", "memoryGrowHandler")
	d("MemoryFill", "memory.fill", "memoryFillHandler")
	d("MemoryCopy", "memory.copy", "memoryCopyHandler")
	d("MemoryInit", "memory.init", "memoryInitHandler")
	d("DataDrop", "data.drop", "dataDropHandler")
	d("TableGet", "table.get", "tableGetHandler")
	d("TableSet", "table.set", "tableSetHandler")
	d("TableSize", "table.size", "tableSizeHandler")
	d("TableGrow", "table.grow", "tableGrowHandler")
	d("TableFill", "table.fill", "tableFillHandler")
	d("TableCopy", "table.copy", "tableCopyHandler")
	d("TableInit", "table.init", "tableInitHandler")
	d("ElemDrop", "elem.drop", "elemDropHandler")

	g.add(spec{name: "RefFunc", text: "ref.func", form: "dg", body: "*ra(pc, fp) = uint64(uint32(e.inst.FuncBase) + wide(pc))"})
	g.add(spec{name: "RefAsNonNull", text: "ref.as_non_null", form: "snn", fault: "nullHandler", body: `
		if uint32(*ra(pc, fp)) == 0 {
			break loop
		}`})
	d("RefTest", "ref.test", "refTestHandler")
	d("RefCast", "ref.cast", "refCastHandler")
	g.add(spec{name: "RefI31", text: "ref.i31", form: "ds-", body: "*ra(pc, fp) = uint64(uint32(*rb(pc, fp))<<1 | 1)"})
	g.add(spec{name: "I31GetS", text: "i31.get_s", form: "dsn", fault: "nullHandler", body: `
		v := int32(*rb(pc, fp))
		if v == 0 {
			break loop
		}
		*ra(pc, fp) = uint64(uint32(v >> 1))`})
	g.add(spec{name: "I31GetU", text: "i31.get_u", form: "dsn", fault: "nullHandler", body: `
		v := uint32(*rb(pc, fp))
		if v == 0 {
			break loop
		}
		*ra(pc, fp) = uint64(v >> 1)`})
	d("StructNew", "struct.new", "structNewHandler")
	d("StructNewDefault", "struct.new_default", "structNewDefaultHandler")
	d("StructGet", "struct.get", "structGetHandler")
	d("StructGetS", "struct.get_s", "structGetHandler")
	d("StructSet", "struct.set", "structSetHandler")
	d("ArrayNew", "array.new", "arrayNewHandler")
	d("ArrayNewDefault", "array.new_default", "arrayNewDefaultHandler")
	d("ArrayNewFixed", "array.new_fixed", "arrayNewFixedHandler")
	d("ArrayNewData", "array.new_data", "arrayNewDataHandler")
	d("ArrayNewElem", "array.new_elem", "arrayNewElemHandler")
	d("ArrayGet", "array.get", "arrayGetHandler")
	d("ArraySet", "array.set", "arraySetHandler")
	d("ArrayFill", "array.fill", "arrayFillHandler")
	d("ArrayCopy", "array.copy", "arrayCopyHandler")
	d("ArrayInitData", "array.init_data", "arrayInitDataHandler")
	d("ArrayInitElem", "array.init_elem", "arrayInitElemHandler")

	d("Throw", "throw", "throwHandler")
	d("ThrowRef", "throw_ref", "throwRefHandler")

	// Operators with two results, and vector accesses other than plain ones:
	// the first index is the Wasm opcode.
	d("Wide", "wide", "wideHandler")
	g.add(spec{name: "VecMem", text: "v128.mem", form: "snn xk", fault: "vecMemHandler"})
	g.add(spec{name: "Atomic", text: "atomic", form: "snn xk", fault: "atomicHandler"})
}
