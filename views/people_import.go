package views

import (
	"rotunda/views/ui"
)

// ImportFormPage asks for a file of people.
type ImportFormPage struct {
	Page
	Sector  string
	Sectors []ui.Option
	Limit   string // the largest file, in words
	Errors  map[string]string
	Earlier []EarlierImport
}

// EarlierImport is an import that was saved or taken back.
type EarlierImport struct{ File, Href, When, Words string }

// ImportPage shows what an import would do, or did.
type ImportPage struct {
	Page
	File, Sub     string
	Notes         []string
	Columns       []ImportColumnRow
	ColumnsNote   string
	Fields        []ui.Option // what a column may go to
	Sector        string
	Sectors       []ui.Option
	ColumnsURL    string
	Errors        map[string]string
	Heads         []string // of the mapped fields
	Rows          []ImportRowView
	Verdicts      []ui.SegmentItem
	Next, First   string
	ChoicesURL    string
	HasDuplicates bool // on this page
	Back          string
	Commit        ImportCommitForm
	Done          *ImportDone // after the commit
}

// ImportColumnRow is one column of the file.
type ImportColumnRow struct{ Label, Sample, Field, Reason string }

// ImportRowView is one row of the file with its verdict.
type ImportRowView struct {
	Line      string
	Kind      string // as ui.Status takes it
	Verdict   string
	Dim       bool
	Cells     []ImportCell
	Match     string
	MatchHref string // of the known person
	MatchName string
	Remarks   []string // what is wrong with the whole row, or was taken out
	Bad       bool
	Choose    bool // a possible duplicate, which may be created
	Chosen    bool
}

// ImportCell is one cell: what it says, what it replaces, what is wrong.
type ImportCell struct{ Value, Old, Problem string }

// ImportCommitForm saves the import.
type ImportCommitForm struct {
	Action, Label  string // an empty label: there is nothing to import
	Words          string
	SkipErrors     bool
	AskDuplicates  string // the words of the box that creates them all; empty shows none
	DropURL        string
	ProblemsHref   string // a file of the rows with errors; empty shows none
	NothingToSave  string
	DuplicatesNote string
}

// ImportDone is what a saved import did.
type ImportDone struct {
	Title, Text string
	Facts       []ui.Fact
	UndoURL     string // empty where it cannot be taken back
	Undone      bool
	PeopleHref  string
	// ProblemsHref leads to the rows that were left out for their errors; empty
	// where there are none.
	ProblemsHref string
}
