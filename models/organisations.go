package models

import "strings"

// Organisation is an employer or office that people belong to.
type Organisation struct {
	ID ID
	OrganisationInput
	// People counts those who are not archived.
	People int
}

// OrganisationInput is what a form says of an organisation.
type OrganisationInput struct {
	Name    string
	Acronym string
	Aliases []string // other names by which people write it
	Sector  Sector
	Country string
	// Seen is what the form showed; another's change since is ErrConflict.
	Seen Seen `json:"-"`
}

// Check returns the input as it may be kept, or an *InvalidError that says what
// is wrong. An alias given twice, or equal to the name, is kept once.
func (in OrganisationInput) Check() (OrganisationInput, error) {
	var bad InvalidError
	in.Name = checkLine(in.Name, "name", "The name", 300, &bad)
	in.Acronym = checkLine(in.Acronym, "acronym", "The acronym", 40, &bad)
	in.Country = checkLine(in.Country, "country", "The country", 100, &bad)
	bad.Check(in.Name != "", "name", "Give the organization a name.")
	bad.Check(in.Sector.Valid(), "sector", "Choose one of the sectors.")
	known := map[string]bool{NameKey(in.Name): true}
	var aliases []string
	for _, a := range in.Aliases {
		a = checkLine(a, "aliases", "An alias", 300, &bad)
		if key := NameKey(a); a != "" && !known[key] {
			known[key] = true
			aliases = append(aliases, a)
		}
	}
	in.Aliases = aliases
	bad.Check(len(aliases) <= 100, "aliases", "An organization may have at most 100 aliases.")
	return in, bad.Err()
}

// checkLine cleans one line of text and notes what is wrong with it.
func checkLine(s, field, name string, limit int, bad *InvalidError) string {
	clean, _, ok := CleanText(s)
	bad.Check(ok, field, name+" holds a NUL character, which cannot be kept.")
	bad.Check(len(clean) <= limit || len([]rune(clean)) <= limit, field, tooLong(name, clean, limit))
	return strings.Join(strings.Fields(clean), " ")
}

// Keys returns the folded names under which the organisation is found: its
// name, its acronym and its aliases.
func (in OrganisationInput) Keys() []string {
	keys := []string{NameKey(in.Name)}
	for _, a := range append([]string{in.Acronym}, in.Aliases...) {
		if a != "" {
			keys = append(keys, NameKey(a))
		}
	}
	return keys
}

// OrganisationFilter says which organisations a list shows.
type OrganisationFilter struct {
	Query  string
	Sector Sector
	After  PersonCursor
	Limit  int // at most; 0 means 50
}

// OrganisationPage is one page of organisations by name.
type OrganisationPage struct {
	Organisations []Organisation
	Next          PersonCursor
}

// UnlistedOrganisation is a name that people carry and that no organisation
// has.
type UnlistedOrganisation struct {
	Name   string
	People int
}
