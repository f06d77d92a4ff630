package files

import (
	"archive/zip"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// ErrTooManyRows is returned for a table that no sheet can hold.
var ErrTooManyRows = errors.New("a sheet holds 1,048,575 rows below its header; export as CSV instead")

// cutNotice ends a cell that was longer than a sheet can keep.
const cutNotice = " … (cut here: a cell holds 32,767 characters; the CSV export has the whole text)"

// WriteXLSX writes a whole table as a workbook of one sheet: every cell a
// string, so that nothing is run as a formula, the header frozen, a filter on
// each column. Long tables go through a temporary file, not through memory.
func WriteXLSX(w io.Writer, sheet string, columns []string, rows Rows) error {
	sheet = sheetName(sheet)
	book, err := newWorkbook(sheet)
	if err != nil {
		return err
	}
	defer book.Close()
	out, err := newSheet(book, sheet, columns)
	if err != nil {
		return err
	}
	var cells []any
	for row, err := range rows {
		if err != nil {
			return err
		}
		cells = cells[:0]
		for _, s := range row {
			cells = append(cells, s)
		}
		if err := out.row(cells...); err != nil {
			return err
		}
	}
	if err := out.finish(); err != nil {
		return err
	}
	return writeWorkbook(book, w)
}

// writeWorkbook writes a workbook as it is packed. The library's own way packs
// it in memory first, and doubles that as it grows.
func writeWorkbook(book *excelize.File, w io.Writer) error {
	book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	_, err := book.WriteTo(io.Discard)
	return err
}

// newWorkbook returns a workbook with one sheet of the name. Its properties
// name nobody: the library's own name and dates say nothing about the file.
func newWorkbook(sheet string) (*excelize.File, error) {
	book := excelize.NewFile()
	err := book.SetSheetName(book.GetSheetName(0), sheet)
	if err == nil {
		err = book.SetDocProps(&excelize.DocProperties{Creator: "Rotunda", LastModifiedBy: "Rotunda"})
	}
	if err != nil {
		book.Close()
	}
	return book, err
}

// sheetWriter writes the rows of a sheet as they come.
type sheetWriter struct {
	book    *excelize.File
	out     *excelize.StreamWriter
	name    string
	columns int
	line    int
	cells   []any
}

// newSheet begins a sheet with its header in bold, frozen.
func newSheet(book *excelize.File, name string, columns []string) (*sheetWriter, error) {
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	if len(columns) > 0 {
		if err := out.SetColWidth(1, len(columns), 22); err != nil {
			return nil, err
		}
	}
	s := &sheetWriter{book: book, out: out, name: name, columns: len(columns)}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = c
	}
	return s, s.write(head, excelize.RowOpts{StyleID: bold})
}

// row writes one row: strings as strings, whatever they look like, other values
// with their type.
func (s *sheetWriter) row(cells ...any) error { return s.write(cells) }

func (s *sheetWriter) write(cells []any, opts ...excelize.RowOpts) error {
	if s.line++; s.line > excelize.TotalRows {
		return ErrTooManyRows
	}
	s.cells = s.cells[:0]
	for _, c := range cells {
		if text, ok := c.(string); ok {
			c = fitCell(text)
		}
		s.cells = append(s.cells, c)
	}
	at, err := excelize.CoordinatesToCellName(1, s.line)
	if err != nil {
		return err
	}
	return s.out.SetRow(at, s.cells, opts...)
}

// finish puts a filter on each column and ends the sheet.
func (s *sheetWriter) finish() error {
	if s.columns > 0 {
		corner, err := excelize.CoordinatesToCellName(s.columns, s.line)
		if err != nil {
			return err
		}
		if err := s.book.AutoFilter(s.name, "A1:"+corner, nil); err != nil {
			return err
		}
	}
	return s.out.Flush()
}

// fitCell returns the text as a cell can keep it. A cut is said, never silent.
func fitCell(s string) string {
	s = printable(s)
	if len(s) <= excelize.TotalCellChars {
		return s
	}
	units := utf16.Encode([]rune(s))
	if len(units) <= excelize.TotalCellChars {
		return s
	}
	most := excelize.TotalCellChars - len(utf16.Encode([]rune(cutNotice)))
	if utf16.IsSurrogate(rune(units[most-1])) && utf16.IsSurrogate(rune(units[most])) && units[most] >= 0xdc00 {
		most-- // no half of a character
	}
	return string(utf16.Decode(units[:most])) + cutNotice
}

// sheetName makes a name that spreadsheets accept.
func sheetName(s string) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, s), " '")
	for utf8.RuneCountInString(s) > 0 && len(utf16.Encode([]rune(s))) > 31 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	if strings.TrimSpace(s) == "" {
		return "Sheet"
	}
	return s
}
