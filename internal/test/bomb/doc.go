// Package bomb tests the runtime against hostile input: small modules and texts
// that ask for much memory or time, and programs that never end, recurse
// without bound or allocate without bound. It has tests only.
//
// No test asserts a time. Each logs what took longer than the project's bar of
// 250 ms for an input of up to 64 KiB, and a watchdog ends what hangs. Memory
// is asserted: at most 64 MiB in total for such an input, and in proportion to
// the input beyond.
package bomb
