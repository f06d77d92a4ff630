package files

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"strings"
)

//go:embed document/document.css
var documentCSS string

// writeHTML writes a document as one page that needs nothing from elsewhere.
func writeHTML(w io.Writer, d document) error {
	var b strings.Builder
	text := func(s string) string { return html.EscapeString(printable(s)) }
	b.WriteString("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n")
	fmt.Fprintf(&b, "<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", text(d.title), documentCSS)
	for _, line := range []struct{ class, tag, text string }{{"kicker", "p", d.kicker}, {"title", "h1", d.title}, {"byline", "p", d.byline}} {
		if line.text != "" {
			fmt.Fprintf(&b, "<%s class=\"%s\">%s</%s>\n", line.tag, line.class, text(line.text), line.tag)
		}
	}
	p := htmlWriter{b: &b}
	for _, bl := range d.cover {
		p.block(bl)
	}
	for _, bl := range d.blocks {
		p.block(bl)
	}
	p.closeLists(0)
	b.WriteString("</main>\n</body>\n</html>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

type htmlWriter struct {
	b     *strings.Builder
	lists []string // the open lists, by their tags
}

// closeLists closes open lists until depth of them are left.
func (p *htmlWriter) closeLists(depth int) {
	for len(p.lists) > depth {
		last := len(p.lists) - 1
		p.b.WriteString("</li></" + p.lists[last] + ">\n")
		p.lists = p.lists[:last]
	}
}

// htmlTags are the elements of the kinds of blocks that are one paragraph.
var htmlTags = map[blockKind][2]string{
	paragraph: {"<p>", "</p>"}, quotation: {"<blockquote><p>", "</p></blockquote>"},
	attribution: {`<p class="who">`, "</p>"}, small: {`<p class="small">`, "</p>"},
}

func (p *htmlWriter) block(bl block) {
	if bl.kind != listItem {
		p.closeLists(min(bl.level, len(p.lists)) * map[bool]int{true: 1, false: 0}[bl.kind == paragraph])
	}
	switch bl.kind {
	case heading:
		level := min(bl.level+1, 6)
		fmt.Fprintf(p.b, "<h%d>", level)
		p.spans(bl.spans)
		fmt.Fprintf(p.b, "</h%d>\n", level)
	case listItem:
		p.item(bl)
	case tableBlock:
		p.table(bl.rows)
	case pageBreak, divider:
		p.b.WriteString("<hr>\n")
	default:
		tags := htmlTags[bl.kind]
		p.b.WriteString(tags[0])
		p.spans(bl.spans)
		p.b.WriteString(tags[1] + "\n")
	}
}

func (p *htmlWriter) item(bl block) {
	tag := "ul"
	if bl.ordered {
		tag = "ol"
	}
	switch {
	case len(p.lists) >= bl.level && p.lists[bl.level-1] == tag && !(bl.ordered && bl.number == 1):
		p.closeLists(bl.level)
		p.b.WriteString("</li>\n")
	default:
		p.closeLists(bl.level - 1)
		for len(p.lists) < bl.level {
			p.lists = append(p.lists, tag)
			p.b.WriteString("<" + tag + ">")
			if len(p.lists) < bl.level {
				p.b.WriteString("<li>")
			}
		}
	}
	p.b.WriteString("<li>")
	p.spans(bl.spans)
}

func (p *htmlWriter) table(rows [][][]span) {
	p.b.WriteString("<table>\n")
	for i, row := range rows {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		p.b.WriteString("<tr>")
		for _, cell := range row {
			p.b.WriteString("<" + tag + ">")
			p.spans(cell)
			p.b.WriteString("</" + tag + ">")
		}
		p.b.WriteString("</tr>\n")
	}
	p.b.WriteString("</table>\n")
}

func (p *htmlWriter) spans(spans []span) {
	for _, s := range spans {
		var open, shut string
		wrap := func(on bool, tag string) {
			if on {
				open, shut = open+"<"+tag+">", "</"+tag+">"+shut
			}
		}
		if s.link != "" {
			open, shut = `<a href="`+html.EscapeString(s.link)+`" rel="noopener noreferrer">`, "</a>"
		}
		wrap(s.bold, "strong")
		wrap(s.italic, "em")
		wrap(s.code, "code")
		wrap(s.over, "sup")
		p.b.WriteString(open + strings.ReplaceAll(html.EscapeString(printable(s.text)), "\n", "<br>") + shut)
	}
}
