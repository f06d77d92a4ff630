package store

import (
	"context"
	"strings"

	"rotunda/models"
)

// CommitImport judges every row again and saves the people, all or nothing, in
// one transaction. Where a row has an error and the choice does not leave such
// rows out, nothing is saved and the error is models.ErrImportBlocked; the
// counts come with it. Possible duplicates are left out unless chosen. An
// import that is already saved, or that has no usable columns, is
// models.ErrConflict. progress, where not nil, hears how many rows are done.
// Rights as StageImport.
func (s *Store) CommitImport(ctx context.Context, v models.Viewer, id models.ID, choice models.ImportChoice, progress func(rows int)) (models.ImportCounts, error) {
	var counts models.ImportCounts
	if !models.Can(v, models.ImportPeople) {
		return counts, models.ErrForbidden
	}
	err := s.transact(ctx, v, func(t *tx) error {
		counts = models.ImportCounts{}
		i, err := t.openImport(id)
		if err != nil {
			return err
		}
		c := newImportCommit(t, i, choice, &counts)
		if c == nil {
			return models.ErrConflict
		}
		done := 0
		err = t.eachStaged(id, func(rows []stagedRow) error {
			if done += len(rows); progress != nil {
				progress(done)
			}
			return c.batch(rows)
		})
		if err != nil {
			return err
		}
		return c.finish()
	})
	return counts, err
}

// importCommit saves the rows of one import.
type importCommit struct {
	t        *tx
	id       models.ID
	choice   models.ImportChoice
	judge    *importJudge
	counts   *models.ImportCounts
	people   *bulk
	search   *bulk // on PostgreSQL; SQLite indexes all new people at the end
	updated  []personRow
	replaced []any // of import_rows: what a row wrote over, for the undo
	orgs     map[string]orgMatch
	at       models.Instant
	blocking bool
}

func newImportCommit(t *tx, i models.Import, choice models.ImportChoice, counts *models.ImportCounts) *importCommit {
	j := newImportJudge(i.ImportFile, i.ID)
	if j == nil {
		return nil
	}
	c := &importCommit{t: t, id: i.ID, choice: choice, judge: j, counts: counts, at: t.now, orgs: map[string]orgMatch{}}
	const head = "INSERT INTO people (id, created_ms, import_id, " + personValues + ") VALUES "
	c.people = t.bulk(head, "("+sqlText("?").repeat(personValueCount+3, ",")+")")
	if t.s.dialect == postgresDialect {
		c.search = t.bulk("INSERT INTO people_search (id, words) VALUES ", "(?,?::tsvector)")
	}
	return c
}

func (c *importCommit) batch(rows []stagedRow) error {
	judged, err := c.judge.judge(rawRows(rows), c.t.list)
	if err != nil {
		return err
	}
	for _, g := range judged {
		c.counts.Add(g.verdict, len(g.problems))
	}
	if c.counts.BadRows > 0 && !c.choice.SkipErrors {
		c.blocking = true // go on counting, but write nothing
	}
	if c.blocking {
		return nil
	}
	if err := c.findOrganisations(judged); err != nil {
		return err
	}
	for i, g := range judged {
		if g.verdict == models.RowNew || g.verdict == models.RowDuplicate && (c.choice.CreateDuplicates || rows[i].Chosen) {
			err = c.create(g)
		} else if g.verdict == models.RowUpdates {
			c.update(rows[i].Line, g)
		}
		if err != nil {
			return err
		}
	}
	if err := c.t.writePeople(c.updated); err != nil {
		return err
	}
	if err := c.t.insertMany("INSERT INTO import_rows (import_id, line, verdict, person_id, cells, before) VALUES ", "(?, ?, ?, ?, '', ?)", 5,
		" ON CONFLICT (import_id, line) DO UPDATE SET verdict = excluded.verdict, person_id = excluded.person_id, before = excluded.before", c.replaced); err != nil {
		return err
	}
	c.updated, c.replaced = c.updated[:0], c.replaced[:0]
	if err := c.people.flush(); err != nil || c.search == nil {
		return err
	}
	return c.search.flush()
}

func (c *importCommit) create(g judgedRow) error {
	r := personRow{ID: c.t.s.newID(), CreatedMs: c.at, UpdatedMs: c.at}
	r.fill(g.result, c.orgs[models.NameKey(g.result.Organisation)])
	if err := c.people.add(append([]any{int64(r.ID), int64(c.at), int64(c.id)}, r.values()...)...); err != nil {
		return err
	}
	if c.search == nil {
		return nil
	}
	return c.search.add(int64(r.ID), models.TSVector(strings.Fields(r.SearchText)))
}

// update writes over a known person and keeps what was there, for the undo.
func (c *importCommit) update(line int, g judgedRow) {
	r := g.known
	before := toJSON(personUndo{Person: r.ID, At: max(c.at, r.UpdatedMs+1), Before: new(r.input())})
	r.fill(g.result, c.orgs[models.NameKey(g.result.Organisation)])
	r.UpdatedMs = max(c.at, r.UpdatedMs+1)
	c.replaced = append(c.replaced, c.id, line, int(models.RowUpdates), r.ID, before)
	c.updated = append(c.updated, r)
}

// findOrganisations looks up the organisations of a batch that are not known
// from an earlier one.
func (c *importCommit) findOrganisations(judged []judgedRow) error {
	if len(c.orgs) > 10*importBatch {
		clear(c.orgs) // a file of many employers must not fill the memory
	}
	var keys []string
	for _, g := range judged {
		key := models.NameKey(g.result.Organisation)
		if _, known := c.orgs[key]; known || key == "" {
			continue
		}
		c.orgs[key] = orgMatch{}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil
	}
	found, err := matchOrganisations(filled(keys), c.t.list)
	for key, org := range found {
		c.orgs[key] = org
	}
	return err
}

func (c *importCommit) finish() error {
	if c.blocking {
		return models.ErrImportBlocked
	}
	if c.search == nil {
		// In the order of the ids: the index takes rows that come in another one slowly.
		if err := c.t.exec("INSERT INTO people_search (rowid, words) SELECT id, search_text FROM people WHERE import_id = ? ORDER BY id", c.id); err != nil {
			return err
		}
	}
	if err := c.t.exec("UPDATE imports SET state = ?, counts = ?, committed_ms = ? WHERE id = ?", models.ImportCommitted, toJSON(*c.counts), c.at, c.id); err != nil {
		return err
	}
	return c.t.audit(auditRow{Action: "people.import", ObjectKind: "import", Object: c.id, Detail: map[string]any{
		"new": c.counts.New, "updated": c.counts.Updated, "unchanged": c.counts.Unchanged,
		"duplicates": c.counts.Duplicates, "errors": c.counts.BadRows,
	}})
}

// UndoImport takes an import back: people it made are removed, people it
// changed are as they were. Whoever is used or was changed since stays as they
// are, and the counts say how many. An import that was not saved, was taken
// back already or is older than 30 days is models.ErrConflict. Rights as
// StageImport.
func (s *Store) UndoImport(ctx context.Context, v models.Viewer, id models.ID) (models.ImportCounts, error) {
	var i models.Import
	if !models.Can(v, models.ImportPeople) {
		return i.Counts, models.ErrForbidden
	}
	err := s.transact(ctx, v, func(t *tx) error {
		var r importRow
		err := t.get(&r, "SELECT * FROM imports WHERE id = ?", id)
		if err != nil {
			return err
		}
		if r.State != models.ImportCommitted || t.now > r.CommittedMs.Add(importKept) {
			return models.ErrConflict
		}
		if i, err = r.model(); err != nil {
			return err
		}
		if err := t.removeImported(id, r.CommittedMs, &i.Counts); err != nil {
			return err
		}
		if err := t.restoreImported(id, &i.Counts); err != nil {
			return err
		}
		if err := t.exec("UPDATE imports SET state = ?, counts = ? WHERE id = ?", models.ImportUndone, toJSON(i.Counts), id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "people.import.undo", ObjectKind: "import", Object: id,
			Detail: map[string]any{"removed": i.Counts.Removed, "restored": i.Counts.Restored, "kept": i.Counts.Kept}})
	})
	return i.Counts, err
}

// restoreBatch is how many people are put back as they were at once.
const restoreBatch = 500

// unusedImported is who an import made, whom nobody changed since, and whom no
// guest list or agenda names.
const unusedImported sqlText = `import_id = ? AND updated_ms = ? AND archived_ms = 0
	AND NOT EXISTS (SELECT 1 FROM guests WHERE person_id = people.id)
	AND NOT EXISTS (SELECT 1 FROM agenda_items WHERE lead_person_id = people.id)`

func (t *tx) removeImported(id models.ID, committed models.Instant, counts *models.ImportCounts) error {
	if t.s.dialect == sqliteDialect {
		if err := t.exec("DELETE FROM people_search WHERE rowid IN (SELECT id FROM people WHERE "+unusedImported+")", id, committed); err != nil {
			return err
		}
	}
	n, err := t.affected("DELETE FROM people WHERE "+unusedImported, id, committed)
	if err != nil {
		return err
	}
	counts.Removed = int(n)
	return t.get(&counts.Kept, "SELECT count(*) FROM people WHERE import_id = ?", id)
}

// restoreImported writes back what an import wrote over, a batch of lines at a
// time. An import changes nobody twice.
func (t *tx) restoreImported(id models.ID, counts *models.ImportCounts) error {
	return t.eachReplaced(id, func(undos []personUndo) error {
		ids, names := make([]models.ID, len(undos)), []string{}
		for i, u := range undos {
			ids[i] = u.Person
			if key := models.NameKey(u.Before.Organisation); key != "" {
				names = append(names, key)
			}
		}
		var people []personRow
		if err := t.list(&people, "SELECT * FROM people WHERE id IN ?", ids); err != nil {
			return err
		}
		byID := make(map[models.ID]personRow, len(people))
		for _, r := range people {
			byID[r.ID] = r
		}
		orgs, err := matchOrganisations(names, t.list)
		if err != nil {
			return err
		}
		var back []personRow
		for _, u := range undos {
			r, there := byID[u.Person]
			if !there || r.UpdatedMs != u.At {
				counts.Kept++
				continue
			}
			counts.Restored++
			r.restore(*u.Before, orgs[models.NameKey(u.Before.Organisation)], t.now)
			back = append(back, r)
		}
		return t.writePeople(back)
	})
}

// eachReplaced hands over what an import wrote over, by line and in batches.
func (t *tx) eachReplaced(id models.ID, f func([]personUndo) error) error {
	for after := -1; ; {
		var rows []stagedRow
		if err := t.list(&rows, "SELECT * FROM import_rows WHERE import_id = ? AND verdict = ? AND line > ? AND before <> '' ORDER BY line LIMIT ?",
			id, int(models.RowUpdates), after, restoreBatch); err != nil || len(rows) == 0 {
			return err
		}
		undos := make([]personUndo, len(rows))
		for i, row := range rows {
			if err := fromJSON(row.Before, &undos[i]); err != nil {
				return err
			}
		}
		if err := f(undos); err != nil {
			return err
		}
		after = rows[len(rows)-1].Line
	}
}
