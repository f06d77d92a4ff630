package intake

import (
	"errors"
	"io"

	"rotunda/models"
)

// sampleRows is how many rows the columns are guessed from.
const sampleRows = 50

// Rows yields the rows of a file one by one, and io.EOF at its end.
type Rows func() (models.RawRow, error)

// ErrMapping means that the mapping somebody wrote does not fit; the *FileError
// that comes with it says why.
var ErrMapping = errors.New("the mapping does not fit")

// Begin reads the header and the first rows of a table of people, guesses the
// field of each column, and returns what an import wants: the file, and its
// rows from the first on. mapping changes the guesses as MapColumns does, or else
// the error is ErrMapping. A table of something else is a *FileError.
func Begin(name string, t *Table, mapping string) (models.ImportFile, Rows, error) {
	file := models.ImportFile{Name: name, Notes: append([]string{"Read as " + t.Format + "."}, t.Warnings()...)}
	if err := PeopleOnly(t.Header); err != nil {
		return file, nil, err
	}
	var first []models.RawRow
	var sample [][]string
	var end error
	for len(first) < sampleRows && end == nil {
		row, err := next(t)
		if err != nil {
			end = err
			break
		}
		first = append(first, row)
		if row.Problem == "" {
			sample = append(sample, row.Cells)
		}
	}
	if end != nil && !errors.Is(end, io.EOF) {
		return file, nil, end
	}
	guesses, err := MapColumns(GuessColumns(t.Header, sample), mapping)
	if err != nil {
		return file, nil, errors.Join(ErrMapping, err)
	}
	file.Columns = Columns(guesses, sample)
	return file, func() (models.RawRow, error) {
		if len(first) > 0 {
			row := first[0]
			first = first[1:]
			return row, nil
		}
		if end != nil {
			return models.RawRow{}, end
		}
		return next(t)
	}, nil
}

// next reads a row; what is wrong with it alone becomes part of it.
func next(t *Table) (models.RawRow, error) {
	row, err := t.Next()
	raw := models.RawRow{Line: row.Line, Cells: row.Cells}
	var bad *RowError
	if errors.As(err, &bad) {
		raw.Line, raw.Column, raw.Problem = bad.Line, bad.Column, bad.Reason
		return raw, nil
	}
	return raw, err
}
