package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rotunda/models"
)

// AttendanceFrom is how long before the start attendance can be taken: early
// guests are ticked off at the door.
const AttendanceFrom = 3 * time.Hour

// wasGuest is what an undo puts back: the guest as it was, and the revision
// that the act left behind.
type wasGuest struct {
	Guest    models.ID `json:"g"`
	State    string    `json:"s,omitempty"`
	StateMs  int64     `json:"t,omitempty"`
	Role     string    `json:"r,omitempty"`
	Wave     string    `json:"w,omitempty"`
	Revision int       `json:"v"`
}

func init() {
	undoVerbs["guests.attendance"] = undoGuests
	undoVerbs["guests.role"] = undoGuests
	undoVerbs["guests.wave"] = undoGuests
}

// SetAttendance marks guests as attended or as no-shows and returns how many
// changed and the id that takes it back, zero where none did. Whoever came has
// a seat code from then on. Needs models.RecordAttendance and a roundtable that
// has begun or is about to.
func (s *Store) SetAttendance(ctx context.Context, v models.Viewer, room models.ID, ids []models.ID, to models.GuestState) (n int, undo models.ID, err error) {
	if to != models.Attended && to != models.NoShow || len(ids) == 0 {
		return 0, 0, models.Invalid("", "Choose at least one guest.")
	}
	word := map[models.GuestState]string{models.Attended: "as attended", models.NoShow: "as absent"}[to]
	may := func(g guestRow) bool { return models.MayBecome(g.state(), to, models.ByStaff) }
	return s.changeMany(ctx, v, room, ids, manyGuests{
		verb: "guests.attendance", right: models.RecordAttendance, label: "Marked %s " + word, begun: true,
		change: func(w *guestWrites, g *guestRow) bool {
			if !may(*g) {
				return false
			}
			w.change(g, to, models.ByStaff, "list", "")
			return true
		},
	})
}

// SetGuestRole gives guests a part in the room; result as SetAttendance. Where
// observers take no seat, nobody who is coming becomes more than one at a full
// table, and a seat that becomes free may go to the waiting list. Needs
// models.Invite.
func (s *Store) SetGuestRole(ctx context.Context, v models.Viewer, room models.ID, ids []models.ID, role models.GuestRole) (n int, undo models.ID, err error) {
	return s.changeMany(ctx, v, room, ids, manyGuests{
		verb: "guests.role", right: models.Invite, label: "Changed the role of %s", seats: true,
		change: func(w *guestWrites, g *guestRow) bool {
			if g.Role == role.Key() {
				return false
			}
			g.Role = role.Key()
			w.write(g)
			return true
		},
	})
}

// SetGuestWave moves guests to a wave; result as SetAttendance. Needs
// models.Invite.
func (s *Store) SetGuestWave(ctx context.Context, v models.Viewer, room models.ID, ids []models.ID, wave string) (n int, undo models.ID, err error) {
	wave, ok := models.ParseWave(wave)
	if !ok {
		return 0, 0, models.Invalid("wave", "Choose wave A, B or C.")
	}
	return s.changeMany(ctx, v, room, ids, manyGuests{
		verb: "guests.wave", right: models.Invite, label: "Moved %s to wave " + wave,
		change: func(w *guestWrites, g *guestRow) bool {
			if g.Wave == wave {
				return false
			}
			g.Wave = wave
			w.write(g)
			return true
		},
	})
}

// manyGuests is an act on many guests that can be taken back.
type manyGuests struct {
	verb   string
	right  models.Right
	label  string                             // with %s for "3 guests"
	begun  bool                               // only once the roundtable has begun
	seats  bool                               // it may give and free seats, never one that is not there
	change func(*guestWrites, *guestRow) bool // whether it changed anything
}

func (s *Store) changeMany(ctx context.Context, v models.Viewer, room models.ID, ids []models.ID, act manyGuests) (n int, undo models.ID, err error) {
	if len(ids) == 0 {
		return 0, 0, models.Invalid("", "Choose at least one guest.")
	}
	err = s.transact(ctx, v, func(t *tx) error {
		n, undo = 0, 0
		r, err := t.roomFor(room, act.right)
		if err != nil {
			return err
		}
		if act.begun {
			if err := mayTakeAttendance(r, t.now); err != nil {
				return err
			}
		}
		before, err := t.roomSeats(r, guestRow{})
		if err != nil {
			return err
		}
		guests, err := t.guestsByID(room, ids...)
		if err != nil {
			return err
		}
		var was []wasGuest
		w := t.guestWrites()
		for i := range guests {
			g := &guests[i].Row
			one := wasGuest{Guest: g.ID, State: g.State, StateMs: int64(g.StateMs), Role: g.Role, Wave: g.Wave}
			if act.change(w, g) {
				one.Revision = g.Revision
				was = append(was, one)
			}
		}
		if n = len(was); n == 0 {
			return nil
		}
		if err := w.flush(); err != nil {
			return err
		}
		if act.seats {
			if err := t.seatsMoved(r, before.Taken); err != nil {
				return err
			}
		}
		return t.keepUndo(r.ID, act, was, &undo)
	})
	return n, undo, err
}

// seatsMoved follows a change of who takes seats, of which taken were held
// before. More than there are is an *models.InvalidError; what became free may
// go to the waiting list.
func (t *tx) seatsMoved(r roundtableRow, taken int) error {
	seats, err := t.roomSeats(r, guestRow{})
	if err != nil {
		return err
	}
	if seats.Capacity > 0 && seats.Taken > max(seats.Capacity, taken) {
		return models.Invalid("", "The table is full: observers take no seat, other roles do. Raise the number of seats first.")
	}
	return t.promoteWaiting(r)
}

func (t *tx) keepUndo(room models.ID, act manyGuests, was []wasGuest, undo *models.ID) (err error) {
	guests := "1 guest"
	if len(was) != 1 {
		guests = fmt.Sprintf("%d guests", len(was))
	}
	if *undo, err = t.undoable(act.verb, fmt.Sprintf(act.label, guests), room, was); err != nil {
		return err
	}
	if err := t.rosterChanged(room); err != nil {
		return err
	}
	return t.audit(auditRow{Action: act.verb, ObjectKind: "roundtable", Object: room, Roundtable: room, Detail: map[string]any{"guests": len(was)}})
}

func mayTakeAttendance(r roundtableRow, now models.Instant) error {
	status := r.status()
	switch {
	case status == models.Cancelled:
		return models.Invalid("", "This roundtable is canceled.")
	case status == models.Draft, r.StartedMs == 0 && status == models.Scheduled && now < r.StartsMs.Add(-AttendanceFrom):
		return models.Invalid("", "Attendance can be taken from three hours before the start.")
	}
	return nil
}

// undoGuests puts guests back to what they were. A guest who changed meanwhile
// makes it a conflict.
func undoGuests(t *tx, u undoRow) error {
	right := models.Invite
	if u.Verb == "guests.attendance" {
		right = models.RecordAttendance
	}
	r, err := t.roomFor(u.RoundtableID, right)
	if err != nil {
		return err
	}
	seats, err := t.roomSeats(r, guestRow{})
	if err != nil {
		return err
	}
	var was []wasGuest
	if err := json.Unmarshal([]byte(u.Payload), &was); err != nil {
		return err
	}
	ids := make([]models.ID, len(was))
	for i, before := range was {
		ids[i] = before.Guest
	}
	guests, err := t.guestsAmong(ids)
	if err != nil {
		return err
	}
	w := t.guestWrites()
	for _, before := range was {
		g := guests[before.Guest]
		switch {
		case g == nil:
			return models.ErrNotFound
		case g.Revision != before.Revision:
			return models.ErrConflict
		}
		from := g.State
		g.State, g.StateMs, g.Role, g.Wave = before.State, models.Instant(before.StateMs), before.Role, before.Wave
		w.write(g)
		if from != g.State {
			w.event(*g, from, models.ByStaff, "undo", "")
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	if u.Verb == "guests.role" {
		var full *models.InvalidError
		if err := t.seatsMoved(r, seats.Taken); errors.As(err, &full) {
			return models.ErrConflict // somebody else has the seat by now
		} else if err != nil {
			return err
		}
	}
	return t.rosterChanged(u.RoundtableID)
}

// WalkIn puts somebody from the directory who came without an invitation on
// the list, as attended and with a seat code. Who is on the list already is
// marked as attended. Needs models.RecordAttendance.
func (s *Store) WalkIn(ctx context.Context, v models.Viewer, room, person models.ID, role models.GuestRole) (guest models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		r, err := t.roomFor(room, models.RecordAttendance)
		if err != nil {
			return err
		}
		if err := mayTakeAttendance(r, t.now); err != nil {
			return err
		}
		var p struct {
			Sector models.Sector
			Guest  models.ID
		}
		err = t.get(&p, `SELECT p.sector, COALESCE(g.id, 0) AS guest FROM people p
			LEFT JOIN guests g ON g.person_id = p.id AND g.roundtable_id = ? WHERE p.id = ? AND p.archived_ms = 0`, room, person)
		if err != nil {
			return err
		}
		if guest = p.Guest; guest != 0 {
			g, err := t.guest(guest)
			if err != nil || g.state() == models.Attended {
				return err
			}
			err = t.changeGuest(&g, models.Attended, models.ByStaff, "walked in", "")
			if err != nil {
				return err
			}
		} else {
			g := guestRow{RoundtableID: room, PersonID: person, Wave: models.Waves[0], Role: role.Key(), Sector: p.Sector}
			if err := t.insertGuest(&g, models.Attended, "walked in"); err != nil {
				return err
			}
			guest = g.ID
		}
		if err := t.rosterChanged(room); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "guest.walkin", ObjectKind: "guest", Object: guest, Roundtable: room})
	})
	return guest, err
}
