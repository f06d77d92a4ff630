package models

import "strings"

// Series is a programme of roundtables on one question.
type Series struct {
	ID       ID
	Name     string
	Question string
	Archived bool
	// Roundtables counts those that the reader may know of.
	Roundtables int
}

// SeriesInput is what a form says of a series.
type SeriesInput struct {
	Name     string
	Question string
	// Seen is what the form showed; another's change since is ErrConflict.
	Seen Seen `json:"-"`
}

// Check returns the input trimmed, or an *InvalidError that says what is wrong.
func (in SeriesInput) Check() (SeriesInput, error) {
	in.Name, in.Question = strings.TrimSpace(in.Name), strings.TrimSpace(in.Question)
	var bad InvalidError
	bad.Check(in.Name != "", "name", "Give the series a name.")
	bad.Check(len([]rune(in.Name)) <= 200, "name", "The name may have at most 200 characters.")
	bad.Check(len([]rune(in.Question)) <= 1000, "question", "The question may have at most 1,000 characters.")
	return in, bad.Err()
}
