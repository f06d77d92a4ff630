package store

import (
	"context"

	"rotunda/models"
)

// ThemeFindings returns the open findings of the leak lint in what a theme
// would publish, for whoever is on the team of every roundtable it was written
// on. Findings name guests, so that others are told nothing, and team is false.
// A theme that does not exist for the viewer is models.ErrNotFound.
func (s *Store) ThemeFindings(ctx context.Context, v models.Viewer, id models.ID) (open []models.BriefFinding, team bool, err error) {
	l, found, err := themeLeaks(s.reader(ctx), v, id)
	if err != nil || !l.team {
		return nil, false, err
	}
	return found, true, nil
}

// RecommendationFindings is ThemeFindings for all that a recommendation says.
func (s *Store) RecommendationFindings(ctx context.Context, v models.Viewer, id models.ID) (open []models.BriefFinding, team bool, err error) {
	r := s.reader(ctx)
	q, err := recommendationRead(r, v, id)
	if err != nil {
		return nil, false, err
	}
	l, found, err := recommendationLeaks(r, v, q, q.Uncertainty)
	if err != nil || !l.team {
		return nil, false, err
	}
	return found, true, nil
}

// OverruleThemeFinding says that an open finding in a theme tells nobody who
// was in the room, and why. Writers of briefs who are on the team of every
// roundtable behind it may, as in a brief; others get models.ErrForbidden. A
// finding that is not open any more is models.ErrConflict, a missing reason an
// *models.InvalidError for "reason".
func (s *Store) OverruleThemeFinding(ctx context.Context, v models.Viewer, id models.ID, mark, reason string) error {
	return s.transact(ctx, v, func(t *tx) error {
		l, found, err := themeLeaks(t, v, id)
		return t.overruleWords(l, found, mark, reason, err)
	})
}

// OverruleRecommendationFinding is OverruleThemeFinding for a recommendation.
func (s *Store) OverruleRecommendationFinding(ctx context.Context, v models.Viewer, id models.ID, mark, reason string) error {
	return s.transact(ctx, v, func(t *tx) error {
		q, err := recommendationRead(t, v, id)
		if err != nil {
			return err
		}
		l, found, err := recommendationLeaks(t, v, q, q.Uncertainty)
		return t.overruleWords(l, found, mark, reason, err)
	})
}

func (t *tx) overruleWords(l *briefLint, found []models.BriefFinding, mark, reason string, err error) error {
	switch {
	case err != nil:
		return err
	case !models.Can(t.viewer, models.WriteBrief):
		return models.ErrForbidden
	}
	return t.overrule(l, found, 0, mark, reason)
}

func recommendationRead(r reader, v models.Viewer, id models.ID) (q recommendationRow, err error) {
	visible := visibleRecommendations(v)
	return q, r.get(&q, "SELECT q.* FROM recommendations q WHERE q.id = ? AND "+visible.cond, append([]any{id}, visible.args...)...)
}

// themeLeaks lints what a brief would print of a theme.
func themeLeaks(r reader, v models.Viewer, id models.ID) (*briefLint, []models.BriefFinding, error) {
	visible := visibleThemes(v, "h")
	var h themeOfBrief
	if err := r.get(&h, "SELECT h.id, h.statement, h.likelihood, h.confidence, h.basis, h.dissent FROM themes h WHERE h.id = ? AND "+visible.cond,
		append([]any{id}, visible.args...)...); err != nil {
		return nil, nil, err
	}
	content := models.BriefContent{Themes: []models.BriefTheme{{ID: id, Statement: h.Statement, Dissent: h.Dissent, Confidence: themeConfidence(h)}}}
	return lintWords(r, v, models.ThemeWords, id, content.Passages(), roomsOfThemes("= ?"), id, id)
}

// recommendationLeaks lints all that a recommendation says, and how what is
// uncertain in it was explained.
func recommendationLeaks(r reader, v models.Viewer, q recommendationRow, uncertainty string) (*briefLint, []models.BriefFinding, error) {
	return lintWords(r, v, models.RecommendationWords, q.ID, q.text().Passages(q.ID, uncertainty), roomsOfRecommendations("= ?"), q.ID, q.ID, q.ID)
}

// lintWords lints the words of one record against the roundtables that a query
// selects.
func lintWords(r reader, v models.Viewer, kind string, id models.ID, words []models.BriefPassage, which sqlText, args ...any) (*briefLint, []models.BriefFinding, error) {
	l := &briefLint{team: true}
	var ids []models.ID
	if err := r.list(&ids, which+" ORDER BY 1", args...); err != nil || len(ids) == 0 {
		return l, nil, err
	}
	rooms, err := loadRooms(r, distinct(ids))
	if err != nil {
		return l, nil, err
	}
	institute, err := loadInstitute(r)
	if err != nil {
		return l, nil, err
	}
	if l, err = lintFor(r, v, rooms, institute.Name, map[string][]models.ID{kind: {id}}); err != nil {
		return l, nil, err
	}
	return l, l.leaks(words), nil
}

// cleanForGuests refuses to show a recommendation to an evaluator from outside
// while words in it may tell who was in the room. Who is not on the team learns
// by that whether they do, and gets a few wordings a day.
func (t *tx) cleanForGuests(q recommendationRow, p panelRow) error {
	l, found, err := recommendationLeaks(t, t.viewer, q, "")
	if err != nil {
		return err
	}
	var asked int
	if err := t.get(&asked, "SELECT count(*) FROM panelists WHERE panel_id = ? AND account_id = 0", p.ID); err != nil {
		return err
	}
	if asked == 0 {
		if err := t.tryWords(l, "email", "Invite colleagues, or ask somebody of the roundtable's team to look at the words."); err != nil {
			return err
		}
	}
	return l.refuse("email", found)
}

// withheldFromGuests reports whether words in a recommendation may tell who was
// in the room, so that nobody from outside reads it now.
func withheldFromGuests(r reader, q recommendationRow) (bool, error) {
	_, found, err := recommendationLeaks(r, models.Anonymous(), q, "")
	return len(found) > 0, err
}
