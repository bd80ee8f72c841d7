package custom

// Messages of decoding errors.
const (
	msgEnd              = "unexpected end of section or function"
	msgUTF8             = "malformed UTF-8 encoding"
	msgSectionSize      = "section size mismatch"
	msgNameSubsection   = "malformed name subsection"
	msgNameOrder        = "name subsections out of order"
	msgNameIndices      = "name map indices do not ascend"
	msgSubsectionSize   = "subsection size mismatch"
	msgHintOrder        = "branch hints do not ascend"
	msgHintSize         = "malformed branch hint size"
	msgHintValue        = "malformed branch hint value"
	msgHintFunc         = "@metadata.code.branch_hint annotation: unknown function"
	msgHintTarget       = "@metadata.code.branch_hint annotation: invalid target"
	msgHintPlace        = "@metadata.code.branch_hint annotation: section after the code section"
	msgDuplicateSection = "duplicate custom section"
)

// limitNames is the name of the limit in a *wasm.LimitError.
const limitNames = "names of the name section"
