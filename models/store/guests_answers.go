package store

import (
	"context"
	"errors"
	"slices"

	"rotunda/models"
)

// AnswerInvitation keeps what a guest says by the link, and returns the
// invitation as it stands then. The state is set, not toggled: the same answer
// again changes nothing and sends nothing. A token that is unknown, expired or
// revoked is models.ErrGone; an answer that cannot be taken is a
// *models.InvalidError, a full table one that models.IsTableFull knows.
func (s *Store) AnswerInvitation(ctx context.Context, token string, in models.AnswerInput) (models.Invitation, error) {
	v, inv, err := s.GuestByToken(ctx, token)
	if err != nil {
		return inv, err
	}
	in, err = in.Check()
	if err != nil {
		return inv, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		r, err := t.lockRoom(v.GuestRoundtable())
		if err != nil {
			return err
		}
		if err := t.stillLinked(v.Guest(), token); err != nil {
			return err
		}
		g, err := t.guest(v.Guest())
		if err != nil {
			return err
		}
		return t.answer(r, g, in)
	})
	if err != nil {
		return inv, err
	}
	return s.Invitation(ctx, v)
}

// stillLinked asks again, now that the room is locked, whether the link works.
func (t *tx) stillLinked(guest models.ID, token string) error {
	var n int
	err := t.get(&n, `SELECT 1 FROM guest_links l JOIN guests g ON g.id = l.guest_id JOIN roundtables r ON r.id = g.roundtable_id
		WHERE l.guest_id = ? AND l.token_hash = ? AND `+liveLink, guest, hashToken(token), t.now)
	if errors.Is(err, models.ErrNotFound) {
		return models.ErrGone
	}
	return err
}

func (t *tx) answer(r roundtableRow, g guestRow, in models.AnswerInput) error {
	seats, err := t.roomSeats(r, g)
	if err != nil {
		return err
	}
	was := g
	next, err := models.Answer(g.state(), in.Answer, seats, t.now)
	if err != nil {
		return err
	}
	g.take(in, r.Regime, t.now)
	state := was.state()
	switch {
	case next != state:
		if err := t.changeGuest(&g, next, models.ByGuest, "link", in.Note); err != nil {
			return err
		}
	case g == was:
		return nil // said before
	case models.OpenAnswers(state, seats, t.now) == nil:
		return models.Invalid("answer", "Replies have closed. Please write to the host.")
	default:
		w := t.guestWrites()
		w.write(&g)
		w.event(g, g.State, models.ByGuest, "link", in.Note)
		if err := w.flush(); err != nil {
			return err
		}
	}
	if next != state {
		if err := t.confirm(r, g, models.MailConfirmation); err != nil {
			return err
		}
		if err := t.promoteWaiting(r); err != nil {
			return err
		}
	}
	return t.rosterChanged(r.ID)
}

// take writes what the guest's form says, besides the answer. A rule that is
// not stricter than the room's says nothing. An acknowledgement stands: taking
// the mark out again does not undo that the sentence was read.
func (g *guestRow) take(in models.AnswerInput, room models.Regime, now models.Instant) {
	g.Note, g.Diet, g.Access, g.Interpreter = in.Note, in.Needs.Diet, in.Needs.Access, in.Needs.Interpreter
	g.NamedToPartners = in.NamedToPartners
	g.Preference = models.RegimeNone
	if in.Preference > room {
		g.Preference = in.Preference
	}
	if version := models.RuleVersion(room); in.Acknowledged && g.RuleAckVersion != version {
		g.RuleAckVersion, g.RuleAckMs = version, now
	}
}

// confirm writes to a guest what the answer now is.
func (t *tx) confirm(r roundtableRow, g guestRow, kind models.MailKind) error {
	guests, err := t.guestsByID(r.ID, g.ID)
	if err != nil || len(guests) == 0 {
		return err
	}
	w := t.guestWrites()
	w.confirm(r, guests[0], kind)
	return w.flush()
}

// confirm writes to one guest what the answer now is.
func (w *guestWrites) confirm(r roundtableRow, g mailedGuest, kind models.MailKind) {
	if g.DoNotContact {
		return
	}
	args := mailArgs{Answer: g.Row.State}
	if g.Row.state() == models.Accepted {
		args.Calendar = request(models.Accepted)
	}
	w.mail(r, g, kind, args)
}

func (t *tx) guestsByID(room models.ID, ids ...models.ID) ([]mailedGuest, error) {
	w := where{}
	if err := w.among(ids); err != nil {
		return nil, err
	}
	return t.guestsWhere(room, w)
}

// promoteWaiting gives seats that are free to the waiting list, where the host
// switched that on. The room is locked.
func (t *tx) promoteWaiting(r roundtableRow) error {
	if !r.AutoPromote || r.status() != models.Scheduled || r.StartsMs != 0 && r.StartsMs <= t.now {
		return nil
	}
	guests, err := t.guestsWhere(r.ID, where{parts: []sqlText{"g.state = 'waitlisted'"}})
	if err != nil || len(guests) == 0 {
		return err
	}
	coming, targets, err := t.comingBySector(r)
	if err != nil {
		return err
	}
	seats, err := t.roomSeats(r, guests[0].Row)
	if err != nil {
		return err
	}
	w := t.guestWrites()
	waiting := make([]*mailedGuest, len(guests))
	for i := range guests {
		waiting[i] = &guests[i]
	}
	for len(waiting) > 0 {
		i := nextInLine(waiting, coming, targets)
		g := waiting[i]
		seats.Seatless = !models.HoldsSeat(models.Accepted, models.SeatRole(g.Row.role(), g.Row.Sector), r.ObserverSeats)
		if seats.Full() {
			break
		}
		if !seats.Seatless {
			seats.Taken++
		}
		coming[g.Row.Sector]++
		w.change(&g.Row, models.Accepted, models.BySystem, "waiting list", "")
		w.confirm(r, *g, models.MailPromotion)
		waiting = slices.Delete(waiting, i, i+1)
	}
	return w.flush()
}

// comingBySector counts, by sector, who comes and who is aimed at.
func (t *tx) comingBySector(r roundtableRow) (coming, targets map[models.Sector]int, err error) {
	var sums []struct {
		Sector models.Sector
		Coming int
		Target int
	}
	err = t.list(&sums, `SELECT s.sector, sum(s.coming) AS coming, sum(s.target) AS target FROM (
		SELECT sector, 1 AS coming, 0 AS target FROM guests WHERE roundtable_id = ? AND state IN `+seatedStates+`
		UNION ALL SELECT sector, 0 AS coming, target FROM sector_targets WHERE roundtable_id = ?) s GROUP BY s.sector`, r.ID, r.ID)
	coming, targets = map[models.Sector]int{}, map[models.Sector]int{}
	for _, s := range sums {
		coming[s.Sector], targets[s.Sector] = s.Coming, s.Target
	}
	return coming, targets, err
}

// nextInLine returns which of the guests gets the next seat.
func nextInLine(guests []*mailedGuest, coming, targets map[models.Sector]int) int {
	waiting := make([]models.WaitingGuest, len(guests))
	for i, g := range guests {
		waiting[i] = models.WaitingGuest{ID: g.Row.ID, Sector: g.Row.Sector, Since: g.Row.StateMs}
	}
	next := models.NextFromWaitingList(waiting, coming, targets)
	return slices.IndexFunc(guests, func(g *mailedGuest) bool { return g.Row.ID == next })
}

// RecordAnswer keeps an answer that reached staff by phone or letter, or gives
// a seat to somebody on the waiting list. The seats bind staff too, the
// deadline does not. Needs models.Invite.
func (s *Store) RecordAnswer(ctx context.Context, v models.Viewer, guest models.ID, in models.RecordInput) error {
	in, err := in.Check()
	if err != nil {
		return err
	}
	return s.transact(ctx, v, func(t *tx) error {
		g, r, err := t.guestFor(guest, models.Invite)
		if err != nil {
			return err
		}
		seats, err := t.roomSeats(r, g)
		if err != nil {
			return err
		}
		before, was := g, g.state()
		next, err := models.RecordAnswer(was, in.Answer, seats)
		if err != nil {
			return err
		}
		g.Diet, g.Access, g.Interpreter = in.Needs.Diet, in.Needs.Access, in.Needs.Interpreter
		if in.Note != "" {
			g.Note = in.Note
		}
		noted := auditRow{Action: "guest.answer", ObjectKind: "guest", Object: g.ID, Roundtable: r.ID, Detail: map[string]any{"state": next.Key(), "via": in.Via}}
		if next == was {
			if g == before {
				return nil // recorded before
			}
			w := t.guestWrites()
			w.write(&g)
			w.event(g, g.State, models.ByStaff, in.Via, in.Note)
			if err := w.flush(); err != nil {
				return err
			}
			if err := t.event(ChangeGuests, r.ID, g.ID); err != nil {
				return err
			}
			return t.audit(noted)
		}
		if err := t.changeGuest(&g, next, models.ByStaff, in.Via, in.Note); err != nil {
			return err
		}
		if in.Confirm {
			kind := models.MailConfirmation
			if was == models.Waitlisted && next == models.Accepted {
				kind = models.MailPromotion
			}
			if err := t.confirm(r, g, kind); err != nil {
				return err
			}
		}
		if err := t.promoteWaiting(r); err != nil {
			return err
		}
		if err := t.rosterChanged(r.ID); err != nil {
			return err
		}
		return t.audit(noted)
	})
}
