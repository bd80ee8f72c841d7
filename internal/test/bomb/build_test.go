package bomb

import (
	"strings"

	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/instr"
)

const preamble = "\x00asm\x01\x00\x00\x00"

// Modules are put together as strings: their bytes are the point.

func leb(n int) string { return string(instr.AppendU32(nil, uint32(n))) }

// sleb is a signed integer, as in heap types.
func sleb(n int) string { return string(instr.AppendS64(nil, int64(n))) }

func section(id wasm.SectionID, content string) string {
	return string(rune(id)) + leb(len(content)) + content
}

// vec is a vector of n times the same item.
func vec(n int, item string) string { return leb(n) + strings.Repeat(item, n) }

func sized(content string) string { return leb(len(content)) + content }

func custom(name, content string) string { return section(wasm.SectionCustom, sized(name)+content) }

// module has the given sections.
func module(sections ...string) []byte { return []byte(preamble + strings.Join(sections, "")) }

// typeSection has the given types in binary form.
func typeSection(types ...string) string {
	return section(wasm.SectionType, leb(len(types))+strings.Join(types, ""))
}

const noType = "\x60\x00\x00" // [] -> []

// functions is a module with n functions of type 0, all with the same locals and
// body, which lacks its final end; the sections before stand between the type
// and the function section.
func functions(n int, types []string, locals, body string) []byte {
	code := sized(locals + body + "\x0b")
	return module(typeSection(types...), section(wasm.SectionFunction, vec(n, "\x00")), section(wasm.SectionCode, vec(n, code)))
}

// function is a module with one function of type [] -> [].
func function(body string, types ...string) []byte {
	return functions(1, append([]string{noType}, types...), "\x00", body)
}
