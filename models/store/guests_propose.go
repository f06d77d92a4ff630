package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"rotunda/models"
)

// ProposeGuest puts somebody whom a co-host names on the list, as shortlisted:
// the host invites, or does not. Who is in the directory already under the same
// name and address is taken from there, and who is on the list stays as they
// are. The co-host learns neither: what they read back is what they wrote. Needs
// models.ProposeGuests.
func (s *Store) ProposeGuest(ctx context.Context, v models.Viewer, room models.ID, in models.PersonInput) error {
	in = models.PersonInput{
		Given: in.Given, Family: in.Family, Full: in.Full, Email: in.Email, Position: in.Position, Organisation: in.Organisation,
		Sector: in.Sector, Country: in.Country,
	}
	in, _, err := in.Clean()
	if err != nil {
		return err
	}
	if in.Email == "" {
		return models.Invalid("email", "Give the guest’s e-mail address.")
	}
	return s.transact(ctx, v, func(t *tx) error {
		r, err := t.roomFor(room, models.ProposeGuests)
		if err != nil {
			return err
		}
		person, err := t.proposedPerson(in)
		if err != nil {
			return err
		}
		var there models.ID
		err = t.get(&there, "SELECT id FROM guests WHERE roundtable_id = ? AND person_id = ?", room, person.ID)
		if err == nil {
			return t.keepProposal(room, there, in, false)
		}
		if !errors.Is(err, models.ErrNotFound) {
			return err
		}
		g := guestRow{RoundtableID: r.ID, PersonID: person.ID, Wave: models.Waves[0], Role: models.RoleParticipant.Key(), Sector: person.Sector, ProposedBy: v.Account()}
		if err := t.insertGuest(&g, models.Shortlisted, "proposed by a co-host"); err != nil {
			return err
		}
		if err := t.keepProposal(room, g.ID, in, true); err != nil {
			return err
		}
		return t.rosterChanged(room)
	})
}

// keepProposal keeps what a co-host wrote of a guest. Of two proposals of one
// person by one partner the first stands, whether the list held the person or
// not.
func (t *tx) keepProposal(room, guest models.ID, in models.PersonInput, fresh bool) error {
	var p personRow
	p.fill(in, orgMatch{})
	err := t.exec(`INSERT INTO guest_proposals (id, guest_id, organisation_id, account_id, full_name, list_name, sort_fold, position, organisation, sector, fresh, created_ms)
		SELECT ?, ?, c.organisation_id, c.account_id, ?, ?, ?, ?, ?, ?, ?, ? FROM cohost_accounts c WHERE c.roundtable_id = ? AND c.account_id = ?
		ON CONFLICT (guest_id, organisation_id) DO NOTHING`,
		t.s.newID(), guest, p.FullName, p.ListName, p.SortFold, p.Position, p.Organisation, p.Sector, fresh, t.now, room, t.viewer.Account())
	if err != nil {
		return err
	}
	return t.audit(auditRow{Action: "guest.propose", ObjectKind: "guest", Object: guest, Roundtable: room})
}

// partnerGuest is a line of the list that a co-host reads.
type partnerGuest struct {
	ID              models.ID
	Name            string
	ListName        string
	SortFold        string
	Position        string
	Organisation    string
	Sector          models.Sector
	Role            string
	State           string
	NamedToPartners bool
	AccountID       models.ID
}

// partnerGuests reads what a co-host may know of the list: those whom its own
// organization proposed, as it wrote of them, and those who agreed to be named
// to partners. Of a person who was on the list before the proposal it learns
// nothing: such a line stays as it is on the day of a proposal. No line carries
// the guest's own id, which would tell two of them to be one.
func (s *Store) partnerGuests(ctx context.Context, v models.Viewer, room models.ID) ([]models.Guest, error) {
	const mine sqlText = "SELECT c.organisation_id FROM cohost_accounts c WHERE c.roundtable_id = ? AND c.account_id = ?"
	var rows []partnerGuest
	err := s.list(ctx, &rows, `SELECT q.id, q.full_name AS name, q.list_name, q.sort_fold, q.position, q.organisation, q.sector, q.account_id,
			CASE WHEN q.fresh = TRUE THEN g.role ELSE 'participant' END AS role, CASE WHEN q.fresh = TRUE THEN g.state ELSE 'shortlisted' END AS state,
			(q.fresh = TRUE AND g.named_to_partners = TRUE) AS named_to_partners
		FROM guest_proposals q JOIN guests g ON g.id = q.guest_id WHERE g.roundtable_id = ? AND q.organisation_id IN (`+mine+`)
		UNION ALL SELECT g.id, p.full_name, p.list_name, p.sort_fold, p.position, p.organisation, g.sector, 0, g.role, g.state, TRUE
		FROM guests g JOIN people p ON p.id = g.person_id WHERE g.roundtable_id = ? AND g.named_to_partners = TRUE
			AND NOT EXISTS (SELECT 1 FROM guest_proposals q WHERE q.guest_id = g.id AND q.fresh = TRUE AND q.organisation_id IN (`+mine+"))",
		room, room, v.Account(), room, room, v.Account())
	slices.SortFunc(rows, func(a, b partnerGuest) int {
		return cmp.Or(cmp.Compare(sectorRank(a.Sector), sectorRank(b.Sector)), cmp.Compare(a.SortFold, b.SortFold), cmp.Compare(a.ID, b.ID))
	})
	out := make([]models.Guest, len(rows))
	for i, r := range rows {
		out[i] = models.Guest{
			ID: r.ID, Roundtable: room, Name: r.Name, ListName: r.ListName, Position: r.Position, Organisation: r.Organisation,
			Sector: r.Sector, NamedToPartners: r.NamedToPartners, ProposedBy: r.AccountID,
		}
		out[i].Role, _ = models.ParseGuestRole(r.Role)
		out[i].State, _ = models.ParseGuestState(r.State)
	}
	return out, err
}

// sectorRank orders guests without a sector last.
func sectorRank(s models.Sector) int {
	if s == models.SectorNone {
		return 99
	}
	return int(s)
}

// proposedPerson finds the person in the directory, or adds them.
func (t *tx) proposedPerson(in models.PersonInput) (personRow, error) {
	var found []personRow
	x := in.Index()
	err := t.list(&found, "SELECT * FROM people WHERE name_fold = ? AND email_fold = ? AND archived_ms = 0 ORDER BY created_ms, id LIMIT 1",
		x.Name, x.Email)
	if err != nil || len(found) > 0 {
		return append(found, personRow{})[0], err
	}
	r := personRow{ID: t.s.newID()}
	return r, t.insertPerson(&r, in)
}
