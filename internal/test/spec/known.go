package spec

// SuiteKnown lists the assertions of the official suite that this runtime is
// right to fail.
var SuiteKnown = []Known{
	{"proposals/threads/memory.wast", 83, memoryLimits},
	{"proposals/threads/memory.wast", 87, memoryLimits},
	{"proposals/threads/memory.wast", 91, memoryLimits},
	{"proposals/threads/imports.wast", 309, multipleTables},
	{"proposals/threads/imports.wast", 313, multipleTables},
	{"proposals/threads/imports.wast", 317, multipleTables},
}

// What the fork of the suite for threads, which is older than WebAssembly 2.0,
// says otherwise than the suite of today.
const (
	memoryLimits   = "memory64 made limits that are too large for the index type invalid (memory.wast), not malformed"
	multipleTables = "reference types allow several tables (imports.wast)"
)
