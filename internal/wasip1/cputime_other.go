//go:build !unix && !windows

package wasip1

import "time"

var processStart = time.Now()

// cpuTime is the time that the process has run, the nearest thing known here to the processor time it has used.
func cpuTime() time.Duration { return time.Since(processStart) }
