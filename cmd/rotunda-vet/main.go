// Command rotunda-vet keeps the rules of the house that Go's own checkers do not know: where SQL text may come
// from, who may import whom, what a template may hold, that a goroutine survives a panic, and that undisclosed
// facts do not leave the store. Run it as
//
//	go run ./cmd/rotunda-vet ./...
//
// It prints one line for each fault and exits 3 when there is any.
package main

import (
	"go/ast"
	"go/token"
	"path"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/multichecker"
)

// module is the prefix of every import path of ours.
const module = "rotunda/"

func main() {
	multichecker.Main(sqlTextAnalyzer, importsAnalyzer, templatesAnalyzer, goroutinesAnalyzer, factsAnalyzer)
}

// ourPath is an import path of ours without the module's name; ok is false for any other path.
func ourPath(importPath string) (own string, ok bool) {
	return strings.CutPrefix(importPath, module)
}

// under reports whether path is dir or lies below it.
func under(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, dir+"/")
}

// forTests reports whether a package only helps tests: storetest, handlertest and their like. It is as free as
// they are, and nobody but they and cmd/rotunda-bench may import it.
func forTests(own string) bool { return strings.HasSuffix(own, "test") }

// filesButTests are the package's files that end up in a program.
func filesButTests(pass *analysis.Pass) []*ast.File {
	var files []*ast.File
	if own, _ := ourPath(pass.Pkg.Path()); forTests(own) {
		return nil
	}
	for _, f := range pass.Files {
		if !isTest(pass, f.Pos()) {
			files = append(files, f)
		}
	}
	return files
}

func isTest(pass *analysis.Pass, pos token.Pos) bool {
	name := path.Base(pass.Fset.Position(pos).Filename)
	return strings.HasSuffix(name, "_test.go") || !strings.HasSuffix(name, ".go") // go test's own main has no name
}
