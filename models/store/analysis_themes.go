package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"rotunda/models"
)

// mostStands is how many themes an analysis looks at, the latest changed first.
const mostStands = 30

// ThemesAnalysed returns the themes in use that exist for the viewer and to
// which insights of the query's rooms and time stand, as disclosed to the
// viewer: those that are contradicted most first. How many people are behind
// them is told in the words that Consensus has for the viewer. Only staff read
// it; others get models.ErrNotFound.
func (s *Store) ThemesAnalysed(ctx context.Context, v models.Viewer, q models.AnalysisQuery) ([]models.ThemeRecord, error) {
	if !readsThemes(v) {
		return nil, models.ErrNotFound
	}
	var w where
	visible := visibleThemes(v, "t")
	w.add(visible.cond, visible.args...)
	w.add("t.archived_ms = 0")
	within := analysedRooms(v, q)
	w.add("EXISTS (SELECT 1 FROM theme_insights ti JOIN insights i ON i.seq = ti.insight_seq JOIN roundtables r ON r.id = i.roundtable_id"+
		within.text()+" AND ti.theme_id = t.id AND "+linkable+")", within.args...)
	var found []foundTheme
	if err := s.list(ctx, &found, themeColumns+w.text()+" ORDER BY t.updated_ms DESC, t.id LIMIT ?", append(w.args, mostStands)...); err != nil {
		return nil, err
	}
	lines, err := s.withLinks(ctx, v, found)
	if err != nil {
		return nil, err
	}
	counted, err := s.countedRooms(ctx, v, q, lines)
	if err != nil {
		return nil, err
	}
	var out []models.ThemeRecord
	for _, line := range lines {
		line.Links = slices.DeleteFunc(line.Links, func(l models.ThemeLink) bool { return !slices.Contains(counted, l.Insight.RoundtableID()) })
		if len(line.Links) > 0 {
			out = append(out, models.ThemeRecord{ThemeLine: line})
		}
	}
	slices.SortStableFunc(out, func(a, b models.ThemeRecord) int {
		return cmp.Compare(len(b.Insights(models.Contradicts)), len(a.Insights(models.Contradicts)))
	})
	return out, s.presentAtEach(ctx, out)
}

// countedRooms tells which roundtables behind themes the query counts.
func (s *Store) countedRooms(ctx context.Context, v models.Viewer, q models.AnalysisQuery, lines []models.ThemeLine) (counted []models.ID, err error) {
	heard := map[models.ID]bool{}
	for _, line := range lines {
		for _, l := range line.Links {
			heard[l.Insight.RoundtableID()] = true
		}
	}
	if len(heard) == 0 {
		return nil, nil
	}
	w := analysedRooms(v, q)
	w.add("r.id IN ?", slices.Sorted(maps.Keys(heard)))
	err = s.list(ctx, &counted, "SELECT r.id FROM roundtables r"+w.text()+" ORDER BY r.id", w.args...)
	return counted, err
}
