package store

import (
	"context"
	"slices"

	"rotunda/models"
)

type organisationRow struct {
	ID         models.ID
	Name       string
	NameFold   string
	Acronym    string
	Sector     models.Sector
	Country    string
	SearchText string
	ArchivedMs models.Instant
	CreatedMs  models.Instant
	Example    bool
}

func (organisationRow) TableName() string { return "organisations" }

func (r organisationRow) model() models.Organisation {
	return models.Organisation{ID: r.ID, OrganisationInput: models.OrganisationInput{Name: r.Name, Acronym: r.Acronym, Sector: r.Sector, Country: r.Country}}
}

// orgMatch is the organisation that a text names.
type orgMatch struct {
	ID       models.ID
	NameFold string
}

type lister func(dest any, q sqlText, args ...any) error

// matchOrganisation finds the organisation with the name, else the alias, else
// the acronym; the oldest where several have it. None is no error.
func matchOrganisation(text string, list lister) (orgMatch, error) {
	key := models.NameKey(text)
	if key == "" {
		return orgMatch{}, nil
	}
	found, err := matchOrganisations([]string{key}, list)
	return found[key], err
}

func (t *tx) matchOrganisation(text string) (orgMatch, error) { return matchOrganisation(text, t.list) }

// matchOrganisations is matchOrganisation for many folded names at once.
func matchOrganisations(keys []string, list lister) (map[string]orgMatch, error) {
	var rows []struct {
		Key      string
		ID       models.ID
		NameFold string
	}
	const q sqlText = `SELECT name_fold AS key, id, name_fold, 1 AS rank, created_ms FROM organisations WHERE archived_ms = 0 AND name_fold IN ?
		UNION ALL SELECT a.alias_fold, o.id, o.name_fold, a.rank, o.created_ms FROM organisation_aliases a
			JOIN organisations o ON o.id = a.organisation_id WHERE o.archived_ms = 0 AND a.alias_fold IN ?
		ORDER BY 4, 5, 2`
	if err := list(&rows, q, keys, keys); err != nil {
		return nil, err
	}
	out := make(map[string]orgMatch, len(rows))
	for _, r := range rows {
		if _, ok := out[r.Key]; !ok {
			out[r.Key] = orgMatch{r.ID, r.NameFold}
		}
	}
	return out, nil
}

// CreateOrganisation adds an organisation and links everybody who already
// carries one of its names. Who may edit people may; others get
// models.ErrForbidden. Bad input, and a name that another organisation has, is
// a *models.InvalidError.
func (s *Store) CreateOrganisation(ctx context.Context, v models.Viewer, in models.OrganisationInput) (models.ID, error) {
	if !models.Can(v, models.EditPeople) {
		return 0, models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	id := s.newID()
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.namesAreFree(id, in); err != nil {
			return err
		}
		r := organisationRow{ID: id, CreatedMs: t.now}
		r.fill(in)
		if err := t.insert(&r); err != nil {
			return err
		}
		if err := t.linkOrganisation(id, in); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "organisation.create", ObjectKind: "organisation", Object: id})
	})
	return id, err
}

func (r *organisationRow) fill(in models.OrganisationInput) {
	r.Name, r.NameFold, r.Acronym, r.Sector, r.Country = in.Name, models.NameKey(in.Name), in.Acronym, in.Sector, in.Country
	text := in.Name + " " + in.Acronym
	for _, a := range in.Aliases {
		text += " " + a
	}
	r.SearchText = models.NameKey(text)
}

// UpdateOrganisation changes an organisation; rights and errors as
// CreateOrganisation. A name that is replaced stays as an alias, so that the
// files and people that carry it still find it. What another changed since the
// form was shown is models.ErrConflict.
func (s *Store) UpdateOrganisation(ctx context.Context, v models.Viewer, id models.ID, in models.OrganisationInput) error {
	if !models.Can(v, models.EditPeople) {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		var r organisationRow
		if err := t.get(&r, "SELECT * FROM organisations WHERE id = ?", id); err != nil {
			return err
		}
		now := r.model().OrganisationInput
		if err := t.list(&now.Aliases, aliasesOf, id); err != nil {
			return err
		}
		if err := in.Seen.Check(now); err != nil {
			return err
		}
		if key := models.NameKey(in.Name); key != "" && key != r.NameFold {
			in.Aliases = append(slices.Clone(in.Aliases), r.Name)
		}
		in, err := in.Check()
		if err != nil {
			return err
		}
		if err := t.namesAreFree(id, in); err != nil {
			return err
		}
		r.fill(in)
		if err := t.exec("UPDATE organisations SET name = ?, name_fold = ?, acronym = ?, sector = ?, country = ?, search_text = ? WHERE id = ?",
			r.Name, r.NameFold, r.Acronym, r.Sector, r.Country, r.SearchText, id); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM organisation_aliases WHERE organisation_id = ?", id); err != nil {
			return err
		}
		if err := t.linkOrganisation(id, in); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "organisation.update", ObjectKind: "organisation", Object: id})
	})
}

// namesAreFree returns an InvalidError where another organisation already goes
// by the name or one of the aliases. Acronyms may be shared.
func (t *tx) namesAreFree(id models.ID, in models.OrganisationInput) error {
	names := append([]string{in.Name}, in.Aliases...)
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = models.NameKey(name)
	}
	var rows []struct{ Key, Name string }
	if err := t.list(&rows, `SELECT o.name_fold AS key, o.name FROM organisations o WHERE o.id <> ? AND o.name_fold IN ?
		UNION ALL SELECT a.alias_fold, o.name FROM organisation_aliases a JOIN organisations o ON o.id = a.organisation_id
			WHERE o.id <> ? AND a.rank = 2 AND a.alias_fold IN ?`, id, keys, id, keys); err != nil {
		return err
	}
	taken := map[string]string{}
	for _, r := range rows {
		taken[r.Key] = r.Name
	}
	var bad models.InvalidError
	for i, name := range names {
		other, is := taken[keys[i]]
		if !is {
			continue
		}
		field := "name"
		if i > 0 {
			field = "aliases"
		}
		bad.Add(field, "“"+name+"” is already a name of "+other+".")
	}
	return bad.Err()
}

// linkOrganisation writes the organisation's other names, and gives it to the
// people who carry one of its names and belong to none yet.
func (t *tx) linkOrganisation(id models.ID, in models.OrganisationInput) error {
	names := slices.Clone(in.Aliases)
	if in.Acronym != "" {
		names = append(names, in.Acronym)
	}
	var args []any
	for i, name := range names {
		rank := 2 // an alias says more than an acronym, which several may have
		if i == len(in.Aliases) {
			rank = 3
		}
		args = append(args, id, name, models.NameKey(name), rank)
	}
	if err := t.insertMany("INSERT INTO organisation_aliases (organisation_id, alias, alias_fold, rank) VALUES ", "(?, ?, ?, ?)", 4, " ON CONFLICT DO NOTHING", args); err != nil {
		return err
	}
	key := models.NameKey(in.Name)
	if err := t.exec("UPDATE people SET org_fold = ? WHERE organisation_id = ?", key, id); err != nil {
		return err
	}
	if err := t.exec("UPDATE people SET organisation_id = ?, org_fold = ? WHERE organisation_id = 0 AND org_fold IN ?", id, key, in.Keys()); err != nil {
		return err
	}
	return t.recomputeRoomsOf("p.organisation_id = ?", id)
}

const aliasesOf sqlText = "SELECT alias FROM organisation_aliases WHERE organisation_id = ? AND rank = 2 ORDER BY alias_fold"

// Organisation returns one organisation with its aliases. Only staff read
// organisations; for others they do not exist.
func (s *Store) Organisation(ctx context.Context, v models.Viewer, id models.ID) (models.Organisation, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return models.Organisation{}, models.ErrNotFound
	}
	var r struct {
		Row    organisationRow `gorm:"embedded"`
		People int
	}
	err := s.get(ctx, &r, `SELECT o.*, (SELECT count(*) FROM people p WHERE p.organisation_id = o.id AND p.archived_ms = 0) AS people
		FROM organisations o WHERE o.id = ?`, id)
	if err != nil {
		return models.Organisation{}, err
	}
	o := r.Row.model()
	o.People = r.People
	err = s.list(ctx, &o.Aliases, aliasesOf, id)
	return o, err
}

// Organisations lists a page of organisations by name, each with how many
// people belong to it. A query's words may stand anywhere in its names.
func (s *Store) Organisations(ctx context.Context, v models.Viewer, f models.OrganisationFilter) (models.OrganisationPage, error) {
	var page models.OrganisationPage
	if !models.Can(v, models.ReadAsStaff) {
		return page, models.ErrNotFound
	}
	limit := f.Limit
	if limit <= 0 {
		limit = peoplePage
	}
	var w where
	w.add("o.archived_ms = 0")
	words := models.Tokens(f.Query)
	for _, word := range words[:min(len(words), 20)] {
		w.add(`o.search_text LIKE ? ESCAPE '\'`, holds(word))
	}
	if f.Sector != models.SectorNone {
		w.add("o.sector = ?", f.Sector)
	}
	if f.After.ID != 0 {
		w.add("(o.name_fold, o.id) > (?, ?)", f.After.Sort, f.After.ID)
	}
	var rows []struct {
		Row    organisationRow `gorm:"embedded"`
		People int
	}
	q := "SELECT o.*, (SELECT count(*) FROM people p WHERE p.organisation_id = o.id AND p.archived_ms = 0) AS people FROM organisations o" +
		w.text() + " ORDER BY o.name_fold, o.id LIMIT ?"
	if err := s.list(ctx, &rows, q, append(w.args, limit+1)...); err != nil {
		return page, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = models.PersonCursor{Sort: rows[limit-1].Row.NameFold, ID: rows[limit-1].Row.ID}
	}
	page.Organisations = make([]models.Organisation, len(rows))
	for i, r := range rows {
		page.Organisations[i] = r.Row.model()
		page.Organisations[i].People = r.People
	}
	return page, nil
}

// organisationNames is how many names a form offers to complete from.
const organisationNames = 1000

// OrganisationNames lists the names of organisations, by name, for a form to complete from. Readers as Organisation.
func (s *Store) OrganisationNames(ctx context.Context, v models.Viewer) ([]string, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return nil, models.ErrNotFound
	}
	var out []string
	err := s.list(ctx, &out, "SELECT name FROM organisations WHERE archived_ms = 0 ORDER BY name_fold, id LIMIT ?", organisationNames)
	return out, err
}

// UnlistedOrganisations lists the names that most people carry without there
// being such an organisation, at most n.
func (s *Store) UnlistedOrganisations(ctx context.Context, v models.Viewer, n int) ([]models.UnlistedOrganisation, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return nil, models.ErrNotFound
	}
	var out []models.UnlistedOrganisation
	err := s.list(ctx, &out, `SELECT min(organisation) AS name, count(*) AS people FROM people
		WHERE organisation_id = 0 AND org_fold <> '' AND archived_ms = 0 GROUP BY org_fold ORDER BY count(*) DESC, org_fold LIMIT ?`, n)
	return out, err
}
