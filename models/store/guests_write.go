package store

import (
	"slices"

	"gorm.io/gorm/clause"

	"rotunda/models"
)

// guestWrites gathers what one act writes about guests, so that it takes a few
// statements however many they are. Nothing is written before flush, which
// also gives the seats; until then the rows that were handed over belong to it.
type guestWrites struct {
	t       *tx
	added   []*guestRow
	changed []*guestRow
	seated  []*guestRow // in the order in which they get their codes
	events  []guestEventRow
	linked  []models.ID // who needs a link that works
	renewed []models.ID // who gets a new one, and the one before ends
	revoked []models.ID // whose links end
	mails   []mailRow
}

func (t *tx) guestWrites() *guestWrites { return &guestWrites{t: t} }

// add puts a new guest on a list, with its first event.
func (w *guestWrites) add(g *guestRow, state models.GuestState, via string) {
	g.ID, g.State, g.StateMs, g.CreatedMs, g.Revision = w.t.s.newID(), state.Key(), w.t.now, w.t.now, 1
	if state == models.Attended {
		w.seated = append(w.seated, g)
	}
	w.added = append(w.added, g)
	w.event(*g, "", models.ByStaff, via, "")
}

// change moves a guest to a state and keeps who did it and how. The caller has
// asked the rules.
func (w *guestWrites) change(g *guestRow, to models.GuestState, by models.Actor, via, note string) {
	from := g.State
	g.State, g.StateMs = to.Key(), w.t.now
	if slices.Contains(models.GuestAnswers, to) {
		g.RsvpState, g.AnsweredMs = to.Key(), w.t.now
	}
	if to == models.Invited {
		g.InvitedMs = w.t.now
	}
	if (to == models.Accepted || to == models.Attended) && g.Seat == 0 {
		w.seated = append(w.seated, g)
	}
	w.write(g)
	w.event(*g, from, by, via, note)
}

// write keeps what may change of a guest, as the next revision.
func (w *guestWrites) write(g *guestRow) {
	g.Revision++
	w.changed = append(w.changed, g)
}

func (w *guestWrites) event(g guestRow, from string, by models.Actor, via, note string) {
	w.events = append(w.events, guestEventRow{
		GuestID: g.ID, RoundtableID: g.RoundtableID, AtMs: w.t.now, FromState: from, ToState: g.State,
		ByKind: actorKeys[by], AccountID: w.t.viewer.Account(), Via: via, Note: note,
	})
}

// mail writes a message to a guest. Who has no address gets none.
func (w *guestWrites) mail(r roundtableRow, g mailedGuest, kind models.MailKind, args mailArgs) {
	if g.Email == "" {
		return
	}
	w.mails = append(w.mails, w.t.newMail(mailRow{
		Kind: string(kind), RoundtableID: r.ID, GuestID: g.Row.ID, GuestRevision: g.Row.Revision, ToName: g.FullName, ToEmail: g.Email,
	}, args))
}

// flush writes all that was gathered.
func (w *guestWrites) flush() error {
	for _, step := range []func() error{
		w.giveSeats,
		func() error { return inserted(w.t, derefed(w.added)) },
		w.writeChanged,
		func() error { return inserted(w.t, w.events) },
		func() error { return w.t.revokeLinks(w.revoked) },
		func() error { _, err := w.t.guestLinks(w.linked, false); return err },
		func() error { _, err := w.t.guestLinks(w.renewed, true); return err },
		func() error { return w.t.insertMails(w.mails) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	*w = guestWrites{t: w.t}
	return nil
}

// giveSeats gives the guests the next seat codes of their roundtables, once:
// none is ever given again there.
func (w *guestWrites) giveSeats() error {
	rooms := map[models.ID][]*guestRow{}
	for _, g := range w.seated {
		rooms[g.RoundtableID] = append(rooms[g.RoundtableID], g)
	}
	for room, guests := range rooms { // an act has one room
		var last int
		if err := w.t.get(&last, "UPDATE roundtables SET last_seat = last_seat + ? WHERE id = ? RETURNING last_seat", len(guests), room); err != nil {
			return err
		}
		for i, g := range guests {
			g.Seat = last - len(guests) + 1 + i
		}
	}
	return nil
}

// changeable are the columns of a guest that acts change.
var changeable = clause.AssignmentColumns([]string{
	"wave", "role", "state", "state_ms", "rsvp_state", "seat", "note", "diet", "access", "interpreter", "preference", "named_to_partners",
	"rule_ack_version", "rule_ack_ms", "invited_ms", "answered_ms", "reminded_ms", "revision",
})

// writeChanged writes guests over the rows that they have. Many rows with
// values of their own go into one statement only as an insert that finds each
// of them there.
func (w *guestWrites) writeChanged() error {
	over := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: changeable}
	for rows := range slices.Chunk(derefed(w.changed), mostRows) {
		if err := w.t.db.Clauses(over).Create(&rows).Error; err != nil {
			return err
		}
	}
	return nil
}

func derefed(rows []*guestRow) []guestRow {
	out := make([]guestRow, len(rows))
	for i, r := range rows {
		out[i] = *r
	}
	return out
}

// inserted writes new rows, many at a time.
func inserted[T any](t *tx, rows []T) error {
	for part := range slices.Chunk(rows, mostRows) {
		if err := t.insert(&part); err != nil {
			return err
		}
	}
	return nil
}

// insertGuest writes one new guest with its first event.
func (t *tx) insertGuest(g *guestRow, state models.GuestState, via string) error {
	w := t.guestWrites()
	w.add(g, state, via)
	return w.flush()
}

// changeGuest moves one guest to a state; see guestWrites.change.
func (t *tx) changeGuest(g *guestRow, to models.GuestState, by models.Actor, via, note string) error {
	w := t.guestWrites()
	w.change(g, to, by, via, note)
	return w.flush()
}
