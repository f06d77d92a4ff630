package store

import (
	"context"
	"encoding/json"

	"rotunda/models"
)

// Edited says what a change of a roundtable caused.
type Edited struct {
	// Undo takes the change back, zero where that is impossible.
	Undo models.ID
	// Moved: the time changed after invitations had gone out; Asked counts the
	// guests who are asked again.
	Moved bool
	Asked int
	// Mailed: a mail about another change is on its way within half an hour.
	Mailed bool
}

// UpdateRoundtable changes a roundtable. A revision that is not the current
// one is models.ErrConflict. On a scheduled roundtable a new time asks those
// who had accepted or said perhaps again, and a new title, place or link goes
// out in one short mail unless the input is silent. The rule may be raised by
// the lead at any time, and loosened only while nobody was invited.
func (s *Store) UpdateRoundtable(ctx context.Context, v models.Viewer, id models.ID, in models.RoundtableInput) (out Edited, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		row, err := t.roomFor(id, models.EditRoundtable)
		if err != nil {
			return err
		}
		if in.Revision != 0 && in.Revision != row.Revision {
			return models.ErrConflict
		}
		before := row.input()
		if out, err = t.updateRoundtable(row, in); err != nil {
			return err
		}
		if in.Announce {
			return nil // what was announced is canceled, not taken back
		}
		out.Undo, err = t.undoable("roundtable.update", "Edited the roundtable", id, roomEdit{id, row.Revision + 1, before})
		return err
	})
	return out, err
}

// roomEdit is what takes a change of a roundtable back.
type roomEdit struct {
	Roundtable models.ID
	Revision   int
	Before     models.RoundtableInput
}

func init() {
	undoVerbs["roundtable.update"] = func(t *tx, u undoRow) error {
		var edit roomEdit
		if err := json.Unmarshal([]byte(u.Payload), &edit); err != nil {
			return err
		}
		row, err := t.roomFor(edit.Roundtable, models.EditRoundtable)
		if err != nil {
			return err
		}
		if row.Revision != edit.Revision {
			return models.ErrConflict
		}
		edit.Before.Regime = models.RegimeNone // a promise is not taken back by an undo
		_, err = t.updateRoundtable(row, edit.Before)
		return err
	}
}

// input is what a form that shows the roundtable unchanged would send.
func (r roundtableRow) input() models.RoundtableInput { return r.model().Input() }

func (t *tx) updateRoundtable(row roundtableRow, in models.RoundtableInput) (out Edited, err error) {
	if in.Schedule.Zone == "" {
		in.Schedule.Zone = row.Zone
	}
	in, at, err := in.Check()
	if err != nil {
		return out, err
	}
	institute := models.DefaultInstitute()
	if err := t.readSetting("institute", &institute); err != nil {
		return out, err
	}
	if err := t.checkReferences(in, institute); err != nil {
		return out, err
	}
	was := row
	row.fill(in, at)
	if err := t.checkEdit(was, &row, in); err != nil {
		return out, err
	}
	if in.Announce && was.status() == models.Draft {
		row.Status = models.Scheduled.Key()
	}
	if was.status() == models.Scheduled {
		if out, err = t.tellGuests(was, &row, in.Silent); err != nil {
			return out, err
		}
	}
	if err := t.forgetReviews(was, row); err != nil {
		return out, err
	}
	if err := t.saveRoom(&row); err != nil {
		return out, err
	}
	if row.AutoPromote && (row.Capacity != was.Capacity || !was.AutoPromote) { // seats have become free
		if err := t.promoteWaiting(row); err != nil {
			return out, err
		}
		if err := t.rosterChanged(row.ID); err != nil {
			return out, err
		}
	}
	return out, t.audit(auditRow{Action: "roundtable.update", ObjectKind: "roundtable", Object: row.ID, Roundtable: row.ID, Detail: changed(was, row)})
}

// checkEdit holds what the state of a roundtable forbids, and sets its rule.
func (t *tx) checkEdit(was roundtableRow, row *roundtableRow, in models.RoundtableInput) error {
	var bad models.InvalidError
	status := was.status()
	moved := was.StartsMs != row.StartsMs || was.EndsMs != row.EndsMs
	bad.Check(!moved || status < models.Held || status == models.Cancelled, "date", "The roundtable has been held; its time no longer changes.")
	bad.Check(status != models.Scheduled || row.StartsMs != 0, "date", "A scheduled roundtable needs a date and a time.")
	fell := row.KStaff < was.KStaff || row.LStaff < was.LStaff || row.KPublic < was.KPublic || row.LPublic < was.LPublic
	bad.Check(!fell || status < models.Held || status == models.Cancelled, "staff_k", "The roundtable has been held; its thresholds may only rise.")
	invited, err := t.anyInvited(was.ID)
	if err != nil {
		return err
	}
	if was.Private && !row.Private && invited {
		bad.Add("private", "Guests were invited to a private roundtable. It stays private.")
	}
	if in.Regime != models.RegimeNone && in.Regime != was.Regime {
		if !models.CanIn(t.viewer, models.SetRegime, was.ID) {
			bad.Add("regime", "Only the roundtable’s lead sets the attribution rule.")
		}
		captured, err := t.anyCaptured(was.ID)
		if err != nil {
			return err
		}
		if err := models.CheckRegimeChange(was.Regime, in.Regime, invited || captured); err != nil {
			bad.Add("regime", err.Fields["regime"])
		}
		row.Regime = in.Regime
	}
	return bad.Err()
}

func (t *tx) anyInvited(room models.ID) (bool, error) {
	var n int
	err := t.get(&n, "SELECT count(*) FROM guests WHERE roundtable_id = ? AND (invited_ms <> 0 OR state <> 'shortlisted')", room)
	return n > 0, err
}

func (t *tx) anyCaptured(room models.ID) (bool, error) {
	var n int
	err := t.get(&n, "SELECT count(*) FROM (SELECT 1 FROM insights WHERE roundtable_id = ? LIMIT 1) i", room)
	return n > 0, err
}

// changed names the fields of a change, for the audit log: never their words.
func changed(was, is roundtableRow) map[string]any {
	var fields []string
	note := func(name string, differs bool) {
		if differs {
			fields = append(fields, name)
		}
	}
	note("series", was.SeriesID != is.SeriesID)
	note("title", was.Title != is.Title)
	note("objectives", was.Objectives != is.Objectives)
	note("key questions", was.KeyQuestions != is.KeyQuestions)
	note("place", was.Place != is.Place || was.Room != is.Room)
	note("link", was.Link != is.Link)
	note("time", was.StartsMs != is.StartsMs || was.EndsMs != is.EndsMs)
	note("time zone", was.Zone != is.Zone)
	note("deadline", was.DeadlineMs != is.DeadlineMs)
	note("visibility", was.Private != is.Private)
	note("capacity", was.Capacity != is.Capacity)
	note("waiting list", was.AutoPromote != is.AutoPromote || was.ObserverSeats != is.ObserverSeats)
	note("thresholds", was.thresholds() != is.thresholds())
	detail := map[string]any{"fields": fields}
	if was.Regime != is.Regime {
		detail["from"], detail["to"] = was.Regime.Key(), is.Regime.Key()
	}
	return detail
}
