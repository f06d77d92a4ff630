package store

import (
	"context"

	"rotunda/models"
)

// briefLint looks for what tells who was in the rooms behind one brief.
type briefLint struct {
	brief   models.ID
	linter  *models.Linter
	cleared map[clearedKey]bool
	// team: the viewer is on the team of every one of the rooms.
	team bool
}

// behind lists the roundtables behind the brief: the one or the series it is
// made from, and those of every insight it cites or builds on.
func (f *freezer) behind() ([]models.ID, error) {
	rooms := []models.ID{f.brief.Roundtable}
	if f.brief.Scope == models.ScopeSeries {
		var held []models.ID
		if err := f.r.list(&held, "SELECT id FROM roundtables WHERE series_id = ? AND private = FALSE AND status IN ('held', 'closed') ORDER BY id", f.brief.Series); err != nil {
			return nil, err
		}
		rooms = append(rooms, held...)
	}
	var drawn []models.ID
	err := f.r.list(&drawn, `SELECT DISTINCT i.roundtable_id FROM insights i WHERE i.id IN ?
		OR i.seq IN (SELECT ti.insight_seq FROM theme_insights ti WHERE ti.theme_id IN ?)
		OR i.seq IN (SELECT ti.insight_seq FROM theme_insights ti JOIN recommendation_themes rt ON rt.theme_id = ti.theme_id WHERE rt.recommendation_id IN ?)
		ORDER BY i.roundtable_id`, f.brief.Citations(), f.brief.Themes, f.brief.Recommendations)
	return distinct(append(rooms, drawn...)), err
}

// linting reads once what linting the brief needs.
func (f *freezer) linting() error {
	rooms, err := f.behind()
	if err != nil {
		return err
	}
	l := &briefLint{brief: f.brief.ID, cleared: map[clearedKey]bool{}, team: true}
	rows, aliases, err := loadRoster(f.r, rooms)
	if err != nil {
		return err
	}
	named := map[models.ID]bool{}
	for _, id := range rooms {
		room, err := f.room(id)
		if err != nil {
			return err
		}
		named[id] = models.NamesAttendees(room.facts.Regime, models.Public)
		if a, _ := f.v.AudienceFor(id, room.private); a != models.Team {
			l.team = false
		}
	}
	// Who was in a room on the record is no secret, unless they asked for one.
	keep := func(row rosterRow) bool { return !named[row.RoundtableID] || row.Preference > models.OnTheRecord }
	roster := rosterOf(rows, aliases, keep, func(models.Sector) models.Label { return models.LabelNone })
	roster = roster.Without(f.out.content.Institute)
	l.linter = models.NewLinter(roster)
	var cleared []clearedKey
	if err := f.r.list(&cleared, `SELECT object_kind, object_id, mark FROM cleared_findings WHERE object_kind = ? AND object_id = ?
		OR object_kind = ? AND object_id IN ? OR object_kind = ? AND object_id IN ?`, models.BriefWords, f.brief.ID,
		models.ThemeWords, f.brief.Themes, models.RecommendationWords, f.brief.Recommendations); err != nil {
		return err
	}
	for _, c := range cleared {
		l.cleared[c] = true
	}
	f.out.lint = l
	return nil
}

// leaks returns the open findings in a content, in its order.
func (l *briefLint) leaks(c models.BriefContent) []models.BriefFinding {
	var out []models.BriefFinding
	for _, p := range c.Passages() {
		if p.Kind == models.BriefWords {
			p.Object = l.brief
		}
		for _, found := range l.linter.Lint(p.Text) {
			if !l.cleared[clearedKey{p.Kind, p.Object, found.Mark}] {
				found.Place = p.Place
				out = append(out, models.BriefFinding{Finding: found, Kind: p.Kind, Object: p.Object, Text: p.Text})
			}
		}
	}
	return out
}

// refuse says why what was typed under field is not published: to the team
// with the words, to others without.
func (l *briefLint) refuse(field string, found []models.BriefFinding) error {
	switch {
	case len(found) == 0:
		return nil
	case l.team:
		f := found[0]
		return models.Invalid(field, "“"+f.Words+"” in "+f.Place+" "+f.Rule.Words()+". Write it without, or say why it tells nobody.")
	}
	return models.Invalid(field, "Words in it may tell who was in the room. Ask the roundtable's team to look at them.")
}

// OverruleBriefFinding says that an open finding in a brief tells nobody who
// was in the room, and why. Writers who are on the team of every roundtable
// behind it may. A finding that is not open any more is models.ErrConflict, a
// missing reason an *models.InvalidError for "reason".
func (s *Store) OverruleBriefFinding(ctx context.Context, v models.Viewer, id models.ID, mark, reason string) error {
	return s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.WriteBrief)
		if err != nil {
			return err
		}
		frozen, err := freeze(t, v, t.now, b)
		if err != nil {
			return err
		}
		if !frozen.lint.team {
			return models.ErrForbidden
		}
		for _, f := range frozen.leaks {
			if f.Mark == mark {
				return t.clearFinding(f.Kind, f.Object, b.Roundtable, []models.Finding{f.Finding}, mark, reason)
			}
		}
		return models.ErrConflict
	})
}
