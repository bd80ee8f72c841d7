package interp

import (
	"slices"
	"testing"
)

// TestPairUpTables holds pairUp to leaving tables alone, whose words may look
// like instructions, whether or not the branch itself is part of a pair.
func TestPairUpTables(t *testing.T) {
	step := pack(opI32AddI, 0, 0, 1)
	for _, op := range []opcode{opBrTable, opBrTableAdd} {
		branch := []uint64{packWide(op, 0, 5)} // five targets and the default one: three words
		for len(branch) < int(opInfos[op].words) {
			branch = append(branch, step)
		}
		table := []uint64{step, step, step}
		for _, before := range []uint64{step, pack(opLoad8U, 0, 0, 0), pack(opHalt, 0, 0, 0)} {
			code := slices.Concat([]uint64{before}, branch, table, []uint64{step, step})
			pairUp(code)
			start := 1 + len(branch)
			if got := code[start : start+len(table)]; !slices.Equal(got, table) {
				t.Errorf("%s after %s: table became %x", opInfos[op].name, nameAt(code, 0), got)
			}
			if code[start+len(table)] == step {
				t.Errorf("%s: the pair behind the table was not found", opInfos[op].name)
			}
		}
	}
}

func nameAt(code []uint64, at int) string {
	op, _, _, _ := unpack(code[at])
	return opInfos[op].name
}
