package main

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

func TestSQLText_catchesEveryTextThatIsNotWrittenByAProgrammer(t *testing.T) {
	analysistest.Run(t, fixtures(t, "sqltext"), sqlTextAnalyzer, module+"models/store")
}
