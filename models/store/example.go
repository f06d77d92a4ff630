package store

import (
	"context"
	"io"
	"time"

	"rotunda/models"
)

// Staged returns the same open database under another clock and another source
// of ids, so that the example programme plays through its past and comes out
// the same each time. It captures nothing line by line, and closing it closes
// nothing.
func (s *Store) Staged(now func() time.Time, random io.Reader) *Store {
	out := &Store{dialect: s.dialect, write: s.write, read: s.read, now: now, random: random, keys: s.keys, log: s.log, dsn: s.dsn, written: s.written}
	out.hub.now = now
	out.captures.stop = make(chan struct{})
	close(out.captures.stop)
	return out
}

// HasExample reports whether the example programme, or part of it, is still in
// the database. Only who changes the settings is told.
func (s *Store) HasExample(ctx context.Context, v models.Viewer) (bool, error) {
	if !models.Can(v, models.ManageSettings) {
		return false, models.ErrForbidden
	}
	var mark exampleMark
	err := s.readSetting(ctx, exampleSetting, &mark)
	return mark.BuiltMs != 0, err
}

// exampleMark remembers when the example was built, since what is older was
// invented with it, and the name that it gave the institute.
type exampleMark struct {
	BuiltMs   models.Instant
	Institute string
}

const exampleSetting = "example"

// exampleTables are the tables whose rows say whether they came with the
// example.
var exampleTables = []sqlText{
	"accounts", "series", "organisations", "people", "roundtables", "themes", "recommendations", "briefs", "publications",
}

// MarkExample marks everything in the database as the example programme. Only
// jobs of the system do, after building it in an empty database.
func (s *Store) MarkExample(ctx context.Context, v models.Viewer) error {
	if !v.IsSystem() {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		for _, table := range exampleTables {
			if err := t.exec("UPDATE " + table + " SET example = TRUE"); err != nil {
				return err
			}
		}
		// Nobody may sign in by a link that the builder drew, and the example's
		// evaluators were asked in person.
		if err := t.exec("DELETE FROM sign_in_links"); err != nil {
			return err
		}
		if err := t.unaskEvaluators(); err != nil {
			return err
		}
		institute := models.DefaultInstitute()
		if err := t.readSetting("institute", &institute); err != nil {
			return err
		}
		return t.writeSetting(exampleSetting, exampleMark{t.now, institute.Name})
	})
}

// RemoveExample deletes the example programme and leaves what people added
// themselves: the viewer's account, accounts on the teams of their roundtables,
// people on the lists of those, organisations and series that are in use. Who
// changes the settings may; there is no undo. Without an example it is
// models.ErrNotFound.
func (s *Store) RemoveExample(ctx context.Context, v models.Viewer) error {
	if !models.Can(v, models.ManageSettings) {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		var mark exampleMark
		if err := t.readSetting(exampleSetting, &mark); err != nil {
			return err
		}
		if mark.BuiltMs == 0 {
			return models.ErrNotFound
		}
		if err := t.uncountExample(); err != nil {
			return err
		}
		if err := t.unaskEvaluators(); err != nil {
			return err
		}
		for _, q := range exampleRooms {
			if err := t.exec(q); err != nil {
				return err
			}
		}
		if err := t.removeExampleAccounts(); err != nil {
			return err
		}
		if t.s.dialect == sqliteDialect { // PostgreSQL's index goes with the people
			if err := t.exec("DELETE FROM people_search WHERE rowid IN (SELECT id FROM people WHERE " + personOfExample + ")"); err != nil {
				return err
			}
		}
		for _, q := range exampleRest {
			if err := t.exec(q); err != nil {
				return err
			}
		}
		for _, q := range exampleHistory {
			if err := t.exec(q, mark.BuiltMs); err != nil {
				return err
			}
		}
		for _, table := range exampleTables { // what is left is somebody's own
			if err := t.exec("UPDATE " + table + " SET example = FALSE WHERE example = TRUE"); err != nil {
				return err
			}
		}
		if err := t.forgetExample(mark); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "example.remove", ObjectKind: "example"})
	})
}

// forgetExample removes the mark, and the institute's settings where they still
// are the invented ones.
func (t *tx) forgetExample(mark exampleMark) error {
	institute := models.DefaultInstitute()
	if err := t.readSetting("institute", &institute); err != nil {
		return err
	}
	if institute.Name == mark.Institute {
		if err := t.exec("DELETE FROM settings WHERE key = ?", "institute"); err != nil {
			return err
		}
	}
	return t.exec("DELETE FROM settings WHERE key = ?", exampleSetting)
}

const (
	ofExample  sqlText = " IN (SELECT id FROM roundtables WHERE example = TRUE)"
	insightsOf sqlText = " FROM insights WHERE roundtable_id" + ofExample + ")"
	// Who stands on a list of somebody's own stays.
	personOfExample sqlText = `example = TRUE AND id NOT IN (SELECT person_id FROM guests)
		AND id NOT IN (SELECT lead_person_id FROM agenda_items)`
	// A brief of one of its roundtables belongs to it, whoever wrote it.
	briefOfExample sqlText = " IN (SELECT id FROM briefs WHERE example = TRUE OR roundtable_id" + ofExample + ")"
	guestOfExample sqlText = " IN (SELECT id FROM guests WHERE roundtable_id" + ofExample + ")"
)

// exampleRooms deletes the roundtables and what belongs to them; the rest goes
// with them by the schema's own rules.
var exampleRooms = []sqlText{
	"DELETE FROM publications WHERE brief_id" + briefOfExample,
	"DELETE FROM briefs WHERE id" + briefOfExample,
	"DELETE FROM insight_codes WHERE insight_seq IN (SELECT seq FROM insights WHERE roundtable_id" + ofExample + ")",
	"DELETE FROM insights WHERE roundtable_id" + ofExample,
	"DELETE FROM mails WHERE roundtable_id" + ofExample + " OR guest_id" + guestOfExample,
	"DELETE FROM events WHERE roundtable_id" + ofExample,
	"DELETE FROM undos WHERE roundtable_id" + ofExample,
	"DELETE FROM guests WHERE roundtable_id" + ofExample,
	"DELETE FROM roundtables WHERE example = TRUE",
}

// exampleRest deletes what no roundtable of somebody's own needs.
var exampleRest = []sqlText{
	"DELETE FROM themes WHERE example = TRUE AND id NOT IN (SELECT theme_id FROM theme_insights)",
	"DELETE FROM recommendations WHERE example = TRUE",
	`DELETE FROM series WHERE example = TRUE AND id NOT IN (SELECT series_id FROM roundtables)
		AND id NOT IN (SELECT series_id FROM themes) AND id NOT IN (SELECT series_id FROM briefs) AND id NOT IN (SELECT series_id FROM recommendations)`,
	"DELETE FROM revisions WHERE kind = 'theme' AND object_id NOT IN (SELECT id FROM themes)",
	"DELETE FROM revisions WHERE kind = 'recommendation' AND object_id NOT IN (SELECT id FROM recommendations)",
	"DELETE FROM revisions WHERE kind = 'brief' AND object_id NOT IN (SELECT id FROM briefs)",
	`DELETE FROM cleared_findings WHERE NOT EXISTS (SELECT 1 FROM insights i WHERE i.id = object_id)
		AND object_id NOT IN (SELECT id FROM agenda_items) AND object_id NOT IN (SELECT id FROM themes)
		AND object_id NOT IN (SELECT id FROM recommendations) AND object_id NOT IN (SELECT id FROM briefs) AND object_id NOT IN (SELECT id FROM codes)`,
	"DELETE FROM people WHERE " + personOfExample,
	`DELETE FROM organisations WHERE example = TRUE AND id NOT IN (SELECT organisation_id FROM people)
		AND id NOT IN (SELECT organisation_id FROM cohosts)`,
}

// exampleHistory deletes what was written while the example was built.
var exampleHistory = []sqlText{
	"DELETE FROM codes WHERE kind = 'tag' AND created_ms <= ? AND id NOT IN (SELECT code_id FROM insight_codes)",
	// What a publication froze stays while there is any that may name it.
	"DELETE FROM codebook_versions WHERE at_ms <= ? AND version > 1 AND (content = '' OR NOT EXISTS (SELECT 1 FROM publications))",
	"DELETE FROM audit WHERE at_ms <= ?",
	"DELETE FROM undos WHERE created_ms <= ?",
	"DELETE FROM jobs WHERE created_ms <= ?",
	"DELETE FROM mails WHERE created_ms <= ?",
}

// unaskEvaluators deletes what was written to evaluators of the example's
// recommendations.
func (t *tx) unaskEvaluators() error {
	var asked []models.ID
	if err := t.list(&asked, `SELECT e.id FROM panelists e JOIN panels p ON p.id = e.panel_id
		JOIN recommendations q ON q.id = p.recommendation_id WHERE q.example = TRUE`); err != nil || len(asked) == 0 {
		return err
	}
	var args []string
	for _, id := range asked {
		for round := range 3 { // none: the invitation
			args = append(args, toJSON(mailArgs{Panelist: id, Round: round}))
		}
	}
	var mails []models.ID
	if err := t.list(&mails, "SELECT id FROM mails WHERE kind IN ('evaluation', 'evaluation_due') AND args IN ?", args); err != nil || len(mails) == 0 {
		return err
	}
	keys := make([]string, len(mails))
	for i, id := range mails {
		keys[i] = SendMailJob + ":" + id.String()
	}
	if err := t.exec("DELETE FROM jobs WHERE unique_key IN ?", keys); err != nil {
		return err
	}
	return t.exec("DELETE FROM mails WHERE id IN ?", mails)
}

// uncountExample takes the example out of the search index and the counts of
// the months, which hold other roundtables too.
func (t *tx) uncountExample() error {
	gone := "DELETE FROM insight_search WHERE rowid IN (SELECT -pos" + insightsOf
	if t.s.dialect == postgresDialect {
		gone = "DELETE FROM insight_search WHERE pos IN (SELECT pos" + insightsOf
	}
	if err := t.exec(gone); err != nil {
		return err
	}
	var cells []struct {
		Day    string
		Pillar int
		Label  models.Label
		N      int
	}
	if err := t.list(&cells, `SELECT substr(r.starts_local, 1, 10) AS day, c.pillar, c.label, sum(c.n) AS n FROM insight_cells c
		JOIN roundtables r ON r.id = c.roundtable_id WHERE r.example = TRUE AND c.scope = ? GROUP BY 1, 2, 3`, scopeStaff); err != nil {
		return err
	}
	sums := map[[3]int]int{}
	for _, c := range cells {
		month := 0
		if d, err := time.Parse(time.DateOnly, c.Day); err == nil {
			month = monthOf(d.Unix() / 86400)
		}
		sums[[3]int{month, c.Pillar, int(c.Label)}] -= c.N
	}
	var args []any
	for k, n := range sums {
		args = append(args, k[0], k[1], k[2], n)
	}
	return t.insertMany("INSERT INTO month_cells (month, pillar, label, n) VALUES ", "(?, ?, ?, ?)", 4,
		" ON CONFLICT (month, pillar, label) DO UPDATE SET n = month_cells.n + excluded.n", args)
}

// removeExampleAccounts deletes the example's accounts, but the viewer's and
// those on a team.
func (t *tx) removeExampleAccounts() error {
	var gone []models.ID
	if err := t.list(&gone, `SELECT id FROM accounts WHERE example = TRUE AND id <> ?
		AND id NOT IN (SELECT account_id FROM team_members) ORDER BY id`, t.viewer.Account()); err != nil {
		return err
	}
	for _, id := range gone { // six at most
		if err := t.endSessions(id); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM accounts WHERE id = ?", id); err != nil {
			return err
		}
	}
	return nil
}
