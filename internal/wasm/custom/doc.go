// Package custom reads and writes the contents of the custom sections that
// tools agree on: names, branch hints, producers and dynamic linking. It knows
// nothing of the sections around them.
//
// Specification: appendix "Custom Sections"; the tool conventions "Producers"
// and "Dynamic Linking".
package custom
