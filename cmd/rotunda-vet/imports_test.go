package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

func TestImports_catchesWhatTheHouseForbids(t *testing.T) {
	analysistest.Run(t, fixtures(t, "imports"), importsAnalyzer,
		module+"models", module+"models/store", module+"handlers/intake", module+"elsewhere")
}

func TestImports_ruleForEachPair(t *testing.T) {
	for _, c := range []struct {
		own, imported string
		allowed       bool
	}{
		{"handlers", "rotunda/models/store", true},
		{"handlers", "rotunda/views/mail", true},
		{"handlers", "rotunda/handlers/worker", false},
		{"handlers", "rotunda/models/store/storetest", false},
		{"handlers", "github.com/labstack/echo/v4/middleware", true},
		{"handlers", "github.com/a-h/templ", false},
		{"handlers", "gorm.io/gorm", false},
		{"handlers/web", "github.com/a-h/templ", true},
		{"handlers/worker", "github.com/labstack/echo/v4", false},
		{"handlers/worker", "rotunda/views", false},
		{"handlers/intake", "rotunda/models/store", false},
		{"views", "rotunda/models/store", false},
		{"views", "rotunda/views/urls", true},
		{"views/files", "github.com/a-h/templ", false},
		{"models", "rotunda/models/suggest", false},
		{"models", "net/http", false},
		{"models/suggest", "rotunda/models", false},
		{"models/store", "rotunda/models/suggest", true},
		{"models/store", "rotunda/views/mail", false},
		{"models/store", "database/sql", true},
		{"models/store/storetest", "gorm.io/gorm", true},
		{"cmd/rotunda", "rotunda/models/store", true},
		{"cmd/rotunda", "rotunda/views/files", true},
		{"cmd/rotunda", "rotunda/views", false},
		{"cmd/rotunda", "database/sql", false},
		{"cmd/rotunda-bench", "database/sql", true},
		{"cmd/rotunda-vet", "github.com/a-h/templ/parser/v2", true},
		{"cmd/rotunda-bench", "rotunda/cmd/rotunda/crashtest", true},
		{"cmd/rotunda", "rotunda/cmd/rotunda/crashtest", false},
		{"cmd/rotunda", "rotunda/cmd/rotunda/example", true},
		{"models/store", "rotunda/cmd/rotunda/example", false},
		{"cmd/rotunda", "rotunda/cmd/rotunda/quick", true},
		{"handlers", "rotunda/cmd/rotunda/quick", false},
		{"handlers/handlertest", "rotunda/models/store/storetest", true},
		{"utils", "rotunda/models", false},
	} {
		if fault := importFault(c.own, c.imported); (fault == "") != c.allowed {
			t.Errorf("%s importing %s: allowed is %v, want %v (%s)", c.own, c.imported, !c.allowed, c.allowed, fault)
		}
	}
}

// The tree itself, by what go list says: also where a build tag hides a file from the analyzer.
func TestImports_everyPackageKeepsTheRule(t *testing.T) {
	out, err := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	dec, seen := json.NewDecoder(strings.NewReader(string(out))), 0
	for {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		own, _ := ourPath(pkg.ImportPath)
		for _, imported := range pkg.Imports {
			if fault := importFault(own, imported); fault != "" {
				t.Error(fault)
			}
		}
		seen++
	}
	if seen < 2 {
		t.Fatalf("go list named %d packages of ours: the test looks at nothing", seen)
	}
}
