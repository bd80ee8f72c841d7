package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/wamr-go/wamr"
)

// wamrVersion is the release of WAMR whose command line this one follows.
const wamrVersion = "2.4.3"

// printVersion prints the version and the proposals that are supported.
func printVersion(w io.Writer) {
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	fmt.Fprintf(w, "iwasm %s (wamr-go %s, %s/%s, %s)\n\n", wamrVersion, version, runtime.GOOS, runtime.GOARCH, runtime.Version())
	fmt.Fprintln(w, "Supported proposals:")
	for _, name := range wamr.FeaturesAll.Names() {
		fmt.Fprintf(w, "  %s\n", name)
	}
}
