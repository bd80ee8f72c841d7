package op

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite zgen_opcodes.go from the table")

const generatedFile = "zgen_opcodes.go"

// laterRows names the constants of the rows whose text name an earlier row
// has already.
var laterRows = map[Opcode]string{
	0x1c:          "SelectT",
	BaseFB + 0x15: "RefTestNull",
	BaseFB + 0x17: "RefCastNull",
}

// goName returns the name of the constant for a row.
func goName(r *Info) string {
	if name, ok := laterRows[r.Code]; ok {
		return name
	}
	var b strings.Builder
	for _, word := range strings.FieldsFunc(r.Name, func(c rune) bool { return c == '.' || c == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// opcodeConstants returns the text of the generated file.
func opcodeConstants() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("// Code generated from table.go by \"go generate\"; DO NOT EDIT.\n\npackage op\n\n")
	b.WriteString("// The opcodes, each with its name in the text format.\nconst (\n")
	for i := range table {
		r := &table[i]
		fmt.Fprintf(&b, "%s Opcode = %#03x // %s\n", goName(r), uint16(r.Code), r.Name)
	}
	b.WriteString(")\n")
	return format.Source(b.Bytes())
}

// TestGeneratedOpcodes holds zgen_opcodes.go to the table. With -update it
// writes the file. It uses none of the constants, so that it compiles without
// them.
func TestGeneratedOpcodes(t *testing.T) {
	want, err := opcodeConstants()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(generatedFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(generatedFile)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	// A checkout with CRLF line ends is not stale.
	if !bytes.Equal(bytes.ReplaceAll(have, []byte("\r\n"), []byte("\n")), want) {
		t.Errorf("%s is stale; run: go generate ./internal/wasm/op", generatedFile)
	}
}

func TestGoName(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"i32.load8_s", "I32Load8S"},
		{"local.get", "LocalGet"},
		{"br_on_cast_fail", "BrOnCastFail"},
		{"v128.load8x8_s", "V128Load8x8S"},
		{"i8x16.add_sat_s", "I8x16AddSatS"},
		{"i32.atomic.rmw8.add_u", "I32AtomicRmw8AddU"},
		{"f32.const", "F32Const"},
		{"if", "If"},
		{"struct.get_s", "StructGetS"},
		{"select", "Select"},
		{"ref.cast", "RefCast"},
	} {
		code, ok := ByName(tc.text)
		if !ok {
			t.Errorf("no instruction %q", tc.text)
			continue
		}
		if got := goName(Lookup(code)); got != tc.want {
			t.Errorf("goName(%q) = %s, want %s", tc.text, got, tc.want)
		}
	}
	seen := map[string]Opcode{}
	for i := range table {
		name := goName(&table[i])
		if other, dup := seen[name]; dup {
			t.Errorf("%s is the constant of both %#x and %#x", name, other, table[i].Code)
		}
		seen[name] = table[i].Code
	}
}
