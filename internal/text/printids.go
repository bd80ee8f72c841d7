package text

import (
	"strconv"
	"unicode/utf8"

	"github.com/wamr-go/wamr/internal/wasm"
)

// ident is what stands for an item in text.
type ident struct {
	id string // with the $; empty: none
	// name is the item's name where the identifier had to differ from it.
	name string
}

// formatID returns a name as an identifier.
func formatID(name string) string {
	for i := 0; i < len(name); i++ {
		if class[name[i]] != chID {
			return "$" + string(quote(nil, []byte(name)))
		}
	}
	return "$" + name
}

// unique makes identifiers of names: one for each of n items that has a name.
func unique(names wasm.NameMap, n int) []ident {
	if len(names) == 0 {
		return nil
	}
	used := make(map[string]bool, len(names))
	var ids []ident
	for _, a := range names {
		if int64(a.Index) >= int64(n) {
			break
		}
		for len(ids) <= int(a.Index) {
			ids = append(ids, ident{})
		}
		ids[a.Index] = uniqueID(used, a)
	}
	return ids
}

// uniqueID makes an identifier that is not in used, and puts it there.
func uniqueID(used map[string]bool, a wasm.NameAssoc) ident {
	if a.Name == "" || !utf8.ValidString(a.Name) {
		return ident{}
	}
	var id ident
	name := a.Name
	for used[name] {
		id.name = a.Name
		name += "#" + strconv.FormatUint(uint64(a.Index), 10)
	}
	used[name] = true
	id.id = formatID(name)
	return id
}

// makeIDs makes the identifiers of all items of the module.
func (p *printer) makeIDs() {
	n, m := p.opt.Names, p.m
	p.types = unique(n.Types, len(m.Types))
	p.funcs = unique(n.Funcs, m.NumFuncs())
	p.tables = unique(n.Tables, m.NumTables())
	p.memories = unique(n.Memories, m.NumMemories())
	p.globals = unique(n.Globals, m.NumGlobals())
	p.tags = unique(n.Tags, m.NumTags())
	p.elems = unique(n.Elems, len(m.Elems))
	p.datas = unique(n.Data, len(m.Data))
	p.fields = make([][]ident, len(m.Types))
	for _, a := range n.Fields {
		if int64(a.Index) < int64(len(m.Types)) && m.Types[a.Index].Kind == wasm.KindStruct {
			p.fields[a.Index] = unique(a.Names, len(m.Types[a.Index].Fields))
		}
	}
}

// localIDs makes the identifiers of the n locals of function x.
func (p *printer) localIDs(x uint32, n int) []ident {
	return unique(p.opt.Names.Locals.Of(x), n)
}
