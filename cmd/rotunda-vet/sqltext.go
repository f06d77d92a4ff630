package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// sqlTextAnalyzer reports SQL text that is neither a constant nor of the store's type sqlText. Taint checkers do
// not see a request's words on their way through a handler, a struct and a query; asking where every SQL text
// was written does, because sqlText is unexported, made from constants and joined by its own methods.
var sqlTextAnalyzer = &analysis.Analyzer{
	Name: "sqltext",
	Doc:  "SQL text must be a constant or the store's sqlText; no AutoMigrate, no Save",
	Run:  runSQLText,
}

// Where in a call the SQL text stands, counted after a leading context.
const (
	fromHere   = 100  // every argument from this one on names columns or holds SQL
	conditions = 1000 // an inline condition: SQL text if it is a string, a key if it is a number
)

// gormText names the functions and methods of package gorm and its clause package that take SQL text.
var gormText = map[string]int{
	"Raw": 0, "Exec": 0, "Expr": 0, "Where": 0, "Or": 0, "Not": 0, "Having": 0, "Order": 0, "Group": 0,
	"Joins": 0, "InnerJoins": 0, "Table": 0, "Pluck": 0, "Preload": 0, "Update": 0, "UpdateColumn": 0,
	"Select": fromHere, "Omit": fromHere, "Distinct": fromHere, "WriteString": 0,
	"First": 1 + conditions, "Take": 1 + conditions, "Last": 1 + conditions, "Find": 1 + conditions,
	"FirstOrCreate": 1 + conditions, "FirstOrInit": 1 + conditions, "Delete": 1 + conditions,
	"QueryContext": 0, "QueryRowContext": 0, "ExecContext": 0, "PrepareContext": 0,
}

// databaseText does the same for database/sql, its drivers, and interfaces of ours with the same methods.
var databaseText = map[string]int{
	"Query": 0, "QueryRow": 0, "Exec": 0, "Prepare": 0,
	"QueryContext": 0, "QueryRowContext": 0, "ExecContext": 0, "PrepareContext": 0,
}

// pgxText does the same for pgx: Prepare takes the statement's name first.
var pgxText = map[string]int{
	"Query": 0, "QueryRow": 0, "Exec": 0, "ExecParams": 0, "Queue": 0, "Prepare": 1, "CopyTo": 1,
}

func runSQLText(pass *analysis.Pass) (any, error) {
	for _, file := range filesButTests(pass) { // tests name tables as they come
		for _, decl := range file.Decls {
			checkSQLDecl(pass, decl)
		}
	}
	return nil, nil
}

func checkSQLDecl(pass *analysis.Pass, decl ast.Decl) {
	inMethod := false
	if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv != nil {
		if inMethod = isSQLText(pass.TypesInfo.TypeOf(fn.Recv.List[0].Type)); inMethod {
			checkSQLTextMethod(pass, fn)
		}
	}
	called := map[*ast.Ident]bool{}
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id := calledName(n); id != nil {
				called[id] = true
			}
			checkSQLCall(pass, n, inMethod)
		case *ast.CompositeLit:
			checkClause(pass, n)
		case *ast.AssignStmt:
			checkClauseAssignment(pass, n)
		case *ast.Ident:
			if fn, ok := pass.TypesInfo.Uses[n].(*types.Func); ok && !called[n] {
				if _, ok := sqlArgument(fn); ok {
					pass.Reportf(n.Pos(), "%s takes SQL text: call it where it stands, so that the text can be seen", fn.Name())
				}
			}
		}
		return true
	})
}

// checkSQLTextMethod keeps the one door shut that sqlText's own methods have: inside them anything may be
// converted, so they take nothing that could carry words from outside.
func checkSQLTextMethod(pass *analysis.Pass, fn *ast.FuncDecl) {
	for _, param := range fn.Type.Params.List {
		t := pass.TypesInfo.TypeOf(param.Type)
		if s, ok := t.Underlying().(*types.Slice); ok {
			t = s.Elem()
		}
		if isSQLText(t) {
			continue
		}
		if _, ok := t.Underlying().(*types.Interface); ok || isString(t) {
			pass.Reportf(param.Pos(), "a method of sqlText takes sqlText and numbers, not %s", t)
		}
	}
}

func checkSQLCall(pass *analysis.Pass, call *ast.CallExpr, inMethod bool) {
	if tv := pass.TypesInfo.Types[call.Fun]; tv.IsType() {
		if isSQLText(tv.Type) && !inMethod && len(call.Args) == 1 && !isSQLOrConstant(pass, call.Args[0]) {
			pass.Reportf(call.Pos(), "sqlText is made from constants: join it by its own methods")
		}
		return
	}
	fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return
	}
	if under(fn.Pkg().Path(), "gorm.io/gorm") {
		switch {
		case fn.Name() == "AutoMigrate":
			pass.Reportf(call.Pos(), "no AutoMigrate: with foreign keys on it rebuilds tables and loses their children")
		case fn.Name() == "Save":
			pass.Reportf(call.Pos(), "no Save: it inserts when the id is zero; use Select(...).Updates(...)")
		}
	}
	at, ok := sqlArgument(fn)
	if !ok {
		return
	}
	inline, rest := at >= conditions, at%conditions >= fromHere
	at = at % conditions % fromHere
	if rest && len(call.Args) > at && hasPlaceholder(pass, call.Args[at]) {
		rest = false // what follows is bound, not text
	}
	for i := at; i < len(call.Args) && (i == at || rest); i++ {
		arg := call.Args[i]
		if isSafeSQL(pass, arg) || inline && isNumeric(pass.TypesInfo.TypeOf(arg)) {
			continue
		}
		pass.Reportf(arg.Pos(), "%s takes SQL text: a constant or sqlText, not %s", fn.Name(), pass.TypesInfo.TypeOf(arg))
	}
}

// sqlArgument is the index of a function's first SQL-text argument, coded as in the tables above.
func sqlArgument(fn *types.Func) (at int, ok bool) {
	if fn.Pkg() == nil {
		return 0, false
	}
	sig := fn.Type().(*types.Signature)
	switch p := fn.Pkg().Path(); {
	case under(p, "gorm.io/gorm"):
		at, ok = gormText[fn.Name()]
	case under(p, "database/sql"), p == "github.com/mattn/go-sqlite3":
		if recv := sig.Recv(); recv != nil && !isNamed(recv.Type(), p, "Stmt") && !isNamed(recv.Type(), p, "SQLiteStmt") {
			at, ok = databaseText[fn.Name()]
		}
	case under(p, "github.com/jackc/pgx/v5"):
		at, ok = pgxText[fn.Name()]
	default:
		if recv := sig.Recv(); recv != nil && types.IsInterface(recv.Type()) {
			at, ok = databaseText[fn.Name()]
		}
	}
	if !ok {
		return 0, false
	}
	params, index := sig.Params(), at%conditions%fromHere
	if params.Len() > 0 && isNamed(params.At(0).Type(), "context", "Context") {
		at, index = at+1, index+1
	}
	if index >= params.Len() {
		return 0, false
	}
	// A method of the same name that takes no text there (a statement's Exec, a generic Find) is none of ours.
	t := params.At(index).Type()
	if sig.Variadic() && index == params.Len()-1 {
		t = t.(*types.Slice).Elem()
		return at, isString(t) || types.IsInterface(t)
	}
	return at, isString(t) || types.IsInterface(t) && fn.Pkg().Path() == "gorm.io/gorm"
}

// checkClause looks at gorm's clause values that hold SQL text in a field.
func checkClause(pass *analysis.Pass, lit *ast.CompositeLit) {
	t := pass.TypesInfo.TypeOf(lit)
	raw := false
	for i, elt := range lit.Elts {
		name, value := fieldOf(t, i, elt)
		if name == "Raw" {
			tv := pass.TypesInfo.Types[value]
			raw = tv.Value == nil || tv.Value.String() != "false"
		}
	}
	for i, elt := range lit.Elts {
		name, value := fieldOf(t, i, elt)
		if holdsSQL(t, name, raw) && !isSafeSQL(pass, value) {
			pass.Reportf(value.Pos(), "clause field %s holds SQL text: a constant or sqlText", name)
		}
	}
}

func checkClauseAssignment(pass *analysis.Pass, stmt *ast.AssignStmt) {
	for i, lhs := range stmt.Lhs {
		sel, ok := ast.Unparen(lhs).(*ast.SelectorExpr)
		if !ok || len(stmt.Rhs) != len(stmt.Lhs) || !holdsSQL(pass.TypesInfo.TypeOf(sel.X), sel.Sel.Name, false) {
			continue
		}
		if stmt.Tok == token.ASSIGN && isSafeSQL(pass, stmt.Rhs[i]) {
			continue
		}
		pass.Reportf(stmt.Rhs[i].Pos(), "clause field %s holds SQL text: a constant or sqlText", sel.Sel.Name)
	}
}

func holdsSQL(t types.Type, field string, raw bool) bool {
	const clause = "gorm.io/gorm/clause"
	switch field {
	case "SQL":
		return isNamed(t, clause, "Expr") || isNamed(t, clause, "NamedExpr")
	case "Name":
		return raw && (isNamed(t, clause, "Column") || isNamed(t, clause, "Table"))
	}
	return false
}

// fieldOf is the field that element i of a struct literal sets, and its value.
func fieldOf(t types.Type, i int, elt ast.Expr) (string, ast.Expr) {
	if kv, ok := elt.(*ast.KeyValueExpr); ok {
		if key, ok := kv.Key.(*ast.Ident); ok {
			return key.Name, kv.Value
		}
		return "", kv.Value
	}
	if s, ok := t.Underlying().(*types.Struct); ok && i < s.NumFields() {
		return s.Field(i).Name(), elt
	}
	return "", elt
}

// isSafeSQL reports whether an argument can only hold text that a programmer wrote: a constant, sqlText or its
// string, or one of gorm's own expressions, whose text is checked where it is made.
func isSafeSQL(pass *analysis.Pass, arg ast.Expr) bool {
	if isSQLOrConstant(pass, arg) || isGormExpression(pass.TypesInfo.TypeOf(arg)) {
		return true
	}
	call, ok := ast.Unparen(arg).(*ast.CallExpr)
	if !ok {
		return false
	}
	if pass.TypesInfo.Types[call.Fun].IsType() { // string(q)
		return len(call.Args) == 1 && isSQLOrConstant(pass, call.Args[0])
	}
	fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if !ok {
		return false
	}
	recv := fn.Type().(*types.Signature).Recv()
	return recv != nil && isSQLText(recv.Type())
}

func isSQLOrConstant(pass *analysis.Pass, e ast.Expr) bool {
	tv := pass.TypesInfo.Types[e]
	return tv.Value != nil || tv.IsNil() || isSQLText(tv.Type)
}

// isGormExpression reports whether t is a *gorm.DB (a group of conditions or a subquery), a clause value, or a
// type that writes its own SQL through a clause builder.
func isGormExpression(t types.Type) bool {
	if isNamed(t, "gorm.io/gorm", "DB") {
		return true
	}
	if n := named(t); n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "gorm.io/gorm/clause" {
		return true
	}
	build, _, _ := types.LookupFieldOrMethod(t, true, nil, "Build")
	_, ok := build.(*types.Func)
	return ok
}

func hasPlaceholder(pass *analysis.Pass, e ast.Expr) bool {
	tv := pass.TypesInfo.Types[e]
	return tv.Value != nil && strings.ContainsAny(tv.Value.ExactString(), "?@")
}

func isSQLText(t types.Type) bool { return isNamed(t, module+"models/store", "sqlText") }

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// isNumeric reports whether t is an integer or a slice of them: primary keys, which gorm binds.
func isNumeric(t types.Type) bool {
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// named is the named type behind t and at most one pointer, or nil.
func named(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

func isNamed(t types.Type, pkg, name string) bool {
	n := named(t)
	return n != nil && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg
}

// calledName is the identifier by which a call names its function.
func calledName(call *ast.CallExpr) *ast.Ident {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	case *ast.IndexExpr: // a generic function with its type
		if sel, ok := fun.X.(*ast.SelectorExpr); ok {
			return sel.Sel
		}
	}
	return nil
}
