package views

import (
	"html"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"rotunda/models"
)

// leaks puts what the leak lint found in a Markdown text into marks. Every
// piece of text knows where it stands in the source, so a finding is marked at
// its very place, in several pieces where markup runs through it.
type leaks struct{ found []models.Finding }

// Transform marks the findings in a document.
func (l leaks) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	if len(l.found) == 0 {
		return
	}
	var pieces []*ast.Text
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.Image, *ast.AutoLink: // rendered as one
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if entering && !n.IsRaw() {
				pieces = append(pieces, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, piece := range pieces {
		l.mark(piece, reader.Source())
	}
}

// mark cuts a piece of text at the findings in it.
func (l leaks) mark(piece *ast.Text, source []byte) {
	for _, f := range l.found {
		at := piece.Segment
		start, end := max(f.Start, at.Start), min(f.End, at.Stop)
		if start >= end || f.End > len(source) || string(source[f.Start:f.End]) != f.Words {
			continue
		}
		parent := piece.Parent()
		if start > at.Start {
			parent.InsertBefore(parent, piece, ast.NewTextSegment(text.NewSegmentPadding(at.Start, start, at.Padding)))
		}
		marked := &leakNode{why: f.Rule.Words(), last: end == f.End}
		marked.AppendChild(marked, ast.NewTextSegment(text.NewSegment(start, end)))
		parent.InsertBefore(parent, piece, marked)
		// What is left keeps the line break that the piece ends with.
		piece.Segment = text.NewSegment(end, at.Stop)
	}
}

var leakKind = ast.NewNodeKind("Leak")

type leakNode struct {
	ast.BaseInline
	why  string
	last bool // the last piece of the finding, which says why
}

// Kind returns the kind of the node.
func (*leakNode) Kind() ast.NodeKind { return leakKind }

// Dump prints the node for debugging.
func (n *leakNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type leakRenderer struct{}

// RegisterFuncs registers how a mark is written: as the component leakMark
// writes it.
func (r leakRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(leakKind, r.render)
}

func (leakRenderer) render(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	leak := n.(*leakNode)
	out := `<mark class="leak" tabindex="0" title="` + html.EscapeString(leakTitle(leak.why)) + `">`
	if !entering {
		if out = "</mark>"; leak.last {
			out = `<span class="leak__why">` + html.EscapeString(leak.why) + "</span></mark>"
		}
	}
	_, err := w.WriteString(out)
	return ast.WalkContinue, err
}
