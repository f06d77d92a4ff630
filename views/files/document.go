package files

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// document is a text on its way into a file: what every writer of documents
// gets. It is already disclosed to its reader.
type document struct {
	title string
	// author, subject and keywords stand in the file's properties; empty for none.
	author, subject string
	keywords        []string
	// kicker stands above the title, such as the institute; byline below it.
	kicker, byline string
	cover          []block // the rest of the title page
	blocks         []block
	// contents puts a table of contents behind the title page.
	contents bool
}

type blockKind int

const (
	paragraph blockKind = iota
	heading             // level 1 to 4
	listItem            // level is its depth, from 1
	quotation
	attribution // who said the quotation above
	small       // a note in small type
	tableBlock
	pageBreak
	divider
)

// block is one paragraph, heading, item or table.
type block struct {
	kind  blockKind
	level int
	// An item's list, whether it is numbered, and its number. Items of one list
	// have the same list.
	list    int
	ordered bool
	number  int
	spans   []span
	rows    [][][]span // of a table; the first is its head
}

// span is a run of text in one style.
type span struct {
	text                     string
	bold, italic, code, over bool // over is a raised number of a footnote
	link                     string
}

func plain(text string) []span { return []span{{text: text}} }

func bold(text string) span { return span{text: text, bold: true} }

func para(text string) block { return block{kind: paragraph, spans: plain(text)} }

func head(level int, text string) block {
	return block{kind: heading, level: level, spans: plain(text)}
}

func note(text string) block { return block{kind: small, spans: plain(text)} }

// cells makes the row of a table from plain texts.
func cells(texts ...string) [][]span {
	out := make([][]span, len(texts))
	for i, t := range texts {
		out[i] = plain(t)
	}
	return out
}

// columnShares says how wide the columns of a table are, in parts of one: a
// column with longer texts is wider, and none is too narrow for a word.
func columnShares(rows [][][]span) []float64 {
	shares, total := make([]float64, len(rows[0])), 0.0
	for n := range shares {
		longest := 12
		for i, row := range rows {
			if n >= len(row) {
				continue
			}
			length := utf8.RuneCountInString(words(row[n]))
			if i == 0 {
				length += length / 4 // the head is bold
			}
			longest = max(longest, length)
		}
		shares[n] = float64(min(longest, 40))
		total += shares[n]
	}
	for n := range shares {
		shares[n] /= total
	}
	return shares
}

// words returns the text of spans without their styles.
func words(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// printable returns the text without what no document can hold: control
// characters (line breaks and tabs stay), noncharacters and broken UTF-8.
func printable(s string) string {
	ok := utf8.ValidString(s)
	for _, r := range s {
		ok = ok && !unprintable(r)
	}
	if ok {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return -1
		}
		return r
	}, s)
}

func unprintable(r rune) bool {
	return r != '\n' && r != '\t' && unicode.IsControl(r) || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}
