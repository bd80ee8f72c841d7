//go:build !linux

package main

import "time"

var start = time.Now()

// now is the time on the wall, for want of a precise clock of processor time.
func now() time.Duration { return time.Since(start) }
