package files

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"rotunda/models"
)

var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify, extension.Footnote))
})

// mostDepth is how deep lists and quotations are followed; what lies deeper
// stands at this depth.
const mostDepth = 4

// fromMarkdown reads a text in Markdown. under is the level of the heading it
// stands under: its own begin one below. HTML in it is left out, and a link
// leads to the web or to a mailbox or is plain words.
//
// cited are the insights that the text may cite as [[i:ID]]: each stands there
// with its attribution, and what is cited and not among them is left out.
func fromMarkdown(source string, under int, cited map[models.ID]models.BriefInsight) []block {
	raw := []byte(printable(source))
	w := &markdownWalk{source: raw, under: under, cited: cited}
	root := markdown().Parser().Parse(text.NewReader(raw))
	w.blocks(root, place{})
	return w.out
}

// place says where a block stands.
type place struct {
	depth   int // of the list
	list    int
	ordered bool
	number  int  // of the item whose first paragraph comes next
	begins  bool // the next paragraph begins an item
	quoted  bool
	small   bool
}

type markdownWalk struct {
	source []byte
	under  int
	cited  map[models.ID]models.BriefInsight
	lists  int
	out    []block
}

func (w *markdownWalk) blocks(parent ast.Node, at place) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			w.out = append(w.out, block{kind: heading, level: min(w.under+n.Level, 4), spans: w.citing(merged(w.spans(n, span{})))})
		case *ast.Paragraph, *ast.TextBlock:
			w.paragraph(w.spans(n, span{}), at)
			at.begins = false
		case *ast.Blockquote:
			quoted := at
			quoted.quoted = true
			w.blocks(n, quoted)
		case *ast.List:
			w.list(n, at)
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			w.paragraph([]span{{text: strings.TrimRight(string(n.Lines().Value(w.source)), "\n"), code: true}}, at)
		case *ast.ThematicBreak:
			w.out = append(w.out, block{kind: divider})
		case *extast.Table:
			w.table(n)
		case *extast.FootnoteList:
			w.footnotes(n)
		}
	}
}

func (w *markdownWalk) paragraph(spans []span, at place) {
	spans = merged(spans)
	if m := citation().FindStringSubmatch(words(spans)); m != nil && strings.TrimSpace(words(spans)) == m[0] && !at.begins {
		if i, ok := w.insight(m[1]); ok {
			w.out = append(w.out, quoted(i.Said(), i.Attribution)...)
		}
		return
	}
	if spans = w.citing(spans); len(spans) == 0 {
		return
	}
	b := block{kind: paragraph, level: at.depth, spans: spans}
	switch {
	case at.small:
		b.kind = small
	case at.begins:
		b.kind, b.list, b.ordered, b.number = listItem, at.list, at.ordered, at.number
	case at.quoted:
		b.kind = quotation
	}
	w.out = append(w.out, b)
}

var citation = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[\[i:([0-9a-z]{13})\]\]`) })

func (w *markdownWalk) insight(id string) (models.BriefInsight, bool) {
	known, err := models.ParseID(id)
	i, ok := w.cited[known]
	return i, ok && err == nil
}

// citing puts the insights into a line that cites them.
func (w *markdownWalk) citing(spans []span) []span {
	var out []span
	for _, s := range spans {
		s.text = citation().ReplaceAllStringFunc(s.text, func(mark string) string {
			i, ok := w.insight(citation().FindStringSubmatch(mark)[1])
			switch {
			case !ok:
				return ""
			case i.Attribution == "":
				return i.Said()
			}
			return i.Said() + " (" + i.Attribution + ")"
		})
		if s.text != "" {
			out = append(out, s)
		}
	}
	return out
}

// merged joins spans of one style: a text comes from the parser in pieces.
func merged(spans []span) []span {
	var out []span
	for _, s := range spans {
		if n := len(out) - 1; n >= 0 {
			last := out[n]
			if last.text = s.text; last == s {
				out[n].text += s.text
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

func (w *markdownWalk) list(n *ast.List, at place) {
	w.lists++
	inside := place{depth: min(at.depth+1, mostDepth), list: w.lists, ordered: n.IsOrdered(), number: max(n.Start, 1), small: at.small}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		inside.begins = true
		w.blocks(item, inside)
		inside.number++
	}
}

func (w *markdownWalk) table(n *extast.Table) {
	var rows [][][]span
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		var row [][]span
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			row = append(row, w.citing(merged(w.spans(c, span{}))))
		}
		rows = append(rows, row)
	}
	w.out = append(w.out, block{kind: tableBlock, rows: rows})
}

// footnotes writes the notes of a text at its end, each with its number.
func (w *markdownWalk) footnotes(list *extast.FootnoteList) {
	w.out = append(w.out, block{kind: divider})
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		f, ok := n.(*extast.Footnote)
		if !ok {
			continue
		}
		from := len(w.out)
		w.blocks(f, place{small: true})
		if from < len(w.out) {
			w.out[from].spans = append([]span{{text: strconv.Itoa(f.Index), over: true}, {text: " "}}, w.out[from].spans...)
		}
	}
}

// spans reads what stands in a line.
func (w *markdownWalk) spans(parent ast.Node, style span) []span {
	var out []span
	add := func(text string, s span) {
		if s.text = text; text != "" {
			out = append(out, s)
		}
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		inner := style
		switch n := n.(type) {
		case *ast.Text:
			t := string(n.Value(w.source))
			if !n.IsRaw() && !style.code {
				t = unescaped(t)
			}
			switch {
			case n.HardLineBreak():
				t += "\n"
			case n.SoftLineBreak():
				t += " "
			}
			add(t, style)
		case *ast.String:
			add(string(n.Value), style)
		case *ast.CodeSpan:
			inner.code = true
			out = append(out, w.spans(n, inner)...)
		case *ast.Emphasis:
			inner.italic, inner.bold = inner.italic || n.Level == 1, inner.bold || n.Level > 1
			out = append(out, w.spans(n, inner)...)
		case *ast.Link:
			inner.link = safeLink(string(n.Destination))
			out = append(out, w.spans(n, inner)...)
		case *ast.AutoLink:
			inner.link = safeLink(string(n.URL(w.source)))
			add(string(n.Label(w.source)), inner)
		case *extast.FootnoteLink:
			inner.over = true
			add(strconv.Itoa(n.Index), inner)
		case *ast.RawHTML, *extast.FootnoteBacklink:
		default: // strikethrough and the words of a picture
			out = append(out, w.spans(n, style)...)
		}
	}
	return out
}

// unescaped reads entities and escaped signs.
func unescaped(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	return printable(string(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences([]byte(s))))))
}

// safeLink returns the address if a reader may be sent there.
func safeLink(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host != "" {
			return u.String()
		}
	case "mailto":
		return u.String()
	}
	return ""
}
