package store

import (
	"context"

	"rotunda/models"
)

// LoadedInsight is an insight that is loaded rather than captured: for the
// example programme and for measuring. What CaptureInput says goes through the
// same rules as a capture.
type LoadedInsight struct {
	models.CaptureInput
	CapturedBy models.ID
	CapturedAt models.Instant
	State      models.InsightState
	// ReleasedBy and ReleasedAt say who released it, and when.
	ReleasedBy models.ID
	ReleasedAt models.Instant
	// Paraphrase is ready where it is not empty.
	Paraphrase string
}

func (l *LoadedInsight) apply(row *insightRow) {
	row.CapturedBy, row.CapturedMs, row.State = l.CapturedBy, l.CapturedAt, l.State
	row.Paraphrase, row.ParaphraseReady = l.Paraphrase, l.Paraphrase != ""
	if row.FlagMs != 0 {
		row.FlagMs = l.CapturedAt
	}
	if l.State == models.Released {
		row.ReleasedBy, row.ReleasedMs = l.ReleasedBy, l.ReleasedAt
	}
	if l.State == models.Released || l.State == models.Reviewed {
		row.ReviewedBy = l.CapturedBy
	}
}

// LoadInsights keeps many insights in one transaction and announces nothing.
// Only jobs of the system load; others get models.ErrForbidden. The first line
// that cannot be kept fails all of them.
func (s *Store) LoadInsights(ctx context.Context, v models.Viewer, rows []LoadedInsight) error {
	if !v.IsSystem() {
		return models.ErrForbidden
	}
	jobs := make([]*captureJob, len(rows))
	for i := range rows {
		in, err := rows[i].Check()
		if err != nil {
			return err
		}
		if in.ClientID == "" {
			in.ClientID = s.newClientID()
		}
		jobs[i] = &captureJob{viewer: v, in: in, load: &rows[i]}
	}
	return s.transact(ctx, v, func(t *tx) error {
		if err := t.capture(jobs); err != nil {
			return err
		}
		for _, job := range jobs {
			if job.err != nil {
				return job.err
			}
		}
		return nil
	})
}
