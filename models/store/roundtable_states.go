package store

import (
	"context"

	"rotunda/models"
)

// ScheduleRoundtable turns a draft with a date and a time into a scheduled
// roundtable, to which guests can be invited.
func (s *Store) ScheduleRoundtable(ctx context.Context, v models.Viewer, id models.ID) error {
	return s.turn(ctx, v, id, models.EditRoundtable, "roundtable.schedule", func(t *tx, r *roundtableRow) error {
		if r.status() != models.Draft {
			return models.Invalid("", "Only a draft can be scheduled.")
		}
		if r.StartsMs == 0 {
			return models.Invalid("date", "Give the date and the time first.")
		}
		r.Status = models.Scheduled.Key()
		return nil
	})
}

// CancelRoundtable calls a draft or a scheduled roundtable off. Answers stay
// as they are; the guests of a scheduled one get the reason and a cancelled
// calendar entry.
func (s *Store) CancelRoundtable(ctx context.Context, v models.Viewer, id models.ID, in models.CancelInput) error {
	in, err := in.Check()
	if err != nil {
		return err
	}
	return s.turn(ctx, v, id, models.EditRoundtable, "roundtable.cancel", func(t *tx, r *roundtableRow) error {
		was := r.status()
		if was != models.Draft && was != models.Scheduled {
			return models.Invalid("", "Only a draft or a scheduled roundtable can be canceled.")
		}
		r.Status, r.CancelReason, r.CancelledMs = models.Cancelled.Key(), in.Reason, t.now
		if was == models.Draft {
			return nil // nobody was invited: sequence zero says so to UncancelRoundtable
		}
		r.IcsSequence++
		return t.queueRoundtableMail(RoundtableMail{Roundtable: id, Change: ChangeCancelled, Sequence: r.IcsSequence})
	})
}

// UncancelRoundtable puts a cancelled roundtable back to what it was. Guests of
// a scheduled one get a new invitation with a new calendar entry, and who had
// accepted or said perhaps is asked again.
func (s *Store) UncancelRoundtable(ctx context.Context, v models.Viewer, id models.ID) error {
	return s.turn(ctx, v, id, models.EditRoundtable, "roundtable.uncancel", func(t *tx, r *roundtableRow) error {
		if r.status() != models.Cancelled {
			return models.Invalid("", "This roundtable is not canceled.")
		}
		r.CancelReason, r.CancelledMs = "", 0
		if r.IcsSequence == 0 {
			r.Status = models.Draft.Key()
			return nil
		}
		if r.EndsMs <= t.now {
			return models.Invalid("date", "Its time has passed. Edit the date first, then put it back.")
		}
		r.Status, r.IcsUID, r.IcsSequence = models.Scheduled.Key(), t.newCalendarUID(), 0
		if _, err := t.askAgain(*r, "uncancelled"); err != nil {
			return err
		}
		return t.queueRoundtableMail(RoundtableMail{Roundtable: id, Change: ChangeUncancelled, Sequence: r.IcsSequence})
	})
}

// OpenSession starts the meeting now, whatever its time says. The lead and the
// rapporteurs may.
func (s *Store) OpenSession(ctx context.Context, v models.Viewer, id models.ID) error {
	return s.turn(ctx, v, id, models.CaptureInsight, "session.open", func(t *tx, r *roundtableRow) error {
		if r.status() != models.Scheduled {
			return models.Invalid("", "Only a scheduled roundtable can start.")
		}
		if r.StartedMs != 0 && r.EndedMs == 0 {
			return models.Invalid("", "The session has started already.")
		}
		if r.StartedMs == 0 {
			r.StartedMs = t.now
		}
		r.EndedMs = 0
		return nil
	})
}

// FinishSession ends the meeting and the agenda item in force: the roundtable
// has been held.
func (s *Store) FinishSession(ctx context.Context, v models.Viewer, id models.ID) error {
	return s.turn(ctx, v, id, models.CaptureInsight, "session.finish", func(t *tx, r *roundtableRow) error {
		if !r.model().InSession(t.now) {
			return models.Invalid("", "No session is open.")
		}
		if r.StartedMs == 0 {
			r.StartedMs = r.StartsMs
		}
		return t.held(r, t.now)
	})
}

// HoldRoundtable records that a roundtable took place, where nobody opened its
// session. Its time must have begun.
func (s *Store) HoldRoundtable(ctx context.Context, v models.Viewer, id models.ID) error {
	return s.turn(ctx, v, id, models.EditRoundtable, "roundtable.hold", func(t *tx, r *roundtableRow) error {
		switch {
		case r.status() != models.Scheduled:
			return models.Invalid("", "Only a scheduled roundtable can be marked as held.")
		case r.StartsMs > t.now && r.StartedMs == 0:
			return models.Invalid("", "This roundtable has not begun.")
		}
		end := min(r.EndsMs, t.now)
		if r.StartedMs == 0 {
			r.StartedMs = r.StartsMs
		}
		return t.held(r, max(end, r.StartedMs))
	})
}

func (t *tx) held(r *roundtableRow, end models.Instant) error {
	r.Status, r.EndedMs = models.Held.Key(), end
	return t.endItem(r, end)
}

// CloseRoundtable closes a roundtable that was held: its list and its levels of
// attribution stand from now on.
func (s *Store) CloseRoundtable(ctx context.Context, v models.Viewer, id models.ID) error {
	return s.turn(ctx, v, id, models.ReleaseInsight, "roundtable.close", func(t *tx, r *roundtableRow) error {
		if r.status() != models.Held {
			return models.Invalid("", "Only a roundtable that was held can be closed.")
		}
		r.Status, r.ClosedMs = models.Closed.Key(), t.now
		return t.exec("DELETE FROM invitation_requests WHERE roundtable_id = ?", id) // the page where they asked says so
	})
}

// turn changes a roundtable's state in one transaction: the right is asked
// for, the change is audited and those who look are told.
func (s *Store) turn(ctx context.Context, v models.Viewer, id models.ID, right models.Right, action string, change func(*tx, *roundtableRow) error) error {
	return s.transact(ctx, v, func(t *tx) error {
		row, err := t.roomFor(id, right)
		if err != nil {
			return err
		}
		from := row.Status
		if err := change(t, &row); err != nil {
			return err
		}
		if err := t.saveRoom(&row); err != nil {
			return err
		}
		return t.audit(auditRow{Action: action, ObjectKind: "roundtable", Object: id, Roundtable: id, Detail: map[string]any{"from": from, "to": row.Status}})
	})
}

// DuplicateRoundtable makes a draft from a roundtable on whose team the viewer
// is: its texts, rule, targets, agenda and team, without a time, guests or
// anything that was said. The viewer leads it.
func (s *Store) DuplicateRoundtable(ctx context.Context, v models.Viewer, id models.ID) (models.ID, error) {
	if !models.Can(v, models.CreateRoundtable) {
		return 0, models.ErrForbidden
	}
	copied := s.newID()
	err := s.transact(ctx, v, func(t *tx) error {
		row, err := t.roomFor(id, models.ReadAsTeam)
		if err != nil {
			return err
		}
		in := row.input()
		in.Schedule = models.Schedule{Zone: row.Zone}
		in.DeadlineDate, in.DeadlineTime, in.Revision = "", "", 0
		if err := t.createRoundtable(copied, in); err != nil {
			return err
		}
		if err := t.exec(`INSERT INTO team_members (roundtable_id, account_id, role, added_ms)
			SELECT ?, m.account_id, CASE m.role WHEN 'lead' THEN 'observer' ELSE m.role END, ? FROM team_members m JOIN accounts a ON a.id = m.account_id
			WHERE m.roundtable_id = ? AND a.disabled_ms = 0 ON CONFLICT (roundtable_id, account_id) DO NOTHING`, copied, t.now, id); err != nil {
			return err
		}
		if err := t.exec(`INSERT INTO sector_targets (roundtable_id, sector, minimum, target, maximum)
			SELECT ?, sector, minimum, target, maximum FROM sector_targets WHERE roundtable_id = ?`, copied, id); err != nil {
			return err
		}
		return t.copyAgenda(id, copied)
	})
	return copied, err
}

// RecomputeTimes follows changed rules of time zones: it works out the instants
// of the roundtables ahead again from their local times and returns how many
// changed. A local time that no longer exists keeps its instant.
func (s *Store) RecomputeTimes(ctx context.Context, v models.Viewer) (int, error) {
	if !v.IsSystem() {
		return 0, models.ErrForbidden
	}
	var moved []models.ID
	err := s.transact(ctx, v, func(t *tx) error {
		moved = nil
		var args []any
		var rows []roundtableRow
		if err := t.list(&rows, "SELECT * FROM roundtables WHERE starts_ms > ? AND status IN ('draft', 'scheduled')", t.now); err != nil {
			return err
		}
		for _, r := range rows {
			in := r.input()
			_, at, err := in.Check()
			if err != nil || (at.Starts == r.StartsMs && at.Ends == r.EndsMs && at.Deadline == r.DeadlineMs) {
				continue
			}
			moved = append(moved, r.ID)
			args = append(args, r.ID, at.Starts, at.Ends, at.Deadline)
		}
		if _, err := t.updateMany("WITH v(id, starts, ends, deadline) AS (VALUES ",
			"(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))", 4, `)
			UPDATE roundtables SET revision = revision + 1, starts_ms = v.starts, ends_ms = v.ends, deadline_ms = v.deadline
			FROM v WHERE roundtables.id = v.id`, args); err != nil {
			return err
		}
		return t.recomputeRoom(moved...)
	})
	return len(moved), err
}
