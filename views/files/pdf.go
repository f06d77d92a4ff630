package files

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// PDFOptions are what an institute can set about its PDFs.
type PDFOptions struct {
	// OtherScripts is a TrueType font for characters that ours lack, or nil.
	OtherScripts []byte
	// Made is the time that stands in the file.
	Made time.Time
}

// MissingGlyphs are the characters that no font of a PDF has: they are printed
// as an empty box. Each is named once, in order.
type MissingGlyphs []rune

// Words names the characters: "日 (U+65E5), …". It is empty where none is missing.
func (m MissingGlyphs) Words() string {
	out := ""
	for i, r := range m {
		if i > 0 {
			out += ", "
		}
		out += fmt.Sprintf("%c (U+%04X)", r, r)
	}
	return out
}

// Measures of an A4 page, in millimeters, and of type, in points.
const (
	pageWidth, pageHeight = 210.0, 297.0
	sideMargin            = 25.0
	topMargin             = 24.0
	bottomMargin          = 24.0
	textWidth             = pageWidth - 2*sideMargin
	bodySize              = 10.5
	smallSize             = 9.0
	point                 = 25.4 / 72
)

// writePDF writes a document as a PDF: its metadata hold what the document says
// of itself and nothing about anybody.
func writePDF(w io.Writer, d document, o PDFOptions) (MissingGlyphs, error) {
	// The first pass finds the pages of the headings, the second prints them.
	var pages []int
	for pass := range 2 {
		p, err := newPDFPage(d, o, pages)
		if err != nil {
			return nil, err
		}
		p.document(d)
		if p.pdf.Err() {
			return nil, p.pdf.Error()
		}
		pages = p.pages
		if pass == 1 {
			var missing MissingGlyphs
			for r := range p.missing {
				missing = append(missing, r)
			}
			slices.Sort(missing)
			return missing, p.pdf.Output(w)
		}
	}
	return nil, nil
}

// pdfPage lays blocks out on pages.
type pdfPage struct {
	*setter
	pages []int // of each heading in the table of contents, found on the way
	known []int // the same, from the pass before
	links []int
	y     float64
}

func newPDFPage(d document, o PDFOptions, known []int) (*pdfPage, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(sideMargin, topMargin, sideMargin)
	pdf.SetAutoPageBreak(false, bottomMargin)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(printable(d.title), true)
	if d.author != "" {
		pdf.SetAuthor(printable(d.author), true)
	}
	if d.subject != "" {
		pdf.SetSubject(printable(d.subject), true)
	}
	if len(d.keywords) > 0 {
		pdf.SetKeywords(printable(strings.Join(d.keywords, "; ")), true)
	}
	pdf.SetLang("en-US")
	pdf.SetProducer("Rotunda", false)
	pdf.SetCreator("Rotunda", false)
	if !o.Made.IsZero() {
		pdf.SetCreationDate(o.Made.UTC())
		pdf.SetModificationDate(o.Made.UTC())
	}
	s, err := newSetter(pdf, o.OtherScripts)
	if err != nil {
		return nil, err
	}
	p := &pdfPage{setter: s, known: known}
	short := d.title
	pdf.SetFooterFunc(func() {
		if pdf.PageNo() == 1 {
			return
		}
		face := typeface{family: sans, size: 8, gray: true}
		lines := s.lines(plain(short), face, textWidth-20)
		p.line(lines[0], sideMargin, pageHeight-15)
		number := s.lines(plain(strconv.Itoa(pdf.PageNo())), face, 20)[0]
		p.line(number, pageWidth-sideMargin-number[0].width, pageHeight-15)
	})
	return p, nil
}

func (p *pdfPage) document(d document) {
	for _, bl := range d.blocks {
		if bl.kind == heading && bl.level <= contentsDepth {
			p.links = append(p.links, p.pdf.AddLink())
		}
	}
	p.newPage()
	if len(d.cover) > 0 {
		p.y += 40
	}
	p.text(plain(d.kicker), typeface{family: sans, style: "B", size: bodySize, gray: true}, 0, 1.3, 3)
	p.text(plain(d.title), typeface{family: newsfont, size: 28}, 0, 1.12, 5)
	p.text(plain(d.byline), typeface{family: sans, size: 11.5, gray: true}, 0, 1.3, 12)
	p.blocks(d.cover)
	if d.contents {
		p.newPage()
		p.contents(d.blocks)
	}
	if len(d.cover) > 0 || d.contents {
		p.newPage()
	}
	p.blocks(d.blocks)
}

func (p *pdfPage) newPage() {
	p.pdf.AddPage()
	p.y = topMargin
}

// room begins a page where less than the height is left on this one.
func (p *pdfPage) room(height float64) {
	if p.y+height > pageHeight-bottomMargin {
		p.newPage()
	}
}

// line prints pieces from x on; y is the top of the line, in millimeters.
func (p *pdfPage) line(pieces []piece, x, y float64) {
	for _, pc := range pieces {
		p.use(pc.face)
		base := y + pc.face.size*point*0.95
		if pc.face.over {
			base -= pc.face.size * point * 0.33
		}
		if pc.link != "" {
			p.pdf.SetTextColor(31, 78, 140)
			p.pdf.LinkString(x, y, pc.width, pc.face.size*point*1.2, pc.link)
		}
		p.pdf.Text(x, base, pc.text)
		x += pc.width
	}
}

// text prints a paragraph at the indent; leading is the height of its lines in
// relation to the type, after the space below.
func (p *pdfPage) text(spans []span, face typeface, indent, leading, after float64) {
	if len(spans) == 0 || words(spans) == "" {
		return
	}
	height := face.size * point * leading
	for _, l := range p.lines(spans, face, textWidth-indent) {
		p.room(height)
		p.line(l, sideMargin+indent, p.y)
		p.y += height
	}
	p.y += after
}

var headingSizes = [...]float64{0, 19, 14.5, 12, 10.5}

func (p *pdfPage) blocks(blocks []block) {
	body := typeface{family: sans, size: bodySize}
	for i, bl := range blocks {
		indent := 6 * float64(bl.level)
		switch bl.kind {
		case heading:
			p.room(p.headingHeight(blocks[i:]))
			p.heading(bl)
		case listItem:
			p.item(bl, body)
		case quotation:
			p.quotation(bl, body)
		case attribution:
			p.text(bl.spans, typeface{family: sans, size: smallSize + 0.5, gray: true}, 5, 1.35, 3.5)
		case small:
			p.text(bl.spans, typeface{family: sans, size: smallSize, gray: true}, indent, 1.4, 2)
		case tableBlock:
			p.table(bl.rows)
		case pageBreak:
			p.newPage()
		case divider:
			p.room(5)
			p.pdf.SetDrawColor(184, 192, 204)
			p.pdf.SetLineWidth(0.2)
			p.pdf.Line(sideMargin, p.y+1, sideMargin+30, p.y+1)
			p.y += 5
		default:
			p.text(bl.spans, body, indent, 1.45, 2.8)
		}
	}
}

func headingFace(level int) typeface {
	if level > 2 {
		return typeface{family: sans, style: "B", size: headingSizes[level]}
	}
	return typeface{family: newsfont, size: headingSizes[level]}
}

// headingHeight is how much room the headings take with which the blocks begin,
// with some lines below them: a heading never stands alone at the foot of a page.
func (p *pdfPage) headingHeight(blocks []block) float64 {
	height := 18.0
	for _, bl := range blocks {
		if bl.kind != heading {
			break
		}
		face := headingFace(bl.level)
		height += float64(len(p.lines(bl.spans, face, textWidth)))*face.size*point*1.2 + face.size*0.28 + 2.2
	}
	return height
}

func (p *pdfPage) heading(bl block) {
	face := headingFace(bl.level)
	if p.y > topMargin {
		p.y += face.size * 0.28
	}
	if bl.level <= contentsDepth {
		p.pages = append(p.pages, p.pdf.PageNo())
		p.pdf.SetLink(p.links[len(p.pages)-1], p.y, -1)
		p.pdf.Bookmark(printable(words(bl.spans)), bl.level-1, p.y)
	}
	p.text(bl.spans, face, 0, 1.2, 2.2)
}

func (p *pdfPage) item(bl block, face typeface) {
	indent := 6 * float64(bl.level)
	marker := "•"
	if bl.ordered {
		marker = strconv.Itoa(bl.number) + "."
	}
	p.room(face.size * point * 1.45)
	m := p.lines(plain(marker), face, 20)[0]
	p.line(m, sideMargin+indent-1.8-m[0].width, p.y)
	p.text(bl.spans, face, indent, 1.45, 1.6)
}

// quotation prints a quotation with a rule at its side.
func (p *pdfPage) quotation(bl block, face typeface) {
	height := face.size * point * 1.45
	indent := 5 + 6*float64(bl.level)
	lines := p.lines(bl.spans, face, textWidth-indent-5)
	p.room(min(float64(len(lines)), 3)*height + 8)
	for _, l := range lines {
		p.room(height)
		p.pdf.SetDrawColor(184, 192, 204)
		p.pdf.SetLineWidth(0.5)
		p.pdf.Line(sideMargin+indent-4, p.y, sideMargin+indent-4, p.y+height)
		p.line(l, sideMargin+indent, p.y)
		p.y += height
	}
	p.y += 1.2
}

// shortTable is the most rows of a table that never breaks across pages.
const shortTable = 6

// table prints a table; its head is repeated on every page and never stands
// alone at the foot of one.
func (p *pdfPage) table(rows [][][]span) {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return
	}
	p.y++
	widths := columnShares(rows)
	for n := range widths {
		widths[n] *= textWidth
	}
	together, whole := rows, 0.0
	if len(rows) > shortTable {
		together = rows[:2]
	}
	for _, row := range together {
		height, _ := p.row(row, widths, typeface{family: sans, style: "B", size: smallSize})
		whole += height
	}
	p.room(whole)
	for i, row := range rows {
		style := ""
		if i == 0 {
			style = "B"
		}
		face := typeface{family: sans, style: style, size: smallSize}
		height, set := p.row(row, widths, face)
		if p.y+height > pageHeight-bottomMargin && p.y > topMargin {
			p.newPage()
			if i > 0 {
				headFace := typeface{family: sans, style: "B", size: smallSize}
				h, cells := p.row(rows[0], widths, headFace)
				p.printRow(cells, widths, h, headFace)
			}
		}
		p.printRow(set, widths, height, face)
	}
	p.y += 4
}

func (p *pdfPage) row(row [][]span, widths []float64, face typeface) (float64, [][][]piece) {
	most := 1
	out := make([][][]piece, len(widths))
	for n := range min(len(widths), len(row)) {
		out[n] = p.lines(row[n], face, widths[n]-4)
		most = max(most, len(out[n]))
	}
	return float64(most)*face.size*point*1.35 + 3, out
}

// printRow prints a row that fits the page; a row that is longer than one goes
// on where it has to.
func (p *pdfPage) printRow(cells [][][]piece, widths []float64, height float64, face typeface) {
	step := face.size * point * 1.35
	most := 0
	for _, c := range cells {
		most = max(most, len(c))
	}
	if height > pageHeight-topMargin-bottomMargin {
		for n := range most {
			p.room(step)
			p.cells(cells, n, widths, p.y)
			p.y += step
		}
		p.y += 3
	} else {
		for n := range most {
			p.cells(cells, n, widths, p.y+1.5+float64(n)*step)
		}
		p.y += height
	}
	p.pdf.SetDrawColor(184, 192, 204)
	p.pdf.SetLineWidth(0.15)
	p.pdf.Line(sideMargin, p.y, pageWidth-sideMargin, p.y)
}

// cells prints the nth line of each cell.
func (p *pdfPage) cells(cells [][][]piece, n int, widths []float64, y float64) {
	x := sideMargin + 1
	for at, c := range cells {
		if n < len(c) {
			p.line(c[n], x, y)
		}
		x += widths[at]
	}
}

// contents prints the headings with their pages.
func (p *pdfPage) contents(blocks []block) {
	p.text(plain("Contents"), typeface{family: newsfont, size: 19}, 0, 1.2, 5)
	n := 0
	for _, bl := range blocks {
		if bl.kind != heading || bl.level > contentsDepth {
			continue
		}
		indent := 6 * float64(bl.level-1)
		face := typeface{family: sans, size: bodySize}
		if bl.level == 1 {
			p.y += 1.5
		}
		height := face.size * point * 1.4
		lines := p.lines(plain(words(bl.spans)), face, textWidth-indent-14)
		p.room(height * float64(len(lines)))
		for i, l := range lines {
			p.line(l, sideMargin+indent, p.y)
			if i == len(lines)-1 && n < len(p.known) {
				number := p.lines(plain(strconv.Itoa(p.known[n])), face, 14)[0]
				p.line(number, pageWidth-sideMargin-number[0].width, p.y)
			}
			p.pdf.Link(sideMargin, p.y, textWidth, height, p.links[n])
			p.y += height
		}
		p.y += 0.8
		n++
	}
}
