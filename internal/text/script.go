package text

import (
	"github.com/wamr-go/wamr/internal/wasm"
)

// Script is a sequence of commands. It is immutable.
type Script struct {
	Commands []Command
}

// CommandKind distinguishes commands.
type CommandKind uint8

// The commands of scripts. Which fields of Command are meaningful beside Line
// stands after each.
const (
	CmdModule                CommandKind = iota // Module: define and instantiate
	CmdDefinition                               // Module: define only
	CmdInstance                                 // ID of the new instance, Of the definition
	CmdRegister                                 // Name to import from, ID of the instance
	CmdAction                                   // Action
	CmdAssertReturn                             // Action, Results
	CmdAssertTrap                               // Action or Module (instantiation traps), Message
	CmdAssertExhaustion                         // Action, Message
	CmdAssertException                          // Action
	CmdAssertSuspension                         // Action, Message
	CmdAssertInvalid                            // Module, Message
	CmdAssertMalformed                          // Module, Message
	CmdAssertInvalidCustom                      // Module, Message
	CmdAssertMalformedCustom                    // Module, Message
	CmdAssertUnlinkable                         // Module, Message
	CmdThread                                   // ID, Shared, Commands: run them in a thread of their own
	CmdWait                                     // ID of the thread to join
	CmdInput                                    // Name of a file
	CmdOutput                                   // Name of a file, ID
)

var commandNames = [...]string{
	CmdModule: "module", CmdDefinition: "module definition", CmdInstance: "module instance",
	CmdRegister: "register", CmdAction: "action", CmdAssertReturn: "assert_return",
	CmdAssertTrap: "assert_trap", CmdAssertExhaustion: "assert_exhaustion",
	CmdAssertException: "assert_exception", CmdAssertSuspension: "assert_suspension",
	CmdAssertInvalid: "assert_invalid", CmdAssertMalformed: "assert_malformed",
	CmdAssertInvalidCustom: "assert_invalid_custom", CmdAssertMalformedCustom: "assert_malformed_custom",
	CmdAssertUnlinkable: "assert_unlinkable", CmdThread: "thread", CmdWait: "wait", CmdInput: "input",
	CmdOutput: "output",
}

// String returns the keyword of the command.
func (k CommandKind) String() string {
	if int(k) < len(commandNames) {
		return commandNames[k]
	}
	return "unknown"
}

// Command is one command of a script. See CommandKind for its fields.
type Command struct {
	Kind CommandKind
	Line int // where it begins, from one
	// ID and Of are identifiers without the $; empty: the last module.
	ID, Of   string
	Name     string
	Message  string // expected, as a prefix of the actual message
	Module   *ScriptModule
	Action   *Action
	Results  []Result
	Shared   string // the module that a thread shares with its creator
	Commands []Command
}

// Action is a call or an access to a global.
type Action struct {
	Get    bool   // read the global, rather than call the function
	Module string // identifier without the $; empty: the last module
	Name   string // of the export
	Args   []Value
}

// ModuleForm says how a script's module is written.
type ModuleForm uint8

// The forms of modules.
const (
	FormText   ModuleForm = iota // as text
	FormBinary                   // as bytes, (module binary ...)
	FormQuote                    // as text in strings, (module quote ...)
)

// ScriptModule is a module of a script. It is looked into only when asked for,
// so that a malformed one does not spoil the script.
type ScriptModule struct {
	ID     string // identifier without the $; empty: none
	Form   ModuleForm
	Binary []byte // FormBinary: the bytes
	Quote  []byte // FormQuote: the text

	src             *source
	open, end       int // FormText: the tokens that it begins and ends with
	annot, annotEnd int
}

// Parse parses a module that is not in binary form.
func (m *ScriptModule) Parse(features wasm.Feature) (*wasm.Module, error) {
	if m.Form == FormQuote {
		return ParseModule(m.Quote, features)
	}
	return parseModule(m.src, m.open, m.end, m.annot, m.annotEnd, features)
}

// ParseScript parses a script. Where it has no commands but the fields of a
// module they are that module. Errors are of type *Error.
func ParseScript(src []byte) (*Script, error) {
	s := lex(src)
	p := &scriptParser{cursor: cursor{source: s, end: len(s.toks) - 1}, line: 1}
	script := &Script{}
	if t := p.peekAt(1); p.peek().kind == tokLParen && t.kind == tokWord && isField[t.word] {
		script.Commands = []Command{{
			Kind: CmdModule, Line: p.lineOf(p.peek()),
			Module: &ScriptModule{src: s, open: -1, end: p.end, annotEnd: len(s.annots)},
		}}
		return script, nil
	}
	script.Commands = p.commands(false)
	if p.err != nil {
		return nil, p.err
	}
	return script, nil
}

// isField holds the keywords of module fields.
var isField = map[word]bool{
	wordType: true, wordRec: true, wordImport: true, wordFunc: true, wordTable: true, wordMemory: true,
	wordGlobal: true, wordTag: true, wordExport: true, wordStart: true, wordElem: true, wordData: true,
}

type scriptParser struct {
	cursor
	annot     int    // index in source.annots of the next
	line      int    // number of the line of byte lineStart
	lineStart uint32 // some position already passed
}

// lineOf returns the line of a token. Calls come in the order of the text.
func (p *scriptParser) lineOf(t token) int {
	for ; p.lineStart < t.pos && int(p.lineStart) < len(p.text); p.lineStart++ {
		if p.text[p.lineStart] == '\n' {
			p.line++
		}
	}
	return p.line
}

// commands reads commands up to the end of the text, or to the closing
// parenthesis of a thread.
func (p *scriptParser) commands(inThread bool) []Command {
	var list []Command
	for p.err == nil {
		t := p.peek()
		if t.kind == tokEOF || inThread && t.kind == tokRParen {
			return list
		}
		if w := p.peekAt(1); t.kind != tokLParen || w.kind != tokWord {
			if t.kind == tokLParen {
				t = w
			}
			p.unexpected(t, "command")
			return nil
		}
		c := Command{Line: p.lineOf(t)}
		p.command(&c, inThread)
		list = append(list, c)
	}
	return list
}

// assertions maps the keywords of assertions to commands, except those about
// modules.
var assertions = map[word]CommandKind{
	wordAssertReturn: CmdAssertReturn, wordAssertTrap: CmdAssertTrap,
	wordAssertExhaustion: CmdAssertExhaustion, wordAssertException: CmdAssertException,
	wordAssertSuspension: CmdAssertSuspension,
}

// moduleAssertions maps the keywords of assertions about modules to commands.
var moduleAssertions = map[word]CommandKind{
	wordAssertInvalid: CmdAssertInvalid, wordAssertMalformed: CmdAssertMalformed,
	wordAssertInvalidCustom: CmdAssertInvalidCustom, wordAssertMalformedCustom: CmdAssertMalformedCustom,
	wordAssertUnlinkable: CmdAssertUnlinkable,
}

func (p *scriptParser) command(c *Command, inThread bool) {
	w := p.peekAt(1)
	switch w.word {
	case wordModule:
		p.module(c)
		return
	case wordInvoke, wordGet:
		c.Kind, c.Action = CmdAction, p.action()
		return
	}
	p.pos += 2
	switch w.word {
	case wordRegister:
		c.Kind, c.Name, c.ID = CmdRegister, p.name(), string(p.id())
	case wordThread:
		if inThread {
			p.unexpected(w, "command")
			return
		}
		c.Kind, c.ID = CmdThread, string(p.id())
		if p.open(wordShared) {
			if p.open(wordModule) {
				c.Shared = string(p.id())
				p.close()
			}
			p.close()
		}
		c.Commands = p.commands(true)
	case wordWait:
		c.Kind, c.ID = CmdWait, string(p.id())
	case wordInput:
		p.id()
		c.Kind, c.Name = CmdInput, p.name()
	case wordOutput:
		c.Kind, c.ID = CmdOutput, string(p.id())
		if p.peek().kind == tokString {
			c.Name = p.name()
		}
	default:
		p.assertion(c, w)
	}
	p.close()
}

// assertion reads the rest of an assertion after its keyword w.
func (p *scriptParser) assertion(c *Command, w token) {
	if kind, ok := moduleAssertions[w.word]; ok {
		var m Command
		p.module(&m)
		c.Kind, c.Module, c.Message = kind, m.Module, p.message()
		return
	}
	kind, ok := assertions[w.word]
	if !ok {
		p.unexpected(w, "command")
		return
	}
	c.Kind = kind
	if kind == CmdAssertTrap && p.opens(wordModule) {
		var m Command
		p.module(&m)
		c.Module = m.Module
	} else {
		c.Action = p.action()
	}
	if kind == CmdAssertReturn {
		for p.err == nil && p.peek().kind == tokLParen {
			c.Results = append(c.Results, p.result())
		}
		return
	}
	if kind != CmdAssertException || p.peek().kind == tokString {
		c.Message = p.message()
	}
}

// message reads the expected message of an assertion.
func (p *scriptParser) message() string { return string(p.string()) }

// module reads a module command of any form into c.
func (p *scriptParser) module(c *Command) {
	open := p.pos
	if !p.open(wordModule) {
		p.unexpected(p.peek(), "(module")
		return
	}
	if p.isWord(wordInstance) {
		p.pos++
		c.Kind, c.ID = CmdInstance, string(p.id())
		c.Of = string(p.id())
		p.close()
		return
	}
	c.Kind = CmdModule
	m := &ScriptModule{src: p.source, open: open}
	c.Module = m
	if p.isWord(wordDefinition) {
		p.pos++
		c.Kind = CmdDefinition
		// The module itself begins after this keyword.
		m.open = p.pos - 2
	}
	m.ID = string(p.id())
	if p.isWord(wordBinary) || p.isWord(wordQuote) {
		m.Form = FormBinary
		if p.isWord(wordQuote) {
			m.Form = FormQuote
		}
		p.pos++
		text := []byte{}
		for i := 0; p.peek().kind == tokString; i++ {
			if i > 0 && m.Form == FormQuote {
				text = append(text, ' ')
			}
			text = appendString(text, p.bytes(p.next()))
		}
		if m.Form == FormBinary {
			m.Binary = text
		} else {
			m.Quote = text
		}
		p.close()
		return
	}
	p.pos = open
	p.skip()
	if p.err != nil {
		return
	}
	m.end = p.pos - 1
	for p.annot < len(p.annots) && int(p.annots[p.annot].at) <= open {
		p.annot++
	}
	m.annot = p.annot
	for p.annot < len(p.annots) && int(p.annots[p.annot].at) <= m.end {
		p.annot++
	}
	m.annotEnd = p.annot
	for _, t := range p.toks[open:m.end] {
		// What is no token at all spoils the script, as the words of
		// unknown instructions do not.
		if t.kind == tokError && msg(t.word) != msgUnknownOperator {
			p.fail(t, "")
			return
		}
	}
}

// action reads (invoke id? name value*) or (get id? name).
func (p *scriptParser) action() *Action {
	a := &Action{}
	switch {
	case p.open(wordGet):
		a.Get = true
	case p.open(wordInvoke):
	default:
		p.unexpected(p.peek(), "action")
		return a
	}
	a.Module, a.Name = string(p.id()), p.name()
	for p.err == nil && !a.Get && p.peek().kind == tokLParen {
		a.Args = append(a.Args, p.value())
	}
	p.close()
	return a
}
