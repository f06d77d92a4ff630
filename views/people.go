package views

import (
	"rotunda/models"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// PeoplePage is the directory.
type PeoplePage struct {
	Page
	Filters            PeopleFilters
	List               PeopleList
	CanEdit, CanImport bool
}

// PeopleFilters are what the directory is narrowed by, as its address says.
type PeopleFilters struct {
	Query, Sector, Organisation, Country string
	Archived                             bool
	Sectors, Countries                   []ui.Option
}

// Any reports whether anything is filtered.
func (f PeopleFilters) Any() bool {
	return f.Query != "" || f.Sector != "" || f.Organisation != "" || f.Country != ""
}

// Address returns a path with the filters, and one more pair.
func (f PeopleFilters) Address(path, name, value string) string {
	archived := ""
	if f.Archived {
		archived = "1"
	}
	return urls.With(path, "q", f.Query, "sector", f.Sector, "organization", f.Organisation, "country", f.Country, "archived", archived, name, value)
}

// PeopleList is one page of the directory.
type PeopleList struct {
	Count              string // "1,000+ people"
	People             []PersonRow
	Prev, Next         string
	CSV, XLSX          string // empty where the account may not export
	Filtered, Archived bool
	CanEdit            bool
}

// PersonRow is one person in a list.
type PersonRow struct {
	Name, Href                     string
	Position                       string
	Organisation, OrganisationHref string
	Sector                         models.Sector
	Country, Email                 string
	DoNotContact                   bool
}

// work is position and organization in one line, for narrow screens.
func (p PersonRow) work(organisations bool) string {
	if !organisations || p.Organisation == "" {
		return p.Position
	}
	if p.Position == "" {
		return p.Organisation
	}
	return p.Position + ", " + p.Organisation
}

// PersonPage is one person with what the reader may know of their roundtables.
type PersonPage struct {
	Page
	Name, ListName                   string
	Position                         string // with a comma after it where an organization follows
	Organisation, OrganisationHref   string
	Sector                           models.Sector
	Notes                            string
	DoNotContact, Archived           bool
	Details                          []ui.Fact
	Invited                          string
	Attended                         string             // in the reader's teams; empty shows none
	Teams                            []PersonHistoryRow // of roundtables whose team the reader is on
	OnRecord                         []PersonHistoryRow
	CanEdit                          bool
	EditHref, ArchiveURL, RestoreURL string
}

// PersonHistoryRow is one roundtable of a person.
type PersonHistoryRow struct {
	Day, Title, Href string
	Regime           models.Regime
	StateKind, State string
	Note, Insights   string
}

// PersonFormPage adds or changes a person.
type PersonFormPage struct {
	Page
	Heading        string
	In             models.PersonInput
	Sectors        []ui.Option
	Organisations  []string // to complete from
	Seen           string   // which state of the person the form shows
	Action, Cancel string
	Errors         map[string]string
}

// OrganisationsPage lists organizations.
type OrganisationsPage struct {
	Page
	Query, Sector string
	Sectors       []ui.Option
	Organisations []OrganisationRow
	Unlisted      []UnlistedRow
	First, Next   string
	Filtered      bool
	CanEdit       bool
}

// OrganisationRow is one organization in the list.
type OrganisationRow struct {
	Name, Acronym, Href string
	Sector              models.Sector
	Country, People     string
}

// UnlistedRow is a name that people carry without there being such an
// organization.
type UnlistedRow struct{ Name, People, PeopleHref, AddHref string }

// OrganisationPage is one organization with its people.
type OrganisationPage struct {
	Page
	Name, Acronym              string
	Sector                     models.Sector
	Country, Count             string
	Aliases                    []string
	People                     []PersonRow
	More                       bool // there are more people than are shown
	CanEdit                    bool
	EditHref, AllHref, AddHref string
}

// OrganisationFormPage adds or changes an organization.
type OrganisationFormPage struct {
	Page
	Heading                                 string
	Name, Acronym, Aliases, Sector, Country string
	Seen                                    string
	Sectors                                 []ui.Option
	Action, Cancel                          string
	Errors                                  map[string]string
}
