package files

import (
	"io"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rows yields the rows of an export in order. An error ends the export.
type Rows = iter.Seq2[[]string, error]

// AppendField appends a cell to a CSV row by RFC 4180, quoted where it has to
// be. A cell that a spreadsheet would run as a formula gets an apostrophe
// before it, and so does what would be a cell where the file is opened with
// another separator. What is no UTF-8 becomes �.
func AppendField(dst []byte, s string) []byte {
	if s == "" {
		return dst
	}
	quote, high, parts := s[0] == ' ' || s[len(s)-1] == ' ', false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			high = true
		case c == '"', c == ',':
			quote = true
		case c < ' ', c == ';':
			quote, parts = true, true
		}
	}
	if high && !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if parts {
		s = guardParts(s)
	}
	guard := isFormula(s)
	if !quote {
		if guard {
			dst = append(dst, '\'')
		}
		return append(dst, s...)
	}
	dst = append(dst, '"')
	if guard {
		dst = append(dst, '\'')
	}
	for {
		at := strings.IndexByte(s, '"')
		if at < 0 {
			break
		}
		dst = append(append(dst, s[:at+1]...), '"')
		s = s[at+1:]
	}
	return append(append(dst, s...), '"')
}

// partsCells parts cells in spreadsheets that are not set to commas: half of
// Europe's take semicolons, and then no quote holds a line together.
const partsCells = ";\t\r\n"

// guardParts puts an apostrophe before each formula that would begin after one
// of partsCells.
func guardParts(s string) string {
	var out strings.Builder
	for {
		at := strings.IndexAny(s, partsCells)
		if at < 0 {
			break
		}
		rest := strings.TrimLeft(s[at+1:], "\" "+partsCells)
		at = len(s) - len(rest)
		out.WriteString(s[:at])
		if isFormula(rest) {
			out.WriteByte('\'')
		}
		s = rest
	}
	if out.Len() == 0 {
		return s
	}
	out.WriteString(s)
	return out.String()
}

// isFormula reports whether a spreadsheet may take the cell for a formula: its
// first character, spaces and invisible ones aside, begins one.
func isFormula(s string) bool {
	for _, r := range s {
		switch r {
		case '=', '+', '-', '@', '\t', '\r', '\n', 0, '＝', '＋', '－', '＠':
			return true
		}
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) {
			return false
		}
	}
	return false
}

// flushAt is how much text a CSV gathers before it writes.
const flushAt = 32 << 10

// CSV writes rows as RFC 4180: commas, CRLF, UTF-8, formulas defused. The first
// error of the writer below stays and comes back from every later call.
type CSV struct {
	w   io.Writer
	buf []byte
	err error
}

// NewCSV returns a writer of rows. bom puts a byte order mark in front, by
// which Excel knows UTF-8.
func NewCSV(w io.Writer, bom bool) *CSV {
	c := &CSV{w: w, buf: make([]byte, 0, flushAt+4096)}
	if bom {
		c.buf = append(c.buf, "\uFEFF"...)
	}
	return c
}

// Row writes one row.
func (c *CSV) Row(cells ...string) error {
	for i, s := range cells {
		if i > 0 {
			c.buf = append(c.buf, ',')
		}
		c.buf = AppendField(c.buf, s)
	}
	if len(cells) == 1 && cells[0] == "" {
		c.buf = append(c.buf, `""`...) // an empty line would be no row
	}
	c.buf = append(c.buf, '\r', '\n')
	if len(c.buf) >= flushAt {
		return c.Flush()
	}
	return c.err
}

// Flush writes what is gathered. It is to be called at the end.
func (c *CSV) Flush() error {
	if c.err == nil && len(c.buf) > 0 {
		_, c.err = c.w.Write(c.buf)
	}
	c.buf = c.buf[:0]
	return c.err
}

// WriteCSV writes a whole table, row by row as they come.
func WriteCSV(w io.Writer, bom bool, columns []string, rows Rows) error {
	c := NewCSV(w, bom)
	if err := c.Row(columns...); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := c.Row(row...); err != nil {
			return err
		}
	}
	return c.Flush()
}
