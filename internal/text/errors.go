package text

import (
	"bytes"
	"fmt"
)

// Error says why text is not a module or a script: the specification's
// "malformed". Line and Col count from one; Col counts bytes.
type Error struct {
	Line, Col int
	Msg       string // begins with the specification's wording
}

// Error describes the error and where it is.
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Msg) }

// errorAt makes the error for the byte at position pos of src.
func errorAt(src []byte, pos int, text string) *Error {
	pos = min(pos, len(src))
	before := src[:pos]
	return &Error{
		Line: bytes.Count(before, []byte{'\n'}) + 1,
		Col:  pos - bytes.LastIndexByte(before, '\n'),
		Msg:  text,
	}
}

// msg numbers the messages of the lexer, which travel in tokens.
type msg uint16

// The lexer's messages.
const (
	msgUnknownOperator msg = iota
	msgIllegalCharacter
	msgMalformedUTF8
	msgUnclosedString
	msgUnclosedComment
	msgUnclosedAnnotation
	msgIllegalControl
	msgIllegalEscape
	msgEmptyIdentifier
	msgEmptyAnnotation
	msgTooLong
)

var msgTexts = [...]string{
	msgUnknownOperator:    "unknown operator",
	msgIllegalCharacter:   "illegal character",
	msgMalformedUTF8:      "malformed UTF-8 encoding",
	msgUnclosedString:     "unclosed string literal",
	msgUnclosedComment:    "unclosed comment",
	msgUnclosedAnnotation: "unclosed annotation",
	msgIllegalControl:     "illegal control character in string literal",
	msgIllegalEscape:      "illegal escape",
	msgEmptyIdentifier:    "empty identifier",
	msgEmptyAnnotation:    "empty annotation id",
	msgTooLong:            "text too long",
}

// The parser's messages, in the wording of the reference interpreter, which
// the test suite compares by prefix.
const (
	errUnexpected       = "unexpected token"
	errConstRange       = "constant out of range"
	errLimitRange       = "i32 constant out of range"
	errAlign            = "alignment must be a power of two"
	errMismatchingLabel = "mismatching label"
	errInlineType       = "inline function type"
	errLaneCount        = "wrong number of lane literals"
	errLaneLength       = "invalid lane length"
	errMultipleStart    = "multiple start sections"
	errPageSize         = "invalid custom page size"

	errCustomName      = "@custom annotation: missing section name"
	errCustomUTF8      = "@custom annotation: malformed UTF-8 encoding"
	errCustomToken     = "@custom annotation: unexpected token"
	errCustomPlacement = "@custom annotation: malformed placement"
	errCustomSection   = "@custom annotation: malformed section kind"
	errCustomMisplaced = "misplaced @custom annotation"

	errNameToken     = "@name annotation: unexpected token"
	errNameUTF8      = "@name annotation: malformed UTF-8 encoding"
	errNameMultiple  = "@name annotation: multiple module"
	errNameMisplaced = "misplaced @name annotation"

	errHintToken     = "@metadata.code.branch_hint annotation: unexpected token"
	errHintDuplicate = "@metadata.code.branch_hint annotation: duplicate annotation"
	errHintTarget    = "@metadata.code.branch_hint annotation: invalid target"
	errHintMisplaced = "@metadata.code.branch_hint annotation: not in a function"
)
