package wasm

import "fmt"

// DecodeError says why bytes (or text) are not a module: the specification's
// "malformed".
type DecodeError struct {
	Offset  Offset // of the byte that the error is about
	Section string // such as "type section", "code section"; may be empty
	Func    int    // index of the function whose body it is in; -1: none
	Msg     string // begins with the specification's wording
}

// Error describes the error and where it is.
func (e *DecodeError) Error() string {
	s := fmt.Sprintf("decode: %s at offset %#x", e.Msg, uint32(e.Offset))
	if e.Section != "" {
		s += " in the " + e.Section
	}
	if e.Func >= 0 {
		s += fmt.Sprintf(", function %d", e.Func)
	}
	return s
}

// ValidationError says why a well-formed module is not valid.
type ValidationError struct {
	Func   int    // index of the function; -1: outside functions
	Offset Offset // of the instruction or item
	Op     string // text name of the instruction; empty outside expressions
	Msg    string // begins with the specification's wording
}

// Error describes the error and where it is.
func (e *ValidationError) Error() string {
	s := "validate: " + e.Msg
	if e.Op != "" {
		s += " (" + e.Op + ")"
	}
	s += fmt.Sprintf(" at offset %#x", uint32(e.Offset))
	if e.Func >= 0 {
		s += fmt.Sprintf(" in function %d", e.Func)
	}
	return s
}

// LimitError says which limit of the implementation or of a store was
// exceeded, by what.
type LimitError struct {
	Name      string // such as "types", "memory pages", "stack bytes"
	Have, Max uint64
}

// Error names the limit.
func (e *LimitError) Error() string {
	return fmt.Sprintf("limit exceeded: %d %s, at most %d are allowed", e.Have, e.Name, e.Max)
}
