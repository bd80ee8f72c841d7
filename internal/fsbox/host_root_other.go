//go:build !windows

package fsbox

import (
	"io/fs"
	"os"
)

// fillSystemStat adds what the system tells beyond what all systems tell: nothing here.
func fillSystemStat(*Stat, fs.FileInfo) {}

// fillIdentity adds what only an open file tells: nothing here.
func fillIdentity(*Stat, *os.File) {}

// setOpenTimes sets the times of an open file, for which package os has no means here.
func setOpenTimes(*os.File, Times) error { return ENOTSUP }

// slashTarget is a link's target in the guest's notation, hostTarget in the host's.
func slashTarget(target string) string { return target }

func hostTarget(target string) string { return target }
