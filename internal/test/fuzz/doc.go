// Package fuzz has the fuzz targets that run the whole runtime through its API:
// generated modules, which must behave the same twice, and arbitrary bytes. The
// targets of single packages stand beside their code. It has tests only.
package fuzz
