package store

import (
	"context"
	"slices"
	"time"

	"rotunda/models"
)

// linkFallback is when a link ends whose roundtable has no time.
func linkFallback(now models.Instant) models.Instant { return now.Add(365 * 24 * time.Hour) }

// mailedGuest is a guest with what decides whether mail can go out.
type mailedGuest struct {
	Row          guestRow `gorm:"embedded"`
	FullName     string
	Email        string
	DoNotContact bool
}

// guestsWhere reads guests of a room that meet a condition, in the order of the
// list.
func (t *tx) guestsWhere(room models.ID, w where) ([]mailedGuest, error) {
	w.add("g.roundtable_id = ?", room)
	var out []mailedGuest
	err := t.list(&out, "SELECT g.*, p.full_name, p.email, p.do_not_contact FROM guests g JOIN people p ON p.id = g.person_id"+
		w.text()+" ORDER BY g.sector, p.sort_fold, g.id", w.args...)
	return out, err
}

// among adds the condition that the guest is one of ids; a list too long for a
// statement is models.ErrNotFound, as no form sends one.
func (w *where) among(ids []models.ID) error {
	if len(ids) > 5000 {
		return models.ErrNotFound
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	w.add("g.id IN ("+sqlText("?").repeat(len(ids), ", ")+")", args...)
	return nil
}

// guestsToAsk reads guests of a roundtable that is ahead, for who invites there:
// those that meet a condition and, where some are named, are among them.
func (t *tx) guestsToAsk(room models.ID, named []models.ID, w where) (roundtableRow, []mailedGuest, error) {
	r, err := t.roomFor(room, models.Invite)
	if err == nil {
		err = mayInvite(r, t.now)
	}
	if err == nil && len(named) > 0 {
		err = w.among(named)
	}
	if err != nil {
		return r, nil, err
	}
	guests, err := t.guestsWhere(room, w)
	return r, guests, err
}

// InviteGuests invites guests by mail, or marks them as invited by hand. All
// shortlisted are meant where none are named, of the wave if one is given.
// Who declined, lapsed or was withdrawn is invited again by name only, with a
// new link. Needs models.Invite and a scheduled roundtable that is ahead.
func (s *Store) InviteGuests(ctx context.Context, v models.Viewer, room models.ID, in models.InviteInput) (out models.Sent, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		out = models.Sent{}
		w := where{}
		if len(in.Guests) == 0 {
			w.add("g.state = 'shortlisted'")
			if in.Wave != "" {
				w.add("g.wave = ?", in.Wave)
			}
		}
		r, guests, err := t.guestsToAsk(room, in.Guests, w)
		if err != nil {
			return err
		}
		writes := t.guestWrites()
		for i := range guests {
			writes.invite(r, guests[i], in, &out)
		}
		if out.Guests == 0 {
			return nothingSent(out, "Nobody chosen is waiting for an invitation.")
		}
		if err := writes.flush(); err != nil {
			return err
		}
		if err := t.rosterChanged(room); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "guests.invite", ObjectKind: "roundtable", Object: room, Roundtable: room, Detail: map[string]any{"guests": out.Guests}})
	})
	return out, err
}

// PreviewMail reads what an invitation or a reminder would say to a guest, as
// that guest would read it, without sending it. Needs models.Invite.
func (s *Store) PreviewMail(ctx context.Context, v models.Viewer, guest models.ID, kind models.MailKind) (models.Outgoing, error) {
	var room models.ID
	if err := s.get(ctx, &room, "SELECT roundtable_id FROM guests WHERE id = ?", guest); err != nil {
		return models.Outgoing{}, err
	}
	if !readsAsTeam(v, room) {
		return models.Outgoing{}, models.ErrNotFound
	}
	if !models.CanIn(v, models.Invite, room) {
		return models.Outgoing{}, models.ErrForbidden
	}
	inv, err := s.Invitation(ctx, models.GuestViewer(guest, room, rsvpPurpose))
	return models.Outgoing{Kind: kind, ToName: inv.Name, ToEmail: inv.Email, Invitation: inv, Queued: s.Now()}, err
}

func mayInvite(r roundtableRow, now models.Instant) error {
	switch {
	case r.status() == models.Cancelled:
		return models.Invalid("", "This roundtable is canceled.")
	case r.status() == models.Draft:
		return models.Invalid("", "Schedule the roundtable first; then invite its guests.")
	case r.status() != models.Scheduled, r.EndsMs != 0 && r.EndsMs <= now:
		return models.Invalid("", "This roundtable is over.")
	}
	return nil
}

func nothingSent(out models.Sent, otherwise string) error {
	switch {
	case out.NoEmail > 0:
		return models.Invalid("", "No e-mail address is known for the guests chosen.")
	case out.Recent > 0:
		return models.Invalid("", "The guests chosen have had a reminder within the last hours.")
	}
	return models.Invalid("", otherwise)
}

// invite invites one guest, where that may be.
func (w *guestWrites) invite(r roundtableRow, g mailedGuest, in models.InviteInput, out *models.Sent) {
	row := g.Row
	switch {
	case !models.MayBecome(row.state(), models.Invited, models.ByStaff), g.DoNotContact:
		return
	case g.Email == "" && !in.ByHand:
		out.NoEmail++
		return
	}
	via := "mail"
	if in.ByHand {
		via = "by hand"
	}
	if row.state() == models.Shortlisted {
		w.linked = append(w.linked, row.ID)
	} else {
		w.renewed = append(w.renewed, row.ID)
	}
	w.change(&row, models.Invited, models.ByStaff, via, "")
	out.Guests++
	if !in.ByHand {
		w.mail(r, g, models.MailInvitation, mailArgs{Text: in.Text, Calendar: request(models.Invited)})
	}
}

// RemindGuests asks guests who owe an answer once more: all of them where none
// are named. Nobody is reminded twice within some hours. Needs models.Invite.
func (s *Store) RemindGuests(ctx context.Context, v models.Viewer, room models.ID, ids []models.ID) (out models.Sent, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		out = models.Sent{}
		w := where{}
		w.add("g.state IN ('invited', 'tentative', 'reconfirm')")
		r, guests, err := t.guestsToAsk(room, ids, w)
		if err != nil {
			return err
		}
		writes := t.guestWrites()
		for i := range guests {
			writes.remind(r, guests[i], &out)
		}
		if out.Guests == 0 {
			return nothingSent(out, "Everybody chosen has answered.")
		}
		if err := writes.flush(); err != nil {
			return err
		}
		if err := t.event(ChangeGuests, room, 0); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "guests.remind", ObjectKind: "roundtable", Object: room, Roundtable: room, Detail: map[string]any{"guests": out.Guests}})
	})
	return out, err
}

// remind reminds one guest, where that may be.
func (w *guestWrites) remind(r roundtableRow, g mailedGuest, out *models.Sent) {
	row := g.Row
	known := models.Guest{State: row.state(), DoNotContact: g.DoNotContact, Email: g.Email, Reminded: row.RemindedMs}
	switch models.BarToReminder(known, w.t.now) {
	case models.NoBar:
	case models.BarNoEmail:
		out.NoEmail++
		return
	case models.BarRecent:
		out.Recent++
		return
	default:
		return
	}
	row.RemindedMs = w.t.now
	w.write(&row)
	out.Guests++
	w.linked = append(w.linked, row.ID)
	w.mail(r, g, models.MailReminder, mailArgs{})
}

// WithdrawGuests takes guests off the list. Who was invited gets a message with
// the reason, a cancelled calendar entry, and a link that no longer works; a
// seat that becomes free may go to the waiting list. It returns how many.
// Needs models.Invite.
func (s *Store) WithdrawGuests(ctx context.Context, v models.Viewer, room models.ID, ids []models.ID, reason string) (n int, err error) {
	if len(ids) == 0 {
		return 0, models.Invalid("", "Choose at least one guest.")
	}
	if len([]rune(reason)) > 1000 {
		return 0, models.Invalid("reason", "The reason may have at most 1,000 characters.")
	}
	err = s.transact(ctx, v, func(t *tx) error {
		n = 0
		r, err := t.roomFor(room, models.Invite)
		if err != nil {
			return err
		}
		w := where{}
		if err := w.among(ids); err != nil {
			return err
		}
		guests, err := t.guestsWhere(room, w)
		if err != nil {
			return err
		}
		guests = slices.DeleteFunc(guests, func(g mailedGuest) bool { return !models.MayBecome(g.Row.state(), models.Withdrawn, models.ByStaff) })
		if n = len(guests); n == 0 {
			return nil
		}
		if err := t.withdraw(&r, guests, reason); err != nil {
			return err
		}
		if err := t.promoteWaiting(r); err != nil {
			return err
		}
		if err := t.rosterChanged(room); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "guests.withdraw", ObjectKind: "roundtable", Object: room, Roundtable: room, Detail: map[string]any{"guests": n}})
	})
	return n, err
}

// withdraw takes guests off the list, and out of their calendars where they
// were told of a roundtable that is still ahead.
func (t *tx) withdraw(r *roundtableRow, guests []mailedGuest, reason string) error {
	over := r.status() != models.Scheduled || r.EndsMs != 0 && r.EndsMs <= t.now
	var hear []mailedGuest
	writes := t.guestWrites()
	for i := range guests {
		g := &guests[i]
		if g.Row.state() != models.Shortlisted && !over && g.Email != "" {
			hear = append(hear, *g)
		}
		writes.change(&g.Row, models.Withdrawn, models.ByStaff, "list", reason)
		writes.revoked = append(writes.revoked, g.Row.ID)
	}
	if len(hear) > 0 {
		// A calendar takes the cancellation only with a newer number.
		if err := t.get(&r.IcsSequence, "UPDATE roundtables SET ics_sequence = ics_sequence + 1 WHERE id = ? RETURNING ics_sequence", r.ID); err != nil {
			return err
		}
	}
	for _, g := range hear {
		writes.mail(*r, g, models.MailWithdrawal, mailArgs{Reason: reason, Calendar: cancellation(*r)})
	}
	return writes.flush()
}
