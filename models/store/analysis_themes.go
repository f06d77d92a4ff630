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

// presentAtEach fills in how many people could speak at the roundtables of each
// theme, each person once, and the k of those roundtables: presentAt for many.
func (s *Store) presentAtEach(ctx context.Context, themes []models.ThemeRecord) error {
	institute, err := loadInstitute(s.reader(ctx))
	if err != nil {
		return err
	}
	heard := map[models.ID]bool{}
	for _, t := range themes {
		for _, i := range t.Insights(models.RelationNone) {
			heard[i.RoundtableID()] = true
		}
	}
	if len(heard) == 0 {
		return nil
	}
	var rows []struct {
		RoundtableID, PersonID models.ID
		Attended               bool
	}
	ids := slices.Sorted(maps.Keys(heard))
	if err := s.list(ctx, &rows, `SELECT g.roundtable_id, g.person_id, g.state = 'attended' AS attended FROM guests g
		WHERE g.roundtable_id IN ? AND g.state IN ('attended', 'accepted') AND g.role <> 'observer'`, ids); err != nil {
		return err
	}
	var floors []struct {
		ID     models.ID
		KStaff int
	}
	if err := s.list(ctx, &floors, "SELECT id, k_staff FROM roundtables WHERE id IN ?", ids); err != nil {
		return err
	}
	k := map[models.ID]int{}
	for _, f := range floors {
		k[f.ID] = f.KStaff
	}
	type people struct{ attended, accepted map[models.ID]bool }
	rooms := map[models.ID]people{}
	for _, r := range rows {
		p, ok := rooms[r.RoundtableID]
		if !ok {
			p = people{map[models.ID]bool{}, map[models.ID]bool{}}
			rooms[r.RoundtableID] = p
		}
		if r.Attended {
			p.attended[r.PersonID] = true
		} else {
			p.accepted[r.PersonID] = true
		}
	}
	for n := range themes {
		attended, accepted := map[models.ID]bool{}, map[models.ID]bool{}
		themes[n].K = institute.Thresholds.For(models.Staff).K
		for _, room := range models.RoomsHeard(themes[n].Insights(models.RelationNone)) {
			maps.Copy(attended, rooms[room.ID].attended)
			maps.Copy(accepted, rooms[room.ID].accepted)
			themes[n].K = max(themes[n].K, k[room.ID])
		}
		if themes[n].Present = len(attended); themes[n].Present == 0 {
			themes[n].Present = len(accepted)
		}
	}
	return nil
}
