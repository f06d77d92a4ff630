package files

import (
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
	book := excelize.NewFile()
	defer book.Close()
	sheet = sheetName(sheet)
	if err := book.SetSheetName(book.GetSheetName(0), sheet); err != nil {
		return err
	}
	// The library's own name and dates say nothing about this file.
	if err := book.SetDocProps(&excelize.DocProperties{Creator: "Rotunda", LastModifiedBy: "Rotunda"}); err != nil {
		return err
	}
	if err := writeSheet(book, sheet, columns, rows); err != nil {
		return err
	}
	_, err := book.WriteTo(w)
	return err
}

func writeSheet(book *excelize.File, sheet string, columns []string, rows Rows) error {
	out, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if len(columns) > 0 {
		if err := out.SetColWidth(1, len(columns), 22); err != nil {
			return err
		}
	}
	cells := make([]any, 0, len(columns))
	line := 0
	write := func(row []string, opts ...excelize.RowOpts) error {
		if line++; line > excelize.TotalRows {
			return ErrTooManyRows
		}
		cells = cells[:0]
		for _, s := range row {
			cells = append(cells, fitCell(s))
		}
		at, err := excelize.CoordinatesToCellName(1, line)
		if err != nil {
			return err
		}
		return out.SetRow(at, cells, opts...)
	}
	if err := write(columns, excelize.RowOpts{StyleID: bold}); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := write(row); err != nil {
			return err
		}
	}
	if len(columns) > 0 {
		corner, err := excelize.CoordinatesToCellName(len(columns), line)
		if err != nil {
			return err
		}
		if err := book.AutoFilter(sheet, "A1:"+corner, nil); err != nil {
			return err
		}
	}
	return out.Flush()
}

// fitCell returns the text as a cell can keep it. A cut is said, never silent.
func fitCell(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
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
