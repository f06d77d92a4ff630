package store

import (
	"context"
	"errors"
	"slices"

	"rotunda/models"
)

// rsvpPurpose is the purpose of the link by which a guest answers.
const rsvpPurpose = "rsvp"

// linkRow is a personal link as the database keeps it: never the token, which
// is computed from purpose, guest and version whenever it is needed.
type linkRow struct {
	GuestID   models.ID
	Purpose   string
	Version   int
	TokenHash string
	ExpiresMs models.Instant
	RevokedMs models.Instant
	CreatedMs models.Instant
}

func (linkRow) TableName() string { return "guest_links" }

// guestLinks makes sure that each of the guests has a link that works, a new
// one where fresh is set, and returns the tokens of the new ones. A link works until the roundtable is over, or until
// linkFallback where no end is set.
func (t *tx) guestLinks(guests []models.ID, fresh bool) (tokens map[models.ID]string, err error) {
	last := make(map[models.ID]linkRow, len(guests))
	for part := range slices.Chunk(guests, 500) {
		var rows []linkRow
		if err := t.list(&rows, "SELECT * FROM guest_links WHERE guest_id IN ? AND purpose = ? ORDER BY version", part, rsvpPurpose); err != nil {
			return nil, err
		}
		for _, r := range rows {
			last[r.GuestID] = r
		}
	}
	var ended []models.ID
	var links []linkRow
	tokens = map[models.ID]string{}
	for _, guest := range guests {
		l := last[guest]
		if works := l.Version > 0 && l.RevokedMs == 0; works && !fresh {
			continue
		} else if works {
			ended = append(ended, guest)
		}
		token := t.s.keys.linkToken(rsvpPurpose, guest, l.Version+1)
		tokens[guest] = token
		links = append(links, linkRow{
			GuestID: guest, Purpose: rsvpPurpose, Version: l.Version + 1, TokenHash: hashToken(token), ExpiresMs: linkFallback(t.now), CreatedMs: t.now,
		})
	}
	if err := t.revokeLinks(ended); err != nil {
		return nil, err
	}
	return tokens, inserted(t, links)
}

// revokeLinks ends every link of the guests.
func (t *tx) revokeLinks(guests []models.ID) error {
	for part := range slices.Chunk(guests, 500) {
		if err := t.exec("UPDATE guest_links SET revoked_ms = ? WHERE guest_id IN ? AND revoked_ms = 0", t.now, part); err != nil {
			return err
		}
	}
	return nil
}

// liveLink is the condition under which a link l of a guest in room r works at
// the instant that is its one value.
const liveLink sqlText = "l.revoked_ms = 0 AND ? < CASE WHEN r.ends_ms > 0 THEN r.ends_ms ELSE l.expires_ms END"

// GuestByToken returns the viewer behind a guest's link and the invitation that
// it opens. A token that is unknown, expired or revoked is models.ErrGone. It
// is one of the four places that make a Viewer, and changes nothing.
func (s *Store) GuestByToken(ctx context.Context, token string) (models.Viewer, models.Invitation, error) {
	var found struct {
		GuestID      models.ID
		RoundtableID models.ID
	}
	err := s.get(ctx, &found, `SELECT l.guest_id, g.roundtable_id FROM guest_links l JOIN guests g ON g.id = l.guest_id JOIN roundtables r ON r.id = g.roundtable_id
		WHERE l.token_hash = ? AND l.purpose = ? AND `+liveLink, hashToken(token), rsvpPurpose, s.Now())
	if errors.Is(err, models.ErrNotFound) {
		err = models.ErrGone
	}
	if err != nil {
		return models.Anonymous(), models.Invitation{}, err
	}
	v := models.GuestViewer(found.GuestID, found.RoundtableID, rsvpPurpose)
	inv, err := s.Invitation(ctx, v)
	return v, inv, err
}

// getter reads one row, inside a transaction or outside.
type getter func(dest any, q sqlText, args ...any) error

// Invitation reads the invitation of the guest who views. Other viewers get
// models.ErrNotFound.
func (s *Store) Invitation(ctx context.Context, v models.Viewer) (models.Invitation, error) {
	institute, err := s.Institute(ctx)
	if err != nil {
		return models.Invitation{}, err
	}
	return readInvitation(v, institute, func(dest any, q sqlText, args ...any) error { return s.get(ctx, dest, q, args...) })
}

// readInvitation reads what the guest's link shows, and nothing of any other
// guest but how many seats are taken.
func readInvitation(v models.Viewer, institute models.Institute, get getter) (models.Invitation, error) {
	var row struct {
		Guest      guestRow      `gorm:"embedded;embeddedPrefix:g_"`
		Room       roundtableRow `gorm:"embedded"`
		SeriesName string
		Honorific  string
		Family     string
		FullName   string
		Salutation string
		Position   string
		Email      string
		Silent     bool
		HostName   string
		HostEmail  string
		Taken      int
	}
	err := get(&row, `SELECT r.*, COALESCE(s.name, '') AS series_name,
		g.id AS g_id, g.state AS g_state, g.role AS g_role, g.sector AS g_sector, g.answered_ms AS g_answered_ms, g.note AS g_note,
		g.diet AS g_diet, g.access AS g_access, g.interpreter AS g_interpreter, g.preference AS g_preference,
		g.named_to_partners AS g_named_to_partners, g.rule_ack_version AS g_rule_ack_version,
		p.honorific, p.family, p.full_name, p.salutation, p.position, p.email, p.do_not_contact AS silent,
		COALESCE(h.name, '') AS host_name, COALESCE(h.email, '') AS host_email,
		(SELECT count(*) FROM guests x WHERE x.roundtable_id = r.id AND x.state IN `+seatedStates+`
			AND (r.observer_seats = TRUE OR (x.role <> 'observer' AND x.sector <> `+hostStaffSector+`))) AS taken
		FROM guests g JOIN people p ON p.id = g.person_id JOIN roundtables r ON r.id = g.roundtable_id
		LEFT JOIN series s ON s.id = r.series_id
		LEFT JOIN accounts h ON h.id = (SELECT m.account_id FROM team_members m JOIN accounts a ON a.id = m.account_id
			WHERE m.roundtable_id = r.id AND m.role = 'lead' AND a.disabled_ms = 0 ORDER BY m.added_ms, m.account_id LIMIT 1)
		WHERE g.id = ? AND g.roundtable_id = ?`, v.Guest(), v.GuestRoundtable())
	if err != nil {
		return models.Invitation{}, err
	}
	g, r := row.Guest, row.Room
	seats := r.model().Seats(row.Taken)
	seats.Seatless = !models.HoldsSeat(models.Accepted, models.SeatRole(g.role(), g.Sector), r.ObserverSeats)
	out := models.Invitation{
		Guest: v.Guest(), Roundtable: r.ID, Name: row.FullName, Email: row.Email, Silent: row.Silent, State: g.state(), Role: g.role(), Answered: g.AnsweredMs,
		Greeting: models.PersonInput{Honorific: row.Honorific, Family: row.Family, Full: row.FullName, Salutation: row.Salutation, Position: row.Position}.Greeting(),
		Title:    r.Title, Series: row.SeriesName, Starts: r.StartsMs, Ends: r.EndsMs, Zone: r.Zone, Place: r.Place,
		Regime: r.Regime, Private: r.Private, CancelReason: r.CancelReason, Seats: seats,
		Note: g.Note, Needs: models.Needs{Diet: g.Diet, Access: g.Access, Interpreter: g.Interpreter},
		Preference: g.Preference, NamedToPartners: g.NamedToPartners, RuleVersion: g.RuleAckVersion,
		CalendarUID: r.IcsUID, Sequence: r.IcsSequence, Institute: institute.Name, ShortName: institute.ShortName, HostZone: institute.Zone,
		HostName: row.HostName, HostEmail: row.HostEmail,
	}
	if institute.Contact != "" {
		out.HostEmail = institute.Contact
	}
	if out.HasSeat() {
		out.Room, out.MeetingLink = r.Room, r.Link
	}
	return out, nil
}

// ReissueLink gives a guest a new link and ends the one before. The guest gets
// it by mail: as a reminder, or with the answer given. Needs models.Invite.
func (s *Store) ReissueLink(ctx context.Context, v models.Viewer, guest models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		g, r, err := t.guestFor(guest, models.Invite)
		if err != nil {
			return err
		}
		if state := g.state(); state == models.Shortlisted || state == models.Withdrawn {
			return models.Invalid("", "Only invited guests have a link.")
		}
		if _, err := t.guestLinks([]models.ID{guest}, true); err != nil {
			return err
		}
		if err := t.queueLinkMail(r, g); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "guest.link.reissue", ObjectKind: "guest", Object: guest, Roundtable: r.ID})
	})
}

// RevokeLink ends a guest's link at once. Needs models.Invite.
func (s *Store) RevokeLink(ctx context.Context, v models.Viewer, guest models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		_, r, err := t.guestFor(guest, models.Invite)
		if err != nil {
			return err
		}
		if err := t.revokeLinks([]models.ID{guest}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "guest.link.revoke", ObjectKind: "guest", Object: guest, Roundtable: r.ID})
	})
}

// guestFor reads a guest and locks its room for somebody who wants to use a
// right there.
func (t *tx) guestFor(id models.ID, right models.Right) (guestRow, roundtableRow, error) {
	g, err := t.guest(id)
	if err != nil {
		return g, roundtableRow{}, err
	}
	r, err := t.roomFor(g.RoundtableID, right)
	if err != nil {
		return g, r, err
	}
	g, err = t.guest(id) // as it is now that the room is locked
	return g, r, err
}
