package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"path"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// importsAnalyzer reports an import that the house does not allow. Tests are free: they may build a whole
// request out of every floor.
var importsAnalyzer = &analysis.Analyzer{
	Name: "imports",
	Doc:  "who may import whom, and which package may know which library",
	Run:  runImports,
}

// mayImport says for each package of ours which others of ours it may import. A pattern ending in /* means the
// package before it and everything below. A package with no row of its own takes that of the nearest one above
// it; a package without any row may not exist.
var mayImport = map[string][]string{
	// The command line prints addresses, and no path is written twice.
	// The example is data with a builder, for the program and what measures it.
	"cmd": {"handlers/*", "models/*", "views/files", "views/urls", "cmd/rotunda/example", "cmd/rotunda/quick"},

	"handlers":        {"handlers/web", "handlers/api", "handlers/live", "handlers/intake", "models", "models/store", "views/*", "static"},
	"handlers/web":    {"models", "models/store", "views", "views/urls"},
	"handlers/api":    {"handlers/web", "models", "models/store", "views/*"},
	"handlers/live":   {"handlers/web", "models", "models/store", "views/*"},
	"handlers/worker": {"models/*", "views/mail", "views/files", "handlers/intake"},
	"handlers/intake": {"models"},

	"models":       {},
	"models/store": {"models/*"},

	"views":       {"views/ui", "views/mail", "views/urls", "models", "static"},
	"views/ui":    {"views/urls", "models", "static"},
	"views/mail":  {"models", "views/urls"},
	"views/files": {"models", "views/urls"},
	"views/urls":  {"models"},

	"static": {},
}

// mayKnow says for a library, or for a part of Go's own, which packages of ours may import it or what lies
// below it: those listed, and with /* those below them. What measures the program against the bare driver opens
// a database itself.
var mayKnow = map[string][]string{
	"github.com/labstack/echo":       {"handlers", "handlers/web", "handlers/api", "handlers/live"},
	"gorm.io":                        {"models/store"},
	"database/sql":                   {"models/store", "cmd/rotunda-bench"},
	"github.com/jackc":               {"models/store", "cmd/rotunda-bench"},
	"github.com/mattn/go-sqlite3":    {"models/store", "cmd/rotunda-bench"},
	"github.com/pressly/goose":       {"models/store"},
	"github.com/a-h/templ":           {"views", "views/ui", "views/mail", "handlers/web"},
	"github.com/a-h/templ/parser":    {"cmd/rotunda-vet"},
	"golang.org/x/tools/go/analysis": {"cmd/rotunda-vet"},
}

// impure are the imports that would give models a world of their own: they take time, rows and requests as
// arguments.
var impure = []string{"database/sql", "net/http", "os", "log", "math/rand"}

func runImports(pass *analysis.Pass) (any, error) {
	own, ok := ourPath(pass.Pkg.Path())
	if !ok {
		return nil, nil
	}
	for _, file := range filesButTests(pass) {
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			if fault := importFault(own, imported); fault != "" {
				pass.Reportf(spec.Pos(), "%s", fault)
			}
		}
		if under(own, "models") && !under(own, "models/store") {
			checkClock(pass, file)
		}
	}
	return nil, nil
}

// importFault says in a sentence what is wrong with package own (without the module's name) importing another,
// or "" when nothing is.
func importFault(own, imported string) string {
	if forTests(own) {
		return ""
	}
	if other, ok := ourPath(imported); ok {
		row, ok := rowFor(own)
		if !ok {
			return own + " has no row in the import rule: give it one in cmd/rotunda-vet, or another place"
		}
		if forTests(other) && own == "cmd/rotunda-bench" {
			return ""
		}
		if !matches(row, other) || forTests(other) {
			return fmt.Sprintf("%s may not import %s", own, other)
		}
		return ""
	}
	if under(own, "models") && !under(own, "models/store") {
		for _, p := range impure {
			if under(imported, p) {
				return fmt.Sprintf("%s is pure: it may not import %s", own, imported)
			}
		}
	}
	if library, ok := libraryFor(imported); ok && !matches(mayKnow[library], own) {
		return fmt.Sprintf("%s may not import %s", own, imported)
	}
	return ""
}

// checkClock reports a look at the clock: the rules of models get the instant from the store's.
func checkClock(pass *analysis.Pass, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		if ok && fn.Pkg() != nil && fn.Pkg().Path() == "time" && slices.Contains([]string{"Now", "Since", "Until"}, fn.Name()) &&
			fn.Type().(*types.Signature).Recv() == nil {
			pass.Reportf(call.Pos(), "models has no clock: take the instant as an argument")
		}
		return true
	})
}

func rowFor(own string) (row []string, ok bool) {
	for p := own; p != "."; p = path.Dir(p) {
		if row, ok := mayImport[p]; ok {
			return row, true
		}
	}
	return nil, false
}

// libraryFor is the longest entry of mayKnow that an import falls under. Major versions are part of a path, so
// an entry also covers them.
func libraryFor(imported string) (library string, ok bool) {
	for l := range mayKnow {
		if under(imported, l) && len(l) > len(library) {
			library = l
		}
	}
	return library, library != ""
}

func matches(patterns []string, own string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if dir := path.Dir(pattern); path.Base(pattern) == "*" {
			return under(own, dir)
		}
		return own == pattern
	})
}
