package store

import (
	"context"
	"encoding/json"
	"slices"

	"rotunda/models"
)

// LinkResult says what came of linking insights to a theme.
type LinkResult struct {
	// Changed counts the insights that stand otherwise now.
	Changed int
	// Theme is the statement of the theme they came into or, where they came
	// into none, of the one that they left; empty where they left several.
	Theme string
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
	return s.relate(ctx, v, ids, "Insights of a theme", theme, []models.ID{theme}, func(links, models.ID, models.ID) models.ThemeRelation { return relation })
}

// DropFromTheme takes insights out of a theme. Rights as AddToTheme.
func (s *Store) DropFromTheme(ctx context.Context, v models.Viewer, theme models.ID, ids []models.ID) (LinkResult, error) {
	return s.relate(ctx, v, ids, "Insights of a theme", theme, []models.ID{theme}, func(links, models.ID, models.ID) models.ThemeRelation { return models.RelationNone })
}

// ThemeMove is an insight on its way from a theme; zero is none.
type ThemeMove struct{ From, Insight models.ID }

// MoveToTheme takes insights out of the themes they come from and puts them
// into another; zero takes them out of theirs. They stand to it as they stood
// to the first, or support it. Rights as AddToTheme.
func (s *Store) MoveToTheme(ctx context.Context, v models.Viewer, moves []ThemeMove, to models.ID) (LinkResult, error) {
	themes, ids, from := []models.ID{to}, []models.ID{}, map[[2]models.ID]bool{}
	for _, m := range moves {
		themes, ids = append(themes, m.From), append(ids, m.Insight)
		from[[2]models.ID{m.From, m.Insight}] = true
	}
	return s.relate(ctx, v, ids, "A move between themes", to, distinct(themes), func(now links, theme, insight models.ID) models.ThemeRelation {
		had := now[[2]models.ID{theme, insight}]
		switch {
		case theme != to && from[[2]models.ID{theme, insight}]:
			return models.RelationNone
		case theme != to || had.Valid():
			return had
		}
		for _, m := range moves {
			if r := now[[2]models.ID{m.From, insight}]; m.Insight == insight && r.Valid() {
				return r
			}
		}
		return models.Supports
	})
}

// links is how insights stand to themes, by theme and insight.
type links map[[2]models.ID]models.ThemeRelation

// linkChange is how one insight stood to a theme before an act, and after.
type linkChange struct {
	Theme, Insight models.ID
	Before, After  models.ThemeRelation
	// Revision is the wording that the theme had.
	Revision int `json:",omitempty"`
}

// relate sets how insights stand to themes, in a few statements. The result
// names the theme called named or, where that is zero, the only one.
func (s *Store) relate(ctx context.Context, v models.Viewer, ids []models.ID, label string, named models.ID, themes []models.ID,
	after func(now links, theme, insight models.ID) models.ThemeRelation,
) (LinkResult, error) {
	if !readsThemes(v) {
		return LinkResult{}, models.ErrForbidden
	}
	ids = distinct(slices.Clone(ids))
	if err := s.checkLinkable(ctx, v, ids); err != nil {
		return LinkResult{}, err
	}
	var result LinkResult
	err := s.transact(ctx, v, func(t *tx) error {
		result = LinkResult{}
		revisions := map[models.ID]int{}
		for _, id := range themes { // those of one board at most
			row, err := t.themeFor(id)
			if err != nil {
				return err
			}
			revisions[id] = row.Revision
			if id == named || named == 0 && len(themes) == 1 {
				result.Theme = row.Statement
			}
		}
		now, err := t.linksNow(themes, ids)
		if err != nil {
			return err
		}
		var changes []linkChange
		touched := map[models.ID]bool{}
		for _, theme := range themes {
			for _, id := range ids {
				c := linkChange{Theme: theme, Insight: id, Before: now[[2]models.ID{theme, id}], After: after(now, theme, id), Revision: revisions[theme]}
				if c.Before != c.After {
					changes, touched[id] = append(changes, c), true
				}
			}
		}
		if result.Changed = len(touched); result.Changed == 0 {
			return nil
		}
		if err := t.writeLinks(changes, themes); err != nil {
			return err
		}
		if result.Undo, err = t.undoable(undoLinks, label, 0, changes); err != nil {
			return err
		}
		return t.auditLinks(changes)
	})
	return result, err
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
func (t *tx) linksNow(themes, ids []models.ID) (links, error) {
	out := links{}
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
// more goes into none. Of what is taken out of the themes in written, the
// roundtable stays behind the theme.
func (t *tx) writeLinks(changes []linkChange, written []models.ID) error {
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
			if err := t.keepThemeRooms(theme, part, written); err != nil {
				return err
			}
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
	revisions := map[models.ID]int{}
	for _, id := range themes {
		row, err := t.themeFor(id)
		if err != nil {
			return err
		}
		revisions[id] = row.Revision
	}
	written, err := t.drawnOn(themes)
	if err != nil {
		return err
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
		if c.Revision != revisions[c.Theme] {
			written = append(written, c.Theme)
		}
	}
	return t.writeLinks(changes, written)
}

// AnyPrivate reports whether one of the insights that exist for the viewer is of
// a private roundtable.
func (s *Store) AnyPrivate(ctx context.Context, v models.Viewer, insights []models.ID) (bool, error) {
	if !readsThemes(v) {
		return false, models.ErrNotFound
	}
	rooms := visibleRooms(v, "r")
	var n int
	err := s.get(ctx, &n, "SELECT count(*) FROM insights i JOIN roundtables r ON r.id = i.roundtable_id WHERE i.id IN ? AND r.private = TRUE AND "+
		rooms.cond, append([]any{insights}, rooms.args...)...)
	return n > 0, err
}
