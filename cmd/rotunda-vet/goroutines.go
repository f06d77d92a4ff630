package main

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// goroutinesAnalyzer reports a goroutine that a panic could take the whole program down with: the rapporteurs'
// captures must not be lost because a mail would not render. What a goroutine runs begins with a deferred
// recover: a literal that calls recover itself, or a function named recovered…, which is held to doing so.
var goroutinesAnalyzer = &analysis.Analyzer{
	Name: "goroutines",
	Doc:  "every goroutine begins with a deferred recover",
	Run:  runGoroutines,
}

// launchers start the function in their argument of this index on a goroutine of its own.
var launchers = map[string]int{
	"(*sync.WaitGroup).Go":                      0,
	"time.AfterFunc":                            1,
	"context.AfterFunc":                         1,
	"(*golang.org/x/sync/errgroup.Group).Go":    0,
	"(*golang.org/x/sync/errgroup.Group).TryGo": 0,
}

func runGoroutines(pass *analysis.Pass) (any, error) {
	// What measures should stop at a panic, loudly.
	if own, _ := ourPath(pass.Pkg.Path()); under(own, "cmd/rotunda-bench") {
		return nil, nil
	}
	files := filesButTests(pass)
	bodies := map[types.Object]*ast.BlockStmt{}
	for _, file := range files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				bodies[pass.TypesInfo.Defs[fn.Name]] = fn.Body
				if isRecoveredName(fn.Name.Name) && !callsRecover(pass, fn.Body) {
					pass.Reportf(fn.Name.Pos(), "%s is named as if it recovered: it must call recover itself", fn.Name.Name)
				}
			}
		}
	}
	g := goroutines{pass, bodies}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if !g.guarded(n.Call.Fun) {
					pass.Reportf(n.Pos(), "a panic in this goroutine would stop the program: begin it with a deferred recover")
				}
			case *ast.CallExpr:
				fn, ok := typeutil.Callee(pass.TypesInfo, n).(*types.Func)
				if !ok {
					break
				}
				if at, ok := launchers[fn.FullName()]; ok && !g.guarded(n.Args[at]) {
					pass.Reportf(n.Args[at].Pos(), "a panic in what %s runs would stop the program: begin it with a deferred recover", fn.Name())
				}
			}
			return true
		})
	}
	return nil, nil
}

type goroutines struct {
	pass   *analysis.Pass
	bodies map[types.Object]*ast.BlockStmt
}

// guarded reports whether a function's first statements are defers and one of them recovers. The body of a
// function of another package is out of sight, so it is not guarded; nor is a function in a variable.
func (g goroutines) guarded(fun ast.Expr) bool {
	var body *ast.BlockStmt
	switch fun := ast.Unparen(fun).(type) {
	case *ast.FuncLit:
		body = fun.Body
	case *ast.Ident:
		body = g.bodies[g.pass.TypesInfo.Uses[fun]]
	case *ast.SelectorExpr:
		body = g.bodies[g.pass.TypesInfo.Uses[fun.Sel]]
	}
	if body == nil {
		return false
	}
	if len(body.List) == 1 && closes(body.List[0]) {
		return true
	}
	for _, stmt := range body.List {
		d, ok := stmt.(*ast.DeferStmt)
		if !ok {
			return false
		}
		if lit, ok := d.Call.Fun.(*ast.FuncLit); ok && callsRecover(g.pass, lit.Body) {
			return true
		}
		if fn, ok := typeutil.Callee(g.pass.TypesInfo, d.Call).(*types.Func); ok && isRecoveredName(fn.Name()) {
			if _, ours := ourPath(fn.Pkg().Path()); ours {
				return true
			}
		}
	}
	return false
}

// closes reports whether a statement does nothing but close something, as what ends with a context does.
func closes(stmt ast.Stmt) bool {
	var e ast.Expr
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Close" && len(call.Args) == 0
}

func isRecoveredName(name string) bool {
	return strings.HasPrefix(name, "recovered") || strings.HasPrefix(name, "Recovered")
}

// callsRecover reports whether a deferred function with this body stops a panic: recover works only when it is
// called by the deferred function itself, not by one inside it.
func callsRecover(pass *analysis.Pass, body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && pass.TypesInfo.Uses[id] == types.Universe.Lookup("recover") {
				found = true
			}
		}
		return !found
	})
	return found
}
