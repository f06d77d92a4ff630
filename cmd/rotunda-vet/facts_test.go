package main

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

func TestFacts_catchesEveryWayOutOfTheStore(t *testing.T) {
	analysistest.Run(t, fixtures(t, "facts"), factsAnalyzer, module+"models/store", module+"handlers")
}
