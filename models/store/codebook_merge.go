package store

import (
	"context"
	"slices"

	"rotunda/models"
)

// mergeUndo is how the insights of a merge get their codes back. What each of
// them carried stands in its history.
type mergeUndo struct {
	ID   models.ID // marks the merge in the history
	Keep models.ID
	Gone []models.ID
	// Recommendations are those that carried one of the codes, before.
	Recommendations []recommendationCode `json:",omitempty"`
}

type recommendationCode struct{ RecommendationID, CodeID models.ID }

// mergedWhat names a merge in the history of an insight.
const mergedWhat = "merged"

// detail is how the history of an insight notes the merge: what follows it, up
// to the last two signs, are the codes the insight had.
func (m mergeUndo) detail() string { return `{"merge":"` + m.ID.String() + `","codes":"` }

// MergeCodes makes one code out of several and returns the id that TakeBack
// wants. Every insight that carried one of them carries the kept one, in a
// fixed number of statements. Who edits the codebook may. Bad input is an
// *models.InvalidError.
func (s *Store) MergeCodes(ctx context.Context, v models.Viewer, in models.MergeInput) (models.ID, error) {
	return s.changeBook(ctx, v, "codebook.merge", func(t *tx, book models.Codebook, back *bookUndo) (models.ID, error) {
		keep, gone, err := in.Check(book)
		if err != nil {
			return 0, err
		}
		m := &mergeUndo{ID: s.newID(), Keep: keep.ID}
		back.What, back.Merge = "Merged "+namesOf(gone)+" into “"+keep.Name+"”", m
		for i := range gone {
			m.Gone = append(m.Gone, gone[i].ID)
			gone[i].MergedInto, gone[i].Archived, gone[i].Aliases, gone[i].Shortcut = keep.ID, true, nil, ""
		}
		if err := t.codeStaysClean(keep, "keep", m.Gone...); err != nil {
			return 0, err
		}
		if err := t.updateCodes(back, append(gone, keep)...); err != nil {
			return 0, err
		}
		if err := t.retag(m); err != nil {
			return 0, err
		}
		return keep.ID, t.retagRecommendations(m)
	})
}

// retag gives the insights of the merged codes the kept one. What the search
// index holds of them stays: see finder.marks.
func (t *tx) retag(m *mergeUndo) error {
	const carrying sqlText = " (SELECT insight_seq FROM insight_codes WHERE code_id IN ?)"
	if err := t.exec(`INSERT INTO insight_revisions (insight_seq, revision, at_ms, account_id, what, text, detail)
		SELECT i.seq, i.revision + 1, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), '', CAST(? AS TEXT) || i.code_ids || '"}'
		FROM insights i WHERE i.seq IN`+carrying, t.now, t.viewer.Account(), mergedWhat, m.detail(), m.Gone); err != nil {
		return err
	}
	if err := t.markAnalysed(m.Gone); err != nil {
		return err
	}
	// Every id takes thirteen signs with a space before it, so each is cut out
	// whole; the kept one is put at the end.
	cut, args := sqlText("' ' || code_ids"), []any{}
	for _, id := range append(slices.Clone(m.Gone), m.Keep) {
		cut = "replace(" + cut + ", CAST(? AS TEXT), '')"
		args = append(args, " "+id.String())
	}
	if err := t.exec("UPDATE insights SET code_ids = trim("+cut+" || CAST(? AS TEXT)), revision = revision + 1 WHERE seq IN"+carrying,
		append(args, " "+m.Keep.String(), m.Gone)...); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO insight_codes (insight_seq, code_id) SELECT DISTINCT insight_seq, CAST(? AS BIGINT) FROM insight_codes
		WHERE code_id IN ? ON CONFLICT DO NOTHING`, m.Keep, m.Gone); err != nil {
		return err
	}
	return t.exec("DELETE FROM insight_codes WHERE code_id IN ?", m.Gone)
}

func (t *tx) retagRecommendations(m *mergeUndo) error {
	if err := t.list(&m.Recommendations, `SELECT recommendation_id, code_id FROM recommendation_codes WHERE recommendation_id IN
		(SELECT recommendation_id FROM recommendation_codes WHERE code_id IN ?) AND (code_id IN ? OR code_id = ?)`, m.Gone, m.Gone, m.Keep); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO recommendation_codes (recommendation_id, code_id) SELECT DISTINCT recommendation_id, CAST(? AS BIGINT)
		FROM recommendation_codes WHERE code_id IN ? ON CONFLICT DO NOTHING`, m.Keep, m.Gone); err != nil {
		return err
	}
	return t.exec("DELETE FROM recommendation_codes WHERE code_id IN ?", m.Gone)
}

// unmerge gives insights back the codes they had, but those that were changed
// since: they keep what the merge gave them.
func (b bookUndo) unmerge(t *tx) error {
	m := b.Merge
	if m == nil {
		return nil
	}
	// The insights whose newest change is the merge; later the one before the
	// newest.
	const merged sqlText = `SELECT r.insight_seq FROM insight_codes k JOIN insights i ON i.seq = k.insight_seq
		JOIN insight_revisions r ON r.insight_seq = i.seq AND r.revision = i.revision - CAST(? AS INTEGER) AND r.what = 'merged' AND r.detail LIKE ?
		WHERE k.code_id = ?`
	pattern := m.detail() + "%"
	for _, id := range m.Gone {
		if err := t.exec("INSERT INTO insight_codes (insight_seq, code_id) SELECT x.insight_seq, CAST(? AS BIGINT) FROM ("+
			merged+" AND r.detail LIKE ?) AS x WHERE TRUE ON CONFLICT DO NOTHING", id, 0, pattern, m.Keep, "%codes%"+id.String()+"%"); err != nil {
			return err
		}
	}
	if err := t.exec(`INSERT INTO insight_revisions (insight_seq, revision, at_ms, account_id, what, text, detail)
		SELECT i.seq, i.revision + 1, CAST(? AS BIGINT), CAST(? AS BIGINT), 'undone', '', '' FROM insights i WHERE i.seq IN (`+merged+")",
		t.now, t.viewer.Account(), 0, pattern, m.Keep); err != nil {
		return err
	}
	if err := t.exec(`UPDATE insights SET revision = revision + 1, code_ids = (SELECT substr(r.detail, CAST(? AS INTEGER), length(r.detail) - CAST(? AS INTEGER))
		FROM insight_revisions r WHERE r.insight_seq = insights.seq AND r.revision = insights.revision) WHERE seq IN (`+merged+")",
		len(m.detail())+1, len(m.detail())+2, 0, pattern, m.Keep); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM insight_codes WHERE code_id = ? AND insight_seq IN ("+merged+" AND r.detail NOT LIKE ?)",
		m.Keep, 1, pattern, m.Keep, "%codes%"+m.Keep.String()+"%"); err != nil {
		return err
	}
	if err := t.unmergeRecommendations(m); err != nil {
		return err
	}
	if err := t.markAnalysed(m.Gone); err != nil {
		return err
	}
	return t.remark(m.Gone)
}

func (t *tx) unmergeRecommendations(m *mergeUndo) error {
	if len(m.Recommendations) == 0 {
		return nil
	}
	var ids []models.ID
	var args []any
	for _, r := range m.Recommendations {
		ids = append(ids, r.RecommendationID)
		args = append(args, r.RecommendationID, r.CodeID)
	}
	if err := t.exec("DELETE FROM recommendation_codes WHERE code_id = ? AND recommendation_id IN ?", m.Keep, ids); err != nil {
		return err
	}
	return t.insertMany("INSERT INTO recommendation_codes (recommendation_id, code_id) VALUES ", "(?, ?)", 2, " ON CONFLICT DO NOTHING", args)
}

// remark brings the search index up to insights that carry one of the codes
// but whose marks were written while it was merged.
func (t *tx) remark(codes []models.ID) error {
	var ids []models.ID
	for _, code := range codes {
		q := sqlText("-i.pos NOT IN (SELECT rowid FROM insight_search WHERE insight_search MATCH ?)")
		match := `{marks} : "` + markCode + code.String() + `"`
		if t.s.dialect == postgresDialect {
			q, match = "i.pos NOT IN (SELECT pos FROM insight_search WHERE marks @@ CAST(? AS tsquery))", "'"+markCode+code.String()+"'"
		}
		var some []models.ID
		if err := t.list(&some, "SELECT i.id FROM insight_codes k JOIN insights i ON i.seq = k.insight_seq WHERE k.code_id = ? AND i.deleted_ms = 0 AND "+q, code, match); err != nil {
			return err
		}
		ids = append(ids, some...)
	}
	for part := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), mostInsights) {
		c, err := t.changing(part...)
		if err != nil {
			return err
		}
		for _, held := range c.held {
			room, err := c.batch.room(held.row.RoundtableID)
			if err != nil {
				return err
			}
			c.gone = append(c.gone, held.row.Pos)
			c.search = append(c.search, indexRow(room.insightFacts(held.row, held.speaker, c.batch.book), room, t.now))
		}
		if err := c.finish(); err != nil {
			return err
		}
	}
	return nil
}
