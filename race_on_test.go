//go:build race

package wamr_test

// raceEnabled says whether the race detector is on.
const raceEnabled = true
