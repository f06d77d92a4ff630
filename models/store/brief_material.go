package store

import (
	"context"
	"net/url"
	"slices"

	"rotunda/models"
)

// BriefMaterial is what a brief can be written from, as its writer may see it.
type BriefMaterial struct {
	Themes          []BriefChoice
	Recommendations []BriefChoice
	Insights        []models.Insight
	// Total counts the insights of the scope that match.
	Total  int
	Capped bool
}

// BriefChoice is a theme or a recommendation that can be chosen.
type BriefChoice struct {
	ID   models.ID
	Text string
}

// themeOfBrief is what a brief prints of a theme.
type themeOfBrief struct {
	ID         models.ID
	Statement  string
	Likelihood int
	Confidence int
	Basis      string
	Dissent    string
}

// themesForBrief reads the themes of the ids that exist for the viewer, in the
// order of the ids, each once.
func themesForBrief(r reader, v models.Viewer, ids []models.ID) ([]themeOfBrief, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	visible := visibleThemes(v, "h")
	var rows []themeOfBrief
	err := r.list(&rows, "SELECT h.id, h.statement, h.likelihood, h.confidence, h.basis, h.dissent FROM themes h WHERE h.id IN ? AND h.archived_ms = 0 AND "+visible.cond,
		append([]any{ids}, visible.args...)...)
	slices.SortFunc(rows, func(a, b themeOfBrief) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return rows, err
}

// recommendationOfBrief is what a brief prints of a recommendation.
type recommendationOfBrief struct {
	ID          models.ID
	Number      int
	Version     int
	TextHash    string
	Title       string
	Addressee   string
	Instrument  string
	Action      string
	Timeline    string
	Risk        string
	Measure     string
	PillarMask  int
	State       string
	Uncertainty string
}

func recommendationsForBrief(r reader, v models.Viewer, ids []models.ID) ([]recommendationOfBrief, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	visible := visibleThroughThemes(v, "n")
	var rows []recommendationOfBrief
	err := r.list(&rows, `SELECT n.id, n.number, n.version, n.text_hash, n.title, n.addressee, n.instrument, n.action, n.timeline, n.risk, n.measure,
		n.pillar_mask, n.state, n.uncertainty FROM recommendations n WHERE n.id IN ? AND n.archived_ms = 0 AND `+visible.cond, append([]any{ids}, visible.args...)...)
	slices.SortFunc(rows, func(a, b recommendationOfBrief) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return rows, err
}

// mostChoices is how many themes or recommendations are offered, beside those
// that are in the brief.
const mostChoices = 200

// briefThemeChoices lists the themes that can go into a brief, those that are
// in it first.
func briefThemeChoices(r reader, v models.Viewer, b models.Brief) (out []BriefChoice, err error) {
	visible := visibleThemes(v, "h")
	const mine sqlText = "EXISTS (SELECT 1 FROM brief_themes bt WHERE bt.brief_id = ? AND bt.theme_id = h.id)"
	return out, r.list(&out, "SELECT h.id, h.statement AS text FROM themes h WHERE h.archived_ms = 0 AND "+visible.cond+
		" ORDER BY CASE WHEN "+mine+" THEN 0 ELSE 1 END, h.position, h.id LIMIT ?", append(visible.args, b.ID, mostChoices+len(b.Themes))...)
}

// briefRecommendationChoices lists the recommendations that can go into a brief
// and those that are in it, these first.
func briefRecommendationChoices(r reader, v models.Viewer, b models.Brief) (out []BriefChoice, err error) {
	visible := visibleThroughThemes(v, "n")
	const mine sqlText = "EXISTS (SELECT 1 FROM brief_recommendations br WHERE br.brief_id = ? AND br.recommendation_id = n.id)"
	args := append(append([]any{b.ID}, visible.args...), b.ID, mostChoices+len(b.Recommendations))
	return out, r.list(&out, "SELECT n.id, n.title AS text FROM recommendations n WHERE n.archived_ms = 0 AND (n.state NOT IN ('draft', 'revised') OR "+mine+") AND "+
		visible.cond+" ORDER BY CASE WHEN "+mine+" THEN 0 ELSE 1 END, n.number LIMIT ?", args...)
}

// BriefMaterial reads what the brief can be written from: themes and
// recommendations, and the insights of its scope that match the search.
func (s *Store) BriefMaterial(ctx context.Context, v models.Viewer, id models.ID, search string) (BriefMaterial, error) {
	r := s.reader(ctx)
	b, err := readBrief(r, v, id)
	if err != nil {
		return BriefMaterial{}, err
	}
	var m BriefMaterial
	if m.Themes, err = briefThemeChoices(r, v, b); err != nil {
		return m, err
	}
	if m.Recommendations, err = briefRecommendationChoices(r, v, b); err != nil {
		return m, err
	}
	filter, ok, err := s.briefFilter(ctx, v, b)
	if err != nil || !ok {
		return m, err
	}
	filter.Text = search
	filter = filter.WithoutFacet(models.FacetState).With(models.FacetState, models.Reviewed.Key()).With(models.FacetState, models.Released.Key())
	reading := briefViewer(v, b)
	page, err := s.Insights(ctx, reading, filter, Cursor{})
	if err != nil {
		return m, err
	}
	m.Insights = page.Insights
	m.Total, m.Capped, err = s.CountInsights(ctx, reading, filter)
	return m, err
}

// briefViewer reads insights for a brief: never as the team, so that no more
// than may be cited meets the eye while a sentence is written.
func briefViewer(v models.Viewer, b models.Brief) models.Viewer {
	if b.Private {
		return v.Capped(models.Partner)
	}
	return v.Capped(models.Staff)
}

// briefFilter returns the filter of a brief's scope; false where it is empty.
func (s *Store) briefFilter(ctx context.Context, v models.Viewer, b models.Brief) (models.InsightFilter, bool, error) {
	switch b.Scope {
	case models.ScopeRoundtable:
		return models.InsightFilter{}.With(models.FacetRoundtable, b.Roundtable.String()), true, nil
	case models.ScopeSeries:
		visible := visibleRooms(v.Capped(models.Staff), "r")
		var rooms []models.ID
		err := s.list(ctx, &rooms, "SELECT r.id FROM roundtables r WHERE r.series_id = ? AND "+visible.cond+" ORDER BY r.starts_ms DESC LIMIT 40",
			append([]any{b.Series}, visible.args...)...)
		f := models.InsightFilter{}
		for _, id := range rooms {
			f = f.With(models.FacetRoundtable, id.String())
		}
		return f, len(rooms) > 0, err
	}
	values, err := url.ParseQuery(b.Filter)
	return models.ParseInsightFilter(values), err == nil, nil
}

// disclosedTo reads insights i of a condition as they are disclosed to a viewer.
func disclosedTo(r reader, v models.Viewer, now models.Instant, cond sqlText, args ...any) ([]models.Insight, error) {
	var rows []foundRow
	if err := r.list(&rows, foundColumns+"FROM insights i"+withSpeaker+"WHERE i.deleted_ms = 0 AND "+cond+" ORDER BY i.pos DESC", args...); err != nil || len(rows) == 0 {
		return nil, err
	}
	book, err := loadCodebook(r)
	if err != nil {
		return nil, err
	}
	rooms, err := loadShown(r, rows, false)
	if err != nil {
		return nil, err
	}
	out := make([]models.Insight, 0, len(rows))
	for _, row := range rows {
		room, ok := rooms.byID[row.Row.RoundtableID]
		if !ok {
			continue
		}
		if i, ok := models.Disclose(room.insightFacts(row.Row, row.Speaker, book), v, room.facts, now); ok {
			out = append(out, i)
		}
	}
	return out, nil
}

// thePublic reads as anybody outside does; private roundtables are not there.
func thePublic() models.Viewer { return models.System("brief").Capped(models.Public) }

// Cited is an insight as a draft shows it.
type Cited struct {
	models.BriefInsight
	// Released is false where the public may not see it yet.
	Released bool
}

// CitedInsights returns what a draft shows in place of its citations: for what
// is released the public's wording, else that of the brief's writers.
func (s *Store) CitedInsights(ctx context.Context, v models.Viewer, b models.Brief, ids []models.ID) (map[models.ID]Cited, error) {
	out := map[models.ID]Cited{}
	if len(ids) == 0 {
		return out, nil
	}
	ids = ids[:min(len(ids), mostInsights)]
	r, now := s.reader(ctx), s.Now()
	for _, reading := range []struct {
		v        models.Viewer
		released bool
	}{{briefViewer(v, b), false}, {thePublic(), true}} {
		found, err := disclosedTo(r, reading.v, now, "i.id IN ?", ids)
		if err != nil {
			return nil, err
		}
		for _, i := range found {
			out[i.ID()] = Cited{models.FreezeInsight(i, ""), reading.released}
		}
	}
	return out, nil
}
