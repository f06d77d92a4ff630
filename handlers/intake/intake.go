// Package intake decodes what people bring: tables of people as CSV in any
// separator and encoding, gzipped or not, and XLSX. It reads row by row, never
// the whole of a CSV file, and says what is wrong in sentences for the person
// who brought it.
package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"rotunda/models"
)

// Limits bounds what Open reads.
type Limits struct {
	Bytes    int64 // of the upload as it comes
	Unpacked int64 // of what a gzip or XLSX file unpacks to; 0 means 200 MB
}

const (
	defaultUnpacked = 200 << 20
	maxRatio        = 100 // unpacked to packed size
	maxColumns      = 1000
)

// FileError says why a whole file cannot be read, in sentences that are shown
// as they are.
type FileError struct{ Message string }

// Error returns the message.
func (e *FileError) Error() string { return e.Message }

func refuse(format string, args ...any) error { return &FileError{fmt.Sprintf(format, args...)} }

// RowError says what is wrong with one row; reading goes on after it. Column
// is the column's label, empty where the whole row is meant.
type RowError struct {
	Line   int
	Column string
	Reason string
}

// Error returns the problem as the command line prints it.
func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d: %s: %s", e.Line, e.Column, e.Reason)
}

// Row is one row of a table: as many cells as the header has columns, as they
// stand in the file. Line counts from 1 and names the line on which the row
// begins, or the row of the sheet.
type Row struct {
	Line  int
	Cells []string
}

// Table is a file that is being read. Header holds the trimmed column names,
// Labels the same made unique, with "Column 3" for an empty one.
type Table struct {
	Header []string
	Labels []string
	Format string   // how the file was read, for people: "text (UTF-8) with semicolons between the columns"
	Notes  []string // what the reader should know, in sentences

	src source
}

// source yields the rows of a file. problem tells of a row that cannot be
// read as it should; err ends the file.
type source interface {
	record() (line int, cells []string, problem string, err error)
	close() error
}

// Open begins to read a table and returns it with its header read. name is the
// file's name and only helps to word the refusal. A file that is no table of
// people comes back as a *FileError.
func Open(name string, r io.Reader, limits Limits) (*Table, error) {
	if limits.Unpacked <= 0 {
		limits.Unpacked = defaultUnpacked
	}
	upload := &capped{r: r, left: limits.Bytes, message: fmt.Sprintf("The file is larger than %s, the most that can be imported at once. Split it and import the parts.", megabytes(limits.Bytes))}
	in := bufio.NewReaderSize(upload, sampleSize)
	head, err := in.Peek(8)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readError(err)
	}
	t := &Table{}
	switch {
	case len(head) == 0:
		return nil, refuse("The file is empty.")
	case bytes.HasPrefix(head, gzipMagic):
		err = t.openGzip(in, limits)
	case bytes.HasPrefix(head, zipMagic):
		err = t.openXLSX(name, in, limits)
	default:
		err = t.openText(in)
	}
	if err != nil {
		return nil, readError(err)
	}
	if err := t.readHeader(); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// Close lets go of what the table holds. The reader given to Open stays open.
func (t *Table) Close() error { return t.src.close() }

func (t *Table) readHeader() error {
	for {
		line, cells, problem, err := t.src.record()
		switch {
		case errors.Is(err, io.EOF):
			return refuse("The file holds no rows.")
		case err != nil:
			return readError(err)
		case len(cells) > maxColumns:
			return refuse("The first row has more than %s columns. This does not look like a list of people.", models.Thousands(maxColumns))
		case blank(cells):
			continue
		case problem != "":
			return refuse("Line %d, which should name the columns, cannot be read: %s", line, problem)
		}
		for i, c := range cells {
			if reason := badCell(c); reason != "" {
				return refuse("Line %d, which should name the columns, cannot be read: %s", line, reason)
			}
			cells[i], _, _ = models.CleanText(c)
		}
		for len(cells) > 1 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		t.Header, t.Labels = cells, labels(cells)
		return nil
	}
}

// Next returns the next row that is not blank. A *RowError concerns that row
// alone: its cells come with it as far as they could be read, and the next
// call goes on. io.EOF ends the table; any other error ends it early.
func (t *Table) Next() (Row, error) {
	for {
		line, cells, problem, err := t.src.record()
		if err != nil {
			return Row{}, readError(err)
		}
		if len(cells) > maxColumns {
			return Row{}, refuse("Line %d has more than %s cells. This does not look like a list of people.", line, models.Thousands(maxColumns))
		}
		if blank(cells) && problem == "" {
			continue
		}
		return t.row(line, cells, problem)
	}
}

func (t *Table) row(line int, cells []string, problem string) (Row, error) {
	width := len(t.Header)
	given := len(cells)
	if given > width && !blank(cells[width:]) && problem == "" {
		problem = fmt.Sprintf("The row has %d cells, but the header names %d columns. A cell that holds a separator must stand in quotation marks.", given, width)
	}
	full := make([]string, width)
	copy(full, cells)
	row := Row{line, full}
	if problem != "" {
		return row, &RowError{Line: line, Reason: problem}
	}
	for i, c := range full {
		if reason := badCell(c); reason != "" {
			return row, &RowError{line, t.Labels[i], reason}
		}
	}
	return row, nil
}

// badCell says why a cell cannot be kept whatever it is for.
func badCell(c string) string {
	switch {
	case !utf8.ValidString(c):
		return "Some characters are not UTF-8. Save the file as “CSV UTF-8” and import it again."
	case strings.IndexByte(c, 0) >= 0:
		return "The cell holds a NUL character, which cannot be kept."
	case strings.ContainsRune(c, utf8.RuneError):
		return "Some letters were lost before the file came here (they read �). Export it again as UTF-8."
	}
	return ""
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// labels names every column differently.
func labels(header []string) []string {
	out := make([]string, len(header))
	count := map[string]int{}
	for i, h := range header {
		if h == "" {
			h = fmt.Sprintf("Column %d", i+1)
		}
		count[h]++
		if n := count[h]; n > 1 {
			h = fmt.Sprintf("%s (%d)", h, n)
		}
		out[i] = h
	}
	return out
}

// capped reads at most left bytes and then fails with the message.
type capped struct {
	r       io.Reader
	left    int64
	message string
}

// Read implements io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		var one [1]byte
		if n, err := c.r.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, &FileError{c.message}
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	return n, err
}

func megabytes(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d kB", n>>10)
}

// readError keeps io.EOF and our own errors and words the rest.
func readError(err error) error {
	var own *FileError
	if errors.Is(err, io.EOF) || errors.As(err, &own) {
		return err
	}
	return refuse("The file is damaged and ends before its time (%v). Bring it again.", err)
}
