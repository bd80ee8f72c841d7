//go:build wamr_gcstress

package vm

// gcStress makes every allocation collect garbage first, and freed cells be
// overwritten, so that a missing root shows at once. The build tag wamr_gcstress
// sets it.
const gcStress = true
