package models

import (
	"errors"
	"slices"
	"strings"
)

// ImportState says how far an import has come.
type ImportState string

// The states of an import.
const (
	ImportReading   ImportState = "reading"   // its rows are still being read
	ImportMapping   ImportState = "mapping"   // no column holds names yet
	ImportReady     ImportState = "ready"     // judged, nothing saved
	ImportCommitted ImportState = "committed" // saved
	ImportUndone    ImportState = "undone"    // taken back
)

// ImportColumn says where one column of a file goes. Field is empty for a
// column that is left out.
type ImportColumn struct {
	Label  string      `json:"label"`
	Field  PersonField `json:"field,omitempty"`
	How    string      `json:"how,omitempty"`    // "name", "content", "hand", or "" where it was not matched
	Reason string      `json:"reason,omitempty"` // the same in words
	Sample string      `json:"sample,omitempty"` // its first value
}

// ImportFile is what is known of a file before its rows.
type ImportFile struct {
	Name    string
	Columns []ImportColumn
	Sector  Sector   // for people without one
	Notes   []string // how it was read, in sentences
}

// RawRow is one row as it stands in a file. Where Problem is not empty the row
// could not be read, and Cells holds what could.
type RawRow struct {
	Line    int
	Cells   []string
	Column  string // the column that the problem is in, where it is in one
	Problem string
}

// RowProblem says what is wrong with one row. Column is empty where the whole
// row is meant.
type RowProblem struct {
	Line   int    `json:"line"`
	Column string `json:"column"`
	Reason string `json:"reason"`
}

// ImportCounts counts the rows of an import by verdict, and the problems in
// those that cannot be kept.
type ImportCounts struct {
	New, Updated, Unchanged, Duplicates, BadRows int
	Problems                                     int
	// Of an import that was taken back: what was removed and restored, and
	// what was left because it is used or was changed since.
	Removed, Restored, Kept int
}

// Add counts one row.
func (c *ImportCounts) Add(v RowVerdict, problems int) {
	c.Problems += problems
	switch v {
	case RowNew:
		c.New++
	case RowUpdates:
		c.Updated++
	case RowUnchanged:
		c.Unchanged++
	case RowDuplicate:
		c.Duplicates++
	default:
		c.BadRows++
	}
}

// Of returns the count of one verdict.
func (c ImportCounts) Of(v RowVerdict) int {
	return [...]int{c.New, c.Updated, c.Unchanged, c.Duplicates, c.BadRows}[v.read()]
}

// Rows counts all rows.
func (c ImportCounts) Rows() int { return c.New + c.Updated + c.Unchanged + c.Duplicates + c.BadRows }

// Import is one file of people on its way into the directory.
type Import struct {
	ID ID
	ImportFile
	State       ImportState
	Counts      ImportCounts
	CreatedAt   Instant
	CommittedAt Instant
}

// ImportChoice says what a commit does with rows that are not plainly good.
type ImportChoice struct {
	SkipErrors       bool // import the good rows and leave the bad ones
	CreateDuplicates bool // create every possible duplicate
}

// ImportRow is one row of a preview.
type ImportRow struct {
	Line     int
	Verdict  RowVerdict
	Person   ID            // the known person that the row is, or may be
	Earlier  int           // the earlier line that says the same, or nearly so
	Chosen   bool          // a possible duplicate that is to be created
	Cells    []string      // the row as it stands in the file
	Said     PersonInput   // what it says
	Known    PersonInput   // the known person, where there is one
	Changes  []FieldChange // what an update changes
	Problems []RowProblem
	Notes    []FieldNote
}

// ImportRowFilter says which rows of an import a page shows.
type ImportRowFilter struct {
	Only  *RowVerdict // nil for all
	After int         // the line after which the page begins
	Limit int         // at most; 0 means 50
}

// ErrImportBlocked means that an import holds rows with errors, and that
// leaving them out was not asked for.
var ErrImportBlocked = errors.New("some rows have errors, so nothing was imported")

// ColumnMapping says which cells of a row make a person.
type ColumnMapping struct {
	Fields  []PersonField // the mapped fields, in the order of the columns
	columns []int
	labels  []string
	notes   []noted // where several columns go to the notes
}

// noted is a column of which the notes take a line.
type noted struct {
	column int
	label  string
}

// NewColumnMapping makes the mapping of the columns. It is an *InvalidError
// where no column holds a name or two go to one field, other than the notes:
// those take every column that goes there as a line, "Party: I".
func NewColumnMapping(columns []ImportColumn) (*ColumnMapping, error) {
	m := &ColumnMapping{}
	var bad InvalidError
	for i, c := range columns {
		if c.Field == "" {
			continue
		}
		if c.Field == FieldNotes {
			m.notes = append(m.notes, noted{i, c.Label})
		}
		if at := slices.Index(m.Fields, c.Field); at >= 0 && c.Field == FieldNotes {
			continue
		} else if at >= 0 {
			bad.Add("columns", "Both “"+m.labels[at]+"” and “"+c.Label+"” go to "+c.Field.Name()+". Leave one of them out.")
			continue
		}
		m.Fields = append(m.Fields, c.Field)
		m.columns = append(m.columns, i)
		m.labels = append(m.labels, c.Label)
	}
	named := slices.ContainsFunc(m.Fields, func(f PersonField) bool {
		return f == FieldFullName || f == FieldGiven || f == FieldFamily || f == FieldListName
	})
	bad.Check(named, "columns", "No column holds names. Choose the column with the full name, or those with given and family name.")
	return m, bad.Err()
}

// Person reads the cells of a row into a person, with remarks that stop nothing
// and with a problem for every cell that cannot be kept.
func (m *ColumnMapping) Person(row RawRow) (PersonInput, []FieldNote, []RowProblem) {
	if row.Problem != "" {
		return PersonInput{}, nil, []RowProblem{{row.Line, row.Column, row.Problem}}
	}
	cells := make([]string, len(m.columns))
	for i, c := range m.columns {
		if c < len(row.Cells) {
			cells[i] = row.Cells[c]
		}
		if m.Fields[i] == FieldNotes && len(m.notes) > 1 {
			cells[i] = m.noteLines(row.Cells)
		}
	}
	p, notes, err := ReadPerson(m.Fields, cells)
	if err == nil {
		return p, notes, nil
	}
	var bad *InvalidError
	if !errors.As(err, &bad) {
		return p, notes, []RowProblem{{Line: row.Line, Reason: err.Error()}}
	}
	return p, notes, m.problems(row.Line, bad)
}

// noteLines writes the cells that go to the notes, those that hold something.
func (m *ColumnMapping) noteLines(cells []string) string {
	var lines []string
	for _, n := range m.notes {
		if n.column < len(cells) && strings.TrimSpace(cells[n.column]) != "" {
			lines = append(lines, n.label+": "+strings.TrimSpace(cells[n.column]))
		}
	}
	return strings.Join(lines, "\n")
}

// problems puts the messages in the order of the columns, those that belong to
// no column last.
func (m *ColumnMapping) problems(line int, bad *InvalidError) []RowProblem {
	var out []RowProblem
	for i, f := range m.Fields {
		if reason, ok := bad.Fields[string(f)]; ok {
			out = append(out, RowProblem{line, m.labels[i], reason})
		}
	}
	for name, reason := range bad.Fields {
		if !slices.Contains(m.Fields, PersonField(name)) {
			out = append(out, RowProblem{Line: line, Reason: reason})
		}
	}
	return out
}
