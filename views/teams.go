package views

import (
	"rotunda/models"
	"rotunda/views/ui"
)

// TeamPage lists and changes who works on a roundtable.
type TeamPage struct {
	WorkspacePage
	Action     string
	CanChange  bool
	Members    []TeamRow
	Candidates []ui.Option
	Roles      []ui.Option
	Errors     map[string]string
	Account    string // chosen in the form that adds
	Role       string
}

// TeamRow is one member.
type TeamRow struct {
	Account, Name, Email string
	Role, RoleName       string
	Face                 Face
	Note                 string // "cannot sign in"
	You                  bool
}

// TargetsPage sets how many guests of each sector a roundtable should have.
type TargetsPage struct {
	WorkspacePage
	Action string
	Rows   []TargetRow
	Errors map[string]string
}

// TargetRow is one sector's fields as typed.
type TargetRow struct {
	Sector                   models.Sector
	Minimum, Target, Maximum string
}

func targetFields() []string {
	var out []string
	for _, s := range models.Sectors {
		out = append(out, "minimum."+s.Key(), "target."+s.Key(), "maximum."+s.Key())
	}
	return out
}

// CohostsPage names the partners of a roundtable and their people.
type CohostsPage struct {
	WorkspacePage
	CanChange    bool
	AddHref      string
	Organisation string
	Partners     []string // organizations that the field proposes
	Errors       map[string]string
	Cohosts      []CohostRow
}

// CohostRow is one partner.
type CohostRow struct {
	ID, Name   string
	Sector     models.Sector
	RemoveHref string
	AddHref    string
	Accounts   []CohostAccountRow
	// The form that adds a person, as typed.
	PersonName, PersonEmail string
	Errors                  map[string]string
}

// CohostAccountRow is one person of a partner.
type CohostAccountRow struct{ Name, Email, Note, EndHref string }

// SeriesListPage lists the series.
type SeriesListPage struct {
	Page
	Rows      []SeriesRow
	CanCreate bool
}

// SeriesRow is one series of the list.
type SeriesRow struct {
	Href, Name, Question, Count string
	Archived                    bool
}

// SeriesPage is one series with its roundtables.
type SeriesPage struct {
	Page
	Name, Question string
	Archived       bool
	List           RoundtablesPage
	CanEdit        bool
	EditHref       string
	ArchiveHref    string
	NewHref        string
}

// SeriesForm makes or changes a series.
type SeriesForm struct {
	Page
	Heading, Action, CancelHref string
	Name, Question, Seen        string
	Errors                      map[string]string
}
