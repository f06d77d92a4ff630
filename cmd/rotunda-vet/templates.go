package main

import (
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/a-h/templ/parser/v2"
	"github.com/a-h/templ/parser/v2/visitor"
	"golang.org/x/tools/go/analysis"
)

// templatesAnalyzer reports what templ would let into a page unescaped, and what the content security policy
// would refuse to run or show. templ makes URLs safe in href and action only, and escapes nothing that comes
// by a spread or by Raw.
var templatesAnalyzer = &analysis.Analyzer{
	Name: "templates",
	Doc:  "no raw HTML, unsafe URLs, spreads, inline scripts, styles or handlers in a template",
	Run:  runTemplates,
}

// unescaped are templ's doors around its own escaping.
var unescaped = []string{"Raw", "FromGoHTML", "JSUnsafeFuncCall", "JSFuncCall", "SafeScript", "SafeScriptInline", "SafeCSS", "SafeCSSProperty"}

func runTemplates(pass *analysis.Pass) (any, error) {
	files := filesButTests(pass)
	for _, file := range files {
		checkTemplGo(pass, file)
	}
	if len(files) == 0 {
		return nil, nil
	}
	// The Go files lie beside the templates that they come from.
	dir := filepath.Dir(pass.Fset.Position(files[0].Package).Filename)
	names, err := filepath.Glob(filepath.Join(dir, "*.templ"))
	if err != nil {
		return nil, err
	}
	own, _ := ourPath(pass.Pkg.Path())
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		faults, err := templateFaults(string(text), own == "views/mail")
		if err != nil {
			return nil, err
		}
		file := pass.Fset.AddFile(name, -1, len(text))
		file.SetLinesForContent(text)
		for _, f := range faults {
			pass.Reportf(file.Pos(f.offset), "%s", f.text)
		}
	}
	return nil, nil
}

// checkTemplGo looks at the Go code, which for a template is the generated file: there a type says for certain
// what is called, whatever the import is named.
func checkTemplGo(pass *analysis.Pass, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if obj := pass.TypesInfo.Uses[n]; obj != nil && isTempl(obj.Pkg()) && slices.Contains(unescaped, obj.Name()) && obj.Parent() == obj.Pkg().Scope() {
				pass.Reportf(n.Pos(), "templ.%s puts text into the page as it is: no", obj.Name())
			}
		case *ast.CallExpr:
			tv := pass.TypesInfo.Types[n.Fun]
			if tv.IsType() && isNamed(tv.Type, "github.com/a-h/templ", "SafeURL") && pass.TypesInfo.Types[n.Args[0]].Value == nil {
				pass.Reportf(n.Pos(), "templ.SafeURL vouches for an address that is not a constant: no")
			}
		}
		return true
	})
}

func isTempl(pkg *types.Package) bool { return pkg != nil && pkg.Path() == "github.com/a-h/templ" }

// fault is one thing wrong with a template, at a byte offset.
type fault struct {
	offset int
	text   string
}

// templateFaults reads one template. A mail client knows no stylesheet of ours, so mails may carry styles.
func templateFaults(text string, mail bool) ([]fault, error) {
	tree, err := parser.ParseString(text)
	if err != nil {
		return nil, err
	}
	t := &template{mail: mail}
	v := visitor.New()
	element, raw, script := v.Element, v.RawElement, v.ScriptElement
	v.Element = func(n *parser.Element) error {
		t.attributes(n.Name, n.Attributes)
		return element(n)
	}
	v.RawElement = func(n *parser.RawElement) error { // <style> and its like
		if !mail || n.Name != "style" {
			t.report(n.Range, "no inline <"+n.Name+">: it belongs into static/")
		}
		t.attributes(n.Name, n.Attributes)
		return raw(n)
	}
	v.ScriptElement = func(n *parser.ScriptElement) error {
		if len(n.Contents) > 0 && constantOf(n.Attributes, "type") != "application/json" {
			t.report(n.Range, "no inline <script>: it belongs into static/")
		}
		t.attributes("script", n.Attributes)
		return script(n)
	}
	v.CSSTemplate = func(n *parser.CSSTemplate) error {
		t.report(n.Range, "no css block: it becomes an inline style")
		return nil
	}
	v.ScriptTemplate = func(n *parser.ScriptTemplate) error {
		t.report(n.Range, "no script block: it becomes an inline script")
		return nil
	}
	if err := tree.Visit(v); err != nil {
		return nil, err
	}
	return t.faults, nil
}

type template struct {
	mail   bool
	faults []fault
}

func (t *template) report(at parser.Range, text string) {
	t.faults = append(t.faults, fault{int(at.From.Index), text})
}

// attributes checks those of one element, also the conditional ones.
func (t *template) attributes(element string, attrs []parser.Attribute) {
	for _, attr := range attrs {
		switch a := attr.(type) {
		case *parser.ConditionalAttribute:
			t.attributes(element, a.Then)
			t.attributes(element, a.Else)
		case *parser.SpreadAttributes:
			t.report(a.Expression.Range, "no spread attributes: handlers and addresses would pass unseen")
		case *parser.ConstantAttribute:
			t.attribute(element, a.Key, a.Value, "")
		case *parser.BoolConstantAttribute:
			t.attribute(element, a.Key, "", "")
		case *parser.BoolExpressionAttribute:
			t.attribute(element, a.Key, "", a.Expression.Value)
		case *parser.ExpressionAttribute:
			t.attribute(element, a.Key, "", a.Expression.Value)
		}
	}
}

// attribute checks one; expression is its Go code when the value is not a constant.
func (t *template) attribute(element string, key parser.AttributeKey, constant, expression string) {
	if computed, ok := key.(parser.ExpressionAttributeKey); ok {
		t.report(computed.Expression.Range, "no attribute with a computed name")
		return
	}
	k, _ := key.(parser.ConstantAttributeKey)
	name := strings.ToLower(k.Name)
	report := func(text string) { t.report(k.NameRange, text) }
	switch {
	case name == "style" && !t.mail:
		report("no style attribute: the policy refuses it; use a class, or an SVG attribute")
	case strings.HasPrefix(name, "on") || strings.HasPrefix(name, "hx-on"):
		report("no inline handler: listen in static/")
	case name == "http-equiv" && strings.EqualFold(strings.TrimSpace(constant), "refresh"):
		report("no meta refresh: it moves the reader without asking")
	case name == "srcdoc":
		report("no srcdoc: it is a page inside an attribute")
	case expression != "" && (name == "http-equiv" || name == "xlink:href"):
		report("no dynamic " + name + ": templ does not make it safe")
	case expression != "" && !strings.HasPrefix(strings.TrimSpace(expression), "urls.") && (name == "formaction" || name == "src" && element == "iframe"):
		report("a " + name + " is a constant or built by views/urls: templ does not make it safe")
	case strings.HasPrefix(strings.ToLower(strings.TrimSpace(constant)), "javascript:"):
		report("no javascript: address")
	}
}

// constantOf is the value of an element's constant attribute, or "".
func constantOf(attrs []parser.Attribute, name string) string {
	for _, attr := range attrs {
		if a, ok := attr.(*parser.ConstantAttribute); ok {
			if k, ok := a.Key.(parser.ConstantAttributeKey); ok && strings.EqualFold(k.Name, name) {
				return a.Value
			}
		}
	}
	return ""
}
