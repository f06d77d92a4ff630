package models

import "strings"

// PersonFilter says which people a directory lists. The zero value lists
// everybody who is not archived.
type PersonFilter struct {
	Query        string // words of name, organisation, position, address or country; each may be a beginning
	Sector       Sector
	Organisation string // the beginning of an organisation's name, or one of its aliases
	Country      string
	Archived     bool // the archived ones instead
	After        PersonCursor
	Before       PersonCursor // the page before this one, where After is zero
	Limit        int          // at most; 0 means 50
}

// PersonCursor is a place in the directory: just after or before a person.
type PersonCursor struct {
	Sort string
	ID   ID
}

// String writes the cursor for an address.
func (c PersonCursor) String() string {
	if c.ID == 0 {
		return ""
	}
	return c.ID.String() + c.Sort
}

// ParsePersonCursor reads what String wrote; anything else is the start.
func ParsePersonCursor(s string) PersonCursor {
	if len(s) < 13 {
		return PersonCursor{}
	}
	id, err := ParseID(s[:13])
	if err != nil {
		return PersonCursor{}
	}
	return PersonCursor{s[13:], id}
}

// PeoplePage is one page of the directory, in the order of the list names.
type PeoplePage struct {
	People []Person
	// Count is how many the filter finds, at most MostCounted; More says that
	// there are more than that.
	Count int
	More  bool
	// Prev and Next are where the pages before and after begin; zero where
	// there is none.
	Prev, Next PersonCursor
}

// MostCounted is as far as lists are counted: beyond it they say "1,000+".
const MostCounted = 1000

// CappedCount writes a count that stops at MostCounted.
func CappedCount(n int, more bool) string {
	if more {
		return Thousands(MostCounted) + "+"
	}
	return Thousands(n)
}

// PersonIndex is what a person is filed under.
type PersonIndex struct {
	Name         string // the folded full name, as Keys has it
	NameOrg      string // the same with the organisation, as Keys has it
	Sort         string // the folded name in lists
	Email        string // the key of the primary address
	Organisation string // the folded organisation, as it is written
	Country      string
	Words        string // what the directory searches, folded, in words
}

// Index returns what the person is filed under.
func (p PersonInput) Index() PersonIndex {
	k := p.Keys()
	x := PersonIndex{
		Name: k.Name, NameOrg: k.NameOrg, Sort: nameKey(p.ListName()), Organisation: NameKey(p.Organisation), Country: NameKey(p.Country),
	}
	if p.Email != "" {
		x.Email = EmailKey(p.Email)
	}
	x.Words = IndexText(strings.Join([]string{
		p.FullName(), p.Given, p.Middle, p.Family, p.List, p.Honorific, p.PostNominals, p.ExternalID,
		p.Organisation, p.Position, p.Country, p.Sector.searchName(), strings.Join(p.Emails(), " "),
	}, "\n"))
	return x
}

func (s Sector) searchName() string {
	if s == SectorNone {
		return ""
	}
	return s.Name()
}

// NameKey returns a name as it is compared with others: folded, one space
// between words. A name that folds to nothing stands for itself.
func NameKey(s string) string { return nameKey(strings.TrimSpace(s)) }

// DirectoryQuery reads what was typed into the search field of a list of
// names: every word may be the beginning of one.
func DirectoryQuery(s string) Query {
	q := ParseQuery(s)
	for i := range q.Must {
		q.Must[i].Prefix = true
	}
	return q
}
