package main

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

func TestGoroutines_catchesOneThatAPanicWouldEscape(t *testing.T) {
	analysistest.Run(t, fixtures(t, "goroutines"), goroutinesAnalyzer, module+"handlers/worker", module+"cmd/rotunda-bench")
}
