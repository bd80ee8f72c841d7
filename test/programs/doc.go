// Package programs holds real programs in C, C++, Rust and Go, and the test
// that runs them: each is built for WASI with the installed tool chain, run by
// iwasm, and has to print what its native build prints and exit as it exits.
//
// The sources stand in c, cpp, rust and go; beside each lies the output that is
// expected of both builds (NAME.out). After adding a program or changing one,
// name it in table_test.go and write its output from the native build:
//
//	go test ./test/programs -update
//
// A missing tool chain skips its language, with the reason; where the variable
// CI is true, it fails the test instead. WAMR_IWASM names an iwasm to test in
// place of the one that the test builds.
//
// The package has no code of its own outside its tests.
package programs
