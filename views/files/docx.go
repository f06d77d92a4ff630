package files

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// The parts of a DOCX that are the same in each.
var (
	//go:embed document/content_types.xml
	docxContentTypes string
	//go:embed document/rels.xml
	docxRels string
	//go:embed document/styles.xml
	docxStyles string
	//go:embed document/footer.xml
	docxFooter string
	//go:embed document/fonts.xml
	docxFonts string // what stands in where ours are not installed
	//go:embed document/settings.xml
	docxSettings string
)

// zipDay is the date of every entry: a file says nothing of when it was made
// beyond what its text says.
var zipDay = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// writeDOCX writes a document as WordprocessingML. Its properties hold the
// what the document says of itself and nothing about anybody.
func writeDOCX(w io.Writer, d document) error {
	b := docxBody{}
	b.document(d)
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", docxContentTypes},
		{"_rels/.rels", docxRels},
		{"docProps/core.xml", docxCore(d)},
		{"docProps/app.xml", docxApp},
		{"word/document.xml", b.whole()},
		{"word/styles.xml", docxStyles},
		{"word/settings.xml", docxSettings},
		{"word/fontTable.xml", docxFonts},
		{"word/numbering.xml", b.numbering()},
		{"word/footer1.xml", docxFooter},
		{"word/_rels/document.xml.rels", b.relations()},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: zipDay})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, part.text); err != nil {
			return err
		}
	}
	return z.Close()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const docxApp = xmlHead + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Rotunda</Application></Properties>`

func docxCore(d document) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">`)
	for _, p := range []struct{ name, value string }{
		{"dc:title", d.title}, {"dc:creator", d.author}, {"dc:subject", d.subject}, {"cp:keywords", strings.Join(d.keywords, "; ")}, {"dc:language", "en-US"},
	} {
		if p.value != "" {
			b.WriteString("<" + p.name + ">" + escaped(p.value) + "</" + p.name + ">")
		}
	}
	b.WriteString("</cp:coreProperties>")
	return b.String()
}

// escaped makes text safe between XML tags and in attributes.
func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(printable(s))) // a buffer takes everything
	return b.String()
}

// docxBody gathers the paragraphs of a document.
type docxBody struct {
	b     strings.Builder
	links []string
	lists []int // of each numbered list, its first number
	known map[int]int
	marks int
}

// docxStyleOf is the style of each kind of paragraph.
var docxStyleOf = map[blockKind]string{
	quotation: "Quote", attribution: "Attribution", small: "Small", listItem: "ListParagraph",
}

func (b *docxBody) document(d document) {
	for _, p := range []struct{ style, text string }{{"Kicker", d.kicker}, {"Title", d.title}, {"Subtitle", d.byline}} {
		if p.text != "" {
			b.paragraph(p.style, "", plain(p.text))
		}
	}
	b.blocks(d.cover)
	if d.contents {
		b.breakPage()
		b.contents(d.blocks)
	}
	if len(d.cover) > 0 || d.contents {
		b.breakPage()
	}
	b.blocks(d.blocks)
}

// contentsDepth is up to which level headings are in the table of contents.
const contentsDepth = 2

// contents writes links to the headings, in a field that a word processor can
// bring up to date.
func (b *docxBody) contents(blocks []block) {
	b.paragraph("ContentsHeading", "", plain("Contents"))
	first, n := true, 0
	for _, bl := range blocks {
		if bl.kind != heading || bl.level > contentsDepth {
			continue
		}
		n++
		fmt.Fprintf(&b.b, `<w:p><w:pPr><w:pStyle w:val="TOC%d"/></w:pPr>`, bl.level)
		if first {
			fmt.Fprintf(&b.b, `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o "1-%d" \h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`, contentsDepth)
			first = false
		}
		fmt.Fprintf(&b.b, `<w:hyperlink w:anchor="h%d" w:history="1"><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:hyperlink></w:p>`, n, escaped(words(bl.spans)))
	}
	if !first {
		b.b.WriteString(`<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`)
	}
}

func (b *docxBody) breakPage() { b.b.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`) }

func (b *docxBody) blocks(blocks []block) {
	for i, bl := range blocks {
		switch bl.kind {
		case heading:
			b.heading(bl)
		case listItem:
			level := min(max(bl.level, 1), mostDepth) - 1
			b.paragraph("ListParagraph", fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, level, b.listNumber(bl)), bl.spans)
		case tableBlock:
			b.table(bl.rows)
		case pageBreak:
			b.breakPage()
		case divider:
			b.paragraph("Divider", "", nil)
		default:
			properties := ""
			if i+1 < len(blocks) && blocks[i+1].kind == attribution { // what was said stays with who said it
				properties = "<w:keepNext/><w:keepLines/>"
			}
			if bl.level > 0 { // goes on with an item
				properties += fmt.Sprintf(`<w:ind w:left="%d"/>`, 360*bl.level)
			}
			b.paragraph(docxStyleOf[bl.kind], properties, bl.spans)
		}
	}
}

// heading writes a heading. Those in the table of contents carry a mark, in
// the order in which contents counted them.
func (b *docxBody) heading(bl block) {
	fmt.Fprintf(&b.b, `<w:p><w:pPr><w:pStyle w:val="Heading%d"/></w:pPr>`, bl.level)
	if bl.level <= contentsDepth {
		b.marks++
		fmt.Fprintf(&b.b, `<w:bookmarkStart w:id="%d" w:name="h%d"/>`, b.marks, b.marks)
	}
	b.spans(bl.spans)
	if bl.level <= contentsDepth {
		fmt.Fprintf(&b.b, `<w:bookmarkEnd w:id="%d"/>`, b.marks)
	}
	b.b.WriteString("</w:p>")
}

func (b *docxBody) paragraph(style, properties string, spans []span) {
	b.b.WriteString("<w:p><w:pPr>")
	if style != "" {
		b.b.WriteString(`<w:pStyle w:val="` + style + `"/>`)
	}
	b.b.WriteString(properties + "</w:pPr>")
	b.spans(spans)
	b.b.WriteString("</w:p>")
}

func (b *docxBody) spans(spans []span) {
	for _, s := range spans {
		if s.text == "" {
			continue
		}
		if s.link != "" {
			b.links = append(b.links, s.link)
			fmt.Fprintf(&b.b, `<w:hyperlink r:id="link%d" w:history="1">`, len(b.links))
		}
		b.run(s)
		if s.link != "" {
			b.b.WriteString("</w:hyperlink>")
		}
	}
}

func (b *docxBody) run(s span) {
	b.b.WriteString("<w:r>")
	var p strings.Builder
	for _, style := range []struct {
		on  bool
		xml string
	}{
		{s.link != "", `<w:rStyle w:val="Hyperlink"/>`},
		{s.code, `<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>`},
		{s.bold, "<w:b/>"},
		{s.italic, "<w:i/>"},
		{s.over, `<w:vertAlign w:val="superscript"/>`},
	} {
		if style.on {
			p.WriteString(style.xml)
		}
	}
	if p.Len() > 0 {
		b.b.WriteString("<w:rPr>" + p.String() + "</w:rPr>")
	}
	for i, line := range strings.Split(s.text, "\n") {
		if i > 0 {
			b.b.WriteString("<w:br/>")
		}
		b.b.WriteString(`<w:t xml:space="preserve">` + escaped(strings.ReplaceAll(line, "\t", " ")) + "</w:t>")
	}
	b.b.WriteString("</w:r>")
}

func (b *docxBody) table(rows [][][]span) {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return
	}
	const width = 9000 // twentieths of a point
	var widths []int
	for _, share := range columnShares(rows) {
		widths = append(widths, int(share*width))
	}
	fmt.Fprintf(&b.b, `<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr><w:tblGrid>`, width)
	for _, w := range widths {
		fmt.Fprintf(&b.b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.b.WriteString("</w:tblGrid>")
	for i, row := range rows {
		b.b.WriteString("<w:tr>")
		if i == 0 {
			b.b.WriteString(`<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
		} else {
			b.b.WriteString(`<w:trPr><w:cantSplit/></w:trPr>`)
		}
		for n, w := range widths {
			fmt.Fprintf(&b.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, w)
			var spans []span
			if n < len(row) {
				spans = row[n]
			}
			if i == 0 {
				b.paragraph("TableHead", "", spans)
			} else {
				b.paragraph("TableText", "", spans)
			}
			b.b.WriteString("</w:tc>")
		}
		b.b.WriteString("</w:tr>")
	}
	b.b.WriteString("</w:tbl>")
	b.paragraph("Small", "", nil) // two tables in a row would become one
}

// listNumber returns the numbering of an item's list: 1 are all that have
// bullets, and each numbered list counts for itself.
func (b *docxBody) listNumber(bl block) int {
	if !bl.ordered {
		return 1
	}
	if b.known == nil {
		b.known = map[int]int{}
	}
	id, ok := b.known[bl.list]
	if !ok {
		b.lists = append(b.lists, bl.number)
		id = 1 + len(b.lists)
		b.known[bl.list] = id
	}
	return id
}

const wordNames = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// A4 with margins of an inch.
const docxSection = `<w:sectPr><w:footerReference w:type="default" r:id="footer1"/><w:pgSz w:w="11906" w:h="16838"/>` +
	`<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/><w:titlePg/></w:sectPr>`

func (b *docxBody) whole() string {
	return xmlHead + "<w:document " + wordNames + "><w:body>" + b.b.String() + docxSection + "</w:body></w:document>"
}

func (b *docxBody) numbering() string {
	var s strings.Builder
	s.WriteString(xmlHead + "<w:numbering " + wordNames + ">")
	for abstract, ordered := range []bool{false, true} {
		fmt.Fprintf(&s, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="multilevel"/>`, abstract)
		for level := range mostDepth {
			format, text := "bullet", "•"
			if ordered {
				format, text = "decimal", fmt.Sprintf("%%%d.", level+1)
			}
			fmt.Fprintf(&s, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:hanging="360"/></w:pPr></w:lvl>`,
				level, format, text, 360*(level+1))
		}
		s.WriteString("</w:abstractNum>")
	}
	s.WriteString(`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	for i, start := range b.lists {
		fmt.Fprintf(&s, `<w:num w:numId="%d"><w:abstractNumId w:val="1"/>`, i+2)
		for level := range mostDepth {
			fmt.Fprintf(&s, `<w:lvlOverride w:ilvl="%d"><w:startOverride w:val="%d"/></w:lvlOverride>`, level, start)
		}
		s.WriteString("</w:num>")
	}
	s.WriteString("</w:numbering>")
	return s.String()
}

func (b *docxBody) relations() string {
	const of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	var s strings.Builder
	s.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range []string{"styles", "settings", "fontTable", "numbering", "footer1"} {
		s.WriteString(`<Relationship Id="` + r + `" Type="` + of + strings.TrimSuffix(r, "1") + `" Target="` + r + `.xml"/>`)
	}
	for i, link := range b.links {
		s.WriteString(`<Relationship Id="link` + strconv.Itoa(i+1) + `" Type="` + of + `hyperlink" Target="` + escaped(link) + `" TargetMode="External"/>`)
	}
	s.WriteString("</Relationships>")
	return s.String()
}
