package interp

import "github.com/wamr-go/wamr/internal/wasm/op"

// charge counts an instruction of a metered function.
//
// Every instruction costs one unit of fuel, except nop, block, loop, else, end,
// try, try_table, catch, catch_all and delegate, which cost nothing. The cost
// of a straight stretch is charged at its beginning. A stretch ends after an
// instruction that may transfer control (branches, calls, throws) and at the
// edges of blocks that control may enter or leave there. Execution traps
// before the first stretch that the fuel that is left does not cover. So what
// a run costs, and where it stops, depends on the module alone.
func (c *compiler) charge(code op.Opcode) {
	switch code {
	case op.Nop, op.Block:
		return
	case op.Loop, op.Else, op.End, op.Try, op.TryTable, op.Catch, op.CatchAll, op.Delegate:
		c.fuelAt = none
		return
	}
	if c.fuelAt == none {
		c.fuelAt = c.emitWide(opFuel, 0, 0)
	}
	w := c.code[c.fuelAt]
	c.code[c.fuelAt] = packWide(opFuel, 0, unpackWide(w)+1)
	if op.Lookup(code).Effects&op.Transfers != 0 {
		c.fuelAt = none
	}
}
