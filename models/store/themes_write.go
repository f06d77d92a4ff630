package store

import (
	"context"
	"encoding/json"
	"slices"

	"rotunda/models"
)

// themeKind names themes in revisions.
const themeKind = "theme"

// themeWording is what the history keeps of a theme.
type themeWording struct {
	Series     models.ID `json:"series,omitempty"`
	Statement  string    `json:"statement"`
	Likelihood int       `json:"likelihood,omitempty"`
	Confidence int       `json:"confidence,omitempty"`
	Basis      string    `json:"basis,omitempty"`
	Dissent    string    `json:"dissent,omitempty"`
	Gaps       string    `json:"gaps,omitempty"`
	Memo       string    `json:"memo,omitempty"`
	Owner      models.ID `json:"owner,omitempty"`
}

func wordingOf(in models.ThemeInput) themeWording {
	return themeWording{
		Series: in.SeriesID, Statement: in.Statement, Likelihood: int(in.Likelihood), Confidence: int(in.Confidence),
		Basis: in.Basis, Dissent: in.Dissent, Gaps: in.Gaps, Memo: in.Memo, Owner: in.OwnerID,
	}
}

// checkTheme checks what the store alone can: that the series and the owner
// are there.
func (t *tx) checkTheme(in models.ThemeInput) error {
	var bad models.InvalidError
	var n int
	if in.SeriesID != 0 {
		if err := t.get(&n, "SELECT count(*) FROM series WHERE id = ?", in.SeriesID); err != nil {
			return err
		}
		bad.Check(n == 1, "series", "Choose a series from the list.")
	}
	if in.OwnerID != 0 {
		if err := t.get(&n, "SELECT count(*) FROM accounts WHERE id = ? AND role <> 'cohost'", in.OwnerID); err != nil {
			return err
		}
		bad.Check(n == 1, "owner", "Choose somebody from the list.")
	}
	return bad.Err()
}

// CreateTheme writes a theme down; without an owner it is the viewer's. It
// needs the right to analyse, else models.ErrForbidden; bad input is an
// *models.InvalidError.
func (s *Store) CreateTheme(ctx context.Context, v models.Viewer, in models.ThemeInput) (models.ID, error) {
	if !models.Can(v, models.Analyse) {
		return 0, models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	if in.OwnerID == 0 {
		in.OwnerID = v.Account()
	}
	id := s.newID()
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.checkTheme(in); err != nil {
			return err
		}
		var last int
		if err := t.get(&last, "SELECT COALESCE(max(position), 0) FROM themes"); err != nil {
			return err
		}
		row := themeRow{
			ID: id, SeriesID: in.SeriesID, Statement: in.Statement, Position: last + 1, Likelihood: in.Likelihood, Confidence: in.Confidence,
			Basis: in.Basis, Dissent: in.Dissent, Gaps: in.Gaps, Memo: in.Memo, OwnerID: in.OwnerID, Revision: 1,
			CreatedBy: v.Account(), CreatedMs: t.now, UpdatedMs: t.now,
		}
		if err := t.insert(&row); err != nil {
			return err
		}
		if err := t.keepRevision(themeKind, id, 1, "created", wordingOf(in)); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "theme.create", ObjectKind: themeKind, Object: id})
	})
	return id, err
}

// themeFor reads a theme that the viewer may change: models.ErrNotFound where it
// does not exist for them, models.ErrForbidden without the right.
func (t *tx) themeFor(id models.ID) (themeRow, error) {
	visible := visibleThemes(t.viewer, "t")
	q := "SELECT t.* FROM themes t WHERE t.id = ? AND " + visible.cond
	if t.s.dialect == postgresDialect {
		q += " FOR UPDATE OF t"
	}
	var row themeRow
	if err := t.get(&row, q, append([]any{id}, visible.args...)...); err != nil {
		return row, err
	}
	if !models.Can(t.viewer, models.Analyse) {
		return row, models.ErrForbidden
	}
	return row, nil
}

// UpdateTheme changes the words of a theme and returns the id that takes the
// edit back. A revision that is no longer the newest is models.ErrConflict; the
// rest as CreateTheme, and models.ErrNotFound where it does not exist for the
// viewer.
func (s *Store) UpdateTheme(ctx context.Context, v models.Viewer, id models.ID, in models.ThemeInput) (models.ID, error) {
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	var undo models.ID
	err = s.transact(ctx, v, func(t *tx) error {
		row, err := t.themeFor(id)
		if err != nil {
			return err
		}
		if row.Revision != in.Revision {
			return models.ErrConflict
		}
		if err := t.checkTheme(in); err != nil {
			return err
		}
		if err := t.rewordTheme(row, wordingOf(in), "edited"); err != nil {
			return err
		}
		if undo, err = t.undoable(undoTheme, "The edit of a theme", 0, themeBefore{ID: id, Revision: row.Revision, After: row.Revision + 1}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "theme.update", ObjectKind: themeKind, Object: id})
	})
	return undo, err
}

// rewordTheme writes the words of a theme anew and keeps them in its history.
func (t *tx) rewordTheme(row themeRow, w themeWording, what string) error {
	if err := t.exec(`UPDATE themes SET series_id = ?, statement = ?, likelihood = ?, confidence = ?, basis = ?, dissent = ?, gaps = ?, memo = ?,
		owner_id = ?, revision = revision + 1, updated_ms = ? WHERE id = ?`, w.Series, w.Statement, w.Likelihood, w.Confidence, w.Basis, w.Dissent,
		w.Gaps, w.Memo, w.Owner, t.now, row.ID); err != nil {
		return err
	}
	return t.keepRevision(themeKind, row.ID, row.Revision+1, what, w)
}

// ArchiveTheme takes a theme out of use, or back into it, and returns the id
// that takes this back. Rights as UpdateTheme. Its insights stay.
func (s *Store) ArchiveTheme(ctx context.Context, v models.Viewer, id models.ID, archived bool) (models.ID, error) {
	var undo models.ID
	err := s.transact(ctx, v, func(t *tx) error {
		row, err := t.themeFor(id)
		if err != nil || (row.ArchivedMs != 0) == archived {
			return err
		}
		if undo, err = t.undoable(undoTheme, "An archived theme", 0, themeBefore{ID: id, Archived: row.ArchivedMs, Moved: true}); err != nil {
			return err
		}
		at, action := models.Instant(0), "theme.restore"
		if archived {
			at, action = t.now, "theme.archive"
		}
		if err := t.exec("UPDATE themes SET archived_ms = ?, updated_ms = ? WHERE id = ?", at, t.now, id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: action, ObjectKind: themeKind, Object: id})
	})
	return undo, err
}

// themeBefore is a theme before an act: Revision and After for its words,
// which the history holds, Archived for its place.
type themeBefore struct {
	ID              models.ID
	Revision, After int
	Moved           bool
	Archived        models.Instant
}

const undoTheme = "theme"

func init() { undoVerbs[undoTheme] = undoThemeChange }

// undoThemeChange puts a theme back as it was, unless it was changed since.
func undoThemeChange(t *tx, u undoRow) error {
	var before themeBefore
	if err := json.Unmarshal([]byte(u.Payload), &before); err != nil {
		return err
	}
	row, err := t.themeFor(before.ID)
	if err != nil {
		return err
	}
	if before.Moved {
		return t.exec("UPDATE themes SET archived_ms = ?, updated_ms = ? WHERE id = ?", before.Archived, t.now, before.ID)
	}
	if row.Revision != before.After {
		return models.ErrConflict
	}
	var raw string
	if err := t.get(&raw, "SELECT content FROM revisions WHERE kind = ? AND object_id = ? AND revision = ?", themeKind, before.ID, before.Revision); err != nil {
		return err
	}
	var w themeWording
	if err := json.Unmarshal([]byte(raw), &w); err != nil {
		return err
	}
	return t.rewordTheme(row, w, "undone")
}

// LinkResult says what came of linking insights to a theme.
type LinkResult struct {
	// Changed counts the insights that stand otherwise now.
	Changed int
	// Undo is the id that TakeBack wants, or zero where nothing changed.
	Undo models.ID
}

// AddToTheme puts insights into a theme, or changes how they stand to it. Only
// what the viewer may see, is reviewed and not off the record goes in: of one
// that does not exist for the viewer, nothing is changed (models.ErrNotFound);
// of others it is an *models.InvalidError for "id". Rights as UpdateTheme.
func (s *Store) AddToTheme(ctx context.Context, v models.Viewer, theme models.ID, ids []models.ID, relation models.ThemeRelation) (LinkResult, error) {
	if !relation.Valid() {
		return LinkResult{}, models.Invalid("relation", "Choose how the insights stand to the theme.")
	}
	return s.relate(ctx, v, ids, "Insights of a theme", map[models.ID]models.ThemeRelation{theme: relation})
}

// DropFromTheme takes insights out of a theme. Rights as AddToTheme.
func (s *Store) DropFromTheme(ctx context.Context, v models.Viewer, theme models.ID, ids []models.ID) (LinkResult, error) {
	return s.relate(ctx, v, ids, "Insights of a theme", map[models.ID]models.ThemeRelation{theme: models.RelationNone})
}

// MoveToTheme takes insights out of one theme and puts them into another; zero
// is no theme. They stand to it as they stood to the first, or support it.
// Rights as AddToTheme.
func (s *Store) MoveToTheme(ctx context.Context, v models.Viewer, from, to models.ID, ids []models.ID) (LinkResult, error) {
	targets := map[models.ID]models.ThemeRelation{}
	if from != to {
		targets[from], targets[to] = models.RelationNone, relationKept
	}
	delete(targets, 0)
	return s.relate(ctx, v, ids, "A move between themes", targets)
}

// relationKept stands for the relation that an insight had to the theme that
// it is moved from.
const relationKept models.ThemeRelation = -1

// linkChange is how one insight stood to a theme before an act, and after.
type linkChange struct {
	Theme, Insight models.ID
	Before, After  models.ThemeRelation
}

// relate sets how insights stand to themes, in a few statements.
func (s *Store) relate(ctx context.Context, v models.Viewer, ids []models.ID, label string, targets map[models.ID]models.ThemeRelation) (LinkResult, error) {
	if !readsThemes(v) {
		return LinkResult{}, models.ErrForbidden
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if err := s.checkLinkable(ctx, v, ids); err != nil {
		return LinkResult{}, err
	}
	var result LinkResult
	err := s.transact(ctx, v, func(t *tx) error {
		result = LinkResult{}
		themes := make([]models.ID, 0, len(targets))
		for id := range targets {
			themes = append(themes, id)
		}
		slices.Sort(themes)
		for _, id := range themes { // two at most
			if _, err := t.themeFor(id); err != nil {
				return err
			}
		}
		now, err := t.linksNow(themes, ids)
		if err != nil {
			return err
		}
		var changes []linkChange
		for _, theme := range themes {
			for _, id := range ids {
				c := linkChange{Theme: theme, Insight: id, Before: now[[2]models.ID{theme, id}], After: targets[theme]}
				if c.After == relationKept {
					c.After = keptRelation(now, themes, id)
				}
				if c.Before != c.After {
					changes = append(changes, c)
				}
			}
		}
		if len(changes) == 0 {
			return nil
		}
		result.Changed = len(changes)
		if len(targets) > 1 {
			result.Changed = len(ids)
		}
		if err := t.writeLinks(changes); err != nil {
			return err
		}
		if result.Undo, err = t.undoable(undoLinks, label, 0, changes); err != nil {
			return err
		}
		return t.auditLinks(changes)
	})
	return result, err
}

// keptRelation is how an insight stood to any of the themes, or Supports.
func keptRelation(now map[[2]models.ID]models.ThemeRelation, themes []models.ID, id models.ID) models.ThemeRelation {
	for _, theme := range themes {
		if r := now[[2]models.ID{theme, id}]; r.Valid() {
			return r
		}
	}
	return models.Supports
}

// checkLinkable sees that every insight exists for the viewer and may stand in
// a theme.
func (s *Store) checkLinkable(ctx context.Context, v models.Viewer, ids []models.ID) error {
	if len(ids) == 0 {
		return models.Invalid("id", "Choose at least one insight.")
	}
	shown, err := s.InsightsByID(ctx, v, ids)
	if err != nil {
		return err
	}
	if len(shown) != len(ids) {
		return models.ErrNotFound
	}
	for _, i := range shown {
		switch {
		case i.State() < models.Reviewed:
			return models.Invalid("id", "Only reviewed insights go into a theme. Review them first.")
		case i.Regime() == models.OffTheRecord:
			return models.Invalid("id", "What was said off the record goes into no theme.")
		}
	}
	return nil
}

// linksNow reads how insights stand to themes.
func (t *tx) linksNow(themes, ids []models.ID) (map[[2]models.ID]models.ThemeRelation, error) {
	out := map[[2]models.ID]models.ThemeRelation{}
	for part := range slices.Chunk(ids, 500) {
		var rows []struct {
			ThemeID, ID models.ID
			Relation    models.ThemeRelation
		}
		if err := t.list(&rows, `SELECT ti.theme_id, i.id, ti.relation FROM theme_insights ti JOIN insights i ON i.seq = ti.insight_seq
			WHERE ti.theme_id IN ? AND i.id IN ?`, themes, part); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[[2]models.ID{r.ThemeID, r.ID}] = r.Relation
		}
	}
	return out, nil
}

// writeLinks makes changes of links. An insight that may stand in no theme any
// more goes into none.
func (t *tx) writeLinks(changes []linkChange) error {
	ids := make([]models.ID, len(changes))
	themes := make([]models.ID, len(changes))
	for i, c := range changes {
		ids[i], themes[i] = c.Insight, c.Theme
	}
	seqs := map[models.ID]int64{}
	for part := range slices.Chunk(distinct(ids), 500) {
		var rows []struct {
			ID  models.ID
			Seq int64
		}
		if err := t.list(&rows, "SELECT i.id, i.seq FROM insights i WHERE i.id IN ? AND "+linkable, part); err != nil {
			return err
		}
		for _, r := range rows {
			seqs[r.ID] = r.Seq
		}
	}
	gone := map[models.ID][]int64{}
	var args []any
	for _, c := range changes {
		seq, ok := seqs[c.Insight]
		switch {
		case !ok:
			return models.ErrConflict
		case c.After == models.RelationNone:
			gone[c.Theme] = append(gone[c.Theme], seq)
		default:
			args = append(args, c.Theme, seq, c.After, t.viewer.Account(), t.now)
		}
	}
	for theme, list := range gone {
		for part := range slices.Chunk(list, 500) {
			if err := t.exec("DELETE FROM theme_insights WHERE theme_id = ? AND insight_seq IN ?", theme, part); err != nil {
				return err
			}
		}
	}
	if err := t.insertMany("INSERT INTO theme_insights (theme_id, insight_seq, relation, added_by, added_ms) VALUES ", "(?, ?, ?, ?, ?)", 5,
		" ON CONFLICT (theme_id, insight_seq) DO UPDATE SET relation = excluded.relation", args); err != nil {
		return err
	}
	return t.exec("UPDATE themes SET updated_ms = ? WHERE id IN ?", t.now, distinct(themes))
}

// auditLinks notes how many insights each theme won or lost.
func (t *tx) auditLinks(changes []linkChange) error {
	n := map[models.ID]int{}
	for _, c := range changes {
		n[c.Theme]++
	}
	var rows []auditRow
	for theme, count := range n {
		rows = append(rows, auditRow{Action: "theme.link", ObjectKind: themeKind, Object: theme, Detail: map[string]any{"insights": count}})
	}
	return t.audit(rows...)
}

const undoLinks = "theme_links"

func init() { undoVerbs[undoLinks] = undoLinkChanges }

// undoLinkChanges puts links back, unless one of them was changed since.
func undoLinkChanges(t *tx, u undoRow) error {
	var changes []linkChange
	if err := json.Unmarshal([]byte(u.Payload), &changes); err != nil {
		return err
	}
	var themes, ids []models.ID
	for _, c := range changes {
		themes, ids = append(themes, c.Theme), append(ids, c.Insight)
	}
	themes, ids = distinct(themes), distinct(ids)
	for _, id := range themes {
		if _, err := t.themeFor(id); err != nil {
			return err
		}
	}
	now, err := t.linksNow(themes, ids)
	if err != nil {
		return err
	}
	for i, c := range changes {
		if now[[2]models.ID{c.Theme, c.Insight}] != c.After {
			return models.ErrConflict
		}
		changes[i].Before, changes[i].After = c.After, c.Before
	}
	return t.writeLinks(changes)
}
