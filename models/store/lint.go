package store

import (
	"context"
	"strings"
	"unicode/utf8"

	"rotunda/models"
)

// rosterRow is a guest with what the leak lint looks for.
type rosterRow struct {
	GuestID        models.ID
	RoundtableID   models.ID
	State          string
	Seat           int
	Preference     models.Regime
	Sector         models.Sector
	FullName       string
	Given          string
	Family         string
	Email          string
	Position       string
	Country        string
	Organisation   string
	OrganisationID models.ID
	OrgName        string
	Acronym        string
	OrgCountry     string
}

// loadRoster reads who the leak lint protects in the roundtables: whoever may
// have been there, and no member of the host team who is no guest.
func loadRoster(r reader, rooms []models.ID) ([]rosterRow, map[models.ID][]string, error) {
	if len(rooms) == 0 {
		return nil, nil, nil
	}
	var rows []rosterRow
	if err := r.list(&rows, `SELECT g.id AS guest_id, g.roundtable_id, g.state, g.seat, g.preference,
			CASE WHEN g.sector <> 0 THEN g.sector ELSE p.sector END AS sector, p.full_name, p.given, p.family, p.email, p.position, p.country,
			p.organisation, p.organisation_id, COALESCE(o.name, '') AS org_name, COALESCE(o.acronym, '') AS acronym, COALESCE(o.country, '') AS org_country
		FROM guests g JOIN people p ON p.id = g.person_id LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE g.roundtable_id IN ? AND (g.seat <> 0 OR g.state NOT IN ('withdrawn', 'declined', 'lapsed', 'no_show', 'delegated', 'shortlisted'))
		ORDER BY g.id`, rooms); err != nil {
		return nil, nil, err
	}
	var organisations []models.ID
	for _, row := range rows {
		organisations = append(organisations, row.OrganisationID)
	}
	aliases := map[models.ID][]string{}
	if organisations = distinct(organisations); len(organisations) == 0 {
		return rows, aliases, nil
	}
	var names []struct {
		OrganisationID models.ID
		Alias          string
	}
	err := r.list(&names, "SELECT organisation_id, alias FROM organisation_aliases WHERE rank = 2 AND organisation_id IN ? ORDER BY organisation_id, alias", organisations)
	for _, n := range names {
		aliases[n.OrganisationID] = append(aliases[n.OrganisationID], n.Alias)
	}
	return rows, aliases, err
}

// rosterOf puts together what the lint looks for, without the guests that keep
// leaves out and their organisations. label says what stands in for a guest.
func rosterOf(rows []rosterRow, aliases map[models.ID][]string, keep func(rosterRow) bool, label func(models.Sector) models.Label) models.Roster {
	var out models.Roster
	named := map[string]bool{}
	for _, row := range rows {
		if !keep(row) {
			named[row.Organisation], named[row.OrgName] = true, true
		}
	}
	for _, row := range rows {
		if !keep(row) {
			continue
		}
		country := row.Country
		if country == "" {
			country = row.OrgCountry
		}
		out.People = append(out.People, models.RosterPerson{
			FullName: row.FullName, Given: row.Given, Family: row.Family, Email: row.Email, Position: row.Position, Country: country, Label: label(row.Sector),
		})
		for _, o := range []models.RosterOrganisation{{Name: row.Organisation}, {Name: row.OrgName, Acronym: row.Acronym, Aliases: aliases[row.OrganisationID]}} {
			if o.Name != "" && !named[o.Name] {
				named[o.Name] = true
				out.Organisations = append(out.Organisations, o)
			}
		}
	}
	return out
}

// findings returns the open findings of the leak lint in a text about the
// roundtables: those that nobody overruled. kind and id name the record that
// the text belongs to. They name guests: only a team may be shown them, others
// at most how many there are.
func findings(r reader, kind string, id models.ID, text string, rooms ...models.ID) ([]models.Finding, error) {
	rows, aliases, err := loadRoster(r, rooms)
	if err != nil || strings.TrimSpace(text) == "" {
		return nil, err
	}
	roster := rosterOf(rows, aliases, func(rosterRow) bool { return true }, func(models.Sector) models.Label { return models.LabelNone })
	found := models.Lint(text, roster)
	if len(found) == 0 {
		return nil, nil
	}
	var marks []string
	err = r.list(&marks, "SELECT mark FROM cleared_findings WHERE object_kind = ? AND object_id = ?", kind, id)
	return notCleared(found, marks), err
}

func notCleared(found []models.Finding, marks []string) []models.Finding {
	cleared := make(map[string]bool, len(marks))
	for _, m := range marks {
		cleared[m] = true
	}
	var out []models.Finding
	for _, f := range found {
		if !cleared[f.Mark] {
			out = append(out, f)
		}
	}
	return out
}

// held is a finding with the record whose words it stands in.
type held struct {
	models.Finding
	kind string
	id   models.ID
	// room is the roundtable whose guests were looked for, where the record does
	// not belong to one: what tells nobody of one roundtable may of another.
	room models.ID
}

// key names the finding among those that were overruled.
func (h held) key() clearedKey {
	mark := h.Mark
	if h.room != 0 {
		mark += "@" + h.room.String()
	}
	return clearedKey{h.kind, h.id, mark}
}

// clearFindings notes that somebody overruled open findings of the same words,
// and why. No finding is models.ErrConflict: it is not open any more. Who is no
// named person is models.ErrForbidden, and a bad reason an *models.InvalidError
// for "reason".
func (t *tx) clearFindings(found []held, room models.ID, reason string) error {
	reason = strings.Join(strings.Fields(reason), " ")
	switch {
	case t.viewer.Account() == 0:
		return models.ErrForbidden
	case reason == "":
		return models.Invalid("reason", "Say why these words tell nobody who was in the room.")
	case utf8.RuneCountInString(reason) > 500:
		return models.Invalid("reason", "Please keep the reason under 500 characters.")
	case len(found) == 0:
		return models.ErrConflict
	}
	var args []any
	for _, h := range found {
		k := h.key()
		args = append(args, k.ObjectKind, k.ObjectID, k.Mark, h.Words, reason, t.viewer.Account(), t.now)
	}
	if err := t.insertMany("INSERT INTO cleared_findings (object_kind, object_id, mark, words, reason, account_id, at_ms) VALUES ",
		"(?, ?, ?, ?, ?, ?, ?)", 7, " ON CONFLICT (object_kind, object_id, mark) DO NOTHING", args); err != nil {
		return err
	}
	return t.audit(auditRow{Action: "lint.overrule", ObjectKind: found[0].kind, Object: found[0].id, Roundtable: room, Detail: map[string]any{"rule": string(found[0].Rule)}})
}

// The kinds of records whose findings are overruled here.
const (
	lintInsight = "insight"
	lintItem    = "agenda item"
	lintCode    = "code"
)

// roomLint is what linting the insights of one roundtable needs.
type roomLint struct {
	room    *roomState
	rows    []rosterRow
	aliases map[models.ID][]string
	linters map[models.ID]*models.Linter // by the speaker who may be named, zero for nobody
	cleared map[clearedKey]bool
	codes   map[codeLint][]models.Finding
}

// codeLint is one code, as one lint reads it.
type codeLint struct {
	linter *models.Linter
	code   models.ID
}

type clearedKey struct {
	ObjectKind string
	ObjectID   models.ID
	Mark       string
}

// linting reads once what linting the room's insights needs.
func (room *roomState) linting(r reader) (*roomLint, error) {
	if room.lint != nil {
		return room.lint, nil
	}
	l := &roomLint{room: room, linters: map[models.ID]*models.Linter{}, cleared: map[clearedKey]bool{}, codes: map[codeLint][]models.Finding{}}
	var err error
	if l.rows, l.aliases, err = loadRoster(r, []models.ID{room.id}); err != nil {
		return nil, err
	}
	var cleared []clearedKey
	if err := r.list(&cleared, `SELECT c.object_kind, c.object_id, c.mark FROM cleared_findings c
			JOIN insights i ON i.id = c.object_id WHERE c.object_kind = ? AND i.roundtable_id = ?
		UNION ALL SELECT c.object_kind, c.object_id, c.mark FROM cleared_findings c
			JOIN agenda_items a ON a.id = c.object_id WHERE c.object_kind = ? AND a.roundtable_id = ?
		UNION ALL SELECT c.object_kind, c.object_id, c.mark FROM cleared_findings c WHERE c.object_kind = ? AND c.mark LIKE ?`,
		lintInsight, room.id, lintItem, room.id, lintCode, "%@"+room.id.String()); err != nil {
		return nil, err
	}
	for _, c := range cleared {
		l.cleared[c] = true
	}
	room.lint = l
	return l, nil
}

// linter returns the lint for what is shown under a rule. On the record a
// speaker may be named, and whoever else was there on the record.
func (l *roomLint) linter(regime models.Regime, speaker models.ID) *models.Linter {
	if regime != models.OnTheRecord {
		speaker = 0
	}
	key := speaker
	if regime == models.OnTheRecord && speaker == 0 {
		key = -1 // on the record, nobody known
	}
	if found, ok := l.linters[key]; ok {
		return found
	}
	open := regime == models.OnTheRecord && l.room.facts.Regime == models.OnTheRecord
	keep := func(row rosterRow) bool {
		return (speaker == 0 || row.GuestID != speaker) && (!open || row.Preference > models.OnTheRecord)
	}
	cells := l.room.cells(0)
	l.linters[key] = models.NewLinter(rosterOf(l.rows, l.aliases, keep, func(s models.Sector) models.Label {
		return max(cells.Label(models.Public, s), models.LabelNone)
	}))
	return l.linters[key]
}

// ofInsight returns the open findings of an insight: in the words that others
// read, in its codes, and in the agenda title that is shown beside it.
func (l *roomLint) ofInsight(row insightRow, speaker models.ID, book models.Codebook) []held {
	if row.Regime == models.OffTheRecord {
		return nil
	}
	linter := l.linter(row.Regime, speaker)
	var out []held
	add := func(h held, place string, found []models.Finding) {
		for _, f := range found {
			own := row.Regime == models.OnTheRecord && (f.Rule == models.LintFormer || f.Rule == models.LintOffice)
			if h.Finding = f; own || l.cleared[h.key()] {
				continue
			}
			if place != "" {
				h.Place = place
			}
			out = append(out, h)
		}
	}
	text := row.Text
	if row.Regime == models.DeepBackground {
		text = row.Paraphrase
	}
	add(held{kind: lintInsight, id: row.ID}, "", linter.Lint(text))
	for _, id := range decodeCodes(row.CodeIds) {
		add(held{kind: lintCode, id: id, room: l.room.id}, "", l.ofCode(linter, book, id))
	}
	if item := l.room.item(row.ItemID); item.TitleReviewed && item.LeadPersonID == 0 && row.Regime <= models.ChathamHouse {
		add(held{kind: lintItem, id: item.ID}, "the agenda title", linter.Lint(item.Title))
	}
	return out
}

// ofCode returns what a code's texts tell of the room.
func (l *roomLint) ofCode(linter *models.Linter, book models.Codebook, id models.ID) []models.Finding {
	key := codeLint{linter, id}
	found, known := l.codes[key]
	if known {
		return found
	}
	if e, ok := book.Entry(id); ok {
		for _, t := range e.Texts() {
			for _, f := range linter.LintCode(e.Kind, t.Text) {
				f.Place = t.Place
				found = append(found, f)
			}
		}
	}
	l.codes[key] = found
	return found
}

// leaks returns the open findings of an insight as it would stand.
func (c *changes) leaks(ch *insightChange) ([]held, error) {
	lint, err := ch.room.linting(c.batch.tx)
	if err != nil {
		return nil, err
	}
	return lint.ofInsight(ch.row, ch.speaker.GuestID, c.batch.book), nil
}

// staysClean refuses a change after which a released insight would tell others
// who was in the room. A rule that only rises is never refused.
func (c *changes) staysClean(before insightRow, ch *insightChange, what string) error {
	r := ch.row
	same := before.Text == r.Text && before.Paraphrase == r.Paraphrase && before.CodeIds == r.CodeIds && before.ItemID == r.ItemID && what != "undone"
	if c.codesOnly || r.State != models.Released || r.DeletedMs != 0 || same || before.State != models.Released && what != "undone" {
		return nil
	}
	open, err := c.leaks(ch)
	if err != nil || len(open) == 0 {
		return err
	}
	field := "text"
	if what == "undone" {
		return models.ErrConflict
	}
	if what == "paraphrase" {
		field = "paraphrase"
	}
	return models.Invalid(field, "This insight is released, and “"+open[0].Words+"” "+open[0].Rule.Words()+". Write it without, or take the release back first.")
}

// staysApproved refuses other words, and another speaker, of a released insight
// from whoever may not release: what partners and the public read, a named
// human let out as it stands. A rule that rises is never refused.
func (c *changes) staysApproved(before heldInsight, ch insightChange) error {
	was, is := before.row, ch.row
	if was.State != models.Released || is.State != models.Released || is.DeletedMs != 0 || models.CanIn(c.batch.tx.viewer, models.ReleaseInsight, ch.room.id) {
		return nil
	}
	const why = "This insight is released. Ask the roundtable’s lead to change it, or to take the release back first."
	switch {
	case was.Paraphrase != is.Paraphrase, !was.ParaphraseReady && is.ParaphraseReady:
		return models.Invalid("paraphrase", why)
	case was.Text != is.Text:
		return models.Invalid("text", why)
	case before.speaker.GuestID != ch.speaker.GuestID && is.Regime != models.OffTheRecord:
		return models.Invalid("speaker", why)
	}
	return nil
}

// InsightFindings returns the open findings of the leak lint of an insight, in
// the order of its text, for the roundtable's team. Others get
// models.ErrNotFound: findings name guests.
func (s *Store) InsightFindings(ctx context.Context, v models.Viewer, id models.ID) ([]models.Finding, error) {
	i, err := s.Insight(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if i.Audience() != models.Team {
		return nil, models.ErrNotFound
	}
	open, err := insightFindings(pooled{s, ctx}, i.RoundtableID(), id)
	out := make([]models.Finding, len(open))
	for n, h := range open {
		out[n] = h.Finding
	}
	return out, err
}

func insightFindings(r reader, roomID, id models.ID) ([]held, error) {
	room, err := loadRoom(r, roomID)
	if err != nil {
		return nil, err
	}
	var row insightRow
	if err := r.get(&row, "SELECT * FROM insights WHERE id = ?", id); err != nil {
		return nil, err
	}
	var speaker models.ID
	if err := r.get(&speaker, "SELECT COALESCE(max(guest_id), 0) FROM insight_speakers WHERE insight_seq = ?", row.Seq); err != nil {
		return nil, err
	}
	book, err := loadCodebook(r)
	if err != nil {
		return nil, err
	}
	lint, err := room.linting(r)
	if err != nil {
		return nil, err
	}
	return lint.ofInsight(row, speaker, book), nil
}

// OverruleFinding says that an open finding of an insight tells nobody who was
// in the room, and why. Whoever may release in the roundtable may. A finding
// that is not open any more is models.ErrConflict, a missing reason an
// *models.InvalidError for "reason".
func (s *Store) OverruleFinding(ctx context.Context, v models.Viewer, insight models.ID, mark, reason string) error {
	return s.transact(ctx, v, func(t *tx) error {
		room, err := t.mayChange(insight, models.ReleaseInsight)
		if err != nil {
			return err
		}
		open, err := insightFindings(t, room, insight)
		if err != nil {
			return err
		}
		var meant []held
		for _, h := range open {
			if h.Mark == mark {
				meant = append(meant, h)
			}
		}
		if err := t.clearFindings(meant, room, reason); err != nil {
			return err
		}
		return t.event(ChangeInsight, room, insight)
	})
}
