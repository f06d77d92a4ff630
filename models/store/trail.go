package store

import (
	"context"

	"rotunda/models"
)

// InsightTrail returns what became of an insight: its themes, the
// recommendations drawn from them, and the published briefs that hold it, as
// far as they exist for the viewer. It is models.ErrNotFound where the insight
// does not.
func (s *Store) InsightTrail(ctx context.Context, v models.Viewer, id models.ID) (models.Trail, error) {
	if _, err := s.Insight(ctx, v, id); err != nil {
		return models.Trail{}, err
	}
	var trail models.Trail
	visible := visibleThemes(v, "t")
	if err := s.list(ctx, &trail.Themes, `SELECT t.id, t.statement, ti.relation FROM theme_insights ti JOIN themes t ON t.id = ti.theme_id
		JOIN insights i ON i.seq = ti.insight_seq WHERE i.id = ? AND t.archived_ms = 0 AND `+linkable+" AND "+visible.cond+
		" ORDER BY t.position, t.id", append([]any{id}, visible.args...)...); err != nil {
		return models.Trail{}, err
	}
	through := visibleThroughThemes(v, "r")
	args := append(append([]any{id}, visible.args...), through.args...)
	if err := s.list(ctx, &trail.Recommendations, `SELECT r.id, r.number, r.title, r.state FROM recommendations r WHERE r.archived_ms = 0
		AND r.id IN (SELECT rt.recommendation_id FROM recommendation_themes rt JOIN themes t ON t.id = rt.theme_id
			JOIN theme_insights ti ON ti.theme_id = t.id JOIN insights i ON i.seq = ti.insight_seq
			WHERE i.id = ? AND t.archived_ms = 0 AND `+linkable+" AND "+visible.cond+") AND "+through.cond+" ORDER BY r.number", args...); err != nil {
		return models.Trail{}, err
	}
	return trail, s.list(ctx, &trail.Publications, `SELECT p.slug, p.title, p.version, p.published_ms AS published FROM publications p
		JOIN publication_insights pi ON pi.publication_id = p.id JOIN insights i ON i.seq = pi.insight_seq
		WHERE i.id = ? AND `+readablePublication+" ORDER BY p.published_ms DESC, p.id", id)
}
