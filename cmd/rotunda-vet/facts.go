package main

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// factsAnalyzer keeps undisclosed facts inside: no exported function or method of the store takes or gives a
// models type named …Facts, however deep, and no package but models and the store names one. What leaves the
// store has then been through Disclose, whatever the caller forgets.
var factsAnalyzer = &analysis.Analyzer{
	Name: "facts",
	Doc:  "facts types stay within models and models/store",
	Run:  runFacts,
}

func runFacts(pass *analysis.Pass) (any, error) {
	own, ok := ourPath(pass.Pkg.Path())
	if !ok {
		return nil, nil
	}
	if !under(own, "models") {
		reportFactsUses(pass)
	}
	if own != "models/store" {
		return nil, nil
	}
	for _, file := range filesButTests(pass) {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Name.IsExported() {
					reportFactsIn(pass, decl.Name)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if value, ok := spec.(*ast.ValueSpec); ok {
						for _, name := range value.Names {
							if name.IsExported() {
								reportFactsIn(pass, name)
							}
						}
					}
				}
			}
		}
	}
	return nil, nil
}

func reportFactsIn(pass *analysis.Pass, name *ast.Ident) {
	if found := newFactsWalk().find(pass.TypesInfo.Defs[name].Type()); found != "" {
		pass.Reportf(name.Pos(), "%s lets undisclosed facts out of the store: %s", name.Name, found)
	}
}

func reportFactsUses(pass *analysis.Pass) {
	for _, file := range filesButTests(pass) {
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if tn, ok := pass.TypesInfo.Uses[id].(*types.TypeName); ok && isFacts(tn) {
					pass.Reportf(id.Pos(), "%s belongs to models and the store alone: ask the store for what the viewer may know", id.Name)
				}
			}
			return true
		})
	}
}

func isFacts(tn *types.TypeName) bool {
	return tn.Pkg() != nil && tn.Pkg().Path() == module+"models" && strings.HasSuffix(tn.Name(), "Facts")
}

// factsWalk looks through a type for facts.
type factsWalk struct {
	seen   map[types.Type]bool
	opaque map[types.Type]bool // structs whose unexported fields nobody outside can see
}

func newFactsWalk() *factsWalk {
	return &factsWalk{seen: map[types.Type]bool{}, opaque: map[types.Type]bool{}}
}

// find names the first facts type inside t, or is "". Everything that a caller could reach or print counts:
// elements, fields, parameters of callbacks, type arguments, and what the methods of our model types return.
// Unexported fields count too, because fmt prints them, but for the store's own, and for a type with a Format
// method, which prints as that says: only its methods lead inside.
func (w *factsWalk) find(t types.Type) string {
	t = types.Unalias(t)
	if w.seen[t] {
		return ""
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Pointer:
		return w.find(t.Elem())
	case *types.Slice:
		return w.find(t.Elem())
	case *types.Array:
		return w.find(t.Elem())
	case *types.Chan:
		return w.find(t.Elem())
	case *types.Map:
		return w.first(t.Key(), t.Elem())
	case *types.Signature:
		return w.first(t.Params(), t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if found := w.find(v.Type()); found != "" {
				return found
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if found := w.find(m.Type()); found != "" {
				return found
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if !f.Exported() && (w.opaque[t] || f.Pkg().Path() == module+"models/store") {
				continue
			}
			if found := w.find(f.Type()); found != "" {
				return found
			}
		}
	case *types.Named:
		return w.findNamed(t)
	}
	return ""
}

func (w *factsWalk) findNamed(t *types.Named) string {
	if isFacts(t.Obj()) {
		return t.Obj().Name()
	}
	for arg := range t.TypeArgs().Types() {
		if found := w.find(arg); found != "" {
			return found
		}
	}
	if t.Obj().Pkg() == nil {
		return ""
	}
	own, ours := ourPath(t.Obj().Pkg().Path())
	if !ours {
		return ""
	}
	if format, _, _ := types.LookupFieldOrMethod(t, true, nil, "Format"); format != nil {
		w.opaque[t.Underlying()] = true
	}
	if own != "models/store" { // the store's methods are looked at one by one
		for m := range t.Methods() {
			if m.Exported() {
				if found := w.find(m.Signature().Results()); found != "" {
					return found
				}
			}
		}
	}
	return w.find(t.Underlying())
}

func (w *factsWalk) first(ts ...types.Type) string {
	for _, t := range ts {
		if found := w.find(t); found != "" {
			return found
		}
	}
	return ""
}
