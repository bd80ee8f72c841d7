// Package wasip1 is WASI 0.1 ("preview 1"): all 46 functions of wasi_snapshot_preview1, and of its predecessor wasi_unstable with the
// layouts that module had, with real semantics over the file systems of package fsbox, Go readers and writers, and Go's network listeners.
//
// # What it promises
//
// A [System] is what one program sees of the world, and it sees nothing that its [Config] doesn't grant. Every pointer and length that a
// program passes is checked in one place (memory.go) before it is used; a bad one is EFAULT, and no input makes a function panic or
// allocate more than a documented bound. Each descriptor carries rights, which path_open hands on at most and fd_fdstat_set_rights only
// takes away; a function whose right is missing is ENOTCAPABLE. Functions that wait end when their context does.
//
// # What it never does
//
// It knows no runtime: programs' memory is the interface [Memory], and [Functions] is a table of names, signatures and Go functions for a
// runtime to link. It touches no host path; fsbox does.
//
// # Where to start
//
// function.go has the table, system.go what a program is given, table.go the descriptors, abi.go the layouts; each group of functions has
// a file named after it. The specification is the witx of WASI, phases/snapshot (legacy/preview1 in its repository).
package wasip1
