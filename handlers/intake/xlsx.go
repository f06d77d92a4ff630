package intake

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	maxEntries = 1000
	// maxSheetInMemory is from which size on a sheet is unpacked to a temporary
	// file instead of memory.
	maxSheetInMemory = 16 << 20
)

// sheet reads the rows of one sheet of a workbook.
type sheet struct {
	book *excelize.File
	rows *excelize.Rows
	line int
}

// openXLSX opens a workbook after a look at what it would unpack to.
func (t *Table) openXLSX(name string, in io.Reader, limits Limits) error {
	packed, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	ending := strings.ToLower(name)
	if !strings.HasSuffix(ending, ".xlsx") && !strings.HasSuffix(ending, ".xlsm") {
		return refuse("This is an Excel workbook or another zip file, although its name does not say so. If it is a workbook, let its name end in .xlsx; or open it in a spreadsheet and save it as CSV.")
	}
	if err := checkZip(packed, limits.Unpacked); err != nil {
		return err
	}
	book, err := excelize.OpenReader(bytes.NewReader(packed), excelize.Options{UnzipSizeLimit: limits.Unpacked, UnzipXMLSizeLimit: maxSheetInMemory})
	if err != nil {
		return refuse("The workbook is damaged or locked. Save it again as .xlsx without a password.")
	}
	visible := visibleSheets(book)
	if len(visible) == 0 {
		book.Close()
		return refuse("The workbook shows no sheet.")
	}
	rows, err := book.Rows(visible[0])
	if err != nil {
		book.Close()
		return refuse("The first sheet of the workbook cannot be read. Save it as CSV and bring that.")
	}
	t.src = &sheet{book: book, rows: rows}
	t.Format = "XLSX, sheet “" + visible[0] + "”"
	if len(visible) > 1 {
		t.Notes = append(t.Notes, "Only the first sheet, “"+visible[0]+"”, is read. The workbook has others.")
	}
	return nil
}

// checkZip refuses archives that would unpack to too much.
func checkZip(packed []byte, most int64) error {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return refuse("The workbook is damaged. Save it again as .xlsx.")
	}
	var unpacked uint64
	book := false
	for _, f := range z.File {
		unpacked += f.UncompressedSize64
		if unpacked > uint64(most) || f.UncompressedSize64 > uint64(most) {
			return refuse("The workbook unpacks to more than %s, the most that can be imported at once. Split it and import the parts.", megabytes(most))
		}
		book = book || f.Name == "xl/workbook.xml"
	}
	switch {
	case !book:
		return refuse("This is a zip file, but no Excel workbook. Unpack it and bring the list inside.")
	case len(z.File) > maxEntries, unpacked > 1<<20 && unpacked > maxRatio*uint64(len(packed)):
		return refuse("The workbook is packed in an unusual way and is not opened, for safety. Copy the list into a new workbook and bring that.")
	}
	return nil
}

func visibleSheets(book *excelize.File) []string {
	var out []string
	for _, name := range book.GetSheetList() {
		if shown, err := book.GetSheetVisible(name); err == nil && shown {
			out = append(out, name)
		}
	}
	return out
}

func (s *sheet) record() (int, []string, string, error) {
	if !s.rows.Next() {
		if err := s.rows.Error(); err != nil {
			return 0, nil, "", err
		}
		return 0, nil, "", io.EOF
	}
	s.line++
	cells, err := s.rows.Columns()
	if err != nil {
		return 0, nil, "", err
	}
	return s.line, cells, "", nil
}

func (s *sheet) close() error { return errors.Join(s.rows.Close(), s.book.Close()) }
