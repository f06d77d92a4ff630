package store

import (
	"context"
	"slices"
	"strings"

	"rotunda/models"
)

// personRow is a person as the database keeps them. FullName and ListName hold
// what pages show, whatever it was made of.
type personRow struct {
	ID             models.ID
	ExternalID     string
	Honorific      string
	Given          string
	Middle         string
	Family         string
	PostNominals   string
	FullName       string
	Salutation     string
	ListName       string
	NameFold       string
	NameOrg        string
	SortFold       string
	Email          string
	EmailFold      string
	OtherEmails    string
	Phone          string
	Position       string
	OrganisationID models.ID
	Organisation   string
	OrgFold        string
	Sector         models.Sector
	Country        string
	CountryFold    string
	Assistant      string
	Notes          string
	DoNotContact   bool
	SearchText     string
	ImportID       models.ID
	ArchivedMs     models.Instant
	CreatedMs      models.Instant
	UpdatedMs      models.Instant
	Example        bool
}

func (personRow) TableName() string { return "people" }

// input returns what was said of the person. A name that is only its parts
// joined was not given in one piece, so that it follows when a part changes.
func (r personRow) input() models.PersonInput {
	p := models.PersonInput{
		ExternalID: r.ExternalID, Honorific: r.Honorific, Given: r.Given, Middle: r.Middle, Family: r.Family,
		PostNominals: r.PostNominals, Salutation: r.Salutation, Email: r.Email, Phone: r.Phone, Position: r.Position,
		Organisation: r.Organisation, Sector: r.Sector, Country: r.Country, Assistant: r.Assistant, Notes: r.Notes,
		DoNotContact: r.DoNotContact,
	}
	if r.OtherEmails != "" {
		p.OtherEmails = strings.Split(r.OtherEmails, "\n")
	}
	if p.FullName() != r.FullName {
		p.Full = r.FullName
	}
	if p.ListName() != r.ListName {
		p.List = r.ListName
	}
	return p
}

func (r personRow) model() models.Person {
	return models.Person{
		ID: r.ID, PersonInput: r.input(), OrganisationID: r.OrganisationID,
		Archived: r.ArchivedMs != 0, CreatedAt: r.CreatedMs, UpdatedAt: r.UpdatedMs,
	}
}

// fill writes what is said of a person, and what they are filed under, into
// the row. org is the organisation that the text names, if any.
func (r *personRow) fill(p models.PersonInput, org orgMatch) {
	x := p.Index()
	r.ExternalID, r.Honorific, r.Given, r.Middle, r.Family = p.ExternalID, p.Honorific, p.Given, p.Middle, p.Family
	r.PostNominals, r.FullName, r.Salutation, r.ListName = p.PostNominals, p.FullName(), p.Salutation, p.ListName()
	r.NameFold, r.NameOrg, r.SortFold, r.Email, r.EmailFold = x.Name, x.NameOrg, x.Sort, p.Email, x.Email
	r.OtherEmails, r.Phone, r.Position = strings.Join(p.OtherEmails, "\n"), p.Phone, p.Position
	r.OrganisationID, r.Organisation, r.OrgFold = org.ID, p.Organisation, x.Organisation
	if org.ID != 0 {
		r.OrgFold = org.NameFold
	}
	r.Sector, r.Country, r.CountryFold = p.Sector, p.Country, x.Country
	r.Assistant, r.Notes, r.DoNotContact, r.SearchText = p.Assistant, p.Notes, p.DoNotContact, x.Words
}

// personValues lists the columns that a person's input fills, for INSERT and
// UPDATE alike, in the order of values.
const personValues sqlText = `external_id, honorific, given, middle, family, post_nominals, full_name, salutation, list_name,
	name_fold, name_org, sort_fold, email, email_fold, other_emails, phone, position, organisation_id, organisation, org_fold,
	sector, country, country_fold, assistant, notes, do_not_contact, search_text, archived_ms, updated_ms`

const personValueCount = 29

func (r *personRow) values() []any {
	return []any{
		r.ExternalID, r.Honorific, r.Given, r.Middle, r.Family, r.PostNominals, r.FullName, r.Salutation, r.ListName,
		r.NameFold, r.NameOrg, r.SortFold, r.Email, r.EmailFold, r.OtherEmails, r.Phone, r.Position, int64(r.OrganisationID), r.Organisation, r.OrgFold,
		int64(r.Sector), r.Country, r.CountryFold, r.Assistant, r.Notes, r.DoNotContact, r.SearchText, int64(r.ArchivedMs), int64(r.UpdatedMs),
	}
}

// personNews are personValues as writePeople brings them, and personTypes the
// types of an id and of each.
const (
	personNews sqlText = `v.external_id, v.honorific, v.given, v.middle, v.family, v.post_nominals, v.full_name, v.salutation, v.list_name,
	v.name_fold, v.name_org, v.sort_fold, v.email, v.email_fold, v.other_emails, v.phone, v.position, v.organisation_id, v.organisation, v.org_fold,
	v.sector, v.country, v.country_fold, v.assistant, v.notes, v.do_not_contact, v.search_text, v.archived_ms, v.updated_ms`

	typeText, typeInt, typeBool sqlText = ", CAST(? AS TEXT)", ", CAST(? AS BIGINT)", ", CAST(? AS BOOLEAN)"
)

var personTypes = "(CAST(? AS BIGINT)" + typeText.repeat(17, "") + typeInt + typeText.repeat(2, "") + typeInt +
	typeText.repeat(4, "") + typeBool + typeText + typeInt.repeat(2, "") + ")"

// writePeople writes rows over those with their ids, and makes the people found
// by their words. It is models.ErrNotFound where one is gone.
func (t *tx) writePeople(rows []personRow) error {
	t.people = t.people || len(rows) > 0 // the rooms they were in are counted anew
	args := make([]any, 0, (1+personValueCount)*len(rows))
	for _, r := range rows {
		args = append(append(args, int64(r.ID)), r.values()...)
	}
	n, err := t.updateMany("WITH v(id, "+personValues+") AS (VALUES ", personTypes, 1+personValueCount,
		") UPDATE people SET ("+personValues+") = ("+personNews+") FROM v WHERE people.id = v.id", args)
	if err != nil {
		return err
	}
	if n < int64(len(rows)) {
		return models.ErrNotFound
	}
	return t.indexPeople(rows)
}

// indexPeople makes people found by the words of their rows.
func (t *tx) indexPeople(rows []personRow) error {
	ids, args := make([]models.ID, len(rows)), make([]any, 0, 2*len(rows))
	for i, r := range rows {
		ids[i] = r.ID
		if t.s.dialect == postgresDialect {
			args = append(args, r.ID, models.TSVector(strings.Fields(r.SearchText)))
		} else {
			args = append(args, r.ID, r.SearchText)
		}
	}
	if t.s.dialect == postgresDialect {
		return t.insertMany("INSERT INTO people_search (id, words) VALUES ", "(?, ?::tsvector)", 2, " ON CONFLICT (id) DO UPDATE SET words = excluded.words", args)
	}
	for part := range slices.Chunk(ids, 500) {
		if err := t.exec("DELETE FROM people_search WHERE rowid IN ?", part); err != nil {
			return err
		}
	}
	return t.insertMany("INSERT INTO people_search (rowid, words) VALUES ", "(?, ?)", 2, "", args)
}

// CreatePerson adds a person. Who may edit people may; others get
// models.ErrForbidden. Bad input is a *models.InvalidError under the words of
// the fields. The second id takes it back.
func (s *Store) CreatePerson(ctx context.Context, v models.Viewer, in models.PersonInput) (id, undo models.ID, err error) {
	if !models.Can(v, models.EditPeople) {
		return 0, 0, models.ErrForbidden
	}
	in, _, err = in.Clean()
	if err != nil {
		return 0, 0, err
	}
	r := personRow{ID: s.newID()}
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.insertPerson(&r, in); err != nil {
			return err
		}
		undo, err = t.undoable("person.create", "Adding a person", 0, personUndo{Person: r.ID, At: t.now})
		return err
	})
	return r.ID, undo, err
}

// insertPerson writes a new person, whose id is set, as an input that was
// cleaned says.
func (t *tx) insertPerson(r *personRow, in models.PersonInput) error {
	org, err := t.matchOrganisation(in.Organisation)
	if err != nil {
		return err
	}
	r.fill(in, org)
	r.CreatedMs, r.UpdatedMs = t.now, t.now
	if err := t.insert(r); err != nil {
		return err
	}
	if err := t.indexPeople([]personRow{*r}); err != nil {
		return err
	}
	return t.audit(auditRow{Action: "person.create", ObjectKind: "person", Object: r.ID})
}

// UpdatePerson replaces what is said of a person; rights and errors as
// CreatePerson. seen is the UpdatedAt that the form was made from: where
// somebody changed the person since, nothing is written and the error is
// models.ErrConflict. Zero asks for no such check.
func (s *Store) UpdatePerson(ctx context.Context, v models.Viewer, id models.ID, in models.PersonInput, seen models.Instant) (undo models.ID, err error) {
	if !models.Can(v, models.EditPeople) {
		return 0, models.ErrForbidden
	}
	in, _, err = in.Clean()
	if err != nil {
		return 0, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		r, err := t.person(id)
		if err != nil {
			return err
		}
		if seen != 0 && r.UpdatedMs != seen {
			return models.ErrConflict
		}
		before := r.input()
		org, err := t.matchOrganisation(in.Organisation)
		if err != nil {
			return err
		}
		r.fill(in, org)
		r.UpdatedMs = max(t.now, r.UpdatedMs+1)
		if err := t.writePerson(&r); err != nil {
			return err
		}
		if undo, err = t.undoable("person.update", "Changing a person", 0, personUndo{Person: id, At: r.UpdatedMs, Before: &before}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "person.update", ObjectKind: "person", Object: id})
	})
	return undo, err
}

// ArchivePerson takes a person out of the directory, or with archived false
// back into it; histories stay. Rights as CreatePerson. Doing it twice changes
// nothing and gives no undo.
func (s *Store) ArchivePerson(ctx context.Context, v models.Viewer, id models.ID, archived bool) (undo models.ID, err error) {
	if !models.Can(v, models.EditPeople) {
		return 0, models.ErrForbidden
	}
	err = s.transact(ctx, v, func(t *tx) error {
		r, err := t.person(id)
		if err != nil || (r.ArchivedMs != 0) == archived {
			return err
		}
		verb, label := "person.archive", "Archiving a person"
		if !archived {
			verb, label = "person.restore", "Bringing back a person"
		}
		if err := t.archivePerson(id, archived); err != nil {
			return err
		}
		if undo, err = t.undoable(verb, label, 0, personUndo{Person: id}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: verb, ObjectKind: "person", Object: id})
	})
	return undo, err
}

func (t *tx) archivePerson(id models.ID, archived bool) error {
	at := models.Instant(0)
	if archived {
		at = t.now
	}
	return t.exec("UPDATE people SET archived_ms = ? WHERE id = ?", at, id)
}

func (t *tx) person(id models.ID) (personRow, error) {
	var r personRow
	err := t.get(&r, "SELECT * FROM people WHERE id = ?", id)
	return r, err
}

func (t *tx) writePerson(r *personRow) error { return t.writePeople([]personRow{*r}) }

// Person returns one person, archived or not. Only staff read people; for
// others they do not exist.
func (s *Store) Person(ctx context.Context, v models.Viewer, id models.ID) (models.Person, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return models.Person{}, models.ErrNotFound
	}
	var r personRow
	err := s.get(ctx, &r, "SELECT * FROM people WHERE id = ?", id)
	return r.model(), err
}

// peoplePage is how many people a page holds where the filter does not say.
const peoplePage = 50

// People lists a page of the directory by the folded list name. Only staff
// read people; others get models.ErrNotFound.
func (s *Store) People(ctx context.Context, v models.Viewer, f models.PersonFilter) (models.PeoplePage, error) {
	var page models.PeoplePage
	if !models.Can(v, models.ReadAsStaff) {
		return page, models.ErrNotFound
	}
	from, w, err := s.peopleFound(ctx, f)
	if err != nil {
		return page, err
	}
	q := "SELECT count(*) FROM (SELECT 1 FROM " + from + w.text() + " LIMIT ?) AS found"
	if err := s.get(ctx, &page.Count, q, append(slices.Clone(w.args), models.MostCounted+1)...); err != nil {
		return page, err
	}
	if w, err = s.peopleWhere(ctx, f, foundFirst); err != nil {
		return page, err
	}
	if page.Count > models.MostCounted {
		page.Count, page.More = models.MostCounted, true
		if w, err = s.peopleWhere(ctx, f, namesFirst); err != nil {
			return page, err
		}
	}
	limit := f.Limit
	if limit <= 0 {
		limit = peoplePage
	}
	back := f.After.ID == 0 && f.Before.ID != 0
	order := sqlText(" ORDER BY p.sort_fold, p.id LIMIT ?")
	var at where
	switch {
	case back:
		at.add("(p.sort_fold, p.id) < (?, ?)", f.Before.Sort, f.Before.ID)
		order = " ORDER BY p.sort_fold DESC, p.id DESC LIMIT ?"
	case f.After.ID != 0:
		at.add("(p.sort_fold, p.id) > (?, ?)", f.After.Sort, f.After.ID)
	}
	w.parts, w.args = append(w.parts, at.parts...), append(w.args, at.args...)
	var rows []personRow
	if page.More {
		if rows, err = s.peopleNearby(ctx, f, at, order, limit+1); err != nil {
			return page, err
		}
	}
	if len(rows) <= limit {
		rows = nil
		if err := s.list(ctx, &rows, "SELECT p.* FROM people p"+w.text()+order, append(w.args, limit+1)...); err != nil {
			return page, err
		}
	}
	cutPage(&page, rows, limit, back, f.After.ID != 0)
	return page, nil
}

// nearby is how many of the next names are looked through for a page of what
// is found often.
const nearby = 2000

// peopleNearby looks for n people that the filter finds among the next names,
// by their own words. SQLite would first gather everybody whom the words find,
// which for a single letter are most people. It may return fewer than there
// are, and nobody where the words are no help.
func (s *Store) peopleNearby(ctx context.Context, f models.PersonFilter, at where, order sqlText, n int) ([]personRow, error) {
	q := models.DirectoryQuery(f.Query)
	if s.dialect != sqliteDialect || len(q.Must) == 0 {
		return nil, nil
	}
	f.Query = ""
	w, err := s.peopleWhere(ctx, f, namesFirst)
	if err != nil {
		return nil, err
	}
	w.parts, w.args = append(w.parts, at.parts...), append(w.args, at.args...)
	said := where{}
	for _, t := range q.Must {
		said.add("instr(' ' || p.search_text || ' ', ?) > 0", t.Within())
	}
	for _, t := range q.Not {
		said.add("instr(' ' || p.search_text || ' ', ?) = 0", t.Within())
	}
	var rows []personRow
	args := append(append(append(w.args, nearby), said.args...), n)
	return rows, s.list(ctx, &rows, "SELECT p.* FROM (SELECT p.* FROM people p"+w.text()+order+") p"+said.text()+order, args...)
}

// cutPage fills the page with the rows, of which one more than the limit was
// read to know whether the list goes on.
func cutPage(page *models.PeoplePage, rows []personRow, limit int, back, after bool) {
	more := len(rows) > limit
	if more {
		rows = rows[:limit]
	}
	if back {
		slices.Reverse(rows)
	}
	page.People = make([]models.Person, len(rows))
	for i, r := range rows {
		page.People[i] = r.model()
	}
	if len(rows) == 0 {
		return
	}
	first, last := rows[0], rows[len(rows)-1]
	if after || (back && more) {
		page.Prev = models.PersonCursor{Sort: first.SortFold, ID: first.ID}
	}
	if back || more {
		page.Next = models.PersonCursor{Sort: last.SortFold, ID: last.ID}
	}
}

// searchOrder is how SQLite goes about a search: by what the words find, to be
// sorted then, which is quick where that is little; or through the names in
// order, asking of each whether the words find it, which is quick where it is
// much. A plus before a column keeps the planner off its index.
type searchOrder struct{ beforeArchived, beforeID sqlText }

var (
	foundFirst = searchOrder{beforeArchived: "+"}
	namesFirst = searchOrder{beforeID: "+"}
)

// peopleWhere returns the condition of a filter on people, called p.
func (s *Store) peopleWhere(ctx context.Context, f models.PersonFilter, order searchOrder) (where, error) {
	var w where
	query := models.DirectoryQuery(f.Query)
	if len(query.Must) == 0 {
		order = namesFirst
	}
	if f.Archived {
		w.add(order.beforeArchived + "p.archived_ms > 0")
	} else {
		w.add(order.beforeArchived + "p.archived_ms = 0")
	}
	if f.Sector != models.SectorNone {
		w.add("p.sector = ?", f.Sector)
	}
	if f.Country != "" {
		w.add("p.country_fold = ?", models.NameKey(f.Country))
	}
	if f.Organisation != "" {
		org, err := matchOrganisation(f.Organisation, func(dest any, q sqlText, args ...any) error { return s.list(ctx, dest, q, args...) })
		if err != nil {
			return w, err
		}
		if org.ID != 0 {
			w.add("p.organisation_id = ?", org.ID)
		} else {
			key := models.NameKey(f.Organisation)
			w.add("p.org_fold >= ? AND p.org_fold < ?", key, key+"\U0010FFFF")
		}
	}
	s.searchPeople(&w, query, order)
	return w, nil
}

// peopleFound returns the tables and the condition by which the people of a
// filter are counted as far as they are counted: by what the words find, one
// after another.
func (s *Store) peopleFound(ctx context.Context, f models.PersonFilter) (sqlText, where, error) {
	words := models.DirectoryQuery(f.Query).FTS5("words")
	if s.dialect != sqliteDialect || words == "" {
		w, err := s.peopleWhere(ctx, f, foundFirst)
		return "people p", w, err
	}
	f.Query = ""
	w, err := s.peopleWhere(ctx, f, foundFirst)
	w.add("people_search MATCH ?", words)
	return "people_search s CROSS JOIN people p ON p.id = s.rowid", w, err
}

func (s *Store) searchPeople(w *where, q models.Query, order searchOrder) {
	if s.dialect == postgresDialect {
		if words := q.TSQuery(); words != "" {
			w.add("p.id IN (SELECT id FROM people_search WHERE words @@ ?::tsquery)", words)
		}
		return
	}
	if words := q.FTS5("words"); words != "" {
		w.add(order.beforeID+"p.id IN (SELECT rowid FROM people_search WHERE people_search MATCH ?)", words)
	} else if not := q.FTS5Not("words"); not != "" {
		w.add("p.id NOT IN (SELECT rowid FROM people_search WHERE people_search MATCH ?)", not)
	}
}

// PeopleCountries lists the countries that people's records name, by name, each
// as one of them writes it. Readers as People.
func (s *Store) PeopleCountries(ctx context.Context, v models.Viewer) ([]string, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return nil, models.ErrNotFound
	}
	var out []string
	// From one country to the next by the index, not over all the people.
	err := s.list(ctx, &out, `WITH RECURSIVE c(k) AS (
			SELECT min(country_fold) FROM people WHERE country_fold > ''
			UNION ALL SELECT (SELECT min(country_fold) FROM people WHERE country_fold > c.k) FROM c WHERE c.k IS NOT NULL)
		SELECT (SELECT min(country) FROM people WHERE country_fold = c.k) FROM c WHERE c.k IS NOT NULL ORDER BY c.k`)
	return out, err
}
