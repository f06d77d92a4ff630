//go:build !race

package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// storeRead is an exported method of the store that answers a viewer.
type storeRead struct {
	name   string
	params []string // names, the receiver left out
}

// storeReads lists the exported methods of *store.Store that answer a viewer:
// all that take one, or tell somebody without one something of the models, but
// those that can reach a transaction and are named as acts.
func storeReads(t testing.TB) (reads []storeRead) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string][]string{}
	var exported []*ast.FuncDecl
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			key := receiver(f) + "." + f.Name.Name
			calls[key] = append(calls[key], callsOf(f)...)
			if f.Name.IsExported() && receiver(f) == "Store" && (slices.Contains(typesOf(f.Type.Params), "models.Viewer") || tellsAnybody(f)) {
				exported = append(exported, f)
			}
		}
	}
	for _, f := range exported {
		one := storeRead{name: f.Name.Name, params: paramNames(f)}
		if !isAct(one) || !reaches(calls, "Store."+f.Name.Name, map[string]bool{}) {
			reads = append(reads, one)
		}
	}
	slices.SortFunc(reads, func(a, b storeRead) int { return strings.Compare(a.name, b.name) })
	return reads
}

// callsOf lists the functions and the methods of Store that a function calls
// or hands on: ".name" and "Store.name".
func callsOf(f *ast.FuncDecl) []string {
	stores := map[string]bool{}
	for _, list := range []*ast.FieldList{f.Recv, f.Type.Params} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			if star, ok := field.Type.(*ast.StarExpr); ok {
				if id, ok := star.X.(*ast.Ident); ok && id.Name == "Store" {
					for _, name := range field.Names {
						stores[name.Name] = true
					}
				}
			}
		}
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			switch x := n.X.(type) {
			case *ast.Ident:
				if stores[x.Name] {
					out = append(out, "Store."+n.Sel.Name)
				}
			case *ast.SelectorExpr: // something that carries the store in a field
				if x.Sel.Name == "s" || x.Sel.Name == "store" {
					out = append(out, "Store."+n.Sel.Name)
				}
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok {
				out = append(out, "."+id.Name)
			}
		}
		return true
	})
	return out
}

func reaches(calls map[string][]string, from string, seen map[string]bool) bool {
	if from == "Store.transact" || from == "Store.captures" {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(calls[from], func(to string) bool { return reaches(calls, to, seen) })
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
		if id, ok := star.X.(*ast.Ident); ok {
			return id.Name
		}
	}
	return ""
}

func paramNames(f *ast.FuncDecl) []string {
	var out []string
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			out = append(out, name.Name)
		}
	}
	return out
}

// tellsAnybody reports whether a method answers whoever asks: the public, or
// who holds a link.
func tellsAnybody(f *ast.FuncDecl) bool {
	return slices.Contains(typesOf(f.Type.Params), "context.Context") &&
		slices.ContainsFunc(typesOf(f.Type.Results), func(t string) bool { return strings.HasPrefix(t, "models.") && t != "models.Viewer" })
}

// typesOf lists the types of parameters or results that are of a package, and
// those of the elements of slices.
func typesOf(list *ast.FieldList) []string {
	if list == nil {
		return nil
	}
	var out []string
	for _, field := range list.List {
		typ := field.Type
		if slice, ok := typ.(*ast.ArrayType); ok {
			typ = slice.Elt
		}
		if sel, ok := typ.(*ast.SelectorExpr); ok {
			if pkg, ok := sel.X.(*ast.Ident); ok {
				out = append(out, pkg.Name+"."+sel.Sel.Name)
			}
		}
	}
	return out
}

// actVerbs begin the names of the store's acts. An act may answer with more
// than an id, to whoever did it: what was captured, what was sent.
var actVerbs = []string{
	"Add", "Advance", "Answer", "Approve", "Archive", "AskBriefReview", "Cancel", "Capture", "Change", "Choose", "Claim", "Clear", "Close", "Comment", "Commit", "Complete", "Copy", "Create", "Decide", "Delete", "Disable",
	"Discard", "Drop", "Duplicate", "Edit", "Enable", "End", "Finish", "FirstSignIn", "FollowUp", "HandOver", "Hold", "Import", "Invite", "Join", "Keep", "Leave", "Load", "MailResetLink", "Map", "Mark", "Merge", "Move",
	"New", "Note", "Nudge", "Open", "Overrule", "Propose", "Publish", "Put", "Rebuild", "Recompute", "Record", "Reissue", "Release", "RemarkOn", "Remind", "Remove", "Request", "Resolve", "Restore", "Retry", "Revoke",
	"Schedule", "Score", "Set", "Sign", "Split", "Stage", "Start", "Strike", "Submit", "Tag", "Take", "Tell", "Uncancel", "Undo", "Update", "Use", "Walk", "Withdraw",
}

// isAct reports whether a method that writes is an act by its name. Others
// write beside their answer, as an export notes itself in the audit log.
func isAct(m storeRead) bool {
	return slices.ContainsFunc(actVerbs, func(verb string) bool { return strings.HasPrefix(m.name, verb) })
}
