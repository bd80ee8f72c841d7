package main

import "strings"

// sequential lists pairs of opcodes that real programs often execute one after
// the other. Each becomes an opcode that does both in one dispatch, without a
// change of the instructions but for the first one's opcode; see pairUp.
func (g *set) sequential() {
	for _, l := range []struct{ first, seconds string }{
		// Steps of loops and pointers.
		{"I32AddI", "I32AddI Move Move2 Load32U Load8U Load64 Store32 Store8 Store64 Load64Sum Call Ret1 GlobalSet Br BrLoop BrTable BrNZ BrZ I32DivSI I32ShlI I32And I32AndI" +
			" BrI32NeLoop BrI32LtSLoop BrI32LtULoop BrI32LtS BrI32LtU BrI32Ne BrI32NeILoop BrI32NeI BrI32EqI BrI32LeSLoop BrI32LtUI BrI32GtUI"},
		{"I32AddK", "Move I32AddI Load32U Load8U I32ShlI_Xor"},
		{"I32Add", "I32AddI I32Add BrI32LtSLoop BrI32LtULoop BrI32LeSLoop Store8Imm Store32 Store8 Move Load8U Load32U Ret1 I32GtUI"},
		{"I32Sub", "I32AddI I32Add Move Store32 Ret1 I32EqI"},
		{"I64AddI", "I64AddI Load64 Store64 Move BrI64NeLoop BrLoop BrI64LtS Load64Disp"},
		{"I64Add", "I64AddI I64Add Move Store64"},
		{"I32ShlI", "I32Add I32AddI I32AddK I32Or"},
		{"I32AndI", "BrNZ BrZ I32AddI BrI32EqI BrI32NeI"},
		{"I32Mul", "I32Add I32AddI"},
		{"I32Xor", "I32Xor I32Add I32RotlI I32And"},
		{"I32RotlI", "I32RotlI I32Xor"},
		{"I64Xor", "I64ShlI I64ShrUI I64Xor"},
		{"I64MulK", "I64MulK I64Add"},
		{"I64RotlI", "I64Add I64Xor"},
		{"I32GtUI", "I32AddI"},
		{"I64Eqz", "BrI64EqI BrNZ BrZ"},
		// Moves.
		{"Move", "I32AddI I32Add Call CallImport CallIndirect Br BrLoop BrNZLoop BrI32LtSLoop BrI32GtUILoop BrI32NeLoop Load32U Load8U Move2 Const32 Ret1"},
		{"Move2", "Move Move2 Call I32AddI BrLoop"},
		{"MoveMove", "BrLoop MoveMove I32AddI Br"},
		{"MoveI", "Call CallImport"},
		{"Const32", "Call I32AddI Br Move Store32 I32Add Const32 CallImport Ret1 Select BrI32EqI"},
		// Loads and what tests or uses the value.
		{"Load32U", "Load32U Load64 I32AddI Store32 BrZ BrNZ BrI32LtS BrI32LtU BrI32LtSLoop BrI32LtULoop BrI32Eq BrI32Ne BrI32EqI BrI32NeI BrI32LeS BrI32LeU BrI32GtSI BrI32LtSI Move Ret1 I32Add I32ShlI I32AndI Call GlobalSet"},
		{"Load8U", "Load8U BrZ BrNZ BrNZLoop BrI32EqI BrI32NeI BrI32NeILoop BrI32Ne BrI32Eq I32AddI I32Add Store8 I32AndI I32ShlI I32Xor BrTableAdd BrTable BrI32GtUI Load64Index I32ShlI_Add Load32UScaled"},
		{"Load16U", "I32AddI BrZ BrNZ BrI32Eq BrI32Ne BrI32NeI Store16"},
		{"Load8USum", "BrZ BrNZ Store8Sum I32Add I32Xor BrI32EqI BrI32NeI Load8USum BrI32Ne"},
		{"Load8UDisp", "Load8U BrTableAdd BrZ BrNZ I32AddI"},
		{"Load64", "Load64 Store64 BrI64NeI BrI64EqI BrI64Eq BrI64Ne Load8U Load32U I64AddI I64Eqz F64Mul F64Add F64Sub Load64Sum Move BrNZ BrZ I64Add Load64Disp Store64Disp"},
		{"Load64Sum", "F64Mul F64Add F64Sub"},
		{"Load64Disp", "Load64Sum Store64 Load64"},
		{"Load32USum", "I32Add"},
		{"Load32UScaled", "Move I32Xor"},
		{"Load64_F64Mul", "F64Add F64Sub"},
		{"Load64Abs", "F64Mul F64Add Load64Abs"},
		// Stores.
		{"Store32", "I32AddI Load32U Store32 Br Const32 Ret Move"},
		{"Store8", "I32AddI Load8U Store8 I32ShrUI CountI32NeK CountI32Ne"},
		{"Store64", "I64AddI I32AddI Load64 Store64 Const32 GlobalSet Br Call"},
		{"Store32Imm", "Store32Imm Store32 I32AddI"},
		{"Store8Imm", "I32Add I32AddI"},
		{"Store64K", "Const32 Load64 Call"},
		{"Store64Disp", "I32AddI Load64"},
		{"Store64Imm", "Store64Imm I32AddI"},
		// Floats.
		{"F64Mul", "F64Mul F64Add F64Sub Load64 Store64 F64Mul_Add F64Add_Mul F64Mul_Sub F64Mul_SubX"},
		{"F64Add", "F64Mul F64Add F64Sub Store64 BrF64LtK BrNotF64LtK F64Sub_Add F64Add_Mul"},
		{"F64Sub", "F64Mul F64Sub F64Add Store64 Load64"},
		{"F64Sub_Add", "F64Mul Const32"},
		{"F64Add_Mul", "F64Add"},
		{"F64Mul_Add", "F64Add F64Mul Store64"},
		{"F32Mul", "F32Mul F32Add F32Sub"},
		{"F32Add", "F32Mul F32Add F32Sub Store32"},
		// Others that some program spends its time in.
		{"I32LtU", "I32LtU Const32 Select I32And I32Or"},
		{"I32LtS", "Select I32And Const32"},
		{"Select", "Ret1 I32AddI I32ShlI_AddI Move"},
		{"Load64Index", "Load8U I64Add I64Xor Load64Index"},
		{"Load8S32", "BrTableAdd BrZ BrNZ BrI32EqI BrI32NeI"},
		{"Store32Abs", "I32ShlI_Add Load32UAbs I32AddI"},
		{"Load32UAbs", "I32AddI BrZ BrNZ Load32U"},
		{"I32ShlI_Add", "Load32U Load8U Load64"},
		{"I32AddI_AndI", "BrI32LtULoop BrI32LtUI BrI32GtUI BrI32LtU"},
		{"I32EqI", "I32Add"},
		{"I32ShlI_Xor", "I32ShrUI_Xor Store8"},
		{"I32ShrUI_Xor", "I32ShlI_Xor I32Add"},
		{"Load8U_I32Add", "Load8U_I32Add I32AddI_Add"},
		{"LoadV", "LoadV I8x16Eq I32x4Add F32x4Mul F32x4Add StoreV"},
		{"F32x4Mul", "F32x4Mul F32x4Add StoreV"},
		{"I16x8Add", "I16x8Add"},
		// Globals and frames.
		{"GlobalGet", "BrNZ BrZ Load32U Load64 Zero Store64 I32AddI"},
		{"GlobalSet", "RetI Ret Ret1 Load64 Store64K Const32 I32AddI Br Store64"},
		{"GlobalAdd", "Store32 Store32Imm Load32U Move Store64"},
		{"GlobalSetAdd", "Ret Ret1 RetI"},
		{"Zero", "BrTable BrZ BrI32GeSI I32AddI"},
		{"LocalGlobalAdd", "RetI Store64K Load64 Const32 Br"},
	} {
		x := g.specs[g.index[l.first]]
		if x.name != l.first || x.jump || x.body == "" {
			panic("no first of a sequence: " + l.first)
		}
		for _, second := range strings.Fields(l.seconds) {
			i, ok := g.index[second]
			if !ok {
				panic("no opcode " + second)
			}
			y := g.specs[i]
			body := large + "{\n" + x.body + "\n}\npc = unsafe.Add(pc, " + itoa(8*x.words()) + ")\n"
			if y.body == "" {
				body += "break loop"
			} else {
				body += "{\n" + y.body + "\n}\n"
				if !y.jump {
					body += "pc = unsafe.Add(pc, " + itoa(8*y.words()) + ")"
				}
			}
			g.add(spec{name: l.first + "Then" + second, text: x.text + ";" + y.text, form: x.form, jump: true, fault: x.fault, body: body})
			g.sequences[l.first] = append(g.sequences[l.first], second)
		}
	}
}
