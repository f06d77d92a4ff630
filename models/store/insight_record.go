package store

import (
	"context"

	"rotunda/models"
)

// mostEvents is how much of an insight's history is shown.
const mostEvents = 50

// OpenInsight returns one insight with its history, as disclosed to the viewer.
// Where the viewer so reads as whom somebody spoke in their team's room, that
// is noted in the audit log. It is models.ErrNotFound where the insight does not
// exist for them.
func (s *Store) OpenInsight(ctx context.Context, v models.Viewer, id models.ID) (models.InsightRecord, error) {
	i, err := s.Insight(ctx, v, id)
	if err != nil || i.Audience() != models.Team {
		return models.InsightRecord{Insight: i}, err
	}
	record := models.InsightRecord{Insight: i}
	if i.SpeakerName() != "" {
		err := s.transact(ctx, v, func(t *tx) error {
			return t.audit(auditRow{Action: "insight.speaker_read", ObjectKind: "insight", Object: id, Roundtable: i.RoundtableID()})
		})
		if err != nil {
			return models.InsightRecord{}, err
		}
	}
	var rows []struct {
		AtMs models.Instant
		Name string
		What string
		Text string
	}
	if err := s.list(ctx, &rows, `SELECT r.at_ms, COALESCE(a.name, '') AS name, r.what, r.text FROM insight_revisions r
		LEFT JOIN accounts a ON a.id = r.account_id WHERE r.insight_seq = ? ORDER BY r.revision DESC LIMIT ?`, i.Seq(), mostEvents); err != nil {
		return models.InsightRecord{}, err
	}
	for _, r := range rows {
		record.History = append(record.History, models.InsightEvent{At: r.AtMs, Who: r.Name, What: r.What, Text: r.Text})
	}
	return record, nil
}

// InsightsByID returns the insights that exist for the viewer among those
// asked for.
func (s *Store) InsightsByID(ctx context.Context, v models.Viewer, ids []models.ID) ([]models.Insight, error) {
	if len(ids) > mostInsights {
		return nil, models.Invalid("", "Choose at most 1,000 insights at a time.")
	}
	return s.insightsByID(ctx, v, ids)
}

// ExportRooms lists the roundtables with their titles that the viewer may
// export as the audience, newest first, for choosing one. For staff it is
// empty: they are every public one.
func (s *Store) ExportRooms(ctx context.Context, v models.Viewer, a models.Audience) ([]models.FacetValue, error) {
	if a == models.Staff {
		return nil, nil
	}
	ids, err := s.exportRooms(ctx, v, ExportInput{Audience: a})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var rows []struct {
		ID    models.ID
		Title string
	}
	err = s.list(ctx, &rows, "SELECT id, title FROM roundtables WHERE id IN ? ORDER BY starts_local DESC, title", ids)
	out := make([]models.FacetValue, len(rows))
	for i, r := range rows {
		out[i] = models.FacetValue{Key: r.ID.String(), Name: r.Title}
	}
	return out, err
}
