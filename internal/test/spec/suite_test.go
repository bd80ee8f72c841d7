package spec

import (
	"context"
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wamr-go/wamr"
	"github.com/wamr-go/wamr/internal/test/suite"
)

var match = flag.String("match", "", "run only the scripts whose path contains this")

// engines are those that the suite is run with.
var engines = []wamr.Engine{wamr.EngineInterp}

// TestSuite runs the official test suite, which the environment names, with
// every engine.
func TestSuite(t *testing.T) {
	root := suite.Dir(t)
	all, err := Find(root)
	if err != nil || len(all) < 200 {
		t.Fatalf("%d scripts in %s: %v", len(all), root, err)
	}
	var files []string
	for _, f := range all {
		if strings.Contains(filepath.ToSlash(f), *match) {
			files = append(files, f)
		}
	}
	for _, engine := range engines {
		t.Run(string(engine), func(t *testing.T) {
			r := Run(context.Background(), Config{Runtime: wamr.Config{Engine: engine}, Known: SuiteKnown}, files)
			var b strings.Builder
			r.WriteTo(&b)
			if r.OK() {
				t.Log("\n" + b.String())
			} else {
				t.Error("\n" + b.String())
			}
		})
	}
}
