package store

import (
	"context"
	"errors"
	"slices"

	"rotunda/models"
)

// mayChange returns the roundtable of an insight that the viewer may change:
// models.ErrNotFound where it does not exist for the viewer, ErrForbidden where
// it does and the right is missing.
func (t *tx) mayChange(insight models.ID, right models.Right) (models.ID, error) {
	rooms, err := t.mayChangeAll([]models.ID{insight}, right)
	return rooms[insight], err
}

// mayChangeAll returns the roundtables of insights, all of which the viewer may
// change; errors as mayChange.
func (t *tx) mayChangeAll(insights []models.ID, right models.Right) (map[models.ID]models.ID, error) {
	type row struct {
		ID           models.ID
		RoundtableID models.ID
		Private      bool
		State        models.InsightState
		LabelStaff   models.Label
	}
	found := make(map[models.ID]row, len(insights))
	for part := range slices.Chunk(insights, 500) {
		var rows []row
		if err := t.list(&rows, `SELECT i.id, i.roundtable_id, r.private, i.state, i.label_staff FROM insights i
			JOIN roundtables r ON r.id = i.roundtable_id WHERE i.id IN ? AND i.state <> ?`, part, models.Struck); err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.ID] = r
		}
	}
	out := make(map[models.ID]models.ID, len(insights))
	for _, id := range insights {
		r, there := found[id]
		a, ok := t.viewer.AudienceFor(r.RoundtableID, r.Private)
		switch {
		case !there, !ok, a != models.Team && (a != models.Staff || !models.StateVisible(r.State, a) || r.LabelStaff == models.LabelWithheld):
			return nil, models.ErrNotFound
		case !models.CanIn(t.viewer, right, r.RoundtableID):
			return nil, models.ErrForbidden
		}
		out[id] = r.RoundtableID
	}
	return out, nil
}

// act changes one insight on behalf of the viewer, notes it in the audit log
// and, where label is not empty, how to take it back. It returns the id that
// TakeBack wants, or zero.
func (s *Store) act(ctx context.Context, v models.Viewer, id models.ID, right models.Right, what, label string, f func(*tx, *insightChange) error) (models.ID, error) {
	var undo models.ID
	err := s.transact(ctx, v, func(t *tx) error {
		room, err := t.mayChange(id, right)
		if err != nil {
			return err
		}
		before, err := t.changeInsight(id, what, func(ch *insightChange) error { return f(t, ch) })
		if err != nil || before.ID == 0 {
			return err
		}
		if label != "" {
			if undo, err = t.undoable(undoInsights, label, room, []insightBefore{before}); err != nil {
				return err
			}
		}
		return t.audit(auditRow{Action: "insight." + what, ObjectKind: "insight", Object: id, Roundtable: room})
	})
	return undo, err
}

// EditInsight changes an insight as a whole and returns the id that takes the
// edit back. It needs the right to edit insights in its roundtable. A revision
// that is no longer the newest is models.ErrConflict; bad input is an
// *models.InvalidError. A flag can only be made stricter.
func (s *Store) EditInsight(ctx context.Context, v models.Viewer, id models.ID, in models.InsightEdit) (models.ID, error) {
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	return s.act(ctx, v, id, models.EditInsight, "edited", "The edit of an insight", func(t *tx, ch *insightChange) error {
		if ch.row.DeletedMs != 0 {
			return models.ErrNotFound
		}
		if in.Revision != 0 && in.Revision != ch.row.Revision {
			return models.ErrConflict
		}
		r := &ch.row
		r.Text, r.Kind, r.EditedMs = in.Text, in.Kind, t.now
		r.PrimaryPillar, r.PillarMask = models.PillarNone, 0
		for i, p := range in.Pillars {
			if i == 0 {
				r.PrimaryPillar = p
			}
			r.PillarMask |= p.Mask()
		}
		ch.codes = in.Codes
		if item := ch.room.item(in.Item); item.ID != r.ItemID {
			r.ItemID = item.ID
			r.BaseRegime = models.Strictest(r.BaseRegime, item.Regime)
		}
		if in.Flag > r.OwnFlag {
			if r.OwnFlag == models.RegimeNone { // a stricter one on top opens the older one to nobody
				r.FlagMs = t.now
			}
			r.OwnFlag = in.Flag
		}
		if !in.KeepSpeaker && in.Speaker != ch.speaker.GuestID {
			ch.name(speakerRow{GuestID: in.Speaker, CommittedBy: ch.speaker.CommittedBy})
		}
		return nil
	})
}

// DeleteInsight takes an insight away and returns the id that brings it back.
// It needs the right to edit insights in its roundtable.
func (s *Store) DeleteInsight(ctx context.Context, v models.Viewer, id models.ID) (models.ID, error) {
	return s.act(ctx, v, id, models.EditInsight, "deleted", "A deleted insight", func(t *tx, ch *insightChange) error {
		if ch.row.DeletedMs != 0 {
			return errUnchanged
		}
		ch.row.DeletedMs = t.now
		return nil
	})
}

// TakeBackFlag takes the author's own flag off an insight, within two minutes
// of setting it. Later, and for one that somebody else set or made stricter, it
// is models.ErrConflict.
func (s *Store) TakeBackFlag(ctx context.Context, v models.Viewer, id models.ID) error {
	_, err := s.act(ctx, v, id, models.CaptureInsight, "flag_back", "", func(t *tx, ch *insightChange) error {
		in := models.RegimeInputs{Room: ch.row.BaseRegime, Flag: ch.row.OwnFlag, Speaker: ch.room.preference(ch.speaker)}
		regime, ok := models.TakeBackFlag(in, ch.row.CapturedBy, v.Account(), ch.row.FlagMs, t.now)
		if !ok {
			return models.ErrConflict
		}
		var others int
		if err := t.get(&others, "SELECT count(*) FROM insight_revisions WHERE insight_seq = ? AND at_ms >= ? AND account_id <> ? AND what = 'edited'",
			ch.row.Seq, ch.row.FlagMs, v.Account()); err != nil {
			return err
		}
		if others > 0 {
			return models.ErrConflict
		}
		ch.row.Regime, ch.row.OwnFlag, ch.row.EditedMs = regime, models.RegimeNone, t.now
		return nil
	})
	return err
}

// ResolveSpeaker says who an unresolved word meant; guest zero removes it. It
// returns the id that takes it back, and needs the right to edit insights. A
// guest of another roundtable is an *models.InvalidError for "speaker".
func (s *Store) ResolveSpeaker(ctx context.Context, v models.Viewer, id, guest models.ID) (models.ID, error) {
	return s.act(ctx, v, id, models.EditInsight, "speaker", "A speaker", func(_ *tx, ch *insightChange) error {
		if _, ok := ch.room.guest(guest); !ok && guest != 0 {
			return models.Invalid("speaker", "Choose somebody from this roundtable's list.")
		}
		ch.name(speakerRow{GuestID: guest, CommittedBy: ch.speaker.CommittedBy})
		return nil
	})
}

// SetParaphrase writes the text that others read in place of words said on
// deep background; without ready they do not see it yet. It needs the right to
// edit insights.
func (s *Store) SetParaphrase(ctx context.Context, v models.Viewer, id models.ID, text string, ready bool) error {
	in, err := models.InsightEdit{Text: text}.Check()
	var bad *models.InvalidError
	switch {
	case in.Text == "" && ready:
		return models.Invalid("paraphrase", "Write the substance in the institute’s own words.")
	case in.Text != "" && errors.As(err, &bad):
		return models.Invalid("paraphrase", bad.Fields["text"])
	}
	_, err = s.act(ctx, v, id, models.EditInsight, "paraphrase", "", func(t *tx, ch *insightChange) error {
		ch.row.Paraphrase, ch.row.ParaphraseReady, ch.row.EditedMs = in.Text, ready, t.now
		return nil
	})
	return err
}

// BulkResult says what came of an act on many insights.
type BulkResult struct {
	// Changed counts those that are different now.
	Changed int
	// OffRecord and NoParaphrase count those left out of a release: what was
	// said off the record, and on deep background without a ready paraphrase.
	OffRecord    int
	NoParaphrase int
	// HeldBack are the insights left out of a release because a finding of the
	// leak lint is open.
	HeldBack []models.ID
	// Undo is the id that TakeBack wants, or zero where nothing changed.
	Undo models.ID
}

// mostInsights is how many insights one act may change.
const mostInsights = 1000

// TagInsights puts pillars and codes on insights, or takes them off. It needs
// the right to tag in the roundtable of each: of one insight that is not there
// or not the viewer's to tag, nothing is changed.
func (s *Store) TagInsights(ctx context.Context, v models.Viewer, ids []models.ID, change models.TagChange) (BulkResult, error) {
	return s.actOnMany(ctx, v, ids, "tagged", "Tags", func(c *changes, ch *insightChange, _ *BulkResult) error {
		if !codesKnown(change.AddCodes, c.batch.book) {
			return models.Invalid("code", "Choose a code from the codebook.")
		}
		primary, mask := change.Pillars(ch.row.PrimaryPillar, ch.row.PillarMask)
		codes := change.Codes(ch.codes)
		if primary == ch.row.PrimaryPillar && mask == ch.row.PillarMask && encodeCodes(codes, c.batch.book) == encodeCodes(ch.codes, c.batch.book) {
			return errUnchanged
		}
		ch.row.PrimaryPillar, ch.row.PillarMask, ch.codes = primary, mask, codes
		return nil
	}, func(models.InsightState) models.Right { return models.TagInsight })
}

// SetInsightStates takes insights to a state: to reviewed, to released, or
// back. To release and to take a release back needs the right to release,
// everything else the right to review. What was said off the record, on deep
// background without a ready paraphrase, and what an open finding of the leak
// lint holds back, is not released.
func (s *Store) SetInsightStates(ctx context.Context, v models.Viewer, ids []models.ID, to models.InsightState) (BulkResult, error) {
	if !slices.Contains(models.InsightStates, to) {
		return BulkResult{}, models.Invalid("state", "Choose a state.")
	}
	return s.actOnMany(ctx, v, ids, to.Key(), to.Name()+" insights", func(c *changes, ch *insightChange, result *BulkResult) error {
		r := &ch.row
		switch {
		case r.State == to:
			return errUnchanged
		case to == models.Released && r.Regime == models.OffTheRecord:
			result.OffRecord++
			return errUnchanged
		case to == models.Released && r.Regime == models.DeepBackground && !r.ParaphraseReady:
			result.NoParaphrase++
			return errUnchanged
		case to == models.Released:
			if open, err := c.leaks(ch); err != nil {
				return err
			} else if len(open) > 0 {
				result.HeldBack = append(result.HeldBack, r.ID)
				return errUnchanged
			}
		}
		r.State = to
		r.ReleasedBy, r.ReleasedMs = 0, 0
		switch to {
		case models.Captured:
			r.ReviewedBy = 0
		case models.Reviewed:
			r.ReviewedBy = v.Account()
		case models.Released:
			r.ReleasedBy, r.ReleasedMs = v.Account(), c.batch.tx.now
		}
		return nil
	}, func(from models.InsightState) models.Right {
		if to == models.Released || from == models.Released {
			return models.ReleaseInsight
		}
		return models.ReviewInsight
	})
}

// actOnMany changes many insights in one transaction with one undo.
func (s *Store) actOnMany(ctx context.Context, v models.Viewer, ids []models.ID, what, label string,
	f func(*changes, *insightChange, *BulkResult) error, right func(from models.InsightState) models.Right,
) (BulkResult, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return BulkResult{}, models.Invalid("", "Choose at least one insight.")
	}
	if len(ids) > mostInsights {
		return BulkResult{}, models.Invalid("", "Choose at most 1,000 insights at a time.")
	}
	var result BulkResult
	err := s.transact(ctx, v, func(t *tx) error {
		result = BulkResult{}
		if _, err := t.mayChangeAll(ids, models.ReadAsTeam); err != nil {
			return err
		}
		c, err := t.changing(ids...)
		if err != nil {
			return err
		}
		rooms := map[models.ID]int{}
		for _, id := range ids {
			if err := c.change(id, what, func(ch *insightChange) error {
				if !models.CanIn(v, right(ch.row.State), ch.room.id) {
					return models.ErrForbidden
				}
				if ch.row.DeletedMs != 0 {
					return errUnchanged
				}
				rooms[ch.room.id]++
				return f(c, ch, &result)
			}); err != nil {
				return err
			}
		}
		if result.Changed = len(c.undo); result.Changed == 0 {
			return nil
		}
		if err := c.finish(); err != nil {
			return err
		}
		return t.noteMany(c, rooms, what, label, &result)
	})
	return result, err
}

// noteMany writes the undo and the audit rows of an act on many insights: one
// of each for a roundtable would split the undo, so the undo names none where
// there are several.
func (t *tx) noteMany(c *changes, rooms map[models.ID]int, what, label string, result *BulkResult) error {
	var room models.ID
	if len(rooms) == 1 {
		for id := range rooms {
			room = id
		}
	}
	var err error
	if result.Undo, err = t.undoable(undoInsights, label, room, c.undo); err != nil {
		return err
	}
	var audits []auditRow
	for id, n := range rooms {
		audits = append(audits, auditRow{Action: "insight." + what, ObjectKind: "roundtable", Object: id, Roundtable: id, Detail: map[string]any{"insights": n}})
	}
	return t.audit(audits...)
}
