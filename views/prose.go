package views

import (
	"bytes"
	"context"
	"io"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"rotunda/models"
)

// Citation is what stands in place of a cited insight.
type Citation struct {
	Text, Attribution string
	Href              string // the trail; empty for none
	Warn              string // why it cannot be published, empty where it can
}

// Prose renders Markdown: GFM with footnotes, and [[i:ID]] as the insight's
// words with their attribution. Raw HTML and dangerous addresses are dropped by
// the renderer itself. prefix keeps the footnotes of two texts apart. What the
// leak lint found in the text is marked at the word, where it is one that is
// read: in an address or a piece of code it is not.
func Prose(markdown, prefix string, cited map[models.ID]Citation, found ...models.Finding) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		md := goldmark.New(
			goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.NewLinkify(),
				extension.NewFootnote(extension.WithFootnoteIDPrefix(prefix))),
			goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(citationParser{}, 90)),
				parser.WithASTTransformers(util.Prioritized(headings{}, 90), util.Prioritized(leaks{found}, 999))),
			goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(citationRenderer{cited}, 90), util.Prioritized(leakRenderer{}, 90))),
		)
		return md.Convert([]byte(markdown), w)
	})
}

// headings puts the headings of a text under that of the part it stands in,
// which is of the second level.
type headings struct{}

// Transform lowers the headings of a document.
func (headings) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			h.Level = min(max(h.Level+1, 3), 6)
		}
	}
}

var citationKind = ast.NewNodeKind("Citation")

type citationNode struct {
	ast.BaseInline
	id models.ID
}

// Kind returns the kind of the node.
func (*citationNode) Kind() ast.NodeKind { return citationKind }

// Dump prints the node for debugging.
func (n *citationNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// citationParser reads [[i:ID]].
type citationParser struct{}

// Trigger returns the sign that a citation begins with.
func (citationParser) Trigger() []byte { return []byte{'['} }

// Parse returns the citation at the reader, or nil.
func (citationParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	const length = len("[[i:0123456789abc]]")
	line, _ := block.PeekLine()
	if len(line) < length || !bytes.HasPrefix(line, []byte("[[i:")) || line[17] != ']' || line[18] != ']' {
		return nil
	}
	id, err := models.ParseID(string(line[4:17]))
	if err != nil {
		return nil
	}
	block.Advance(length)
	return &citationNode{id: id}
}

type citationRenderer struct{ cited map[models.ID]Citation }

// RegisterFuncs registers how a citation is written.
func (r citationRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(citationKind, r.render)
}

func (r citationRenderer) render(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	c, ok := r.cited[n.(*citationNode).id]
	if !ok {
		_, err := w.WriteString(`<span class="cite cite--none">[an insight that cannot be shown]</span>`)
		return ast.WalkContinue, err
	}
	var b bytes.Buffer
	b.WriteString(`<span class="cite`)
	if c.Warn != "" {
		b.WriteString(` cite--warn`)
	}
	b.WriteString(`">`)
	b.Write(util.EscapeHTML([]byte(c.Text)))
	b.WriteString(` <span class="cite__by">(`)
	b.Write(util.EscapeHTML([]byte(c.Attribution)))
	if c.Warn != "" {
		b.WriteString(`; `)
		b.Write(util.EscapeHTML([]byte(c.Warn)))
	}
	b.WriteString(`)</span>`)
	if c.Href != "" {
		b.WriteString(` <a class="cite__trail" href="`)
		b.Write(util.EscapeHTML(util.URLEscape([]byte(c.Href), true)))
		b.WriteString(`">trail</a>`)
	}
	b.WriteString(`</span>`)
	_, err := w.Write(b.Bytes())
	return ast.WalkContinue, err
}
