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
	// whole is set of an insight that is read back from a file.
	whole *wholeInsight
}

// wholeInsight is what a file says of an insight that no line can.
type wholeInsight struct {
	id, contradicts models.ID
	text            string
	kind            models.Kind
	regime, flag    models.Regime
	sector          models.Sector
	embargo         models.Instant
	primary         models.Pillar
	mask            int
	ready           bool
	speaker         speakerRow
}

// apply puts an insight back as it was. The rule of its item may have been
// raised since, which does not reach back.
func (w *wholeInsight) apply(row *insightRow, sp *speakerRow) {
	row.ID, row.Text, row.Kind, row.Regime, row.OwnFlag, row.EmbargoMs = w.id, w.text, w.kind, w.regime, w.flag, w.embargo
	row.PrimaryPillar, row.PillarMask, row.TeamSector, row.Contradicts, row.ParaphraseReady = w.primary, w.mask, w.sector, w.contradicts, w.ready
	row.BaseRegime = min(row.BaseRegime, w.regime)
	*sp = w.speaker
}

func (l *LoadedInsight) apply(row *insightRow, sp *speakerRow) {
	row.CapturedBy, row.CapturedMs, row.State = l.CapturedBy, l.CapturedAt, l.State
	row.Paraphrase, row.ParaphraseReady = l.Paraphrase, l.Paraphrase != ""
	if row.FlagMs != 0 {
		row.FlagMs = l.CapturedAt
	}
	if l.State == models.Released {
		row.ReleasedBy, row.ReleasedMs = l.ReleasedBy, l.ReleasedAt
	}
	if l.whole != nil {
		l.whole.apply(row, sp)
		if row.OwnFlag != models.RegimeNone {
			row.FlagMs = l.CapturedAt
		}
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
